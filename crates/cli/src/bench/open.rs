//! What waits for a hand in a measured office: everything that Today can show, in turn.

use bansou_core::audit::Actor;
use bansou_core::check_in::CheckInState;
use bansou_core::consent::{GivenHow, ShareMeans, Topic};
use bansou_core::delivery::Purpose;
use bansou_core::escalation::{Fact, FactSource, Request};
use bansou_core::ids::{EscalationId, InboundId, SignId, TaskId};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{InboundState, NewConsent, NewEscalation, NewInbound, NewTask, ReadHow, Recorded, Tx};
use chrono::{Days, TimeDelta};
use serde_json::json;
use uuid::Uuid;

use super::history::{Grown, outbound};
use crate::failure::Done;

/// Senders nobody knows.
const STRANGERS: usize = 5;

/// Things that pages are about.
#[derive(Default)]
pub(super) struct Things {
    /// Calls to be made.
    pub(super) calls: Vec<TaskId>,
    /// Signs that somebody is dealing with, each with a consent to tell the employer.
    pub(super) signs: Vec<SignId>,
    /// Requests that an employer has not answered yet.
    pub(super) requests: Vec<EscalationId>,
    /// Requests that the person has not read yet.
    pub(super) drafts: Vec<EscalationId>,
    /// What senders nobody knows wrote.
    pub(super) strangers: Vec<InboundId>,
    /// Senders that somebody recognised.
    pub(super) bindings: Vec<Uuid>,
}

impl Grown {
    /// Leaves something open with these people: words without a reply, a call, a sign, silence, a message that failed.
    pub(super) async fn leave_open(&self, who: std::ops::Range<usize>, things: &mut Things) -> Done {
        let who: Vec<usize> = who.filter(|n| *n < self.people.len()).collect();
        let of = |kind: usize| who.iter().copied().filter(move |n| n % 5 == kind).collect::<Vec<_>>();
        self.set(self.today - Days::new(2), 11);
        let tx = self.begin().await?;
        for (n, id) in self.check_in(&tx, &of(3), self.today - Days::new(2)).await? {
            tx.close_check_in(id, CheckInState::Silent, None).await?;
            self.task(&tx, n, TaskKind::Call, TaskReason::Silent).await?;
        }
        self.set(self.today, 9);
        for n in of(4) {
            let graduate = self.people[n].id;
            let message = outbound(graduate, "面談は木曜日の15時です。", None);
            let message = tx.add_staff_message(self.staff_of(n), &message, None).await?;
            self.plan(&tx, n, Purpose::Reply, None, Some(message)).await?;
        }
        for delivery in self.claim(&tx, of(4).len()).await? {
            tx.record(delivery.id, delivery.fence, &Recorded::Refused { code: "400".into() }).await?;
        }
        for n in of(0) {
            self.says(&tx, n, "来週の面談は何時からでしたか。", None, true).await?;
        }
        for n in of(1) {
            things.calls.extend(self.task(&tx, n, TaskKind::Call, TaskReason::AskedForCall).await?);
        }
        for n in of(2) {
            let message = self.says(&tx, n, "少しつかれています。", None, false).await?;
            tx.suggest_sign(&self.sign(n, message)).await?;
        }
        tx.save().await?;
        self.clock.set(self.now);
        Ok(())
    }

    /// Messages of senders nobody knows; the first was found to be the person before the last.
    pub(super) async fn strangers_write(&self, things: &mut Things) -> Done {
        let store = &self.bench.store;
        let event = |n: usize| NewInbound {
            event_key: format!("stranger-{n}"),
            kind: "message".into(),
            body: json!({ "source": { "type": "user", "userId": format!("Uf{n:031x}") }, "message": { "type": "text", "text": "見本です。番号が変わりました。" } }),
            occurred_at: self.now - TimeDelta::hours(1),
        };
        let events: Vec<_> = (0..STRANGERS).map(event).collect();
        store.store_inbound(self.bench.office, "line-sim", &events).await?;
        let tx = self.begin().await?;
        for id in tx.inbound_to_process(STRANGERS as u64).await? {
            tx.inbound_done(id, InboundState::UnknownSender, None).await?;
            let key = format!("unknown-sender:{id}");
            tx.add_task(&NewTask::program(TaskKind::Look, TaskReason::UnknownSender, key, self.now)).await?;
            things.strangers.push(id);
        }
        if let Some((first, known)) = things.strangers.first().zip(self.people.iter().rev().nth(1)) {
            let events = tx.stranger(*first, STRANGERS as u64).await?;
            things.bindings.push(tx.bind_stranger(self.staff_of(0), known.id, &events).await?);
        }
        Ok(tx.save().await?)
    }

    /// The last person wants no more messages.
    pub(super) async fn one_stops(&self) -> Done {
        let Some(member) = self.people.last() else { return Ok(()) };
        let tx = self.begin().await?;
        tx.stop_contact(Actor::staff(self.staff_of(0)), member.id).await?;
        Ok(tx.save().await?)
    }

    /// With every twentieth person who works a sign led to a request; of some the person has yet to read the words.
    pub(super) async fn ask_employers(&self, things: &mut Things) -> Done {
        let tx = self.begin().await?;
        for n in (0..self.people.len()).step_by(20) {
            let (member, staff) = (&self.people[n], self.staff_of(n));
            if tx.employments_of(member.id).await?.iter().all(|job| job.details.left_on.is_some()) {
                continue;
            }
            let message = self.says(&tx, n, "仕事の指示が分かりにくいです。", None, false).await?;
            let sign = tx.record_sign(staff, &self.sign(n, message)).await?;
            let consent = NewConsent {
                graduate: member.id,
                contact: member.contact,
                topics: vec![Topic::Instructions],
                means: ShareMeans::Email,
                given_how: GivenHow::Written,
                given_on: self.today,
                valid_until: self.today + Days::new(180),
                wording: "人事の担当の方に、このことだけをメールで伝えてよい。".into(),
                recorded_by: Some(staff),
            };
            tx.give_consent(Actor::staff(staff), &consent).await?;
            things.signs.push(sign);
            let draft = tx.draft_escalation(&self.draft(n, sign), self.today).await?;
            if n % 60 == 20 {
                things.drafts.push(draft);
                continue;
            }
            self.send(&tx, n, draft).await?;
            things.requests.push(draft);
        }
        Ok(tx.save().await?)
    }

    async fn send(&self, tx: &Tx, n: usize, draft: EscalationId) -> Done {
        let staff = self.staff_of(n);
        let Some(request) = tx.escalation(draft).await? else { return Ok(()) };
        let words = request.words_mark();
        tx.escalation_read(Actor::staff(staff), draft, &words, ReadHow::Together, self.today).await?;
        tx.send_escalation(staff, draft, "作業の指示を紙でも渡していただけますか。", self.today).await?;
        Ok(())
    }

    fn draft(&self, n: usize, sign: SignId) -> NewEscalation {
        let fact = "口で言われた指示を忘れることがある、と話した。";
        NewEscalation {
            graduate: self.people[n].id,
            sign,
            contact: self.people[n].contact,
            topic: Topic::Instructions,
            request: Request {
                request: "作業の指示を紙でも渡していただけますか。".into(),
                purpose: "安心して働きつづけるため。".into(),
                facts: vec![Fact { on: self.today, source: FactSource::Person, text: fact.into() }],
                question: "できそうですか。".into(),
                answer_by: self.today + Days::new(10),
                our_part: "月に一度、様子を聞きます。".into(),
            },
            review_on: self.today + Days::new(28),
            created_by: self.staff_of(n),
        }
    }

    async fn task(&self, tx: &Tx, n: usize, kind: TaskKind, reason: TaskReason) -> Done<Option<TaskId>> {
        let key = format!("bench:{n}:{reason}");
        let graduate = Some(self.people[n].id);
        Ok(tx.add_task(&NewTask { graduate, ..NewTask::program(kind, reason, key, tx.now()) }).await?)
    }
}

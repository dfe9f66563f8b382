//! Years of contact for a measured office, written by the store's own functions on a clock that is set by hand.

use std::sync::Arc;

use bansou_core::ambient::Ambient;
use bansou_core::audit::Actor;
use bansou_core::cadence::{AnchorKind, Because, DueReason, Every};
use bansou_core::check_in::CheckInState;
use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_core::employment::EmployerContactProfile;
use bansou_core::ids::{CadenceId, CheckInId, ContactPointId, EmployerContactId, GraduateId, MessageId, StaffId};
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::sign::{SignCategory, SignLevel, SignSource};
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::thread::MessageBody;
use bansou_core::words::Lang;
use bansou_store::{
    ClaimTerms, Delivery, InboundMessage, NewCheckIn, NewDelivery, NewNote, NewSign, OutboundMessage, Recorded,
    SignPlace, StoreError, Tx,
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;

use super::office::BenchOffice;
use super::people::{grown_row, left_row};
use crate::ambient::OsEntropy;
use crate::demo::{DemoClock, morning_of};
use crate::failure::{Done, Failure};

/// Staff of the office: an admin, a manager, and the others.
const STAFF: u32 = 8;
/// People in one transaction.
const AT_ONCE: usize = 200;
/// Between two check-ins of one person.
const DAYS_BETWEEN: u64 = 7;
/// Days since the newest one.
const DAYS_SINCE: u64 = 3;

/// An office with people and what was said with them.
pub(super) struct Grown {
    pub(super) bench: BenchOffice,
    pub(super) clock: Arc<DemoClock>,
    /// Where the clock stands in the end: a working morning.
    pub(super) now: DateTime<Utc>,
    pub(super) today: NaiveDate,
    /// The first is an admin, the second a manager.
    pub(super) staff: Vec<StaffId>,
    pub(super) people: Vec<Member>,
    /// Messages that were written.
    pub(super) messages: usize,
}

/// What is needed of a person to write with them.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) id: GraduateId,
    cadence: CadenceId,
    point: (ContactPointId, i64),
    address: String,
    /// Somebody at their company.
    pub(super) contact: EmployerContactId,
}

impl Grown {
    /// Makes the office, and per person so many check-ins with what became of them that there are about `messages`
    /// messages in all. `told` hears how many there are so far.
    pub(super) async fn grow(
        database: Option<&str>,
        graduates: u32,
        messages: usize,
        mut told: impl FnMut(usize),
    ) -> Done<Self> {
        let now = morning_of(crate::ambient::of_the_system().now());
        let clock = DemoClock::standing(now);
        let ambient = Ambient::new(Arc::clone(&clock) as _, Arc::new(OsEntropy));
        let bench = BenchOffice::set_up(database, ambient).await?;
        let today = now.with_timezone(&Tokyo).date_naive();
        let mut grown = Self { bench, clock, now, today, staff: Vec::new(), people: Vec::new(), messages: 0 };
        grown.staff().await?;
        let rows: Vec<_> = (0..graduates).map(|n| grown_row(n, today)).collect();
        grown.bench.import(&rows).await?;
        grown.members().await?;
        let rounds = messages.div_ceil(2 * grown.people.len().max(1));
        for round in (0..rounds).rev() {
            let day = today - Days::new(DAYS_SINCE + DAYS_BETWEEN * round as u64);
            grown.round(round, day).await?;
            told(grown.messages);
        }
        grown.clock.set(now);
        let left: Vec<_> = (0..graduates).filter_map(|n| left_row(n, today)).collect();
        grown.bench.import(&left).await?;
        grown.plan_on().await?;
        Ok(grown)
    }

    /// Puts the clock to an hour of a day.
    pub(super) fn set(&self, day: NaiveDate, hour: u32) {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        // Japan's clocks never skip an hour.
        let at = day.and_time(time).and_local_timezone(Tokyo).earliest();
        self.clock.set(at.map_or(self.now, |at| at.to_utc()));
    }

    pub(super) async fn begin(&self) -> Done<Tx> {
        Ok(self.bench.store.begin(self.bench.office).await?)
    }

    pub(super) fn staff_of(&self, n: usize) -> StaffId {
        self.staff[n % self.staff.len()]
    }

    /// A check-in to each of these people: planned, claimed, taken by the provider, written into the thread.
    pub(super) async fn check_in(&self, tx: &Tx, who: &[usize], day: NaiveDate) -> Done<Vec<(usize, CheckInId)>> {
        let mut rows = Vec::with_capacity(who.len());
        for &n in who {
            let member = &self.people[n];
            let new = NewCheckIn {
                graduate: member.id,
                cadence: member.cadence,
                due_on: day,
                reason: reason()?,
                template: "check-in-condition".into(),
            };
            let id = tx.add_check_in(&new).await?.ok_or_else(|| Failure::failed("a day had its check-in already"))?;
            self.plan(tx, n, Purpose::CheckIn, Some(id), None).await?;
            // Nothing leaves before the planner has looked at what has changed; it looks this morning.
            tx.set_next(member.cadence, None, Some(self.now)).await?;
            rows.push((n, id));
        }
        for delivery in self.claim(tx, who.len()).await? {
            let accepted = Recorded::Accepted { provider_ref: Some(delivery.id.to_string()), request_id: None };
            tx.record(delivery.id, delivery.fence, &accepted).await?;
            let (Some(id), Some(graduate)) = (delivery.check_in, delivery.graduate) else { continue };
            tx.check_in_went_out(id, ChannelKind::Line, tx.now(), tx.now() + TimeDelta::hours(26)).await?;
            tx.add_program_message(&outbound(graduate, &delivery.payload.text, Some(id))).await?;
        }
        Ok(rows)
    }

    /// Plans a message for this very moment.
    pub(super) async fn plan(
        &self,
        tx: &Tx,
        n: usize,
        purpose: Purpose,
        check_in: Option<CheckInId>,
        message: Option<MessageId>,
    ) -> Done {
        let (member, now) = (&self.people[n], tx.now());
        let until = now + TimeDelta::hours(8);
        let new = NewDelivery {
            graduate: Some(member.id),
            check_in,
            message,
            escalation: None,
            purpose,
            slot: now.to_rfc3339(),
            channel_id: "line-sim".into(),
            channel_kind: ChannelKind::Line,
            contact_point: Some(member.point),
            address: member.address.clone(),
            payload: Payload {
                text: "最近の調子はいかがですか。一つ選んでください。".into(), ..Payload::default()
            },
            due_at: now,
            window: (now, until),
            expires_at: until,
        };
        tx.add_delivery(&new).await?;
        Ok(())
    }

    pub(super) async fn claim(&self, tx: &Tx, count: usize) -> Done<Vec<Delivery>> {
        let terms = ClaimTerms {
            now: tx.now(),
            today: tx.now().with_timezone(&Tokyo).date_naive(),
            // Japan's clocks are never changed, so a day begins as long ago as its clock says.
            day_began: tx.now() - (tx.now().with_timezone(&Tokyo).time() - NaiveTime::MIN),
            limit: u32::try_from(count).unwrap_or(u32::MAX),
            lease: TimeDelta::minutes(2),
            margin: TimeDelta::minutes(1),
        };
        let claimed = tx.claim(&terms).await?;
        if claimed.len() == count {
            Ok(claimed)
        } else {
            Err(Failure::failed(format!(
                "of {count} planned messages {} could be claimed at {}",
                claimed.len(),
                tx.now()
            )))
        }
    }

    /// Words of a person, an hour after the clock was set.
    pub(super) async fn says(
        &self,
        tx: &Tx,
        n: usize,
        text: &str,
        check_in: Option<CheckInId>,
        needs_reply: bool,
    ) -> Result<MessageId, StoreError> {
        let message = InboundMessage {
            graduate: self.people[n].id,
            channel: ChannelKind::Line,
            body: MessageBody { text: text.into(), choices: Vec::new(), attachment: None },
            at: tx.now(),
            check_in,
            provider_ref: Some(format!("{n}-{}", tx.now().timestamp())),
            fetch_from: None,
            needs_reply,
            crisis: false,
        };
        tx.add_inbound_message(&message).await
    }

    /// A suggestion from words that were just written.
    pub(super) fn sign(&self, n: usize, message: MessageId) -> NewSign {
        NewSign {
            graduate: self.people[n].id,
            source: SignSource::Person,
            category: SignCategory::ALL[n % SignCategory::ALL.len()],
            level: SignLevel::ALL[n % SignLevel::ALL.len()],
            quote: "少しつかれています".into(),
            place: SignPlace::Message(message),
        }
    }

    /// A change that every page has to be loaded again for, and that shows nowhere but in the audit list.
    pub(super) async fn colleague_changes_something(&self) -> Done {
        let tx = self.begin().await?;
        tx.set_staff_hours(Actor::COMMAND, self.staff[0], None).await?;
        Ok(tx.save().await?)
    }

    async fn staff(&mut self) -> Done {
        let tx = self.begin().await?;
        for n in 0..STAFF {
            let role = [Role::Admin, Role::Manager].get(n as usize).copied().unwrap_or(Role::Staff);
            let profile = StaffProfile { name: format!("計測{n} 支援"), email: format!("staff{n}@example.jp") };
            self.staff.push(tx.add_staff(Actor::COMMAND, &profile, role, Lang::Ja).await?);
        }
        Ok(tx.save().await?)
    }

    /// Reads who was brought in, and adds somebody to write to at each company.
    async fn members(&mut self) -> Done {
        let tx = self.begin().await?;
        let admin = Actor::staff(self.staff[0]);
        let mut contacts = std::collections::HashMap::new();
        for employer in tx.employers().await? {
            let profile = EmployerContactProfile {
                name: "計測 担当".into(),
                part: "人事".into(),
                email: format!("jinji{}@example.jp", contacts.len()),
            };
            contacts.insert(employer.id, tx.add_employer_contact(admin, employer.id, &profile).await?);
        }
        let cadences: std::collections::HashMap<_, _> =
            tx.cadences().await?.into_iter().map(|row| (row.graduate, row.id)).collect();
        let mut jobs: std::collections::HashMap<_, _> =
            tx.employments().await?.into_iter().map(|job| (job.graduate, job)).collect();
        let mut everybody = tx.graduates().await?;
        // In the order of the roster, whose numbers say who leaves.
        everybody.sort_by(|a, b| a.details.profile.external_id.cmp(&b.details.profile.external_id));
        for graduate in everybody {
            let id = graduate.id;
            let Some(job) = jobs.remove(&id) else { continue };
            let points = tx.contact_points(id).await?;
            let point = points.into_iter().find(|point| point.kind == bansou_core::contact::ContactKind::Line);
            let known = (cadences.get(&id), point, job.details.employer.and_then(|id| contacts.get(&id)));
            let (Some(&cadence), Some(point), Some(&contact)) = known else { continue };
            tx.assign_staff(admin, id, Some(self.staff_of(self.people.len())), None).await?;
            let (point, address) = ((point.id, point.version), point.address);
            self.people.push(Member { id, cadence, point, address, contact });
        }
        Ok(tx.save().await?)
    }

    /// One day on which everybody is asked; most answer, with the others somebody speaks.
    async fn round(&mut self, round: usize, day: NaiveDate) -> Done {
        let everybody: Vec<usize> = (0..self.people.len()).collect();
        for some in everybody.chunks(AT_ONCE) {
            self.set(day, 10);
            let tx = self.begin().await?;
            let out = self.check_in(&tx, some, day).await?;
            self.set(day, 12);
            for (n, id) in out {
                if (n + round).is_multiple_of(10) {
                    self.silent(&tx, n, id, day).await?;
                } else {
                    self.answered(&tx, n, id, round).await?;
                }
                if (n + round).is_multiple_of(3) {
                    tx.note_read(Actor::staff(self.staff_of(n + round)), self.people[n].id).await?;
                }
            }
            tx.save().await?;
        }
        self.messages += 2 * self.people.len();
        Ok(())
    }

    async fn answered(&self, tx: &Tx, n: usize, id: CheckInId, round: usize) -> Done {
        let tired = (n + round) % 12 == 1;
        let text = if tired { "少しつかれています。夜あまり眠れません。" } else { "よい" };
        let message = self.says(tx, n, text, Some(id), false).await?;
        tx.check_in_answered(id, if tired { "bad" } else { "good" }, tx.now()).await?;
        if !tired {
            return Ok(());
        }
        let staff = self.staff_of(n);
        let Some(sign) = tx.suggest_sign(&self.sign(n, message)).await? else { return Ok(()) };
        if round.is_multiple_of(3) {
            return Ok(tx.dismiss_sign(staff, sign, "前の日の残業のため").await?);
        }
        tx.confirm_sign(staff, sign, "先週からつづいている").await?;
        Ok(tx.resolve_sign(staff, sign, "面談で落ち着いた").await?)
    }

    /// No answer: somebody writes, and notes what was said on the phone.
    async fn silent(&self, tx: &Tx, n: usize, id: CheckInId, day: NaiveDate) -> Done {
        let (staff, graduate) = (self.staff_of(n), self.people[n].id);
        tx.close_check_in(id, CheckInState::Silent, None).await?;
        tx.add_staff_message(staff, &outbound(graduate, "お昼ごろに電話をしてもよいですか。", None), None).await?;
        let lanes = Lanes {
            said: "仕事が立てこんでいて、返事ができなかった。".into(),
            observed: "声は明るい。残業は週に2回。".into(),
            interpretation: "つかれが出るころかもしれない。".into(),
            done: "休みの取り方を一緒に考えた。".into(),
            next: "来週もう一度電話をする。".into(),
        };
        let note = NewNote { graduate, author: staff, mode: ContactMode::Phone, happened_at: tx.now(), lanes };
        tx.save_note(&note).await?;
        Ok(tx.set_last_contact(graduate, day, ContactMode::Phone).await?)
    }

    /// From this morning on the planner works as ever.
    async fn plan_on(&self) -> Done {
        let tx = self.begin().await?;
        let last = self.today - Days::new(1);
        for member in &self.people {
            tx.set_last_due(member.cadence, last).await?;
        }
        tx.save().await?;
        self.bench.engine.plan().await.map_err(Failure::failed)?;
        Ok(())
    }
}

/// Words of the office to a person.
pub(super) fn outbound(graduate: GraduateId, text: &str, check_in: Option<CheckInId>) -> OutboundMessage {
    let choices = check_in.map(|_| ["よい", "ふつう", "しんどい"].map(str::to_owned).to_vec()).unwrap_or_default();
    OutboundMessage {
        graduate,
        channel: ChannelKind::Line,
        body: MessageBody { text: text.into(), choices, attachment: None },
        check_in,
    }
}

fn reason() -> Done<String> {
    let because = Because::Phase { anchor: AnchorKind::Hired, day: 30, every: Every::Days(7) };
    serde_json::to_string(&DueReason { because, in_touch: None, moved: None }).map_err(Failure::failed)
}

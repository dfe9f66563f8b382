//! The working day of simulated staff: they look at what waits, as the pages show it, and do what the pages offer.

use anyhow::Result;
use bansou_core::again::call_again;
use bansou_core::audit::Actor;
use bansou_core::card::{CardOf, usual_review};
use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_core::hours::PersonHours;
use bansou_core::ids::GraduateId;
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::sign::{SignLevel, SignStep};
use bansou_core::task::{CallOutcome, TaskKind, TaskReason};
use bansou_core::thread::{MessageBody, NoReplyReason};
use bansou_core::window::{SendContext, SendDecision, SendKind, may_send};
use bansou_store::{InboxFilter, NewDelivery, NewNote, OutboundMessage, PlacedSign, Task};
use chrono::{Days, TimeDelta};

use super::habits::{Mood, Say, answers_at};
use super::history::{Happening, Sim};
use super::people::Part;
use super::phone::{LINE, SMS};
use super::phrases::{CONFIRMED, DISMISSED, FORGOT, GLAD, MONTHLY, RESOLVED, THANKS};

impl Sim<'_> {
    pub(crate) async fn desk(&mut self) -> Result<()> {
        self.answer_threads().await?;
        self.do_tasks().await?;
        self.look_at_signs().await?;
        self.meet_people().await?;
        self.go_on_with_requests().await
    }

    fn person_of(&self, id: GraduateId) -> Option<usize> {
        self.people.iter().position(|person| person.id == Some(id))
    }

    /// Everybody who waits for a reply gets one, or the thread is closed after thanks.
    async fn answer_threads(&mut self) -> Result<()> {
        let tx = self.demo.store.read(self.demo.office).await?;
        let waiting = tx.inbox(InboxFilter { mine: None, waiting: true }, 0, 100).await?;
        drop(tx);
        for row in waiting {
            let (id, read_until) = (row.thread.graduate, row.thread.last_inbound_at);
            let Some(n) = self.person_of(id) else { continue };
            let person = &self.people[n];
            if person.thanked || person.away {
                let why = if person.away { NoReplyReason::AnsweredElsewhere } else { NoReplyReason::Thanks };
                let tx = self.demo.store.begin(self.demo.office).await?;
                tx.close_thread(Actor::staff(self.staff[person.role.staff]), id, why).await?;
                tx.save().await?;
                continue;
            }
            let words = match person.mood_said {
                Mood::Early(theme) | Mood::Worse(theme) => self.dice.pick(theme.phrases().replies),
                _ => self.dice.pick(GLAD),
            };
            self.reply(n, id, words, read_until).await?;
            if self.dice.chance(45) {
                let habits = self.people[n].role.habits;
                let at = answers_at(self.now(), habits, Mood::Good, &mut self.dice);
                let thanks = self.dice.pick(THANKS);
                self.queue(at, Happening::Speak(n, Say::Text(thanks.into())));
            }
        }
        Ok(())
    }

    /// A member of staff writes: the message and its delivery in one unit of work, inside the person's hours.
    async fn reply(
        &self,
        n: usize,
        id: GraduateId,
        words: &str,
        read_until: Option<chrono::DateTime<chrono::Utc>>,
    ) -> Result<()> {
        let person = &self.people[n];
        let tx = self.demo.store.begin(self.demo.office).await?;
        let points = tx.contact_points(id).await?;
        let way = [ChannelKind::Line, ChannelKind::Sms].into_iter().find_map(|kind| {
            let point =
                points.iter().find(|point| point.kind.as_str() == kind.as_str() && point.reach.is_reachable())?;
            Some((kind, point.clone()))
        });
        let Some((kind, point)) = way else { return Ok(()) };
        let settings = tx.own_office().await?.settings;
        let hours = tx.graduate(id).await?.map_or_else(PersonHours::default, |graduate| graduate.details.hours);
        let context =
            SendContext { calendar: &self.calendar, person: &hours, rules: &settings.sending, kind: SendKind::Reply };
        let (due_at, until) = match may_send(self.now(), &context) {
            SendDecision::Now { until } => (self.now(), until + settings.sending.margin()),
            SendDecision::Later { at, .. } => (at, at + TimeDelta::hours(2)),
            SendDecision::Never { .. } => return Ok(()),
        };
        let staff = self.staff[person.role.staff];
        let body = MessageBody { text: words.to_owned(), choices: Vec::new(), attachment: None };
        let message = OutboundMessage { graduate: id, channel: kind, body, check_in: None };
        let message = tx.add_staff_message(staff, &message, read_until).await?;
        tx.add_delivery(&NewDelivery {
            graduate: Some(id),
            check_in: None,
            message: Some(message),
            escalation: None,
            purpose: Purpose::Reply,
            slot: message.to_string(),
            channel_id: if kind == ChannelKind::Line { LINE } else { SMS }.to_owned(),
            channel_kind: kind,
            contact_point: Some((point.id, point.version)),
            address: point.address,
            payload: Payload { text: words.to_owned(), ..Payload::default() },
            due_at,
            window: (due_at, until),
            expires_at: until,
        })
        .await?;
        Ok(tx.save().await?)
    }

    async fn do_tasks(&mut self) -> Result<()> {
        let tx = self.demo.store.read(self.demo.office).await?;
        let tasks = tx.open_tasks().await?;
        drop(tx);
        let now = self.now();
        for task in tasks.into_iter().filter(|task| task.due_at <= now) {
            let person = task.graduate.and_then(|id| self.person_of(id));
            match (task.kind, person) {
                (TaskKind::Call, Some(n)) => self.call(&task, n).await?,
                // What a refused message left behind is thought about overnight.
                (_, Some(_)) if task.delivery.is_some() && task.created_at + TimeDelta::hours(20) > now => {}
                (TaskKind::Employer, Some(n)) => self.tell_answer(&task, n).await?,
                (_, n) => self.finish(&task, n).await?,
            }
        }
        Ok(())
    }

    /// Most calls reach the person; who didn't answer because things are hard speaks of it then.
    async fn call(&mut self, task: &Task, n: usize) -> Result<()> {
        let person = &self.people[n];
        let staff = self.staff[person.role.staff];
        let day = self.day();
        let hard_to_reach = person.role.part == Some(Part::Quiet) && day + Days::new(14) > self.today;
        let outcome = match self.dice.below(100) {
            _ if hard_to_reach => CallOutcome::NotIn,
            0..68 => CallOutcome::Spoke,
            68..86 => CallOutcome::NotIn,
            86..94 => CallOutcome::Busy,
            _ => CallOutcome::Later,
        };
        let agreed = (outcome == CallOutcome::Later).then(|| self.now() + TimeDelta::hours(20));
        let again = call_again(outcome, self.now(), &self.calendar).or(agreed);
        let tx = self.demo.store.begin(self.demo.office).await?;
        tx.finish_call(Actor::staff(staff), task.id, outcome, again).await?;
        tx.save().await?;
        if outcome == CallOutcome::Spoke {
            self.talked(n, ContactMode::Phone).await?;
        }
        Ok(())
    }

    /// What is written down after a talk, and what it does: in a hard time it helps.
    pub(crate) async fn talked(&mut self, n: usize, mode: ContactMode) -> Result<()> {
        let day = self.day();
        let mood = self.people[n].mood(day);
        let lanes = match mood {
            Mood::Early(theme) | Mood::Worse(theme) => of(theme.phrases().note),
            Mood::Silent => {
                let episode = self.people[n].role.episodes.iter().rev().find(|e| e.from <= day && day <= e.eases);
                episode.map_or_else(|| of(FORGOT), |episode| of(episode.theme.phrases().note))
            }
            _ if mode == ContactMode::Phone => of(FORGOT),
            _ => {
                let [said, observed, next] = self.dice.pick(MONTHLY);
                of([said, observed, "", "", next])
            }
        };
        self.note(n, mode, lanes).await?;
        self.people[n].helped(day);
        Ok(())
    }

    pub(crate) async fn note(&mut self, n: usize, mode: ContactMode, lanes: Lanes) -> Result<()> {
        let Some(graduate) = self.people[n].id else { return Ok(()) };
        let author = self.staff[self.people[n].role.staff];
        let tx = self.demo.store.begin(self.demo.office).await?;
        tx.save_note(&NewNote { graduate, author, mode, happened_at: self.now() - TimeDelta::minutes(12), lanes })
            .await?;
        if mode.is_contact() {
            tx.set_last_contact(graduate, self.day(), mode).await?;
        }
        tx.save().await?;
        self.notes += 1;
        Ok(())
    }

    /// The employer's answer is told to the person, and the task is done.
    async fn tell_answer(&mut self, task: &Task, n: usize) -> Result<()> {
        let lanes = Lanes {
            said: "会社が返事をくれて、ほっとした。".into(),
            observed: "会社からの返事を本人と一緒に読んだ。".into(),
            done: "いつから始まるかを本人に伝えた。".into(),
            next: "約束の日のあとに、様子を聞く。".into(),
            ..Lanes::default()
        };
        self.note(n, ContactMode::Phone, lanes).await?;
        self.finish(task, Some(n)).await
    }

    async fn finish(&mut self, task: &Task, n: Option<usize>) -> Result<()> {
        let staff = n.map_or(self.staff[1], |n| self.staff[self.people[n].role.staff]);
        let tx = self.demo.store.begin(self.demo.office).await?;
        tx.finish_task(Actor::staff(staff), task.id).await?;
        tx.save().await?;
        let Some(n) = n else { return Ok(()) };
        let (said, observed, next) = match task.reason {
            TaskReason::Stopped => (
                "メッセージはもういらない。電話は月に1回ならよい。",
                "声は落ち着いている。仕事は続いている。",
                "月初に電話をする。",
            ),
            TaskReason::Unfollowed => {
                ("スマホを変えたらLINEが入っていなかった。", "SMSは届いている。", "しばらくSMSで連絡する。")
            }
            _ => return Ok(()),
        };
        let lanes = Lanes { said: said.into(), observed: observed.into(), next: next.into(), ..Lanes::default() };
        self.note(n, ContactMode::Phone, lanes).await
    }

    /// Suggested signs are confirmed or dismissed, always with a reason; what is over is resolved.
    async fn look_at_signs(&mut self) -> Result<()> {
        let tx = self.demo.store.read(self.demo.office).await?;
        let suggested = tx.signs_in(&[SignStep::Suggested], 200).await?;
        let confirmed = tx.signs_in(&[SignStep::Confirmed, SignStep::Acting], 200).await?;
        drop(tx);
        for placed in suggested {
            self.decide(&placed).await?;
        }
        let day = self.day();
        for sign in confirmed.into_iter().map(|placed| placed.sign) {
            let Some(n) = self.person_of(sign.graduate) else { continue };
            let old = self.now() - sign.suggested_at > TimeDelta::days(18);
            let asked = self.asking.iter().any(|asking| asking.sign == sign.id && !asking.is_over());
            if old && !asked && matches!(self.people[n].mood(day), Mood::Good | Mood::Better(_)) {
                let why = self.dice.pick(RESOLVED);
                let tx = self.demo.store.begin(self.demo.office).await?;
                tx.resolve_sign(self.staff[self.people[n].role.staff], sign.id, why).await?;
                tx.save().await?;
            }
        }
        Ok(())
    }

    async fn decide(&mut self, placed: &PlacedSign) -> Result<()> {
        let Some(n) = self.person_of(placed.sign.graduate) else { return Ok(()) };
        let (id, staff) = (placed.sign.id, self.staff[self.people[n].role.staff]);
        let hard = matches!(self.people[n].mood(self.day()), Mood::Early(_) | Mood::Worse(_) | Mood::Silent);
        let confirm = self.dice.chance(if hard { 85 } else { 25 });
        let why = self.dice.pick(if confirm { CONFIRMED } else { DISMISSED });
        let tx = self.demo.store.begin(self.demo.office).await?;
        if !confirm {
            tx.dismiss_sign(staff, id, why).await?;
            return Ok(tx.save().await?);
        }
        tx.confirm_sign(staff, id, why).await?;
        // Contact is closer for a while.
        let preset = self.presets.iter().find(|preset| preset.key == self.people[n].role.preset);
        if let (Some(preset), Some(cadence)) = (preset, tx.cadence(placed.sign.graduate).await?) {
            let mut state = cadence.state;
            state.adjusters.push(preset.sign.adjuster(self.day()));
            tx.put_cadence(Actor::staff(staff), placed.sign.graduate, &state).await?;
        }
        let talks = placed.sign.level >= SignLevel::Clear && hard && self.dice.chance(35);
        if talks {
            tx.act_on_sign(staff, id, "電話で話した。").await?;
        }
        tx.save().await?;
        if talks {
            self.talked(n, ContactMode::Phone).await?;
            self.consider_request(n, id).await?;
        }
        Ok(())
    }

    /// Once a month everybody is met or at least called.
    async fn meet_people(&mut self) -> Result<()> {
        let day = self.day();
        let due: Vec<usize> = (0..self.people.len())
            .filter(|&n| {
                let person = &self.people[n];
                let in_hospital = person.role.part == Some(Part::Ill) && day + Days::new(12) >= self.today;
                person.id.is_some()
                    && person.meets_on <= day
                    && !in_hospital
                    && (!person.away || person.role.part == Some(Part::Stops))
            })
            .take(2)
            .collect();
        for n in due {
            let modes = [ContactMode::InPerson, ContactMode::InPerson, ContactMode::Visit, ContactMode::Video];
            let mode = self.dice.pick(&modes);
            self.talked(n, mode).await?;
            self.look_at_cards(n).await?;
            self.people[n].meets_on = day + Days::new(self.dice.between(26, 38).into());
        }
        Ok(())
    }

    /// Cards whose day has come, the person's and their company's, are gone through when staff meet the person; of some it was forgotten.
    async fn look_at_cards(&self, n: usize) -> Result<()> {
        let person = &self.people[n];
        let Some(id) = person.id.filter(|_| n % 7 != 3) else { return Ok(()) };
        let company = person.role.company;
        self.look_at_card(n, CardOf::Graduate(id)).await?;
        if company % 6 == 1 { Ok(()) } else { self.look_at_card(n, CardOf::Employer(self.companies[company].0)).await }
    }

    async fn look_at_card(&self, n: usize, of: CardOf) -> Result<()> {
        let day = self.day();
        let tx = self.demo.store.begin(self.demo.office).await?;
        let Some(stored) = tx.card(of).await?.filter(|card| card.review_on <= day) else { return Ok(()) };
        let staff = self.staff[self.people[n].role.staff];
        tx.save_card(staff, of, stored.version, &stored.card, usual_review(day)).await?;
        Ok(tx.save().await?)
    }
}

fn of(note: [&str; 5]) -> Lanes {
    let [said, observed, interpretation, done, next] = note.map(str::to_owned);
    Lanes { said, observed, interpretation, done, next }
}

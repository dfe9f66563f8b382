//! How people come to the office's list, change jobs, and leave; and the parts that some of them play.

use anyhow::Result;
use bansou_channels::{Address, PhoneAction};
use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadenceState};
use bansou_core::card::{CardOf, usual_review};
use bansou_core::contact::ContactKind;
use bansou_core::employment::Disclosure;
use bansou_core::graduate::{GraduateProfile, PauseDates, Support};
use bansou_core::hours::{PersonHours, WeekHours};
use bansou_core::ids::GraduateId;
use bansou_core::leaving::LeavingReason;
use bansou_core::service_period::{ServiceKind, ServicePeriod, months_end, service_usable_from};
use bansou_store::{EmploymentDetails, GraduateDetails, Pause, Tx};
use chrono::{Days, NaiveDate, TimeDelta};

use super::cards;
use super::habits::{Say, on_day};
use super::history::{Act, Happening, Sim};
use super::people::{Part, Reach, back};

impl Sim<'_> {
    pub(crate) fn plan_joins(&mut self) {
        for n in 0..self.people.len() {
            let role = &self.people[n].role;
            let (joins_on, leaves) = (role.joins_on, role.leaves);
            // One after the other, as somebody types them in.
            let minutes = i64::try_from(n).unwrap_or(0);
            self.queue(on_day(joins_on, 8, 40) + TimeDelta::seconds(20 * minutes), Happening::Join(n));
            if let Some(leaving) = leaves {
                self.queue(on_day(leaving.on, 11, 5), Happening::Leave(n));
            }
        }
    }

    /// Parts are told from today backwards; in a short history they move closer together.
    pub(crate) fn plan_parts(&mut self) {
        let span = u64::try_from((self.today - self.start).num_days()).unwrap_or(0);
        for n in 0..self.people.len() {
            let ago = |days: u64| back(self.today, days.min(span / 2));
            let this_morning = |hour, minute| on_day(self.today, hour, minute);
            let (at, act) = match self.people[n].role.part {
                Some(Part::Stops) => (on_day(ago(58), 19, 12), Act::Stop),
                Some(Part::Unfollows) => (on_day(ago(16), 20, 40), Act::Block),
                Some(Part::Ill) => (on_day(ago(12), 14, 20), Act::Pause),
                Some(Part::ChangedJob) => (on_day(ago(150), 11, 0), Act::ChangeJob),
                Some(Part::Unknown) => (on_day(ago(40), 11, 0), Act::LoseTrack),
                Some(Part::Worried) => {
                    let words = "きのうも眠れませんでした。今日は会社に行けるか分かりません。";
                    (this_morning(8, 41), Act::Say(words))
                }
                Some(Part::EmployerAnswers) => (on_day(self.working_day(6), 15, 5), Act::BeginRequest),
                Some(Part::RequestWaits) => (on_day(self.working_day(4), 15, 10), Act::BeginRequest),
                Some(Part::RequestDrafted) => (on_day(self.working_day(2), 15, 15), Act::BeginRequest),
                Some(Part::NumberGone) => (on_day(self.working_day(1), 12, 31), Act::AskAndVanish),
                _ => continue,
            };
            self.queue(at, Happening::Act(n, act));
        }
    }

    pub(crate) async fn join(&mut self, n: usize) -> Result<()> {
        let role = self.people[n].role.clone();
        let staff = self.staff[role.staff];
        let who = Actor::staff(staff);
        let tx = self.demo.store.begin(self.demo.office).await?;
        let id = tx.add_graduate(who, &details(n, &role), Support::Supported, Some(staff)).await?;
        tx.assign_staff(who, id, Some(staff), Some(self.staff[1 - role.staff])).await?;
        let employer = self.companies[role.company].0;
        let job = EmploymentDetails {
            disclosure: role.disclosure,
            ..EmploymentDetails::begun(Some(employer), role.hired_on)
        };
        let employment = tx.add_employment(who, id, &job).await?;
        self.services(&tx, n, id, role.hired_on).await?;
        let invite = self.address(&tx, n, id).await?;
        self.cadence(&tx, n, id, Anchor { kind: AnchorKind::Hired, on: role.hired_on }).await?;
        if let Some(card) = cards::of_person(n, role.card, self.day()) {
            tx.save_card(staff, CardOf::Graduate(id), 0, &card, usual_review(self.day())).await?;
        }
        tx.save().await?;
        if let Some(code) = invite {
            let at = self.now() + TimeDelta::minutes(self.dice.between(200, 2000).into());
            self.queue(at, Happening::Bind(n, code));
        }
        let meets_on = self.day() + Days::new(self.dice.between(7, 30).into());
        let person = &mut self.people[n];
        (person.id, person.employment, person.meets_on) = (Some(id), Some(employment), meets_on);
        Ok(())
    }

    /// Transition support for six months, then a contract for retention support.
    async fn services(&mut self, tx: &Tx, n: usize, id: GraduateId, hired_on: NaiveDate) -> Result<()> {
        let who = Actor::staff(self.staff[1]);
        let first = ServicePeriod {
            ended_on: Some(months_end(hired_on, 6)),
            ..ServicePeriod::start(ServiceKind::Transition, hired_on)
        };
        tx.add_service_period(who, id, &first).await?;
        let usable = service_usable_from(hired_on);
        if usable > self.day() {
            self.queue(on_day(usable, 9, 10), Happening::Contract(n));
            return Ok(());
        }
        tx.add_service_period(who, id, &retention(usable)).await?;
        Ok(())
    }

    pub(crate) async fn contract(&mut self, n: usize) -> Result<()> {
        let person = &self.people[n];
        let (Some(id), false) = (person.id, person.away) else { return Ok(()) };
        let tx = self.demo.store.begin(self.demo.office).await?;
        tx.add_service_period(Actor::staff(self.staff[1]), id, &retention(self.day())).await?;
        Ok(tx.save().await?)
    }

    /// Writes the addresses down; with an invitation, its code.
    async fn address(&mut self, tx: &Tx, n: usize, id: GraduateId) -> Result<Option<String>> {
        let role = &self.people[n].role;
        let who = Actor::staff(self.staff[role.staff]);
        // 090-0000-xxxx is given to nobody.
        let number = format!("+81900000{n:04}");
        let user = format!("U{:032x}", 0xdeb0_0000_u64 + u64::try_from(n).unwrap_or(0));
        let reach = role.reach;
        let (mut line, mut sms) = (None, None);
        match reach {
            Reach::Line => {
                tx.set_address(who, id, ContactKind::Line, &user).await?;
                line = Some(Address::new(user));
            }
            Reach::LineByInvite => line = Some(Address::new(user)),
            Reach::Sms => {}
            Reach::Phone => {
                tx.set_address(who, id, ContactKind::Phone, "+81300000000").await?;
            }
        }
        if reach != Reach::Phone {
            tx.set_address(who, id, ContactKind::Sms, &number).await?;
            sms = Some(Address::new(number));
        }
        for address in line.iter().chain(&sms) {
            self.knows_address(address, n);
        }
        let person = &mut self.people[n];
        (person.line, person.sms) = (line.filter(|_| reach == Reach::Line), sms);
        if reach == Reach::LineByInvite { Ok(Some(tx.create_invite(who, id).await?)) } else { Ok(None) }
    }

    async fn cadence(&self, tx: &Tx, n: usize, id: GraduateId, anchor: Anchor) -> Result<()> {
        let role = &self.people[n].role;
        let Some(preset) = self.presets.iter().find(|preset| preset.key == role.preset) else { return Ok(()) };
        let state = CadenceState::new(preset.plan.clone(), anchor);
        let cadence = tx.put_cadence(Actor::staff(self.staff[role.staff]), id, &state).await?;
        // People who worked already when the office began are asked from that day on, not for all the days before.
        if let Some(before) = self.day().pred_opt().filter(|before| anchor.on <= *before) {
            tx.set_last_due(cadence, before).await?;
        }
        Ok(())
    }

    /// The code is typed into the chat; from then on LINE is this person's.
    pub(crate) async fn bind(&mut self, n: usize, code: String) -> Result<()> {
        let user = Address::new(format!("U{:032x}", 0xdeb0_0000_u64 + u64::try_from(n).unwrap_or(0)));
        self.demo.act(&user, &PhoneAction::Follow).await?;
        self.demo.act(&user, &PhoneAction::Text(code)).await?;
        self.people[n].line = Some(user);
        Ok(())
    }

    pub(crate) async fn leave(&mut self, n: usize) -> Result<()> {
        let (Some(leaving), Some(employment)) = (self.people[n].role.leaves, self.people[n].employment) else {
            return Ok(());
        };
        let tx = self.demo.store.begin(self.demo.office).await?;
        let Some(job) = tx.employment(employment).await? else { return Ok(()) };
        let words = Some(leaving.words.to_owned()).filter(|words| !words.is_empty());
        let left = EmploymentDetails {
            left_on: Some(leaving.on),
            leaving: Some(leaving.reason),
            leaving_words: words,
            ..job.details
        };
        tx.change_employment(Actor::staff(self.staff[1]), employment, &left).await?;
        tx.save().await?;
        let after = self.dice.between(5, 25);
        self.queue(on_day(leaving.on + Days::new(after.into()), 15, 30), Happening::EndSupport(n));
        Ok(())
    }

    pub(crate) async fn end_support(&mut self, n: usize) -> Result<()> {
        let Some(id) = self.people[n].id else { return Ok(()) };
        let (day, who) = (self.day(), Actor::staff(self.staff[1]));
        let tx = self.demo.store.begin(self.demo.office).await?;
        for stored in tx.service_periods_of(id).await? {
            let open = stored.period.ended_on.is_none_or(|ended| ended > day) && stored.period.started_on <= day;
            if open {
                let period = ServicePeriod { ended_on: Some(day), ..stored.period };
                tx.change_service_period(who, stored.id, &period).await?;
            }
        }
        tx.set_support(who, id, Support::Ended).await?;
        tx.save().await?;
        self.people[n].away = true;
        Ok(())
    }

    pub(crate) async fn act(&mut self, n: usize, act: Act) -> Result<()> {
        let Some(id) = self.people[n].id else { return Ok(()) };
        match act {
            Act::Stop => {
                self.speak(n, Say::Text("配信停止".into())).await?;
                self.people[n].away = true;
                Ok(())
            }
            Act::Block => {
                let Some(line) = self.people[n].line.take() else { return Ok(()) };
                self.demo.act(&line, &PhoneAction::Block).await
            }
            Act::Say(words) => self.speak(n, Say::Text(words.into())).await,
            Act::AskAndVanish => {
                self.speak(n, Say::Text("来週の面談は何時からでしたか。".into())).await?;
                if let Some(sms) = self.people[n].sms.take() {
                    self.demo.inbox.set_gone(&sms);
                }
                Ok(())
            }
            Act::Pause => {
                let from = self.day();
                let dates = PauseDates { from, until: Some(self.today + Days::new(16)) };
                let pause = Pause {
                    dates, reason: "入院のため。退院してから本人が電話をくれる。".into()
                };
                let tx = self.demo.store.begin(self.demo.office).await?;
                tx.pause_graduate(Actor::staff(self.staff[self.people[n].role.staff]), id, &pause).await?;
                Ok(tx.save().await?)
            }
            Act::LoseTrack => {
                let Some(employment) = self.people[n].employment else { return Ok(()) };
                let tx = self.demo.store.begin(self.demo.office).await?;
                let Some(job) = tx.employment(employment).await? else { return Ok(()) };
                let unknown = EmploymentDetails { status_unknown: true, ..job.details };
                tx.change_employment(Actor::staff(self.staff[1]), employment, &unknown).await?;
                Ok(tx.save().await?)
            }
            Act::ChangeJob => self.change_job(n, id).await,
            Act::BeginRequest => self.begin_request(n).await,
        }
    }

    /// Another job with the office's support, begun two weeks after the first ended.
    async fn change_job(&mut self, n: usize, id: GraduateId) -> Result<()> {
        let (day, who) = (self.day(), Actor::staff(self.staff[1]));
        let Some(employment) = self.people[n].employment else { return Ok(()) };
        let tx = self.demo.store.begin(self.demo.office).await?;
        let Some(job) = tx.employment(employment).await? else { return Ok(()) };
        let left = EmploymentDetails {
            left_on: Some(back(day, 14)),
            leaving: Some(LeavingReason::NewJob),
            leaving_words: Some("体に合う仕事へ、相談しながら移った。".into()),
            ..job.details
        };
        tx.change_employment(who, employment, &left).await?;
        let company = (self.people[n].role.company + 5) % self.companies.len();
        let begun = EmploymentDetails {
            supported_change: true,
            disclosure: Disclosure::Open,
            ..EmploymentDetails::begun(Some(self.companies[company].0), day)
        };
        let employment = tx.add_employment(who, id, &begun).await?;
        self.cadence(&tx, n, id, Anchor { kind: AnchorKind::JobChanged, on: day }).await?;
        tx.save().await?;
        let person = &mut self.people[n];
        (person.employment, person.role.company) = (Some(employment), company);
        Ok(())
    }
}

fn details(n: usize, role: &super::people::Role) -> GraduateDetails {
    let profile = GraduateProfile {
        name: role.name.clone(),
        kana: role.kana.clone(),
        external_id: Some(format!("M{:03}", n + 1)),
        disability: Some(role.disability.to_owned()),
        certificate: Some(role.certificate.to_owned()),
        card: role.card.to_owned(),
        ..GraduateProfile::default()
    };
    let week = role.hours.and_then(|hours| WeekHours::weekdays(hours).ok());
    let hours = week.map_or_else(PersonHours::default, |week| PersonHours { week, zone: None });
    GraduateDetails { profile, language: role.language, hours }
}

fn retention(from: NaiveDate) -> ServicePeriod {
    ServicePeriod {
        certificate_expires_on: Some(months_end(from, 12)),
        ..ServicePeriod::start(ServiceKind::Retention, from)
    }
}

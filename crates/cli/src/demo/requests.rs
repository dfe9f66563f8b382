//! Requests to employers, step by step over several days, with the graduate's consent.

use anyhow::Result;
use bansou_core::audit::Actor;
use bansou_core::cadence::FollowUp;
use bansou_core::consent::{GivenHow, ShareMeans};
use bansou_core::delivery::{ChannelKind, Payload, Purpose};
use bansou_core::employment::Disclosure;
use bansou_core::escalation::{AnswerKind, EmployerAnswer, Fact, FactSource, Request};
use bansou_core::ids::{EscalationId, GraduateId, SignId};
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::sign::{SignLevel, SignSource};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_core::words::Lang;
use bansou_store::{
    Escalation, LinkKind, NewConsent, NewDelivery, NewEscalation, NewNote, NewSign, NewTask, ReadHow, SignPlace, Tx,
};
use bansou_web::mail::EscalationMail;
use bansou_web::pages::letter::{Letter, Parties};
use chrono::{Days, NaiveDate, TimeDelta};

use super::history::{Happening, Sim};
use super::office::NAME;
use super::people::{COMPANIES, Part, STAFF};
use super::phrases::{RequestWords, Theme};

/// So many requests beside those of the story.
const ENOUGH: usize = 12;
/// So long a link to a request works.
const LINK_VALID: TimeDelta = TimeDelta::days(14);

/// Where the staff stand with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Agreed,
    Drafted,
    Read,
    Sent,
    Answered,
    Tried,
    Over,
}

/// A request in the making.
pub(crate) struct Asking {
    pub(crate) person: usize,
    pub(crate) sign: SignId,
    pub(crate) id: Option<EscalationId>,
    theme: Theme,
    step: Step,
    next_on: NaiveDate,
    /// The story stops here.
    until: Step,
    token: Option<String>,
}

impl Asking {
    pub(crate) fn is_over(&self) -> bool {
        self.step == Step::Over
    }
}

impl Sim<'_> {
    /// Whether a request to the employer may help here: only now and then, only where the employer knows.
    pub(crate) async fn consider_request(&mut self, n: usize, sign: SignId) -> Result<()> {
        let person = &self.people[n];
        let day = self.day();
        let theme = person.role.episodes.iter().rev().find(|e| e.from <= day && day <= e.eases).map(|e| e.theme);
        let Some(theme) = theme.filter(|theme| theme.phrases().request.is_some()) else { return Ok(()) };
        let begun = self.asking.iter().any(|asking| asking.person == n);
        let later_part =
            matches!(person.role.part, Some(Part::EmployerAnswers | Part::RequestWaits | Part::RequestDrafted));
        let wanted = person.role.part == Some(Part::NewSuperior) || self.asking.len() < ENOUGH;
        if begun
            || later_part
            || !wanted
            || person.role.disclosure == Disclosure::Closed
            || person.role.leaves.is_some()
        {
            return Ok(());
        }
        self.agree(n, sign, theme, Step::Over).await
    }

    /// A part of the story: a talk, a sign recorded from its note, and the person's consent.
    pub(crate) async fn begin_request(&mut self, n: usize) -> Result<()> {
        let (until, theme) = match self.people[n].role.part {
            Some(Part::RequestDrafted) => (Step::Drafted, Theme::Instructions),
            Some(Part::RequestWaits) => (Step::Sent, Theme::Workload),
            _ => (Step::Sent, Theme::Instructions),
        };
        let Some(graduate) = self.people[n].id else { return Ok(()) };
        let staff = self.staff[self.people[n].role.staff];
        let phrases = theme.phrases();
        let [said, observed, interpretation, done, next] = phrases.note.map(str::to_owned);
        let quote = said.clone();
        let lanes = Lanes { said, observed, interpretation, done, next };
        let tx = self.demo.store.begin(self.demo.office).await?;
        let happened_at = self.now() - TimeDelta::minutes(50);
        let note = NewNote { graduate, author: staff, mode: ContactMode::InPerson, happened_at, lanes };
        let note = tx.save_note(&note).await?;
        tx.set_last_contact(graduate, self.day(), ContactMode::InPerson).await?;
        let sign = NewSign {
            graduate,
            source: SignSource::Person,
            category: phrases.category,
            level: SignLevel::Clear,
            quote,
            place: SignPlace::Note(note),
        };
        let sign = tx.record_sign(staff, &sign).await?;
        tx.save().await?;
        self.notes += 1;
        self.agree(n, sign, theme, until).await
    }

    /// The person says to whom what may be said.
    async fn agree(&mut self, n: usize, sign: SignId, theme: Theme, until: Step) -> Result<()> {
        let (Some(graduate), Some(words)) = (self.people[n].id, &theme.phrases().request) else { return Ok(()) };
        let staff = self.staff[self.people[n].role.staff];
        let company = self.people[n].role.company;
        let day = self.day();
        let tx = self.demo.store.begin(self.demo.office).await?;
        tx.give_consent(
            Actor::staff(staff),
            &NewConsent {
                graduate,
                contact: self.companies[company].1,
                topics: vec![words.topic],
                means: ShareMeans::Email,
                given_how: if self.dice.chance(50) { GivenHow::Written } else { GivenHow::Oral },
                given_on: day,
                valid_until: day + Days::new(180),
                wording: format!(
                    "{}の{}さんに、このことだけをメールで伝えてよい。",
                    COMPANIES[company].name, COMPANIES[company].contact
                ),
                recorded_by: Some(staff),
            },
        )
        .await?;
        tx.save().await?;
        let next_on = self.next_open(day);
        self.asking.push(Asking { person: n, sign, id: None, theme, step: Step::Agreed, next_on, until, token: None });
        Ok(())
    }

    pub(crate) async fn go_on_with_requests(&mut self) -> Result<()> {
        let day = self.day();
        for at in 0..self.asking.len() {
            let asking = &self.asking[at];
            let waits = asking.next_on > day || asking.step >= asking.until || self.people[asking.person].away;
            let (Some(graduate), Some(words)) = (self.people[asking.person].id, &asking.theme.phrases().request) else {
                continue;
            };
            if waits {
                continue;
            }
            match asking.step {
                Step::Agreed => self.draft(at, graduate, words).await?,
                Step::Drafted => self.read_together(at).await?,
                Step::Read => self.send(at).await?,
                Step::Answered => self.tried(at).await?,
                Step::Tried => self.review(at, words).await?,
                Step::Sent | Step::Over => {}
            }
        }
        Ok(())
    }

    async fn draft(&mut self, at: usize, graduate: GraduateId, words: &RequestWords) -> Result<()> {
        let (day, n) = (self.day(), self.asking[at].person);
        let request = Request {
            request: words.request.into(),
            purpose: words.purpose.into(),
            facts: vec![Fact { on: day, source: FactSource::Person, text: words.fact.into() }],
            question: "できそうですか。".into(),
            // Counted in working days: over New Year ten days on the calendar are over before anybody is back.
            answer_by: self.after_open_days(day, 7),
            our_part: words.our_part.into(),
        };
        let new = NewEscalation {
            graduate,
            sign: self.asking[at].sign,
            contact: self.companies[self.people[n].role.company].1,
            topic: words.topic,
            request,
            review_on: day + Days::new(28),
            created_by: self.staff[self.people[n].role.staff],
        };
        let tx = self.demo.store.begin(self.demo.office).await?;
        let id = tx.draft_escalation(&new, day).await?;
        tx.save().await?;
        self.asking[at].id = Some(id);
        self.step(at, Step::Drafted, 0);
        Ok(())
    }

    /// The person reads the very words together with staff.
    async fn read_together(&mut self, at: usize) -> Result<()> {
        let (Some(id), n) = (self.asking[at].id, self.asking[at].person) else { return Ok(()) };
        let tx = self.demo.store.begin(self.demo.office).await?;
        let Some(draft) = tx.escalation(id).await? else { return Ok(()) };
        let staff = Actor::staff(self.staff[self.people[n].role.staff]);
        tx.escalation_read(staff, id, &draft.words_mark(), ReadHow::Together, self.day()).await?;
        tx.save().await?;
        self.step(at, Step::Read, 0);
        Ok(())
    }

    async fn send(&mut self, at: usize) -> Result<()> {
        let (Some(id), n) = (self.asking[at].id, self.asking[at].person) else { return Ok(()) };
        let tx = self.demo.store.begin(self.demo.office).await?;
        let Some(request) = tx.escalation(id).await? else { return Ok(()) };
        let role = &self.people[n].role;
        let (company, staff) = (&COMPANIES[role.company], STAFF[role.staff].0);
        let parties =
            Parties { office: NAME, staff, company: company.name, contact: company.contact, person: &role.name };
        let letter = Letter::new(parties, &request.request).as_text(&self.words, Lang::Ja);
        tx.send_escalation(self.staff[role.staff], id, &letter, self.day()).await?;
        let who = Actor::staff(self.staff[role.staff]);
        let token = tx.create_link(who, LinkKind::Employer, id.0, LINK_VALID).await?;
        self.mail(&tx, n, &request, &token).await?;
        tx.save().await?;
        self.asking[at].token = Some(token);
        self.step(at, Step::Sent, 0);
        let part = self.people[n].role.part;
        if part == Some(Part::EmployerAnswers) {
            self.queue(super::habits::on_day(self.today, 9, 21), Happening::EmployerAnswers(at));
        } else if part != Some(Part::RequestWaits) {
            let answers = self.now() + TimeDelta::hours(self.dice.between(3, 5).into());
            let day = self.next_open(self.day());
            let at_desk = super::habits::on_day(day, 10, 30).max(answers);
            self.queue(at_desk, Happening::EmployerAnswers(at));
        }
        Ok(())
    }

    /// The mail holds a link and nothing about the person.
    async fn mail(&self, tx: &Tx, n: usize, request: &Escalation, token: &str) -> Result<()> {
        let role = &self.people[n].role;
        let company = &COMPANIES[role.company];
        let now = self.now();
        let mail = EscalationMail {
            office: NAME.into(),
            staff: STAFF[role.staff].0.into(),
            phone: "03-0000-0000".into(),
            company: company.name.into(),
            contact: company.contact.into(),
            link: format!("{}/e/{token}", self.demo.public_url),
            answer_by: Some(request.request.answer_by),
            valid_until: self.day() + Days::new(14),
        };
        let text = self.mails.escalation(Lang::Ja, &mail)?;
        let until = now + TimeDelta::days(2);
        tx.add_delivery(&NewDelivery {
            graduate: None,
            check_in: None,
            message: None,
            escalation: Some(request.id),
            purpose: Purpose::Escalation,
            slot: request.id.to_string(),
            channel_id: "mail".into(),
            channel_kind: ChannelKind::Email,
            contact_point: None,
            address: company.email.to_owned(),
            payload: Payload {
                subject: Some(text.subject),
                text: text.text,
                html: Some(text.html),
                ..Payload::default()
            },
            due_at: now,
            window: (now, until),
            expires_at: until,
        })
        .await?;
        Ok(())
    }

    /// The employer opens the link and answers; staff get a task and the person is asked later what became of it.
    pub(crate) async fn employer_answers(&mut self, at: usize) -> Result<()> {
        let asking = &self.asking[at];
        let (Some(id), Some(token), n) = (asking.id, asking.token.clone(), asking.person) else { return Ok(()) };
        let (Some(graduate), Some(words)) = (self.people[n].id, &asking.theme.phrases().request) else { return Ok(()) };
        let day = self.day();
        let tx = self.demo.store.begin(self.demo.office).await?;
        if tx.take_link(LinkKind::Employer, &token).await?.is_none() {
            return Ok(());
        }
        let on = self.next_open(day);
        let answer = EmployerAnswer { kind: AnswerKind::Yes, on: Some(on), text: words.answer.into(), may_show: true };
        tx.answer_escalation(id, &answer).await?;
        let task =
            NewTask::about_request(TaskKind::Employer, TaskReason::EmployerAnswered, (id, graduate), "", self.now());
        tx.add_task(&task).await?;
        if let Some(cadence) = tx.cadence(graduate).await? {
            let mut state = cadence.state;
            state.follow_ups.push(FollowUp { on: on + Days::new(7), escalated_on: day });
            tx.put_cadence(Actor::employer(id), graduate, &state).await?;
        }
        tx.save().await?;
        self.people[n].helped(day);
        self.asking[at].until = Step::Over;
        self.step(at, Step::Answered, 8);
        Ok(())
    }

    async fn tried(&mut self, at: usize) -> Result<()> {
        let (Some(id), n) = (self.asking[at].id, self.asking[at].person) else { return Ok(()) };
        let tx = self.demo.store.begin(self.demo.office).await?;
        let staff = Actor::staff(self.staff[self.people[n].role.staff]);
        tx.escalation_tried(staff, id, self.day() + Days::new(14)).await?;
        tx.save().await?;
        self.step(at, Step::Tried, 14);
        Ok(())
    }

    async fn review(&mut self, at: usize, words: &RequestWords) -> Result<()> {
        let (Some(id), n) = (self.asking[at].id, self.asking[at].person) else { return Ok(()) };
        let lanes = Lanes {
            observed: words.found.into(),
            done: "会社の担当の方と3人で、2週間をふり返った。".into(),
            next: "このまま続ける。月の面談で様子を聞く。".into(),
            ..Lanes::default()
        };
        self.note(n, ContactMode::Visit, lanes).await?;
        let tx = self.demo.store.begin(self.demo.office).await?;
        tx.escalation_reviewed(Actor::staff(self.staff[self.people[n].role.staff]), id).await?;
        tx.save().await?;
        self.step(at, Step::Over, 0);
        Ok(())
    }

    fn step(&mut self, at: usize, step: Step, days: u64) {
        let from = self.day() + Days::new(days);
        let next_on = self.next_open(from);
        let asking = &mut self.asking[at];
        (asking.step, asking.next_on) = (step, next_on);
    }

    fn next_open(&self, day: NaiveDate) -> NaiveDate {
        self.calendar.next_open_day(day).unwrap_or(day)
    }

    /// The day that lies so many of the office's working days after `day`.
    fn after_open_days(&self, day: NaiveDate, days: u32) -> NaiveDate {
        (0..days).fold(day, |day, _| self.next_open(day))
    }
}

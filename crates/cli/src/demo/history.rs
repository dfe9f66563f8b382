//! Virtual time: the clock jumps to whatever comes next, the engine works, people read and answer.

use std::collections::BTreeMap;

use anyhow::Result;
use bansou_channels::{Address, PhoneAction};
use bansou_core::cadence::{CadencePreset, embedded_presets};
use bansou_core::calendar::OfficeCalendar;
use bansou_core::check_in::CheckInState;
use bansou_core::employment::Disclosure;
use bansou_core::ids::{EmployerContactId, EmployerId, EmploymentId, GraduateId, StaffId};
use bansou_core::words::Words;
use bansou_web::mail::Mails;
use bansou_worker::AskedNow;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;
use std::sync::Arc;

use super::clock::Dice;
use super::habits::{Asked, Mood, Say, answer, answers_at, mood, on_day};
use super::office::Opened;
use super::people::{Part, Role, cast};
use super::requests::Asking;
use super::{Demo, DemoTerms, morning};

/// How much history there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Graduates on the list.
    pub graduates: usize,
    /// Check-ins that fell due.
    pub check_ins: usize,
    /// Those of them that were answered.
    pub answered: usize,
    /// Those that wait: planned, due or out.
    pub waiting: usize,
    /// Messages that left.
    pub sent: usize,
    /// Notes that were written.
    pub notes: usize,
    /// Requests to employers.
    pub requests: usize,
}

/// What came of making it.
pub(crate) struct Made {
    pub(crate) figures: Figures,
    pub(crate) first: Option<GraduateId>,
}

/// Something that happens at a moment.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    /// A person joins the office's list.
    Join(usize),
    /// A person types their invite code into LINE.
    Bind(usize, String),
    /// Retention support begins after six months of work.
    Contract(usize),
    /// A job ends.
    Leave(usize),
    /// Support ends.
    EndSupport(usize),
    /// A person says something.
    Speak(usize, Say),
    /// Staff sit down at their desks.
    Desk,
    /// An employer answers.
    EmployerAnswers(usize),
    /// A person's part in the story.
    Act(usize, Act),
}

/// What somebody's part in the story holds for a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Stop,
    Block,
    Pause,
    ChangeJob,
    LoseTrack,
    /// Staff and the person begin a request to the employer.
    BeginRequest,
    /// Writes a question; by the time it is answered the number is gone.
    AskAndVanish,
    Say(&'static str),
}

/// A made-up person in the course of the story.
pub(crate) struct Person {
    pub(crate) role: Role,
    pub(crate) id: Option<GraduateId>,
    pub(crate) employment: Option<EmploymentId>,
    pub(crate) line: Option<Address>,
    pub(crate) sms: Option<Address>,
    /// Left, ended or stopped: staff don't write and nothing is answered.
    pub(crate) away: bool,
    pub(crate) mood_said: Mood,
    /// The newest words were thanks.
    pub(crate) thanked: bool,
    pub(crate) meets_on: NaiveDate,
}

/// Everything while history is made.
pub(crate) struct Sim<'a> {
    pub(crate) demo: &'a Demo,
    pub(crate) dice: Dice,
    pub(crate) people: Vec<Person>,
    pub(crate) companies: Vec<(EmployerId, EmployerContactId)>,
    pub(crate) staff: [StaffId; 3],
    pub(crate) asking: Vec<Asking>,
    pub(crate) calendar: OfficeCalendar,
    pub(crate) presets: Vec<CadencePreset>,
    pub(crate) words: Arc<Words>,
    pub(crate) mails: Mails,
    pub(crate) start: NaiveDate,
    pub(crate) today: NaiveDate,
    pub(crate) notes: usize,
    queue: BTreeMap<(DateTime<Utc>, u64), Happening>,
    queued: u64,
    read: u64,
    by_address: BTreeMap<String, usize>,
}

/// Makes the history of an office that was just opened.
pub(crate) async fn run(demo: &Demo, terms: &DemoTerms, opened: &Opened, progress: impl FnMut(u32)) -> Result<Made> {
    let mut dice = Dice::new(terms.seed);
    let roles = cast(terms.people, opened.start, opened.today, &mut dice);
    let words = Arc::new(Words::embedded());
    let mut sim = Sim {
        demo,
        dice,
        people: roles.into_iter().map(Person::new).collect(),
        companies: opened.companies.clone(),
        staff: opened.staff,
        asking: Vec::new(),
        calendar: morning::calendar(opened.today),
        presets: embedded_presets(),
        mails: Mails::embedded(&words)?,
        words,
        start: opened.start,
        today: opened.today,
        notes: 0,
        queue: BTreeMap::new(),
        queued: 0,
        read: 0,
        by_address: BTreeMap::new(),
    };
    sim.plan_joins();
    sim.plan_desks();
    sim.plan_parts();
    sim.run_until(terms.ends_at, progress).await?;
    sim.made().await
}

impl Person {
    fn new(role: Role) -> Self {
        let meets_on = role.joins_on;
        Self {
            role,
            id: None,
            employment: None,
            line: None,
            sms: None,
            away: false,
            mood_said: Mood::Good,
            thanked: false,
            meets_on,
        }
    }

    pub(crate) fn mood(&self, day: NaiveDate) -> Mood {
        mood(&self.role.episodes, day)
    }

    /// Somebody helped: the episode of this day ends soon.
    pub(crate) fn helped(&mut self, day: NaiveDate) {
        for episode in self.role.episodes.iter_mut().filter(|e| e.from <= day && day <= e.eases) {
            episode.helped.get_or_insert(day);
        }
    }
}

impl Sim<'_> {
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.demo.now()
    }

    /// The day it is in the office.
    pub(crate) fn day(&self) -> NaiveDate {
        self.now().with_timezone(&Tokyo).date_naive()
    }

    pub(crate) fn queue(&mut self, at: DateTime<Utc>, what: Happening) {
        self.queued += 1;
        self.queue.insert((at, self.queued), what);
    }

    pub(crate) fn knows_address(&mut self, address: &Address, person: usize) {
        self.by_address.insert(address.as_str().to_owned(), person);
    }

    /// The working day that lies `back` working days before today.
    pub(crate) fn working_day(&self, back: usize) -> NaiveDate {
        let days = (0..400).map(|n| super::people::back(self.today, n));
        days.filter(|day| self.calendar.is_open_on(*day)).nth(back).unwrap_or(self.start)
    }

    /// Staff sit down three times on a working day; on the last one they go home after lunch, and this morning nobody was
    /// there yet: so there is something to do when the demo begins.
    fn plan_desks(&mut self) {
        let last = self.working_day(1);
        let days: Vec<NaiveDate> = self
            .start
            .iter_days()
            .take_while(|day| *day <= last)
            .filter(|day| self.calendar.is_open_on(*day))
            .collect();
        for day in days {
            for (hour, minute) in [(9, 40), (13, 10), (16, 20)] {
                if day < last || hour < 16 {
                    self.queue(on_day(day, hour, minute), Happening::Desk);
                }
            }
        }
    }

    async fn run_until(&mut self, end: DateTime<Utc>, mut progress: impl FnMut(u32)) -> Result<()> {
        loop {
            let engine = self.settle().await?;
            let now = self.now();
            if now >= end {
                return Ok(());
            }
            // Something that stays due, such as a message that waits for its channel, is looked at every quarter of an hour.
            let engine = engine.map_or(end, |at| if at <= now { now + TimeDelta::minutes(15) } else { at });
            let people = self.queue.keys().next().map_or(end, |(at, _)| *at);
            let next = engine.min(people).min(end).max(now);
            self.demo.clock.set(next);
            progress(u32::try_from((self.day() - self.start).num_days()).unwrap_or(0));
            while let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 <= next) {
                let what = entry.remove();
                self.happen(what).await?;
            }
        }
    }

    /// The engine works until nothing is left to do at this moment, and phones are read. Answers when it has to work again.
    async fn settle(&mut self) -> Result<Option<DateTime<Utc>>> {
        for _ in 0..20 {
            let done = self.demo.engine.tick().await?;
            self.read_phones();
            let next = self.demo.store.next_moment().await?;
            if done == 0 || next.is_none_or(|at| at > self.now()) {
                return Ok(next);
            }
        }
        Ok(self.demo.store.next_moment().await?)
    }

    fn read_phones(&mut self) {
        for message in self.demo.inbox.accepted_after(self.read) {
            self.read = message.number;
            let Some(&n) = self.by_address.get(message.to.as_str()).filter(|_| message.delivered) else { continue };
            let Some(asked) = Asked::read(&message.text, &message.choices) else { continue };
            let day = self.day();
            let person = &self.people[n];
            if person.away {
                continue;
            }
            let (habits, mood) = (person.role.habits, person.mood(day));
            let mut at = answers_at(message.at, habits, mood, &mut self.dice);
            for say in answer(&asked, habits, mood, &mut self.dice) {
                self.queue(at, Happening::Speak(n, say));
                at += TimeDelta::seconds(self.dice.between(20, 90).into());
            }
        }
    }

    async fn happen(&mut self, what: Happening) -> Result<()> {
        match what {
            Happening::Join(n) => self.join(n).await,
            Happening::Bind(n, code) => self.bind(n, code).await,
            Happening::Contract(n) => self.contract(n).await,
            Happening::Leave(n) => self.leave(n).await,
            Happening::EndSupport(n) => self.end_support(n).await,
            Happening::Speak(n, say) => self.speak(n, say).await,
            Happening::Desk => self.desk().await,
            Happening::EmployerAnswers(n) => self.employer_answers(n).await,
            Happening::Act(n, act) => self.act(n, act).await,
        }
    }

    /// A person presses, types or writes, by LINE where they have it.
    pub(crate) async fn speak(&mut self, n: usize, say: Say) -> Result<()> {
        let day = self.day();
        let person = &mut self.people[n];
        if person.away {
            return Ok(());
        }
        person.mood_said = person.mood(day);
        person.thanked = matches!(&say, Say::Text(text) if super::phrases::THANKS.contains(&text.as_str()));
        let (line, sms) = (person.line.clone(), person.sms.clone());
        match (line, sms, say) {
            (Some(line), _, Say::Tap(data)) => self.demo.act(&line, &PhoneAction::Tap { data }).await,
            (Some(line), _, Say::Text(text)) => self.demo.act(&line, &PhoneAction::Text(text)).await,
            (None, Some(sms), Say::Text(text)) => self.demo.write_sms(&sms, &text).await,
            (None, _, _) => Ok(()),
        }
    }

    async fn made(self) -> Result<Made> {
        let tx = self.demo.store.read(self.demo.office).await?;
        let mut figures = Figures {
            graduates: self.people.iter().filter(|person| person.id.is_some()).count(),
            sent: self.demo.inbox.accepted_after(0).len(),
            notes: self.notes,
            requests: self.asking.iter().filter(|asking| asking.id.is_some()).count(),
            ..Figures::default()
        };
        for id in self.people.iter().filter_map(|person| person.id) {
            for row in tx.check_ins_of(id, 10_000).await? {
                figures.check_ins += 1;
                figures.answered += usize::from(row.state == CheckInState::Answered);
                figures.waiting += usize::from(!row.state.is_closed());
            }
        }
        let first = self.first().await?;
        Ok(Made { figures, first })
    }

    /// With whom a beginner can do every step this morning: a check-in can still come, and the employer may be asked. The
    /// sleeper's story suits best; on some mornings their check-in has come already.
    async fn first(&self) -> Result<Option<GraduateId>> {
        let mut people: Vec<_> = self.people.iter().collect();
        people.sort_by_key(|person| (person.role.part != Some(Part::Sleeper), person.role.part.is_some()));
        for person in people {
            let suits = person.line.is_some() && !person.away && person.role.disclosure == Disclosure::Open;
            let Some(id) = person.id.filter(|_| suits) else { continue };
            if self.demo.may_ask_now(id).await? == AskedNow::OnItsWay {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

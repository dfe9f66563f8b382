//! The engine's jobs: plan, send, listen, notice; each on both databases, judged by the simulator's own ledger.

mod alarm;
mod answered;
mod asked_of_line;
mod attachments;
mod away;
mod changes;
mod clocks;
mod early;
mod inbound;
mod journal;
mod last_look;
mod mail;
mod missed;
mod one_a_day;
mod planning;
mod poison;
mod restored;
mod safe_text;
mod sending;
mod switches;

use std::sync::Arc;

use bansou_channels::{Channel, LineChannel, SimulatorInbox, TwilioChannel};
use bansou_core::calendar::Holidays;
use bansou_core::check_in::CheckInState;
use bansou_core::ids::GraduateId;
use bansou_core::message::Templates;
use bansou_core::signs::Lexicon;
use bansou_core::task::TaskReason;
use bansou_store::{CheckIn, ClaimTerms, Delivery};
use bansou_tests::ambient::{TestClock, moment};
use bansou_tests::fakes::{LineFake, TwilioFake};
use bansou_tests::world::World;
use bansou_worker::{Engine, EngineParts, SendTerms};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;

use crate::virtual_days::{line_settings, twilio_settings};

/// An office whose LINE and SMS providers keep their own ledgers and fail by a script.
struct Faked {
    world: World,
    line: LineFake,
    twilio: TwilioFake,
}

impl Faked {
    async fn open(url: &str, now: &str) -> Self {
        let clock = TestClock::new(moment(now));
        let line = LineFake::start(Arc::clone(&clock) as _, 1).await;
        let twilio = TwilioFake::start(Arc::clone(&clock) as _, 2).await;
        let channels = vec![
            Channel::Line(LineChannel::new(line_settings(&line)).unwrap()),
            Channel::Twilio(TwilioChannel::new(twilio_settings(&twilio)).unwrap()),
        ];
        let world = World::with_channels(url, clock, channels, SimulatorInbox::new()).await;
        Self { world, line, twilio }
    }

    /// A second process on the same office and LINE account, with terms of its own.
    fn engine(&self, terms: SendTerms) -> Engine {
        Engine::new(EngineParts {
            store: self.world.store.clone(),
            channels: vec![Channel::Line(LineChannel::new(line_settings(&self.line)).unwrap())],
            holidays: Arc::new(Holidays::embedded()),
            templates: Templates::embedded(),
            lexicon: Arc::new(Lexicon::embedded()),
            public_url: "https://bansou.example".into(),
            terms,
        })
    }
}

/// Claims at a moment, as a process would that dies right after.
async fn claim(world: &World, now: &str) -> Vec<Delivery> {
    world.clock.set_to(now);
    let terms = ClaimTerms {
        now: moment(now),
        today: moment(now).with_timezone(&Tokyo).date_naive(),
        day_began: day_began(moment(now)),
        limit: 100,
        lease: TimeDelta::seconds(120),
        margin: TimeDelta::seconds(40),
    };
    let tx = world.begin().await;
    let claimed = tx.claim(&terms).await.unwrap();
    tx.save().await.unwrap();
    claimed
}

/// When the day of a moment began in Japan, whose clocks are never changed.
fn day_began(now: DateTime<Utc>) -> DateTime<Utc> {
    now - (now.with_timezone(&Tokyo).time() - NaiveTime::MIN)
}

/// Why there are open tasks.
async fn reasons(world: &World) -> Vec<TaskReason> {
    world.begin().await.open_tasks().await.unwrap().iter().map(|task| task.reason).collect()
}

/// A day.
fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A graduate's rows, oldest first.
async fn rows(world: &World, graduate: GraduateId) -> Vec<CheckIn> {
    let mut rows = world.begin().await.check_ins_of(graduate, 1000).await.unwrap();
    rows.reverse();
    rows
}

/// States of a graduate's rows, oldest first.
async fn states(world: &World, graduate: GraduateId) -> Vec<CheckInState> {
    rows(world, graduate).await.iter().map(|row| row.state).collect()
}

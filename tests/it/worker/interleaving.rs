//! Random histories, repeatable from their seed: plans, sends, faults, crashes, lost leases, stops, pauses, new addresses and
//! hours, clocks put on and back, answers; in any order. The providers' own ledgers say whether the promises held.

use std::collections::HashMap;

use bansou_core::audit::Actor;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{answer_data, parse_answer_data};
use bansou_core::graduate::PauseDates;
use bansou_core::hours::WeekHours;
use bansou_core::ids::{CheckInId, GraduateId};
use bansou_store::Pause;
use bansou_tests::database::TestDatabase;
use bansou_tests::fakes::Fault;
use bansou_tests::world::{line_user, mobile};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Asia::Tokyo;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;
use serde_json::json;

use super::{Faked, claim, day, rows};
use crate::virtual_days::is_outside;

const MORNING: &str = "2026-04-06T08:30:00+09:00";
const PEOPLE: u32 = 4;
/// A person's later addresses differ by multiples of this.
const NEXT_ADDRESS: u32 = 100;

struct History {
    stage: Faked,
    rng: ChaCha20Rng,
    people: Vec<GraduateId>,
    /// Who stopped, and how much the providers had taken by then: clocks jump, ledgers only grow.
    stopped: HashMap<u32, (usize, usize)>,
    counter: u32,
}

impl History {
    async fn begin(database: &TestDatabase, seed: u64) -> Self {
        let stage = Faked::open(database.url(), MORNING).await;
        let mut people = Vec::new();
        for n in 1..=PEOPLE {
            let kinds: &[ContactKind] = match n {
                1 => &[ContactKind::Line],
                2 => &[ContactKind::Sms],
                _ => &[ContactKind::Line, ContactKind::Sms],
            };
            people.push(stage.world.graduate_with(n, day("2026-04-02"), kinds).await);
        }
        Self { stage, rng: ChaCha20Rng::seed_from_u64(seed), people, stopped: HashMap::new(), counter: 0 }
    }

    async fn step(&mut self) {
        let engine = self.stage.world.engine.clone();
        match self.rng.random_range(0..100) {
            0..12 => drop(engine.plan().await.unwrap()),
            12..37 => {
                self.faults();
                engine.dispatch().await.unwrap();
            }
            37..42 => drop(claim(&self.stage.world, &self.stage.world.now().to_rfc3339()).await),
            42..57 => drop(engine.sweep().await.unwrap()),
            57..60 => drop(engine.silence().await.unwrap()),
            60..66 => self.answer().await,
            66..70 => drop(engine.inbound().await.unwrap()),
            70..95 => self.time_passes(),
            _ => self.change().await,
        }
    }

    fn faults(&mut self) {
        let fault = match self.rng.random_range(0..12) {
            0 => Some(Fault::ErrorBefore),
            1 | 2 => Some(Fault::ErrorAfter),
            3 => Some(Fault::ResetAfter),
            4 => Some(Fault::RateLimited),
            5 if self.rng.random_range(0..4) == 0 => Some(Fault::MonthlyQuota),
            _ => None,
        };
        let fakes = [self.stage.line.faults(), self.stage.twilio.faults()];
        fakes[self.rng.random_range(0..2)].script([fault]);
    }

    fn time_passes(&mut self) {
        let by = match self.rng.random_range(0..20) {
            0 => TimeDelta::minutes(-self.rng.random_range(1..30)),
            1..12 => TimeDelta::seconds(self.rng.random_range(20..300)),
            _ => TimeDelta::minutes(self.rng.random_range(20..150)),
        };
        self.stage.world.clock.advance(by);
    }

    async fn answer(&mut self) {
        let n = self.rng.random_range(1..=PEOPLE);
        let Some(row) = rows(&self.stage.world, self.people[n as usize - 1]).await.pop() else { return };
        self.counter += 1;
        let event = json!({ "type": "postback", "postback": { "data": answer_data(row.id, "good") } });
        self.stage.world.line_event(&format!("e{}", self.counter), &line_user(n), event).await;
    }

    async fn change(&mut self) {
        let n = self.rng.random_range(1..=PEOPLE);
        let (world, graduate) = (&self.stage.world, self.people[n as usize - 1]);
        let staff = Actor::staff(world.staff);
        let today: NaiveDate = world.now().with_timezone(&Tokyo).date_naive();
        let tx = world.begin().await;
        match self.rng.random_range(0..12) {
            0 => {
                tx.stop_contact(staff, graduate).await.unwrap();
                self.stopped.entry(n).or_insert((self.stage.line.accepted().len(), self.stage.twilio.accepted().len()));
            }
            1 | 2 => {
                let dates = PauseDates { from: today, until: Some(today + TimeDelta::days(2)) };
                tx.pause_graduate(staff, graduate, &Pause { dates, reason: "旅行".into() }).await.unwrap();
            }
            3 => tx.unpause_graduate(staff, graduate).await.unwrap(),
            4 => tx.stop_sending(Some(world.now())).await.unwrap(),
            5 | 6 => tx.stop_sending(None).await.unwrap(),
            7 | 8 if n != 2 => {
                self.counter += 1;
                let address = line_user(n + NEXT_ADDRESS * self.counter);
                tx.set_address(staff, graduate, ContactKind::Line, &address).await.unwrap();
            }
            9 => {
                let mut details = tx.graduate(graduate).await.unwrap().unwrap().details;
                let hours = ["09:00-12:00", "13:00-17:00", "09:00-17:30"][self.rng.random_range(0..3)];
                details.hours.week = WeekHours::every_day(hours).unwrap();
                tx.change_graduate(staff, graduate, &details).await.unwrap();
            }
            _ => {}
        }
        tx.save().await.unwrap();
    }

    /// Everything runs on without faults until whatever began has had time to end; then the ledgers are read.
    async fn judge(self, seed: u64) -> usize {
        let world = &self.stage.world;
        let tx = world.begin().await;
        tx.stop_sending(None).await.unwrap();
        tx.save().await.unwrap();
        let end = world.now().with_timezone(&Tokyo).date_naive();
        world.run_until(world.now() + TimeDelta::days(9)).await;
        for graduate in &self.people {
            for row in rows(world, *graduate).await.iter().filter(|row| row.due_on <= end) {
                assert!(row.state.is_closed(), "seed {seed}: {} of {} is open", row.id, row.due_on);
            }
        }
        let (line, sms) = (self.stage.line.accepted(), self.stage.twilio.accepted());
        let mut per_check_in: HashMap<CheckInId, u32> = HashMap::new();
        let mut per_day: HashMap<(u32, NaiveDate), u32> = HashMap::new();
        for (at, message) in line.iter().enumerate() {
            let n = u32::from_str_radix(&message.to[25..], 16).unwrap() % NEXT_ADDRESS;
            assert!(!is_outside(message.at), "seed {seed}: LINE took one at {}", message.at);
            assert!(self.stopped.get(&n).is_none_or(|(line, _)| at < *line), "seed {seed}: LINE after a stop");
            assert!(message.texts[0].starts_with(&format!("見本{n}さん")), "seed {seed}: the wrong person");
            if let Some((id, _)) = message.choices.first().and_then(|data| parse_answer_data(data)) {
                *per_check_in.entry(id).or_default() += 1;
                *per_day.entry((n, message.at.with_timezone(&Tokyo).date_naive())).or_default() += 1;
            }
        }
        for (at, message) in sms.iter().enumerate() {
            let n = (1..=PEOPLE).find(|n| mobile(*n) == message.to).unwrap();
            assert!(!is_outside(message.at), "seed {seed}: an SMS at {}", message.at);
            assert!(self.stopped.get(&n).is_none_or(|(_, sms)| at < *sms), "seed {seed}: an SMS after a stop");
            *per_day.entry((n, message.at.with_timezone(&Tokyo).date_naive())).or_default() += 1;
        }
        assert!(per_check_in.values().all(|count| *count == 1), "seed {seed}: doubled on LINE");
        assert!(per_day.values().all(|count| *count == 1), "seed {seed}: {per_day:?}");
        line.len() + sms.len()
    }
}

async fn histories(database: &TestDatabase, seed: u64) -> usize {
    let mut history = History::begin(database, seed).await;
    for _ in 0..300 {
        history.step().await;
    }
    history.judge(seed).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_order_of_events_breaks_a_promise_on_sqlite() {
    let mut sent = 0;
    for seed in 0..20 {
        sent += histories(&TestDatabase::sqlite(), seed).await;
    }
    assert!(sent > 100, "too little was sent to say anything: {sent}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_order_of_events_breaks_a_promise_on_postgres() {
    for seed in 100..103 {
        let Some(database) = TestDatabase::postgres().await else { return };
        histories(&database, seed).await;
    }
}

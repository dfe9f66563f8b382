//! Two hundred made-up people with habits: who answers, when, how, and who stops.

use std::collections::{BTreeMap, HashMap};

use bansou_channels::Channel;
use bansou_core::audit::Actor;
use bansou_core::contact::ContactKind;
use bansou_core::graduate::PauseDates;
use bansou_core::ids::GraduateId;
use bansou_store::Pause;
use bansou_tests::fakes::LineFake;
use bansou_tests::world::{line_user, mobile};
use bansou_worker::receive;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::Stage;

const INBOUND_URL: &str = "https://bansou.example/webhooks/twilio/sms-main/inbound";

/// What somebody does at a moment.
enum Act {
    Press { n: u32, data: String },
    Write { n: u32, text: String },
    Text { n: u32, text: String },
}

/// Everybody and what they are about to do.
pub(super) struct People {
    pub(super) ids: HashMap<u32, GraduateId>,
    /// When somebody said stop.
    pub(super) stopped: HashMap<u32, DateTime<Utc>>,
    /// Days on which somebody's contact is paused.
    pub(super) pauses: HashMap<u32, PauseDates>,
    plans: BTreeMap<(DateTime<Utc>, u64), Act>,
    rng: ChaCha20Rng,
    seen_line: usize,
    seen_sms: usize,
    counter: u64,
    silent: bool,
}

impl People {
    pub(super) async fn move_in(stage: &Stage, count: u32) -> Self {
        let mut people = Self {
            ids: HashMap::new(),
            stopped: HashMap::new(),
            pauses: HashMap::new(),
            plans: BTreeMap::new(),
            rng: ChaCha20Rng::seed_from_u64(5),
            seen_line: 0,
            seen_sms: 0,
            counter: 0,
            silent: false,
        };
        let today: NaiveDate = "2026-04-06".parse().unwrap();
        for n in 1..=count {
            let hired_on = today - TimeDelta::days(i64::from((n * 7) % 80)) + TimeDelta::days(5);
            let kinds: &[ContactKind] = match n % 10 {
                0 => &[ContactKind::Phone],
                1 => &[ContactKind::Sms],
                2 | 3 => &[ContactKind::Line],
                _ => &[ContactKind::Line, ContactKind::Sms],
            };
            let id = stage.world.graduate_with(n, hired_on, kinds).await;
            people.ids.insert(n, id);
            people.quirks(stage, n, id).await;
        }
        people
    }

    /// Some have blocked the account, some have a LINE id that is gone, a landline, a pause.
    async fn quirks(&mut self, stage: &Stage, n: u32, id: GraduateId) {
        match n % 40 {
            4 => stage.line.block(&line_user(n)),
            5 => stage.line.forget_user(&line_user(n)),
            11 => stage.twilio.add_landline(&mobile(n)),
            21 => stage.twilio.opt_out(&mobile(n)),
            17 => {
                let dates =
                    PauseDates { from: "2026-04-20".parse().unwrap(), until: Some("2026-05-10".parse().unwrap()) };
                let tx = stage.world.begin().await;
                let pause = Pause { dates, reason: "旅行".into() };
                tx.pause_graduate(Actor::staff(stage.world.staff), id, &pause).await.unwrap();
                tx.save().await.unwrap();
                self.pauses.insert(n, dates);
            }
            18 => {
                let at = stage.world.now() + TimeDelta::days(i64::from(n % 37)) + TimeDelta::hours(17);
                self.plan(at, Act::Write { n, text: "配信停止".into() });
            }
            31 => {
                let at = stage.world.now() + TimeDelta::days(i64::from(n % 29)) + TimeDelta::hours(5);
                self.plan(at, Act::Text { n, text: "STOP".into() });
            }
            _ => {}
        }
    }

    /// Whoever got something decides what to do about it.
    pub(super) fn look_at_phones(&mut self, stage: &Stage) {
        let now = stage.world.now();
        let accepted = stage.line.accepted();
        for message in &accepted[self.seen_line..] {
            if self.silent || !message.delivered || message.choices.is_empty() {
                continue;
            }
            let n = u32::from_str_radix(&message.to[25..], 16).unwrap();
            let at = now + TimeDelta::minutes(self.rng.random_range(2..1_200));
            match self.rng.random_range(0..10) {
                0..6 => {
                    let which = self.rng.random_range(0..message.choices.len());
                    self.plan(at, Act::Press { n, data: message.choices[which].clone() });
                }
                6 => self.plan(at, Act::Write { n, text: "昨日はよく眠れませんでした".into() }),
                7 => self.plan(at, Act::Write { n, text: "２".into() }),
                _ => {}
            }
        }
        self.seen_line = accepted.len();
        let accepted = stage.twilio.accepted();
        for message in &accepted[self.seen_sms..] {
            if self.silent || self.rng.random_range(0..10) > 6 {
                continue;
            }
            let n: u32 = message.to["+819012".len()..].parse().unwrap();
            let at = now + TimeDelta::minutes(self.rng.random_range(2..1_200));
            self.plan(at, Act::Text { n, text: "1".into() });
        }
        self.seen_sms = accepted.len();
    }

    /// Does what is due, through the same door as a provider; every tenth event comes twice.
    pub(super) async fn act(&mut self, stage: &Stage) {
        let world = &stage.world;
        while let Some(entry) = self.plans.first_entry() {
            if entry.key().0 > world.now() {
                return;
            }
            let act = entry.remove();
            let times = if self.rng.random_range(0..10) == 0 { 2 } else { 1 };
            let (n, text) = match &act {
                Act::Press { n, .. } => (*n, ""),
                Act::Write { n, text } | Act::Text { n, text } => (*n, text.as_str()),
            };
            let (channel, rows) = match &act {
                Act::Press { n, data } => line(stage, &stage.line.postback_event(&line_user(*n), data)),
                Act::Write { n, text } => line(stage, &stage.line.text_event(&line_user(*n), text)),
                Act::Text { n, text } => sms(stage, *n, text),
            };
            for _ in 0..times {
                world.store.store_inbound(world.office, channel, &rows).await.unwrap();
            }
            if matches!(text, "配信停止" | "STOP") {
                self.stopped.insert(n, world.now());
            }
        }
    }

    pub(super) fn next_act(&self) -> Option<DateTime<Utc>> {
        self.plans.keys().next().map(|(at, _)| *at)
    }

    /// Nobody answers any more.
    pub(super) fn fall_silent(&mut self) {
        self.silent = true;
        self.plans.clear();
    }

    fn plan(&mut self, at: DateTime<Utc>, act: Act) {
        self.counter += 1;
        self.plans.insert((at, self.counter), act);
    }
}

fn line(stage: &Stage, event: &serde_json::Value) -> (&'static str, Vec<bansou_store::NewInbound>) {
    let call = LineFake::webhook(std::slice::from_ref(event));
    let rows = receive::line(&stage.channels[0], &call.body, &call.signature, stage.world.now()).unwrap();
    ("line-main", rows)
}

fn sms(stage: &Stage, n: u32, text: &str) -> (&'static str, Vec<bansou_store::NewInbound>) {
    let call = stage.twilio.inbound(INBOUND_URL, &mobile(n), text);
    let Channel::Twilio(_) = &stage.channels[1] else { unreachable!("the second channel is Twilio") };
    let now = stage.world.now();
    let rows = receive::twilio_inbound(&stage.channels[1], INBOUND_URL, &call.body, &call.signature, now).unwrap();
    ("sms-main", rows)
}

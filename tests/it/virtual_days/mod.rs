//! Sixty virtual days with faults: the providers' own ledgers are the judge.
//!
//! Two hundred made-up people, a LINE and an SMS provider that fail before and after taking a message, reset connections, limit
//! rates and know blocked people, three days of outage, stops and pauses. Then our ledger is compared with theirs.

mod judge;
mod people;

use std::sync::Arc;

use bansou_channels::{
    Channel, LineChannel, LineSettings, Secret, SimulatorInbox, Timeouts, TwilioChannel, TwilioSettings,
};
use bansou_tests::ambient::{TestClock, moment};
use bansou_tests::fakes::{Fault, LineFake, TwilioFake, line as line_fake, twilio as twilio_fake};
use bansou_tests::for_each_database;
use bansou_tests::world::World;
use chrono::{DateTime, TimeDelta, Utc};

use judge::judge;
use people::People;

/// Golden Week and its long break lie in these days.
const START: &str = "2026-04-06T06:00:00+09:00";
const DAYS: i64 = 60;
/// After the last day nobody answers any more, and every open row has to reach its end by itself.
const DRAIN: i64 = 10;
const PEOPLE: u32 = 200;

const RATES: [(Fault, u32); 6] = [
    (Fault::ErrorBefore, 30),
    (Fault::ErrorAfter, 30),
    (Fault::ResetBefore, 20),
    (Fault::ResetAfter, 30),
    (Fault::RateLimited, 30),
    (Fault::Late(1), 10),
];

/// Everything that plays a part.
struct Stage {
    world: World,
    line: LineFake,
    twilio: TwilioFake,
    /// The same channels as the engine's, to check what the fakes post.
    channels: Vec<Channel>,
}

async fn stage(url: &str) -> Stage {
    let clock = TestClock::new(moment(START));
    let line = LineFake::start(Arc::clone(&clock) as _, 11).await;
    let twilio = TwilioFake::start(Arc::clone(&clock) as _, 12).await;
    line.faults().set_rates(&RATES);
    twilio.faults().set_rates(&RATES);
    let channels = vec![
        Channel::Line(LineChannel::new(line_settings(&line)).unwrap()),
        Channel::Twilio(TwilioChannel::new(twilio_settings(&twilio)).unwrap()),
    ];
    let world = World::with_channels(url, clock, channels.clone(), SimulatorInbox::new()).await;
    Stage { world, line, twilio, channels }
}

pub(crate) fn line_settings(fake: &LineFake) -> LineSettings {
    LineSettings {
        id: "line-main".into(),
        base_url: fake.base_url(),
        content_base_url: None,
        channel_secrets: vec![Secret::new(line_fake::CHANNEL_SECRET)],
        channel_access_token: Secret::new(line_fake::ACCESS_TOKEN),
        pushes_per_second: bansou_channels::PUSHES_PER_SECOND,
        timeouts: Timeouts::default(),
    }
}

pub(crate) fn twilio_settings(fake: &TwilioFake) -> TwilioSettings {
    TwilioSettings {
        id: "sms-main".into(),
        base_url: fake.base_url(),
        account_sid: twilio_fake::ACCOUNT_SID.into(),
        auth_tokens: vec![Secret::new(twilio_fake::AUTH_TOKEN)],
        from: Some(twilio_fake::FROM.into()),
        messaging_service_sid: None,
        timeouts: Timeouts::default(),
    }
}

/// Runs people and engine to `end`, jumping from one thing that happens to the next.
async fn play(stage: &Stage, people: &mut People, end: DateTime<Utc>) {
    let world = &stage.world;
    while world.now() < end {
        world.tick().await;
        people.look_at_phones(stage);
        people.act(stage).await;
        world.tick().await;
        let soon = world.now() + TimeDelta::minutes(15);
        let next = world.store.next_moment().await.unwrap();
        let next = next.map_or(end, |next| if next <= world.now() { soon } else { next });
        let next = people.next_act().map_or(next, |act| act.clamp(world.now(), next));
        world.clock.set(next.min(end));
    }
    world.tick().await;
}

for_each_database! {
    async fn sixty_days_with_faults_lose_nothing_double_nothing_and_disturb_nobody(database: &TestDatabase) {
        let stage = stage(database.url()).await;
        let mut people = People::move_in(&stage, PEOPLE).await;
        let start = moment(START);
        play(&stage, &mut people, start + TimeDelta::days(20)).await;
        // Three days without us: a closed office with its machine switched off.
        stage.world.clock.set(start + TimeDelta::days(23));
        play(&stage, &mut people, start + TimeDelta::days(DAYS)).await;
        people.fall_silent();
        play(&stage, &mut people, start + TimeDelta::days(DAYS + DRAIN)).await;
        judge(&stage, &people, start + TimeDelta::days(DAYS)).await;
    }
}

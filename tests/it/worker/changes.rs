//! What changes between planning and sending, and what a channel's trouble does to rows that wait.

use std::collections::BTreeSet;
use std::sync::Arc;

use bansou_channels::{Address, Channel, ChannelKind, Secret, SimulatorChannel, SimulatorInbox};
use bansou_core::audit::Actor;
use bansou_core::calendar::Holidays;
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::ContactKind;
use bansou_core::delivery::ChannelTrouble;
use bansou_core::graduate::PauseDates;
use bansou_core::hours::WeekHours;
use bansou_core::ids::GraduateId;
use bansou_core::message::Templates;
use bansou_core::office::OfficeSettings;
use bansou_core::signs::Lexicon;
use bansou_core::silence::SilenceRule;
use bansou_core::task::TaskReason;
use bansou_store::{Pause, Recorded};
use bansou_tests::ambient::moment;
use bansou_tests::fakes::Fault;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user, mobile};
use bansou_worker::{Engine, EngineParts, SendTerms};
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Asia::Tokyo;

use super::{Faked, claim, day, reasons, rows, states};

const MORNING: &str = "2026-04-01T07:00:00+09:00";
const EVENING: &str = "2026-04-01T22:00:00+09:00";
const NEXT_EVENING: &str = "2026-04-02T22:00:00+09:00";

async fn settings(world: &World, change: impl FnOnce(&mut OfficeSettings)) {
    let tx = world.begin().await;
    let office = tx.own_office().await.unwrap();
    let mut settings = office.settings.clone();
    change(&mut settings);
    tx.change_office(&office.name, &settings).await.unwrap();
    tx.save().await.unwrap();
}

async fn hours(world: &World, graduate: GraduateId, week: WeekHours) {
    let tx = world.begin().await;
    let mut details = tx.graduate(graduate).await.unwrap().unwrap().details;
    details.hours.week = week;
    tx.change_graduate(Actor::staff(world.staff), graduate, &details).await.unwrap();
    tx.save().await.unwrap();
}

async fn due(world: &World, graduate: GraduateId) -> DateTime<Utc> {
    world.begin().await.deliveries_of(graduate, 1).await.unwrap()[0].due_at
}

for_each_database! {
    async fn hours_that_a_person_changes_after_planning_are_obeyed(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        for n in 1..=12 {
            let graduate = world.graduate(n, day("2026-03-30")).await;
            world.engine.plan().await.unwrap();
            let morning = due(&world, graduate).await.with_timezone(&Tokyo).hour() < 12;
            let other_half = if morning { "13:00-17:00" } else { "09:00-12:00" };
            hours(&world, graduate, WeekHours::every_day(other_half).unwrap()).await;
        }
        world.run_until(moment(NEXT_EVENING)).await;
        let tx = world.begin().await;
        let mut sent = 0;
        for n in 1..=12 {
            for message in world.inbox.messages_to(&Address::new(line_user(n))) {
                let point = tx.contact_points_at(ContactKind::Line, &line_user(n)).await.unwrap().remove(0);
                let person = tx.graduate(point.graduate).await.unwrap().unwrap();
                let local = message.at.with_timezone(&Tokyo);
                let afternoon = WeekHours::every_day("13:00-17:00").unwrap() == person.details.hours.week;
                assert_eq!(local.hour() >= 13, afternoon, "{local}");
                sent += 1;
            }
        }
        assert_eq!(sent, 12, "whose hours moved to a morning that was over gets theirs the next morning");
    }

    async fn a_closure_day_that_is_entered_after_planning_is_obeyed(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        settings(&world, |settings| settings.closures = BTreeSet::from([day("2026-04-01")])).await;
        world.run_until(moment(EVENING)).await;
        assert!(world.inbox.accepted_after(0).is_empty());
        world.run_until(moment("2026-04-02T22:00:00+09:00")).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 1, "on the next open day");
        assert_eq!(states(&world, graduate).await, [CheckInState::Out]);
    }

    async fn while_a_channel_stands_still_what_waits_for_it_goes_by_the_next_way(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let both = world.graduate(1, day("2026-03-30")).await;
        let only_line = world.graduate_with(2, day("2026-03-30"), &[ContactKind::Line]).await;
        world.engine.plan().await.unwrap();
        let tx = world.begin().await;
        tx.stop_channel("line-main", moment("2026-05-01T00:00:00+09:00"), ChannelTrouble::MonthlyQuota).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.messages_to(&Address::new(mobile(1))).len(), 1);
        assert_eq!(states(&world, both).await, [CheckInState::Out]);
        assert_eq!(states(&world, only_line).await, [CheckInState::HandedOver]);
        let row = &rows(&world, only_line).await[0];
        // Not at the end of the day: staff still have time to call.
        assert!(row.closed_at.unwrap() < moment("2026-04-01T17:00:00+09:00"));
    }

    async fn a_channel_that_is_not_configured_any_more_gives_way_to_the_next_one(database: &TestDatabase) {
        let mut world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let inbox = SimulatorInbox::new();
        let sms = SimulatorChannel::new("sms-main", ChannelKind::Sms, inbox.clone(), Secret::new("simulator"));
        world.engine = Engine::new(EngineParts {
            store: world.store.clone(),
            channels: vec![Channel::Simulator(sms)],
            holidays: Arc::new(Holidays::embedded()),
            templates: Templates::embedded(),
            lexicon: Arc::new(Lexicon::embedded()),
            public_url: "https://bansou.example".into(),
            terms: SendTerms::default(),
        });
        world.run_until(moment(EVENING)).await;
        assert_eq!(inbox.messages_to(&Address::new(mobile(1))).len(), 1);
        assert_eq!(states(&world, graduate).await, [CheckInState::Out]);
        assert!(reasons(&world).await.contains(&TaskReason::ChannelBroken));
    }

    async fn a_retry_that_lies_behind_the_windows_end_is_made_in_the_next_one(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let delivery = claim(&world, &due(&world, graduate).await.to_rfc3339()).await.remove(0);
        let tx = world.begin().await;
        let again = Recorded::Again { at: delivery.expires_at + TimeDelta::hours(3), code: "wait".into() };
        assert!(tx.record(delivery.id, delivery.fence, &again).await.unwrap());
        tx.save().await.unwrap();
        world.run_until(moment(NEXT_EVENING)).await;
        assert_eq!(states(&world, graduate).await, [CheckInState::Out]);
        assert_eq!(world.inbox.accepted_after(0).len(), 1);
    }

    async fn after_an_unclear_try_no_refusal_proves_that_it_did_not_go_out(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let graduate = stage.world.graduate(1, day("2026-03-30")).await;
        // LINE takes it and its answer is lost; the second try is refused before LINE looks at the key.
        stage.line.faults().script([Some(Fault::ErrorAfter), Some(Fault::MonthlyQuota)]);
        stage.world.run_until(moment(EVENING)).await;
        assert_eq!(stage.line.accepted().len(), 1);
        assert_eq!(stage.twilio.accepted().len(), 0, "never out twice");
        let row = &rows(&stage.world, graduate).await[0];
        assert_eq!((row.state, row.state_reason), (CheckInState::HandedOver, Some(CloseReason::Unclear)));
    }

    async fn a_rate_limit_after_an_unclear_try_and_then_a_new_address_make_one_message(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        stage.line.faults().script([Some(Fault::ErrorAfter), Some(Fault::RateLimited)]);
        world.engine.plan().await.unwrap();
        let at = due(world, graduate).await;
        world.run_until(at + TimeDelta::seconds(40)).await;
        assert_eq!(stage.line.seen().len(), 2);
        let tx = world.begin().await;
        tx.set_address(Actor::staff(world.staff), graduate, ContactKind::Line, &line_user(99)).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment(EVENING)).await;
        assert_eq!(stage.line.accepted().len() + stage.twilio.accepted().len(), 1);
        assert_eq!(rows(world, graduate).await[0].state_reason, Some(CloseReason::Unclear));
    }

    async fn somebody_who_can_be_reached_on_thursdays_only_gets_wednesdays_check_in_on_thursday(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        hours(&world, graduate, WeekHours::default().with_day(chrono::Weekday::Thu, "09:00-17:00").unwrap()).await;
        world.run_until(moment("2026-04-10T22:00:00+09:00")).await;
        let sent = world.inbox.messages_to(&Address::new(line_user(1)));
        let days: Vec<_> = sent.iter().map(|message| message.at.with_timezone(&Tokyo).date_naive()).collect();
        assert_eq!(days, ["2026-04-02", "2026-04-09"].map(day), "one message on each Thursday");
        let rows = rows(&world, graduate).await;
        assert!(rows.iter().all(|row| row.state != CheckInState::HandedOver));
        // Due on the 6th (from Saturday) and the 7th: the newer one takes the older one's place.
        assert_eq!(rows[1].state_reason, Some(CloseReason::Superseded));
    }

    async fn silence_is_noticed_though_the_next_check_in_has_gone_out_before(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        settings(&world, |settings| {
            settings.silence = SilenceRule { hours: 144, at_least_hours: 144, at_most_hours: 144 };
        }).await;
        world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment("2026-04-09T22:00:00+09:00")).await;
        assert!(reasons(&world).await.contains(&TaskReason::Silent));
    }

    async fn an_answer_to_the_newest_check_in_ends_the_waiting_for_older_ones(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        settings(&world, |settings| {
            settings.silence = SilenceRule { hours: 144, at_least_hours: 144, at_most_hours: 144 };
        }).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment("2026-04-06T22:00:00+09:00")).await;
        assert_eq!(states(&world, graduate).await, [CheckInState::Out, CheckInState::Out]);
        world.says("e1", 1, "元気です").await;
        assert_eq!(states(&world, graduate).await, [CheckInState::Silent, CheckInState::Answered]);
        assert!(!reasons(&world).await.contains(&TaskReason::Silent));
    }

    async fn after_an_open_ended_pause_only_the_future_counts(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        let tx = world.begin().await;
        let dates = PauseDates { from: day("2026-04-02"), until: None };
        tx.pause_graduate(Actor::staff(world.staff), graduate, &Pause { dates, reason: "入院".into() }).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment("2026-06-10T08:00:00+09:00")).await;
        let tx = world.begin().await;
        tx.unpause_graduate(Actor::staff(world.staff), graduate).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment("2026-06-10T22:00:00+09:00")).await;
        let rows = rows(&world, graduate).await;
        assert_eq!(rows.iter().map(|row| row.due_on).collect::<Vec<_>>(), ["2026-04-01", "2026-06-10"].map(day));
        assert_eq!(rows[1].state, CheckInState::Out);
    }
}

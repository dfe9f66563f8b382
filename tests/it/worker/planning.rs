//! Planning: one row per slot, with its reason, and never a flood.

use bansou_channels::{Channel, ChannelKind, Secret, SimulatorChannel, SimulatorInbox};
use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadenceState};
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::ContactKind;
use bansou_core::graduate::PauseDates;
use bansou_core::hours::{PersonHours, WeekHours};
use bansou_core::ids::GraduateId;
use bansou_core::leaving::LeavingReason;
use bansou_core::task::TaskReason;
use bansou_store::{EmploymentDetails, GraduateDetails, Pause};
use bansou_tests::ambient::{TestClock, moment};
use bansou_tests::for_each_database;
use bansou_tests::world::World;

use super::{day, reasons, rows, states};

/// Wednesday, 1 April 2026, before the office opens.
const MORNING: &str = "2026-04-01T07:00:00+09:00";

async fn found_in_the_evening(world: &World, graduate: GraduateId) {
    world.clock.set_to("2026-04-01T17:10:00+09:00");
    world.tick().await;
    assert!(world.inbox.accepted_after(0).is_empty(), "the evening is theirs");
    assert_eq!(reasons(world).await, [], "and nobody has to call");
    let waiting = world.begin().await.deliveries_of(graduate, 9).await.unwrap();
    assert_eq!(waiting.len(), 1);
    world.run_until(moment("2026-04-02T17:10:00+09:00")).await;
    let row = &rows(world, graduate).await[0];
    assert_eq!((row.state, row.due_on), (CheckInState::Out, day("2026-04-01")));
    let sent = row.sent_at.unwrap();
    assert!(moment("2026-04-02T09:00:00+09:00") <= sent && sent < moment("2026-04-02T17:00:00+09:00"), "{sent}");
    assert_eq!(sent, waiting[0].due_at, "at the moment it was moved to");
}

for_each_database! {
    async fn the_first_two_weeks_bring_a_check_in_every_third_day_each_with_its_reason(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment("2026-04-14T23:00:00+09:00")).await;
        let rows = rows(&world, graduate).await;
        // Days 1, 4, 7, 10 (Friday), 13 fall on the 1st, 4th (Saturday), 7th, 10th and 13th; Saturday moves to Monday.
        let due: Vec<_> = rows.iter().map(|row| row.due_on).collect();
        assert_eq!(due, ["2026-04-01", "2026-04-06", "2026-04-07", "2026-04-10", "2026-04-13"].map(day));
        assert!(rows.iter().all(|row| row.reason.contains("\"kind\":\"phase\"")));
        assert_eq!(world.inbox.accepted_after(0).len(), 5);
    }

    async fn somebody_hired_half_a_year_ago_starts_with_today_and_not_with_half_a_year_of_rows(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2025-10-01")).await;
        world.run_until(moment("2026-05-31T23:00:00+09:00")).await;
        let due: Vec<_> = rows(&world, graduate).await.iter().map(|row| row.due_on).collect();
        assert_eq!(due, ["2026-04-01", "2026-05-01"].map(day));
    }

    async fn a_closer_rhythm_begins_with_today_and_owes_nobody_the_days_before(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2025-10-01")).await;
        world.run_until(moment("2026-04-24T18:00:00+09:00")).await;
        let close = bansou_core::cadence::embedded_presets().into_iter().find(|preset| preset.key == "close");
        let anchor = Anchor { kind: AnchorKind::Hired, on: day("2025-10-01") };
        let tx = world.begin().await;
        let plan = close.expect("a preset with more contact").plan;
        tx.put_cadence(Actor::staff(world.staff), graduate, &CadenceState::new(plan, anchor)).await.unwrap();
        tx.save().await.unwrap();
        world.tick().await;
        assert!(!reasons(&world).await.contains(&TaskReason::TooLate));
        world.run_until(moment("2026-05-12T18:00:00+09:00")).await;
        let due: Vec<_> = rows(&world, graduate).await.iter().map(|row| row.due_on).collect();
        assert_eq!(due[0], day("2026-04-01"));
        assert!(due[1] > day("2026-04-24") && due.len() > 2, "{due:?}");
    }

    async fn planning_twice_at_the_same_moment_changes_nothing(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let before = rows(&world, graduate).await;
        let tx = world.begin().await;
        tx.wake_planner(graduate).await.unwrap();
        tx.save().await.unwrap();
        world.engine.plan().await.unwrap();
        assert_eq!(rows(&world, graduate).await, before);
        assert_eq!(before.len(), 1);
    }

    async fn after_three_weeks_without_us_one_check_in_at_most_goes_to_a_person(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        world.clock.set_to("2026-04-22T10:00:00+09:00");
        world.tick().await;
        let rows = rows(&world, graduate).await;
        let superseded = rows.iter().filter(|row| row.state_reason == Some(CloseReason::Superseded)).count();
        assert!(rows.len() >= 5, "{}", rows.len());
        // Also the first row, whose delivery was planned before the outage, makes room for the newest.
        assert_eq!(superseded, rows.len() - 1);
        assert!(world.inbox.accepted_after(0).len() <= 1);
        let tasks = world.begin().await.open_tasks().await.unwrap();
        assert!(tasks.len() <= 1, "{}", tasks.len());
    }

    async fn a_check_in_the_planner_missed_until_the_evening_leaves_the_next_morning(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        found_in_the_evening(&world, graduate).await;
    }

    async fn a_check_in_the_sender_missed_until_the_evening_leaves_the_next_morning(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        found_in_the_evening(&world, graduate).await;
    }

    async fn a_check_in_missed_on_a_friday_evening_is_too_old_on_monday_and_becomes_a_call(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-03T07:00:00+09:00").await;
        let graduate = world.graduate(1, day("2026-04-01")).await;
        world.engine.plan().await.unwrap();
        assert_eq!(rows(&world, graduate).await[0].due_on, day("2026-04-03"));
        world.clock.set_to("2026-04-03T18:00:00+09:00");
        world.tick().await;
        let row = &rows(&world, graduate).await[0];
        assert_eq!((row.state, row.state_reason), (CheckInState::HandedOver, Some(CloseReason::Expired)));
        assert_eq!(reasons(&world).await, [TaskReason::Expired]);
    }

    async fn a_pause_is_obeyed_and_the_first_day_after_it_brings_a_check_in(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        let tx = world.begin().await;
        let dates = PauseDates { from: day("2026-04-02"), until: Some(day("2026-04-19")) };
        let pause = Pause { dates, reason: "入院".into() };
        tx.pause_graduate(Actor::staff(world.staff), graduate, &pause).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment("2026-04-20T23:00:00+09:00")).await;
        let rows = rows(&world, graduate).await;
        assert_eq!(rows.iter().map(|row| row.due_on).collect::<Vec<_>>(), ["2026-04-01", "2026-04-20"].map(day));
        assert!(rows[1].reason.contains("resumed"), "{}", rows[1].reason);
    }

    async fn who_has_no_job_now_is_asked_nothing_of_work_and_who_has_one_is(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let none = world.graduate(1, day("2026-03-30")).await;
        let (works, left, rests) = (
            world.graduate(2, day("2026-03-30")).await,
            world.graduate(3, day("2026-03-30")).await,
            world.graduate(4, day("2026-03-30")).await,
        );
        let tx = world.begin().await;
        let job = EmploymentDetails::begun(None, day("2026-03-01"));
        let over = EmploymentDetails { left_on: Some(day("2026-03-20")), ..job.clone() };
        let on_leave = EmploymentDetails { leaving: Some(LeavingReason::OnLeave), ..job.clone() };
        for (graduate, job) in [(works, job), (left, over), (rests, on_leave)] {
            tx.add_employment(Actor::staff(world.staff), graduate, &job).await.unwrap();
        }
        tx.save().await.unwrap();
        world.run_until(moment("2026-04-20T23:00:00+09:00")).await;
        let asked = async |graduate| rows(&world, graduate).await.into_iter().map(|row| row.template).collect::<Vec<_>>();
        assert!(asked(works).await.contains(&"check-in-workload".to_owned()));
        for graduate in [none, left, rests] {
            let keys = asked(graduate).await;
            assert!(keys.len() > 4, "{keys:?}");
            let of_life = ["check-in-condition", "check-in-sleep", "check-in-worries"];
            assert!(keys.iter().all(|key| of_life.contains(&key.as_str())), "{keys:?}");
        }
    }

    async fn somebody_without_an_address_becomes_a_call_task(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Phone]).await;
        world.tick().await;
        assert_eq!(states(&world, graduate).await, [CheckInState::HandedOver]);
        let tasks = world.begin().await.open_tasks().await.unwrap();
        assert_eq!(tasks.len(), 1);
        assert_eq!(tasks[0].graduate, Some(graduate));
    }

    async fn an_office_without_a_channel_to_an_address_that_works_says_so(database: &TestDatabase) {
        let inbox = SimulatorInbox::new();
        let mail = SimulatorChannel::new("mail", ChannelKind::Mail, inbox.clone(), Secret::new("simulator"));
        let clock = TestClock::new(moment(MORNING));
        let world = World::with_channels(database.url(), clock, vec![Channel::Simulator(mail)], inbox).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.tick().await;
        let row = &rows(&world, graduate).await[0];
        assert_eq!((row.state, row.state_reason), (CheckInState::HandedOver, Some(CloseReason::NoChannel)));
        assert_eq!(reasons(&world).await, [TaskReason::NoChannel]);
    }

    async fn hours_that_never_meet_are_named_as_the_reason_and_not_an_outage(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        let tx = world.begin().await;
        let details = tx.graduate(graduate).await.unwrap().unwrap().details;
        let hours = PersonHours { week: WeekHours::every_day("18:00-20:00").unwrap(), zone: None };
        tx.change_graduate(Actor::COMMAND, graduate, &GraduateDetails { hours, ..details }).await.unwrap();
        tx.save().await.unwrap();
        world.tick().await;
        let row = &rows(&world, graduate).await[0];
        assert_eq!((row.state, row.state_reason), (CheckInState::HandedOver, Some(CloseReason::NoCommonHours)));
        assert_eq!(reasons(&world).await, [TaskReason::NoCommonHours]);
    }

    async fn a_contact_by_a_person_moves_the_next_check_in(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment("2026-04-06T22:00:00+09:00")).await;
        let tx = world.begin().await;
        tx.set_last_contact(graduate, day("2026-04-06"), bansou_core::note::ContactMode::Phone).await.unwrap();
        tx.save().await.unwrap();
        world.engine.plan().await.unwrap();
        let next = world.begin().await.cadence(graduate).await.unwrap().unwrap().next.unwrap();
        assert!(next.due_on > day("2026-04-07"), "{}", next.due_on);
        assert!(next.reason.in_touch.is_some());
    }
}

//! Sending: the gates, the fence, the ways, and what stops a message.

use bansou_channels::Address;
use bansou_core::audit::Actor;
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::delivery::DeliveryState;
use bansou_core::office::OfficeSettings;
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::Recorded;
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user, mobile};
use chrono::{TimeDelta, Timelike};
use chrono_tz::Asia::Tokyo;

use super::{claim, day, rows, states};

const MORNING: &str = "2026-04-01T07:00:00+09:00";
const EVENING: &str = "2026-04-01T22:00:00+09:00";

for_each_database! {
    async fn a_check_in_leaves_inside_the_hours_by_line_with_buttons_that_carry_its_id(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment(EVENING)).await;
        let sent = world.inbox.messages_to(&Address::new(line_user(1)));
        assert_eq!(sent.len(), 1);
        let local = sent[0].at.with_timezone(&Tokyo);
        assert!((9..17).contains(&local.hour()), "{local}");
        let row = &rows(&world, graduate).await[0];
        assert_eq!(row.state, CheckInState::Out);
        assert!(sent[0].choices.iter().all(|choice| choice.data.contains(&row.id.to_string())));
        assert!(sent[0].text.contains("見本1さん"), "{}", sent[0].text);
    }

    async fn without_line_it_goes_by_sms_with_numbers(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        world.run_until(moment(EVENING)).await;
        let sent = world.inbox.messages_to(&Address::new(mobile(1)));
        assert_eq!(sent.len(), 1);
        assert!(sent[0].text.ends_with("0:こたえない"), "{}", sent[0].text);
    }

    async fn a_stop_before_the_moment_is_obeyed_by_the_next_claim(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let tx = world.begin().await;
        tx.stop_contact(Actor::graduate(graduate), graduate).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment(EVENING)).await;
        assert!(world.inbox.accepted_after(0).is_empty());
        let row = &rows(&world, graduate).await[0];
        assert_eq!((row.state, row.state_reason), (CheckInState::Skipped, Some(CloseReason::Stopped)));
    }

    async fn while_the_office_has_stopped_sending_nothing_leaves_and_a_person_takes_over(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        let tx = world.begin().await;
        tx.stop_sending(Some(world.now())).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment(EVENING)).await;
        assert!(world.inbox.accepted_after(0).is_empty());
        assert_eq!(states(&world, graduate).await, [CheckInState::HandedOver]);
    }

    async fn a_changed_address_is_never_written_to_under_its_old_version(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await;
        world.engine.plan().await.unwrap();
        let tx = world.begin().await;
        tx.set_address(Actor::staff(world.staff), graduate, ContactKind::Line, &line_user(99)).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment(EVENING)).await;
        assert!(world.inbox.messages_to(&Address::new(line_user(1))).is_empty());
        assert_eq!(world.inbox.messages_to(&Address::new(line_user(99))).len(), 1);
        assert_eq!(states(&world, graduate).await, [CheckInState::Out]);
    }

    async fn an_address_that_becomes_unreachable_gives_way_to_the_next_one(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let tx = world.begin().await;
        let points = tx.contact_points(graduate).await.unwrap();
        let line = points.iter().find(|point| point.kind == ContactKind::Line).unwrap();
        let blocked = Reachability::Blocked { since: world.now() };
        tx.set_reachability(Actor::PROGRAM, line.id, blocked).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.messages_to(&Address::new(mobile(1))).len(), 1);
        assert_eq!(states(&world, graduate).await, [CheckInState::Out]);
    }

    async fn a_result_that_comes_after_the_lease_was_lost_changes_nothing(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let at = world.store.next_moment().await.unwrap().unwrap().to_rfc3339();
        let delivery = claim(&world, &at).await.remove(0);
        world.clock.advance(TimeDelta::minutes(5));
        let tx = world.begin().await;
        assert_eq!(tx.lose_leases(world.now(), world.now()).await.unwrap(), 1);
        tx.save().await.unwrap();
        let tx = world.begin().await;
        let accepted = Recorded::Accepted { provider_ref: None, request_id: None };
        assert!(!tx.record(delivery.id, delivery.fence, &accepted).await.unwrap());
        tx.save().await.unwrap();
        let now = world.begin().await.delivery(delivery.id).await.unwrap().unwrap();
        assert_eq!(now.state, DeliveryState::Unknown);
    }

    async fn a_lost_lease_on_line_is_sent_again_with_the_same_key_and_is_one_message(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let due = world.store.next_moment().await.unwrap().unwrap();
        let at = due.to_rfc3339();
        let claimed = claim(&world, &at).await;
        assert_eq!(claimed.len(), 1, "its moment is inside its window");
        // The process dies here: the simulator never hears of it, the row says "sending".
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 1);
        assert_eq!(states(&world, graduate).await, [CheckInState::Out]);
    }

    async fn two_claims_never_get_the_same_row(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let at = world.store.next_moment().await.unwrap().unwrap().to_rfc3339();
        assert_eq!(claim(&world, &at).await.len(), 1);
        assert_eq!(claim(&world, &at).await.len(), 0);
    }

    async fn forty_seconds_before_the_windows_end_nothing_is_claimed_any_more(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        // Half an hour before 17:30 the day ends for planned messages; 12:00 ends the morning.
        for at in ["2026-04-01T11:59:30+09:00", "2026-04-01T16:59:30+09:00", "2026-04-01T20:00:00+09:00"] {
            assert_eq!(claim(&world, at).await.len(), 0, "{at}");
        }
    }

    async fn offices_that_share_a_channel_each_note_what_went_out(database: &TestDatabase) {
        let mut world = World::open(database.url(), MORNING).await;
        let first = (world.office, world.graduate(1, day("2026-03-30")).await);
        world.office = world.store.add_office("となりの支援室", Tokyo, &OfficeSettings::default()).await.unwrap();
        let tx = world.begin().await;
        let profile = StaffProfile { name: "例田 次郎".into(), email: "jiro@example.jp".into() };
        world.staff = tx.add_staff(Actor::COMMAND, &profile, Role::Staff, Lang::Ja).await.unwrap();
        tx.save().await.unwrap();
        let second = (world.office, world.graduate(2, day("2026-03-30")).await);
        world.run_until(moment(EVENING)).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 2);
        for (office, graduate) in [first, second] {
            world.office = office;
            assert_eq!(states(&world, graduate).await, [CheckInState::Out]);
        }
    }
}

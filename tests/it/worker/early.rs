//! Reports on an SMS that are quicker than the answer to our own call.

use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::ContactKind;
use bansou_core::delivery::DeliveryState;
use bansou_store::{InboundState, NewInbound, Recorded};
use bansou_tests::ambient::moment;
use bansou_tests::fakes::Fault;
use bansou_tests::for_each_database;
use bansou_tests::world::World;
use bansou_worker::receive;
use chrono::TimeDelta;
use serde_json::json;

use super::{Faked, claim, day, reasons, rows, states};

const MORNING: &str = "2026-04-01T07:00:00+09:00";

/// Stores a status report as the webhook would.
async fn report(world: &World, sid: &str, status: &str) {
    let form = [("MessageSid", sid), ("MessageStatus", status), ("ErrorCode", "30005")];
    let body = json!({ "form": form });
    let event =
        NewInbound { event_key: format!("{sid}:{status}"), kind: "sms-status".into(), body, occurred_at: world.now() };
    world.store.store_inbound(world.office, "sms-main", &[event]).await.unwrap();
}

for_each_database! {
    async fn a_report_that_overtakes_our_own_commit_waits_and_holds_up_nobody(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        let other = world.graduate(2, day("2020-03-30")).await;
        world.engine.plan().await.unwrap();
        let due_at = world.begin().await.deliveries_of(graduate, 1).await.unwrap()[0].due_at;
        let claimed = claim(&world, &due_at.to_rfc3339()).await;
        let sending = claimed.into_iter().find(|delivery| delivery.graduate == Some(graduate)).unwrap();
        report(&world, "SM1", "delivered").await;
        world.says("e1", 2, "元気です").await;
        let tx = world.begin().await;
        assert!(tx.thread(other).await.unwrap().is_some(), "what came after it was worked upon");
        let accepted = Recorded::Accepted { provider_ref: Some("SM1".into()), request_id: None };
        assert!(tx.record(sending.id, sending.fence, &accepted).await.unwrap());
        tx.save().await.unwrap();
        world.clock.advance(TimeDelta::seconds(5));
        world.engine.inbound().await.unwrap();
        let delivery = world.begin().await.delivery(sending.id).await.unwrap().unwrap();
        assert_eq!(delivery.state, DeliveryState::Delivered);
    }

    async fn a_failure_reported_before_the_sms_was_found_again_still_reaches_a_person(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        world.engine.plan().await.unwrap();
        let due_at = world.begin().await.deliveries_of(graduate, 1).await.unwrap()[0].due_at;
        world.clock.set(due_at);
        stage.twilio.faults().script([Some(Fault::ErrorAfter)]);
        world.engine.dispatch().await.unwrap();
        let sid = stage.twilio.accepted()[0].sid.clone();
        report(world, &sid, "undelivered").await;
        world.run_until(due_at + TimeDelta::seconds(60)).await;
        assert_eq!(states(world, graduate).await, [CheckInState::Due], "nobody knows yet whether it went out");
        world.run_until(due_at + TimeDelta::minutes(10)).await;
        let row = &rows(world, graduate).await[0];
        assert_eq!((row.state, row.state_reason), (CheckInState::HandedOver, Some(CloseReason::Refused)));
        assert_eq!(stage.twilio.accepted().len(), 1, "and never out twice");
    }

    async fn a_report_clears_up_what_became_of_an_sms_before_anybody_looks(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        world.engine.plan().await.unwrap();
        world.clock.set(world.begin().await.deliveries_of(graduate, 1).await.unwrap()[0].due_at);
        stage.twilio.faults().script([Some(Fault::ErrorAfter)]);
        world.engine.dispatch().await.unwrap();
        let report = stage.twilio.progress().remove(0);
        let channel = bansou_channels::TwilioChannel::new(crate::virtual_days::twilio_settings(&stage.twilio)).unwrap();
        let channel = bansou_channels::Channel::Twilio(channel);
        let events = receive::twilio_status(&channel, &report.url, &report.call.body, &report.call.signature, world.now());
        world.store.store_inbound(world.office, "sms-main", &events.unwrap()).await.unwrap();
        world.engine.inbound().await.unwrap();
        assert_eq!(states(world, graduate).await, [CheckInState::Out]);
        let delivery = world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0);
        assert_eq!((delivery.state, delivery.provider_ref), (DeliveryState::Accepted, Some(report.sid)));
    }

    async fn a_report_on_an_sms_that_is_not_ours_is_let_go_after_half_a_day(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        report(&world, "SM-somebody-elses", "failed").await;
        let mut looks = 0;
        while world.now() < moment(MORNING) + TimeDelta::hours(11) {
            looks += world.engine.inbound().await.unwrap();
            world.clock.set(world.store.next_moment().await.unwrap().unwrap());
        }
        assert!((5..20).contains(&looks), "it is looked at ever more rarely: {looks}");
        assert_eq!(world.store.inbound_counts().await.unwrap(), [(InboundState::Stored, 1)]);
        world.clock.advance(TimeDelta::hours(12));
        world.tick().await;
        assert_eq!(world.store.inbound_counts().await.unwrap(), [(InboundState::Ignored, 1)]);
        assert!(reasons(&world).await.is_empty());
    }
}

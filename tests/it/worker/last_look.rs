//! What happens between claim and call, and what is known of a message before its call has returned.

use bansou_channels::Channel;
use bansou_core::audit::Actor;
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{ChannelKind, ChannelTrouble, Payload, Purpose, answer_data};
use bansou_core::graduate::PauseDates;
use bansou_core::ids::GraduateId;
use bansou_core::office::OfficeSettings;
use bansou_core::task::TaskReason;
use bansou_store::{ClaimTerms, Delivery, HaltReason, HaltScope, NewDelivery, Pause, Taken, WentOut};
use bansou_tests::ambient::moment;
use bansou_tests::fakes::Fault;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user, mobile};
use bansou_worker::SendTerms;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;
use serde_json::json;

use super::{Faked, claim, day, day_began, reasons, rows, states};

const MORNING: &str = "2026-04-01T07:00:00+09:00";
const EVENING: &str = "2026-04-01T22:00:00+09:00";

async fn due(world: &World, graduate: GraduateId) -> DateTime<Utc> {
    world.begin().await.deliveries_of(graduate, 1).await.unwrap()[0].due_at
}

async fn may_go(world: &World, delivery: &Delivery, now: DateTime<Utc>) -> bool {
    let terms = ClaimTerms {
        now,
        today: now.with_timezone(&Tokyo).date_naive(),
        day_began: day_began(now),
        limit: 1,
        lease: TimeDelta::seconds(120),
        margin: TimeDelta::seconds(40),
    };
    let open = world.store.may_still_go(world.office, std::slice::from_ref(delivery), &terms).await.unwrap();
    open.contains(&delivery.id)
}

async fn until_a_call_is_held(stage: &Faked) {
    while stage.line.seen().iter().all(|seen| seen.fault != Some(Fault::Held)) {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

/// A colleague's words, planned for a window.
async fn reply(world: &World, graduate: GraduateId, kind: ContactKind, window: (&str, &str)) {
    let tx = world.begin().await;
    let point = tx.contact_points(graduate).await.unwrap().into_iter().find(|point| point.kind == kind).unwrap();
    let is_line = kind == ContactKind::Line;
    tx.add_delivery(&NewDelivery {
        graduate: Some(graduate),
        check_in: None,
        message: None,
        escalation: None,
        purpose: Purpose::Reply,
        slot: "words".into(),
        channel_id: if is_line { "line-main" } else { "sms-main" }.into(),
        channel_kind: if is_line { ChannelKind::Line } else { ChannelKind::Sms },
        contact_point: Some((point.id, point.version)),
        address: point.address,
        payload: Payload { text: "見本です。おつかれさまです。".into(), ..Payload::default() },
        due_at: moment(window.0),
        window: (moment(window.0), moment(window.1)),
        expires_at: moment(window.1),
    })
    .await
    .unwrap();
    tx.save().await.unwrap();
}

async fn settings(world: &World, change: impl FnOnce(&mut OfficeSettings)) {
    let tx = world.begin().await;
    let office = tx.own_office().await.unwrap();
    let mut settings = office.settings.clone();
    change(&mut settings);
    tx.change_office(&office.name, &settings).await.unwrap();
    tx.save().await.unwrap();
}

for_each_database! {
    async fn a_stop_while_others_are_being_called_holds_for_those_already_claimed(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let people = [world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await,
                      world.graduate_with(2, day("2026-03-30"), &[ContactKind::Line]).await];
        world.engine.plan().await.unwrap();
        world.clock.set(due(world, people[0]).await.max(due(world, people[1]).await));
        stage.line.faults().script([Some(Fault::Held)]);
        let engine = stage.engine(SendTerms { concurrency: 1, ..SendTerms::default() });
        let round = tokio::spawn(async move { engine.dispatch().await.unwrap() });
        until_a_call_is_held(&stage).await;
        let tx = world.begin().await;
        for person in people {
            tx.stop_contact(Actor::graduate(person), person).await.unwrap();
        }
        tx.save().await.unwrap();
        stage.line.faults().release();
        round.await.unwrap();
        world.run_until(moment(EVENING)).await;
        assert_eq!(stage.line.accepted().len(), 1, "only the one whose call had begun");
        let states = [states(world, people[0]).await, states(world, people[1]).await].concat();
        assert!(states.contains(&CheckInState::Skipped), "{states:?}");
        let trouble = world.begin().await.channel_states().await.unwrap().into_iter().find_map(|state| state.last_error);
        assert_eq!(trouble, None, "the channel had no part in it");
    }

    async fn every_gate_is_looked_at_right_before_the_call(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let now = due(&world, graduate).await;
        let delivery = claim(&world, &now.to_rfc3339()).await.remove(0);
        let who = Actor::staff(world.staff);
        assert!(may_go(&world, &delivery, now).await);
        assert!(!may_go(&world, &Delivery { fence: delivery.fence + 1, ..delivery.clone() }, now).await, "fence");
        assert!(!may_go(&world, &delivery, now + TimeDelta::seconds(121)).await, "lease");

        let tx = world.begin().await;
        tx.stop_sending(Some(now)).await.unwrap();
        tx.save().await.unwrap();
        assert!(!may_go(&world, &delivery, now).await, "office");
        let tx = world.begin().await;
        tx.stop_sending(None).await.unwrap();
        tx.stop_channel("line-main", now + TimeDelta::hours(1), ChannelTrouble::Unauthorized).await.unwrap();
        tx.save().await.unwrap();
        assert!(!may_go(&world, &delivery, now).await, "channel");
        let tx = world.begin().await;
        tx.resume_channel("line-main").await.unwrap();
        let dates = PauseDates { from: day("2026-04-01"), until: None };
        tx.pause_graduate(who, graduate, &Pause { dates, reason: "旅行".into() }).await.unwrap();
        tx.save().await.unwrap();
        assert!(!may_go(&world, &delivery, now).await, "pause");
        let tx = world.begin().await;
        tx.unpause_graduate(who, graduate).await.unwrap();
        tx.save().await.unwrap();
        assert!(!may_go(&world, &delivery, now).await, "the planner looks first at what has changed");
        world.engine.plan().await.unwrap();
        assert!(may_go(&world, &delivery, now).await, "all open again");
        let tx = world.begin().await;
        tx.set_address(who, graduate, ContactKind::Line, &line_user(99)).await.unwrap();
        tx.save().await.unwrap();
        assert!(!may_go(&world, &delivery, now).await, "address");
    }

    async fn a_thrown_switch_holds_for_the_next_claim_and_for_what_is_claimed(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await;
        world.engine.plan().await.unwrap();
        let now = due(&world, graduate).await;
        let line = HaltScope::Channel("line-main".into());
        for scope in [HaltScope::Everything, line.clone()] {
            world.store.halt(&scope, HaltReason::Operator).await.unwrap();
            assert!(claim(&world, &now.to_rfc3339()).await.is_empty(), "{scope:?}");
            assert!(world.store.release(&scope).await.unwrap());
        }
        let other = HaltScope::Channel("sms-main".into());
        world.store.halt(&other, HaltReason::Operator).await.unwrap();
        let delivery = claim(&world, &now.to_rfc3339()).await.remove(0);
        assert!(may_go(&world, &delivery, now).await, "another channel's switch is none of its business");
        world.store.halt(&line, HaltReason::Operator).await.unwrap();
        world.store.halt(&line, HaltReason::Restored).await.unwrap();
        assert!(!may_go(&world, &delivery, now).await);
        let halts = world.store.halts().await.unwrap();
        let thrown: Vec<_> = halts.into_iter().map(|halt| (halt.scope, halt.reason)).collect();
        assert_eq!(thrown, [(line.clone(), HaltReason::Operator), (other, HaltReason::Operator)], "the first reason stays");
        assert!(world.store.release(&line).await.unwrap() && !world.store.release(&line).await.unwrap());
        assert!(may_go(&world, &delivery, now).await);
    }

    async fn a_refusal_of_the_old_address_says_nothing_about_the_new_one(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Line]).await;
        stage.line.forget_user(&line_user(1));
        world.engine.plan().await.unwrap();
        world.clock.set(due(world, graduate).await);
        stage.line.faults().script([Some(Fault::Held)]);
        let engine = stage.engine(SendTerms { concurrency: 1, ..SendTerms::default() });
        let round = tokio::spawn(async move { engine.dispatch().await.unwrap() });
        until_a_call_is_held(&stage).await;
        let tx = world.begin().await;
        tx.set_address(Actor::staff(world.staff), graduate, ContactKind::Line, &line_user(99)).await.unwrap();
        tx.save().await.unwrap();
        stage.line.faults().release();
        round.await.unwrap();
        assert!(world.begin().await.contact_points(graduate).await.unwrap()[0].reach.is_reachable());
    }

    async fn a_colleagues_words_also_obey_a_closure_day_that_was_entered_later(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2025-03-30")).await;
        reply(&world, graduate, ContactKind::Line, ("2026-04-01T09:00:00+09:00", "2026-04-01T17:30:00+09:00")).await;
        settings(&world, |settings| settings.closures = [day("2026-04-01")].into()).await;
        world.run_until(moment(EVENING)).await;
        assert!(world.inbox.accepted_after(0).is_empty());
        world.run_until(moment("2026-04-02T22:00:00+09:00")).await;
        let words = world.inbox.accepted_after(0).into_iter().filter(|sent| sent.text.contains("おつかれさま")).count();
        assert_eq!(words, 1, "on the next open day");
    }

    async fn an_sms_with_a_whole_long_day_ahead_is_not_refused_by_ourselves(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let graduate = world.graduate(1, day("2025-03-30")).await;
        let long = bansou_core::hours::WeekHours::every_day("09:00-20:30").unwrap();
        settings(world, |settings| settings.hours = long).await;
        reply(world, graduate, ContactKind::Sms, ("2026-04-01T09:05:00+09:00", "2026-04-01T20:30:00+09:00")).await;
        world.run_until(moment("2026-04-01T09:20:00+09:00")).await;
        assert_eq!(stage.twilio.accepted().len(), 1, "{:?}", reasons(world).await);
    }

    async fn an_answer_that_comes_before_we_know_that_the_question_is_out_counts(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let delivery = claim(&world, &due(&world, graduate).await.to_rfc3339()).await.remove(0);
        // LINE takes it here, and the process dies before it can write that down.
        world.clock.advance(TimeDelta::seconds(30));
        let event = json!({ "type": "postback", "postback": { "data": answer_data(delivery.check_in.unwrap(), "bad") } });
        world.line_event("e1", &line_user(1), event).await;
        world.engine.inbound().await.unwrap();
        assert_eq!(states(&world, graduate).await, [CheckInState::Answered]);
        let thread = world.begin().await.messages_of(graduate, None, 10).await.unwrap();
        assert_eq!(thread.len(), 2, "the question stands in the thread beside its answer");
        world.run_until(moment(EVENING)).await;
        assert!(world.inbox.accepted_after(0).is_empty(), "and nothing is asked again");
    }

    async fn a_button_that_is_pressed_has_arrived_also_where_their_clock_is_behind_ours(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let now = due(&world, graduate).await;
        let delivery = claim(&world, &now.to_rfc3339()).await.remove(0);
        world.clock.set(now - TimeDelta::seconds(5));
        let event = json!({ "type": "postback", "postback": { "data": answer_data(delivery.check_in.unwrap(), "bad") } });
        world.line_event("e1", &line_user(1), event).await;
        world.clock.set(now + TimeDelta::seconds(5));
        world.engine.inbound().await.unwrap();
        assert_eq!(states(&world, graduate).await, [CheckInState::Answered]);
    }

    async fn an_answer_that_comes_while_its_calls_result_is_written_down_is_not_lost(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate(1, day("2026-03-30")).await;
        world.engine.plan().await.unwrap();
        let delivery = claim(&world, &due(&world, graduate).await.to_rfc3339()).await.remove(0);
        let check_in = delivery.check_in.unwrap();
        world.clock.advance(TimeDelta::seconds(5));
        let event = json!({ "type": "postback", "postback": { "data": answer_data(check_in, "good") } });
        world.line_event("e1", &line_user(1), event).await;
        let result = world.begin().await;
        let taken = Taken { id: delivery.id, fence: delivery.fence, provider_ref: None, request_id: None };
        assert_eq!(result.record_taken(&[taken]).await.unwrap().len(), 1);
        let out = WentOut { id: check_in, channel: ChannelKind::Line, answer_by: moment(EVENING) };
        result.check_ins_went_out(&[out], world.now()).await.unwrap();
        let writing = async {
            database.somebody_waits().await;
            result.save().await.unwrap();
        };
        let (answered, ()) = tokio::join!(world.engine.inbound(), writing);
        assert_eq!((answered.unwrap(), states(&world, graduate).await), (1, vec![CheckInState::Answered]));
    }

    async fn a_number_typed_in_answer_to_an_unclear_sms_answers_that_one(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        world.run_until(moment("2026-04-06T07:00:00+09:00")).await;
        world.clock.set(due(world, graduate).await);
        stage.twilio.faults().script([Some(Fault::ErrorAfter)]);
        world.engine.dispatch().await.unwrap();
        world.clock.advance(TimeDelta::seconds(40));
        let url = "https://bansou.example/webhooks/twilio/sms-main/inbound";
        let call = stage.twilio.inbound(url, &mobile(1), "2");
        let channel = bansou_channels::TwilioChannel::new(crate::virtual_days::twilio_settings(&stage.twilio)).unwrap();
        let channel = Channel::Twilio(channel);
        let events =
            bansou_worker::receive::twilio_inbound(&channel, url, &call.body, &call.signature, world.now()).unwrap();
        world.store.store_inbound(world.office, "sms-main", &events).await.unwrap();
        world.engine.inbound().await.unwrap();
        assert_eq!(states(world, graduate).await[1], CheckInState::Answered);
        world.run_until(moment("2026-04-06T22:00:00+09:00")).await;
        assert_eq!(stage.twilio.accepted().len(), 2, "never out twice");
    }

    async fn a_look_up_that_the_provider_did_not_answer_is_no_proof(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        stage.twilio.faults().script([Some(Fault::ErrorAfter), Some(Fault::ErrorBefore), Some(Fault::ErrorBefore)]);
        world.run_until(moment(EVENING)).await;
        assert_eq!(states(world, graduate).await, [CheckInState::Out]);
        assert_eq!(stage.twilio.accepted().len(), 1);
    }

    async fn the_same_words_to_a_shared_number_are_not_taken_for_the_ones_that_never_left(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let graduate = world.graduate(1, day("2025-03-30")).await;
        let window = ("2026-04-01T09:00:00+09:00", "2026-04-01T17:30:00+09:00");
        reply(world, graduate, ContactKind::Sms, window).await;
        world.run_until(moment("2026-04-01T09:01:00+09:00")).await;
        let tx = world.begin().await;
        let first = tx.deliveries_of(graduate, 1).await.unwrap().remove(0);
        let again = NewDelivery {
            graduate: Some(graduate),
            check_in: None,
            message: None,
            escalation: None,
            purpose: Purpose::Reply,
            slot: "again".into(),
            channel_id: first.channel_id.clone(),
            channel_kind: first.channel_kind,
            contact_point: first.contact_point.zip(Some(1)),
            address: first.address.clone(),
            payload: first.payload.clone(),
            due_at: world.now(),
            window: (world.now(), moment(window.1)),
            expires_at: moment(window.1),
        };
        tx.add_delivery(&again).await.unwrap();
        tx.save().await.unwrap();
        stage.twilio.faults().script([Some(Fault::ErrorBefore)]);
        world.run_until(moment("2026-04-01T09:30:00+09:00")).await;
        let sent = stage.twilio.accepted().iter().filter(|sms| sms.body.contains("おつかれさま")).count();
        assert_eq!(sent, 1);
        assert!(reasons(world).await.contains(&TaskReason::Unclear), "a person decides about the second");
    }

    async fn somebody_who_asked_for_quiet_after_a_question_is_not_rung_up_for_being_silent(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let paused = world.graduate(1, day("2026-03-30")).await;
        let stopped = world.graduate(2, day("2026-03-30")).await;
        world.run_until(moment(EVENING)).await;
        let tx = world.begin().await;
        let dates = PauseDates { from: day("2026-04-01"), until: None };
        tx.pause_graduate(Actor::graduate(paused), paused, &Pause { dates, reason: String::new() }).await.unwrap();
        tx.stop_contact(Actor::graduate(stopped), stopped).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment("2026-04-12T22:00:00+09:00")).await;
        assert_eq!(states(&world, paused).await, [CheckInState::Silent]);
        assert!(!reasons(&world).await.contains(&TaskReason::Silent), "{:?}", reasons(&world).await);
    }

    async fn a_stop_that_was_said_at_an_address_outlives_the_address(database: &TestDatabase) {
        let world = World::open(database.url(), MORNING).await;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[ContactKind::Sms]).await;
        let who = Actor::staff(world.staff);
        let tx = world.begin().await;
        let point = tx.contact_points(graduate).await.unwrap().remove(0);
        tx.set_reachability(Actor::graduate(graduate), point.id, point.reach.stopped(world.now())).await.unwrap();
        tx.remove_address(who, point.id).await.unwrap();
        tx.set_address(who, graduate, ContactKind::Sms, &mobile(1)).await.unwrap();
        assert!(tx.is_own_stop(graduate).await.unwrap());
        tx.save().await.unwrap();
        world.run_until(moment(EVENING)).await;
        assert!(world.inbox.accepted_after(0).is_empty());
        let row = &rows(&world, graduate).await[0];
        assert_eq!(row.state_reason, Some(CloseReason::Stopped));
    }
}

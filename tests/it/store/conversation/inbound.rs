use bansou_core::task::TaskReason;
use bansou_store::{INBOUND_TRIES, InboundState, NewInbound};
use bansou_tests::for_each_database;
use serde_json::json;

use super::*;

fn event(key: &str, minute: i64) -> NewInbound {
    NewInbound {
        event_key: key.into(),
        kind: "message".into(),
        body: json!({ "text": "おはようございます" }),
        occurred_at: moment(START) + TimeDelta::minutes(minute),
    }
}

for_each_database! {
    async fn the_same_call_twice_is_stored_once(database: &TestDatabase) {
        let room = Room::open(database).await;
        let events = [event("a", 0), event("b", 1), event("a", 0)];
        assert_eq!(room.store.store_inbound(room.office, "line-main", &events).await.unwrap(), 2);
        assert_eq!(room.store.store_inbound(room.office, "line-main", &events).await.unwrap(), 0);
        assert_eq!(room.store.store_inbound(room.office, "line-main", &[]).await.unwrap(), 0);
        assert_eq!(room.store.store_inbound(room.office, "line-other", &events[..1]).await.unwrap(), 1);
        assert_eq!(room.store.inbound_counts().await.unwrap(), [(InboundState::Stored, 3)]);
    }

    async fn calls_with_the_same_events_at_the_same_moment_are_stored_once(database: &TestDatabase) {
        let room = Room::open(database).await;
        let mut calls = tokio::task::JoinSet::new();
        for call in 0..8 {
            let (store, office) = (room.store.clone(), room.office);
            calls.spawn(async move {
                let mut events: Vec<_> = (0..20).map(|i| event(&format!("event-{i}"), i)).collect();
                if call % 2 == 1 {
                    events.reverse();
                }
                store.store_inbound(office, "line-main", &events).await.unwrap()
            });
        }
        let new: u64 = calls.join_all().await.into_iter().sum();
        assert_eq!(new, 20);
        assert_eq!(room.read().await.inbound_to_process(100).await.unwrap().len(), 20);
    }

    async fn events_are_processed_in_the_order_of_the_provider_and_once(database: &TestDatabase) {
        let room = Room::open(database).await;
        let events = [event("late", 9), event("early", 2)];
        room.store.store_inbound(room.office, "line-main", &events).await.unwrap();
        assert_eq!(room.store.offices_with_inbound(room.store.ambient().now()).await.unwrap(), [room.office]);
        let tx = room.begin().await;
        let waiting = tx.inbound_to_process(10).await.unwrap();
        let mut keys = Vec::new();
        for id in &waiting {
            let event = tx.lock_inbound(*id).await.unwrap().unwrap();
            assert_eq!(event.body, json!({ "text": "おはようございます" }));
            keys.push(event.event_key);
            tx.inbound_done(*id, InboundState::Processed, Some(room.graduate)).await.unwrap();
        }
        assert_eq!(keys, ["early", "late"]);
        assert!(refused(tx.inbound_done(waiting[0], InboundState::Processed, None).await));
        tx.save().await.unwrap();
        assert!(room.store.offices_with_inbound(room.store.ambient().now()).await.unwrap().is_empty());
        assert!(room.read().await.inbound_to_process(10).await.unwrap().is_empty());
    }

    async fn an_event_that_keeps_failing_goes_to_a_person(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.store.store_inbound(room.office, "line-main", &[event("poison", 0)]).await.unwrap();
        let id = room.read().await.inbound_to_process(1).await.unwrap()[0];
        for last in 1..=INBOUND_TRIES + 1 {
            let tx = room.begin().await;
            let state = tx.inbound_failed(id).await.unwrap();
            tx.save().await.unwrap();
            assert_eq!(state == InboundState::Failed, last >= INBOUND_TRIES, "try {last}");
        }
        let tx = room.read().await;
        assert!(tx.inbound_to_process(1).await.unwrap().is_empty());
        let tasks = tx.open_tasks().await.unwrap();
        assert_eq!(tasks.iter().map(|task| task.reason).collect::<Vec<_>>(), [TaskReason::InboundFailed]);
    }

    async fn unknown_senders_are_shown_and_can_be_taken_up_later(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.store.store_inbound(room.office, "line-main", &[event("who", 0)]).await.unwrap();
        let tx = room.begin().await;
        let id = tx.inbound_to_process(1).await.unwrap()[0];
        tx.inbound_done(id, InboundState::UnknownSender, None).await.unwrap();
        assert_eq!(tx.unknown_senders(10).await.unwrap()[0].id, id);
        assert_eq!(tx.unknown_sender_count().await.unwrap(), 1);
        tx.inbound_done(id, InboundState::Processed, Some(room.graduate)).await.unwrap();
        assert_eq!(tx.unknown_sender_count().await.unwrap(), 0);
        assert_eq!(tx.inbound_event(id).await.unwrap().unwrap().graduate, Some(room.graduate));
    }

    async fn events_of_another_office_cant_be_seen_or_finished(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.store.store_inbound(room.office, "line-main", &[event("ours", 0)]).await.unwrap();
        let id = room.read().await.inbound_to_process(1).await.unwrap()[0];
        let other = add_office(&room.store, "別の事業所").await;
        let tx = room.store.begin(other).await.unwrap();
        assert!(tx.inbound_to_process(10).await.unwrap().is_empty());
        assert!(tx.inbound_event(id).await.unwrap().is_none());
        assert!(refused(tx.inbound_done(id, InboundState::Ignored, None).await));
        assert!(not_found(tx.inbound_failed(id).await));
    }
}

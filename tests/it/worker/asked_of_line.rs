//! What is asked of LINE beside sending: the month's allowance, and a stranger's name.

use bansou_channels::PUSHES_PER_SECOND;
use bansou_tests::fakes::Fault;
use bansou_tests::for_each_database;
use bansou_tests::world::line_user;
use serde_json::json;

use super::{Faked, day};

const MORNING: &str = "2026-04-01T07:00:00+09:00";

for_each_database! {
    async fn the_months_allowance_is_kept_with_its_time_and_without_an_answer_the_last_one_stands(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let asked_at = stage.world.now();
        stage.line.set_quota(Some(200));
        assert_eq!(stage.world.engine.quotas().await.unwrap(), 1);
        let quota = async || stage.world.begin().await.channel_states().await.unwrap()[0].quota;
        let kept = quota().await.unwrap();
        assert_eq!((kept.used, kept.limit, kept.at), (0, Some(200), asked_at));

        stage.world.graduate(1, day("2026-03-30")).await;
        stage.world.run_until(asked_at + chrono::TimeDelta::hours(15)).await;
        assert_eq!(stage.line.accepted().len(), 1);
        stage.line.faults().script([Some(Fault::ErrorBefore)]);
        assert_eq!(stage.world.engine.quotas().await.unwrap(), 0);
        assert_eq!(quota().await, Some(kept));

        stage.line.set_quota(None);
        assert_eq!(stage.world.engine.quotas().await.unwrap(), 1);
        let kept = quota().await.unwrap();
        assert_eq!((kept.used, kept.limit), (1, None));
    }

    async fn what_is_pushed_takes_its_turns_from_those_of_the_account(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let mut due = world.now();
        for n in 1..=9 {
            let graduate = world.graduate(n, day("2026-03-30")).await;
            world.engine.plan().await.unwrap();
            due = due.max(world.begin().await.deliveries_of(graduate, 1).await.unwrap()[0].due_at);
        }
        world.clock.set(due);
        let sent = i64::try_from(world.engine.dispatch().await.unwrap()).unwrap();
        assert!(sent > 1, "those whose hours aren't over yet");
        let next = world.store.take_turns("line-main", 1, PUSHES_PER_SECOND).await.unwrap();
        assert_eq!((next - due).num_milliseconds(), (sent * 10 + 17) / 18, "1,800 a second");
    }

    async fn a_strangers_name_is_asked_for_once_and_again_after_no_answer(database: &TestDatabase) {
        let stage = Faked::open(database.url(), MORNING).await;
        let world = &stage.world;
        let asked = || stage.line.seen().iter().filter(|seen| seen.call == "profile").count();
        let names = async || {
            let events = world.begin().await.unknown_senders(10).await.unwrap();
            events.into_iter().map(|event| event.sender_name).collect::<Vec<_>>()
        };
        stage.line.faults().script([Some(Fault::ErrorBefore)]);
        write(&stage, "e1").await;
        assert_eq!((asked(), names().await), (1, vec![None]));
        write(&stage, "e2").await;
        assert_eq!((asked(), names().await), (3, vec![Some("見本".to_owned()); 2]));
        write(&stage, "e3").await;
        assert_eq!(asked(), 4, "known names aren't asked for again");
    }
}

async fn write(stage: &Faked, key: &str) {
    let message = json!({ "type": "text", "id": format!("m-{key}"), "text": "見本です" });
    stage.world.line_event(key, &line_user(7), json!({ "type": "message", "message": message })).await;
    stage.world.tick().await;
}

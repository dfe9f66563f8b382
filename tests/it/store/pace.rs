//! Turns on a channel that may be called only so often.

use bansou_tests::for_each_database;
use bansou_tests::world::World;
use chrono::TimeDelta;
use tokio::task::JoinSet;

for_each_database! {
    async fn turns_follow_each_other_at_the_channels_pace(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T09:00:00+09:00").await;
        let begins = async |channel: &str, calls| {
            (world.store.take_turns(channel, calls, 1_800).await.unwrap() - world.now()).num_milliseconds()
        };
        assert_eq!(begins("line-main", 180).await, 0);
        assert_eq!(begins("line-main", 90).await, 100);
        assert_eq!(begins("line-main", 1).await, 150);
        assert_eq!(begins("line-other", 1).await, 0, "another account has turns of its own");
        world.clock.advance(TimeDelta::milliseconds(100));
        assert_eq!(begins("line-main", 1).await, 51);
        world.clock.advance(TimeDelta::seconds(1));
        assert_eq!(begins("line-main", 1).await, 0, "turns that nobody took aren't kept");
    }

    async fn a_clock_that_was_put_back_makes_nobody_wait(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T09:00:00+09:00").await;
        world.store.take_turns("line-main", 200, 1_800).await.unwrap();
        world.clock.advance(TimeDelta::hours(-1));
        assert_eq!(world.store.take_turns("line-main", 200, 1_800).await.unwrap(), world.now());
    }

    async fn everybody_who_asks_at_once_gets_a_turn_of_their_own(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T09:00:00+09:00").await;
        let mut asked = JoinSet::new();
        for _ in 0..20 {
            let store = world.store.clone();
            asked.spawn(async move { store.take_turns("line-main", 10, 1_000).await.unwrap() });
        }
        let begins = asked.join_all().await;
        let mut begins: Vec<i64> = begins.into_iter().map(|begins| (begins - world.now()).num_milliseconds()).collect();
        begins.sort_unstable();
        assert_eq!(begins, (0..20).map(|n| n * 10).collect::<Vec<_>>());
    }
}

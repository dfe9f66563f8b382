//! The send journal: nothing is called without it, and it names nobody.

use bansou_core::ids::CheckInId;
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user, mobile};
use bansou_worker::journal::{Journal, Line, Step, read};
use tempfile::TempDir;

use super::day;

const MORNING: &str = "2026-04-01T07:00:00+09:00";
const EVENING: &str = "2026-04-01T22:00:00+09:00";

fn keep(world: &mut World, folder: &TempDir) {
    let journal = Journal::open(&folder.path().join("journal"), world.store.ambient()).unwrap();
    world.store.tell(journal.witness(world.store.ambient()));
    world.engine = world.engine.clone().with_journal(journal);
}

for_each_database! {
    async fn every_call_leaves_an_intent_and_a_result_without_a_word_about_anybody(database: &TestDatabase) {
        let folder = TempDir::new().unwrap();
        let mut world = World::open(database.url(), MORNING).await;
        keep(&mut world, &folder);
        let person = world.graduate(1, day("2026-03-30")).await;
        world.run_until(moment(EVENING)).await;
        let lines = read(&folder.path().join("journal")).unwrap();
        let sent: Vec<_> = lines.iter().filter_map(|line| if let Line::Sent(line) = line { Some(line) } else { None }).collect();
        assert_eq!(sent.iter().map(|line| line.step).collect::<Vec<_>>(), [Step::Intent, Step::Accepted]);
        let row = super::rows(&world, person).await.remove(0);
        for line in sent {
            assert_eq!((line.graduate, line.check_in.map(CheckInId)), (Some(person.0), Some(row.id)));
        }
        for file in std::fs::read_dir(folder.path().join("journal")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for told in ["見本", "みほん", &line_user(1), &mobile(1), &mobile(1)[3..]] {
                assert!(!text.contains(told), "{told} stands in the journal");
            }
        }
    }

    async fn a_stop_stands_in_it_as_soon_as_it_is_committed(database: &TestDatabase) {
        let folder = TempDir::new().unwrap();
        let mut world = World::open(database.url(), MORNING).await;
        keep(&mut world, &folder);
        let person = world.graduate(1, day("2026-03-30")).await;
        world.says("e1", 1, "配信停止").await;
        let lines = read(&folder.path().join("journal")).unwrap();
        let stop = lines.iter().any(|line| {
            matches!(line, Line::Change(change) if change.action == "graduate.stop" && change.object == Some(person.0))
        });
        assert!(stop, "{lines:?}");
    }

    async fn without_a_journal_nothing_is_called_and_with_it_again_everything_goes(database: &TestDatabase) {
        let folder = TempDir::new().unwrap();
        let mut world = World::open(database.url(), MORNING).await;
        keep(&mut world, &folder);
        world.graduate(1, day("2026-03-30")).await;
        // The disk with the journal goes away; the next day's file can't be made.
        std::fs::remove_dir_all(folder.path().join("journal")).unwrap();
        world.clock.set_to("2026-04-01T12:00:00+09:00");
        world.run_until(moment("2026-04-01T15:00:00+09:00")).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 0);
        std::fs::create_dir(folder.path().join("journal")).unwrap();
        world.run_until(moment("2026-04-02T22:00:00+09:00")).await;
        assert_eq!(world.inbox.accepted_after(0).len(), 1);
    }
}

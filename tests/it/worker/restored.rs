//! The restore drill (P15): a backup in mid-run, brought back a minute and a day later. Judged by the providers' own ledgers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bansou_channels::{Channel, LineChannel, SimulatorInbox, TwilioChannel};
use bansou_cli::backup::seal::{Lock, Opener, new_key};
use bansou_cli::backup::{Order, bring_back, take};
use bansou_cli::config::{BackupSection, DatabaseUrl};
use bansou_core::ambient::Ambient;
use bansou_core::audit::Actor;
use bansou_core::calendar::Holidays;
use bansou_core::contact::ContactKind;
use bansou_core::graduate::{ContactStop, StopAsked};
use bansou_core::ids::GraduateId;
use bansou_core::message::Templates;
use bansou_core::signs::Lexicon;
use bansou_store::crypto::MasterKey;
use bansou_store::{Durability, HaltScope, ReconciledBy, Store};
use bansou_tests::ambient::{SeededEntropy, moment};
use bansou_tests::database::TestDatabase;
use bansou_tests::fakes::{Fault, LineAccepted};
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user, mobile};
use bansou_worker::journal::{Journal, read};
use bansou_worker::{Engine, EngineParts, Reconciled, SendTerms};
use chrono::TimeDelta;
use serde_json::json;
use tempfile::TempDir;

use super::{Faked, day};
use crate::virtual_days::{line_settings, twilio_settings};

const PEOPLE: u32 = 40;
const MORNING: &str = "2026-04-01T07:00:00+09:00";
/// Nobody falls due a second time up to here.
const END: &str = "2026-04-03T23:00:00+09:00";
/// Said stop after the backup; stopped by staff; blocked the account; has a new number.
const STOPPED: [u32; 4] = [1, 2, BLOCKED, 4];
/// Goes on by SMS.
const BLOCKED: u32 = 3;

struct Drill {
    stage: Faked,
    people: Vec<GraduateId>,
    folder: TempDir,
}

impl Drill {
    async fn begin(database: &TestDatabase) -> Self {
        let folder = TempDir::new().unwrap();
        let mut stage = Faked::open(database.url(), MORNING).await;
        keep_journal(&mut stage.world, &folder.path().join("journal"));
        let mut people = Vec::new();
        for n in 1..=PEOPLE {
            let kinds: &[ContactKind] = match n % 4 {
                0 if n > 4 => &[ContactKind::Sms],
                1 => &[ContactKind::Line],
                _ => &[ContactKind::Line, ContactKind::Sms],
            };
            // Half of them fall due on the day after the backup.
            let hired_on = if n % 2 == 0 { day("2026-03-30") } else { day("2026-03-31") };
            people.push(stage.world.graduate_with(n, hired_on, kinds).await);
        }
        Self { stage, people, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Both ledgers: who got a check-in, and how many in all.
    fn taken(&self) -> BTreeMap<u32, usize> {
        let mut per_person = BTreeMap::new();
        let number = |find: &dyn Fn(u32) -> bool| (1..=PEOPLE).find(|n| find(*n)).unwrap_or(0);
        for message in self.stage.line.accepted().iter().filter(|message| !message.choices.is_empty()) {
            *per_person.entry(number(&|n| line_user(n) == message.to)).or_default() += 1;
        }
        for message in self.stage.twilio.accepted() {
            *per_person.entry(number(&|n| mobile(n) == message.to)).or_default() += 1;
        }
        per_person
    }

    /// A backup while a batch is being called: some rows are claimed, some are out, some unclear.
    async fn backup_in_mid_run(&self, url: &str) -> PathBuf {
        let world = &self.stage.world;
        world.run_until(moment("2026-04-01T10:00:00+09:00")).await;
        // An hour's messages at once.
        world.clock.set_to("2026-04-01T11:00:00+09:00");
        self.stage.line.faults().script([Some(Fault::Held), Some(Fault::ErrorAfter)]);
        self.stage.twilio.faults().script([Some(Fault::ErrorAfter)]);
        let engine = world.engine.clone();
        let sending = tokio::spawn(async move { engine.dispatch().await });
        while !self.stage.line.faults().happened().contains_key(&Fault::Held) {
            let next = world.store.next_moment().await.unwrap();
            assert!(!sending.is_finished(), "nothing was due: {:?} {next:?}", self.taken());
            tokio::task::yield_now().await;
        }
        let public = new_key(&self.path("backup.key"), world.now()).unwrap();
        let lock = Lock::of(&BackupSection { recipients: vec![public], passphrase_file: None }).unwrap();
        let file = self.path("backup.age");
        take(&DatabaseUrl::new(url), lock, &file, world.store.ambient()).await.unwrap();
        self.stage.line.faults().release();
        sending.await.unwrap().unwrap();
        file
    }

    /// What happens after the backup and is lost with the database.
    async fn people_stop(&self) {
        let world = &self.stage.world;
        world.says("stop-1", 1, "配信停止").await;
        let tx = world.begin().await;
        let stop = ContactStop { asked: StopAsked::Family, reason: "例".into() };
        tx.stop_contact_for(Actor::staff(world.staff), self.people[1], &stop).await.unwrap();
        tx.set_address(Actor::staff(world.staff), self.people[3], ContactKind::Sms, &mobile(104)).await.unwrap();
        tx.save().await.unwrap();
        world.line_event("unfollow-3", &line_user(3), json!({ "type": "unfollow" })).await;
        world.tick().await;
    }

    async fn restore(&mut self, url: &str, file: &Path) {
        let world = &self.stage.world;
        let ambient = Ambient::new(Arc::clone(&world.clock) as _, SeededEntropy::new(2));
        world.store.close().await.unwrap();
        let order = Order {
            file: file.to_owned(),
            opener: Opener::identity(&self.path("backup.key")).unwrap(),
            url: DatabaseUrl::new(url),
            key: MasterKey::new([7; 32]),
            replace: true,
            migrate: false,
        };
        let found = bring_back(order, &ambient).await.unwrap();
        assert!(found.former.is_some());
        let store = Store::open(url, MasterKey::new([7; 32]), ambient, Durability::Throwaway).await.unwrap();
        let channels = vec![
            Channel::Line(LineChannel::new(line_settings(&self.stage.line)).unwrap()),
            Channel::Twilio(TwilioChannel::new(twilio_settings(&self.stage.twilio)).unwrap()),
        ];
        let engine = Engine::new(EngineParts {
            store: store.clone(),
            channels,
            holidays: Arc::new(Holidays::embedded()),
            templates: Templates::embedded(),
            lexicon: Arc::new(Lexicon::embedded()),
            public_url: "https://bansou.example".into(),
            terms: SendTerms::default(),
        });
        let clock = Arc::clone(&world.clock);
        let (office, staff) = (world.office, world.staff);
        self.stage.world = World { store, engine, clock, inbox: SimulatorInbox::new(), office, staff };
    }

    /// Runs to the end and looks at every person and every row.
    async fn judge(&self, what: &str, reconciled: &Reconciled) {
        let world = &self.stage.world;
        world.run_until(moment(END)).await;
        let taken = self.taken();
        let doubled: Vec<_> = taken.iter().filter(|(_, count)| **count > 1).collect();
        let mut open = 0;
        let mut silently_lost = Vec::new();
        for (n, person) in (1..=PEOPLE).zip(&self.people) {
            let rows = super::rows(world, *person).await;
            open += rows.iter().filter(|row| !row.state.is_closed() && row.state.as_str() != "out").count();
            let has_reason = rows.iter().any(|row| row.state_reason.is_some());
            if !taken.contains_key(&n) && !has_reason && !STOPPED.contains(&n) {
                silently_lost.push(n);
            }
        }
        let faults = (self.stage.line.faults().happened(), self.stage.twilio.faults().happened());
        tell(&format!(
            "{what}: {} of {PEOPLE} people got their check-in, doubled {}, lost silently {}, rows open {open}; \
             {reconciled:?}; faults {faults:?}",
            taken.len(),
            doubled.len(),
            silently_lost.len(),
        ));
        assert_eq!(doubled, [], "said twice");
        assert_eq!((silently_lost, open), (vec![], 0));
        assert!(taken.len() > PEOPLE as usize / 2, "too little was sent to say anything");
        assert_eq!((self.stage.line.violations(), self.stage.twilio.violations()), (vec![], vec![]));
    }
}

fn keep_journal(world: &mut World, folder: &Path) {
    let journal = Journal::open(folder, world.store.ambient()).unwrap();
    world.store.tell(journal.witness(world.store.ambient()));
    world.engine = world.engine.clone().with_journal(journal);
}

async fn drill(database: &TestDatabase, away: TimeDelta, with_journal: bool) {
    let mut drill = Drill::begin(database).await;
    let file = drill.backup_in_mid_run(database.url()).await;
    drill.stage.world.tick().await;
    if with_journal {
        drill.people_stop().await;
    }
    drill.stage.line.faults().set_rates(&[(Fault::ErrorAfter, 100), (Fault::ErrorBefore, 50)]);
    drill.stage.twilio.faults().set_rates(&[(Fault::ErrorAfter, 150)]);
    let until = drill.stage.world.now() + away;
    drill.stage.world.run_until(until).await;
    let before = drill.taken();

    drill.restore(database.url(), &file).await;
    let world = &drill.stage.world;
    world.run_until(world.now() + TimeDelta::minutes(5)).await;
    assert_eq!(drill.taken(), before, "it starts paused");
    assert!(world.store.assert_may_resume().await.is_err(), "not before it was reconciled");

    let reconciled = if with_journal {
        world.engine.reconcile(&read(&drill.path("journal")).unwrap()).await.unwrap()
    } else {
        let restore = world.store.open_restore().await.unwrap().unwrap();
        world.engine.reconcile_without_journal(&restore).await.unwrap()
    };
    world.run_until(world.now() + TimeDelta::minutes(5)).await;
    assert_eq!(drill.taken(), before, "paused until somebody resumes");
    world.store.assert_may_resume().await.unwrap();
    assert!(world.store.release(&HaltScope::Everything).await.unwrap());
    let what = format!("{} later, {}", away, if with_journal { "with the journal" } else { "without one" });
    drill.judge(&what, &reconciled).await;
    if with_journal {
        let (now, then) = (drill.taken(), before);
        for n in STOPPED.into_iter().filter(|n| *n != BLOCKED) {
            assert_eq!(now.get(&n), then.get(&n), "person {n} was written to after the stop that the backup forgot");
        }
        let to_blocked = |message: &LineAccepted| message.to == line_user(BLOCKED);
        assert!(!drill.stage.line.accepted().iter().any(to_blocked), "the block was forgotten");
        assert!(reconciled.applied >= 3 && reconciled.held == [drill.people[3]], "{reconciled:?}");
    }
}

#[expect(clippy::print_stdout, reason = "the figures are what this drill is for")]
fn tell(figures: &str) {
    println!("restore drill, {figures}");
}

for_each_database! {
    async fn a_backup_of_a_minute_ago_doubles_nothing(database: &TestDatabase) {
        drill(database, TimeDelta::minutes(1), true).await;
    }

    async fn a_backup_of_yesterday_doubles_nothing(database: &TestDatabase) {
        drill(database, TimeDelta::hours(24), true).await;
    }

    async fn without_a_journal_what_may_be_out_is_asked_of_line_or_of_a_person(database: &TestDatabase) {
        drill(database, TimeDelta::minutes(1), false).await;
    }

    async fn without_a_journal_a_day_later_nothing_is_doubled_either(database: &TestDatabase) {
        drill(database, TimeDelta::hours(24), false).await;
    }

    async fn a_restored_database_that_is_told_nothing_says_things_twice(database: &TestDatabase) {
        let mut drill = Drill::begin(database).await;
        let file = drill.backup_in_mid_run(database.url()).await;
        let until = drill.stage.world.now() + TimeDelta::hours(24);
        drill.stage.world.run_until(until).await;
        drill.restore(database.url(), &file).await;
        let world = &drill.stage.world;
        // Past every gate, as a program without this part would go on.
        world.store.mark_reconciled(ReconciledBy::WithoutJournal).await.unwrap();
        world.store.release(&HaltScope::Everything).await.unwrap();
        world.run_until(moment(END)).await;
        let doubled = drill.taken().values().filter(|count| **count > 1).count();
        tell(&format!("told nothing: doubled {doubled}"));
        assert!(doubled > 0, "the drill can't tell a restore that doubles from one that doesn't");
    }

    async fn a_wrong_key_leaves_everything_as_it_was(database: &TestDatabase) {
        let drill = Drill::begin(database).await;
        let file = drill.backup_in_mid_run(database.url()).await;
        new_key(&drill.path("other.key"), drill.stage.world.now()).unwrap();
        let ambient = drill.stage.world.store.ambient().clone();
        drill.stage.world.store.close().await.unwrap();
        let order = |identity: &str, key: u8, replace: bool| Order {
            file: file.clone(),
            opener: Opener::identity(&drill.path(identity)).unwrap(),
            url: DatabaseUrl::new(database.url()),
            key: MasterKey::new([key; 32]),
            replace,
            migrate: false,
        };
        let said = |failed: bansou_cli::Failure| failed.to_string();
        let other = said(bring_back(order("other.key", 7, true), &ambient).await.unwrap_err());
        assert!(other.contains("this key doesn't open the backup"), "{other}");
        let occupied = said(bring_back(order("backup.key", 7, false), &ambient).await.unwrap_err());
        assert!(occupied.contains("--replace"), "{occupied}");
        let key_file = said(bring_back(order("backup.key", 8, true), &ambient).await.unwrap_err());
        assert!(key_file.contains("database.key_file"), "{key_file}");
        let half = std::fs::read(&file).unwrap();
        std::fs::write(&file, &half[..half.len() - 100]).unwrap();
        bring_back(order("backup.key", 7, true), &ambient).await.unwrap_err();

        let store = Store::open(database.url(), MasterKey::new([7; 32]), ambient, Durability::Throwaway).await.unwrap();
        assert_eq!(store.halts().await.unwrap(), []);
        assert!(store.open_restore().await.unwrap().is_none());
        assert_eq!(store.row_counts().await.unwrap()[2], ("graduates", i64::from(PEOPLE)));
    }
}

//! The list of an office's people: narrowed in SQL, sorted by reading, one page at a time.

use bansou_core::graduate::{ContactStop, PauseDates, PeopleGroup, StopAsked, Support};
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::staff::Role;
use bansou_store::{EmploymentDetails, Pause, Roll, Tx};
use bansou_tests::for_each_database;
use chrono::NaiveDate;

use super::office::{ACTOR, TestOffice, add_graduate, add_staff};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn shown(tx: &Tx, group: PeopleGroup, staff: Option<StaffId>) -> Vec<GraduateId> {
    let roll = Roll { group, staff, cared_for: Vec::new(), today: day("2026-04-01") };
    tx.roll(&roll, 0, 50).await.unwrap().items.into_iter().map(|graduate| graduate.id).collect()
}

for_each_database! {
    async fn each_group_has_its_people_and_pages_follow_the_readings(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let staff = add_staff(&tx, "見本 支援", "shien@mihon.example", Role::Staff).await;
        let mut ids = Vec::new();
        for kana in ["オ", "エ", "ウ", "イ", "ア"] {
            ids.push(add_graduate(&tx, "見本 花子", kana, None).await);
        }
        let [working, left, paused, stopped, ended] = ids[..] else { unreachable!("five people") };
        let job = EmploymentDetails::begun(None, day("2026-01-05"));
        tx.add_employment(ACTOR, working, &job).await.unwrap();
        let over = EmploymentDetails { left_on: Some(day("2026-03-31")), ..job.clone() };
        tx.add_employment(ACTOR, left, &over).await.unwrap();
        let dates = PauseDates { from: day("2026-04-01"), until: Some(day("2026-04-01")) };
        tx.pause_graduate(ACTOR, paused, &Pause { dates, reason: String::new() }).await.unwrap();
        let stop = ContactStop { asked: StopAsked::Office, reason: "確かめるため".into() };
        tx.stop_contact_for(ACTOR, stopped, &stop).await.unwrap();
        for (id, support) in [(working, Support::Supported), (left, Support::Supported), (paused, Support::Supported)] {
            tx.set_support(ACTOR, id, support).await.unwrap();
        }
        tx.set_support(ACTOR, stopped, Support::Preparing).await.unwrap();
        tx.set_support(ACTOR, ended, Support::Ended).await.unwrap();
        tx.assign_staff(ACTOR, left, None, Some(staff)).await.unwrap();

        for (group, expected) in [
            (PeopleGroup::Supported, vec![paused, left, working]),
            (PeopleGroup::Working, vec![working]),
            (PeopleGroup::Paused, vec![paused]),
            (PeopleGroup::Stopped, vec![stopped]),
            (PeopleGroup::Left, vec![left]),
            (PeopleGroup::Preparing, vec![stopped]),
            (PeopleGroup::Ended, vec![ended]),
        ] {
            assert_eq!(shown(&tx, group, None).await, expected, "{group}");
        }
        assert_eq!(shown(&tx, PeopleGroup::Supported, Some(staff)).await, [left]);
        let again = EmploymentDetails { hired_on: day("2026-04-20"), ..job };
        tx.add_employment(ACTOR, left, &again).await.unwrap();
        assert!(shown(&tx, PeopleGroup::Left, None).await.is_empty(), "the next job is known");

        let roll = Roll { group: PeopleGroup::Supported, staff: None, cared_for: Vec::new(), today: day("2026-04-01") };
        let second = tx.roll(&roll, 1, 2).await.unwrap();
        assert_eq!((second.total, second.items.iter().map(|person| person.id).collect::<Vec<_>>()), (3, vec![working]));
        assert_eq!(tx.roll(&roll, 9, 2).await.unwrap().items.len(), 1, "beyond the last is the last");
    }

    async fn a_row_tells_of_the_job_of_today_and_of_nobody_elses_office(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let (id, idle) = (add_graduate(&tx, "見本 花子", "", None).await, add_graduate(&tx, "例田 太郎", "", None).await);
        let employer = tx.employer_named(ACTOR, "見本商事").await.unwrap();
        for (employer, hired_on) in [(None, "2026-01-05"), (Some(employer), "2026-03-02"), (None, "2026-05-01")] {
            tx.add_employment(ACTOR, id, &EmploymentDetails::begun(employer, day(hired_on))).await.unwrap();
        }
        let mut facts = tx.roll_facts(&[id, idle], day("2026-04-01")).await.unwrap();
        let fact = facts.remove(&id).unwrap();
        assert_eq!((fact.hired_on, fact.employer.as_deref()), (Some(day("2026-03-02")), Some("見本商事")));
        assert!(facts.get(&idle).is_none_or(|fact| fact.hired_on.is_none()));
        tx.save().await.unwrap();
        let other = super::office::add_office(&office.store, "別の支援室").await;
        let theirs = office.store.read(other).await.unwrap();
        assert!(theirs.roll_facts(&[id], day("2026-04-01")).await.unwrap().is_empty());
        assert!(shown(&theirs, PeopleGroup::Supported, None).await.is_empty());
    }
}

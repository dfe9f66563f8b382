//! Importing a roster: what one row makes, what a second import changes, and what it costs.

use bansou_core::cadence::{AnchorKind, CadencePlan, embedded_presets};
use bansou_core::contact::ContactKind;
use bansou_core::employment::Disclosure;
use bansou_core::graduate::{Language, Support};
use bansou_core::leaving::LeavingReason;
use bansou_core::roster::{Cell, Headers, RosterRow, parse_row};
use bansou_core::staff::Role;
use bansou_store::{ChainCheck, StoreError, Tx, Upserted};
use bansou_tests::for_each_database;
use pretty_assertions::assert_eq;

use super::office::{ACTOR, TestOffice, add_office, add_staff};

const HEADER: &str = "external_id,name,kana,phone,email,employer,hired_on,left_on,leaving_reason,service_started_on,service_ended_on,staff_email,language,allowed_from,allowed_to,disclosure";
const HANAKO: &str = "1,見本 花子,ミホン ハナコ,090-1000-0001,hanako@mihon.example,見本商事,2025-09-01,,,2026-03-01,,shien@mihon.example,やさしい,10:00,16:00";

for_each_database! {
    async fn one_row_makes_a_person_with_everything_that_stands_in_it(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let staff = add_staff(&tx, "見本 支援", "Shien@mihon.example", Role::Staff).await;
        let [Upserted::Added(id)] = import(&tx, &[HANAKO]).await[..] else { panic!("not added") };
        let person = tx.graduate(id).await.unwrap().unwrap();
        assert_eq!(person.details.profile.name, "見本 花子");
        assert_eq!((person.details.language, person.support, person.staff), (Language::Easy, Support::Supported, Some(staff)));
        assert_eq!(person.details.hours.week.on(chrono::Weekday::Sun)[0].to_string(), "10:00-16:00");
        let points = tx.contact_points(id).await.unwrap();
        let points: Vec<_> = points.iter().map(|point| (point.kind, point.address.as_str())).collect();
        assert_eq!(points, [(ContactKind::Sms, "+819010000001"), (ContactKind::Email, "hanako@mihon.example")]);
        let job = tx.employments_of(id).await.unwrap().remove(0).details;
        assert_eq!(tx.employer(job.employer.unwrap()).await.unwrap().unwrap().profile.name, "見本商事");
        let period = tx.service_periods_of(id).await.unwrap().remove(0).period;
        assert_eq!((period.started_on.to_string(), period.ended_on), ("2026-03-01".to_owned(), None));
        let cadence = tx.cadence(id).await.unwrap().unwrap();
        assert_eq!((cadence.state.anchor.kind, cadence.state.anchor.on), (AnchorKind::Hired, job.hired_on));
        assert_eq!(cadence.plan_at, Some(tx.now()));
        assert_eq!(tx.audit_of(id.0, 9).await.unwrap()[0].action, "graduate.import");
        assert!(matches!(tx.verify_audit().await.unwrap(), ChainCheck::Whole(3)), "staff, person, employer");
    }

    async fn a_second_import_changes_only_what_differs_and_an_empty_cell_changes_nothing(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        add_staff(&tx, "見本 支援", "shien@mihon.example", Role::Staff).await;
        let [Upserted::Added(id)] = import(&tx, &[HANAKO]).await[..] else { panic!("not added") };
        let rows = tx.verify_audit().await.unwrap();
        assert_eq!(import(&tx, &[HANAKO, "1,見本 花子"]).await, [Upserted::Unchanged(id), Upserted::Unchanged(id)]);
        assert_eq!(tx.verify_audit().await.unwrap(), rows, "no row for what did not change");

        let moved = "1,見本 花子,,090-1000-0002";
        assert_eq!(import(&tx, &[moved]).await, [Upserted::Updated(id)]);
        let points = tx.contact_points(id).await.unwrap();
        assert_eq!((points[0].address.as_str(), points[0].version), ("+819010000002", 2));
        assert_eq!(tx.graduate(id).await.unwrap().unwrap().details.profile.kana, "ミホン ハナコ");

        let left = "1,見本 花子,,,,,2025-09-01,2026-03-20,体調不良";
        assert_eq!(import(&tx, &[left]).await, [Upserted::Updated(id)]);
        let job = tx.employments_of(id).await.unwrap().remove(0).details;
        assert_eq!((job.left_on.map(|day| day.to_string()).as_deref(), job.leaving), (Some("2026-03-20"), Some(LeavingReason::Health)));
        assert!(job.employer.is_some());
        assert_eq!(tx.graduate(id).await.unwrap().unwrap().support, Support::Ended);

        let again = "1,見本 花子,,,,例の工業,2026-03-25";
        assert_eq!(import(&tx, &[again]).await, [Upserted::Updated(id)]);
        assert_eq!(tx.employments_of(id).await.unwrap().len(), 2);
        assert_eq!(tx.graduate(id).await.unwrap().unwrap().support, Support::Supported);
        assert_eq!(tx.cadence(id).await.unwrap().unwrap().state.anchor.on.to_string(), "2026-03-25");

        let corrected = "1,見本 花子,,,,例の工業,2026-03-26";
        assert_eq!(import(&tx, &[corrected]).await, [Upserted::Updated(id)]);
        assert_eq!(tx.employments_of(id).await.unwrap().len(), 2, "the lasting job's day was mended");
    }

    async fn a_landline_is_recorded_for_calls_and_takes_the_place_of_a_mobile_that_is_written_to_no_more(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let points = async |id| tx.contact_points(id).await.unwrap().into_iter().map(|point| (point.kind, point.address)).collect::<Vec<_>>();
        let [Upserted::Added(home), Upserted::Added(both)] =
            import(&tx, &["1,見本 花子,,03-1000-0001", "2,例田 一,,090-1000-0002"]).await[..] else { panic!("not added") };
        assert_eq!(points(home).await, [(ContactKind::Phone, "+81310000001".to_owned())]);
        assert!(matches!(import(&tx, &["1,見本 花子,,03-1000-0001"]).await[..], [Upserted::Unchanged(_)]));
        import(&tx, &["2,例田 一,,03-1000-0002"]).await;
        assert_eq!(points(both).await, [(ContactKind::Phone, "+81310000002".to_owned())]);
        import(&tx, &["2,例田 一,,090-1000-0003"]).await;
        assert_eq!(points(both).await, [(ContactKind::Sms, "+819010000003".to_owned())]);
    }

    async fn whether_the_employer_knows_is_what_the_file_says_and_unknown_where_it_says_nothing(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let with = |day: &str, word: &str| format!("1,見本 花子,,,,見本商事,{day},,,,,,,,,{word}");
        let job = async || tx.employments().await.unwrap().remove(0).details;
        import(&tx, &[&with("2025-09-01", "")]).await;
        assert_eq!(job().await.disclosure, Disclosure::Unknown, "never taken for open");
        import(&tx, &[&with("2025-09-01", "クローズ")]).await;
        assert_eq!(job().await.disclosure, Disclosure::Closed);
        for silent in [with("2025-09-01", ""), with("2025-09-01", "未確認"), "1,見本 花子".to_owned()] {
            assert!(matches!(import(&tx, &[&silent]).await[..], [Upserted::Unchanged(_)]), "{silent}");
        }
        let id = tx.graduates().await.unwrap()[0].id;
        tx.set_support(ACTOR, id, Support::Ended).await.unwrap();
        assert!(matches!(import(&tx, &["1,見本 花子,,,,,,,,,,,,,,開示"]).await[..], [Upserted::Updated(_)]));
        assert_eq!(job().await.disclosure, Disclosure::Open, "a row without a day means the job that lasts");
        import(&tx, &[&with("2025-09-01", "非開示")]).await;
        assert_eq!(tx.graduate(id).await.unwrap().unwrap().support, Support::Ended, "it says nothing about the support");
        import(&tx, &[&with("2025-09-01", "オープン"), "1,見本 花子,,,,例の商会,2025-09-01"]).await;
        assert_eq!(job().await.disclosure, Disclosure::Unknown, "a corrected company may not know what the wrong one knew");
        import(&tx, &["1,見本 花子,,,,例の工業,2025-10-01"]).await;
        let jobs = tx.employments_of(id).await.unwrap();
        assert_eq!((jobs.len(), jobs[0].details.disclosure), (2, Disclosure::Unknown), "another employer may not know");
        assert!(matches!(import(&tx, &["1,見本 花子,,,,,,,,,,,,,,open"]).await[..], [Upserted::Unchanged(_)]), "of two nobody knows which");
    }

    async fn people_are_recognised_by_number_or_by_name_reading_and_day_together(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let added = import(&tx, &[
            ",見本 太郎,ミホン タロウ,090-1000-0001,,見本商事,2025-09-01",
            ",見本 太郎,ミホン タロウ,090-1000-0002,,見本商事,2025-10-01",
            ",見本太郎,ミホンタロウ,090-1000-0003,,見本商事,2025-09-01",
        ]).await;
        let [Upserted::Added(first), Upserted::Added(second), Upserted::Updated(third)] = added[..] else {
            panic!("{added:?}")
        };
        assert_eq!(first, third, "the same person twice in one file");
        let numbered = import(&tx, &["7,見本 太郎,ミホン タロウ,,,,2025-10-01", "7,見本 太郎", "8,見本 太郎,ミホン タロウ,,,,2025-10-01"]).await;
        assert_eq!(numbered[..2], [Upserted::Updated(second), Upserted::Unchanged(second)], "the office began to give numbers");
        assert!(matches!(numbered[2], Upserted::Added(_)), "another number is another person");

        tx.save().await.unwrap();
        let other = add_office(&office.store, "例のオフィス").await;
        let tx = office.store.begin(other).await.unwrap();
        let done = import(&tx, &["7,見本 太郎,ミホン タロウ,,,,2025-10-01"]).await;
        assert!(matches!(done[0], Upserted::Added(_)), "another office's numbers are its own");
    }

    async fn a_row_that_names_unknown_staff_is_refused(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let mut import = tx.roster_import(ACTOR, plan()).await.unwrap();
        let row = row(HANAKO);
        assert!(import.names_unknown_staff(&row));
        assert!(matches!(import.upsert(&row).await, Err(StoreError::NotFound { .. })));
    }

    async fn twelve_hundred_rows_are_one_unit_of_work(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let lines: Vec<String> = (0..1_200)
            .map(|n| format!("{n},見本 {n}号,ミホン,090-1000-{n:04},,会社{},2025-09-01", n % 40))
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let tx = office.begin().await;
        assert!(import(&tx, &lines).await.iter().all(|done| matches!(done, Upserted::Added(_))));
        drop(tx);
        assert!(office.read().await.graduates().await.unwrap().is_empty(), "dropped, so nothing is there");
        let tx = office.begin().await;
        import(&tx, &lines).await;
        assert!(import(&tx, &lines).await.iter().all(|done| matches!(done, Upserted::Unchanged(_))));
        tx.save().await.unwrap();
        let tx = office.read().await;
        assert_eq!(tx.graduates().await.unwrap().len(), 1_200);
        assert_eq!(tx.employers().await.unwrap().len(), 40);
        assert_eq!(tx.verify_audit().await.unwrap(), ChainCheck::Whole(1_240));
    }
}

async fn import(tx: &Tx, lines: &[&str]) -> Vec<Upserted> {
    let mut import = tx.roster_import(ACTOR, plan()).await.unwrap();
    let mut done = Vec::new();
    for line in lines {
        done.push(import.upsert(&row(line)).await.unwrap());
    }
    import.finish().await.unwrap();
    done
}

fn row(line: &str) -> RosterRow {
    let headers = Headers::parse(&HEADER.split(',').collect::<Vec<_>>()).unwrap();
    let cells: Vec<Cell> = line.split(',').map(|cell| Cell::Text(cell.into())).collect();
    parse_row(&headers, &cells).unwrap()
}

fn plan() -> CadencePlan {
    embedded_presets().remove(0).plan
}

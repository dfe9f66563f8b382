//! What says something about a person is nowhere readable in the database's files; an edited audit list shows.

use bansou_core::absence::{HalfDays, Leave};
use bansou_core::cadence::{Anchor, AnchorKind, CadenceState, embedded_presets};
use bansou_core::card::{Card, CardOf};
use bansou_core::contact::ContactKind;
use bansou_core::employment::{EmployerContactProfile, EmployerProfile};
use bansou_core::graduate::{ContactStop, GraduateProfile, PauseDates, StopAsked, Support};
use bansou_core::half_day::HalfDay;
use bansou_core::leaving::LeavingReason;
use bansou_core::staff::Role;
use bansou_store::crypto::MasterKey;
use bansou_store::{
    Attempt, ChainCheck, Durability, EmploymentDetails, GraduateDetails, LinkKind, NewAbsence, Pause, SessionKind,
    Store, StoreError,
};
use bansou_tests::ambient::{ambient, moment};
use bansou_tests::database::TestDatabase;
use bansou_tests::world::{World, line_user};
use chrono::TimeDelta;
use sqlx::Connection as _;

use super::office::{ACTOR, START, TestOffice, add_graduate, add_staff, details};

/// Canaries in every sealed column of the people half; each is long enough not to appear by chance.
const CANARIES: [&str; 22] = [
    "カナリア職員",
    "canary-staff@mihon.example",
    "カナリア花子",
    "カナリアハナコ",
    "CANARY-NUMBER",
    "カナリア障害",
    "カナリア手帳",
    "カナリア説明",
    "カナリア危機",
    "カナリア休止",
    "Ucanarycanarycanarycanary",
    "+818000canary",
    "canary@mihon.example",
    "カナリア商事",
    "カナリア人事",
    "canary-jinji@mihon.example",
    "カナリア退職",
    "カナリア停止",
    "カナリア送信停止",
    "カナリア呼び名",
    "カナリア休みの理由",
    "カナリアカード",
];

#[tokio::test]
async fn no_sealed_value_and_no_secret_stands_readable_in_the_files() {
    let database = TestDatabase::sqlite();
    let office = TestOffice::on(&database).await;
    let secrets = fill(&office).await;
    let path = database.url().trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    let stands_in = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(stands_in("見本オフィス"), "the office's name is clear, so the bytes were searched in the right place");
    for text in CANARIES.iter().copied().chain(secrets.iter().map(String::as_str)) {
        assert!(!stands_in(text), "{text} is readable");
    }
}

#[tokio::test]
async fn another_key_file_opens_nothing() {
    let database = TestDatabase::sqlite();
    let office = TestOffice::on(&database).await;
    fill(&office).await;
    office.store.close().await.unwrap();
    let (ambient, _) = ambient(START);
    let store = Store::open(database.url(), MasterKey::new([8; 32]), ambient, Durability::Throwaway).await.unwrap();
    assert!(matches!(store.read(office.id).await, Err(StoreError::Sealed { table: "office_keys", .. })));
}

#[tokio::test]
async fn an_edited_or_missing_audit_row_breaks_the_chain() {
    for (edit, seq) in [
        ("UPDATE audit SET action = 'graduate.chang' WHERE seq = 2", 2),
        ("UPDATE audit SET actor_kind = 'staff' WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("UPDATE audit SET seq = 9 WHERE seq = 2", 2),
    ] {
        let database = TestDatabase::sqlite();
        let office = TestOffice::on(&database).await;
        let tx = office.begin().await;
        for name in ["見本 花子", "見本 太郎", "見本 一郎"] {
            add_graduate(&tx, name, "", None).await;
        }
        tx.save().await.unwrap();
        assert_eq!(office.read().await.verify_audit().await.unwrap(), ChainCheck::Whole(3));
        let mut connection = sqlx::SqliteConnection::connect(database.url()).await.unwrap();
        sqlx::raw_sql(edit).execute(&mut connection).await.unwrap();
        let check = office.read().await.verify_audit().await.unwrap();
        assert_eq!(check, ChainCheck::Broken { seq }, "{edit}");
        let part = office.read().await.verify_audit_rows(1, 3).await.unwrap();
        assert_eq!(part, ChainCheck::Broken { seq }, "{edit}");
    }
}

#[tokio::test]
async fn a_part_of_the_audit_list_is_checked_on_top_of_the_row_before_it() {
    let database = TestDatabase::sqlite();
    let office = TestOffice::on(&database).await;
    let tx = office.begin().await;
    for name in ["見本 花子", "見本 太郎", "見本 一郎", "見本 次郎"] {
        add_graduate(&tx, name, "", None).await;
    }
    tx.save().await.unwrap();
    let mut connection = sqlx::SqliteConnection::connect(database.url()).await.unwrap();
    sqlx::raw_sql("UPDATE audit SET action = 'graduate.chang' WHERE seq = 2").execute(&mut connection).await.unwrap();
    let tx = office.read().await;
    assert_eq!(tx.verify_audit_rows(3, 4).await.unwrap(), ChainCheck::Whole(2));
    assert_eq!(tx.verify_audit_rows(1, 1).await.unwrap(), ChainCheck::Whole(1));
    assert_eq!(tx.verify_audit_rows(2, 3).await.unwrap(), ChainCheck::Broken { seq: 2 });
    assert_eq!(tx.verify_audit().await.unwrap(), ChainCheck::Broken { seq: 2 });
}

#[tokio::test]
async fn the_planner_asks_by_the_index_on_plan_at_alone() {
    let database = TestDatabase::sqlite();
    let office = TestOffice::on(&database).await;
    let mut connection = sqlx::SqliteConnection::connect(database.url()).await.unwrap();
    for sql in [
        "SELECT DISTINCT office_id FROM cadences WHERE plan_at <= 1",
        "SELECT * FROM cadences WHERE plan_at <= 1 AND office_id = x'00' ORDER BY plan_at LIMIT 10",
    ] {
        let explain = format!("EXPLAIN QUERY PLAN {sql}");
        let steps: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(explain)).fetch_all(&mut connection).await.unwrap();
        let first = &steps[0].3;
        assert!(first.contains("SEARCH cadences USING INDEX cadences_plan_at"), "{sql}: {first}");
    }
    drop(office);
}

/// Writes every canary; returns the secrets that were handed out.
async fn fill(office: &TestOffice) -> Vec<String> {
    let tx = office.begin().await;
    let staff = add_staff(&tx, CANARIES[0], CANARIES[1], Role::Admin).await;
    let written = GraduateDetails {
        profile: GraduateProfile {
            disability: Some(CANARIES[5].into()),
            certificate: Some(CANARIES[6].into()),
            card: CANARIES[7].into(),
            crisis_plan: CANARIES[8].into(),
            called: CANARIES[19].into(),
            ..details(CANARIES[2], CANARIES[3], Some(CANARIES[4])).profile
        },
        ..details("", "", None)
    };
    let id = tx.add_graduate(ACTOR, &written, Support::Supported, Some(staff)).await.unwrap();
    let dates = PauseDates { from: "2026-04-10".parse().unwrap(), until: None };
    tx.pause_graduate(ACTOR, id, &Pause { dates, reason: CANARIES[9].into() }).await.unwrap();
    for (kind, address) in [(ContactKind::Line, 10), (ContactKind::Sms, 11), (ContactKind::Email, 12)] {
        tx.set_address(ACTOR, id, kind, CANARIES[address]).await.unwrap();
    }
    let employer = tx.employer_named(ACTOR, CANARIES[13]).await.unwrap();
    let profile = EmployerProfile { name: CANARIES[13].into(), words: CANARIES[14].into() };
    tx.change_employer(ACTOR, employer, &profile).await.unwrap();
    let profile =
        EmployerContactProfile { name: CANARIES[14].into(), part: CANARIES[14].into(), email: CANARIES[15].into() };
    tx.add_employer_contact(ACTOR, employer, &profile).await.unwrap();
    let card = Card { spoken_to: CANARIES[21].into(), ..Card::default() };
    for of in [CardOf::Graduate(id), CardOf::Employer(employer)] {
        tx.save_card(staff, of, 0, &card, "2026-10-01".parse().unwrap()).await.unwrap();
    }
    let hired_on = "2026-04-01".parse().unwrap();
    let job = EmploymentDetails {
        leaving: Some(LeavingReason::Other),
        leaving_words: Some(CANARIES[16].into()),
        ..EmploymentDetails::begun(Some(employer), hired_on)
    };
    tx.add_employment(ACTOR, id, &job).await.unwrap();
    let anchor = Anchor { kind: AnchorKind::Hired, on: hired_on };
    tx.put_cadence(ACTOR, id, &CadenceState::new(embedded_presets().remove(0).plan, anchor)).await.unwrap();
    let stop = ContactStop { asked: StopAsked::Family, reason: CANARIES[17].into() };
    tx.stop_contact_for(ACTOR, id, &stop).await.unwrap();
    tx.stop_sending(Some(tx.now())).await.unwrap();
    tx.say_why_stopped(CANARIES[18]).await.unwrap();
    let on = HalfDay::morning(hired_on);
    let leave = Leave { staff, when: HalfDays::new(on, on).unwrap(), standin: None };
    tx.add_absence(ACTOR, &NewAbsence { leave, reason: CANARIES[20].into() }).await.unwrap();
    let secrets = vec![
        tx.create_session(SessionKind::Staff, staff.0).await.unwrap(),
        tx.create_link(ACTOR, LinkKind::Me, id.0, TimeDelta::days(1)).await.unwrap(),
        tx.create_invite(ACTOR, id).await.unwrap().replace('-', ""),
    ];
    assert!(tx.take_form_key("canary-form-key").await.unwrap());
    tx.save().await.unwrap();
    let attempt = Attempt { account: CANARIES[1], address: "192.0.2.77", device: None };
    office.store.sign_in_failed(attempt, None).await.unwrap();
    secrets.into_iter().chain(["canary-form-key".to_owned(), "192.0.2.77".to_owned()]).collect()
}

#[tokio::test]
async fn neither_where_a_message_goes_nor_what_it_says_nor_its_answer_stands_readable_in_the_files() {
    let database = TestDatabase::sqlite();
    let world = World::open(database.url(), "2026-04-01T07:00:00+09:00").await;
    let graduate = world.graduate(1, "2026-03-30".parse().unwrap()).await;
    world.run_until(moment("2026-04-01T22:00:00+09:00")).await;
    let tx = world.begin().await;
    let id = tx.check_ins_of(graduate, 1).await.unwrap()[0].id;
    tx.check_in_answered(id, "カナリア答え", tx.now()).await.unwrap();
    tx.save().await.unwrap();
    let delivery = world.begin().await.deliveries_of(graduate, 1).await.unwrap().remove(0);
    assert!(delivery.payload.text.contains("見本1さん") && delivery.address == line_user(1));
    let path = database.url().trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    let stands_in = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(stands_in("line-main"), "the channel's id is clear, so the bytes were searched in the right place");
    for text in ["カナリア答え", "見本1さん", line_user(1).as_str()] {
        assert!(!stands_in(text), "{text} is readable");
    }
}

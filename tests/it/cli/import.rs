//! Importing a roster, as a user does it.

use encoding_rs::SHIFT_JIS;
use pretty_assertions::assert_eq;
use serde_json::Value;

use super::run::User;

const ROSTER: &str = "利用者番号,氏名,フリガナ,電話番号,企業名,入社日,開示,定着支援開始日\r\n\
    A-01,見本　花子,ミホン ハナコ,090-1234-5678,㈱見本商事①,令和8年4月1日,オープン,\r\n\
    A-02,髙橋 例子,タカハシ レイコ,080-1234-5678,例工業,2025/4/1,クローズ,2025/10/1\r\n";

const BAD: &str = "external_id,name,phone,hired_on\n\
    A-01,見本 花子,090-1234-5678,2026-04-01\n\
    A-02,例田 太郎,0120-123-456,2026-02-30\n\
    A-03,,090-1111-2222,2026-04-01\n";

fn people(user: &User) -> Vec<Value> {
    let exported = user.run(&["export", "graduates", "--format", "json"]).good();
    exported.json().as_array().unwrap().clone()
}

fn names(user: &User) -> Vec<String> {
    people(user).iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_roster_in_utf_8_or_shift_jis_is_imported_without_broken_characters() {
    let (shift_jis, _, lossy) = SHIFT_JIS.encode(ROSTER);
    assert!(!lossy);
    for bytes in [ROSTER.as_bytes(), &shift_jis] {
        let user = User::new();
        let roster = user.file("roster.csv", bytes);
        let ran = user.run(&["import", "graduates", &roster]).good();
        assert_eq!(ran.text(), "2 added, 0 updated, 0 unchanged, 0 with errors.\n");
        let people = people(&user);
        let hanako = people.iter().find(|person| person["external_id"] == "A-01").unwrap();
        assert_eq!(hanako["name"], "見本　花子");
        assert_eq!(hanako["employer"], "㈱見本商事①");
        assert_eq!(hanako["hired_on"], "2026-04-01");
        assert!(people.iter().any(|person| person["name"] == "髙橋 例子"));
    }
}

#[test]
fn a_second_import_updates_what_changed_and_nothing_else() {
    let user = User::new();
    let roster = user.file("roster.csv", ROSTER.as_bytes());
    user.run(&["import", "graduates", &roster]).good();
    let again = user.run(&["import", "graduates", &roster]).good();
    assert_eq!(again.text(), "0 added, 0 updated, 2 unchanged, 0 with errors.\n");
    let changed = user.file("roster.csv", ROSTER.replace("090-1234-5678", "090-8765-4321").as_bytes());
    let third = user.run(&["import", "graduates", &changed]).good();
    assert_eq!(third.text(), "0 added, 1 updated, 1 unchanged, 0 with errors.\n");
    assert_eq!(names(&user).len(), 2);
}

#[test]
fn bad_rows_are_listed_by_row_and_column_and_nothing_is_imported() {
    let user = User::new();
    let roster = user.file("bad.csv", BAD.as_bytes());
    let ran = user.run(&["import", "graduates", &roster]);
    assert_eq!(ran.status, 1);
    for wanted in [
        "row 3, phone (電話番号) “0120-123-456”: This is nobody's own number",
        "row 3, hired_on (入社日) “2026-02-30”: There is no such day.",
        "row 4, name (氏名): The name is missing.",
    ] {
        assert!(ran.err.contains(wanted), "{wanted}\n{}", ran.err);
    }
    assert!(ran.text().starts_with("Nothing was imported: 2 rows have errors."), "{}", ran.text());
    assert!(names(&user).is_empty());
}

#[test]
fn reasons_come_in_japanese_where_the_terminal_is_japanese() {
    let mut user = User::new();
    user.set("LANG", "ja_JP.UTF-8");
    let roster = user.file("bad.csv", BAD.as_bytes());
    let ran = user.run(&["import", "graduates", &roster]);
    assert!(ran.err.contains("4行目 name (氏名)："), "{}", ran.err);
    assert!(ran.text().starts_with("取り込みませんでした。"), "{}", ran.text());
}

#[test]
fn good_rows_come_in_when_they_are_asked_for() {
    let user = User::new();
    let roster = user.file("bad.csv", BAD.as_bytes());
    let ran = user.run(&["import", "graduates", &roster, "--partial"]).good();
    assert!(ran.text().starts_with("1 added, 0 updated, 0 unchanged, 2 with errors.\n"), "{}", ran.text());
    assert!(ran.err.contains("row 3"), "{}", ran.err);
    assert_eq!(names(&user), ["見本 花子"]);
}

#[test]
fn a_dry_run_tells_everything_and_writes_nothing() {
    let user = User::new();
    let roster = user.file("roster.csv", ROSTER.as_bytes());
    let nowhere = user.run(&["import", "graduates", &roster, "--dry-run"]);
    assert!(nowhere.err.contains("there is no database at"), "{}", nowhere.err);
    assert!(!user.path("data").exists(), "and a look makes none");
    user.run(&["migrate"]).good();
    let ran = user.run(&["import", "graduates", &roster, "--dry-run"]).good();
    assert!(ran.text().starts_with("Dry run, nothing was written: 2 would be added"), "{}", ran.text());
    assert!(names(&user).is_empty());
    let bad = user.file("bad.csv", BAD.as_bytes());
    assert_eq!(user.run(&["import", "graduates", &bad, "--dry-run"]).status, 1);
}

#[test]
fn an_unknown_column_is_named_and_nothing_is_imported() {
    let user = User::new();
    let roster = user.file("odd.csv", "氏名,血液型\n見本 花子,A\n".as_bytes());
    let ran = user.run(&["import", "graduates", &roster]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("row 1") && ran.err.contains("血液型"), "{}", ran.err);
}

#[test]
fn a_member_of_staff_who_is_not_there_makes_the_row_bad() {
    let user = User::new();
    let roster = user.file("roster.csv", "name,staff_email\n見本 花子,nobody@example.jp\n".as_bytes());
    let ran = user.run(&["import", "graduates", &roster]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("row 2, staff_email (担当者メール) “nobody@example.jp”"), "{}", ran.err);
    user.run(&["staff", "add", "--email", "nobody@example.jp", "--name", "例田 太郎"]).good();
    user.run(&["import", "graduates", &roster]).good();
    assert_eq!(people(&user)[0]["staff_email"], "nobody@example.jp");
}

#[test]
fn wrong_usage_and_missing_files_have_their_status() {
    let user = User::new();
    assert_eq!(user.run(&["import", "graduates"]).status, 2);
    assert_eq!(user.run(&["import", "graduates", "x.csv", "--sometimes"]).status, 2);
    assert_eq!(user.run(&["import", "graduates", "x.csv", "--cadence", "never"]).status, 2);
    let gone = user.run(&["import", "graduates", "nowhere.csv"]);
    assert_eq!(gone.status, 1);
    assert!(gone.err.contains("nowhere.csv"), "{}", gone.err);
    let roster = user.file("roster.csv", ROSTER.as_bytes());
    let office = user.run(&["import", "graduates", &roster, "--office", "他のオフィス"]);
    assert_eq!(office.status, 2);
    assert!(office.err.contains("--office"), "{}", office.err);
}

#[test]
fn an_import_ends_with_how_many_employers_nobody_has_said_of_whether_they_know() {
    let mut user = User::new();
    let file = |word: &str| {
        format!("利用者番号,氏名,入社日,開示\nA-01,見本 花子,2026/4/1,{word}\nA-02,例田 太郎,2026/4/1,オープン\n")
    };
    let silent = user.file("roster.csv", file("").as_bytes());
    let told = user.file("told.csv", file("非開示").as_bytes());
    let wrong = user.file("wrong.csv", file("たぶん").as_bytes());
    let ran = user.run(&["import", "graduates", &silent]).good();
    assert!(ran.text().contains("Of 1 jobs it isn't on record whether the employer knows"), "{}", ran.text());
    let known = |user: &User| {
        let mut known: Vec<Value> = people(user);
        known.sort_by_key(|one| one["external_id"].to_string());
        known.iter().map(|one| one["disclosure"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(known(&user), ["unknown", "open"]);
    let refused = user.run(&["import", "graduates", &wrong]);
    assert!(
        refused.err.contains("row 2, disclosure (開示) “たぶん”: Please write オープン or クローズ"),
        "{}",
        refused.err
    );
    user.set("LANG", "ja_JP.UTF-8");
    let again = user.run(&["import", "graduates", &silent, "--dry-run"]).good();
    assert!(again.text().contains("まだ登録されていない仕事が1件あります"), "{}", again.text());
    let ran = user.run(&["import", "graduates", &told]).good();
    assert_eq!(ran.text(), "追加0人、更新1人、変更なし1人、エラー0行。\n");
    assert_eq!(known(&user), ["closed", "open"]);
}

#[test]
fn what_was_exported_can_be_imported_again_unchanged() {
    let user = User::new();
    let roster = user.file("roster.csv", ROSTER.as_bytes());
    user.run(&["import", "graduates", &roster]).good();
    for format in ["csv", "xlsx"] {
        let out = user.path(&format!("people.{format}")).display().to_string();
        user.run(&["export", "graduates", "--format", format, "--out", &out]).good();
        let again = user.run(&["import", "graduates", &out]).good();
        assert_eq!(again.text(), "0 added, 0 updated, 2 unchanged, 0 with errors.\n", "{format}");
    }
}

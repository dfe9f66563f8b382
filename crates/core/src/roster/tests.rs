//! Whole rows.

use proptest::prelude::*;

use super::*;
use crate::contact::ContactKind;
use crate::leaving::LeavingReason;

/// A row with the given cells; the rest of a full row is sound.
fn row(changes: &[(Column, &str)]) -> Result<RosterRow, Vec<FieldError>> {
    let sound = [
        (Column::ExternalId, "A-01"),
        (Column::Name, "見本　花子"),
        (Column::Phone, "090-1234-5678"),
        (Column::HiredOn, "令和8年4月1日"),
    ];
    let text = |column: &Column| {
        let found = changes.iter().chain(&sound).find(|(name, _)| name == column);
        Cell::Text(found.map(|(_, text)| (*text).to_owned()).unwrap_or_default())
    };
    let cells: Vec<Cell> = Column::ALL.iter().map(text).collect();
    parse_row(&all_headers(), &cells)
}

fn all_headers() -> Headers {
    let names: Vec<&str> = Column::ALL.iter().map(|column| column.as_str()).collect();
    Headers::parse(&names).expect("headers")
}

fn problems(changes: &[(Column, &str)]) -> Vec<(Column, Problem)> {
    let errors = row(changes).err().expect("a refused row");
    errors.into_iter().map(|error| (error.column.expect("a column"), error.problem)).collect()
}

fn warnings(changes: &[(Column, &str)]) -> Vec<WarningKind> {
    row(changes).expect("a good row").warnings.into_iter().map(|warning| warning.kind).collect()
}

#[test]
fn a_full_row_is_read() {
    let row = row(&[
        (Column::Kana, "ﾐﾎﾝ はなこ"),
        (Column::LineUserId, "U0123456789abcdef0123456789abcdef"),
        (Column::Email, "hanako@example.jp"),
        (Column::Disability, "精神・発達"),
        (Column::Certificate, "精神2級"),
        (Column::Employer, "見本商事株式会社"),
        (Column::HiredOn, "R7.4.1"),
        (Column::LeftOn, "2026/3/31"),
        (Column::LeavingReason, "契約満了"),
        (Column::ServiceStartedOn, "2025-10-01"),
        (Column::ServiceEndedOn, "2026-03-31"),
        (Column::StaffEmail, "staff@example.jp"),
        (Column::AllowedFrom, "１０：００"),
        (Column::AllowedTo, "17時半"),
        (Column::Language, "やさしい"),
    ]);
    let row = row.expect("a good row");
    assert_eq!((row.name.as_str(), row.kana.as_deref()), ("見本　花子", Some("ミホン ハナコ")));
    assert_eq!(row.phone.map(|phone| phone.e164()).as_deref(), Some("+819012345678"));
    assert_eq!(row.hired_on.map(|day| day.to_string()).as_deref(), Some("2025-04-01"));
    assert_eq!(row.leaving.map(|leaving| leaving.reason), Some(LeavingReason::ContractEnd));
    assert_eq!(row.allowed, Period::from_minutes(600, 1050).ok());
    assert_eq!(row.language, Some(Language::Easy));
    assert_eq!(row.warnings, []);
}

#[test]
fn a_row_lists_all_its_problems_in_the_order_of_the_columns() {
    let found = problems(&[
        (Column::Name, " 　 "),
        (Column::Phone, "0120-123-456"),
        (Column::LineUserId, "hanako_m"),
        (Column::Email, "hanako"),
        (Column::HiredOn, "平成31年5月1日"),
        (Column::LeftOn, "2026-02-30"),
        (Column::AllowedFrom, "朝"),
        (Column::Language, "英語"),
    ]);
    assert_eq!(
        found,
        [
            (Column::Name, Problem::NameMissing),
            (Column::Phone, Problem::PhoneNotPersonal),
            (Column::LineUserId, Problem::NotLineUserId),
            (Column::Email, Problem::NotEmail),
            (Column::HiredOn, Problem::OutsideEra),
            (Column::LeftOn, Problem::NoSuchDay),
            (Column::AllowedFrom, Problem::NotATime),
            (Column::Language, Problem::UnknownLanguage),
        ]
    );
}

#[test]
fn days_that_contradict_each_other_are_refused() {
    let left = [(Column::HiredOn, "2026-04-01"), (Column::LeftOn, "2026-03-31")];
    assert_eq!(problems(&left), [(Column::LeftOn, Problem::LeftBeforeHired)]);
    let service = [(Column::ServiceStartedOn, "2026-10-01"), (Column::ServiceEndedOn, "2026-09-30")];
    assert_eq!(problems(&service), [(Column::ServiceEndedOn, Problem::ServiceEndsBeforeStart)]);
    let no_start = [(Column::ServiceEndedOn, "2026-09-30")];
    assert_eq!(problems(&no_start), [(Column::ServiceStartedOn, Problem::ServiceStartMissing)]);
    let no_hire = [(Column::HiredOn, ""), (Column::Employer, "見本商事")];
    assert_eq!(problems(&no_hire), [(Column::HiredOn, Problem::HiredOnMissing)]);
}

#[test]
fn contact_hours_need_both_ends_in_order() {
    let one = [(Column::AllowedFrom, "9:00")];
    assert_eq!(problems(&one), [(Column::AllowedTo, Problem::OtherTimeMissing)]);
    let inverted = [(Column::AllowedFrom, "18:00"), (Column::AllowedTo, "9:00")];
    assert_eq!(problems(&inverted), [(Column::AllowedTo, Problem::TimesInverted)]);
}

#[test]
fn the_unusual_is_a_warning() {
    assert_eq!(warnings(&[(Column::ServiceStartedOn, "2026-09-30")]), [WarningKind::ServiceBeforeSixMonths]);
    assert_eq!(warnings(&[(Column::ServiceStartedOn, "2026-10-01")]), []);
    let long = [(Column::ServiceStartedOn, "2026-10-01"), (Column::ServiceEndedOn, "2029-10-01")];
    assert_eq!(warnings(&long), [WarningKind::ServiceOverThreeYears]);
    assert_eq!(warnings(&[(Column::LeavingReason, "体調不良")]), [WarningKind::LeavingDayMissing]);
    assert_eq!(warnings(&[(Column::LeavingReason, "休職")]), []);
    assert_eq!(warnings(&[(Column::Phone, "")]), [WarningKind::NoAddress]);
    assert_eq!(warnings(&[(Column::Phone, "9012345678")]), [WarningKind::LeadingZeroRestored]);
    assert_eq!(warnings(&[(Column::Kana, "花子")]), [WarningKind::NotKana]);
    assert_eq!(warnings(&[(Column::Disability, "見本症候群")]), [WarningKind::KeptInOwnWords]);
}

#[test]
fn a_landline_without_its_zero_is_not_guessed() {
    assert_eq!(problems(&[(Column::Phone, "312345678")]), [(Column::Phone, Problem::PhoneNoLeadingZero)]);
}

#[test]
fn typed_cells_of_a_spreadsheet_are_read() {
    let headers =
        Headers::parse(&["氏名", "電話番号", "入社日", "退職日", "利用者番号", "連絡可能開始", "連絡可能終了"]);
    let cells = [
        Cell::Text("例田 太郎".to_owned()),
        Cell::Number(9_012_345_678.0),
        Cell::Number(46113.0),
        Cell::Date(parse_date("2026-10-31").expect("a day")),
        Cell::Number(7.0),
        Cell::Number(0.375),
        Cell::Time(1050),
    ];
    let row = parse_row(&headers.expect("headers"), &cells).expect("a good row");
    assert_eq!(row.external_id.as_deref(), Some("7"));
    assert_eq!(row.phone.map(|phone| phone.national()).as_deref(), Some("090-1234-5678"));
    assert_eq!(row.hired_on, parse_date("2026-04-01").ok());
    assert_eq!(row.allowed, Period::from_minutes(540, 1050).ok());
}

#[test]
fn nothing_is_lost_silently() {
    let headers = Headers::parse(&["氏名", "", "電話番号"]).expect("headers");
    let text = |text: &str| Cell::Text(text.to_owned());
    let stray = parse_row(&headers, &[text("例田 太郎"), text("迷子"), text(""), text("はみ出し")]);
    let found: Vec<_> = stray.err().expect("refused").into_iter().map(|error| (error.problem, error.shown)).collect();
    assert_eq!(
        found,
        [(Problem::CellWithoutColumn, "迷子".to_owned()), (Problem::CellWithoutColumn, "はみ出し".to_owned()),]
    );
    let broken = parse_row(&headers, &[text("例田 太郎"), Cell::Empty, Cell::Broken]).err().expect("refused");
    assert_eq!((broken[0].column, broken[0].problem), (Some(Column::Phone), Problem::BrokenCell));
    assert!(is_blank(&[Cell::Empty, text("  "), text("　")]));
}

#[test]
fn a_row_is_recognised_by_its_number_or_by_name_reading_and_hire_date_together() {
    let identity = |changes: &[(Column, &str)]| row(changes).expect("a good row").identity();
    assert!(identity(&[(Column::Name, "例田 太郎")]) == identity(&[]));
    assert!(identity(&[(Column::ExternalId, "Ａ-01")]) == identity(&[]));
    let unnumbered =
        |name, hired| identity(&[(Column::ExternalId, ""), (Column::Name, name), (Column::HiredOn, hired)]);
    assert!(unnumbered("見本 花子", "2026-04-01") == unnumbered("見本　花子", "R8.4.1"));
    assert!(unnumbered("見本 花子", "2026-04-01") != unnumbered("見本 花子", "2026-05-01"));
}

proptest! {
    #[test]
    fn any_cells_give_a_row_or_problems(texts in proptest::collection::vec(".{0,30}", 18)) {
        let cells: Vec<Cell> = texts.into_iter().map(Cell::Text).collect();
        match parse_row(&all_headers(), &cells) {
            Ok(row) => prop_assert!(!row.name.is_empty()),
            Err(errors) => prop_assert!(!errors.is_empty()),
        }
    }
}

#[test]
fn what_is_typed_into_a_form_is_read_like_a_row_of_a_file() {
    let fields = [(Column::Name, "見本　花子"), (Column::Phone, "０９０ー１２３４ー５６７８"), (Column::HiredOn, "")];
    let typed = parse_typed(&fields).expect("a good row");
    let file = row(&[(Column::ExternalId, ""), (Column::HiredOn, "")]).expect("a good row");
    assert!(typed == file);
    let wrong = parse_typed(&[(Column::Name, " "), (Column::Phone, "0120-123-456")]).err().expect("a refused row");
    let problems: Vec<_> = wrong.iter().map(|error| (error.column, error.problem)).collect();
    let expected = [(Column::Name, Problem::NameMissing), (Column::Phone, Problem::PhoneNotPersonal)];
    assert_eq!(problems, expected.map(|(column, problem)| (Some(column), problem)));
}

#[test]
fn a_landline_is_taken_for_calls_and_said_to_get_no_sms() {
    let home = row(&[(Column::Phone, "03-1234-5678")]).expect("a good row");
    assert_eq!(home.phone.as_ref().and_then(PhoneNumber::way), Some(ContactKind::Phone));
    assert_eq!(home.warnings, [Warning { column: Column::Phone, kind: WarningKind::PhoneForCalls }]);
}

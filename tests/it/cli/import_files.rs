//! Roster files as offices have them: CSV in several encodings, Excel workbooks, and broken ones.

use std::io::{Cursor, Write as _};

use bansou_cli::import::{Encoding, FileError, Format, ParsedRow, RosterFile, read_bytes, read_file};
use bansou_core::roster::{Column, HeaderError, Problem, RosterRow, WarningKind};
use chrono::NaiveDate;
use encoding_rs::{EUC_JP, ISO_2022_JP, SHIFT_JIS};
use pretty_assertions::assert_eq;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook};

/// Characters that only Windows' `Shift_JIS` has: ①, ㈱, 髙, ～.
const ROSTER: &str = "利用者番号,氏名,フリガナ,電話番号,企業名,入社日\r\n\
    A-01,見本　花子,ﾐﾎﾝ ﾊﾅｺ,０９０－１２３４－５６７８,㈱見本商事①～②,令和8年4月1日\r\n\
    A-02,髙橋 例子,タカハシ レイコ,080-1234-5678,例工業,H31/4/30\r\n";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn good(bytes: &[u8]) -> (Format, Vec<RosterRow>) {
    let file = read_bytes(bytes).unwrap();
    let format = file.format();
    (format, file.rows().map(|(_, row)| row.unwrap()).collect())
}

fn refused(bytes: &[u8]) -> FileError {
    read_bytes(bytes).err().expect("the file is refused")
}

fn csv_rows(text: &str) -> Vec<ParsedRow> {
    read_bytes(text.as_bytes()).unwrap().rows().collect()
}

fn check_roster(rows: &[RosterRow]) {
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].name, "見本　花子");
    assert_eq!(rows[0].kana.as_deref(), Some("ミホン ハナコ"));
    assert_eq!(rows[0].phone.as_ref().unwrap().e164(), "+819012345678");
    assert_eq!(rows[0].employer.as_deref(), Some("㈱見本商事①～②"));
    assert_eq!(rows[0].hired_on, Some(day("2026-04-01")));
    assert_eq!(rows[1].name, "髙橋 例子");
    assert_eq!(rows[1].hired_on, Some(day("2019-04-30")));
}

#[test]
fn utf_8_with_and_without_its_mark_reads_the_same() {
    let marked = [b"\xEF\xBB\xBF", ROSTER.as_bytes()].concat();
    for bytes in [ROSTER.as_bytes(), &marked] {
        let (format, rows) = good(bytes);
        assert_eq!(format, Format::Csv(Encoding::Utf8));
        check_roster(&rows);
    }
}

#[test]
fn a_roster_in_shift_jis_reads_without_broken_characters() {
    let (bytes, _, lossy) = SHIFT_JIS.encode(ROSTER);
    assert!(!lossy);
    let (format, rows) = good(&bytes);
    assert_eq!(format, Format::Csv(Encoding::ShiftJis));
    check_roster(&rows);
}

#[test]
fn older_japanese_encodings_read_too() {
    let plain = "氏名,退職理由,入社日\n見本 花子,人間関係,2026/4/1\n例田 太郎,定年,2026/4/1\n";
    for (encoding, expected) in [(EUC_JP, Encoding::EucJp), (ISO_2022_JP, Encoding::Iso2022Jp)] {
        let (bytes, _, lossy) = encoding.encode(plain);
        assert!(!lossy);
        let (format, rows) = good(&bytes);
        assert_eq!(format, Format::Csv(expected));
        assert_eq!((rows[0].name.as_str(), rows[1].name.as_str()), ("見本 花子", "例田 太郎"));
    }
}

#[test]
fn shift_jis_with_much_half_width_kana_is_not_taken_for_another_encoding() {
    let (bytes, _, _) = SHIFT_JIS.encode("氏名,フリガナ\n見本 花子,ﾐﾎﾝﾊﾅｺﾐﾎﾝﾊﾅｺﾐﾎﾝﾊﾅｺ\n");
    let (format, rows) = good(&bytes);
    assert_eq!(format, Format::Csv(Encoding::ShiftJis));
    assert_eq!(rows[0].kana.as_deref(), Some("ミホンハナコミホンハナコミホンハナコ"));
}

#[test]
fn excels_unicode_text_with_tabs_reads() {
    for big_endian in [false, true] {
        let text = format!("\u{FEFF}{}", ROSTER.replace(',', "\t"));
        let units = text.encode_utf16();
        let bytes: Vec<u8> =
            units.flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
        let (format, rows) = good(&bytes);
        assert_eq!(format, Format::Csv(Encoding::Utf16));
        check_roster(&rows);
    }
}

#[test]
fn english_headers_in_any_order_read() {
    let (_, rows) = good(b"hired_on,name,phone\n2026-04-01,Mihon Hanako,+81 90-1234-5678\n");
    assert_eq!((rows[0].name.as_str(), rows[0].hired_on), ("Mihon Hanako", Some(day("2026-04-01"))));
}

#[test]
fn an_unknown_column_is_refused_with_its_name() {
    let FileError::Headers { row, source } = refused("氏名,血液型\n見本 花子,A\n".as_bytes()) else {
        panic!("another error")
    };
    assert_eq!((row, source), (1, HeaderError::Unknown(vec!["血液型".to_owned()])));
    let error = refused("氏名,血液型\n".as_bytes());
    assert!(error.to_string().starts_with("row 1: unknown column: 血液型; take it out, or name it"), "{error}");
}

#[test]
fn files_that_are_no_roster_are_refused_in_words() {
    assert!(matches!(refused(b""), FileError::Headers { source: HeaderError::Empty, .. }));
    assert!(matches!(refused("電話番号\n".as_bytes()), FileError::Headers { source: HeaderError::NameMissing, .. }));
    assert!(matches!(refused(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), FileError::UnknownFormat));
    assert!(matches!(refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), FileError::OldExcel));
    assert!(matches!(refused(b"PK\x03\x04 and then nothing"), FileError::Workbook(_)));
    assert!(matches!(refused("氏名\n見本 花子\n\"例田 太郎\n".as_bytes()), FileError::OpenQuote(3)));
    assert!(matches!(read_file("no/such/file.csv".as_ref()).err(), Some(FileError::Io(_))));
}

#[test]
fn bad_rows_are_told_by_line_and_column_and_the_good_ones_still_read() {
    let rows = csv_rows(
        "氏名,電話番号,入社日\n\
         見本 花子,090-1234-5678,2026-04-01\n\
         \n\
         ,0120-123-456,2026-02-30\n\
         例田 太郎,080-1234-5678,R8.5.1\n",
    );
    let lines: Vec<_> = rows.iter().map(|(line, row)| (*line, row.is_ok())).collect();
    assert_eq!(lines, [(2, true), (4, false), (5, true)]);
    let errors = rows[1].1.as_ref().err().unwrap();
    let found: Vec<_> = errors.iter().map(|error| (error.column, error.problem, error.shown.as_str())).collect();
    assert_eq!(
        found,
        [
            (Some(Column::Name), Problem::NameMissing, ""),
            (Some(Column::Phone), Problem::PhoneNotPersonal, "0120-123-456"),
            (Some(Column::HiredOn), Problem::NoSuchDay, "2026-02-30"),
        ]
    );
}

#[test]
fn a_person_who_stands_there_twice_is_refused_the_second_time() {
    let rows = csv_rows("利用者番号,氏名\nA-1,見本 花子\nＡ－1,例田 太郎\n,試 次郎\n,試　次郎\n");
    let found: Vec<_> =
        rows.iter().map(|(line, row)| (*line, row.as_ref().err().map(|errors| errors[0].problem))).collect();
    let twice = Some(Problem::TwiceInFile);
    assert_eq!(found, [(2, None), (3, twice), (4, None), (5, twice)]);
}

#[test]
fn a_value_beyond_the_headers_is_not_dropped() {
    let rows = csv_rows("氏名,フリガナ\n見本 花子,ミホン ハナコ,余り\n例田 太郎\n");
    assert_eq!(rows[0].1.as_ref().err().unwrap()[0].problem, Problem::CellWithoutColumn);
    assert!(rows[1].1.is_ok());
}

#[test]
fn a_workbook_with_typed_cells_reads() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let headers = ["氏名", "電話番号", "入社日", "退職日", "連絡可能開始", "連絡可能終了", "利用者番号", "企業名"];
    for (column, header) in (0_u16..).zip(headers) {
        sheet.write(1, column, header).unwrap();
    }
    sheet.write(3, 0, "見本　花子").unwrap();
    sheet.write(3, 1, 9_012_345_678_f64).unwrap();
    let as_day = CellFormat::new().set_num_format("yyyy/m/d");
    sheet.write_with_format(3, 2, ExcelDateTime::from_ymd(2026, 4, 1).unwrap(), &as_day).unwrap();
    sheet.write(3, 3, 46_326).unwrap();
    let as_time = CellFormat::new().set_num_format("h:mm");
    sheet.write_with_format(3, 4, ExcelDateTime::from_hms(9, 30, 0).unwrap(), &as_time).unwrap();
    sheet.write(3, 5, "17時半").unwrap();
    sheet.write(3, 6, 7).unwrap();
    sheet.write(3, 7, Formula::new("=\"見本\"&\"商事\"").set_result("見本商事")).unwrap();
    sheet.write(4, 0, "例田 太郎").unwrap();
    sheet.write(4, 7, true).unwrap();

    let file = read_bytes(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!((file.format(), file.len()), (Format::Xlsx, 2));
    let rows: Vec<_> = file.rows().collect();
    let (4, Ok(row)) = &rows[0] else { panic!("row 4 is good") };
    assert_eq!(row.phone.as_ref().unwrap().national(), "090-1234-5678");
    assert_eq!((row.hired_on, row.left_on), (Some(day("2026-04-01")), Some(day("2026-10-31"))));
    assert_eq!(row.allowed.map(|period| (period.from(), period.to())), Some((570, 1050)));
    assert_eq!((row.external_id.as_deref(), row.employer.as_deref()), (Some("7"), Some("見本商事")));
    assert_eq!(row.warnings[0].kind, WarningKind::LeadingZeroRestored);
    let (5, Err(errors)) = &rows[1] else { panic!("row 5 is bad") };
    assert_eq!((errors[0].column, errors[0].problem), (Some(Column::Employer), Problem::BrokenCell));
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let fast = zip::write::SimpleFileOptions::default().compression_level(Some(1));
    archive.start_file("xl/worksheets/sheet1.xml", fast).unwrap();
    let nothing = vec![0_u8; 1024 * 1024];
    for _ in 0..129 {
        archive.write_all(&nothing).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 2 * 1024 * 1024);
    assert!(matches!(refused(&bytes), FileError::UnpacksTooLarge(_)));

    // The same, but claiming to unpack to little.
    let (claimed, lie) = ((129_u32 * 1024 * 1024).to_le_bytes(), 1000_u32.to_le_bytes());
    let mut lying = bytes;
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == claimed {
            lying[at..at + 4].copy_from_slice(&lie);
        }
    }
    assert!(matches!(refused(&lying), FileError::Workbook(_) | FileError::UnpacksTooLarge(_)));
}

#[test]
fn a_workbook_that_announces_too_many_texts_is_refused() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("xl/sharedStrings.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(b"<sst uniqueCount=\"9999999999999999999\"></sst>").unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert!(matches!(refused(&bytes), FileError::UnpacksTooLarge(_)));
}

#[test]
fn ten_thousand_rows_are_read_in_order() {
    let row = |number| {
        format!(
            "N{number},見本 {number}号,090-1000-{number:04},令和7年10月1日
"
        )
    };
    let header = "利用者番号,氏名,電話番号,入社日
"
    .to_owned();
    let text: String = std::iter::once(header).chain((0..10_000).map(row)).collect();
    let file: RosterFile = read_bytes(text.as_bytes()).unwrap();
    assert_eq!(file.len(), 10_000);
    let rows: Vec<_> = file.rows().collect();
    assert!(rows.iter().zip(2_u32..).all(|((line, row), expected)| *line == expected && row.is_ok()));
}

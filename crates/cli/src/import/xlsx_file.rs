//! Rows of an Excel workbook's first sheet.
//!
//! A workbook is a zip archive, and a small one can unpack to gigabytes. So it is first unpacked into nothing, counting;
//! only what stays within the limits is given to the spreadsheet reader.

use std::io::{Cursor, Read};

use bansou_core::roster::Cell;
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use chrono::NaiveDate;

use super::read::{FileError, MAX_COLUMNS, MAX_ROWS, RawRow};

/// Most files inside the archive; a workbook with one sheet has about ten.
const MAX_ENTRIES: usize = 1_000;
/// Most bytes that all of them unpack to.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;
/// Most different texts that a workbook may announce; the reader reserves memory for as many.
const MAX_STRINGS: u64 = 5_000_000;

/// Reads all rows of the first sheet that have a value.
pub(super) fn rows(bytes: &[u8]) -> Result<Vec<RawRow>, FileError> {
    check_sizes(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let first = workbook.sheet_names().into_iter().next();
    let name = first.ok_or_else(|| FileError::Workbook("it has no sheet".to_owned()))?;
    let mut reader = workbook.worksheet_cells_reader(&name).map_err(|_| damaged())?;
    let mut rows: Vec<RawRow> = Vec::new();
    loop {
        let read = reader.next_cell().map_err(|_| {
            let last = rows.last().map_or(0, |(number, _)| *number);
            FileError::Workbook(format!("the sheet can't be read on after row {last}"))
        })?;
        let Some(cell) = read else { return Ok(rows) };
        let (row, column) = cell.get_position();
        let value = value(cell.get_value());
        if value == Cell::Empty {
            continue;
        }
        let (number, column) = (row.saturating_add(1), column as usize);
        if column >= MAX_COLUMNS {
            return Err(FileError::TooManyColumns(number));
        }
        match rows.last() {
            Some((last, _)) if *last > number => {
                return Err(FileError::Workbook(format!("row {number} stands after row {last}")));
            }
            Some((last, _)) if *last == number => {}
            _ if rows.len() > MAX_ROWS => return Err(FileError::TooManyRows(MAX_ROWS)),
            _ => rows.push((number, Vec::new())),
        }
        if let Some((_, cells)) = rows.last_mut() {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            cells[column] = value;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "whole numbers in a roster are far below 2^52")]
fn value(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::DateTime(moment) => moment_cell(*moment),
        DataRef::Bool(_) | DataRef::Error(_) => Cell::Broken,
    }
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

/// A number formatted as day or time. Up to one whole day it is a time.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1440")]
fn moment_cell(moment: ExcelDateTime) -> Cell {
    let days = moment.as_f64();
    if (0.0..=1.0).contains(&days) {
        return Cell::Time((days * 1440.0).round() as u16);
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let found = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    found.filter(|_| days > 1.0 && !moment.is_duration()).map_or(Cell::Broken, Cell::Date)
}

/// Unpacks everything once without keeping it.
fn check_sizes(bytes: &[u8]) -> Result<(), FileError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MAX_ENTRIES {
        return Err(FileError::Workbook(format!("it has more than {MAX_ENTRIES} parts")));
    }
    // What the parts say of themselves may be a lie, but an honest large file is refused at once.
    let declared = archive.decompressed_size().unwrap_or(0);
    if declared > u128::from(MAX_UNPACKED) {
        return Err(FileError::UnpacksTooLarge(MAX_UNPACKED));
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| damaged())?;
        let is_strings = entry.name().map_err(|_| damaged())?.to_ascii_lowercase().ends_with("sharedstrings.xml");
        let mut head = Vec::new();
        (&mut entry).take(4096.min(left)).read_to_end(&mut head).map_err(|_| damaged())?;
        if is_strings && announced_strings(&head) > MAX_STRINGS {
            return Err(FileError::UnpacksTooLarge(MAX_UNPACKED));
        }
        left -= head.len() as u64;
        let rest = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|_| damaged())?;
        left = left.checked_sub(rest).ok_or(FileError::UnpacksTooLarge(MAX_UNPACKED))?;
    }
    Ok(())
}

/// The number in `uniqueCount="…"`, 0 without one.
fn announced_strings(head: &[u8]) -> u64 {
    let head = String::from_utf8_lossy(head);
    let Some((_, after)) = head.split_once("uniqueCount") else { return 0 };
    let digits = after.trim_start_matches(|c: char| !c.is_ascii_digit());
    let digits: String = digits.chars().take_while(char::is_ascii_digit).take(19).collect();
    digits.parse().unwrap_or(0)
}

/// The readers' own errors may quote cells, so they stay out of the text.
fn damaged() -> FileError {
    FileError::Workbook("its parts can't be read".to_owned())
}

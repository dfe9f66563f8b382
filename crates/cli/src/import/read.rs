//! Reading a roster file: what it is, its header line, and its rows one by one.

use std::collections::HashSet;
use std::path::Path;

use bansou_core::roster::{
    Cell, Column, FieldError, HeaderError, Headers, Problem, RosterRow, RowIdentity, is_blank, parse_row,
};

use super::encoding::Encoding;
use super::{csv_file, xlsx_file};

/// Largest file that is read, in bytes. A roster of 10,000 people has about 2 MB.
pub(super) const MAX_BYTES: u64 = 50 * 1024 * 1024;
/// Most rows that are read from one file.
pub(super) const MAX_ROWS: usize = 100_000;
/// Most columns that a row may have.
pub(super) const MAX_COLUMNS: usize = 256;

/// A row with its line in the file: the sheet's row number, or the line of the text where it begins.
pub type ParsedRow = (u32, Result<RosterRow, Vec<FieldError>>);
/// The same before parsing.
pub(super) type RawRow = (u32, Vec<Cell>);

/// What kind of file it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Values with commas or tabs between them.
    Csv(Encoding),
    /// An Excel workbook; its first sheet is read.
    Xlsx,
}

/// Why a file can't be read at all. The texts name places, never what stands there.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system refused.
    #[error("the file can't be opened: {0}")]
    Io(#[from] std::io::Error),
    /// Too many bytes.
    #[error("the file is larger than {} MB", .0 / 1024 / 1024)]
    TooLarge(u64),
    /// Too many rows.
    #[error("the file has more than {0} rows")]
    TooManyRows(usize),
    /// Too many columns.
    #[error("row {0} has more than {MAX_COLUMNS} columns")]
    TooManyColumns(u32),
    /// Neither text in a known encoding nor a workbook.
    #[error("this is neither a CSV file (UTF-8, UTF-16, Shift_JIS, EUC-JP) nor an Excel workbook (.xlsx)")]
    UnknownFormat,
    /// An Excel 97 file, or a workbook with a password.
    #[error("an old Excel file (.xls) or one with a password; save it as .xlsx or CSV without a password")]
    OldExcel,
    /// A quotation mark is opened and never closed, so all that follows would be one value.
    #[error("line {0}: a quotation mark (\") is opened and not closed")]
    OpenQuote(u32),
    /// Damaged, or not made by a spreadsheet program.
    #[error("the Excel workbook is damaged: {0}")]
    Workbook(String),
    /// A workbook that would unpack to too much.
    #[error("the Excel workbook unpacks to more than {} MB", .0 / 1024 / 1024)]
    UnpacksTooLarge(u64),
    /// The header line.
    #[error("row {row}: {source}")]
    Headers {
        /// Where the header line stands.
        row: u32,
        /// What is wrong with it.
        source: HeaderError,
    },
}

/// A file cut into rows, its header line understood.
pub struct RosterFile {
    format: Format,
    headers: Headers,
    rows: Vec<RawRow>,
}

/// Reads a file from disk.
pub fn read_file(path: &Path) -> Result<RosterFile, FileError> {
    let size = std::fs::metadata(path)?.len();
    if size > MAX_BYTES {
        return Err(FileError::TooLarge(MAX_BYTES));
    }
    read_bytes(&std::fs::read(path)?)
}

/// Reads a file's bytes. What it is follows from its first bytes, not from its name.
pub fn read_bytes(bytes: &[u8]) -> Result<RosterFile, FileError> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const COMPOUND_FILE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
    if bytes.len() as u64 > MAX_BYTES {
        return Err(FileError::TooLarge(MAX_BYTES));
    }
    if bytes.starts_with(COMPOUND_FILE) {
        return Err(FileError::OldExcel);
    }
    let (format, rows) = if bytes.starts_with(ZIP) {
        (Format::Xlsx, xlsx_file::rows(bytes)?)
    } else {
        let (encoding, text) = Encoding::decode(bytes).ok_or(FileError::UnknownFormat)?;
        (Format::Csv(encoding), csv_file::rows(&text)?)
    };
    RosterFile::new(format, rows)
}

impl RosterFile {
    fn new(format: Format, rows: Vec<RawRow>) -> Result<Self, FileError> {
        let mut rows = rows.into_iter().filter(|(_, cells)| !is_blank(cells));
        let (row, first) = rows.next().unwrap_or((1, Vec::new()));
        let names: Vec<String> = first.iter().map(header_text).collect();
        let headers = Headers::parse(&names).map_err(|source| FileError::Headers { row, source })?;
        Ok(Self { format, headers, rows: rows.collect() })
    }

    /// What kind of file it was.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Which column stands where.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// How many rows there are, without the header line and blank lines.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row but the header line.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Parses the rows one after the other. A person who stands in the file twice is refused the second time: nobody
    /// could say which row holds.
    pub fn rows(self) -> Rows {
        Rows { headers: self.headers, waiting: self.rows.into_iter(), seen: HashSet::new() }
    }
}

/// The rows of a file, parsed as they are asked for.
pub struct Rows {
    headers: Headers,
    waiting: std::vec::IntoIter<RawRow>,
    seen: HashSet<RowIdentity>,
}

impl Iterator for Rows {
    type Item = ParsedRow;

    fn next(&mut self) -> Option<ParsedRow> {
        let (number, cells) = self.waiting.next()?;
        let parsed = parse_row(&self.headers, &cells).and_then(|row| {
            if self.seen.insert(row.identity()) {
                return Ok(row);
            }
            let (column, shown) = match &row.external_id {
                Some(external_id) => (Column::ExternalId, external_id),
                None => (Column::Name, &row.name),
            };
            Err(vec![FieldError::new(Some(column), Problem::TwiceInFile, shown)])
        });
        Some((number, parsed))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.waiting.size_hint()
    }
}

impl ExactSizeIterator for Rows {}

fn header_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Empty => String::new(),
        // A number or a day is no header; shown as written, it is refused by name.
        Cell::Number(number) => number.to_string(),
        Cell::Date(day) => day.to_string(),
        Cell::Time(_) | Cell::Broken => "#".to_owned(),
    }
}

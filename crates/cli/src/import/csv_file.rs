//! Rows of a CSV file (commas) or Excel's Unicode text (tabs).

use bansou_core::roster::Cell;

use super::read::{FileError, MAX_COLUMNS, MAX_ROWS, RawRow};

/// Cuts a text into rows. Rows may have different numbers of cells; what stands under no header is refused later.
pub(super) fn rows(text: &str) -> Result<Vec<RawRow>, FileError> {
    let first_line = text.lines().next().unwrap_or_default();
    let delimiter = if first_line.contains('\t') && !first_line.contains(',') { b'\t' } else { b',' };
    if let Some(line) = open_quote(text, delimiter) {
        return Err(FileError::OpenQuote(line));
    }
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut lines = Lines { text, byte: 0, line: 1 };
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| FileError::UnknownFormat)? {
        let begins = record.position().map_or(0, csv::Position::byte);
        let line = lines.of_record(begins);
        if record.len() > MAX_COLUMNS {
            return Err(FileError::TooManyColumns(line));
        }
        if rows.len() > MAX_ROWS {
            return Err(FileError::TooManyRows(MAX_ROWS));
        }
        let cells = record.iter().map(|cell| match cell {
            "" => Cell::Empty,
            text => Cell::Text(text.to_owned()),
        });
        rows.push((line, cells.collect()));
    }
    Ok(rows)
}

/// Counts lines as an editor does. The reader's own count stands before skipped blank lines.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: u32,
}

impl Lines<'_> {
    fn of_record(&mut self, begins: u64) -> u32 {
        let bytes = self.text.as_bytes();
        let mut begins = usize::try_from(begins).unwrap_or(bytes.len()).min(bytes.len());
        while bytes.get(begins).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            begins += 1;
        }
        let passed = &bytes[self.byte.min(begins)..begins];
        // A line ends with \n, or with a \r that no \n follows (old Macintosh files).
        let ends = passed.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => passed.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        self.line = self.line.saturating_add(u32::try_from(ends.count()).unwrap_or(u32::MAX));
        self.byte = begins;
        self.line
    }
}

/// The line on which a value begins with a quotation mark that is never closed.
fn open_quote(text: &str, delimiter: u8) -> Option<u32> {
    let mut bytes = text.bytes().peekable();
    let mut line = 1;
    let mut opened_on = None;
    let mut value_begins = true;
    while let Some(byte) = bytes.next() {
        line += u32::from(byte == b'\n');
        match (opened_on, byte) {
            (Some(_), b'"') if bytes.peek() == Some(&b'"') => drop(bytes.next()),
            (Some(_), b'"') => opened_on = None,
            (None, b'"') if value_begins => opened_on = Some(line),
            _ => {}
        }
        value_begins = opened_on.is_none() && (byte == delimiter || matches!(byte, b'\r' | b'\n'));
    }
    opened_on
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u32, usize)> {
        rows(text).expect("rows").into_iter().map(|(line, cells)| (line, cells.len())).collect()
    }

    #[test]
    fn rows_are_numbered_by_the_line_on_which_they_begin() {
        assert_eq!(lines("a,b\r\n\r\n1,2\r\n\"x\ny\",3\r\n4\r\n"), [(1, 2), (3, 2), (4, 2), (6, 1)]);
        assert_eq!(lines("\n\na\nb"), [(3, 1), (4, 1)]);
        assert_eq!(lines("a\rb\r\rc"), [(1, 1), (2, 1), (4, 1)]);
    }

    #[test]
    fn tabs_separate_where_the_first_line_has_no_comma() {
        assert_eq!(lines("a\tb\n1,5\t2\n"), [(1, 2), (2, 2)]);
    }

    #[test]
    fn an_unclosed_quotation_mark_is_found_where_it_opens() {
        let unclosed = rows("a,b\n1,\"2\n3,4\n5,6\n");
        assert!(matches!(unclosed, Err(FileError::OpenQuote(2))));
        assert_eq!(lines("a,b\n\"say \"\"yes\"\"\",5\" tall\n"), [(1, 2), (2, 2)]);
    }
}

//! A small table as CSV that spreadsheets open without harm.

/// Rows of a file: UTF-8 with the mark that Excel needs, CRLF, every cell quoted.
#[derive(Debug)]
pub struct Csv(String);

impl Csv {
    /// An empty file.
    #[expect(clippy::new_without_default, reason = "a file begins with its mark, which a default doesn't suggest")]
    pub fn new() -> Self {
        Self("\u{feff}".to_owned())
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cells: Vec<String> = cells.into_iter().map(|cell| quoted(&cell)).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    /// The file.
    pub fn finish(self) -> String {
        self.0
    }
}

/// A spreadsheet takes a cell that begins so for a formula, and a name could carry one (ASVS V1.2.10).
fn quoted(cell: &str) -> String {
    let mark = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{mark}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_a_formula_or_ends_a_cell_stays_text() {
        let mut csv = Csv::new();
        csv.row(["=HYPERLINK(\"x\")".to_owned(), "見本, 花子".to_owned()]);
        assert_eq!(csv.finish(), "\u{feff}\"'=HYPERLINK(\"\"x\"\")\",\"見本, 花子\"\r\n");
    }
}

//! One table in three forms: CSV, an Excel workbook, a JSON array.

use std::io::Write;

use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::Value;

use crate::args::FileFormat;
use crate::failure::{Done, Failure};

/// Excel reads CSV as UTF-8 only with this mark in front.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// A table being written.
pub(super) struct Table<'a> {
    columns: &'static [&'static str],
    form: Form<'a>,
    rows: usize,
}

enum Form<'a> {
    Csv(Box<csv::Writer<&'a mut (dyn Write + Send)>>),
    Json(&'a mut (dyn Write + Send)),
    Xlsx(Box<Worksheet>, &'a mut (dyn Write + Send)),
}

impl<'a> Table<'a> {
    /// Begins a table with its header line.
    pub(super) fn begin(
        format: FileFormat,
        columns: &'static [&'static str],
        out: &'a mut (dyn Write + Send),
    ) -> Done<Self> {
        let form = match format {
            FileFormat::Csv => {
                out.write_all(MARK)?;
                let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
                writer.write_record(columns).map_err(Failure::failed)?;
                Form::Csv(Box::new(writer))
            }
            FileFormat::Json => {
                out.write_all(b"[")?;
                Form::Json(out)
            }
            FileFormat::Xlsx => {
                let mut sheet = Worksheet::new();
                for (column, name) in (0..).zip(columns) {
                    sheet.write_string(0, column, *name).map_err(Failure::failed)?;
                }
                Form::Xlsx(Box::new(sheet), out)
            }
        };
        Ok(Self { columns, form, rows: 0 })
    }

    /// Adds a row; its cells stand in the order of the columns.
    pub(super) fn row(&mut self, cells: &[Value]) -> Done {
        self.rows += 1;
        match &mut self.form {
            Form::Csv(writer) => writer.write_record(cells.iter().map(csv_text)).map_err(Failure::failed),
            Form::Json(out) => {
                // Written key by key, so that the keys keep the columns' order.
                out.write_all(if self.rows == 1 { b"\n  {" } else { b",\n  {" })?;
                for (index, (column, cell)) in self.columns.iter().zip(cells).enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    write!(out, "{comma}\"{column}\": {cell}")?;
                }
                Ok(out.write_all(b"}")?)
            }
            Form::Xlsx(sheet, _) => {
                let row = u32::try_from(self.rows).map_err(|_| Failure::failed("too many rows for a workbook"))?;
                for (column, cell) in (0..).zip(cells) {
                    match cell {
                        Value::Null => continue,
                        Value::Number(number) => sheet.write_number(row, column, number.as_f64().unwrap_or_default()),
                        // A string cell is never a formula in a workbook, whatever it begins with.
                        other => sheet.write_string(row, column, plain(other)),
                    }
                    .map_err(Failure::failed)?;
                }
                Ok(())
            }
        }
    }

    /// Ends the table; returns how many rows it has.
    pub(super) fn finish(self) -> Done<usize> {
        match self.form {
            Form::Csv(mut writer) => writer.flush()?,
            Form::Json(out) => {
                out.write_all(if self.rows == 0 { b"]\n" } else { b"\n]\n" })?;
                out.flush()?;
            }
            Form::Xlsx(sheet, out) => {
                let mut workbook = Workbook::new();
                workbook.push_worksheet(*sheet);
                out.write_all(&workbook.save_to_buffer().map_err(Failure::failed)?)?;
                out.flush()?;
            }
        }
        Ok(self.rows)
    }
}

fn plain(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A spreadsheet takes a cell that begins so for a formula, and a name or note could carry one (ASVS V1.2.10).
fn csv_text(cell: &Value) -> String {
    let text = plain(cell);
    if cell.is_string() && text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(format: FileFormat, rows: &[[Value; 2]]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        let mut table = Table::begin(format, &["b", "a"], &mut out).unwrap();
        for row in rows {
            table.row(row).unwrap();
        }
        assert_eq!(table.finish().unwrap(), rows.len());
        out
    }

    #[test]
    fn csv_has_a_mark_and_no_cell_that_could_be_a_formula() {
        let bytes = written(FileFormat::Csv, &[[json!("=1+1"), json!(-1)], [json!("a,\"b\"\nc"), Value::Null]]);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "\u{feff}b,a\r\n'=1+1,-1\r\n\"a,\"\"b\"\"\nc\",\r\n");
        for start in ["+81", "-", "@x", "\t=1", "\r=1"] {
            assert!(csv_text(&json!(start)).starts_with('\''), "{start}");
        }
    }

    #[test]
    fn json_is_an_array_whose_keys_keep_their_order_also_when_it_is_empty() {
        let text = String::from_utf8(written(FileFormat::Json, &[[json!("x"), Value::Null]])).unwrap();
        assert_eq!(text, "[\n  {\"b\": \"x\", \"a\": null}\n]\n");
        let empty: Value = serde_json::from_slice(&written(FileFormat::Json, &[])).unwrap();
        assert_eq!(empty, json!([]));
    }

    #[test]
    fn a_workbook_is_a_zip_file() {
        assert!(written(FileFormat::Xlsx, &[[json!("=1"), json!(2)]]).starts_with(b"PK\x03\x04"));
    }
}

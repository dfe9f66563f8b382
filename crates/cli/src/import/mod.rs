//! Import of rosters: from a file's bytes to parsed rows.
//!
//! The whole file is decoded and cut into rows before the first row is looked at, so a file that can't be read imports
//! nothing. Limits keep a mistaken or hostile file from filling the memory.

mod csv_file;
mod encoding;
mod read;
mod xlsx_file;

pub use encoding::Encoding;
pub use read::{FileError, Format, ParsedRow, RosterFile, Rows, read_bytes, read_file};

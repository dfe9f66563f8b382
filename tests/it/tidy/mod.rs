//! Habits held by machines: the arrows of DESIGN.md §2, one SQLite, file sizes, and what may not be written.

mod arrows;
mod broken;
mod colours;
mod lints;
mod migrations;
mod readme;
mod sizes;
mod sqlite;
mod tree;
mod words;

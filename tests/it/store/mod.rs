//! One store suite on SQLite and PostgreSQL.

mod absences;
mod cards;
mod conversation;
mod halts;
mod lookups;
mod migrate;
mod neighbours;
pub(crate) mod office;
mod pace;
mod people;
mod roll;
mod roster;
mod sealed;
mod sign_in;
mod stops;

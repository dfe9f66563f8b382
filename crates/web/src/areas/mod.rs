//! One file per area of the site: its routes, and the pages that are looked at. What changes something is in
//! [`crate::actions`].

pub mod absences;
pub mod account;
pub mod calls;
pub mod cards;
pub mod employer;
pub mod escalations;
pub mod files;
pub mod graduates;
pub mod inbox;
pub mod live;
pub mod me;
pub mod outside;
pub mod promises;
pub mod records;
pub mod retention;
pub mod search;
pub mod settings;
pub mod signs;
pub mod today;
pub mod undelivered;

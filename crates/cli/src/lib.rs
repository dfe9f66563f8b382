//! bansou

pub mod import;

//! One file per command.

pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod migrate;
pub(crate) mod retention;
pub(crate) mod signs;
pub(crate) mod staff;
pub(crate) mod switches;

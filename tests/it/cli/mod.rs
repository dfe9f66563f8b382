//! The command line as a user calls it.

mod commands;
mod export;
mod import;
mod demo;
mod import_files;
mod run;

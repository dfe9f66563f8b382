//! The command line as a user calls it.

mod backup;
mod bench;
mod commands;
mod demo;
mod export;
mod import;
mod import_files;
mod kill_run;
mod run;
mod serve;
mod simulate;
mod vitals;

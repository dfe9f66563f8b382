//! The command line as a user calls it.

mod import_files;

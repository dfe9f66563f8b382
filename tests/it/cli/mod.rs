//! The command line as a user calls it.

<<<<<<< HEAD
mod commands;
mod export;
mod import;
=======
mod demo;
>>>>>>> e795395 (Demo: a made-up office's history, made by the engine over virtual time)
mod import_files;
mod run;

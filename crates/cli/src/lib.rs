//! The command line, the only reader of configuration, and the wiring of the other rooms.
//!
//! [`run`] takes arguments and streams and gives the exit status, so that tests call it as a user calls the binary:
//! 0 done, 1 failed, 2 wrong usage or configuration with the argument or field named (DESIGN.md section 5).

pub mod ambient;
pub mod args;
pub mod backup;
mod bench;
mod commands;
pub mod config;
pub mod demo;
mod failure;
pub mod import;
pub mod key_file;
mod kill_run;
pub mod opening;
pub mod serve;
mod simulate;
mod terminal;
pub mod wiring;

use std::ffi::OsString;
use std::io::Write as _;

use clap::Parser as _;

use args::{Arguments, Command, ConfigCommand, ImportCommand, SignsCommand, StaffCommand};
use config::Config;

pub use failure::{Done, Failure, with_causes};
pub use terminal::Terminal;

/// Runs one command and returns the exit status.
pub fn run(arguments: impl IntoIterator<Item = OsString>, terminal: &mut Terminal) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let stream = if error.use_stderr() { &mut terminal.err } else { &mut terminal.out };
            // Nobody is left to tell when the stream itself is gone.
            let _ = write!(stream, "{error}");
            return u8::from(error.use_stderr()) * 2;
        }
    };
    let done = command(&arguments, terminal);
    let _ = terminal.out.flush();
    let Err(failure) = done else { return 0 };
    if !matches!(failure, Failure::Said) {
        let _ = writeln!(terminal.err, "bansou: {failure}");
    }
    failure.status()
}

fn command(arguments: &Arguments, terminal: &mut Terminal) -> Done {
    if arguments.office.is_some() && !arguments.command.is_of_one_office() {
        return Err(Failure::usage("--office: this command doesn't work on one office; leave the option out"));
    }
    // Needs neither configuration nor a runtime, and works on a machine that has neither.
    if let Command::Signs(SignsCommand::Classify { file }) = &arguments.command {
        return commands::signs::classify(file.as_deref(), terminal);
    }
    if let Command::Demo(demo) = &arguments.command {
        return in_runtime(Box::pin(commands::demo::demo(demo, terminal)));
    }
    // Neither does this, and it makes a runtime for each thread.
    if let Command::Simulate(args) = &arguments.command {
        return simulate::simulate(args, terminal);
    }
    // This one writes the configuration of the processes it starts.
    if let Command::KillRun(args) = &arguments.command {
        return in_runtime(Box::pin(kill_run::kill_run(args, terminal)));
    }
    let variables = terminal.env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let config = Config::load(arguments.config.as_deref(), variables)?;
    if let Command::Config(ConfigCommand::Check) = &arguments.command {
        return commands::check::check(&config, terminal);
    }
    let office = arguments.office.as_deref();
    in_runtime(async {
        match &arguments.command {
            Command::Serve(serve) => serve::serve(&config, serve, terminal).await,
            Command::Import(ImportCommand::Graduates(import)) => {
                commands::import::graduates(&config, office, import, terminal).await
            }
            Command::Export(export) => commands::export::export(&config, office, export, terminal).await,
            Command::Retention(retention) => commands::retention::show(&config, office, retention, terminal).await,
            Command::Migrate => commands::migrate::migrate(&config, terminal).await,
            Command::Stop(what) => commands::switches::stop(&config, office, what, terminal).await,
            Command::Resume(what) => commands::switches::resume(&config, office, what, terminal).await,
            Command::Bench(what) => bench::bench(what, terminal).await,
            Command::Backup(backup) => commands::backup::backup(&config, backup, terminal).await,
            Command::Restore(restore) => commands::backup::restore(&config, restore, terminal).await,
            Command::Reconcile(reconcile) => commands::backup::reconcile(&config, reconcile, terminal).await,
            Command::Doctor => commands::doctor::doctor(&config, terminal).await,
            Command::Staff(StaffCommand::Add(add)) => commands::staff::add(&config, office, add, terminal).await,
            Command::Config(ConfigCommand::Check)
            | Command::Signs(_)
            | Command::Demo(_)
            | Command::Simulate(_)
            | Command::KillRun(_) => Ok(()),
        }
    })
}

fn in_runtime(work: impl Future<Output = Done>) -> Done {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(work);
    // A password being hashed or a file being read must not hold up the end.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done
}

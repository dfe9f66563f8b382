//! A `PostgreSQL` server of the run's own, which can be stopped, crashed and started again. It is the one that tests use, and
//! it ends when this process does, however it ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use tokio::task::block_in_place;

use crate::failure::{Done, Failure};

const SCRIPT: &str = include_str!("../../../../tests/postgres.sh");

/// A running server, or one that stands still for the moment.
pub(super) struct Server {
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// The server goes when the orders' pipe closes.
    guardian: Child,
    pub(super) url: String,
}

impl Server {
    pub(super) fn start(folder: &Path) -> Done<Self> {
        let script = folder.join("postgres.sh");
        std::fs::write(&script, SCRIPT)?;
        let mut command = Command::new("bash");
        command.arg(&script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut guardian = command.spawn()?;
        let piped = || Failure::failed("the server's pipes can't be had");
        let orders = guardian.stdin.take().ok_or_else(piped)?;
        let answers = BufReader::new(guardian.stdout.take().ok_or_else(piped)?);
        let mut server = Self { orders, answers, guardian, url: String::new() };
        server.url = server.hear()?;
        if !server.url.starts_with("postgres://") {
            return Err(Failure::failed("no PostgreSQL server could be started (the reason stands above)"));
        }
        Ok(server)
    }

    /// Takes it away: in order, or at once as if its machine had lost power.
    pub(super) fn stop(&mut self, in_order: bool) -> Done {
        self.order(if in_order { "stop" } else { "crash" }, "stopped")
    }

    pub(super) fn go_on(&mut self) -> Done {
        self.order("start", "started")
    }

    /// Ends it and waits until its folder is gone.
    pub(super) fn end(mut self) -> Done {
        drop(self.orders);
        block_in_place(|| self.guardian.wait())?;
        Ok(())
    }

    fn order(&mut self, order: &str, answer: &str) -> Done {
        writeln!(self.orders, "{order}")?;
        let said = self.hear()?;
        if said == answer {
            return Ok(());
        }
        Err(Failure::failed(format!("the database server was told to {order}, and said “{said}”")))
    }

    fn hear(&mut self) -> Done<String> {
        let mut line = String::new();
        // A server needs a second or two.
        block_in_place(|| self.answers.read_line(&mut line))?;
        Ok(line.trim().to_owned())
    }
}

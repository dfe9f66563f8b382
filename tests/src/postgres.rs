//! The PostgreSQL server that the tests of one process share.
//!
//! `./check` starts one for the whole run and names it in `BANSOU_TEST_POSTGRES`. Under plain `cargo test` the first test
//! that needs a server starts it through `tests/postgres.sh`, which ends when this process does, however it ends.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// An administrator's URL of a running server, `skip`, or nothing.
const VARIABLE: &str = "BANSOU_TEST_POSTGRES";

enum Server {
    /// `./check` or somebody else looks after it.
    Given(String),
    /// Ours. The child is kept for its standard input: when that closes, the server ends.
    Started {
        url: String,
        _guardian: Child,
    },
    LeftOut,
}

/// The administrator's URL of the shared server, or `None` when PostgreSQL is left out on purpose.
///
/// # Panics
///
/// When no server is given and none can be started.
pub fn server() -> Option<&'static str> {
    static SERVER: OnceLock<Server> = OnceLock::new();
    match SERVER.get_or_init(find_or_start) {
        Server::Given(url) | Server::Started { url, .. } => Some(url),
        Server::LeftOut => None,
    }
}

/// The same server's URL with another database.
pub(crate) fn with_database(url: &str, database: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, None), |(address, options)| (address, Some(options)));
    // After the scheme's two slashes the next one begins the database.
    let begin = address.find("://").map_or(0, |at| at + 3);
    let end = address[begin..].find('/').map_or(address.len(), |at| begin + at);
    let options = options.map(|options| format!("?{options}")).unwrap_or_default();
    format!("{}/{database}{options}", &address[..end])
}

#[expect(clippy::print_stderr, reason = "whoever leaves half of the tests out should be reminded")]
fn find_or_start() -> Server {
    match std::env::var(VARIABLE) {
        Ok(value) if value == "skip" => {
            eprintln!("{VARIABLE}=skip: tests on PostgreSQL are left out");
            Server::LeftOut
        }
        Ok(url) if !url.is_empty() => Server::Given(url),
        _ => start(),
    }
}

fn start() -> Server {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("postgres.sh");
    let mut guardian = Command::new("bash")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("bash can be started");
    let mut line = String::new();
    let out = guardian.stdout.take().expect("its output was piped");
    BufReader::new(out).read_line(&mut line).expect("its output is text");
    let url = line.trim().to_owned();
    assert!(
        url.starts_with("postgres://"),
        "no PostgreSQL for the tests (the reason stands above). Install it, name a server in {VARIABLE}, \
         or leave these tests out with {VARIABLE}=skip"
    );
    Server::Started { url, _guardian: guardian }
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_is_replaced_and_the_rest_kept() {
        assert_eq!(with_database("postgres://u:p@h:1/postgres", "a"), "postgres://u:p@h:1/a");
        assert_eq!(with_database("postgres://u:p@h:1", "a"), "postgres://u:p@h:1/a");
        assert_eq!(with_database("postgres:///x?host=/run/pg", "a"), "postgres:///a?host=/run/pg");
    }
}

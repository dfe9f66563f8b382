//! PostgreSQL's own tools: `pg_dump` and `pg_restore`.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::config::DatabaseUrl;
use crate::failure::{Done, Failure};

/// Where Debian keeps every version's programs.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Writes the database in `pg_dump`'s custom format.
pub(super) fn dump(url: &DatabaseUrl, to: &mut dyn Write) -> Done {
    let mut command = tool("pg_dump", url)?;
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--schema=public", "--lock-wait-timeout=60s"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut out = child.stdout.take().ok_or_else(|| Failure::failed("pg_dump gives no output"))?;
    let mut said = child.stderr.take();
    // Its complaints are few; they are read after its output has ended.
    let copied = io::copy(&mut out, to);
    let mut complaint = String::new();
    if let Some(said) = &mut said {
        let _ = said.read_to_string(&mut complaint);
    }
    if !child.wait()?.success() {
        return Err(failed("pg_dump", &complaint));
    }
    copied?;
    Ok(())
}

/// Loads a dump into an empty schema, wholly or not at all.
pub(super) fn load(url: &DatabaseUrl, from: File) -> Done {
    let mut command = tool("pg_restore", url)?;
    let database = command_database(url)?;
    command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--schema=public"]);
    command.arg(format!("--dbname={database}"));
    let ran = command.stdin(Stdio::from(from)).stdout(Stdio::null()).output()?;
    if ran.status.success() { Ok(()) } else { Err(failed("pg_restore", &String::from_utf8_lossy(&ran.stderr))) }
}

fn failed(tool: &str, complaint: &str) -> Failure {
    let complaint = complaint.trim();
    if complaint.contains("server version mismatch") || complaint.contains("unsupported version") {
        return Failure::failed(format!(
            "{tool} is older than the server or the dump; install the server's version of it (postgresql-client). It said: {complaint}"
        ));
    }
    Failure::failed(format!("{tool} failed: {complaint}"))
}

/// The newest such program of this machine, with the address in its environment: an argument would show the password to everybody
/// who may list processes.
fn tool(name: &str, url: &DatabaseUrl) -> Done<Command> {
    let place = Place::read(url)?;
    let mut command = Command::new(find(name)?);
    command.env("PGHOST", place.host).env("PGDATABASE", place.database).env("PGAPPNAME", "bansou");
    for (variable, value) in [("PGPORT", place.port), ("PGUSER", place.user), ("PGPASSWORD", place.password)] {
        if let Some(value) = value {
            command.env(variable, value);
        }
    }
    for (option, value) in place.options {
        let variable = match option.as_str() {
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            "sslcert" => "PGSSLCERT",
            "sslkey" => "PGSSLKEY",
            _ => continue,
        };
        command.env(variable, value);
    }
    Ok(command)
}

fn command_database(url: &DatabaseUrl) -> Done<String> {
    Ok(Place::read(url)?.database)
}

fn find(name: &str) -> Done<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin").join(name)))
        })
        .filter(|(_, program)| program.is_file())
        .collect();
    versions.sort();
    let on_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
    };
    // Debian's wrapper in PATH picks a version by its own clusters; the newest itself speaks with every older server.
    versions.pop().map(|(_, program)| program).or_else(on_path).ok_or_else(|| {
        Failure::failed(format!(
            "{name} isn't installed; it makes and loads PostgreSQL's backups (Debian: apt-get install postgresql-client)"
        ))
    })
}

/// The parts of a database's address.
struct Place {
    host: String,
    port: Option<String>,
    user: Option<String>,
    password: Option<String>,
    database: String,
    options: Vec<(String, String)>,
}

impl Place {
    fn read(url: &DatabaseUrl) -> Done<Self> {
        let unreadable = || Failure::usage("database.url: write it like postgres://user:password@host:5432/database");
        let (_, rest) = url.expose().split_once("://").ok_or_else(unreadable)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (account, address) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = account.split_once(':').map_or((account, None), |(user, word)| (user, Some(word)));
        let (host, port) = match address.rsplit_once(':') {
            Some((host, port)) if port.chars().all(|c| c.is_ascii_digit()) => (host, Some(port.to_owned())),
            _ => (address, None),
        };
        let options: Vec<(String, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), plain(value)))
            .collect();
        let socket = options.iter().find(|(name, _)| name == "host").map(|(_, folder)| folder.clone());
        let some = |text: &str| (!text.is_empty()).then(|| plain(text));
        let user = some(user);
        Ok(Self {
            host: some(host.trim_matches(['[', ']'])).or(socket).unwrap_or_else(|| "localhost".to_owned()),
            port,
            password: password.map(plain),
            database: some(database).or_else(|| user.clone()).ok_or_else(unreadable)?,
            user,
            options,
        })
    }
}

/// Takes back %-escapes; other signs mean themselves.
fn plain(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%').then(|| tail.get(..2)).flatten();
        if let Some(byte) = escaped.and_then(|digits| hex::decode(digits).ok()) {
            bytes.extend(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_apart_as_it_was_meant() {
        let read = |url: &str| Place::read(&DatabaseUrl::new(url)).unwrap();
        let place = read("postgres://ban%40sou:p%2Fw%3A1@db.example:5433/office?sslmode=require");
        assert_eq!((place.host.as_str(), place.port.as_deref()), ("db.example", Some("5433")));
        assert_eq!((place.user.as_deref(), place.password.as_deref()), (Some("ban@sou"), Some("p/w:1")));
        assert_eq!((place.database.as_str(), place.options.len()), ("office", 1));
        let socket = read("postgres:///office?host=/run/postgresql");
        assert_eq!((socket.host.as_str(), socket.user), ("/run/postgresql", None));
        assert!(Place::read(&DatabaseUrl::new("postgres://host")).is_err());
    }
}

//! One user at one command line: a folder, a configuration, and what each command printed.

use std::fmt::Write as _;
use std::io::{self, Cursor, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bansou_cli::Terminal;
use bansou_tests::database::TestDatabase;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A folder with a configuration file in it.
pub(super) struct User {
    folder: Arc<TempDir>,
    now_said: Captured,
    env: Vec<(String, String)>,
    /// Stops what this user has started with `serve`.
    pub(super) stop: CancellationToken,
}

/// What a command came to.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) status: u8,
    pub(super) out: Vec<u8>,
    pub(super) err: String,
}

impl User {
    /// With an empty SQLite database in the folder.
    pub(super) fn new() -> Self {
        let folder = Arc::new(TempDir::with_prefix("bansou-cli-").unwrap());
        let user = Self { folder, now_said: Captured::default(), env: Vec::new(), stop: CancellationToken::new() };
        let path = |name: &str| user.path(name).display().to_string();
        let config = format!(
            "[database]\nurl = 'sqlite://{}'\nkey_file = '{}'\n[office]\nname = '見本オフィス'\n",
            path("data/bansou.db"),
            path("data/bansou.key")
        );
        user.file("bansou.toml", config.as_bytes());
        user
    }

    /// On a database of the tests.
    pub(super) fn on(database: &TestDatabase) -> Self {
        let mut user = Self::new();
        user.set("BANSOU__DATABASE__URL", database.url());
        user
    }

    /// Somebody else in the same folder.
    pub(super) fn another(&self) -> Self {
        let (now_said, stop) = (Captured::default(), CancellationToken::new());
        Self { folder: Arc::clone(&self.folder), now_said, env: self.env.clone(), stop }
    }

    /// What the command under way has printed so far.
    pub(super) fn said(&self) -> String {
        String::from_utf8(self.now_said.bytes()).unwrap()
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.env.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder; returns its path as an argument.
    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// Adds lines to the configuration.
    pub(super) fn configure(&self, lines: &str) {
        let path = self.path("bansou.toml");
        let mut text = std::fs::read_to_string(&path).unwrap();
        writeln!(text, "{lines}").unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs a command with something to read.
    pub(super) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let config = self.path("bansou.toml").display().to_string();
        let words = ["bansou"].into_iter().chain(arguments.iter().copied()).chain(["--config", &config]);
        let (out, err) = (self.now_said.clone(), Captured::default());
        out.0.lock().unwrap().clear();
        let mut terminal = Terminal {
            out: Box::new(out.clone()),
            err: Box::new(err.clone()),
            input: Box::new(Cursor::new(input.as_bytes().to_vec())),
            in_is_screen: false,
            env: self.env.clone(),
            is_watched: false,
            out_is_screen: false,
            stop: self.stop.clone(),
        };
        let words: Vec<_> = words.map(Into::into).collect();
        // A program has a runtime of its own, also where a test that asks for it runs in one.
        let status = match tokio::runtime::Handle::try_current() {
            Ok(_) => tokio::task::block_in_place(|| bansou_cli::run(words, &mut terminal)),
            Err(_) => bansou_cli::run(words, &mut terminal),
        };
        Ran { status, out: out.bytes(), err: String::from_utf8(err.bytes()).unwrap() }
    }
}

impl Ran {
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Refuses any status but 0.
    #[track_caller]
    pub(super) fn good(self) -> Self {
        assert_eq!(self.status, 0, "{}\n{}", String::from_utf8_lossy(&self.out), self.err);
        self
    }
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

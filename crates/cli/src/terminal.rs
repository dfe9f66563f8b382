//! What surrounds a command: its input and outputs, and the environment's variables. Tests put their own in place.

use std::io::{self, BufRead, BufReader, IsTerminal, Write};

use tokio_util::sync::CancellationToken;

/// The streams and variables of one run.
pub struct Terminal {
    /// What the command was asked for.
    pub out: Box<dyn Write + Send>,
    /// What a person should know besides.
    pub err: Box<dyn Write + Send>,
    /// Where answers and texts come from.
    pub input: Box<dyn BufRead + Send>,
    /// Whether somebody types into `input`, who could be looked over the shoulder.
    pub in_is_screen: bool,
    /// Variables of the environment.
    pub env: Vec<(String, String)>,
    /// Whether somebody watches `err`, so that progress is worth showing.
    pub is_watched: bool,
    /// Whether `out` is a screen, where a workbook's bytes would do harm.
    pub out_is_screen: bool,
    /// Tells `serve` to stop, as a signal does.
    pub stop: CancellationToken,
}

impl Terminal {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self {
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            input: Box::new(BufReader::new(io::stdin())),
            in_is_screen: io::stdin().is_terminal(),
            env: std::env::vars_os()
                .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
                .collect(),
            is_watched: io::stderr().is_terminal(),
            out_is_screen: io::stdout().is_terminal(),
            stop: CancellationToken::new(),
        }
    }

    /// A variable of the environment.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.env.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Asks for a secret and reads the line that answers it. On a screen what is typed isn't shown; from a file or another
    /// program it is the next line.
    pub fn ask_secret(&mut self, question: &str) -> io::Result<String> {
        write!(self.err, "{question} ")?;
        self.err.flush()?;
        if self.in_is_screen {
            return rpassword::read_password();
        }
        let mut line = String::new();
        self.input.read_line(&mut line)?;
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

impl std::fmt::Debug for Terminal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Terminal")
    }
}

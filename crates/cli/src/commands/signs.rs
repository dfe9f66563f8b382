//! `bansou signs classify`: one text per line in, one JSON object per line out.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write as _};
use std::path::Path;

use bansou_core::signs::{Lexicon, classify as find};

use crate::failure::{Done, Failure};
use crate::terminal::Terminal;

/// Longest line that is read, in bytes; a message is far shorter.
const MAX_LINE: u64 = 1_000_000;

/// Answers line by line, each as soon as it is read, so that it can stand in a pipe.
pub(crate) fn classify(file: Option<&Path>, terminal: &mut Terminal) -> Done {
    let lexicon = Lexicon::embedded();
    let Terminal { input, out, .. } = terminal;
    let mut opened;
    let input: &mut dyn BufRead = match file {
        Some(path) => {
            let file = File::open(path).map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?;
            opened = BufReader::new(file);
            &mut opened
        }
        None => input,
    };
    let mut number = 0_u64;
    while let Some(line) = next_line(input, number + 1)? {
        number += 1;
        let found = find(&line, &lexicon);
        let answer = serde_json::to_string(&found).map_err(Failure::failed)?;
        if let Err(error) = writeln!(out, "{answer}").and_then(|()| out.flush()) {
            // Whoever reads has read enough, as `head` does.
            return if error.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error.into()) };
        }
    }
    Ok(())
}

/// The next line without its end, or nothing at the end. Line 1 may begin with a byte-order mark.
fn next_line(input: &mut dyn BufRead, number: u64) -> Done<Option<String>> {
    let mut bytes = Vec::new();
    let read = io::Read::take(&mut *input, MAX_LINE).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    if read as u64 == MAX_LINE && bytes.last() != Some(&b'\n') {
        return Err(Failure::failed(format!("line {number} is longer than {MAX_LINE} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::failed(format!("line {number} is not UTF-8")))?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let text = if number == 1 { text.strip_prefix('\u{feff}').unwrap_or(text) } else { text };
    Ok(Some(text.to_owned()))
}

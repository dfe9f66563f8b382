//! The project's own text files, without build products and fetched packages.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing written by us.
const NOT_OURS: [&str; 5] = [".git", "target", "node_modules", "data", "shots"];

/// One text file of the project.
pub(super) struct OurFile {
    /// Path from the project's root, with forward slashes.
    pub(super) path: String,
    /// The whole text.
    pub(super) text: String,
}

impl OurFile {
    /// Whether the file's name ends in one of these, given without the dot.
    pub(super) fn ends_in(&self, extensions: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| extensions.contains(&ending))
    }

    /// Whether this is one of the tidy tests, which have to name what they forbid.
    pub(super) fn names_what_is_forbidden(&self) -> bool {
        self.path.starts_with("tests/it/tidy/")
    }

    /// `path:line: text` of every line that the judge points at.
    pub(super) fn lines_where(&self, judge: impl Fn(&str) -> bool) -> Vec<String> {
        let found = self.text.lines().enumerate().filter(|(_, line)| judge(line));
        found.map(|(index, line)| format!("{}:{}: {}", self.path, index + 1, line.trim())).collect()
    }
}

/// The folder that holds the workspace's `Cargo.toml`.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the project's root").to_path_buf()
}

/// Every UTF-8 file of the project, sorted by path.
pub(super) fn our_files() -> Vec<OurFile> {
    let mut files = Vec::new();
    collect(&root(), "", &mut files);
    assert!(files.len() > 20, "only {} files were found: the walk looks in the wrong place", files.len());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<OurFile>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            collect(&entry.path(), &format!("{path}/"), files);
        }
        if !kind.is_file() || name == ".git" {
            continue;
        }
        let Ok(text) = fs::read_to_string(entry.path()) else { continue };
        files.push(OurFile { path, text });
    }
}

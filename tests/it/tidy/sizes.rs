//! Small files with one subject: nothing over five hundred lines before its tests.

use super::tree::{OurFile, our_files};

const HARD_CAP: usize = 500;

#[test]
#[expect(clippy::print_stdout, reason = "the ten largest are there for reading")]
fn no_source_file_is_longer_than_the_cap_before_its_tests() {
    let code =
        our_files().into_iter().filter(|file| file.ends_in(&["rs", "js", "mjs", "html"]) || file.path == "check");
    let mut sizes: Vec<(usize, String)> = code.map(|file| (lines_before_tests(&file), file.path)).collect();
    sizes.sort_by(|a, b| b.cmp(a));
    println!("the ten largest files, in lines before their tests:");
    for (lines, path) in sizes.iter().take(10) {
        println!("{lines:>6}  {path}");
    }
    let over: Vec<_> = sizes.iter().filter(|(lines, _)| *lines > HARD_CAP).collect();
    assert!(over.is_empty(), "over {HARD_CAP} lines, split by subject: {over:?}");
}

#[test]
fn lines_are_counted_up_to_the_tests() {
    let file = OurFile { path: "a.rs".to_owned(), text: "one\ntwo\n#[cfg(test)]\nmod tests {}\n".to_owned() };
    assert_eq!(lines_before_tests(&file), 2);
}

fn lines_before_tests(file: &OurFile) -> usize {
    file.text.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

//! What the READMEs tell a newcomer to type exists.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use bansou_tests::cargo::run_bansou;

use super::tree::root;

const READMES: [&str; 2] = ["README.md", "README.ja.md"];

#[test]
fn every_script_in_a_readme_exists_and_can_be_run() {
    for (readme, line) in commands().into_iter().filter(|(_, line)| line.starts_with("./")) {
        let script = line.split_whitespace().next().expect("the line isn't empty");
        let file = fs::metadata(root().join(script)).unwrap_or_else(|_| panic!("{readme}: {script} doesn't exist"));
        assert!(file.permissions().mode() & 0o111 != 0, "{readme}: {script} can't be run");
    }
}

#[test]
fn every_part_of_the_check_in_a_readme_exists() {
    let listed = Command::new(root().join("check")).arg("--parts").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let parts: Vec<&str> = listed.split_whitespace().collect();
    assert!(parts.contains(&"fmt"), "./check --parts lists nothing: {listed:?}");
    for (readme, line) in commands().into_iter().filter(|(_, line)| line.starts_with("./check")) {
        for part in line.split_whitespace().skip(1).take_while(|word| *word != "#") {
            assert!(part.starts_with("--") || parts.contains(&part), "{readme}: ./check has no part {part}");
        }
    }
}

#[test]
fn every_command_of_the_program_in_a_readme_explains_itself() {
    for (readme, line) in commands() {
        let Some((_, rest)) = line.split_once("cargo run --release -- ") else { continue };
        let command = rest.split_whitespace().next().expect("a command follows");
        let help = run_bansou().args([command, "--help"]).output().unwrap();
        let text = String::from_utf8_lossy(&help.stdout);
        assert!(help.status.success() && text.contains(command), "{readme}: `{command} --help` says: {text:?}");
    }
}

#[test]
fn both_readmes_give_the_same_commands() {
    let of = |name: &str| -> Vec<String> {
        let own = commands().into_iter().filter(|(readme, _)| *readme == name);
        own.map(|(_, line)| line.split(" #").next().unwrap_or_default().trim().to_owned()).collect()
    };
    assert_eq!(of(READMES[0]), of(READMES[1]));
    assert!(!of(READMES[0]).is_empty(), "the READMEs name no command at all");
}

/// Each line of each fenced block, with the README it stands in.
fn commands() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for readme in READMES {
        let text = fs::read_to_string(root().join(readme)).unwrap();
        let mut inside = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("```") {
                inside = !inside;
            } else if inside && !line.is_empty() {
                found.push((readme, line.to_owned()));
            }
        }
    }
    found
}

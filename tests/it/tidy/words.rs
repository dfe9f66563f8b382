//! What may not stand in the project: unfinished code, this machine's folders, unescaped text in templates.

use super::tree::our_files;

/// Folders that exist on one machine only.
const SOMEBODYS_FOLDERS: [&str; 4] = ["/root/", "/home/", "/Users/", "/work/"];

#[test]
fn nothing_is_left_unfinished() {
    let rust = our_files().into_iter().filter(|file| file.ends_in(&["rs"]) && !file.names_what_is_forbidden());
    let found: Vec<String> = rust
        .flat_map(|file| file.lines_where(|line| line.contains("todo!(") || line.contains("unimplemented!(")))
        .collect();
    assert!(found.is_empty(), "unfinished:\n{}", found.join("\n"));
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    let ours = our_files().into_iter().filter(|file| !file.names_what_is_forbidden());
    let found: Vec<String> = ours
        .flat_map(|file| file.lines_where(|line| SOMEBODYS_FOLDERS.iter().any(|folder| names(line, folder))))
        .collect();
    assert!(found.is_empty(), "name a path relative to the project:\n{}", found.join("\n"));
}

#[test]
fn the_lock_file_of_the_browser_tests_names_no_host() {
    let files = our_files();
    let lock = files.iter().find(|file| file.path == "tests/browser/package-lock.json").expect("there is a lock file");
    let found = lock.lines_where(|line| line.contains("\"resolved\""));
    assert!(found.is_empty(), "whose mirror was used is nobody else's; delete these fields:\n{}", found.join("\n"));
}

#[test]
fn no_template_switches_escaping_off() {
    let templates = our_files().into_iter().filter(|file| file.path.starts_with("templates/"));
    let mut found = Vec::new();
    for file in templates {
        found.extend(file.lines_where(switches_escaping_off));
        let named_so = file.ends_in(&["tera"]) || file.path.ends_with(".html.tera");
        assert!(!named_so, "{}: Tera escapes *.html only", file.path);
    }
    assert!(found.is_empty(), "unescaped text is an open door for scripts:\n{}", found.join("\n"));
}

#[test]
fn the_safe_filter_is_seen_however_it_is_spaced() {
    assert!(switches_escaping_off("{{ name | safe }}"));
    assert!(switches_escaping_off("{{ name|safe}}"));
    assert!(switches_escaping_off("{% autoescape false %}"));
    assert!(!switches_escaping_off("{{ a | safely }} and a safe place"));
}

#[test]
fn a_folder_in_a_web_address_or_a_route_is_not_taken_for_one_of_a_machine() {
    assert!(names("see /root/notes", "/root/"));
    assert!(names("\"/work/main\"", "/work/"));
    assert!(!names("https://example.jp/work/1", "/work/"));
    assert!(!names("docs/work/1", "/work/"));
}

/// Whether the line holds the folder at the beginning of a path, not inside a longer one.
fn names(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || ['.', '-', '_', '}', '/'].contains(&c))
    })
}

fn switches_escaping_off(line: &str) -> bool {
    let squeezed: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let filtered = squeezed.match_indices("|safe").any(|(at, found)| {
        let after = squeezed[at + found.len()..].chars().next();
        !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    });
    filtered || squeezed.contains("autoescapefalse")
}

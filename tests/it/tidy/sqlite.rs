//! One SQLite in the program, and one new enough not to damage its file (docs/decisions/0001-one-sqlite.md).

use std::fs;

use super::arrows::metadata;

/// The first version without the WAL reset bug.
const FIRST_SAFE: [u32; 3] = [3, 51, 3];

#[test]
fn exactly_one_sqlite_is_linked_and_it_is_new_enough() {
    let metadata = metadata();
    let linked: Vec<_> = metadata.packages.iter().filter(|p| p.links.as_deref() == Some("sqlite3")).collect();
    let names: Vec<String> = linked.iter().map(|p| format!("{} {}", p.name, p.version)).collect();
    let [only] = linked.as_slice() else { panic!("one SQLite must be linked, found {names:?}") };
    assert_eq!(only.name.as_str(), "libsqlite3-sys");

    let folder = only.manifest_path.parent().expect("a manifest lies in a folder");
    let header = fs::read_to_string(folder.join("sqlite3/sqlite3.h")).unwrap();
    let version = bundled_version(&header).expect("the header states its version");
    assert!(version >= FIRST_SAFE, "{names:?} bundles SQLite {version:?}, older than {FIRST_SAFE:?}");
}

#[test]
fn the_version_is_read_as_numbers_not_as_text() {
    let version = |text: &str| bundled_version(&format!("#define SQLITE_VERSION        \"{text}\"\n")).unwrap();
    assert!(version("3.51.3") >= FIRST_SAFE);
    assert!(version("3.100.0") >= FIRST_SAFE);
    assert!(version("3.46.0") < FIRST_SAFE);
}

fn bundled_version(header: &str) -> Option<[u32; 3]> {
    let line = header.lines().find(|line| line.starts_with("#define SQLITE_VERSION "))?;
    let mut numbers = line.split('"').nth(1)?.split('.').map(str::parse);
    Some([numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?])
}

//! Every crate keeps the shared lints, and an exception states its reason.

use std::fs;

use super::arrows::metadata;
use super::tree::our_files;

#[test]
fn every_crate_keeps_the_shared_lints() {
    for package in metadata().workspace_packages() {
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{} doesn't keep the shared lints", package.name);
    }
}

#[test]
fn an_exception_from_a_lint_is_expected_with_a_reason_never_allowed() {
    let rust = our_files().into_iter().filter(|file| file.ends_in(&["rs"]) && !file.names_what_is_forbidden());
    let found: Vec<String> = rust
        .flat_map(|file| file.lines_where(|line| line.contains("#[allow(") || line.contains("#![allow(")))
        .collect();
    assert!(found.is_empty(), "write #[expect(…, reason = \"…\")] instead:\n{}", found.join("\n"));
}

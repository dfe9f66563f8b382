//! The builds that are broken on purpose (`tests/broken/run`) can still be made.

use std::process::Command;

use super::tree::root;

#[test]
fn every_deliberate_fault_still_fits_the_code() {
    let folder = root().join("tests/broken");
    let patches: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "patch"))
        .collect();
    assert!(patches.len() >= 6, "the fence, the keys, the gates and the one check-in a day");
    for patch in patches {
        let checked = Command::new("git").args(["apply", "--check"]).arg(&patch).current_dir(root()).output().unwrap();
        let said = String::from_utf8_lossy(&checked.stderr);
        assert!(checked.status.success(), "{}: {said}", patch.display());
    }
}

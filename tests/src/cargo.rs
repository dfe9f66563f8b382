//! The program as a process of its own.

use std::path::Path;
use std::process::Command;

/// `cargo run` of the program; arguments of the program follow. Without optimisation: it is built already by the other tests.
pub fn run_bansou() -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--package", "bansou", "--"]);
    cargo.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")));
    // Cargo tells a test about its own package, and build scripts that ask for that would compile everything again.
    let about_this_test = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars().filter(|(name, _)| about_this_test(name)) {
        cargo.env_remove(name);
    }
    cargo
}

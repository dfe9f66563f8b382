//! The binary: hands the process's arguments and streams to [`bansou_cli::run`].

use std::process::ExitCode;

use bansou_cli::Terminal;

fn main() -> ExitCode {
    ExitCode::from(bansou_cli::run(std::env::args_os(), &mut Terminal::of_process()))
}

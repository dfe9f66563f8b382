//! Times the making of the demo's history, for a developer who changes the engine or the story.
#![expect(clippy::print_stdout, reason = "that is what it is for")]

use std::time::Instant;

use bansou_cli::demo::{Demo, DemoTerms, morning_of};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/demo-history".into());
    std::fs::create_dir_all(&folder)?;
    let path = format!("{folder}/bansou.db");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{path}{end}"));
    }
    let terms = DemoTerms {
        seed: 1,
        people: 60,
        days: 548,
        ends_at: morning_of("2026-11-21T12:00:00+09:00".parse()?),
        public_url: "http://127.0.0.1:8080".into(),
        database_url: format!("sqlite://{path}?mode=rwc"),
        key: [7; 32],
    };
    let begun = Instant::now();
    let demo = Demo::make(&terms, |_| {}).await?;
    println!("{:.1} s: {:?}", begun.elapsed().as_secs_f64(), demo.figures);
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!(
        "{}",
        status
            .lines()
            .filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    Ok(())
}

//! Looking for words among an office's notes and messages, as a page does: the first time in a process, and from then on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bansou_core::ambient::{Ambient, Clock as _};
use bansou_core::audit::Actor;
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::search::SearchWords;
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::{GraduateSearch, NewNote};
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::office::BenchOffice;
use super::{Millis, cpu, people};
use crate::ambient::OsEntropy;
use crate::args::BenchSearchArgs;
use crate::demo::{DemoClock, morning_of};
use crate::failure::{Done, Failure};

/// Notes of one hour: a search reads again what came in during the last minutes, so they mustn't all be new.
const AN_HOUR: u32 = 100;
/// People whom the notes are about.
const PEOPLE: u32 = 500;
/// Hits of one page.
const PAGE: usize = 20;
/// What every note says somewhere, and what none does.
const OFTEN: &str = "電話";
const NEVER: &str = "灯台";

/// One office with so many notes, each of about a hundred letters.
pub(super) async fn measure(args: &BenchSearchArgs) -> Done<Value> {
    let morning = morning_of(crate::ambient::of_the_system().now()) - TimeDelta::hours(4);
    let hours = args.notes.div_ceil(AN_HOUR);
    let clock = DemoClock::standing(morning - TimeDelta::hours(i64::from(hours)));
    let ambient = Ambient::new(clock.clone(), Arc::new(OsEntropy));
    let bench = BenchOffice::set_up(args.database.as_deref(), ambient).await?;
    bench.import(&(0..PEOPLE).map(people::row).collect::<Vec<_>>()).await?;
    write(&bench, &clock, args.notes).await?;
    bench.store.settle().await?;
    let before = cpu::memory();
    let first = search(&bench, NEVER, 0).await?;
    let (mut never, mut often, mut deep) = (Vec::new(), Vec::new(), Vec::new());
    let begun = cpu::seconds();
    for _ in 0..args.runs {
        never.push(search(&bench, NEVER, 0).await?);
    }
    let spent = cpu::seconds().zip(begun).map(|(now, begun)| (now - begun) * 1_000.0 / f64::from(args.runs));
    for _ in 0..args.runs {
        often.push(search(&bench, OFTEN, PAGE).await?);
        deep.push(search(&bench, "百回目", PAGE).await?);
    }
    Ok(json!({
        "notes": args.notes,
        "runs": args.runs,
        "first_ms": Millis::of(vec![first]),
        "nothing_found_ms": Millis::of(never),
        "nothing_found_cpu_ms": spent.map(f64::round),
        "found_often_ms": Millis::of(often),
        "found_seldom_ms": Millis::of(deep),
        "memory_mb": { "before": before, "after": cpu::memory() },
    }))
}

async fn search(bench: &BenchOffice, words: &str, expected: usize) -> Done<Duration> {
    let words = SearchWords::of(words).ok_or_else(|| Failure::failed("there is nothing to look for"))?;
    let begun = Instant::now();
    let found = bench.store.search(bench.office, &words, 0..PAGE).await?;
    let took = begun.elapsed();
    if found.places.len() < expected.min(1) || (expected == 0 && !found.places.is_empty()) {
        return Err(Failure::failed("something else was found; the figure would mean nothing"));
    }
    Ok(took)
}

async fn write(bench: &BenchOffice, clock: &DemoClock, notes: u32) -> Done {
    let tx = bench.store.begin(bench.office).await?;
    let profile = StaffProfile { name: "計測 支援".to_owned(), email: "keisoku@example.jp".to_owned() };
    let author = tx.add_staff(Actor::COMMAND, &profile, Role::Staff, Lang::Ja).await?;
    tx.save().await?;
    let tx = bench.store.read(bench.office).await?;
    let people = tx.find_graduates(&GraduateSearch::default(), 0, PEOPLE as usize).await?.items;
    drop(tx);
    let people: Vec<_> = people.iter().map(|graduate| graduate.id).collect();
    let mut n = 0;
    while n < notes {
        let tx = bench.store.begin(bench.office).await?;
        for _ in 0..AN_HOUR.min(notes - n) {
            let graduate = people[n as usize % people.len()];
            let happened_at = tx.now() - TimeDelta::minutes(30);
            tx.save_note(&NewNote { graduate, author, mode: ContactMode::Phone, happened_at, lanes: lanes(n) }).await?;
            n += 1;
        }
        tx.save().await?;
        clock.set(clock.now() + TimeDelta::hours(1));
    }
    Ok(())
}

fn lanes(n: u32) -> Lanes {
    let often = if n.is_multiple_of(100) { "これで百回目の面談。" } else { "" };
    Lanes {
        said: format!("最近あまり眠れていませんが、仕事には行けています。{n}番目の駅で休みました！"),
        observed: format!("{often}表情は明るい。遅刻は月に{}回だけ。", n % 7),
        interpretation: String::new(),
        done: "10分ほど話を聞いた。休み方を一緒に考えた。".to_owned(),
        next: "来週の木曜にもう一度 電話する。".to_owned(),
    }
}

//! How fast what is due leaves: every gate, decryption, retry key, call over HTTP and recorded outcome, with nothing switched
//! off for the measuring.

use std::time::Instant;

use bansou_channels::{Channel, LineChannel, LineSettings, Secret, Timeouts};
use bansou_core::ambient::Ambient;
use bansou_core::delivery::DeliveryState;
use bansou_core::hours::WeekHours;
use bansou_core::office::OfficeSettings;
use bansou_core::roster::RosterRow;
use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;
use serde_json::{Value, json};
use std::sync::Arc;

use super::office::BenchOffice;
use super::{cpu, people, sink};
use crate::ambient::OsEntropy;
use crate::args::BenchDispatchArgs;
use crate::demo::{DemoClock, morning_of};
use crate::failure::{Done, Failure};

/// A check-in of the standard cadence falls due so many days after the first working day.
pub(super) const FIRST_DUE: u64 = 2;

pub(super) async fn measure(args: &BenchDispatchArgs) -> Done<Value> {
    let morning = morning_of(crate::ambient::of_the_system().now());
    let clock = DemoClock::standing(morning - TimeDelta::hours(4));
    let ambient = Ambient::new(Arc::clone(&clock) as _, Arc::new(OsEntropy));
    let mut bench = BenchOffice::set_up(args.database.as_deref(), ambient).await?;
    let sink = match &args.sink {
        Some(sink) => sink.clone(),
        None => sink::start().await?,
    };
    bench.send_over(line(&sink)?);
    move_in(&bench, args, morning).await?;
    let begun = Instant::now();
    bench.engine.plan().await.map_err(Failure::failed)?;
    let planned_in = begun.elapsed();
    clock.set(everything_due(&bench, morning).await?);

    let (begun, cpu_before, asked) = (Instant::now(), cpu::seconds(), bench.store.statements());
    let sent = bench.engine.dispatch().await.map_err(Failure::failed)?;
    let took = begun.elapsed().as_secs_f64();
    let cpu = cpu::seconds().zip(cpu_before).map(|(after, before)| after - before);
    let statements = bench.store.statements() - asked;
    let accepted = accepted(&bench).await?;
    if accepted != u64::from(args.count) {
        return Err(Failure::failed(format!(
            "of {} messages {accepted} were accepted, after {sent} calls",
            args.count
        )));
    }
    let count = f64::from(args.count);
    let thousandth = |n: f64| (n * 1_000.0).round() / 1_000.0;
    #[expect(clippy::cast_precision_loss, reason = "statements of one run")]
    Ok(json!({
        "count": args.count,
        "offices": args.offices,
        "seconds": thousandth(took),
        "messages_per_second": thousandth(count / took),
        "cpu_seconds": cpu.map(thousandth),
        "statements_per_message": thousandth(statements as f64 / count),
        "planned_in_seconds": thousandth(planned_in.as_secs_f64()),
    }))
}

fn line(sink: &str) -> Done<Channel> {
    let settings = LineSettings {
        id: "line-sim".into(),
        base_url: sink.into(),
        content_base_url: None,
        channel_secrets: vec![Secret::new("measured")],
        channel_access_token: Secret::new("measured"),
        // How fast this program is, not how fast LINE lets it be.
        pushes_per_second: u32::MAX,
        timeouts: Timeouts::default(),
    };
    LineChannel::new(settings).map(Channel::Line).map_err(Failure::usage)
}

/// People whose first check-in falls on this day, spread over the offices.
async fn move_in(bench: &BenchOffice, args: &BenchDispatchArgs, morning: DateTime<Utc>) -> Done {
    let hired_on = morning.with_timezone(&Tokyo).date_naive() - Days::new(FIRST_DUE);
    // Open without a break, so that there is a moment at which all of them may be sent.
    let week = WeekHours::weekdays("09:00-18:00").map_err(Failure::failed)?;
    let settings = OfficeSettings { hours: week, ..OfficeSettings::default() };
    let tx = bench.store.begin(bench.office).await?;
    tx.change_office("計測室", &settings).await?;
    tx.save().await?;
    let mut offices = vec![bench.office];
    for n in 1..args.offices {
        offices.push(bench.store.add_office(&format!("計測室{n}"), Tokyo, &settings).await?);
    }
    for (at, office) in (0_u32..).zip(offices) {
        let own = (0..args.count).filter(|n| n % args.offices == at);
        let rows: Vec<_> = own.map(|n| RosterRow { hired_on: Some(hired_on), ..people::row(n) }).collect();
        bench.import_into(office, &rows).await?;
    }
    Ok(())
}

/// A moment at which all of them may be sent: the last of the moments that planning has spread over the day.
async fn everything_due(bench: &BenchOffice, morning: DateTime<Utc>) -> Done<DateTime<Utc>> {
    let mut last = morning;
    for office in bench.store.offices().await? {
        let tx = bench.store.read(office.id).await?;
        last = last.max(tx.last_due().await?.unwrap_or(last));
    }
    Ok(last)
}

async fn accepted(bench: &BenchOffice) -> Done<u64> {
    let mut accepted = 0;
    for office in bench.store.offices().await? {
        accepted += bench.store.read(office.id).await?.deliveries_in(DeliveryState::Accepted).await?;
    }
    Ok(accepted)
}

//! `bansou retention`: who stays.

use std::io::Write as _;

use bansou_core::retention::{Part, Reading, Report, Rewards, SMALL_GROUP, report};
use bansou_core::words::Words;
use bansou_store::{Office, Store};
use chrono::NaiveDate;

use crate::args::{ReportFormat, RetentionArgs};
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::opening;
use crate::terminal::Terminal;
use crate::{ambient, commands};

/// Prints the report.
pub(crate) async fn show(config: &Config, wanted: Option<&str>, args: &RetentionArgs, terminal: &mut Terminal) -> Done {
    let store = opening::open_existing(config, ambient::of_the_system()).await?;
    let office = opening::office(&store, wanted).await?;
    let report = report_of(&store, &office, args.as_of).await?;
    match args.format {
        ReportFormat::Json => {
            let json = serde_json::to_string_pretty(&report).map_err(Failure::failed)?;
            writeln!(terminal.out, "{json}")?;
        }
        ReportFormat::Text => write_text(&report, &office.name, terminal)?,
    }
    Ok(())
}

/// The office's report as of a day; today in its zone unless given.
pub(crate) async fn report_of(store: &Store, office: &Office, as_of: Option<NaiveDate>) -> Done<Report> {
    let tx = store.read(office.id).await?;
    let today = tx.now().with_timezone(&office.zone).date_naive();
    let people = tx.retention_people().await?;
    Ok(report(as_of.unwrap_or(today), &people, &Rewards::built_in()))
}

fn write_text(report: &Report, office: &str, terminal: &mut Terminal) -> Done {
    let (words, lang) = (Words::embedded(), commands::import::language(terminal));
    let out = &mut terminal.out;
    let official = &report.official;
    writeln!(out, "{office}, as of {}\n", report.as_of)?;
    writeln!(out, "Official rate (就労定着率), users from {} to {}", official.window_from, official.window_to)?;
    write_reading(out, "everybody who received the service", &official.received)?;
    if official.if_started_in_window != official.received {
        write_reading(out, "only who started in the window", &official.if_started_in_window)?;
    }
    let open: Vec<_> = official.people.iter().filter(|person| person.part == Part::Open).collect();
    if !open.is_empty() {
        writeln!(out, "  Open cases (the rules don't say, or a fact is missing):")?;
        for person in open {
            let number = person.external_id.clone().unwrap_or_else(|| person.id.to_string());
            writeln!(out, "    {number}  {}", words.plain(lang, person.reason.word_key()))?;
        }
    }
    writeln!(out, "\nStill employed after   people   kept   share   unknown")?;
    for cohort in &report.cohorts {
        let months = if cohort.months == 1 { "1 month".to_owned() } else { format!("{} months", cohort.months) };
        if cohort.hidden {
            // As on the page: a share of so few points at persons.
            writeln!(out, "  {months:<18} fewer than {SMALL_GROUP}: not shown")?;
            continue;
        }
        let share = cohort.share.map_or_else(|| "    –".to_owned(), |share| format!("{:5.1}%", share * 100.0));
        writeln!(out, "  {months:<18} {:>8} {:>6}  {share} {:>9}", cohort.hired, cohort.kept, cohort.unknown)?;
    }
    let survival = &report.survival;
    writeln!(
        out,
        "\nSurvival: {} people, {} left out because their end isn't known.",
        survival.people, survival.unknown
    )?;
    match survival.median_days {
        Some(days) => writeln!(out, "  Half are estimated to have left after {days} days.")?,
        None if survival.people == 0 => {}
        None => writeln!(out, "  More than half are estimated to be still in work.")?,
    }
    Ok(())
}

fn write_reading(out: &mut dyn std::io::Write, title: &str, reading: &Reading) -> Done {
    let percent = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), |rate| format!("{:.1}%", rate * 100.0));
    let (low, high) = (percent(reading.rate_min), percent(reading.rate_max));
    let rate = if low == high { low } else { format!("{low} to {high}") };
    let numerator = if reading.numerator_min == reading.numerator_max {
        reading.numerator_min.to_string()
    } else {
        format!("{} to {}", reading.numerator_min, reading.numerator_max)
    };
    writeln!(out, "  {title}: {rate} ({numerator} of {})", reading.denominator)?;
    if let Some(tier) = &reading.tier {
        let units = match tier.units {
            Some(units) => format!("{units} units"),
            None => format!("{} to {} units", tier.min.units, tier.max.units),
        };
        writeln!(out, "    {units} per person and month by the table of {} ({})", tier.valid_from, tier.source)?;
    }
    Ok(())
}

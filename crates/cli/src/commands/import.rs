//! `bansou import graduates`: a roster in one unit of work.
//!
//! All rows are parsed before the first is written; bad ones are listed by row and column. With a bad row nothing is
//! written, unless the good ones are asked for. Reasons come in Japanese where the terminal's language is Japanese.

use std::io::Write as _;
use std::time::Duration;

use bansou_core::audit::Actor;
use bansou_core::cadence::{CadencePlan, embedded_presets};
use bansou_core::employment::Disclosure;
use bansou_core::roster::{Column, FieldError, Problem, RosterRow};
use bansou_core::words::{Args, Lang, Words};
use bansou_store::{Tx, Upserted};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::args::ImportArgs;
use crate::config::Config;
use crate::failure::{Done, Failure, with_causes};
use crate::import::read_file;
use crate::opening::{self, Schema};
use crate::terminal::Terminal;
use crate::{ambient, wiring};

/// Remarks beyond this many are counted only; errors are listed all.
const REMARKS_SHOWN: usize = 50;

#[derive(Default)]
struct Counts {
    added: usize,
    updated: usize,
    unchanged: usize,
    bad: usize,
    /// Jobs that last and of which nobody has said whether the employer knows.
    undisclosed: usize,
}

/// Reads, checks and imports.
pub(crate) async fn graduates(
    config: &Config,
    wanted: Option<&str>,
    args: &ImportArgs,
    terminal: &mut Terminal,
) -> Done {
    let plan = cadence_plan(&args.cadence)?;
    let path = args.file.display().to_string();
    let file = read_file(&args.file).map_err(|error| Failure::failed(format!("{path}: {error}")))?;
    let mut report = Report::new(terminal);
    let mut rows: Vec<(u32, RosterRow)> = Vec::with_capacity(file.len());
    let mut counts = Counts::default();
    for (number, row) in file.rows() {
        match row {
            Ok(row) => rows.push((number, row)),
            Err(errors) => {
                counts.bad += 1;
                report.errors(terminal, number, &errors)?;
            }
        }
    }

    let system = ambient::of_the_system();
    let store = if args.dry_run {
        opening::open_existing(config, system).await?
    } else {
        opening::open(config, system, Schema::AsConfigured).await?
    };
    if !args.dry_run {
        // Another number or account is what a restored backup must be told of again.
        wiring::journal(config, &store).map_err(Failure::usage)?;
    }
    let office = opening::office(&store, wanted).await?;
    let tx = store.begin(office.id).await?;
    let mut import = tx.roster_import(Actor::COMMAND, plan).await?;
    let bar = progress(terminal, rows.len());
    for (number, row) in &rows {
        bar.inc(1);
        if import.names_unknown_staff(row) {
            counts.bad += 1;
            let email = row.staff_email.as_ref().map(|email| email.as_str().to_owned()).unwrap_or_default();
            let error = FieldError::new(Some(Column::StaffEmail), Problem::UnknownStaff, &email);
            bar.suspend(|| report.errors(terminal, *number, &[error]))?;
            continue;
        }
        report.remark(*number, row);
        let done = import.upsert(row).await;
        match done.map_err(|error| Failure::failed(format!("row {number}: {}", with_causes(&error))))? {
            Upserted::Added(_) => counts.added += 1,
            Upserted::Updated(_) => counts.updated += 1,
            Upserted::Unchanged(_) => counts.unchanged += 1,
        }
    }
    let is_refused = counts.bad > 0 && !args.partial;
    import.finish().await?;
    counts.undisclosed = undisclosed(&tx).await?;
    if is_refused || args.dry_run {
        drop(tx);
    } else {
        tx.save().await?;
    }
    bar.finish_and_clear();
    store.close().await?;
    report.end(terminal, &counts, is_refused, args.dry_run)?;
    if is_refused { Err(Failure::Said) } else { Ok(()) }
}

/// How many of the office's jobs that last have an employer of whom nobody has said yet whether they know.
async fn undisclosed(tx: &Tx) -> Done<usize> {
    let jobs = tx.employments().await?;
    let lasting = jobs.iter().filter(|job| job.details.left_on.is_none());
    Ok(lasting.filter(|job| job.details.disclosure == Disclosure::Unknown).count())
}

/// The terminal's language, by the usual variables.
pub(crate) fn language(terminal: &Terminal) -> Lang {
    let named =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| terminal.var(name).filter(|v| !v.is_empty()));
    if named.is_some_and(|value| value.starts_with("ja")) { Lang::Ja } else { Lang::En }
}

fn cadence_plan(name: &str) -> Done<CadencePlan> {
    let presets = embedded_presets();
    let known: Vec<&str> = presets.iter().map(|preset| preset.key.as_str()).collect();
    let found = presets.iter().find(|preset| preset.key == name);
    found
        .map(|preset| preset.plan.clone())
        .ok_or_else(|| Failure::usage(format!("--cadence: there is no “{name}”; use one of: {}", known.join(", "))))
}

fn progress(terminal: &Terminal, rows: usize) -> ProgressBar {
    let target = if terminal.is_watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} ({per_sec}, {eta} left)");
    let bar = ProgressBar::with_draw_target(Some(rows as u64), target);
    bar.enable_steady_tick(Duration::from_millis(200));
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// What is told about the rows.
struct Report {
    words: Words,
    lang: Lang,
    remarks: Vec<(u32, Column, &'static str)>,
}

impl Report {
    fn new(terminal: &Terminal) -> Self {
        Self { words: Words::embedded(), lang: language(terminal), remarks: Vec::new() }
    }

    fn errors(&self, terminal: &mut Terminal, row: u32, errors: &[FieldError]) -> Done {
        for error in errors {
            let said = self.words.plain(self.lang, error.problem.word_key());
            let column = match error.column {
                Some(column) => format!("{column} ({})", column.japanese()),
                None => self.words.plain(self.lang, "import-cli-no-column"),
            };
            let key = if error.shown.is_empty() { "import-cli-row" } else { "import-cli-row-shown" };
            let mut args = Args::new();
            args.set("row", row.to_string());
            args.set("column", column);
            args.set("shown", error.shown.clone());
            args.set("said", said);
            writeln!(terminal.err, "{}", self.words.get(self.lang, key, &args))?;
        }
        Ok(())
    }

    fn remark(&mut self, row: u32, parsed: &RosterRow) {
        self.remarks.extend(parsed.warnings.iter().map(|warning| (row, warning.column, warning.kind.word_key())));
    }

    fn end(&self, terminal: &mut Terminal, counts: &Counts, is_refused: bool, is_dry: bool) -> Done {
        for (row, column, key) in self.remarks.iter().take(REMARKS_SHOWN) {
            let mut args = Args::new();
            args.set("row", row.to_string());
            args.set("column", format!("{column} ({})", column.japanese()));
            args.set("said", self.words.plain(self.lang, key));
            writeln!(terminal.err, "{}", self.words.get(self.lang, "import-cli-remark", &args))?;
        }
        if let Some(more) = self.remarks.len().checked_sub(REMARKS_SHOWN).filter(|more| *more > 0) {
            let mut args = Args::new();
            args.set("count", more.to_string());
            writeln!(terminal.err, "{}", self.words.get(self.lang, "import-cli-more-remarks", &args))?;
        }
        let mut args = Args::new();
        for (name, count) in
            [("added", counts.added), ("updated", counts.updated), ("unchanged", counts.unchanged), ("bad", counts.bad)]
        {
            args.set(name, count.to_string());
        }
        let key = match (is_refused, is_dry) {
            (true, _) => "import-cli-refused",
            (false, true) => "import-cli-dry-run",
            (false, false) => "import-cli-done",
        };
        writeln!(terminal.out, "{}", self.words.get(self.lang, key, &args))?;
        if counts.undisclosed > 0 && !is_refused {
            let mut args = Args::new();
            args.set("count", counts.undisclosed.to_string());
            writeln!(terminal.out, "{}", self.words.get(self.lang, "import-cli-undisclosed", &args))?;
        }
        Ok(())
    }
}

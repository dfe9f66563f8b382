//! `bansou export`: records, page by page, in three forms.
//!
//! Every export is an audit row of its own: it shows a whole office's people to whoever runs it.

mod rows;
mod table;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use bansou_core::audit::Actor;
use chrono::NaiveDate;
use serde_json::json;

use crate::ambient;
use crate::args::{ExportArgs, FileFormat, What};
use crate::config::Config;
use crate::failure::{Done, Failure};
use crate::opening;
use crate::terminal::Terminal;

use rows::Source;
use table::Table;

/// Writes the records.
pub(crate) async fn export(config: &Config, wanted: Option<&str>, args: &ExportArgs, terminal: &mut Terminal) -> Done {
    let days = days(args)?;
    if args.format == FileFormat::Xlsx && args.out.is_none() && terminal.out_is_screen {
        return Err(Failure::usage("--out: a workbook can't be shown on a screen; name a file"));
    }
    if let Some(path) = args.out.as_ref().filter(|path| path.exists() && !args.force) {
        return Err(already_there(path));
    }
    let store = opening::open_existing(config, ambient::of_the_system()).await?;
    let office = opening::office(&store, wanted).await?;
    let tx = store.begin(office.id).await?;
    let what = word(args.what);
    tx.audit(Actor::COMMAND, "export", "office", Some(office.id.0), json!({ "what": what })).await?;
    tx.save().await?;

    let source = Source { tx: store.read(office.id).await?, office, days, to: args.to };
    let Some(path) = &args.out else {
        return write(&source, args, &mut *terminal.out).await.map(|_| ());
    };
    let part = PathBuf::from(format!("{}.part", path.display()));
    let refused = |error: std::io::Error| Failure::failed(format!("{}: {error}", path.display()));
    let mut file = BufWriter::new(create(&part).map_err(refused)?);
    // The file has its name only when it is whole.
    let written = match write(&source, args, &mut file).await {
        Ok(written) => written,
        Err(failure) => {
            let _ = std::fs::remove_file(&part);
            return Err(failure);
        }
    };
    file.flush().map_err(refused)?;
    put(&part, path, args.force).map_err(|error| {
        let _ = std::fs::remove_file(&part);
        if error.kind() == std::io::ErrorKind::AlreadyExists { already_there(path) } else { refused(error) }
    })?;
    writeln!(terminal.err, "{written} rows written to {}", path.display())?;
    Ok(())
}

/// Gives a whole file its name; without `force` only where none has it, even if one appeared in between.
fn put(part: &Path, path: &Path, force: bool) -> std::io::Result<()> {
    if force {
        return std::fs::rename(part, path);
    }
    tempfile::TempPath::try_from_path(part)?.persist_noclobber(path).map_err(|error| error.error)
}

fn already_there(path: &Path) -> Failure {
    Failure::usage(format!(
        "--out: {} is there already; name another file, or add --force to replace it",
        path.display()
    ))
}

async fn write(source: &Source, args: &ExportArgs, out: &mut (dyn Write + Send)) -> Done<usize> {
    let mut table = Table::begin(args.format, Source::columns(args.what, args.format), out)?;
    match args.what {
        What::Graduates => source.graduates(&mut table, args.format).await?,
        What::Notes => source.notes(&mut table).await?,
        What::Contacts => source.contacts(&mut table).await?,
        What::Retention => source.retention(&mut table).await?,
        What::Audit => source.audit(&mut table).await?,
    }
    table.finish()
}

/// First and last day, both included. What has no day takes none.
fn days(args: &ExportArgs) -> Done<(NaiveDate, NaiveDate)> {
    let ever = (NaiveDate::from_ymd_opt(1970, 1, 1), NaiveDate::from_ymd_opt(2999, 12, 31));
    let (from, to) = (args.from.or(ever.0), args.to.or(ever.1));
    let (Some(from), Some(to)) = (from, to) else { return Err(Failure::failed("no range of days")) };
    if args.from.is_some() && matches!(args.what, What::Graduates | What::Retention) {
        return Err(Failure::usage("--from: people have no day by which they could be chosen"));
    }
    if args.to.is_some() && args.what == What::Graduates {
        return Err(Failure::usage("--to: people have no day by which they could be chosen"));
    }
    if from > to {
        return Err(Failure::usage("--to: lies before --from"));
    }
    Ok((from, to))
}

fn word(what: What) -> &'static str {
    match what {
        What::Graduates => "graduates",
        What::Notes => "notes",
        What::Contacts => "contacts",
        What::Retention => "retention",
        What::Audit => "audit",
    }
}

fn create(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

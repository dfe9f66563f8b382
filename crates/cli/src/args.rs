//! Arguments and their help texts.

mod bench;
mod kill_run;

use std::path::PathBuf;

use bansou_core::staff::Role;
use bansou_core::words::Lang;
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use bench::{BenchCommand, BenchDispatchArgs, BenchInboundArgs, BenchPagesArgs, BenchPlanArgs, BenchSearchArgs};
pub use kill_run::{KillDatabase, KillRunArgs};

/// Everything on the command line.
#[derive(Debug, Parser)]
#[command(
    name = "bansou",
    version,
    about = "Bansou (伴走): keeps in touch with an office's graduates before there is trouble.",
    after_help = "Exit status: 0 done; 1 failed; 2 wrong usage or configuration, with the argument or field named.\n\
        Settings: the defaults, then --config FILE, then variables such as BANSOU__WEB__BIND (see config/default.toml).",
    arg_required_else_help = true
)]
pub struct Arguments {
    /// Settings that differ from the defaults (TOML)
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The one office to work on, by name or id; needed only where the database has several
    #[arg(long, global = true, value_name = "OFFICE")]
    pub office: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages and webhooks, and run the worker that plans and sends
    Serve(ServeArgs),
    /// Look around: a made-up office with eighteen months of history, and a phone to answer from
    Demo(DemoArgs),
    /// Bring in a roster
    #[command(subcommand)]
    Import(ImportCommand),
    /// Write records to a file or to the output
    Export(ExportArgs),
    /// Who stays: official rate (就労定着率), cohorts, survival
    Retention(RetentionArgs),
    /// Find small signs in texts
    #[command(subcommand)]
    Signs(SignsCommand),
    /// Bring the database up to this version; makes key file and office on the first start
    Migrate,
    /// Write an encrypted copy of the database to a file, also while Bansou serves; or make a key for that
    Backup(BackupArgs),
    /// Bring a backup back; afterwards nothing is sent until you have reconciled and resumed
    Restore(RestoreArgs),
    /// Tell a restored database what was sent and stopped since its backup
    Reconcile(ReconcileArgs),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check database, key, clock, holidays and channels, and say what to do
    Doctor,
    /// Accounts of staff
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Stop sending at once: everything, one channel, or an office; what comes in is still received
    #[command(subcommand)]
    Stop(StopCommand),
    /// Let go again what was stopped
    #[command(subcommand)]
    Resume(ResumeCommand),
    /// Measure on a made-up office in a database of its own
    #[command(subcommand)]
    Bench(BenchCommand),
    /// Prove the promises on virtual time: seeds of random steps with faults, or an office with its people over many days
    Simulate(SimulateArgs),
    /// Prove the promises on real processes: they are killed while they send, and the providers' ledger is compared
    KillRun(KillRunArgs),
}

impl Command {
    /// Whether `--office` narrows it. Every other command refuses the option: whoever means one office must not stop or copy all of them.
    pub fn is_of_one_office(&self) -> bool {
        matches!(
            self,
            Self::Import(_)
                | Self::Export(_)
                | Self::Retention(_)
                | Self::Staff(_)
                | Self::Stop(StopCommand::Office { .. })
                | Self::Resume(ResumeCommand::Office)
        )
    }
}

/// What can be stopped.
#[derive(Debug, Subcommand)]
pub enum StopCommand {
    /// Every message of every office
    Everything,
    /// Every message over one configured channel
    Channel {
        /// Its id in the configuration
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Every message of one office (--office where there are several), as the settings page does
    Office {
        /// Why; managers of the office read it
        #[arg(long, value_name = "TEXT", default_value = "")]
        why: String,
    },
}

/// What can be resumed.
#[derive(Debug, Subcommand)]
pub enum ResumeCommand {
    /// Every message of every office; after a restore only once bansou reconcile has run
    Everything,
    /// Every message over one channel
    Channel {
        /// Its id in the configuration
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Every message of one office (--office where there are several)
    Office,
}

/// Arguments of `simulate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing leaves this machine. The providers are simulated in the process and keep ledgers of their own; the store and the
engine are the real ones. Afterwards ledgers and tables are compared: nothing lost (P1), nothing doubled (P2), nothing outside
somebody's hours (P3), nothing after a stop (P4, P9), nothing to the wrong person (P5), each event one effect (P7), nobody hurt
by somebody else's broken row (P13), no flood after an outage (P14).

  bansou simulate --seeds 1000                        a thousand histories of 300 random steps each
  bansou simulate --seed 42                           plays one of them again
  bansou simulate --graduates 200 --days 60 --seed 1  an office: people with habits answer, fall silent, stop, pause

A history that breaks a promise is printed step by step, as short as it could be made. A release build can lose its memory
in the middle of a job only if it was built with --features crash-points; others say \"crash_points\": false.
Exit status: 0 every promise was kept; 1 one wasn't.")]
pub struct SimulateArgs {
    /// So many histories of random steps, or those from A to B: 1000, 500..600
    #[arg(long, value_name = "N|A..B", value_parser = seeds, conflicts_with_all = ["graduates", "days"])]
    pub seeds: Option<Seeds>,
    /// The one history, or the people and what they do
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// So many steps in each history
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub steps: u32,
    /// An office with so many people instead of random steps
    #[arg(long, value_name = "N", requires = "days", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub graduates: Option<u32>,
    /// So many days of the office
    #[arg(long, value_name = "D", requires = "graduates", value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub days: Option<u32>,
    /// How often each fault meets a call, in a thousand: lines like `timeout_after = 30` (TOML)
    #[arg(long, value_name = "FILE", requires = "graduates")]
    pub faults: Option<PathBuf>,
    /// End at the first history that breaks a promise
    #[arg(long)]
    pub stop_at_first: bool,
    /// A PostgreSQL server (any database on it; others are made and dropped) instead of SQLite files in a temporary folder
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// So many histories at the same time; as many as there are cores unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=256))]
    pub jobs: Option<u32>,
}

/// Which histories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeds(pub std::ops::Range<u64>);

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Run only one half: the pages and webhooks, or the worker (several processes need PostgreSQL)
    #[arg(long, value_enum)]
    pub only: Option<Half>,
    /// Let time begin at this moment (RFC 3339, e.g. 2026-04-01T09:00:00+09:00); refused in production
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub virtual_start: Option<DateTime<Utc>>,
    /// Virtual seconds per real second
    #[arg(long, value_name = "N", default_value_t = 1, requires = "virtual_start", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub speed: u32,
    /// The real moment at which virtual time began, where several processes share one
    #[arg(long, hide = true, value_name = "TIME", requires = "virtual_start", value_parser = moment)]
    pub virtual_since: Option<DateTime<Utc>>,
    /// Stop when standard input ends: whoever started this process is gone
    #[arg(long, hide = true)]
    pub ends_with_input: bool,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
#[command(after_help = "\
Nothing leaves this machine: LINE, SMS and mail are simulated, and the pages are served on 127.0.0.1 only.
The demo has a clock of its own, which begins at ten in the morning of the newest working day, because check-ins leave
in office hours only. Everything is thrown away when it ends (Ctrl-C), unless --data names a folder.")]
pub struct DemoArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub port: u16,
    /// The same number makes the same people and the same history
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Make the database in this folder, which must not have one yet, and leave it there
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,
}

/// Half of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Half {
    /// Pages and webhooks.
    Web,
    /// Planning and sending.
    Worker,
}

/// What can be imported.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Import graduates from CSV (UTF-8, Shift JIS and others) or XLSX
    Graduates(ImportArgs),
}

/// Arguments of `import graduates`.
#[derive(Debug, Args)]
#[command(after_help = "\
Columns, in English or Japanese, in any order; only the name is needed:
  name 氏名, kana フリガナ, phone 電話番号, line_user_id LINEユーザーID, email メール, disability 障害種別, certificate 手帳,
  employer 企業名, hired_on 入社日, disclosure 開示, left_on 退職日, leaving_reason 退職理由, service_started_on 定着支援開始日,
  service_ended_on 定着支援終了日, staff_email 担当者メール, allowed_from 連絡可能開始, allowed_to 連絡可能終了, language 表示,
  external_id 利用者番号
phone: a mobile number gets SMS and calls, a landline (03-…) calls only.
disability 身体 知的 精神 発達 高次脳機能 難病, certificate なし 精神2級 療育B2 身体4級; several with 、 between them, other words
are kept as they are written.
disclosure オープン or クローズ: whether the employer knows of the disability. While it is empty, no request can go to the employer.
language ふつう やさしい ふりがな; allowed_from and allowed_to 9:00 or 17:30.
Dates: 2026-04-01, 2026/4/1, 令和8年4月1日, R8.4.1. For example:
  氏名,電話番号,企業名,入社日,開示
  見本 花子,090-1234-5678,例示印刷株式会社,2026-04-01,オープン
A row with a known external_id updates that person.
Rows with errors are listed by row and column and nothing is imported, unless --partial is given.")]
pub struct ImportArgs {
    /// The roster
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Read and check everything, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Import the good rows although others have errors
    #[arg(long)]
    pub partial: bool,
    /// How often new people are contacted: a name from config/cadences.toml
    #[arg(long, value_name = "NAME", default_value = "standard")]
    pub cadence: String,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What to write
    #[arg(value_enum)]
    pub what: What,
    /// In which form; CSV begins with a mark for Excel, and cells that look like formulas are defused
    #[arg(long, value_enum)]
    pub format: FileFormat,
    /// First day: of falling due (contacts), of contact (notes), of the action (audit)
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: Option<NaiveDate>,
    /// Last day; for retention the day whose knowledge is used
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub to: Option<NaiveDate>,
    /// Write to a file that only you may read, instead of the output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace the file if it is there already
    #[arg(long, requires = "out")]
    pub force: bool,
}

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// People with their newest job, in the columns that import takes.
    Graduates,
    /// Notes of staff.
    Notes,
    /// The ledger: every check-in that fell due, and what became of it.
    Contacts,
    /// Each person's part in the official rate.
    Retention,
    /// Who did and looked at what.
    Audit,
}

/// Form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// Comma-separated values, UTF-8 with a mark.
    Csv,
    /// Excel workbook.
    Xlsx,
    /// An array of objects.
    Json,
}

/// Arguments of `retention`.
#[derive(Debug, Args)]
pub struct RetentionArgs {
    /// The day whose knowledge is used; today in the office's zone unless given
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub as_of: Option<NaiveDate>,
    /// For people, or for programs
    #[arg(long, value_enum, default_value = "text")]
    pub format: ReportFormat,
}

/// Form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For reading.
    Text,
    /// For programs.
    Json,
}

/// Signs.
#[derive(Debug, Subcommand)]
pub enum SignsCommand {
    /// Read one text per line, write one JSON object per line: signs with quotes, crisis, opting out, conduct
    Classify {
        /// The texts, UTF-8; the input unless given
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// Configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Read and check all settings; says what is wrong, and in which field
    Check,
}

/// Arguments of `backup`.
#[derive(Debug, Args)]
#[command(after_help = "\
Others may work on the database meanwhile. SQLite is copied by SQLite itself, PostgreSQL by pg_dump; either is encrypted with
age to backup.recipients before it gets its name, readable by its owner only. The key file is NOT in it: without that file what
stands about people can't be read, so keep a copy of it, and of your configuration, apart from the backups.
The program age opens a backup, too: age -d -i KEY FILE | tail -n +2 is the database.")]
pub struct BackupArgs {
    /// The file to write; one that is there is never overwritten
    #[arg(value_name = "FILE", required_unless_present = "new_key", conflicts_with = "new_key")]
    pub file: Option<PathBuf>,
    /// Make a key for backups instead: the secret half goes into this file, the public half is printed
    #[arg(long, value_name = "KEYFILE")]
    pub new_key: Option<PathBuf>,
}

/// Arguments of `restore`.
#[derive(Debug, Args)]
#[command(after_help = "\
Stop every bansou on this database first. Everything is checked before anything is touched: the whole backup decrypts, tables are
whole, the audit list is unbroken, the key file opens it. Afterwards nothing is sent, because the database doesn't know what was
sent since the backup: run bansou reconcile, then bansou resume everything.")]
pub struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The file with the backup key's secret half (AGE-SECRET-KEY-…)
    #[arg(long, value_name = "KEYFILE", conflicts_with = "passphrase_file")]
    pub identity: Option<PathBuf>,
    /// The passphrase stands on the first line of this file
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Bring it back here instead of into the configured database
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Move a database that holds offices aside; it is kept
    #[arg(long)]
    pub replace: bool,
    /// Bring an older version's tables up to this one
    #[arg(long)]
    pub migrate: bool,
}

/// Arguments of `reconcile`.
#[derive(Debug, Args)]
#[command(after_help = "\
What the journal says was sent becomes sent, and is never sent again, also where its plan was lost with the database. What may
have been sent is asked of LINE with the same key (for 23 hours from the first try), of Twilio by a look-up, and otherwise goes to
a person. Stops, blocks, pauses and withdrawals made since the backup are applied again; people whose address or hours were
changed are held until somebody has looked.")]
pub struct ReconcileArgs {
    /// The send journal's folder; several where several machines wrote one each. journal.path unless given
    #[arg(long, value_name = "FOLDER")]
    pub journal: Vec<PathBuf>,
    /// There is no journal: everything that was to go out since the backup may be out, and stops since then are lost
    #[arg(long, conflicts_with = "journal")]
    pub without_journal: bool,
}

/// Staff.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Add an account
    Add(StaffArgs),
}

/// Arguments of `staff add`.
#[derive(Debug, Args)]
pub struct StaffArgs {
    /// The address to sign in with
    #[arg(long)]
    pub email: String,
    /// The name that graduates and colleagues see
    #[arg(long)]
    pub name: String,
    /// What the account may do: staff, manager (also figures and stopping), admin (also settings and accounts)
    #[arg(long, default_value = "staff", value_parser = role)]
    pub role: Role,
    /// Language of the pages: ja or en
    #[arg(long, default_value = "ja", value_parser = lang)]
    pub language: Lang,
    /// Read the password from the first line of a file; without it one is made and shown once
    #[arg(long, value_name = "FILE", conflicts_with = "ask")]
    pub password_file: Option<PathBuf>,
    /// Ask for the password; it isn't shown while it is typed
    #[arg(long)]
    pub ask: bool,
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let read = DateTime::parse_from_rfc3339(text);
    read.map(|at| at.to_utc()).map_err(|_| "write it like 2026-04-01T09:00:00+09:00".to_owned())
}

fn seeds(text: &str) -> Result<Seeds, String> {
    let wrong = |_| "write a number, or two like 500..600".to_owned();
    let range = match text.split_once("..") {
        Some((from, to)) => from.parse().map_err(wrong)?..to.parse().map_err(wrong)?,
        None => 0..text.parse().map_err(wrong)?,
    };
    if range.is_empty() { Err("there is no seed in it".to_owned()) } else { Ok(Seeds(range)) }
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|_| "must be staff, manager or admin".to_owned())
}

fn lang(text: &str) -> Result<Lang, String> {
    match text.parse() {
        Ok(lang @ (Lang::Ja | Lang::En)) => Ok(lang),
        _ => Err("must be ja or en".to_owned()),
    }
}

/// A day of the command line.
fn day(text: &str) -> Result<NaiveDate, String> {
    text.replace('/', "-").parse().map_err(|_| "there is no such day; write it like 2026-11-01".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_and_argument_has_help() {
        fn look(command: &clap::Command) {
            assert!(command.get_about().is_some(), "{} says nothing", command.get_name());
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
            }
            command.get_subcommands().for_each(look);
        }
        look(&Arguments::command());
    }
}

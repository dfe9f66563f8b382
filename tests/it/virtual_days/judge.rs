//! Our ledger against the providers' own.

use std::collections::{BTreeMap, HashMap, HashSet};

use bansou_core::calendar::Holidays;
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::delivery::{ChannelKind, parse_answer_data};
use bansou_core::ids::CheckInId;
use bansou_store::ContactRow;
use bansou_tests::world::{line_user, mobile};
use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Asia::Tokyo;

use super::{People, Stage};

/// A message in a provider's ledger.
struct Taken {
    n: u32,
    at: DateTime<Utc>,
    check_in: Option<CheckInId>,
    /// False for thanks and notices, which answer the person at once.
    planned: bool,
    right_name: bool,
}

/// Compares, prints the figures, and fails on anything that must be zero.
#[expect(clippy::print_stdout, reason = "the figures are what this test is for")]
pub(super) async fn judge(stage: &Stage, people: &People, until: DateTime<Utc>) {
    let rows = all_rows(stage).await;
    let rows: Vec<&ContactRow> =
        rows.iter().filter(|row| row.due_on < until.with_timezone(&Tokyo).date_naive()).collect();
    let taken = taken(stage);

    let open = rows.iter().filter(|row| !row.state.is_closed()).count();
    let without_reason = rows.iter().filter(|row| needs_reason(row.state) && row.state_reason.is_none()).count();
    let by_state = rows.iter().fold(BTreeMap::new(), |mut map, row| {
        *map.entry(row.state.as_str()).or_insert(0) += 1;
        map
    });

    let lost = lost(&rows, &taken, people);
    let doubled = doubled(&taken);
    let wrong = taken.iter().filter(|message| !message.right_name).count() + unexplained(&rows, &taken, people);
    let outside = taken.iter().filter(|message| is_outside(message.at)).count();
    let paused = taken.iter().filter(|message| in_pause(message, people)).count();
    let after_stop = taken.iter().filter(|message| message.planned && stopped_before(message, people)).count();
    let export_outside = rows.iter().filter(|row| row.sent_at.is_some_and(is_outside)).count();

    println!("check-ins {} {by_state:?}, open {open}, without a reason {without_reason}", rows.len());
    println!("taken by LINE {}, by Twilio {}", stage.line.accepted().len(), stage.twilio.accepted().len());
    println!("faults: LINE {:?}, Twilio {:?}", stage.line.faults().happened(), stage.twilio.faults().happened());
    println!("stops {}, pauses {}", people.stopped.len(), people.pauses.len());
    println!(
        "lost {lost}, doubled {doubled}, wrong address {wrong}, outside hours {outside} (by our export {export_outside})"
    );
    println!("in a pause {paused}, after a stop {after_stop}");

    assert!(rows.len() > 1_000, "too few check-ins to say anything: {}", rows.len());
    assert!(people.stopped.len() >= 5);
    assert_eq!((open, without_reason), (0, 0), "every row is closed with its state and reason");
    assert_eq!((lost, doubled, wrong), (0, 0, 0), "lost, doubled, wrong address");
    assert_eq!(
        (outside, export_outside, paused, after_stop),
        (0, 0, 0, 0),
        "outside hours, by export, in a pause, after a stop"
    );
    assert_eq!(stage.line.violations(), Vec::<String>::new());
    assert_eq!(stage.twilio.violations(), Vec::<String>::new());
}

fn needs_reason(state: CheckInState) -> bool {
    matches!(state, CheckInState::Skipped | CheckInState::Failed | CheckInState::HandedOver)
}

async fn all_rows(stage: &Stage) -> Vec<ContactRow> {
    let tx = stage.world.store.read(stage.world.office).await.unwrap();
    let (from, to) = ("2000-01-01".parse().unwrap(), "2100-01-01".parse().unwrap());
    let mut rows: Vec<ContactRow> = Vec::new();
    loop {
        let page = tx.contacts_page(from, to, rows.last().map(ContactRow::mark), 500).await.unwrap();
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

fn taken(stage: &Stage) -> Vec<Taken> {
    let line = stage.line.accepted().into_iter().map(|message| {
        let n = u32::from_str_radix(&message.to[25..], 16).unwrap();
        let check_in = message.choices.first().and_then(|data| parse_answer_data(data)).map(|(id, _)| id);
        let planned = message.key.is_some();
        let right_name = !planned || message.texts[0].starts_with(&format!("見本{n}さん"));
        Taken { n, at: message.at, check_in, planned, right_name }
    });
    let sms = stage.twilio.accepted().into_iter().map(|message| {
        let n = message.to["+819012".len()..].parse().unwrap();
        Taken { n, at: message.at, check_in: None, planned: true, right_name: true }
    });
    line.chain(sms).collect()
}

/// Rows that say "a provider took it" without the provider knowing of it.
fn lost(rows: &[&ContactRow], taken: &[Taken], people: &People) -> usize {
    let by_id: HashSet<CheckInId> = taken.iter().filter_map(|message| message.check_in).collect();
    let sms: HashSet<(u32, chrono::NaiveDate)> = sms_days(taken).keys().copied().collect();
    let number = numbers(people);
    let is_lost = |row: &&&ContactRow| match (row.sent_at, row.channel) {
        (Some(_), Some(ChannelKind::Line)) => !by_id.contains(&row.id),
        (Some(at), Some(ChannelKind::Sms)) => !sms.contains(&(number[&row.graduate], local_day(at))),
        _ => false,
    };
    rows.iter().filter(is_lost).count()
}

/// More than one message of the same check-in, by check-in on LINE and by person and day on SMS.
fn doubled(taken: &[Taken]) -> usize {
    let mut line: HashMap<CheckInId, usize> = HashMap::new();
    for id in taken.iter().filter_map(|message| message.check_in) {
        *line.entry(id).or_default() += 1;
    }
    line.values().filter(|count| **count > 1).count() + sms_days(taken).values().filter(|count| **count > 1).count()
}

/// Messages that no row of the person explains: neither sent nor handed to a person because it was unclear.
fn unexplained(rows: &[&ContactRow], taken: &[Taken], people: &People) -> usize {
    let number = numbers(people);
    let known: HashMap<CheckInId, u32> = rows.iter().map(|row| (row.id, number[&row.graduate])).collect();
    let mut days: HashSet<(u32, chrono::NaiveDate)> = HashSet::new();
    for row in rows {
        let unclear = row.state_reason == Some(CloseReason::Unclear);
        if row.sent_at.is_some() || unclear {
            let at = row.sent_at.map_or(row.due_on, local_day);
            days.extend((0..=2).map(|n| (number[&row.graduate], at - TimeDelta::days(n))));
        }
    }
    let until = rows.iter().map(|row| row.due_on).max().unwrap();
    let is_unexplained = |message: &&Taken| match message.check_in {
        Some(id) => known.get(&id).is_some_and(|n| *n != message.n),
        None => message.planned && local_day(message.at) < until && !days.contains(&(message.n, local_day(message.at))),
    };
    taken.iter().filter(is_unexplained).count()
}

fn sms_days(taken: &[Taken]) -> HashMap<(u32, chrono::NaiveDate), usize> {
    let mut days = HashMap::new();
    for message in taken.iter().filter(|message| message.check_in.is_none() && message.planned) {
        *days.entry((message.n, local_day(message.at))).or_default() += 1;
    }
    days
}

fn numbers(people: &People) -> HashMap<bansou_core::ids::GraduateId, u32> {
    people.ids.iter().map(|(n, id)| (*id, *n)).collect()
}

fn local_day(at: DateTime<Utc>) -> chrono::NaiveDate {
    at.with_timezone(&Tokyo).date_naive()
}

/// Read off the local clock, not computed by the code under test: 9 to 12 and 13 to 17:30, weekdays, no holiday.
fn is_outside(at: DateTime<Utc>) -> bool {
    let local = at.with_timezone(&Tokyo);
    let time = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap();
    let inside = |from, to| local.time() >= from && local.time() < to;
    let in_hours = inside(time(9, 0), time(12, 0)) || inside(time(13, 0), time(17, 30));
    let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
    !in_hours || weekend || Holidays::embedded().name_on(local.date_naive()).is_some()
}

fn in_pause(message: &Taken, people: &People) -> bool {
    message.planned && people.pauses.get(&message.n).is_some_and(|dates| dates.covers(local_day(message.at)))
}

fn stopped_before(message: &Taken, people: &People) -> bool {
    people.stopped.get(&message.n).is_some_and(|at| message.at > *at)
}

/// The made-up addresses are what the ledgers' numbers are read from.
#[test]
fn numbers_can_be_read_back_from_addresses() {
    assert_eq!(u32::from_str_radix(&line_user(173)[25..], 16).unwrap(), 173);
    assert_eq!(mobile(173)["+819012".len()..].parse::<u32>().unwrap(), 173);
}

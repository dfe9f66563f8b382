//! The made-up people of a kill run: several offices, LINE and SMS mixed, one check-in due for each.

use std::collections::HashMap;
use std::path::Path;

use bansou_core::audit::Actor;
use bansou_core::cadence::embedded_presets;
use bansou_core::contact::{EmailAddress, LineUserId, PhoneNumber};
use bansou_core::hours::{Period, WeekHours};
use bansou_core::ids::{GraduateId, OfficeId};
use bansou_core::office::OfficeSettings;
use bansou_core::roster::RosterRow;
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::{Store, Upserted};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Asia::Tokyo;

use super::Plan;
use super::hands::Hands;
use crate::ambient::OsEntropy;
use crate::bench::people;
use crate::config::Config;
use crate::demo::clock::Dice;
use crate::failure::{Done, Failure};
use crate::opening::{self, Schema};
use crate::wiring;

/// A Wednesday; a Thursday follows.
pub(super) const DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 4, 8).expect("a day of the calendar");
/// The office is open from nine to half past ten, and no check-in leaves in its last half hour.
const OPEN: &str = "09:00-10:30";
/// Minutes of the day: the first, and the first after it, at which a check-in may leave.
pub(super) const HOURS: (u16, u16) = (9 * 60, 10 * 60);
/// A check-in of the standard cadence falls due so many days after the day of hiring.
const FIRST_DUE: u64 = 2;

/// What is wrong with somebody's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Poison {
    /// Its words can't be decrypted.
    Unreadable,
    /// Sending it panics.
    Panics,
    /// Sending it hangs for a minute.
    Hangs,
    /// Sending it ends the process.
    Aborts,
}

/// One person, and how they can be reached.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) n: u32,
    pub(super) id: GraduateId,
    pub(super) office: usize,
    pub(super) line: Option<String>,
    pub(super) sms: Option<String>,
    /// Minutes of the day: from, to.
    pub(super) hours: (u16, u16),
    /// LINE says that there is no such account.
    pub(super) unknown_to_line: bool,
    pub(super) poison: Option<Poison>,
}

/// Everybody, and where they are.
pub(super) struct Scene {
    pub(super) store: Store,
    pub(super) offices: Vec<OfficeId>,
    pub(super) people: Vec<Person>,
}

/// A moment of a day, in the offices' zone.
pub(super) fn at(day: NaiveDate, minute: u16) -> DateTime<Utc> {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0).unwrap_or_default();
    // Tokyo has no summer time: every local time is there once.
    day.and_time(time).and_local_timezone(Tokyo).earliest().map(|at| at.to_utc()).unwrap_or_default()
}

/// What every check-in to a person begins with: on LINE their name, in an SMS that of their own member of staff.
pub(super) fn begins_with(n: u32, is_sms: bool) -> String {
    if is_sms { format!("例田{n}です。") } else { format!("見本{n}さん、") }
}

impl Scene {
    /// Sets the database up as `config` names it, by the processes' own configuration.
    pub(super) async fn set_up(plan: &Plan, config: &Path, hands: &Hands) -> Done<Self> {
        let config = Config::load(Some(config), [])?;
        let ambient =
            bansou_core::ambient::Ambient::new(std::sync::Arc::new(hands.clone()), std::sync::Arc::new(OsEntropy));
        let store = opening::open(&config, ambient, Schema::Migrate).await?;
        let mut offices: Vec<OfficeId> = store.offices().await?.into_iter().map(|office| office.id).collect();
        let settings = settings(plan)?;
        for office in &offices {
            let tx = store.begin(*office).await?;
            tx.change_office("見本支援室0", &settings).await?;
            tx.save().await?;
        }
        for n in 1..plan.offices {
            offices.push(store.add_office(&format!("見本支援室{n}"), Tokyo, &settings).await?);
        }
        let mut people = Vec::new();
        for (at, office) in offices.iter().enumerate() {
            let own = (0..plan.messages).filter(|n| *n as usize % offices.len() == at);
            people.extend(move_in(&store, *office, at, &own.collect::<Vec<_>>()).await?);
        }
        people.sort_by_key(|person| person.n);
        poison(plan, &mut people);
        // The planner's first look at everybody: from now on each is owed the next day's check-in.
        let channels = wiring::channels(&config, &wiring::simulator_secret(&store)).map_err(Failure::usage)?;
        wiring::engine(&config, store.clone(), &channels).plan().await.map_err(Failure::failed)?;
        Ok(Self { store, offices, people })
    }
}

fn settings(plan: &Plan) -> Done<OfficeSettings> {
    let hours = WeekHours::weekdays(OPEN).map_err(Failure::failed)?;
    let mut settings = OfficeSettings { hours, phone: "03-0000-0000".into(), ..OfficeSettings::default() };
    // A provider's real time-out lasts longer in virtual time.
    settings.sending.margin_seconds = plan.margin;
    Ok(settings)
}

async fn move_in(store: &Store, office: OfficeId, at: usize, numbers: &[u32]) -> Done<Vec<Person>> {
    let tx = store.begin(office).await?;
    for n in numbers.iter().filter(|n| has_sms(**n)) {
        let profile = StaffProfile { name: format!("例田{n} 太郎"), email: email(*n) };
        tx.add_staff(Actor::COMMAND, &profile, Role::Staff, Lang::Ja).await?;
    }
    tx.save().await?;
    let tx = store.begin(office).await?;
    let mut import = tx.roster_import(Actor::COMMAND, embedded_presets().remove(0).plan).await?;
    let mut ids = HashMap::new();
    for n in numbers {
        if let Upserted::Added(id) = import.upsert(&row(*n)).await? {
            ids.insert(*n, id);
        }
    }
    import.finish().await?;
    tx.save().await?;
    let person = |(n, id): (u32, GraduateId)| Person {
        n,
        id,
        office: at,
        line: has_line(n).then(|| line_user(n)),
        sms: has_sms(n).then(|| format!("+819012{n:06}")),
        hours: hours(n),
        unknown_to_line: has_line(n) && n % 50 == 7,
        poison: None,
    };
    Ok(ids.into_iter().map(person).collect())
}

fn row(n: u32) -> RosterRow {
    let allowed = allowed(n).and_then(|(from, to)| Period::from_minutes(from, to).ok());
    RosterRow {
        name: format!("見本{n} 花子"),
        kana: Some(format!("ミホン{n} ハナコ")),
        phone: has_sms(n).then(|| PhoneNumber::parse(&format!("09012{n:06}")).ok()).flatten(),
        line_user_id: has_line(n).then(|| LineUserId::parse(&line_user(n)).ok()).flatten(),
        hired_on: Some(DAY - Days::new(FIRST_DUE)),
        staff_email: has_sms(n).then(|| EmailAddress::parse(&email(n)).ok()).flatten(),
        allowed,
        ..people::row(n)
    }
}

fn line_user(n: u32) -> String {
    format!("U{n:032x}")
}

fn email(n: u32) -> String {
    format!("reida{n}@example.jp")
}

/// Three of five by LINE alone, a quarter by SMS alone, the others by both.
fn has_line(n: u32) -> bool {
    !(12..17).contains(&twentieth(n))
}

fn has_sms(n: u32) -> bool {
    twentieth(n) >= 12
}

/// Neighbours are in different offices, and each office has people of every kind.
fn twentieth(n: u32) -> u32 {
    (n.wrapping_mul(2_654_435_761) >> 16) % 20
}

/// Some can be written to only in the day's first or last third, so that windows close and open while everything goes wrong.
fn allowed(n: u32) -> Option<(u16, u16)> {
    match n % 7 {
        1 => Some((7 * 60, 9 * 60 + 25)),
        2 => Some((9 * 60 + 35, 20 * 60)),
        _ => None,
    }
}

fn hours(n: u32) -> (u16, u16) {
    let (from, to) = allowed(n).unwrap_or(HOURS);
    (from.max(HOURS.0), to.min(HOURS.1))
}

/// Poisons rows of people whom LINE knows and who have no other way.
fn poison(plan: &Plan, people: &mut [Person]) {
    let mut dice = Dice::new(plan.seed ^ 0x9015);
    let kinds = [
        (Poison::Unreadable, plan.poison.unreadable),
        (Poison::Panics, plan.poison.panics),
        (Poison::Hangs, plan.poison.hangs),
        (Poison::Aborts, plan.poison.aborts),
    ];
    for (kind, count) in kinds {
        if kind != Poison::Unreadable && !bansou_store::crash::ARE_HERE {
            continue;
        }
        for _ in 0..count {
            let may = |person: &&mut Person| {
                person.line.is_some() && person.sms.is_none() && !person.unknown_to_line && person.poison.is_none()
            };
            let mut candidates: Vec<&mut Person> = people.iter_mut().filter(may).collect();
            let at = dice.below(u32::try_from(candidates.len()).unwrap_or(0)) as usize;
            if let Some(person) = candidates.get_mut(at) {
                person.poison = Some(kind);
            }
        }
    }
}

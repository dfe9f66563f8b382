//! What a graduate sees of the office's day: open hours, who is there, who looks after them meanwhile (S3.1).

use bansou_core::calendar::{ClosedBecause, OfficeCalendar};
use bansou_core::hours::Period;
use bansou_core::team::{Away, CareBy};
use bansou_store::Tx;
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use crate::errors::Failure;
use crate::guest::Me;
use crate::heads::staff_name;
use crate::pages::me::today::{Back, MeToday, OfficeToday};

/// Closed days are told so many days ahead, and at most so many of them.
const LOOKS_AHEAD: usize = 15;
const MOST_DAYS_OFF: usize = 4;

pub(super) async fn today(me: &Me, tx: &Tx) -> Result<MeToday, Failure> {
    let guest = &me.guest;
    let calendar = guest.office.settings.calendar(guest.office.zone, &guest.app.parts.holidays);
    let team = tx.team(calendar, guest.today()).await?;
    let (today, now) = (guest.today(), guest.now());
    let local = guest.local(now).time();
    let care = team.looks_after(me.graduate.staff, me.graduate.standin, now);
    let is_there = care.by == CareBy::Owner;
    let periods = team.calendar().periods_on(today).to_vec();
    let office = match periods.last() {
        None => OfficeToday::Closed,
        Some(last) if minute(local) >= last.to() => OfficeToday::Over,
        Some(_) => OfficeToday::Open,
    };
    let owner = me.graduate.staff.filter(|staff| team.away(*staff, now) != Some(Away::Gone));
    let back = owner.filter(|_| !is_there).and_then(|owner| team.back(owner, now));
    let until = owner.filter(|_| is_there && office == OfficeToday::Open);
    Ok(MeToday {
        office,
        hours: periods.iter().map(|period| (time(period.from()), time(period.to()))).collect(),
        next: if office == OfficeToday::Open { None } else { team.calendar().next_open_day(today) },
        staff: staff_name(tx, owner).await?,
        is_there,
        until: until.and_then(|owner| leaves_early(&team.periods_on(owner, today), &periods)),
        back: back.map(|half| Back::of(half, today)),
        standin: staff_name(tx, care.staff.filter(|_| !is_there)).await?,
        days_off: days_off(team.calendar(), today),
    })
}

/// When somebody's day ends, where that is before the office's.
fn leaves_early(own: &[Period], office: &[Period]) -> Option<NaiveTime> {
    let (own, office) = (own.last()?, office.last()?);
    (own.to() < office.to()).then(|| time(own.to()))
}

/// Holidays and closure days ahead; the weekdays on which the office never works are known.
fn days_off(calendar: &OfficeCalendar, today: NaiveDate) -> Vec<NaiveDate> {
    let ahead = today.iter_days().skip(1).take(LOOKS_AHEAD);
    let is_off = |day: &NaiveDate| {
        let usually_open = !calendar.week.on(day.weekday()).is_empty();
        usually_open && calendar.closed_because(*day).is_some_and(|why| why != ClosedBecause::Weekday)
    };
    ahead.filter(is_off).take(MOST_DAYS_OFF).collect()
}

fn minute(time: NaiveTime) -> u16 {
    u16::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(u16::MAX)
}

/// Midnight at the end of a day is said as its last minute.
fn time(minute: u16) -> NaiveTime {
    let at = NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minute) * 60, 0);
    at.unwrap_or_else(|| NaiveTime::from_hms_opt(23, 59, 0).unwrap_or_default())
}

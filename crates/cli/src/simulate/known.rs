//! What is known of the people of a history without asking the program: who they are, which addresses are theirs, what was
//! committed about them. The oracle judges by this.

use bansou_core::calendar::Holidays;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{self, Purpose};
use bansou_core::graduate::{PauseDates, Support};
use bansou_core::ids::GraduateId;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Asia::Tokyo;

use super::stage::Stage;
use super::step::HOURS;
use crate::failure::{Done, Failure};

/// One person.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what is known of a person, one fact each")]
pub(super) struct Person {
    pub(super) n: u32,
    pub(super) id: GraduateId,
    pub(super) line: Option<String>,
    pub(super) sms: Option<String>,
    /// Had more than one LINE account: words from an older one belong to nobody.
    pub(super) readdressed: bool,
    /// From, to.
    pub(super) hours: (NaiveTime, NaiveTime),
    pub(super) stopped: bool,
    pub(super) ended: bool,
    pub(super) pause: Option<PauseDates>,
    pub(super) line_reachable: bool,
    pub(super) sms_reachable: bool,
    /// A stop of theirs has been stored and not yet been obeyed.
    pub(super) stop_stored: bool,
}

/// Everybody, and the office.
pub(super) struct Known {
    pub(super) people: Vec<Person>,
    pub(super) office_stopped: bool,
    /// LINE accounts that somebody had once.
    pub(super) former: Vec<String>,
    holidays: Holidays,
}

impl Known {
    pub(super) fn new(people: Vec<Person>) -> Self {
        Self { people, office_stopped: false, former: Vec::new(), holidays: Holidays::embedded() }
    }

    pub(super) fn person(&mut self, n: u32) -> &mut Person {
        let at = self.people.iter().position(|person| person.n == n).unwrap_or(0);
        &mut self.people[at]
    }

    pub(super) fn by_id(&self, id: GraduateId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// Whose address this is now.
    pub(super) fn owner(&self, address: &str) -> Option<&Person> {
        self.people.iter().find(|person| [&person.line, &person.sms].into_iter().flatten().any(|own| own == address))
    }

    /// Why nothing of this purpose may be on its way to a person at a moment, by what is committed.
    pub(super) fn forbids(&self, person: &Person, purpose: Purpose, now: DateTime<Utc>) -> Option<&'static str> {
        if self.office_stopped {
            return Some("the office has stopped sending");
        }
        if person.stopped && purpose != Purpose::Notice {
            return Some("the person said stop");
        }
        if purpose != Purpose::CheckIn {
            return None;
        }
        if person.ended {
            return Some("support has ended");
        }
        person.pause.filter(|pause| pause.covers(local_day(now))).map(|_| "contact is paused")
    }

    /// Whether a person may be written to at a moment, read off the local clock: nothing of the program's own window is
    /// used here. The office is open from 9 to 12 and from 13 to 17:30 on working days.
    pub(super) fn is_inside(&self, person: &Person, at: DateTime<Utc>) -> bool {
        let time = at.with_timezone(&Tokyo).time();
        let between = |from: (u32, u32), to: (u32, u32)| clock(from) <= time && time < clock(to);
        let open = between((9, 0), (12, 0)) || between((13, 0), (17, 30));
        open && person.hours.0 <= time && time < person.hours.1 && self.is_working_day(local_day(at))
    }

    pub(super) fn is_working_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && self.holidays.name_on(day).is_none()
    }

    /// Eight in the morning after the next free days.
    pub(super) fn after_the_next_break(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut day = local_day(now) + TimeDelta::days(1);
        while !self.is_working_day(day) || self.is_working_day(day - TimeDelta::days(1)) {
            day += TimeDelta::days(1);
        }
        at_hour(day, 8)
    }

    /// What inbound words have brought about is read back; that it had to come about is judged elsewhere.
    pub(super) async fn refresh(&mut self, stage: &Stage) -> Done {
        let tx = stage.store.read(stage.office).await?;
        for person in &mut self.people {
            let Some(row) = tx.graduate(person.id).await? else { continue };
            person.stopped = row.contact_stopped_at.is_some();
            person.ended = row.support != Support::Supported;
            for point in tx.contact_points(person.id).await? {
                match point.kind {
                    ContactKind::Line => person.line_reachable = point.reach.is_reachable(),
                    ContactKind::Sms => person.sms_reachable = point.reach.is_reachable(),
                    ContactKind::Email | ContactKind::Phone => {}
                }
            }
        }
        Ok(())
    }
}

impl Person {
    pub(super) fn is_reachable(&self, kind: delivery::ChannelKind) -> bool {
        match kind {
            delivery::ChannelKind::Line => self.line.is_some() && self.line_reachable,
            delivery::ChannelKind::Sms => self.sms.is_some() && self.sms_reachable,
            delivery::ChannelKind::Email => false,
        }
    }

    pub(super) fn set_hours(&mut self, which: u32) -> Done {
        let (from, to) = HOURS[which as usize].split_once('-').ok_or_else(|| Failure::failed("hours"))?;
        let read = |text| NaiveTime::parse_from_str(text, "%H:%M").map_err(Failure::failed);
        self.hours = (read(from)?, read(to)?);
        Ok(())
    }
}

pub(super) fn local_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Tokyo).date_naive()
}

/// A full hour of a day in Japan, nine hours ahead of UTC all year.
pub(super) fn at_hour(day: NaiveDate, hour: i64) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(hour - 9)
}

fn clock((hour, minute): (u32, u32)) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN)
}

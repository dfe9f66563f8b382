//! The team at a moment: who is there, and who looks after whom (S3.1).
//!
//! Owner, else who stands in, else who is on duty, else anybody. Somebody counts as there for the half-day as long as some of
//! their working time of it is still to come, so that a lunch break moves nobody. Outside opening hours it is the next
//! half-day in which the office is open that counts.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc};

use crate::absence::{HalfDays, Leave};
use crate::calendar::OfficeCalendar;
use crate::duty::DutyPlan;
use crate::half_day::HalfDay;
use crate::hours::{Period, WeekHours, common};
use crate::ids::StaffId;

/// Half-days looked at for an open office or somebody's return: longer than the longest leave.
const HORIZON: usize = 900;

crate::codes! {
    /// Why somebody looks after a graduate.
    CareBy {
        /// They are the person's own member of staff.
        Owner = "owner",
        /// They stand in for the owner during leave.
        StandIn = "stand_in",
        /// They are the graduate's own stand-in.
        OwnStandIn = "own_stand_in",
        /// They are on duty.
        Duty = "duty",
        /// Nobody is named: whoever is there, or a manager.
        Anybody = "anybody",
    }
}

/// Who looks after a graduate at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Care {
    /// Who; `None` only with [`CareBy::Anybody`].
    pub staff: Option<StaffId>,
    /// Why they.
    pub by: CareBy,
}

/// One member of staff, as far as presence goes.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub id: StaffId,
    /// Their own working hours; `None` = the office's.
    pub hours: Option<WeekHours>,
    /// They still work here.
    pub is_active: bool,
}

/// Why somebody isn't there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// On leave.
    Leave(HalfDays),
    /// It isn't their working time, or the office is closed.
    OffHours,
    /// They don't work here any more.
    Gone,
}

/// An office's staff with hours, leave and duty. Leave that is over needn't be in it.
#[derive(Clone, Debug)]
pub struct Team {
    calendar: OfficeCalendar,
    members: HashMap<StaffId, Member>,
    leaves: Vec<Leave>,
    duty: DutyPlan,
}

impl Team {
    /// A team from what is stored.
    pub fn new(calendar: OfficeCalendar, members: Vec<Member>, leaves: Vec<Leave>, duty: DutyPlan) -> Self {
        let members = members.into_iter().map(|member| (member.id, member)).collect();
        Self { calendar, members, leaves, duty }
    }

    /// Who is on duty by plan, whether they are there or not.
    pub fn duty(&self) -> &DutyPlan {
        &self.duty
    }

    /// The office's calendar.
    pub fn calendar(&self) -> &OfficeCalendar {
        &self.calendar
    }

    /// The half-day that counts at a moment: the present one while the office is or will be open in it, else the next one
    /// with open hours. An office that never opens stays with the present one.
    pub fn half_at(&self, at: DateTime<Utc>) -> HalfDay {
        let local = self.local(at);
        let now = HalfDay::of(local);
        let open = |half: &HalfDay| !to_come(&half.part_of(self.calendar.periods_on(half.on)), *half, local).is_empty();
        now.onwards().take(HORIZON).find(open).unwrap_or(now)
    }

    /// Somebody's working time on a date: their hours inside the office's, less leave. Clocks count in it.
    pub fn periods_on(&self, staff: StaffId, on: NaiveDate) -> Vec<Period> {
        let halves = [HalfDay::morning(on), HalfDay::afternoon(on)];
        let worked = halves.iter().filter(|half| self.leave_on(staff, **half).is_none());
        let hours = self.hours_on(staff, on);
        let mut periods: Vec<Period> = worked.flat_map(|half| half.part_of(&hours)).collect();
        // What noon parted is one again.
        periods.dedup_by(|later, earlier| {
            let joined = (earlier.to() == later.from()).then(|| Period::from_minutes(earlier.from(), later.to()).ok());
            joined.flatten().map(|whole| *earlier = whole).is_some()
        });
        periods
    }

    /// Why somebody isn't there at a moment; `None` while they are, or will be within the half-day.
    pub fn away(&self, staff: StaffId, at: DateTime<Utc>) -> Option<Away> {
        self.away_in(staff, self.half_at(at), self.local(at))
    }

    /// Why somebody isn't there in a half-day, seen from before it.
    pub fn away_on(&self, staff: StaffId, half: HalfDay) -> Option<Away> {
        self.away_in(staff, half, half.on.and_time(chrono::NaiveTime::MIN))
    }

    /// The next half-day in which somebody is there again; `None` when none comes within the horizon, or they left.
    pub fn back(&self, staff: StaffId, at: DateTime<Utc>) -> Option<HalfDay> {
        let local = self.local(at);
        self.members.get(&staff).filter(|member| member.is_active)?;
        HalfDay::of(local).onwards().take(HORIZON).find(|half| self.away_in(staff, *half, local).is_none())
    }

    /// Who looks after a graduate of this owner and with this stand-in of their own.
    pub fn looks_after(&self, owner: Option<StaffId>, standin: Option<StaffId>, at: DateTime<Utc>) -> Care {
        self.care_in(owner, standin, self.half_at(at), self.local(at))
    }

    /// The same for a half-day, seen from before it.
    pub fn looks_after_on(&self, owner: Option<StaffId>, standin: Option<StaffId>, half: HalfDay) -> Care {
        self.care_in(owner, standin, half, half.on.and_time(chrono::NaiveTime::MIN))
    }

    /// Whether a graduate of this owner and with this stand-in is `reader`'s: their own, one they look after for now, or one whom nobody
    /// does. An owner keeps seeing their people during leave.
    pub fn is_for(
        &self,
        reader: StaffId,
        (owner, standin): (Option<StaffId>, Option<StaffId>),
        at: DateTime<Utc>,
    ) -> bool {
        owner.is_none_or(|owner| owner == reader)
            || self.looks_after(owner, standin, at).staff.is_none_or(|staff| staff == reader)
    }

    /// In whose place `reader` does what a colleague asked of them: their own, and that of everybody they stand in for now, or whom nobody
    /// stands in for.
    pub fn stands_for(&self, reader: StaffId, at: DateTime<Utc>) -> Vec<StaffId> {
        let mut all: Vec<StaffId> = self.members.keys().copied().collect();
        all.retain(|staff| self.is_for(reader, (Some(*staff), None), at));
        all.sort_unstable();
        all
    }

    /// Who takes over from `from` what belongs to a graduate with this stand-in of their own: the stand-in, else whoever is on duty, where
    /// they are there; `None` = the whole team.
    pub fn takes_over(&self, from: Option<StaffId>, standin: Option<StaffId>, at: DateTime<Utc>) -> Option<StaffId> {
        let other = |standin| self.looks_after(None, standin, at).staff.filter(|staff| Some(*staff) != from);
        other(standin).or_else(|| other(None))
    }

    /// Who is there at a moment, or will be within the half-day.
    pub fn there(&self, at: DateTime<Utc>) -> Vec<StaffId> {
        let (half, local) = (self.half_at(at), self.local(at));
        let mut there: Vec<StaffId> =
            self.members.keys().copied().filter(|staff| self.away_in(*staff, half, local).is_none()).collect();
        there.sort_unstable();
        there
    }

    /// The leave of a member of staff that overlaps a stretch.
    pub fn leave_in(&self, staff: StaffId, when: HalfDays) -> Option<&Leave> {
        self.leaves.iter().find(|leave| leave.staff == staff && leave.when.overlaps(when))
    }

    /// Colleagues who could stand in for somebody: here, without leave in that time, and working in some of it.
    pub fn could_stand_in(&self, away: StaffId, when: HalfDays) -> Vec<StaffId> {
        let works = |staff: StaffId| {
            let halves = when.from().onwards().take_while(|half| *half <= when.to());
            halves.into_iter().any(|half| self.away_on(staff, half).is_none())
        };
        let free = |staff: &StaffId| *staff != away && self.leave_in(*staff, when).is_none() && works(*staff);
        let mut could: Vec<StaffId> = self.members.keys().copied().filter(free).collect();
        could.sort_unstable();
        could
    }

    /// The stretches of `when` in which nobody stands in by name, because the stand-in doesn't work then although the person they stand in
    /// for would have. Their leave is another matter ([`Self::leave_in`]).
    pub fn uncovered(&self, away: StaffId, standin: StaffId, when: HalfDays) -> Vec<HalfDays> {
        let works = |staff: StaffId, half: HalfDay| {
            let is_active = self.members.get(&staff).is_some_and(|member| member.is_active);
            is_active && !half.part_of(&self.hours_on(staff, half.on)).is_empty()
        };
        let halves = when.from().onwards().take_while(|half| *half <= when.to()).filter(|half| works(away, *half));
        let halves: Vec<(HalfDay, bool)> = halves.map(|half| (half, works(standin, half))).collect();
        let open = halves.chunk_by(|one, next| one.1 == next.1).filter(|part| part.iter().all(|(_, covered)| !covered));
        open.filter_map(|part| HalfDays::new(part.first()?.0, part.last()?.0).ok()).collect()
    }

    fn care_in(&self, owner: Option<StaffId>, standin: Option<StaffId>, half: HalfDay, local: NaiveDateTime) -> Care {
        let care = |staff, by| Care { staff: Some(staff), by };
        if let Some(owner) = owner.filter(|owner| self.away_in(*owner, half, local).is_none()) {
            return care(owner, CareBy::Owner);
        }
        let mut asked = Vec::new();
        let mut reached = |first: Option<StaffId>| self.there_or_standin(first?, half, local, &mut asked);
        if let Some(staff) = reached(owner) {
            return care(staff, CareBy::StandIn);
        }
        if let Some(staff) = reached(standin) {
            return care(staff, CareBy::OwnStandIn);
        }
        if let Some(staff) = reached(self.duty.on(half)) {
            return care(staff, CareBy::Duty);
        }
        Care { staff: None, by: CareBy::Anybody }
    }

    /// Somebody, else who stands in during their leave, and so on. Nobody is asked twice, so that every chain ends.
    fn there_or_standin(
        &self,
        first: StaffId,
        half: HalfDay,
        local: NaiveDateTime,
        asked: &mut Vec<StaffId>,
    ) -> Option<StaffId> {
        let mut next = Some(first);
        while let Some(staff) = next.filter(|staff| !asked.contains(staff)) {
            asked.push(staff);
            if self.away_in(staff, half, local).is_none() {
                return Some(staff);
            }
            next = self.leave_on(staff, half).and_then(|leave| leave.standin);
        }
        None
    }

    fn away_in(&self, staff: StaffId, half: HalfDay, local: NaiveDateTime) -> Option<Away> {
        if self.members.get(&staff).is_none_or(|member| !member.is_active) {
            return Some(Away::Gone);
        }
        if let Some(leave) = self.leave_on(staff, half) {
            return Some(Away::Leave(leave.when));
        }
        let hours = half.part_of(&self.hours_on(staff, half.on));
        to_come(&hours, half, local).is_empty().then_some(Away::OffHours)
    }

    fn leave_on(&self, staff: StaffId, half: HalfDay) -> Option<&Leave> {
        self.leaves.iter().find(|leave| leave.staff == staff && leave.when.covers(half))
    }

    /// Somebody's hours inside the office's, leave or not.
    fn hours_on(&self, staff: StaffId, on: NaiveDate) -> Vec<Period> {
        let open = self.calendar.periods_on(on);
        match self.members.get(&staff).and_then(|member| member.hours.as_ref()) {
            Some(hours) => common(hours.on(on.weekday()), open),
            None => open.to_vec(),
        }
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.calendar.zone).naive_local()
    }
}

/// Those periods of a half-day that aren't over at a local moment.
fn to_come(periods: &[Period], half: HalfDay, local: NaiveDateTime) -> Vec<Period> {
    if half.on > local.date() {
        return periods.to_vec();
    }
    let second = local.time().num_seconds_from_midnight();
    let is_over = |period: &Period| half.on < local.date() || u32::from(period.to()) * 60 <= second;
    periods.iter().copied().filter(|period| !is_over(period)).collect()
}

#[cfg(test)]
mod tests;

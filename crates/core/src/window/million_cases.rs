//! A million made-up offices, people and moments against the promises of [`super`] (trust.md P3), checked by reading
//! the local clocks, not by the arithmetic under test.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::{
    America::{New_York, St_Johns},
    Asia::{Kathmandu, Tokyo},
    Australia::Lord_Howe,
    Europe::Berlin,
    Tz,
};

use super::*;
use crate::calendar::Holidays;
use crate::hours::WeekHours;

/// Decisions asked for and checked.
const CASES: u64 = 1_000_000;
/// Random moments per made-up office and person; each "later" is followed and checked as well.
const MOMENTS: u64 = 200;
/// Threads that share the work.
const SHARES: u64 = 4;

/// A small seeded generator (splitmix64): a failing case is named by its seed and comes back.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.roll(of.len() as u64)).unwrap()]
    }
}

#[derive(Debug)]
struct Case {
    calendar: OfficeCalendar,
    person: PersonHours,
    rules: SendRules,
    kind: SendKind,
}

impl Case {
    fn context(&self) -> SendContext<'_> {
        SendContext { calendar: &self.calendar, person: &self.person, rules: &self.rules, kind: self.kind }
    }
}

fn day_of(dice: &mut Dice) -> String {
    const DAYS: [&str; 9] = [
        "",
        "09:00-17:30",
        "09:00-12:00,13:00-17:30",
        "00:00-24:00",
        "08:15-10:00,10:00-13:05,15:30-21:45",
        "12:00-12:05",
        "00:00-03:00",
        "01:30-02:30,20:00-24:00",
        "10:00-19:00",
    ];
    (*dice.pick(&DAYS)).to_owned()
}

fn week_of(dice: &mut Dice) -> WeekHours {
    let mut week = WeekHours::weekdays(&day_of(dice)).unwrap();
    for day in [chrono::Weekday::Sat, chrono::Weekday::Sun, chrono::Weekday::Wed, chrono::Weekday::Mon] {
        if dice.roll(3) == 0 {
            week = week.with_day(day, &day_of(dice)).unwrap();
        }
    }
    week
}

/// A person whose short nights lie where their clocks change, and an office that never closes.
fn night_owl(dice: &mut Dice, case: Case) -> Case {
    let zones: [Tz; 4] = [New_York, St_Johns, Lord_Howe, Berlin];
    let hours = *dice.pick(&["00:30-01:30", "01:30-02:30", "01:15-01:45", "02:15-03:30"]);
    let person = PersonHours { week: WeekHours::every_day(hours).unwrap(), zone: Some(*dice.pick(&zones)) };
    let calendar = OfficeCalendar {
        week: WeekHours::every_day("00:00-24:00").unwrap(),
        open_on_holidays: true,
        closures: BTreeSet::new(),
        ..case.calendar
    };
    Case { calendar, person, ..case }
}

fn case(dice: &mut Dice, holidays: &Arc<Holidays>) -> Case {
    let zones: [Tz; 6] = [Tokyo, New_York, St_Johns, Kathmandu, Lord_Howe, Berlin];
    let start = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let closures: BTreeSet<_> = (0..dice.roll(40)).map(|_| start + chrono::Days::new(dice.roll(730))).collect();
    Case {
        calendar: OfficeCalendar {
            zone: if dice.roll(4) > 0 { Tokyo } else { *dice.pick(&zones) },
            week: week_of(dice),
            closures,
            holidays: holidays.clone(),
            open_on_holidays: dice.roll(8) == 0,
        },
        person: PersonHours { week: week_of(dice), zone: (dice.roll(6) == 0).then(|| *dice.pick(&zones)) },
        rules: SendRules {
            end_of_day_minutes: *dice.pick(&[30, 0, 60]),
            long_break_days: *dice.pick(&[3, 0, 1, 5]),
            before_long_break_minutes: *dice.pick(&[180, 0, 600]),
            margin_seconds: *dice.pick(&[40, 0, 330]),
        },
        kind: if dice.roll(4) > 0 { SendKind::CheckIn } else { SendKind::Reply },
    }
}

/// Whether a message arriving at this moment keeps every promise, read off the clocks on the wall.
fn is_welcome(at: DateTime<Utc>, case: &Case) -> bool {
    let office = at.with_timezone(&case.calendar.zone).naive_local();
    let own = at.with_timezone(&case.person.zone.unwrap_or(case.calendar.zone)).naive_local();
    let date = office.date();
    let holiday = case.calendar.holidays.name_on(date).is_some() && !case.calendar.open_on_holidays;
    let periods = case.calendar.week.on(date.weekday());
    !holiday
        && !case.calendar.closures.contains(&date)
        && periods.iter().any(|p| p.contains(office.time()))
        && case.person.week.on(own.weekday()).iter().any(|p| p.contains(own.time()))
}

/// Whether a moment lies in the quiet end of the office's day. Told by the office's clock, so only asked in Tokyo.
fn is_too_late_for_new(at: DateTime<Utc>, case: &Case) -> bool {
    let office = at.with_timezone(&case.calendar.zone).naive_local();
    let date = office.date();
    let end = case.calendar.week.on(date.weekday()).last().map_or(0, |p| i64::from(p.to()));
    let left = end - (office - date.and_hms_opt(0, 0, 0).unwrap()).num_minutes();
    let closed = |n: u64| !case.calendar.is_open_on(date + chrono::Days::new(n));
    let length = u64::from(case.rules.long_break_days);
    let eve = length > 0 && (1..=length).all(closed);
    left <= i64::from(case.rules.end_of_day_minutes) && case.rules.end_of_day_minutes > 0
        || eve && case.rules.before_long_break_minutes > 0 && left <= i64::from(case.rules.before_long_break_minutes)
}

fn check(now: DateTime<Utc>, case: &Case, seen: &mut [u64; 3]) {
    let ctx = case.context();
    let margin = case.rules.margin();
    match may_send(now, &ctx) {
        SendDecision::Now { until } => {
            seen[0] += 1;
            assert!(now < until);
            assert!(is_welcome(now, case), "outside hours");
            assert!(is_welcome(until + margin - TimeDelta::seconds(1), case), "the window's end lies outside hours");
            assert!(is_welcome(now + margin - TimeDelta::seconds(i64::from(!margin.is_zero())), case), "in the margin");
            if case.kind == SendKind::CheckIn && case.calendar.zone == Tokyo {
                assert!(!is_too_late_for_new(now, case), "too late in the day for something new");
            }
        }
        SendDecision::Later { at, .. } => {
            seen[1] += 1;
            assert!(at > now, "later is not later");
            let nows = seen[0];
            check(at, case, seen);
            assert_eq!(seen[0], nows + 1, "later is no good moment");
        }
        SendDecision::Never { .. } => panic!("a person who can be reached in January can be reached"),
    }
}

/// One share of the cases. A failure names the share, the moment and the whole case.
fn run(share: u64) -> [u64; 3] {
    let holidays = Arc::new(Holidays::embedded());
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    let mut dice = Dice(share);
    let mut seen = [0; 3];
    while seen[0] + seen[1] < CASES / SHARES {
        let case = loop {
            let mut case = case(&mut dice, &holidays);
            if dice.roll(16) == 0 {
                case = night_owl(&mut dice, case);
            }
            match may_send(start, &case.context()) {
                SendDecision::Never { .. } => seen[2] += 1,
                _ => break case,
            }
        };
        let (mut moments, mut failing) = (0..MOMENTS, None);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for n in moments.by_ref() {
                let now = moment(&mut dice, start);
                failing = Some(now);
                check(now, &case, &mut seen);
                if n % 16 == 0 {
                    check_planned(now, &case, u128::from(dice.roll(u64::MAX)).to_be_bytes());
                }
            }
        }));
        assert!(outcome.is_ok(), "share {share} at {failing:?}: {case:?}");
    }
    seen
}

/// Some time in two years, one in eight around a change of the clocks in one of the zones.
fn moment(dice: &mut Dice, start: DateTime<Utc>) -> DateTime<Utc> {
    const CHANGES: [&str; 7] = [
        "2026-03-08T05:30:00Z",
        "2026-03-08T07:00:00Z",
        "2026-11-01T04:30:00Z",
        "2026-11-01T06:00:00Z",
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-04-04T15:00:00Z",
    ];
    let seconds = |n: u64| TimeDelta::seconds(i64::try_from(n).unwrap());
    if dice.roll(8) > 0 {
        return start + seconds(dice.roll(2 * 365 * 86_400));
    }
    let change: DateTime<Utc> = dice.pick(&CHANGES).parse().unwrap();
    change - TimeDelta::hours(3) + seconds(dice.roll(6 * 3600))
}

fn check_planned(now: DateTime<Utc>, case: &Case, seed: [u8; 16]) {
    let ctx = case.context();
    let at = first_moment(now.with_timezone(&case.calendar.zone).date_naive(), now, &ctx, seed).unwrap();
    assert!(at >= now && is_welcome(at, case), "planned for a bad moment");
    assert!(matches!(may_send(at, &ctx), SendDecision::Now { .. }), "planned for a moment that is refused");
}

#[test]
fn a_million_moments_never_find_anybody_at_a_bad_time() {
    let shares: Vec<_> = (0..SHARES).map(|share| std::thread::spawn(move || run(share))).collect();
    let mut seen = [0_u64; 3];
    for share in shares {
        let part = share.join().expect("the message above says which case failed");
        seen.iter_mut().zip(part).for_each(|(sum, n)| *sum += n);
    }
    let [now, later, never] = seen;
    assert!(now + later >= CASES, "{seen:?}");
    assert!(now > 400_000 && later > 400_000 && never > 100, "all three answers come up: {seen:?}");
}

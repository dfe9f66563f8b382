//! A moment inside the windows: always the same for one check-in, evenly spread over many.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::{NeverReason, SendContext, SendRules, SendWindow, reason, search_days, usable_windows_on, windows_on};

/// A moment in one of the day's windows at which a call may begin. `seed` is the check-in's id, so that planning again
/// gives the same moment. `None` when no window has room for a call.
pub fn spread(windows: &[SendWindow], rules: &SendRules, seed: [u8; 16]) -> Option<DateTime<Utc>> {
    let margin = rules.margin();
    let room = |window: &SendWindow| u64::try_from((window.to - window.from - margin).num_seconds()).unwrap_or(0);
    let total: u64 = windows.iter().map(room).sum();
    if total == 0 {
        return None;
    }
    // Ids grow with time, so they are hashed: neighbours must not land on neighbouring seconds.
    let hash = Sha256::digest(seed);
    let draw = u64::from_be_bytes(hash[..8].try_into().expect("eight of thirty-two bytes"));
    let mut second = u64::try_from((u128::from(draw) * u128::from(total)) >> 64).unwrap_or(0);
    for window in windows {
        let room = room(window);
        if second < room {
            return Some(window.from + TimeDelta::seconds(i64::try_from(second).unwrap_or(0)));
        }
        second -= room;
    }
    None
}

/// The moment at which a check-in due on `date` leaves: spread over that date's windows, or over those of the next date
/// that has any. Never before `not_before`: of a day that has begun only the rest is used.
pub fn first_moment(
    date: NaiveDate,
    not_before: DateTime<Utc>,
    ctx: &SendContext<'_>,
    seed: [u8; 16],
) -> Result<DateTime<Utc>, NeverReason> {
    let start = date.max(not_before.with_timezone(&ctx.calendar.zone).date_naive());
    for day in search_days(start, ctx) {
        if usable_windows_on(day, ctx).next().is_none() {
            continue;
        }
        let left: Vec<_> = windows_on(day, ctx)
            .into_iter()
            .filter(|window| not_before < window.to)
            .map(|window| SendWindow { from: window.from.max(not_before), ..window })
            .collect();
        if let Some(moment) = spread(&left, ctx.rules, seed) {
            return Ok(moment);
        }
    }
    Err(reason::why_never(start, ctx))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn windows() -> Vec<SendWindow> {
        [("2026-11-25T00:00:00Z", "2026-11-25T03:00:00Z"), ("2026-11-25T04:00:00Z", "2026-11-25T08:00:00Z")]
            .map(|(from, to)| SendWindow { from: from.parse().unwrap(), to: to.parse().unwrap() })
            .to_vec()
    }

    /// Ids as they are made: the time in front, so that neighbours differ little.
    fn id(n: u128) -> [u8; 16] {
        (0x019a_a5c0_0000_7000_8000_0000_0000_0000_u128 + n).to_be_bytes()
    }

    #[test]
    fn one_check_in_always_gets_the_same_moment() {
        let rules = SendRules::default();
        assert_eq!(spread(&windows(), &rules, id(1)), spread(&windows(), &rules, id(1)));
        assert_ne!(spread(&windows(), &rules, id(1)), spread(&windows(), &rules, id(2)));
    }

    #[test]
    fn many_check_ins_fill_the_day_evenly() {
        let (rules, mut quarters) = (SendRules::default(), std::collections::BTreeMap::<i64, u32>::new());
        for n in 0..28_000 {
            let at = spread(&windows(), &rules, id(n)).unwrap();
            assert!(windows().iter().any(|w| w.from <= at && at < w.to - rules.margin()));
            *quarters.entry((at - windows()[0].from).num_minutes() / 15).or_default() += 1;
        }
        assert_eq!(quarters.len(), 28, "every quarter of an hour is used, the lunch break isn't");
        assert!(quarters.values().all(|n| (800..1200).contains(n)), "{quarters:?}");
    }

    #[test]
    fn of_a_day_that_has_begun_only_the_rest_is_used_and_then_the_next_open_day() {
        let holidays = std::sync::Arc::new(crate::calendar::Holidays::embedded());
        let settings = crate::office::OfficeSettings::default();
        let calendar = settings.calendar(chrono_tz::Asia::Tokyo, &holidays);
        let (person, rules) = (crate::hours::PersonHours::default(), SendRules::default());
        let kind = crate::window::SendKind::CheckIn;
        let ctx = SendContext { calendar: &calendar, person: &person, rules: &rules, kind };
        let utc = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        for n in 0..200 {
            // Friday before three free days: nothing new after 14:30 in Tokyo.
            let at = first_moment(today, utc("2026-11-20T05:00:00Z"), &ctx, id(n)).unwrap();
            assert!(utc("2026-11-20T05:00:00Z") <= at && at < utc("2026-11-20T05:29:20Z"), "{at}");
            let at = first_moment(today, utc("2026-11-20T05:29:30Z"), &ctx, id(n)).unwrap();
            assert!(utc("2026-11-24T00:00:00Z") <= at && at < utc("2026-11-24T07:59:20Z"), "{at}");
        }
    }

    #[test]
    fn a_window_shorter_than_the_margin_takes_nothing() {
        let from: DateTime<Utc> = "2026-11-25T00:00:00Z".parse().unwrap();
        let short = [SendWindow { from, to: from + TimeDelta::seconds(40) }];
        assert_eq!(spread(&short, &SendRules::default(), id(1)), None);
        assert_eq!(spread(&[], &SendRules::default(), id(1)), None);
    }
}

//! A roster worked out by hand, person by person, from the domain sheet's section 2.1.
//!
//! Known on 21 November 2026, which lies in fiscal year 2026. The three fiscal years before it are 2023, 2024 and 2025:
//! the window is 2023-04-01 to 2026-03-31 and the cut-off its last day. Each comment says how a reader with a calendar
//! comes to the result; nothing here was computed by the program.

use chrono::NaiveDate;
use uuid::Uuid;

use super::*;
use crate::service_period::ServiceKind;

const AS_OF: &str = "2026-11-21";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

fn maybe(text: &str) -> Option<NaiveDate> {
    (!text.is_empty()).then(|| day(text))
}

/// A person of the roster and the part worked out by hand.
struct Row {
    person: Person,
    expected: (Part, Reason),
    notes: Vec<Note>,
}

fn row(number: u128, expected: Reason) -> Row {
    let external_id = Some(format!("R{number:02}"));
    let person = Person { id: Uuid::from_u128(number), external_id, employments: vec![], service_periods: vec![] };
    Row { person, expected: (Part::Outside, expected), notes: vec![] }
}

impl Row {
    fn job(mut self, hired_on: &str, left_on: &str) -> Self {
        self.person.employments.push(Job {
            employer: Some("見本商事".to_owned()),
            hired_on: day(hired_on),
            left_on: maybe(left_on),
            leaving: None,
            supported_change: false,
            status_unknown: false,
        });
        self
    }

    /// The next job, found with the office's support.
    fn supported_job(self, hired_on: &str, left_on: &str) -> Self {
        let mut row = self.job(hired_on, left_on);
        row.last_job().supported_change = true;
        row
    }

    fn because(mut self, leaving: LeavingReason) -> Self {
        self.last_job().leaving = Some(leaving);
        self
    }

    fn nobody_knows(mut self) -> Self {
        self.last_job().status_unknown = true;
        self
    }

    fn last_job(&mut self) -> &mut Job {
        self.person.employments.last_mut().expect("the row has a job")
    }

    fn retention(mut self, started_on: &str, ended_on: &str) -> Self {
        let period = ServicePeriod::start(ServiceKind::Retention, day(started_on));
        self.person.service_periods.push(ServicePeriod { ended_on: maybe(ended_on), ..period });
        self
    }

    fn transition(mut self, started_on: &str, ended_on: &str) -> Self {
        let period = ServicePeriod::start(ServiceKind::Transition, day(started_on));
        self.person.service_periods.push(ServicePeriod { ended_on: maybe(ended_on), ..period });
        self
    }

    fn is(mut self, part: Part) -> Self {
        self.expected.0 = part;
        self
    }

    fn noting(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }
}

#[expect(clippy::too_many_lines, reason = "one list of people, read from top to bottom")]
fn roster() -> Vec<Row> {
    use Part::{Counted, NotCounted, Open, Outside};
    vec![
        // 1: hired 2024-04-01, six months on 09-30, service from 10-01, never left: in work on 2026-03-31.
        row(1, Reason::Employed).job("2024-04-01", "").retention("2024-10-01", "").is(Counted),
        // 2: left 2026-04-01, the day after the cut-off: was in work on it.
        row(2, Reason::LeftAfterCutOff).job("2024-04-01", "2026-04-01").retention("2024-10-01", "").is(Counted),
        // 3: left on 2026-03-31: the last day of employment is a day in work.
        row(3, Reason::LeftAfterCutOff)
            .job("2024-04-01", "2026-03-31")
            .retention("2024-10-01", "2026-03-31")
            .is(Counted),
        // 4: left 2026-03-30, one day too early.
        row(4, Reason::Left).job("2024-04-01", "2026-03-30").retention("2024-10-01", "2026-03-30").is(NotCounted),
        // 5: hired on 31 August 2024; February 2025 has no 31st, so six months end on the 28th; service from 1 March.
        row(5, Reason::Employed).job("2024-08-31", "").retention("2025-03-01", "").is(Counted),
        // 6: hired on 31 August 2023; six months end on the leap day 2024-02-29, so a start on that day is too early.
        row(6, Reason::Employed)
            .job("2023-08-31", "")
            .retention("2024-02-29", "")
            .is(Counted)
            .noting(Note::ServiceBeforeSixMonths),
        // 7: the same hire, service from 2024-03-01, the first day possible: no remark.
        row(7, Reason::Employed).job("2023-08-31", "").retention("2024-03-01", "").is(Counted),
        // 8: hired on the leap day; six months end on 2024-08-28, service from 08-29; left on 2025-02-28.
        row(8, Reason::Left).job("2024-02-29", "2025-02-28").retention("2024-08-29", "2025-02-28").is(NotCounted),
        // 9: left 2025-06-15, supported, hired again 06-20: five days later, still there at the cut-off.
        row(9, Reason::SupportedJobChange)
            .job("2023-10-01", "2025-06-15")
            .supported_job("2025-06-20", "")
            .retention("2024-04-01", "")
            .is(Counted),
        // 10: one month from the day after 06-15 ends on 07-15: hired on that day is in time.
        row(10, Reason::SupportedJobChange)
            .job("2023-10-01", "2025-06-15")
            .supported_job("2025-07-15", "")
            .retention("2024-04-01", "")
            .is(Counted),
        // 11: hired on 07-16, one day too late.
        row(11, Reason::RehiredAfterOneMonth)
            .job("2023-10-01", "2025-06-15")
            .supported_job("2025-07-16", "")
            .retention("2024-04-01", "")
            .is(NotCounted),
        // 12: left 2026-01-31; the month runs from 02-01 to 02-28: hired on the 28th is in time.
        row(12, Reason::SupportedJobChange)
            .job("2023-10-01", "2026-01-31")
            .supported_job("2026-02-28", "")
            .retention("2024-04-01", "")
            .is(Counted),
        // 13: the same, hired on 03-01: too late.
        row(13, Reason::RehiredAfterOneMonth)
            .job("2023-10-01", "2026-01-31")
            .supported_job("2026-03-01", "")
            .retention("2024-04-01", "")
            .is(NotCounted),
        // 14: two supported changes during the service, each within a month: only one counts.
        row(14, Reason::SecondJobChange)
            .job("2023-10-01", "2024-09-30")
            .supported_job("2024-10-10", "2025-08-31")
            .supported_job("2025-09-05", "")
            .retention("2024-04-01", "")
            .is(NotCounted),
        // 15: one change in the first six months (left 2023-12-15, service from 2024-04-01), one during the service:
        // each phase has its own.
        row(15, Reason::SupportedJobChange)
            .job("2023-10-01", "2023-12-15")
            .supported_job("2024-01-10", "2025-08-31")
            .supported_job("2025-09-05", "")
            .retention("2024-04-01", "")
            .is(Counted),
        // 16: hired again after three days, but the change wasn't supported.
        row(16, Reason::RehiredWithoutSupport)
            .job("2023-10-01", "2025-06-15")
            .job("2025-06-18", "")
            .retention("2024-04-01", "")
            .is(NotCounted),
        // 17: on the cut-off day between two jobs: left 03-20, supported, hired 04-10, before 04-20.
        row(17, Reason::SupportedJobChange)
            .job("2023-10-01", "2026-03-20")
            .supported_job("2026-04-10", "")
            .retention("2024-04-01", "")
            .is(Counted),
        // 18: a supported change, but left the second job too, before the cut-off, for good.
        row(18, Reason::Left)
            .job("2023-10-01", "2024-09-30")
            .supported_job("2024-10-10", "2025-12-26")
            .retention("2024-04-01", "2025-12-26")
            .is(NotCounted),
        // 19: nobody knows whether the person still works there.
        row(19, Reason::StatusUnknown).job("2023-10-01", "").nobody_knows().retention("2024-04-01", "").is(Open),
        // 20: the file says 不明 in place of a reason, without a day.
        row(20, Reason::StatusUnknown)
            .job("2023-10-01", "")
            .because(LeavingReason::Unknown)
            .retention("2024-04-01", "")
            .is(Open),
        // 21: a reason is known (体調), the day of leaving isn't: perhaps before the cut-off, perhaps after.
        row(21, Reason::LeavingDayMissing)
            .job("2023-10-01", "")
            .because(LeavingReason::Health)
            .retention("2024-04-01", "")
            .is(Open),
        // 22: on leave with the contract alive: normally continuing, but no rule was found.
        row(22, Reason::OnLeave)
            .job("2023-10-01", "")
            .because(LeavingReason::OnLeave)
            .retention("2024-04-01", "")
            .is(Open),
        // 23: hired 2021-04-01, service 2021-10-01 to 2024-09-30 (three full years), left 2025-05-31. The service began
        // before the window but was received in it.
        row(23, Reason::FinishedThenLeft)
            .job("2021-04-01", "2025-05-31")
            .retention("2021-10-01", "2024-09-30")
            .is(Open)
            .noting(Note::StartedBeforeWindow),
        // 24: stopped the service after one year, then left: an ordinary leaver.
        row(24, Reason::Left).job("2023-04-01", "2025-05-31").retention("2023-10-01", "2024-09-30").is(NotCounted),
        // 25: finished the three years and is still in work.
        row(25, Reason::Employed)
            .job("2022-04-01", "")
            .retention("2022-10-01", "2025-09-30")
            .is(Counted)
            .noting(Note::StartedBeforeWindow),
        // 26: died while employed.
        row(26, Reason::Died)
            .job("2023-10-01", "2025-01-09")
            .because(LeavingReason::Death)
            .retention("2024-04-01", "2025-01-09")
            .is(Open),
        // 27: retired by age.
        row(27, Reason::Retired)
            .job("2023-10-01", "2025-03-31")
            .because(LeavingReason::Retirement)
            .retention("2024-04-01", "2025-03-31")
            .is(Open),
        // 28: moved to 就労継続支援B型.
        row(28, Reason::MovedToWelfareService)
            .job("2023-10-01", "2025-03-31")
            .because(LeavingReason::WelfareService)
            .retention("2024-04-01", "2025-03-31")
            .is(Open),
        // 29: a user of the service for whom no job is on record.
        row(29, Reason::NoEmployment).retention("2024-04-01", "").is(Open),
        // 30: the service started on 2026-04-01, one day after the window.
        row(30, Reason::ServiceStartedAfterWindow).job("2025-10-01", "").retention("2026-04-01", "").is(Outside),
        // 31: the service started on the window's last day.
        row(31, Reason::Employed).job("2025-09-30", "").retention("2026-03-31", "").is(Counted),
        // 32: the service ended on 2023-03-31, one day before the window.
        row(32, Reason::ServiceEndedBeforeWindow)
            .job("2019-10-01", "")
            .retention("2020-04-01", "2023-03-31")
            .is(Outside),
        // 33: one day later: received on the window's first day, in work at the cut-off.
        row(33, Reason::Employed)
            .job("2019-10-01", "")
            .retention("2020-04-02", "2023-04-01")
            .is(Counted)
            .noting(Note::StartedBeforeWindow),
        // 34: only the transition service's first six months, no contract afterwards.
        row(34, Reason::NoRetentionService).job("2025-04-01", "").transition("2025-04-01", "2025-09-30").is(Outside),
        // 35: left within the first six months.
        row(35, Reason::NoRetentionService)
            .job("2025-04-01", "2025-07-31")
            .transition("2025-04-01", "2025-07-31")
            .is(Outside),
        // 36: an older job that ended for good; the service belongs to the second, begun anew, and that one lasts.
        row(36, Reason::Employed)
            .job("2020-04-01", "2021-12-31")
            .job("2023-10-01", "")
            .retention("2024-04-01", "")
            .is(Counted),
        // 37: used the service twice in the window: for a job that ended in 2024 and for one that lasts. Counted once;
        // whether as leaver or as staying isn't settled.
        row(37, Reason::ServicePeriodsDiffer)
            .job("2023-04-01", "2024-01-31")
            .job("2024-09-01", "")
            .retention("2023-10-01", "2024-01-31")
            .retention("2025-03-01", "")
            .is(Open),
        // 38: hired 2023-04-01, kept to 06-30 in 就労移行; six months counted from 07-01 end on 12-31; service from
        // 2024-01-01; in work. The later start changes nothing in the rate.
        row(38, Reason::Employed)
            .job("2023-04-01", "")
            .transition("2023-04-01", "2023-06-30")
            .retention("2024-01-01", "")
            .is(Counted),
        // 39: never placed, never supported after placement.
        row(39, Reason::NoRetentionService).is(Outside),
        // 40: left because of harassment, accepted by the municipality: no exception is known for this rate.
        row(40, Reason::Left)
            .job("2023-10-01", "2025-10-31")
            .because(LeavingReason::Harassment)
            .retention("2024-04-01", "2025-10-31")
            .is(NotCounted),
    ]
}

fn official(as_of: &str, rows: &[Row]) -> Official {
    let people: Vec<Person> = rows.iter().map(|row| row.person.clone()).collect();
    report(day(as_of), &people, &Rewards::built_in()).official
}

#[test]
fn the_program_agrees_with_the_hand_to_the_person() {
    let rows = roster();
    let official = official(AS_OF, &rows);
    for (row, found) in rows.iter().zip(&official.people) {
        let name = row.person.external_id.as_deref();
        assert_eq!(found.external_id.as_deref(), name);
        assert_eq!((found.part, found.reason), row.expected, "{name:?}");
        assert_eq!(found.notes, row.notes, "{name:?}");
    }
}

#[test]
fn the_program_agrees_with_the_hand_on_the_totals() {
    let official = official(AS_OF, &roster());
    assert_eq!((official.window_from, official.window_to), (day("2023-04-01"), day("2026-03-31")));

    // Counted: 1 2 3 5 6 7 9 10 12 15 17 25 31 33 36 38 = 16.
    // Not counted: 4 8 11 13 14 16 18 24 40 = 9.
    // Open: 19 20 21 22 23 26 27 28 29 37 = 10. Outside: 30 32 34 35 39 = 5. Together 40.
    let received = &official.received;
    assert_eq!((received.denominator, received.numerator_min, received.numerator_max), (35, 16, 26));
    // 16 / 35 = 45.7 %: the band from 30 to 50. 26 / 35 = 74.3 %: the band from 70 to 80.
    let tier = received.tier.as_ref().expect("a tier");
    assert_eq!((tier.units, tier.min.units, tier.max.units), (None, 1433, 2234));
    assert!((received.rate_min.expect("a rate") - 16.0 / 35.0).abs() < 1e-12);

    // Without 23 (open), 25 and 33 (counted), who started before the window: 32 people, 14 to 23 of them.
    let started = &official.if_started_in_window;
    assert_eq!((started.denominator, started.numerator_min, started.numerator_max), (32, 14, 23));
}

#[test]
fn on_the_last_of_march_the_fiscal_year_is_still_the_old_one() {
    let on_31_march = official("2026-03-31", &[]);
    assert_eq!((on_31_march.window_from, on_31_march.window_to), (day("2022-04-01"), day("2025-03-31")));
    let on_1_april = official("2026-04-01", &[]);
    assert_eq!((on_1_april.window_from, on_1_april.window_to), (day("2023-04-01"), day("2026-03-31")));
    assert_eq!(on_1_april.received.rate_min, None);
    assert!(on_1_april.received.tier.is_none());
}

#[test]
fn shortly_after_leaving_a_supported_new_job_is_still_possible() {
    // Left 2026-03-20; a new job until 04-20 would count. On 04-10 nobody can know, on 04-20 the month is over.
    let rows = || [row(1, Reason::Left).job("2024-04-01", "2026-03-20").retention("2024-10-01", "")];
    assert_eq!(official("2026-04-10", &rows()).people[0].reason, Reason::MayBeRehired);
    assert_eq!(official("2026-04-20", &rows()).people[0].reason, Reason::Left);
    // What happens after the day of the report isn't used: a job from 04-15 isn't known on 04-10.
    let rows = [row(1, Reason::Left)
        .job("2024-04-01", "2026-03-20")
        .supported_job("2026-04-15", "")
        .retention("2024-10-01", "")];
    assert_eq!(official("2026-04-10", &rows).people[0].reason, Reason::MayBeRehired);
    assert_eq!(official("2026-04-15", &rows).people[0].reason, Reason::SupportedJobChange);
}

#[test]
fn stays_and_groups_agree_with_the_hand() {
    // As of 2026-03-31. Days from hiring: A 2025-04-01 lasts: 364, censored. B 2025-04-01 to 07-10: 100, left.
    // C 2025-10-03 lasts: 179, censored. D 2025-04-01 to 07-10, supported 07-20 to 10-18: from 04-01 to 10-18 are 200
    // days, left. E 2025-09-12 to 12-21: 100, left. F unknown. G hired after the day: not there.
    let rows = [
        row(1, Reason::Employed).job("2025-04-01", ""),
        row(2, Reason::Left).job("2025-04-01", "2025-07-10"),
        row(3, Reason::Employed).job("2025-10-03", "2026-06-30"),
        row(4, Reason::Left).job("2025-04-01", "2025-07-10").supported_job("2025-07-20", "2025-10-18"),
        row(5, Reason::Left).job("2025-09-12", "2025-12-21"),
        row(6, Reason::StatusUnknown).job("2025-04-01", "").nobody_knows(),
        row(7, Reason::NoEmployment).job("2026-04-01", ""),
    ];
    let people: Vec<Person> = rows.into_iter().map(|row| row.person).collect();
    let report = report(day("2026-03-31"), &people, &Rewards::built_in());

    // Day 100: five at risk, two leave: 3/5. Then C is censored at 179. Day 200: two at risk (A, D), one leaves: 3/10.
    let curve = &report.survival;
    assert_eq!((curve.people, curve.unknown), (5, 1));
    assert_eq!(
        (&curve.time_days[..], &curve.at_risk[..], &curve.left[..]),
        (&[100, 200][..], &[5, 2][..], &[2, 1][..])
    );
    assert!((curve.survival[0] - 0.6).abs() < 1e-12 && (curve.survival[1] - 0.3).abs() < 1e-12);
    assert_eq!(curve.median_days, Some(200));

    let groups: Vec<_> = report.cohorts.iter().map(|group| (group.months, group.hired, group.kept)).collect();
    // 1 and 3 months: all five; B and E kept them (to 06-30 and 12-11). 6 months: A B D by 09-30, E by 03-11; C only by
    // 04-02. Kept by A and D. 12 months: A, B and D, over on 2026-03-31, kept by A.
    assert_eq!(groups, [(1, 5, 5), (3, 5, 5), (6, 4, 2), (12, 3, 1), (24, 0, 0), (36, 0, 0), (42, 0, 0)]);
}

#[test]
fn the_json_has_the_promised_names() {
    let json = serde_json::to_value(report(day(AS_OF), &[], &Rewards::built_in())).expect("json");
    let keys = |value: &serde_json::Value, names: &[&str]| {
        for name in names {
            assert!(value.get(name).is_some(), "{name} is missing");
        }
    };
    keys(&json, &["as_of", "official", "survival", "cohorts"]);
    let official =
        ["window_from", "window_to", "denominator", "numerator_min", "numerator_max", "rate_min", "rate_max"];
    keys(&json["official"], &official);
    keys(&json["official"], &["tier", "people"]);
    keys(&json["survival"], &["time_days", "at_risk", "left", "survival", "ci_low", "ci_high"]);
    let months: Vec<_> =
        json["cohorts"].as_array().expect("a list").iter().map(|group| group["months"].clone()).collect();
    assert_eq!(months, [1, 3, 6, 12, 24, 36, 42]);
}

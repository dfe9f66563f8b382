//! Who isn't there when the demo begins: a part-time member of staff, one leave with a stand-in, and a duty plan with a gap.

use anyhow::{Context as _, Result};
use bansou_core::absence::{HalfDays, Leave};
use bansou_core::audit::Actor;
use bansou_core::duty::DutyWeek;
use bansou_core::half_day::{Half, HalfDay};
use bansou_core::hours::WeekHours;
use bansou_store::{NewAbsence, Store};
use chrono::{NaiveDate, Weekday};

use super::morning;
use super::office::Opened;

/// Days of the week on which somebody is on duty; on Friday afternoon nobody is.
const DUTY: [(Weekday, usize, Option<usize>); 5] = [
    (Weekday::Mon, 0, Some(2)),
    (Weekday::Tue, 2, Some(0)),
    (Weekday::Wed, 0, Some(2)),
    (Weekday::Thu, 2, Some(0)),
    (Weekday::Fri, 0, None),
];

/// Enters them on the demo's morning, as the pages do it.
pub(super) async fn enter(store: &Store, opened: &Opened) -> Result<()> {
    let [staff, manager, admin] = opened.staff;
    let tx = store.begin(opened.office).await?;
    let short = WeekHours::weekdays("09:00-12:00,13:00-15:00")?.with_day(Weekday::Fri, "")?;
    tx.set_staff_hours(Actor::staff(manager), admin, Some(&short)).await?;
    let mut week = DutyWeek::default();
    for (day, morning, afternoon) in DUTY {
        week.put(day, Half::Morning, Some(opened.staff[morning]));
        week.put(day, Half::Afternoon, afternoon.map(|n| opened.staff[n]));
    }
    tx.set_duty_week(Actor::staff(manager), &week).await?;
    let calendar = morning::calendar(opened.today);
    let tomorrow = calendar.next_open_day(opened.today).context("the office opens again")?;
    let leave = |from: NaiveDate, to: HalfDay, standin| -> Result<NewAbsence> {
        let when = HalfDays::new(HalfDay::morning(from), to)?;
        Ok(NewAbsence { leave: Leave { staff: manager, when, standin }, reason: "研修".into() })
    };
    let now = leave(opened.today, HalfDay::afternoon(tomorrow), Some(staff))?;
    tx.add_absence(Actor::staff(manager), &now).await?;
    let later = calendar.next_open_day(tomorrow).and_then(|day| calendar.next_open_day(day));
    let later = later.context("the office goes on to be open")?;
    tx.add_absence(Actor::staff(manager), &leave(later, HalfDay::morning(later), Some(admin))?).await?;
    tx.save().await?;
    Ok(())
}

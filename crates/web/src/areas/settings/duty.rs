//! Two weeks of duty, and the week that repeats; and a member's own hours.

use axum::extract::Path;
use bansou_core::half_day::{Half, HalfDay};
use bansou_core::ids::StaffId;
use bansou_core::staff::Role;
use bansou_core::team::{Away, CareBy};
use bansou_store::{StaffMember, Tx};
use chrono::{NaiveDate, Weekday};

use crate::areas::me::week_words;
use crate::care::Caring;
use crate::errors::Failure;
use crate::form::FormState;
use crate::merge::shown;
use crate::pages::settings::duty::{
    DAYS, DutyCell, DutyDay, DutyDayForm, DutyPage, DutyWeekForm, WeekCell, WeekRow, is_open,
};
use crate::pages::settings::hours::{HoursForm, HoursPage};
use crate::signed::{Answer, Manager, Signed};

/// Days that the table shows.
const SHOWN: usize = 14;

pub(super) async fn page(signed: Signed) -> Answer {
    let tx = signed.read().await?;
    let page = duty_page(&signed, &tx, FormState::new(DutyDayForm::empty()), None).await?;
    signed.page(&tx, &page).await
}

pub(super) async fn hours(Manager(signed): Manager, Path(id): Path<StaffId>) -> Answer {
    let tx = signed.read().await?;
    let member = tx.staff_member(id).await?.ok_or(Failure::NotFound)?;
    let mut form = HoursForm::new(member.hours.as_ref(), &signed.office.settings.hours);
    form.shown = shown(&form);
    signed.page(&tx, &hours_page(&signed, member, FormState::new(form))).await
}

/// A member's hours with a form.
pub(crate) fn hours_page(signed: &Signed, member: StaffMember, form: FormState<HoursForm>) -> HoursPage {
    let office = week_words(&signed.office.settings.hours, &signed.app.parts.words, signed.lang);
    HoursPage { id: member.id.to_string(), name: member.profile.name, office, form }
}

/// The duty page with a day's form, and the week's where it wasn't taken.
pub(crate) async fn duty_page(
    signed: &Signed,
    tx: &Tx,
    form: FormState<DutyDayForm>,
    week_form: Option<FormState<DutyWeekForm>>,
) -> Result<DutyPage, Failure> {
    let caring = Caring::load(signed, tx).await?;
    let days: Vec<DutyDay> = signed.today().iter_days().take(SHOWN).map(|on| day(&caring, on)).collect();
    let members = tx.staff().await?.into_iter().filter(|member| member.disabled_at.is_none());
    let week_form = week_form.unwrap_or_else(|| {
        let mut form = DutyWeekForm::of(&caring.team.duty().week, &signed.office.settings.hours);
        form.shown = shown(&form);
        FormState::new(form)
    });
    let week = week(signed, &week_form.typed);
    let cells = week.iter().flat_map(|row| &row.halves).filter(|cell| !cell.field.is_empty());
    Ok(DutyPage {
        gaps: days.iter().flat_map(|day| &day.halves).filter(|cell| cell.is_gap).count(),
        days,
        is_empty: caring.team.duty().is_empty(),
        week_fields: cells.map(|cell| (cell.field.clone(), cell.label.clone())).collect(),
        week,
        week_form,
        members: members.map(|member| (member.id.to_string(), member.profile.name)).collect(),
        form,
        is_manager: signed.staff.role.includes(Role::Manager),
    })
}

fn day(caring: &Caring<'_>, on: NaiveDate) -> DutyDay {
    DutyDay { on, halves: Half::ALL.iter().map(|half| cell(caring, HalfDay { on, half: *half })).collect() }
}

/// Who is on duty in a half-day, with what is the matter where they aren't there.
pub(crate) fn cell(caring: &Caring<'_>, half: HalfDay) -> DutyCell {
    let (team, signed) = (&caring.team, caring.signed);
    if !half.is_open(team.calendar()) {
        return DutyCell { text: signed.say("duty-closed"), is_gap: false, is_single: false };
    }
    let is_single = team.duty().days.contains_key(&half);
    let Some(staff) = team.duty().on(half) else {
        return DutyCell { text: signed.say("duty-nobody"), is_gap: true, is_single };
    };
    let why = match team.away_on(staff, half) {
        None => return DutyCell { text: caring.name(staff), is_gap: false, is_single },
        Some(Away::Leave(_)) => "duty-away-leave",
        Some(Away::OffHours) => "duty-away-hours",
        Some(Away::Gone) => "duty-away-gone",
    };
    let care = team.looks_after_on(None, None, half);
    let mut blanks = vec![("name", caring.name(staff).into()), ("why", signed.say(why).into())];
    let key = match care.staff.filter(|_| care.by == CareBy::Duty) {
        Some(standin) => {
            blanks.push(("standin", caring.name(standin).into()));
            "duty-away-standin"
        }
        None => "duty-away",
    };
    DutyCell { text: signed.say_with(key, &blanks), is_gap: care.staff.is_none(), is_single }
}

/// The weekdays of the office's week, with the halves in which it is open and who is chosen for them.
fn week(signed: &Signed, form: &DutyWeekForm) -> Vec<WeekRow> {
    let hours = &signed.office.settings.hours;
    let cell = |field: &str, (day, half, staff): (Weekday, Half, &str)| {
        let (name, _) = field.split_once('_').unwrap_or_default();
        let blanks = [
            ("day", signed.say(&format!("office-day-{name}")).into()),
            ("half", signed.say(&format!("half-{half}")).into()),
        ];
        let field = if is_open(hours, day, half) { field.to_owned() } else { String::new() };
        WeekCell { field, half, staff: staff.to_owned(), label: signed.say_with("duty-week-cell", &blanks) }
    };
    let mut cells = DutyWeekForm::FIELDS.into_iter().zip(form.chosen()).map(|(field, chosen)| cell(field, chosen));
    let mut row = |(day, name): &(Weekday, &str)| {
        let halves = cells.by_ref().take(Half::ALL.len()).collect();
        (!hours.on(*day).is_empty()).then(|| WeekRow { day: format!("office-day-{name}"), halves })
    };
    DAYS.iter().filter_map(&mut row).collect()
}

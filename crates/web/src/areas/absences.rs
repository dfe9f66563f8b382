//! 職員の休みと当番: the team, coming leave, and the form. Routes of [`crate::pages::absences`].

use axum::extract::{Path, Query};
use bansou_core::absence::{HalfDays, REASON_MAX};
use bansou_core::ids::{AbsenceId, StaffId};
use bansou_core::staff::Role;
use bansou_store::{Absence, StaffMember, Tx};
use serde::Deserialize;

use crate::actions::{absence_cancel, absence_save};
use crate::areas::me::week_words;
use crate::areas::settings::duty_cell;
use crate::care::Caring;
use crate::errors::Failure;
use crate::form::FormState;
use crate::merge::shown;
use crate::pages::absences::{AbsenceForm, AbsenceFormPage, AbsenceRow, AbsencesPage, TeamRow};
use crate::routes::Routes;
use crate::signed::{Answer, Signed};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/absences", list)
        .get("/absences/new", new)
        .post("/absences", absence_save::add)
        .get("/absences/{id}/edit", edit)
        .post("/absences/{id}", absence_save::change)
        .post("/absences/{id}/cancel", absence_cancel::post)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    staff: String,
}

async fn list(signed: Signed) -> Answer {
    let tx = signed.read().await?;
    let coming = tx.absences_from(signed.today()).await?;
    let caring = Caring::load(&signed, &tx).await?;
    let now = caring.team.half_at(signed.now());
    let next = now.onwards().skip(1).take(14).find(|half| half.is_open(caring.team.calendar()));
    let halves = [Some(now), next].into_iter().flatten().filter(|half| half.is_open(caring.team.calendar()));
    let on_duty = |half| {
        let name = duty_cell(&caring, half).text;
        signed.say_with("absences-duty-line", &[("when", caring.half(half).into()), ("name", name.into())])
    };
    let is_planned = !caring.team.duty().is_empty();
    let page = AbsencesPage {
        team: team(&signed, &tx, &caring).await?,
        duty: halves.filter(|_| is_planned).map(on_duty).collect(),
        coming: coming.iter().map(|absence| row(&signed, &caring, absence)).collect(),
        is_manager: signed.staff.role.includes(Role::Manager),
    };
    signed.page(&tx, &page).await
}

async fn new(signed: Signed, Query(asked): Query<Asked>) -> Answer {
    let tx = signed.read().await?;
    let staff: StaffId = asked.staff.parse().unwrap_or(signed.staff.id);
    let form = FormState::new(AbsenceForm::empty(staff.to_string()));
    let page = form_page(&signed, &tx, None, form, None).await?;
    signed.page(&tx, &page).await
}

async fn edit(signed: Signed, Path(id): Path<AbsenceId>) -> Answer {
    let tx = signed.read().await?;
    let absence = own(&signed, &tx, id).await?;
    let mut form = AbsenceForm::of(&absence);
    form.shown = shown(&form);
    let page = form_page(&signed, &tx, Some(&absence), FormState::new(form), None).await?;
    signed.page(&tx, &page).await
}

/// Leave that the reader may change: their own, or anybody's for a manager. What was called off is none any more.
pub(crate) async fn own(signed: &Signed, tx: &Tx, id: AbsenceId) -> Result<Absence, Failure> {
    let absence = tx.absence(id).await?.filter(|absence| !absence.is_cancelled).ok_or(Failure::NotFound)?;
    if may_change(signed, absence.leave.staff) { Ok(absence) } else { Err(Failure::Forbidden) }
}

/// Whether the reader may enter or change this person's leave.
pub(crate) fn may_change(signed: &Signed, staff: StaffId) -> bool {
    staff == signed.staff.id || signed.staff.role.includes(Role::Manager)
}

/// What stands in the way of leave: the sentence that says so, and the time in which others are looked for.
pub(crate) struct Clash {
    pub(crate) text: String,
    pub(crate) when: HalfDays,
}

/// The form, with what stands in the way and who else is there.
pub(crate) async fn form_page(
    signed: &Signed,
    tx: &Tx,
    known: Option<&Absence>,
    form: FormState<AbsenceForm>,
    clash: Option<Clash>,
) -> Result<AbsenceFormPage, Failure> {
    let working: Vec<StaffMember> =
        tx.staff().await?.into_iter().filter(|member| member.disabled_at.is_none()).collect();
    let choices = |but: Option<StaffId>| {
        let others = working.iter().filter(|member| Some(member.id) != but);
        others.map(|member| (member.id.to_string(), member.profile.name.clone())).collect::<Vec<_>>()
    };
    let chosen = known.is_none() && signed.staff.role.includes(Role::Manager);
    let whose = known.map_or(signed.staff.id, |absence| absence.leave.staff);
    let caring = match &clash {
        Some(clash) => Caring::since(signed, tx, clash.when.from().on).await?,
        None => Caring::load(signed, tx).await?,
    };
    let away: StaffId = form.typed.staff.parse().unwrap_or(whose);
    let mut free = clash.as_ref().map(|clash| caring.team.could_stand_in(away, clash.when)).unwrap_or_default();
    free.retain(|id| id.to_string() != form.typed.standin);
    Ok(AbsenceFormPage {
        id: known.map(|absence| absence.id.to_string()),
        name: caring.name(whose),
        members: if chosen { choices(None) } else { Vec::new() },
        standins: choices((!chosen).then_some(whose)),
        free: free.into_iter().map(|id| caring.name(id)).collect::<Vec<_>>().join(&signed.say("list-comma")),
        clash: clash.map(|clash| clash.text).unwrap_or_default(),
        form,
        reason_max: REASON_MAX,
    })
}

async fn team(signed: &Signed, tx: &Tx, caring: &Caring<'_>) -> Result<Vec<TeamRow>, Failure> {
    let words = &signed.app.parts.words;
    let members = tx.staff().await?.into_iter().filter(|member| member.disabled_at.is_none());
    let row = |member: StaffMember| TeamRow {
        id: member.id.to_string(),
        today: caring.presence(member.id),
        hours: week_words(member.hours.as_ref().unwrap_or(&signed.office.settings.hours), words, signed.lang),
        is_own: member.hours.is_some(),
        name: member.profile.name,
    };
    Ok(members.map(row).collect())
}

fn row(signed: &Signed, caring: &Caring<'_>, absence: &Absence) -> AbsenceRow {
    let leave = absence.leave;
    let standin_leave = leave.standin.and_then(|standin| caring.team.leave_in(standin, leave.when));
    let may_change = may_change(signed, leave.staff);
    AbsenceRow {
        id: absence.id.to_string(),
        name: caring.name(leave.staff),
        when: caring.when(leave.when),
        is_now: leave.when.covers(caring.team.half_at(signed.now())),
        standin: leave.standin.map(|id| caring.name(id)),
        standin_away: standin_leave.map(|other| caring.when(other.when)),
        standin_off: caring.standin_off(leave),
        reason: if may_change { absence.reason.clone() } else { String::new() },
        may_change,
    }
}

//! 就労定着支援 on the form of a graduate's details: the newest period, by the rules of a roster's row.

use bansou_core::audit::Actor;
use bansou_core::graduate::Support;
use bansou_core::roster::{Column, parse_typed};
use bansou_core::service_period::{ServiceKind, ServicePeriod};
use bansou_store::{StoredServicePeriod, Tx};
use chrono::NaiveDate;

use super::Known;
use crate::errors::Failure;
use crate::form::FieldError;
use crate::pages::edit::EditForm;

const FROM: &str = "service_started_on";
const TO: &str = "service_ended_on";

/// A day of the newest period, as a field holds it.
pub(super) fn shown(known: &Known, day: impl Fn(&ServicePeriod) -> Option<NaiveDate>) -> String {
    known.services.last().and_then(|stored| day(&stored.period)).map(|day| day.to_string()).unwrap_or_default()
}

/// The period of the form, with what is wrong by field.
pub(super) fn read(form: &EditForm, known: &Known) -> Result<Option<ServicePeriod>, Vec<(&'static str, FieldError)>> {
    let columns = [
        (Column::Name, "-"),
        (Column::ServiceStartedOn, &form.service_started_on),
        (Column::ServiceEndedOn, &form.service_ended_on),
    ];
    let row = parse_typed(&columns).map_err(|errors| {
        let said = |problem: bansou_core::roster::Problem| FieldError::Roster { words: problem.word_key() };
        let field = |column| if column == Some(Column::ServiceEndedOn) { TO } else { FROM };
        errors.into_iter().map(|error| (field(error.column), said(error.problem))).collect::<Vec<_>>()
    })?;
    let Some(started_on) = row.service_started_on else { return Ok(None) };
    // The last day decides about the rate, so support doesn't end without one.
    let ends_now = form.support == Support::Ended.as_str() && known.graduate.support != Support::Ended;
    if ends_now && row.service_ended_on.is_none() {
        return Err(vec![(TO, FieldError::Required)]);
    }
    let changed = changed(known, started_on).map(|stored| stored.id);
    if known.services.iter().any(|other| other.period.started_on == started_on && Some(other.id) != changed) {
        return Err(vec![(FROM, FieldError::Taken)]);
    }
    Ok(Some(ServicePeriod {
        ended_on: row.service_ended_on,
        ..ServicePeriod::start(ServiceKind::Retention, started_on)
    }))
}

/// Writes what the form says: a period that began after the last one had ended is a further one; emptied days take back one
/// that never was.
pub(super) async fn put(tx: &Tx, actor: Actor, known: &Known, wanted: Option<ServicePeriod>) -> Result<(), Failure> {
    let Some(wanted) = wanted else {
        if let Some(stored) = known.services.last() {
            tx.remove_service_period(actor, stored.id).await?;
        }
        return Ok(());
    };
    // A review is planned for a service that goes on.
    let first_review = wanted.plan_review_on.filter(|_| wanted.ended_on.is_none());
    let Some(stored) = changed(known, wanted.started_on) else {
        let period = ServicePeriod { plan_review_on: first_review, ..wanted };
        tx.add_service_period(actor, known.graduate.id, &period).await?;
        return Ok(());
    };
    let before = &stored.period;
    if (before.started_on, before.ended_on) == (wanted.started_on, wanted.ended_on) {
        return Ok(());
    }
    let review_stays = before.started_on == wanted.started_on && before.plan_review_on.is_some();
    let plan_review_on = if review_stays && wanted.ended_on.is_none() { before.plan_review_on } else { first_review };
    let period = ServicePeriod { plan_review_on, certificate_expires_on: before.certificate_expires_on, ..wanted };
    tx.change_service_period(actor, stored.id, &period).await?;
    Ok(())
}

/// The newest period, unless the day lies after its end.
fn changed(known: &Known, started_on: NaiveDate) -> Option<&StoredServicePeriod> {
    known.services.last().filter(|stored| stored.period.ended_on.is_none_or(|ended_on| started_on <= ended_on))
}

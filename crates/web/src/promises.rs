//! Loading what pages show of the reply clock and of promises, and the words by which a person is told of a time.

use std::collections::HashMap;

use bansou_core::commitment::{CommitmentSource, Standing, proposed_times, standing};
use bansou_core::delivery::ChannelKind;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::message::Fill;
use bansou_core::reply::{PauseWhy, ReplyClock};
use bansou_core::told_time::told_time;
use bansou_core::working::{Whose, WorkingTime};
use bansou_store::{Commitment, Graduate, Thread, Tx};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use crate::areas::settings::present;
use crate::care::Caring;
use crate::errors::Failure;
use crate::form::{FARTHEST, FieldError, FormState};
use crate::pages::clock::{ClockView, HandedView, HoldForm, HoldOption, HoldView, PromiseBox, PromiseRow};
use crate::signed::Signed;
use crate::threads::{Slot, slot, ways};

/// Where the clocks of these threads stand.
pub async fn clocks(signed: &Signed, tx: &Tx, threads: &[&Thread]) -> Result<HashMap<GraduateId, ReplyClock>, Failure> {
    Ok(tx.reply_clocks(threads, &signed.office.settings.reply, &signed.calendar()).await?)
}

/// A clock as pages show it.
pub(crate) fn clock_view(
    signed: &Signed,
    clock: &ReplyClock,
    thread: &Thread,
    names: &HashMap<StaffId, String>,
) -> ClockView {
    let local = |at: Option<DateTime<Utc>>| at.map(|at| signed.local(at));
    let name = |id: Option<StaffId>| id.and_then(|id| names.get(&id).cloned());
    ClockView {
        rung: clock.rung,
        due_at: local(clock.due_at),
        late_at: local(clock.late_at),
        breach_at: local(clock.breach_at),
        pause: clock.pause.map(|pause| pause.why),
        pause_until: local(clock.pause.and_then(|pause| pause.until)),
        handed: thread.handed.map(|handed| HandedView {
            from: name(handed.from),
            to: name(handed.to),
            at: signed.local(handed.at),
        }),
    }
}

/// What a thread page says and offers about times.
pub async fn of_thread(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    clock: Option<&ReplyClock>,
) -> Result<PromiseBox, Failure> {
    let open = tx.commitments_open_of(graduate.id).await?;
    let asks_kept = open.iter().any(|one| one.source == CommitmentSource::Holding);
    let promised = open.iter().any(|one| one.source == CommitmentSource::Holding && one.told);
    let caring = Caring::load(signed, tx).await?;
    let waits = clock.and_then(|clock| clock.pause).is_some_and(|pause| pause.why == PauseWhy::Waiting);
    let hold = match clock {
        Some(_) if !promised => hold(signed, tx, graduate, FormState::default(), None).await?,
        _ => None,
    };
    let person = graduate.details.profile.name.as_str();
    let open = open.iter().map(|one| row(&caring, one, person)).collect();
    Ok(PromiseBox { open, hold, can_wait: clock.is_some() && !waits, waits, asks_kept })
}

/// The holding reply's form: `first` is a time of the writer's own, shown before the proposed ones. None where nothing can be sent.
pub async fn hold(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    form: FormState<HoldForm>,
    first: Option<DateTime<Utc>>,
) -> Result<Option<HoldView>, Failure> {
    let Some(channel) = ways(signed, tx, graduate).await?.first().map(|(kind, _)| *kind) else { return Ok(None) };
    let Ok(slot) = slot(signed, &graduate.details.hours) else { return Ok(None) };
    let calendar = signed.calendar();
    let team = tx.team(calendar.clone(), signed.today()).await?;
    let own = WorkingTime::of(Whose::Staff(&team, signed.staff.id), &calendar);
    let proposed = proposed_times(slot.due_at, &own);
    let mut options = Vec::new();
    for at in first.into_iter().chain(proposed) {
        let words = words(signed, tx, graduate, ("holding", channel), (at, slot.due_at), "").await?;
        options.push(HoldOption { value: at.to_rfc3339(), at: signed.local(at), words });
    }
    Ok(Some(HoldView { options, channel, form }))
}

/// The words by which a person is told of a time, as they go out: `key` names the template. The day is said as it is on the day on which the
/// message arrives.
pub async fn words(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    (key, channel): (&str, ChannelKind),
    (at, arrives): (DateTime<Utc>, DateTime<Utc>),
    reason: &str,
) -> Result<String, Failure> {
    let (templates, _) = present(signed, tx).await?;
    let template = templates.get(key).ok_or(Failure::NotFound)?;
    let local = |at: DateTime<Utc>| at.with_timezone(&signed.office.zone).naive_local();
    let language = graduate.details.language;
    let time = told_time(local(at), local(arrives).date(), language);
    let fill = Fill {
        name: graduate.details.profile.call_name(),
        staff: signed.staff.profile.family_name(),
        office: &signed.office.name,
        phone: &signed.office.settings.phone,
        more: &[("{time}", &time), ("{reason}", reason)],
    };
    Ok(template.payload(channel, language, &fill, None).text)
}

/// Whether an answer can be promised for that moment: somebody is there then, breaks counted in.
pub(crate) fn can_be_kept(signed: &Signed, at: DateTime<Utc>) -> bool {
    let (at, calendar) = (signed.local(at), signed.calendar());
    let minute = u16::try_from(at.hour() * 60 + at.minute()).unwrap_or(u16::MAX);
    let periods = calendar.periods_on(at.date_naive());
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return false };
    (first.from()..=last.to()).contains(&minute)
}

/// Where an open promise stands. It warns ahead in the working time of whoever made it; at once, where they aren't there any more
/// before its time.
pub(crate) fn standing_of(caring: &Caring<'_>, one: &Commitment) -> Standing {
    standing_at(caring, one, caring.signed.now())
}

/// The same at another moment.
pub(crate) fn standing_at(caring: &Caring<'_>, one: &Commitment, at: DateTime<Utc>) -> Standing {
    let calendar = caring.team.calendar();
    let time = WorkingTime::of(Whose::Staff(&caring.team, one.staff), calendar);
    let ahead = TimeDelta::minutes(caring.signed.office.settings.reply.promise_warn_minutes.into());
    standing((one.made_at, one.due_at), at, ahead, &time)
}

/// A promise as lists show it.
pub(crate) fn row(caring: &Caring<'_>, one: &Commitment, name: &str) -> PromiseRow {
    let signed = caring.signed;
    let is_open = one.ended_at.is_none();
    PromiseRow {
        id: one.id.to_string(),
        graduate: one.graduate.to_string(),
        name: name.to_owned(),
        staff: caring.name(one.staff),
        source: one.source,
        kind: one.kind,
        text: one.text.clone(),
        due_at: signed.local(one.due_at),
        standing: is_open.then(|| standing_of(caring, one)),
        state: one.state,
        told: one.told,
        ended_at: one.ended_at.map(|at| signed.local(at)),
        reason: one.reason.clone(),
    }
}

/// A moment in the future from a form's date and time in the office's zone; an error names its field, of these two.
pub fn moment(
    signed: &Signed,
    (on, time): (&str, &str),
    (on_field, time_field): (&'static str, &'static str),
) -> Result<DateTime<Utc>, (&'static str, FieldError)> {
    if on.trim().is_empty() {
        return Err((on_field, FieldError::Required));
    }
    let on: NaiveDate = on.trim().parse().map_err(|_| (on_field, FieldError::NotADate))?;
    let at = NaiveTime::parse_from_str(time.trim(), "%H:%M").map_err(|_| (time_field, FieldError::NotATime))?;
    let local = on.and_time(at).and_local_timezone(signed.office.zone).earliest();
    let at = local.ok_or((time_field, FieldError::NotATime))?.to_utc();
    if at > signed.now() + FARTHEST {
        return Err((on_field, FieldError::TooFar));
    }
    if at > signed.now() {
        return Ok(at);
    }
    Err((if on < signed.today() { on_field } else { time_field }, FieldError::Passed))
}

/// Whether a person can be told of a time now, and how: the first way that works, and when it arrives.
pub async fn way(signed: &Signed, tx: &Tx, graduate: &Graduate) -> Result<Option<(ChannelKind, Slot)>, Failure> {
    let kind = ways(signed, tx, graduate).await?.first().map(|(kind, _)| *kind);
    Ok(kind.zip(slot(signed, &graduate.details.hours).ok()))
}

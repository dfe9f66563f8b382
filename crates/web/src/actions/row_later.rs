//! A row of Today rests for a while: 後で, or 今日はしない with a reason. It comes back by itself, and at once when something new comes up.

use axum::extract::Path;
use bansou_core::again;
use bansou_core::ids::GraduateId;
use bansou_core::today::{NotTodayReason, PutOffKind};
use bansou_core::window::open_spans;
use bansou_store::{Tx, WhyLater};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::answer;
use crate::errors::Failure;
use crate::form::{FARTHEST, FieldError, FormState};
use crate::heads::person_head;
use crate::pages::Done;
use crate::pages::later::{LaterForm, LaterPage, NotTodayForm, Until};
use crate::people;
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};

/// Most letters of a reason.
const WHY_MAX: usize = 200;

/// `GET /graduates/{id}/later`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let page = load(&signed, &tx, id, FormState::default(), FormState::default()).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/later`.
pub async fn later(Path(id): Path<GraduateId>, sent: Sent<LaterForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::PutOff)) };
    let until = match read_later(signed, &sent.form) {
        Ok(until) => until,
        Err(form) => {
            let page = load(signed, &tx, id, *form, FormState::default()).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let why = WhyLater { reason: None, words: sent.form.why.trim().to_owned() };
    rest(signed, tx, id, PutOffKind::Later, until, &why).await
}

/// `POST /graduates/{id}/not-today`.
pub async fn not_today(Path(id): Path<GraduateId>, sent: Sent<NotTodayForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::PutOff)) };
    let why = match read_not_today(&sent.form) {
        Ok(why) => why,
        Err(form) => {
            let page = load(signed, &tx, id, FormState::default(), *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let until = again::next_opening(signed.now(), &signed.calendar());
    rest(signed, tx, id, PutOffKind::NotToday, until, &why).await
}

/// `POST /graduates/{id}/bring-back`: somebody wants to do it now after all.
pub async fn bring_back(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(answer::see("/today")) };
    people::graduate(&tx, id).await?;
    tx.bring_back(sent.signed.staff.id, id).await?;
    tx.save().await?;
    Ok(answer::done("/today", Done::BroughtBack))
}

async fn rest(
    signed: &Signed,
    tx: Tx,
    id: GraduateId,
    kind: PutOffKind,
    until: DateTime<Utc>,
    why: &WhyLater,
) -> Answer {
    people::graduate(&tx, id).await?;
    tx.put_off(signed.staff.id, id, kind, until, why).await?;
    let seq = tx.newest_audit_seq().await?;
    tx.save().await?;
    Ok(answer::done_undo("/today", Done::PutOff, seq))
}

async fn load(
    signed: &Signed,
    tx: &Tx,
    id: GraduateId,
    later: FormState<LaterForm>,
    not_today: FormState<NotTodayForm>,
) -> Result<LaterPage, Failure> {
    let graduate = people::graduate(tx, id).await?;
    let person = person_head(tx, &graduate, signed.today()).await?;
    Ok(LaterPage { person, later, untils: Until::ALL, not_today, reasons: NotTodayReason::ALL })
}

fn read_later(signed: &Signed, form: &LaterForm) -> Result<DateTime<Utc>, Box<FormState<LaterForm>>> {
    let mut state = FormState::new(form.clone());
    if let Some(error) = too_long(&form.why) {
        state = state.with_error("why", error);
    }
    match until(signed, form) {
        Ok(until) if state.is_valid() => Ok(until),
        Ok(_) => Err(Box::new(state)),
        Err((field, error)) => Err(Box::new(state.with_error(field, error))),
    }
}

/// The moment a choice stands for: this afternoon is 13:00 (or in an hour, when that is over); days begin when the office opens. What
/// would come after it has closed isn't today any more, and is asked for another day.
fn until(signed: &Signed, form: &LaterForm) -> Result<DateTime<Utc>, (&'static str, FieldError)> {
    let (now, calendar) = (signed.now(), signed.calendar());
    let choice: Until = form.until.parse().map_err(|_| ("until", FieldError::NotAChoice))?;
    let hour = now + TimeDelta::hours(1);
    let one = NaiveTime::from_hms_opt(13, 0, 0).and_then(|one| moment(signed, signed.today(), one));
    let closes = open_spans(signed.today(), &calendar).last().map(|span| span.to);
    let today = |at: DateTime<Utc>| {
        if closes.is_some_and(|closes| at < closes) { Ok(at) } else { Err(("until", FieldError::AfterClosing)) }
    };
    match choice {
        Until::Hour => today(hour),
        Until::Afternoon => today(one.unwrap_or(hour).max(hour)),
        Until::Tomorrow => Ok(again::next_opening(now, &calendar)),
        Until::NextWeek => Ok(again::next_week(now, &calendar)),
        Until::Date => named(signed, form),
    }
}

fn named(signed: &Signed, form: &LaterForm) -> Result<DateTime<Utc>, (&'static str, FieldError)> {
    let on = form.on.trim();
    let wrong = if on.is_empty() { FieldError::Required } else { FieldError::NotADate };
    let on: NaiveDate = on.parse().map_err(|_| ("on", wrong))?;
    if on < signed.today() {
        return Err(("on", FieldError::Passed));
    }
    let at = match form.at.trim() {
        "" => NaiveTime::MIN,
        at => NaiveTime::parse_from_str(at, "%H:%M").map_err(|_| ("at", FieldError::NotATime))?,
    };
    let at = moment(signed, on, at).ok_or(("at", FieldError::NotATime))?;
    if at > signed.now() + FARTHEST {
        return Err(("on", FieldError::TooFar));
    }
    if at <= signed.now() {
        return Err((if form.at.trim().is_empty() { "on" } else { "at" }, FieldError::Passed));
    }
    Ok(at)
}

fn moment(signed: &Signed, on: NaiveDate, at: NaiveTime) -> Option<DateTime<Utc>> {
    on.and_time(at).and_local_timezone(signed.office.zone).earliest().map(|at| at.to_utc())
}

fn read_not_today(form: &NotTodayForm) -> Result<WhyLater, Box<FormState<NotTodayForm>>> {
    let mut state = FormState::new(form.clone());
    let words = form.words.trim();
    if let Some(error) = too_long(words) {
        state = state.with_error("words", error);
    }
    let Ok(reason) = form.reason.parse::<NotTodayReason>() else {
        return Err(Box::new(state.with_error("reason", FieldError::Required)));
    };
    if reason == NotTodayReason::Other && words.is_empty() {
        state = state.with_error("words", FieldError::Required);
    }
    if !state.is_valid() {
        return Err(Box::new(state));
    }
    Ok(WhyLater { reason: Some(reason), words: words.to_owned() })
}

fn too_long(why: &str) -> Option<FieldError> {
    let now = why.trim().chars().count();
    (now > WHY_MAX).then_some(FieldError::TooLong { max: WHY_MAX, now })
}

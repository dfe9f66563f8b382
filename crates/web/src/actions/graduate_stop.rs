//! Staff stop all contact with somebody, and allow it again.

use axum::extract::Path;
use bansou_core::graduate::{ContactStop, StopAsked, Support};
use bansou_core::ids::{GraduateId, NoteId, StaffId};
use bansou_core::note::{ContactMode, LANE_MAX, Lanes};
use bansou_store::{Graduate, NewNote, StoreError, Tx};

use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::pages::Done;
use crate::pages::stop::{AllowForm, AllowPage, StopForm, StopPage, StopView};
use crate::people;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::threads::point_of;

/// Most letters of a reason.
const WHY_MAX: usize = 400;

/// `GET /graduates/{id}/stop`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let page = stop_page(&signed, &tx, id, FormState::default()).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/stop`: what waits is cancelled in the same unit of work.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<StopForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/graduates/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::ContactStopped)) };
    let stop = match read_stop(&sent.form) {
        Ok(stop) => stop,
        Err(form) => {
            let page = stop_page(signed, &tx, id, form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    match tx.stop_contact_for(signed.actor(), id, &stop).await {
        // Somebody was quicker; the page says who and why.
        Err(StoreError::Refused { .. }) => return Ok(answer::see(&format!("{there}/stop"))),
        other => other?,
    }
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::ContactStopped))
}

/// `GET /graduates/{id}/allow`.
pub async fn allow_page(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let graduate = people::graduate(&tx, id).await?;
    if !is_stopped(&tx, &graduate).await? {
        return Ok(answer::see(&format!("/graduates/{id}")));
    }
    let page = load_allow(&signed, &tx, &graduate, FormState::default()).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/allow`.
pub async fn allow(Path(id): Path<GraduateId>, sent: Sent<AllowForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/graduates/{id}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::ContactAllowed)) };
    let graduate = people::graduate(&tx, id).await?;
    if !is_stopped(&tx, &graduate).await? {
        return Ok(answer::done(&there, Done::ContactAllowed));
    }
    let is_own = tx.is_own_stop(id).await?;
    let mode = match read_allow(&sent.form, is_own) {
        Ok(mode) => mode,
        Err(form) => {
            let page = load_allow(signed, &tx, &graduate, form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let note = match mode {
        Some(mode) => Some(write_down(signed, &tx, id, mode, sent.form.said.trim()).await?),
        None => None,
    };
    tx.allow_contact_for(signed.actor(), id, note).await?;
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::ContactAllowed))
}

/// Whether the person is stopped, or one of their addresses by their own word.
async fn is_stopped(tx: &Tx, graduate: &Graduate) -> Result<bool, Failure> {
    Ok(graduate.contact_stopped_at.is_some() || tx.is_own_stop(graduate.id).await?)
}

/// The person's word, among the notes like any other.
async fn write_down(
    signed: &Signed,
    tx: &Tx,
    id: GraduateId,
    mode: ContactMode,
    said: &str,
) -> Result<NoteId, Failure> {
    let lanes = Lanes { said: said.to_owned(), done: signed.say("allow-note-done"), ..Lanes::default() };
    let new = NewNote { graduate: id, author: signed.staff.id, mode, happened_at: signed.now(), lanes };
    let note = tx.save_note(&new).await?;
    tx.set_last_contact(id, signed.today(), mode).await?;
    Ok(note)
}

fn read_stop(form: &StopForm) -> Result<ContactStop, FormState<StopForm>> {
    let mut state = FormState::new(form.clone());
    let reason = form.why.trim();
    let now = reason.chars().count();
    if reason.is_empty() {
        state = state.with_error("why", FieldError::Required);
    } else if now > WHY_MAX {
        state = state.with_error("why", FieldError::TooLong { max: WHY_MAX, now });
    }
    if form.sure != "yes" {
        state = state.with_error("sure", FieldError::NotAChoice);
    }
    match form.asked.parse() {
        Ok(asked) if state.is_valid() => Ok(ContactStop { asked, reason: reason.to_owned() }),
        Ok(_) => Err(state),
        Err(_) => Err(state.with_error("asked", FieldError::NotAChoice)),
    }
}

/// By which way the person asked for contact; `None` where nobody has to ask them.
fn read_allow(form: &AllowForm, is_own: bool) -> Result<Option<ContactMode>, FormState<AllowForm>> {
    let mut state = FormState::new(form.clone());
    if form.sure != "yes" {
        state = state.with_error("sure", FieldError::NotAChoice);
    }
    let now = form.said.trim().chars().count();
    if now > LANE_MAX {
        state = state.with_error("said", FieldError::TooLong { max: LANE_MAX, now });
    }
    // Words that are written are kept, also where they aren't needed.
    if !is_own && now == 0 {
        return if state.is_valid() { Ok(None) } else { Err(state) };
    }
    if now == 0 {
        state = state.with_error("said", FieldError::Required);
    }
    match form.mode.parse::<ContactMode>() {
        Ok(mode) if mode.is_contact() && state.is_valid() => Ok(Some(mode)),
        Ok(mode) if mode.is_contact() => Err(state),
        _ => Err(state.with_error("mode", FieldError::NotAChoice)),
    }
}

async fn stop_page(signed: &Signed, tx: &Tx, id: GraduateId, form: FormState<StopForm>) -> Result<StopPage, Failure> {
    let graduate = people::graduate(tx, id).await?;
    let names = people::staff_names(tx).await?;
    let name = |id: Option<StaffId>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    let stops = tx.stops_of(id).await?.into_iter().map(|stored| StopView {
        asked: stored.stop.asked,
        reason: stored.stop.reason,
        at: signed.local(stored.stopped_at),
        by: name(stored.stopped_by),
        lifted_at: stored.lifted_at.map(|at| signed.local(at)),
        lifted_by: name(stored.lifted_by),
    });
    Ok(StopPage {
        person: person_head(tx, &graduate, signed.today()).await?,
        is_stopped: is_stopped(tx, &graduate).await?,
        stops: stops.collect(),
        waiting: tx.waiting_for(id).await?,
        form,
        askers: StopAsked::ALL,
    })
}

async fn load_allow(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    form: FormState<AllowForm>,
) -> Result<AllowPage, Failure> {
    use bansou_core::delivery::ChannelKind::{Line, Sms};
    let points = tx.contact_points(graduate.id).await?;
    let has_channel = |kind| signed.app.channel_of(signed.office.id, kind).is_some();
    let channel = [Line, Sms].into_iter().find(|kind| has_channel(*kind) && point_of(&points, *kind).is_some());
    let cadence = tx.cadence(graduate.id).await?.filter(|_| graduate.support == Support::Supported);
    Ok(AllowPage {
        person: person_head(tx, graduate, signed.today()).await?,
        is_own: tx.is_own_stop(graduate.id).await?,
        next_on: cadence.and_then(|cadence| cadence.next).map(|next| next.due_on.max(signed.today())),
        channel,
        form,
        modes: ContactMode::ALL.iter().copied().filter(|mode| mode.is_contact()).collect(),
    })
}

//! Reads the lanes of a note from a form, and gathers what stands beside them.

use std::collections::HashMap;

use bansou_core::again::morning_of;
use bansou_core::calendar::OfficeCalendar;
use bansou_core::facts::FIELD;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_core::note::{LANE_MAX, Lanes, NextDay};
use bansou_store::{Note, NoteMore, NoteState, Tx};
use chrono::{Days, NaiveDate};

use crate::dates::{Local, Style};
use crate::errors::Failure;
use crate::form::{FARTHEST, FieldError};
use crate::pages::lanes::{FactView, LaneChoices, LanesForm, LastNote, NextWhen};
use crate::pages::settings::office_form::plain;
use crate::people;
use crate::signed::Signed;

/// The longest contact that is written down, in minutes.
const LONGEST: u32 = 600;
/// So many of the newest notes are looked at for one that holds.
const LOOKS_BACK: u64 = 5;

/// Something wrong with a field.
pub(crate) type Wrong = (&'static str, FieldError);

/// Lanes that make sense; `more` says when the next step is due and how long it took.
pub(crate) struct Read {
    pub(crate) lanes: Lanes,
    pub(crate) more: NoteMore,
}

/// Reads the lanes of a contact on a day. `next_was` is the day that the next step has already: it may have passed since. Neither S nor O is asked for here: after a call its outcome can stand for them.
pub(crate) fn read(
    signed: &Signed,
    form: &LanesForm,
    on: NaiveDate,
    next_was: Option<NaiveDate>,
) -> Result<Read, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let lanes = Lanes {
        said: written(&form.said),
        observed: with_facts(signed, form, on),
        interpretation: written(&form.interpretation),
        done: written(&form.done),
        next: written(&form.next),
    };
    for (field, lane) in [
        ("said", &lanes.said),
        ("observed", &lanes.observed),
        ("interpretation", &lanes.interpretation),
        ("done", &lanes.done),
        ("next", &lanes.next),
    ] {
        let now = lane.chars().count();
        if now > LANE_MAX {
            wrong.push((field, FieldError::TooLong { max: LANE_MAX, now }));
        }
    }
    let next = next_day(signed, form, next_was).unwrap_or_else(|error| {
        wrong.push(error);
        None
    });
    let minutes = minutes(form).unwrap_or_else(|error| {
        wrong.push(error);
        None
    });
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let calendar = signed.calendar();
    let next = next.map(|day| (day, morning_of(day.on, &calendar)));
    Ok(Read { lanes, more: NoteMore { next, minutes, ..NoteMore::default() } })
}

/// A lane as it is kept.
pub(crate) fn written(text: &str) -> String {
    text.trim().to_owned()
}

/// What was seen: the pressed facts with the day, then what was written.
fn with_facts(signed: &Signed, form: &LanesForm, on: NaiveDate) -> String {
    let is_pressed = |key: &str| form.facts.contains_key(&format!("{FIELD}{key}"));
    let day = Local::from(on).day(signed.lang, Style::Day);
    let facts = signed.app.parts.facts.line(signed.lang, &day, is_pressed);
    let lines = facts.into_iter().chain(Some(written(&form.observed)).filter(|text| !text.is_empty()));
    lines.collect::<Vec<_>>().join("\n")
}

/// The day of the next step. One without a day is asked for one (S2.7), and a day without a step for what it is about.
fn next_day(signed: &Signed, form: &LanesForm, was: Option<NaiveDate>) -> Result<Option<NextDay>, Wrong> {
    let sets_date = form.next_sets_date == "yes";
    let on = match (form.next_on.trim(), form.next_when.as_str()) {
        ("", "") => None,
        ("", when) => {
            let when = when.parse::<NextWhen>().map_err(|_| ("next_when", FieldError::NotAChoice))?;
            Some(day_of(when, signed.today(), &signed.calendar()))
        }
        (on, _) => Some(on.parse::<NaiveDate>().map_err(|_| ("next_on", FieldError::NotADate))?),
    };
    match (form.next.trim().is_empty(), on) {
        (true, None) => Ok(None),
        (true, Some(_)) => Err(("next", FieldError::Required)),
        (false, None) => Err(("next_when", FieldError::NextDayMissing)),
        (false, Some(on)) if on < signed.today() && was != Some(on) => Err(("next_on", FieldError::Passed)),
        (false, Some(on)) if on > signed.today() + FARTHEST && was != Some(on) => Err(("next_on", FieldError::TooFar)),
        (false, Some(on)) => Ok(Some(NextDay { on, sets_date })),
    }
}

fn day_of(when: NextWhen, today: NaiveDate, calendar: &OfficeCalendar) -> NaiveDate {
    let in_days = |days| today.checked_add_days(Days::new(days)).unwrap_or(today);
    let open_from = |day| calendar.open_day_from(day).unwrap_or(day);
    match when {
        NextWhen::Today => today,
        NextWhen::NextOpen => open_from(in_days(1)),
        NextWhen::Week => open_from(in_days(7)),
        NextWhen::TwoWeeks => open_from(in_days(14)),
    }
}

fn minutes(form: &LanesForm) -> Result<Option<u16>, Wrong> {
    let typed = plain(&form.minutes);
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let minutes = typed.parse::<u16>().ok().filter(|minutes| (1..=LONGEST).contains(&u32::from(*minutes)));
    minutes.map(Some).ok_or(("minutes", FieldError::NotANumber { min: 1, max: LONGEST }))
}

/// What is offered beside the lanes of this person's note.
pub(crate) async fn choices(
    signed: &Signed,
    tx: &Tx,
    graduate: GraduateId,
    form: &LanesForm,
) -> Result<LaneChoices, Failure> {
    let fact = |fact: &bansou_core::facts::QuickFact| {
        let name = format!("{FIELD}{}", fact.key);
        FactView { is_pressed: form.facts.contains_key(&name), words: fact.words(signed.lang).to_owned(), name }
    };
    let (today, calendar) = (signed.today(), signed.calendar());
    let last = tx.notes_of(graduate, LOOKS_BACK).await?.into_iter().find(|note| note.state == NoteState::Saved);
    let last = match last {
        Some(note) => Some(beside(signed, &note, &people::staff_names(tx).await?)),
        None => None,
    };
    Ok(LaneChoices {
        facts: signed.app.parts.facts.list().iter().map(fact).collect(),
        next_days: NextWhen::ALL.iter().map(|when| (*when, day_of(*when, today, &calendar))).collect(),
        last,
    })
}

/// A note as it stands beside the lanes of another.
pub(crate) fn beside(signed: &Signed, note: &Note, names: &HashMap<StaffId, String>) -> LastNote {
    LastNote {
        id: note.id.to_string(),
        at: signed.local(note.happened_at),
        by: names.get(&note.author).cloned().unwrap_or_default(),
        mode: note.mode,
        lanes: note.lanes.clone(),
        next_on: note.next.map(|next| next.on),
        sets_date: note.next.is_some_and(|next| next.sets_date),
    }
}

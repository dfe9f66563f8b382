//! A note is corrected: the new words take its place, the old ones stay readable with who wrote them and when. Whoever corrects it decides
//! what becomes of a summary in the old words that waits to go to the person (S2.14).

use axum::extract::Path;
use bansou_core::ids::{NoteId, StaffId};
use bansou_store::{Delivery, NewNote, Note, NoteMore, NoteState, StoreError, Tx};

use crate::actions::note_save::{Read, load, read, why};
use crate::actions::summary_write;
use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::lanes::LanesForm;
use crate::pages::note::{Corrects, NoteForm, NotePage, NoteVersion, NoteVersionsPage, SummaryChoice, WaitingSummary};
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::{desk, heads, lanes, people};

/// Corrections of one note that are shown.
const VERSIONS: usize = 50;

/// `GET /notes/{id}`: the note as it holds and every version before. Reading it is a look at the person.
pub async fn versions(signed: Signed, Path(id): Path<NoteId>) -> Answer {
    let noted = signed.begin().await?;
    let newest = noted.note(id).await?.ok_or(Failure::NotFound)?;
    noted.note_read(signed.actor(), newest.graduate).await?;
    noted.save().await?;
    let tx = signed.read().await?;
    let graduate = people::graduate(&tx, newest.graduate).await?;
    let names = people::staff_names(&tx).await?;
    let holds = newest.state == NoteState::Saved;
    let newer = tx.note_that_holds(&newest).await?.filter(|_| !holds).map(|note| note.id.to_string());
    let mut versions = Vec::new();
    let mut next = Some(newest);
    while let Some(note) = next.filter(|_| versions.len() < VERSIONS) {
        next = match note.corrects {
            Some(before) => tx.note(before).await?,
            None => None,
        };
        versions.push(NoteVersion {
            by: names.get(&note.author).cloned().unwrap_or_default(),
            written_at: signed.local(note.created_at),
            happened_at: signed.local(note.happened_at),
            mode: note.mode,
            lanes: note.lanes,
            next_on: note.next.map(|next| next.on),
            sets_date: note.next.is_some_and(|next| next.sets_date),
            why: note.why,
            holds: holds && versions.is_empty(),
        });
    }
    let person = heads::person_head(&tx, &graduate, signed.today()).await?;
    let page = NoteVersionsPage { person, note: id.to_string(), can_correct: holds, newer, versions };
    signed.page(&tx, &page).await
}

/// `GET /notes/{id}/edit`. One that was put right leads to the one that holds.
pub async fn page(signed: Signed, Path(id): Path<NoteId>) -> Answer {
    let noted = signed.begin().await?;
    let note = noted.note(id).await?.ok_or(Failure::NotFound)?;
    noted.note_read(signed.actor(), note.graduate).await?;
    noted.save().await?;
    let tx = signed.read().await?;
    if note.state != NoteState::Saved {
        let holds = tx.note_that_holds(&note).await?;
        return Ok(answer::see(
            &holds.map_or_else(|| format!("/notes/{id}"), |holds| format!("/notes/{}/edit", holds.id)),
        ));
    }
    let page = correcting(&signed, &tx, &note, FormState::new(typed(&signed, &note))).await?;
    signed.page(&tx, &page).await
}

/// `POST /notes/{id}/correct`.
pub async fn post(Path(id): Path<NoteId>, sent: Sent<NoteForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/graduates", Done::NoteCorrected)) };
    let about = tx.note(id).await?.ok_or(Failure::NotFound)?.graduate;
    tx.hold_thread_if_any(about).await?;
    // Read while the thread is held: a colleague's correction, and a summary that is sent, come before or after.
    let note = tx.note(id).await?.ok_or(Failure::NotFound)?;
    let waits = waiting_summary(&tx, &note).await?;
    let choice = sent.form.summary.parse::<SummaryChoice>().ok();
    if typed(signed, &note).is_same_as(&sent.form) {
        return unchanged(signed, tx, &note, waits.filter(|_| choice == Some(SummaryChoice::TakeBack))).await;
    }
    if note.state != NoteState::Saved {
        return meanwhile(signed, &tx, &note, &sent.form).await;
    }
    let (new, more) = match judge(signed, &note, &sent.form, waits.is_some() && choice.is_none()) {
        Ok(judged) => judged,
        Err(form) => {
            let page = correcting(signed, &tx, &note, *form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let holds = match tx.correct_note(id, &new, &more).await {
        Err(StoreError::Refused { .. }) => {
            let replaced = tx.note(id).await?.ok_or(Failure::NotFound)?;
            return meanwhile(signed, &tx, &replaced, &sent.form).await;
        }
        other => other?,
    };
    if (new.mode.is_spoken(), new.happened_at) != (note.mode.is_spoken(), note.happened_at) {
        let first = first_version(&tx, &note).await?;
        tx.did_not_speak(signed.actor(), note.graduate, first).await?;
        if new.mode.is_spoken() {
            tx.spoke_with(signed.actor(), note.graduate, new.happened_at, Some(first)).await?;
        }
    }
    let day = |note_at| signed.local(note_at).date_naive();
    if (new.mode, day(new.happened_at)) != (note.mode, day(note.happened_at)) {
        tx.recount_last_contact(note.graduate).await?;
    }
    let done = match (waits, choice) {
        (Some(waits), Some(SummaryChoice::TakeBack)) => {
            let back = tx.take_back(signed.actor(), waits.id).await?;
            back.map_or(Done::NoteSummaryGone, |_| Done::NoteSummaryBack)
        }
        (Some(_), _) => Done::NoteSummaryWaits,
        // It left between the opening of the form and its sending.
        (None, Some(SummaryChoice::TakeBack)) if note.summary.is_some() => Done::NoteSummaryGone,
        (None, _) => Done::NoteCorrected,
    };
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(match done {
        Done::NoteSummaryBack if new.mode.is_spoken() => answer::done(&summary_write::path(holds), done),
        Done::NoteSummaryWaits => answer::done_at(&desk::place(about), done, "waiting"),
        Done::NoteSummaryGone => answer::done(&desk::place(about), done),
        _ => answer::done(&format!("/graduates/{about}"), done),
    })
}

/// The note's words stayed as they are: only its summary may be taken back.
async fn unchanged(signed: &Signed, tx: Tx, note: &Note, unwanted: Option<Delivery>) -> Answer {
    let there = format!("/graduates/{}", note.graduate);
    let Some(unwanted) = unwanted else { return Ok(answer::see(&there)) };
    if tx.take_back(signed.actor(), unwanted.id).await?.is_none() {
        return Ok(answer::done(&desk::place(note.graduate), Done::ReplyGone));
    }
    tx.save().await?;
    Ok(answer::done(&there, Done::SummaryTakenBack))
}

/// A colleague put the note right first: what was typed stays on the form of the note that holds now, whose words stand beside it.
async fn meanwhile(signed: &Signed, tx: &Tx, replaced: &Note, form: &NoteForm) -> Answer {
    let Some(holds) = tx.note_that_holds(replaced).await? else {
        return Ok(answer::see(&format!("/notes/{}", replaced.id)));
    };
    let form = FormState::new(form.clone()).with_error("said", FieldError::CorrectedMeanwhile);
    let mut page = correcting(signed, tx, &holds, form).await?;
    page.lanes.last = Some(lanes::beside(signed, &holds, &people::staff_names(tx).await?));
    signed.refused(tx, &page).await
}

/// The note's summary while no claim has ever taken it: it would tell the person what is being put right.
async fn waiting_summary(tx: &Tx, note: &Note) -> Result<Option<Delivery>, Failure> {
    let Some(message) = note.summary else { return Ok(None) };
    Ok(tx.waiting_replies(note.graduate).await?.into_iter().find(|waits| waits.message == Some(message)))
}

/// The note as it was first written: by it is known what the talk it tells of has answered, however often its words were put right.
async fn first_version(tx: &Tx, note: &Note) -> Result<NoteId, Failure> {
    let (mut first, mut before) = (note.id, note.corrects);
    while let Some(id) = before {
        first = id;
        before = tx.note(id).await?.and_then(|note| note.corrects);
    }
    Ok(first)
}

type Judged = Result<(NewNote, NoteMore), Box<FormState<NoteForm>>>;

/// The note as it is to be, and why; the message that it came from stays where it came from. `is_undecided`: a summary waits of which nobody
/// has said what becomes of it.
fn judge(signed: &Signed, old: &Note, form: &NoteForm, is_undecided: bool) -> Judged {
    match (read(signed, form, old.next.map(|next| next.on)), why(form)) {
        (Ok(read), Ok(why)) if !is_undecided => {
            let more = NoteMore { message: old.message, why: Some(why), ..read.more };
            Ok((corrected(signed.staff.id, old, read), more))
        }
        (read, why) => {
            let state = read.err().map_or_else(|| FormState::new(form.clone()), |state| *state);
            let undecided = is_undecided.then_some(("summary", FieldError::NotAChoice));
            let wrong = why.err().into_iter().chain(undecided);
            Err(Box::new(wrong.fold(state, |state, (field, error)| state.with_error(field, error))))
        }
    }
}

/// The form shows minutes; the second of the first writing stays where the minute does.
fn corrected(author: StaffId, old: &Note, read: Read) -> NewNote {
    let same_minute = (read.happened_at - old.happened_at).num_minutes() == 0 && read.happened_at <= old.happened_at;
    let happened_at = if same_minute { old.happened_at } else { read.happened_at };
    NewNote { graduate: old.graduate, author, mode: read.mode, happened_at, lanes: read.lanes }
}

async fn correcting(signed: &Signed, tx: &Tx, note: &Note, form: FormState<NoteForm>) -> Result<NotePage, Failure> {
    let names = people::staff_names(tx).await?;
    let corrects = Corrects {
        note: note.id.to_string(),
        by: names.get(&note.author).cloned().unwrap_or_default(),
        at: signed.local(note.created_at),
        summary: waiting_summary(tx, note).await?.map(|waits| waiting(signed, waits)),
    };
    let mut page = load(signed, tx, note.graduate, form).await?;
    // What was pressed then stands among the words; the note beside itself says nothing.
    page.lanes.facts.clear();
    page.lanes.last = None;
    Ok(NotePage { corrects: Some(corrects), ..page })
}

fn waiting(signed: &Signed, waits: Delivery) -> WaitingSummary {
    let words = [waits.payload.text, waits.payload.then].into_iter().filter(|words| !words.is_empty());
    WaitingSummary { text: words.collect::<Vec<_>>().join("\n"), at: signed.local(waits.due_at) }
}

fn typed(signed: &Signed, note: &Note) -> NoteForm {
    let at = signed.local(note.happened_at);
    NoteForm {
        mode: note.mode.as_str().to_owned(),
        on: at.format("%Y-%m-%d").to_string(),
        at: at.format("%H:%M").to_string(),
        lanes: LanesForm {
            said: note.lanes.said.clone(),
            observed: note.lanes.observed.clone(),
            interpretation: note.lanes.interpretation.clone(),
            done: note.lanes.done.clone(),
            next: note.lanes.next.clone(),
            next_on: note.next.map(|next| next.on.to_string()).unwrap_or_default(),
            next_sets_date: note.next.filter(|next| next.sets_date).map(|_| "yes".to_owned()).unwrap_or_default(),
            minutes: note.minutes.map(|minutes| minutes.to_string()).unwrap_or_default(),
            ..LanesForm::default()
        },
        ..NoteForm::default()
    }
}

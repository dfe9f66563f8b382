//! A talk put in writing: what of the note goes into it, and the draft (S2.14). Nothing is sent or kept here.
//!
//! The note's lanes end in this file: what leaves it is a [`Summary`] of sentences that were chosen one by one, and its draft is shown
//! before anything can be sent.

use axum::extract::Path;
use bansou_core::graduate::Language;
use bansou_core::ids::{GraduateId, NoteId};
use bansou_core::lint::Rule;
use bansou_core::summary::{Offer, Part, Step, Summary, Talk, Who, offers};
use bansou_core::told_time::told_day;
use bansou_store::{Graduate, Note, NoteState, Tx};

use crate::answer;
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::heads::person_head;
use crate::pages::summary::{OfferView, PickForm, SummaryPage, SummaryPickPage};
use crate::pages::thread::ReplyForm;
use crate::remarks::{ReaderFacts, Shown};
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::{people, threads};

/// Most characters of what was agreed.
const AGREED_MAX: usize = 400;

/// Where a note's summary is written.
pub(crate) fn path(note: NoteId) -> String {
    format!("/notes/{note}/summary")
}

/// Whether the person can be written to at all, now or later.
pub(crate) async fn is_possible(signed: &Signed, tx: &Tx, graduate: GraduateId) -> Result<bool, Failure> {
    let graduate = people::graduate(tx, graduate).await?;
    let has_way = !threads::ways(signed, tx, &graduate).await?.is_empty();
    Ok(has_way && threads::slot(signed, &graduate.details.hours).is_ok())
}

/// `GET /notes/{id}/summary`. One that was put right leads to its versions.
pub async fn page(signed: Signed, Path(id): Path<NoteId>) -> Answer {
    let noted = signed.begin().await?;
    let note = noted.note(id).await?.ok_or(Failure::NotFound)?;
    noted.note_read(signed.actor(), note.graduate).await?;
    noted.save().await?;
    if note.state != NoteState::Saved {
        return Ok(answer::see(&format!("/notes/{id}")));
    }
    let tx = signed.read().await?;
    let page = pick_page(&signed, &tx, &note, FormState::default()).await?;
    signed.page(&tx, &page).await
}

/// `POST /notes/{id}/summary`: the draft of what was chosen.
pub async fn post(Path(id): Path<NoteId>, sent: Sent<PickForm>) -> Answer {
    let signed = &sent.signed;
    let tx = signed.read().await?;
    let note = tx.note(id).await?.ok_or(Failure::NotFound)?;
    if note.state != NoteState::Saved {
        let Some(holds) = tx.note_that_holds(&note).await? else { return Ok(answer::see(&format!("/notes/{id}"))) };
        // Ticks are numbers of sentences that hold no more; what was written stays.
        let form = FormState::new(PickForm { agreed: sent.form.agreed.clone(), ..PickForm::default() });
        let page = pick_page(signed, &tx, &holds, form.with_error("pick_0", FieldError::NoteMeanwhile)).await?;
        return signed.refused(&tx, &page).await;
    }
    let graduate = people::graduate(&tx, note.graduate).await?;
    let summary = match chosen(&note, &sent.form, graduate.details.language) {
        Ok(summary) => summary,
        Err((field, error)) => {
            let form = FormState::new(sent.form.clone()).with_error(field, error);
            let page = pick_page(signed, &tx, &note, form).await?;
            return signed.refused(&tx, &page).await;
        }
    };
    let body = draft(signed, &graduate, &note, &summary);
    let page = written(signed, &tx, &note, FormState::new(ReplyForm { body, ..ReplyForm::default() })).await?;
    signed.page(&tx, &page).await
}

/// The words with what there is to remark on them, and the ways by which they can go.
pub(crate) async fn written(
    signed: &Signed,
    tx: &Tx,
    note: &Note,
    reply: FormState<ReplyForm>,
) -> Result<SummaryPage, Failure> {
    let graduate = people::graduate(tx, note.graduate).await?;
    let facts = ReaderFacts::of(signed, tx, &graduate).await?;
    let thread = threads::load(signed, tx, note.graduate, None, reply).await?;
    let body = &thread.reply.typed.body;
    let mut found = facts.look(signed, body, thread.channels.first().map(|channel| channel.kind), &[]);
    found.retain(|remark| !is_about_length(remark.rule));
    Ok(SummaryPage {
        note: note.id.to_string(),
        remarks: facts.views(signed, body, &found, Shown { is_taken: false, may_follow: false }),
        person: thread.person,
        stop: thread.stop,
        channels: thread.channels,
        no_channel: thread.no_channel,
        reply: thread.reply,
    })
}

/// A summary is a list of what was chosen: that it is longer than a message is nothing to remark.
fn is_about_length(rule: Rule) -> bool {
    matches!(rule, Rule::SentencesMany | Rule::MessageLong)
}

/// What of a note was chosen. Sentences are named by their number in a note that doesn't change any more.
fn chosen(note: &Note, form: &PickForm, language: Language) -> Result<Summary, (&'static str, FieldError)> {
    let now = form.agreed.trim().chars().count();
    if now > AGREED_MAX {
        return Err(("agreed", FieldError::TooLong { max: AGREED_MAX, now }));
    }
    let mut summary = Summary { agreed: form.agreed.trim().to_owned(), ..Summary::default() };
    let by = note.next.filter(|next| !next.sets_date).map(|next| told_day(next.on, language)).unwrap_or_default();
    for (n, offer) in offers(&note.lanes).into_iter().enumerate().filter(|(n, _)| form.is_picked(*n)) {
        match offer.part() {
            Part::Said => summary.said.push(offer.choose()),
            Part::Seen => summary.seen.push(offer.choose()),
            Part::Done => summary.done.push(offer.choose()),
            Part::Next => summary.steps.push(Step { who: form.who(n), what: offer.choose(), by: by.clone() }),
        }
    }
    if summary.is_empty() { Err(("pick_0", FieldError::Required)) } else { Ok(summary) }
}

fn draft(signed: &Signed, graduate: &Graduate, note: &Note, summary: &Summary) -> String {
    let (name, language) = (graduate.details.profile.call_name(), graduate.details.language);
    let day = told_day(signed.local(note.happened_at).date_naive(), language);
    let talk = Talk { name, staff: signed.staff.profile.family_name(), day: &day, mode: note.mode };
    summary.draft(&signed.app.parts.summary, language, &talk)
}

async fn pick_page(
    signed: &Signed,
    tx: &Tx,
    note: &Note,
    form: FormState<PickForm>,
) -> Result<SummaryPickPage, Failure> {
    let graduate = people::graduate(tx, note.graduate).await?;
    let stop = people::stop(signed, tx, &graduate).await?;
    let slot = threads::slot(signed, &graduate.details.hours);
    let has_way = !threads::ways(signed, tx, &graduate).await?.is_empty();
    let no_channel = match slot {
        _ if stop.is_some() => None,
        Err(why) => Some(why),
        Ok(_) => (!has_way).then(|| signed.say("reply-no-way")),
    };
    let offers = offers(&note.lanes);
    let mut before = None;
    let view = |(n, offer): (usize, Offer)| {
        let part = offer.part();
        let is_first = before.replace(part) != Some(part);
        let (is_picked, who) = (form.typed.is_picked(n), form.typed.who(n));
        OfferView { n, part, is_first, words: offer.words().to_owned(), is_picked, who }
    };
    Ok(SummaryPickPage {
        note: note.id.to_string(),
        at: signed.local(note.happened_at),
        mode: note.mode,
        stop,
        no_channel,
        was_sent: note.summary.is_some(),
        offers: offers.into_iter().enumerate().map(view).collect(),
        has_thought: !note.lanes.interpretation.is_empty(),
        next_on: note.next.map(|next| next.on),
        sets_date: note.next.is_some_and(|next| next.sets_date),
        person: person_head(tx, &graduate, signed.today()).await?,
        form,
        whos: Who::ALL,
    })
}

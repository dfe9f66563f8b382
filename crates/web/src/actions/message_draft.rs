//! Keeping a half-written reply: for the writer alone, until it is sent or cleared.

use axum::extract::Path;
use axum::response::IntoResponse;
use bansou_core::ids::GraduateId;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;

use crate::answer;
use crate::dates::{Local, Style};
use crate::desk::place;
use crate::errors::Failure;
use crate::live::says;
use crate::pages::Done;
use crate::people;
use crate::sent::Sent;
use crate::signed::Answer;

/// The words as they stand; `after`: written after the page's answer was sent, into a page that is still open.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct DraftForm {
    body: String,
    number: String,
    after: String,
    drop: String,
}

/// `POST /inbox/{graduate}/draft`. A page's script hears the sentence to show; a button leads back to the thread.
pub async fn post(Path(id): Path<GraduateId>, headers: HeaderMap, sent: Sent<DraftForm>) -> Answer {
    let signed = &sent.signed;
    let tx = signed.begin().await?;
    people::graduate(&tx, id).await?;
    // Words on their way when their page's form was sent come too late: they are a message already.
    if sent.form.after.is_empty() && sent.has_ended_drafts(&tx).await? {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let words = if sent.form.drop.is_empty() { words(&sent.form) } else { String::new() };
    if words.chars().count() > LONGEST {
        return Err(Failure::TooLarge);
    }
    tx.save_draft(signed.staff.id, id, &words).await?;
    tx.save().await?;
    let is_kept = !words.trim().is_empty();
    if says(&headers, "draft") {
        let at = Local::parse(&signed.local(signed.now()).to_rfc3339());
        let at = at.map(|at| at.moment(signed.lang, Style::Day, false)).unwrap_or_default();
        let said = if is_kept { signed.say_with("draft-kept-at", &[("at", at.into())]) } else { String::new() };
        return Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], said).into_response());
    }
    Ok(answer::done(&place(id), if is_kept { Done::DraftKept } else { Done::DraftDropped }))
}

/// One text, the number on its last line: as the message stands in the thread, and as one that is taken back comes into the box.
fn words(form: &DraftForm) -> String {
    match form.number.trim() {
        "" => form.body.clone(),
        number if form.body.trim().is_empty() => number.to_owned(),
        number => format!("{}\n{number}", form.body.trim_end()),
    }
}

/// Letters of a draft; no channel takes as many.
const LONGEST: usize = 20_000;

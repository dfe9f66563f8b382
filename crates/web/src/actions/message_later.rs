//! An answer that goes later: written now, sent at a moment that suits office and person (S2.4).

use axum::extract::Path;
use bansou_core::ids::GraduateId;

use crate::actions::message_reply::{judge, refuse, send};
use crate::answer;
use crate::desk::{self, place};
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::desk::LaterForm;
use crate::pages::thread::ReplyForm;
use crate::sent::Sent;
use crate::signed::Answer;
use crate::threads::slot_at;
use crate::{joins, people};

/// `POST /inbox/{graduate}/later`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<LaterForm>) -> Answer {
    let signed = &sent.signed;
    let form = &sent.form;
    let there = place(id);
    let Some(tx) = sent.begin().await? else { return Ok(answer::done_at(&there, Done::ReplyLater, "waiting")) };
    let graduate = people::graduate(&tx, id).await?;
    tx.hold_thread(id).await?;
    let reply = ReplyForm {
        body: form.body.clone(),
        number: form.number.clone(),
        channel: form.way.clone(),
        seen: form.seen.clone(),
        join: form.join.clone(),
        promise: form.promise.clone(),
    };
    let (way, errors) = judge(signed, &tx, &graduate, &reply).await?;
    let at = desk::moment(signed, &graduate, form);
    let (Some(kind), Ok(at), true) = (way, &at, errors.is_valid()) else {
        let wrong = |(field, error)| FormState::new(form.clone()).with_error(field, error);
        return refuse(signed, &tx, &graduate, errors, at.err().map(wrong)).await;
    };
    let Ok(slot) = slot_at(signed, &graduate.details.hours, *at) else {
        return refuse(signed, &tx, &graduate, errors, None).await;
    };
    if !joins::fits(signed, !reply.join.is_empty(), slot.due_at) {
        return refuse(signed, &tx, &graduate, errors.with_error("body", FieldError::QuestionOfToday), None).await;
    }
    // It goes later, perhaps after the promised time: the promise stays until somebody says that it is kept.
    let open = ReplyForm { promise: "open".to_owned(), ..reply };
    if send(signed, &tx, &graduate, &open, kind, &slot).await?.is_none() {
        return refuse(signed, &tx, &graduate, errors.with_error("body", FieldError::QuestionGone), None).await;
    }
    sent.end_drafts(&tx).await?;
    tx.save().await?;
    Ok(answer::done_at(&there, Done::ReplyLater, "waiting"))
}

//! A graduate has read a request before it is sent, and says yes, not yet, or that they want to talk about it first.

use axum::extract::Path;
use bansou_core::ids::EscalationId;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewTask, ReadHow, StoreError};
use serde::Deserialize;
use serde_json::json;

use crate::answer;
use crate::areas::me::own_request;
use crate::errors::Failure;
use crate::guest::{GuestSent, Me};
use crate::pages::Done;
use crate::requests::NOT_YET;
use crate::signed::Answer;

/// The mark of the words on the screen, and `yes`, `not_yet` or `talk`.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReadForm {
    words: String,
    answer: String,
}

/// `POST /me/requests/{id}`. Only *yes* counts as read.
pub async fn post(Path(id): Path<EscalationId>, sent: GuestSent<ReadForm, Me>) -> Answer {
    let guest = &sent.who.guest;
    let agrees = match sent.form.answer.as_str() {
        "yes" => true,
        "not_yet" | "talk" => false,
        _ => return Err(Failure::Unreadable),
    };
    let done = if agrees { Done::MeRead } else { Done::MeNotYet };
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/me/sharing", done)) };
    let Some(request) = own_request(&sent.who, &tx, id).await? else { return Ok(answer::see("/me/sharing")) };
    let place = format!("/me/requests/{id}");
    if agrees {
        match tx.escalation_read(guest.actor(), id, &sent.form.words, ReadHow::OwnPage, guest.today()).await {
            Ok(()) => {}
            // The words changed while the person read: they read the new ones.
            Err(StoreError::Refused { .. }) => return Ok(answer::see(&place)),
            // Time has passed over the draft; the office has to look at it first.
            Err(StoreError::Request(_)) => return Ok(answer::see("/me/sharing")),
            Err(error) => return Err(error.into()),
        }
    } else {
        let detail = json!({ "answer": sent.form.answer });
        tx.audit(guest.actor(), NOT_YET, "escalation", Some(id.0), detail).await?;
        let key = format!("request-talk:{id}:{}", request.words_mark());
        let task = NewTask {
            graduate: Some(sent.who.graduate.id),
            ..NewTask::program(TaskKind::Call, TaskReason::AskedForCall, key, tx.now())
        };
        if sent.form.answer == "talk" {
            tx.add_task(&task).await?;
        }
    }
    tx.save().await?;
    Ok(answer::done("/me/sharing", done))
}

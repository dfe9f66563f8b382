//! A graduate has read a request before it is sent, and says yes, not yet, or that they want to talk about it first.
//!
//! Each of the three reaches the staff: what the page promises after the button is somebody's task.

use axum::extract::Path;
use bansou_core::codes;
use bansou_core::escalation::EscalationState;
use bansou_core::ids::EscalationId;
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{Escalation, NewTask, ReadHow, StoreError, Tx};
use serde::Deserialize;
use serde_json::json;

use crate::answer;
use crate::areas::me::own_request;
use crate::errors::Failure;
use crate::guest::{GuestSent, Me};
use crate::pages::Done;
use crate::requests::{OUTDATED, waits_on_own_page};
use crate::signed::Answer;

/// The mark of the words on the screen, and a code of [`Said`].
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReadForm {
    words: String,
    answer: String,
}

codes! {
    /// What the person says.
    Said {
        /// It may be sent.
        Yes = "yes",
        /// Not yet.
        NotYet = "not_yet",
        /// First a talk with staff.
        Talk = "talk",
    }
}

/// `POST /me/requests/{id}`. Only *yes* counts as read.
pub async fn post(Path(id): Path<EscalationId>, sent: GuestSent<ReadForm, Me>) -> Answer {
    let said: Said = sent.form.answer.parse().map_err(|_| Failure::Unreadable)?;
    let usual = if said == Said::Yes { Done::MeRead } else { Done::MeNotYet };
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/me/sharing", usual)) };
    let request = own_request(&sent.who, &tx, id).await?;
    let done = if said == Said::Yes {
        match agree(&sent, &tx, &request).await? {
            Some(done) => done,
            // The words changed while the person read: they read the new ones.
            None => return Ok(answer::see(&format!("/me/requests/{id}"))),
        }
    } else {
        hold(&sent, &tx, &request, said).await?
    };
    tx.save().await?;
    Ok(answer::done("/me/sharing", done))
}

/// What to say after a yes; `None` when the words on the screen aren't the ones that wait.
async fn agree(sent: &GuestSent<ReadForm, Me>, tx: &Tx, request: &Escalation) -> Result<Option<Done>, Failure> {
    let (guest, id) = (&sent.who.guest, request.id);
    if !waits_on_own_page(tx, request).await? {
        // Taken back or changed meanwhile; read together meanwhile is the same yes.
        let is_agreed = !matches!(request.state, EscalationState::Draft | EscalationState::Withdrawn);
        return Ok(Some(if is_agreed { Done::MeRead } else { Done::MeOutdated }));
    }
    match tx.escalation_read(guest.actor(), id, &sent.form.words, ReadHow::OwnPage, guest.today()).await {
        Ok(()) => {
            tx.add_task(&look(tx, request, TaskReason::RequestAgreed)).await?;
            Ok(Some(Done::MeRead))
        }
        Err(StoreError::Refused { .. }) => Ok(None),
        // Time has passed over the draft; the office has to look at it first.
        Err(StoreError::Request(_)) => {
            tx.audit(guest.actor(), OUTDATED, "escalation", Some(id.0), json!({})).await?;
            tx.add_task(&look(tx, request, TaskReason::RequestOutdated)).await?;
            Ok(Some(Done::MeOutdated))
        }
        Err(error) => Err(error.into()),
    }
}

/// Holds the request back, also where a colleague wrote down meanwhile that it was read.
async fn hold(sent: &GuestSent<ReadForm, Me>, tx: &Tx, request: &Escalation, said: Said) -> Result<Done, Failure> {
    let actor = sent.who.guest.actor();
    let done = match tx.escalation_not_yet(actor, request.id, said.as_str()).await {
        Ok(()) => Done::MeNotYet,
        Err(StoreError::Refused { .. }) if request.state == EscalationState::Withdrawn => return Ok(Done::MeNotYet),
        Err(StoreError::Refused { .. }) => Done::MeTooLate,
        Err(error) => return Err(error.into()),
    };
    let task = match said {
        Said::Talk => NewTask { kind: TaskKind::Call, ..look(tx, request, TaskReason::AskedForCall) },
        Said::NotYet | Said::Yes => look(tx, request, TaskReason::RequestNotYet),
    };
    tx.add_task(&task).await?;
    Ok(done)
}

/// A task for what was said at this moment; asked once more, the person may say the same again.
fn look(tx: &Tx, request: &Escalation, reason: TaskReason) -> NewTask {
    let once = tx.now().timestamp_millis().to_string();
    NewTask::about_request(TaskKind::Look, reason, (request.id, request.graduate), &once, tx.now())
}

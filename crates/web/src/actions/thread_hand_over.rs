//! A colleague is asked to look after a thread; what is due stays due.

use axum::extract::Path;
use bansou_core::ids::{GraduateId, StaffId};
use bansou_store::StoreError;

use crate::answer;
use crate::desk::place;
use crate::form::{FieldError, FormState};
use crate::pages::Done;
use crate::pages::desk::HandOverForm;
use crate::pages::thread::ReplyForm;
use crate::sent::Sent;
use crate::signed::Answer;
use crate::{people, threads};

/// Letters of a remark.
const LONGEST: usize = 500;

/// `POST /inbox/{graduate}/hand-over`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<HandOverForm>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&place(id), Done::HandedOver)) };
    people::graduate(&tx, id).await?;
    let remark = sent.form.remark.trim();
    let mut state = FormState::new(sent.form.clone());
    let to = sent.form.to.parse::<StaffId>();
    if to.is_err() {
        state = state.with_error("to", FieldError::Required);
    }
    if remark.chars().count() > LONGEST {
        state = state.with_error("remark", FieldError::TooLong { max: LONGEST, now: remark.chars().count() });
    }
    if let (Ok(to), true) = (to, state.is_valid()) {
        match tx.hand_over(signed.staff.id, id, to, remark).await {
            Err(StoreError::Refused { .. }) => state = state.with_error("to", FieldError::NotAChoice),
            other => {
                other?;
                tx.save().await?;
                return Ok(answer::done(&place(id), Done::HandedOver));
            }
        }
    }
    let mut page = threads::load(signed, &tx, id, None, FormState::<ReplyForm>::default()).await?;
    page.desk.hand_over = state;
    signed.refused(&tx, &page).await
}

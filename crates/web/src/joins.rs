//! A question that is planned for today, asked within an answer instead (S2.3). By one press it stands at the end of the words in the
//! box; nothing is let go before the answer is sent with it.

use bansou_core::ids::CheckInId;
use bansou_store::{Delivery, Graduate, Tx};
use chrono::{DateTime, Utc};

use crate::errors::Failure;
use crate::form::FormState;
use crate::pages::desk::JoinView;
use crate::pages::thread::ReplyForm;
use crate::signed::Signed;

/// The beginning of a proposal's key that joins a question; its id follows.
pub(crate) const JOIN: &str = "join|";
/// Deliveries looked at.
const LOOKS_BACK: u64 = 20;

/// A question of today that can still be joined.
pub(crate) struct Joinable {
    /// Whose question it is.
    pub(crate) check_in: CheckInId,
    /// As it stands in an answer.
    words: String,
    view: JoinView,
}

impl Joinable {
    /// The words of an answer with the question behind them.
    pub(crate) fn behind(&self, body: &str) -> String {
        let body = body.trim_end();
        if self.stands_in(body) { body.to_owned() } else { format!("{body}\n{}", self.words).trim().to_owned() }
    }

    /// Whether its words stand in an answer, wherever lines are broken.
    pub(crate) fn stands_in(&self, body: &str) -> bool {
        without_spaces(body).contains(&without_spaces(&self.words))
    }

    /// Whether a form asks for it.
    pub(crate) fn is_in(&self, join: &str) -> bool {
        join.parse() == Ok(self.check_in)
    }
}

/// Whether words can go at that moment: a question of today is asked today. On another day that day's own would come beside it.
pub(crate) fn fits(signed: &Signed, asks: bool, at: DateTime<Utc>) -> bool {
    !asks || signed.local(at).date_naive() == signed.today()
}

/// The check-in of today whose question no claim has taken.
pub(crate) async fn joinable(signed: &Signed, tx: &Tx, graduate: &Graduate) -> Result<Option<Joinable>, Failure> {
    of(signed, tx, &tx.deliveries_of(graduate.id, LOOKS_BACK).await?).await
}

/// The same, where the person's newest deliveries are known already.
pub(crate) async fn of(signed: &Signed, tx: &Tx, deliveries: &[Delivery]) -> Result<Option<Joinable>, Failure> {
    let is_today = |delivery: &&Delivery| signed.local(delivery.due_at).date_naive() == signed.today();
    let Some(waits) = deliveries.iter().filter(is_today).find(|delivery| delivery.is_waiting_question()) else {
        return Ok(None);
    };
    let Some(id) = waits.check_in else { return Ok(None) };
    let Some(row) = tx.check_in(id).await? else { return Ok(None) };
    let parts = &signed.app.parts;
    let Some(template) = parts.templates.get(&row.template) else { return Ok(None) };
    let words = template.within(&waits.payload.text, &parts.lint);
    let view = JoinView { check_in: row.id.to_string(), at: signed.local(waits.due_at), is_on: true };
    Ok(Some(Joinable { check_in: row.id, words, view }))
}

/// The check-in whose question an answer asks. Where somebody has taken the question out of the words again, the check-in asks it as
/// planned, whatever is marked.
pub(crate) async fn asked(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    form: &ReplyForm,
) -> Result<Option<CheckInId>, Failure> {
    if form.join.is_empty() {
        return Ok(None);
    }
    let id = form.join.parse().map_err(|_| Failure::Unreadable)?;
    let found = joinable(signed, tx, graduate).await?.filter(|found| found.check_in == id);
    // One that can't be joined any more is for the store to refuse.
    Ok(found.is_none_or(|found| found.stands_in(&form.body)).then_some(id))
}

/// What the page says beside the box: only where the question stands in it.
pub(crate) async fn view(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    reply: &FormState<ReplyForm>,
) -> Result<Option<JoinView>, Failure> {
    let typed = &reply.typed;
    if typed.body.trim().is_empty() {
        return Ok(None);
    }
    let Some(found) = joinable(signed, tx, graduate).await? else { return Ok(None) };
    // Whoever took the mark away and was refused for something else doesn't get it back.
    let is_on = found.is_in(&typed.join) || reply.is_valid();
    Ok(found.stands_in(&typed.body).then_some(JoinView { is_on, ..found.view }))
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

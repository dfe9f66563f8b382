//! When words of ours were said: as they left, not as they were written. A reply waits for its minute, and an answer that came meanwhile
//! answers nothing that hadn't gone.

use std::collections::HashMap;

use bansou_core::delivery::DeliveryState;
use bansou_core::ids::StaffId;
use bansou_core::thread::{Author, Direction};
use bansou_store::{Delivery, Graduate, Message, Tx};
use chrono::{DateTime, TimeDelta, Utc};

use crate::errors::Failure;
use crate::pages::LocalTime;
use crate::pages::call::RecentWords;
use crate::signed::Signed;

/// Words that go sooner than this were written when they went, as far as a clock without seconds tells.
const AT_ONCE: TimeDelta = TimeDelta::minutes(1);

/// When words were said, and when they were written where that was another minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SaidAt {
    pub(crate) at: LocalTime,
    pub(crate) written_at: Option<LocalTime>,
}

/// Of words that were written and, where they are ours, left at these moments.
pub(crate) fn said_at(signed: &Signed, written: DateTime<Utc>, left: Option<DateTime<Utc>>) -> SaidAt {
    let Some(left) = left else { return SaidAt { at: signed.local(written), written_at: None } };
    let waited = left - written >= AT_ONCE;
    SaidAt { at: signed.local(left), written_at: waited.then(|| signed.local(written)) }
}

/// When a message of ours left, as the person's deliveries tell.
pub(crate) fn left(message: &Message, deliveries: &[Delivery]) -> Option<DateTime<Utc>> {
    of(message, deliveries).filter_map(|delivery| delivery.accepted_at).min()
}

/// Whether a message of ours is still to go.
pub(crate) fn waits(message: &Message, deliveries: &[Delivery]) -> bool {
    of(message, deliveries).any(|one| matches!(one.state, DeliveryState::Due | DeliveryState::Sending))
        && left(message, deliveries).is_none()
}

fn of<'a>(message: &Message, deliveries: &'a [Delivery]) -> impl Iterator<Item = &'a Delivery> {
    let id = message.id;
    deliveries.iter().filter(move |delivery| delivery.message == Some(id))
}

/// What was said last with a person, newest first. Words of ours that haven't gone aren't among it: whoever reads this must not take the
/// person for answered.
pub(crate) async fn last(
    signed: &Signed,
    tx: &Tx,
    graduate: &Graduate,
    names: &HashMap<StaffId, String>,
    limit: u64,
) -> Result<Vec<RecentWords>, Failure> {
    let who = |message: &Message| match (message.direction, message.author) {
        (Direction::In, _) => graduate.details.profile.name.clone(),
        (Direction::Out, Author::Staff) => message.staff.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        (Direction::Out, _) => signed.office.name.clone(),
    };
    let messages = tx.messages_of(graduate.id, None, limit).await?;
    let left = tx.left_at(&messages.iter().map(|message| message.id).collect::<Vec<_>>()).await?;
    let mut words: Vec<RecentWords> = messages
        .into_iter()
        .filter_map(|message| {
            let left = left.get(&message.id).copied();
            if left == Some(None) {
                return None;
            }
            let SaidAt { at, written_at } = said_at(signed, message.at, left.flatten());
            let who = who(&message);
            Some(RecentWords { at, written_at, who, text: signed.in_words(&message.body?) })
        })
        .collect();
    words.sort_by_key(|words| std::cmp::Reverse(words.at));
    Ok(words)
}

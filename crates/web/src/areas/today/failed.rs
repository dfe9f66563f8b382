//! Messages that didn't arrive, and what can be done about each.

use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_store::{FailedDelivery, TodayFacts, Tx};

use super::rows::Named;
use crate::errors::Failure;
use crate::pages::today::{Decision, FailedSend, Short};
use crate::resend;
use crate::signed::Signed;

/// What didn't arrive, newest first, as far as there is `room` for it. Words of staff are offered to be sent once more only where they can be.
pub(super) async fn failed(
    signed: &Signed,
    tx: &Tx,
    (facts, named): (&[TodayFacts], &Named),
    room: usize,
) -> Result<Short<FailedSend>, Failure> {
    let mut all: Vec<_> =
        facts.iter().flat_map(|facts| facts.failed.iter().map(move |failed| (facts, failed))).collect();
    all.sort_by_key(|(_, failed)| std::cmp::Reverse(failed.at));
    let shown = super::first(&all, room);
    let unheard = shown.iter().filter(|(_, failed)| is_reply(failed)).map(|(facts, _)| facts.graduate);
    let people = tx.people_with_addresses(&unheard.collect::<Vec<_>>()).await?;
    let view = |(facts, failed): &(&TodayFacts, &FailedDelivery)| {
        let who = named.people.get(&facts.graduate)?;
        let person = people.get(&facts.graduate).filter(|_| is_reply(failed));
        let no_resend = person.and_then(|(graduate, points)| resend::mend(signed, graduate, points, failed.channel));
        let mut choices = Vec::new();
        if person.is_some() && no_resend.is_none() {
            choices.push(Decision::Resend);
        }
        if failed.state == DeliveryState::NeedsPerson {
            choices.push(Decision::Arrived);
        }
        choices.push(Decision::Call);
        Some(FailedSend {
            delivery: failed.id.to_string(),
            graduate: facts.graduate.to_string(),
            name: who.profile.name.clone(),
            apart: named.apart.get(&facts.graduate).cloned().unwrap_or_default(),
            channel: failed.channel,
            at: signed.local(failed.at),
            why: match failed.escalation {
                Some(_) => signed.say(&format!("delivery-told-request-{}", failed.state)),
                None => signed.say(&format!("delivery-told-{}", failed.state)),
            },
            request: failed.escalation.map(|id| id.to_string()),
            choices,
            no_resend,
        })
    };
    Ok(Short::of(shown.iter().filter_map(view).collect(), all.len()))
}

/// Whether words of staff are what didn't arrive.
fn is_reply(failed: &FailedDelivery) -> bool {
    failed.purpose == Purpose::Reply && failed.message.is_some()
}

//! Messages that didn't arrive, and what can be done about each.

use std::collections::HashMap;

use bansou_core::delivery::{DeliveryState, Purpose};
use bansou_core::ids::GraduateId;
use bansou_store::{ContactPoint, FailedDelivery, Graduate, TodayFacts};

use crate::pages::today::{Decision, FailedSend};
use crate::resend;
use crate::signed::Signed;

/// What didn't arrive. Words of staff are offered to be sent once more only where they can be.
pub(super) fn failed(
    signed: &Signed,
    people: &HashMap<GraduateId, (Graduate, Vec<ContactPoint>)>,
    facts: &TodayFacts,
) -> Vec<FailedSend> {
    let view = |failed: &FailedDelivery| {
        let person = people.get(&facts.who.id).filter(|_| is_reply(failed));
        let no_resend = person.and_then(|(graduate, points)| resend::mend(signed, graduate, points, failed.channel));
        let mut choices = Vec::new();
        if person.is_some() && no_resend.is_none() {
            choices.push(Decision::Resend);
        }
        if failed.state == DeliveryState::NeedsPerson {
            choices.push(Decision::Arrived);
        }
        choices.push(Decision::Call);
        FailedSend {
            delivery: failed.id.to_string(),
            graduate: facts.who.id.to_string(),
            name: facts.who.profile.name.clone(),
            channel: failed.channel,
            at: signed.local(failed.at),
            why: match failed.escalation {
                Some(_) => signed.say(&format!("delivery-told-request-{}", failed.state)),
                None => signed.say(&format!("delivery-told-{}", failed.state)),
            },
            request: failed.escalation.map(|id| id.to_string()),
            choices,
            no_resend,
        }
    };
    facts.failed.iter().map(view).collect()
}

/// Whether words of staff are what didn't arrive.
pub(super) fn is_reply(failed: &FailedDelivery) -> bool {
    failed.purpose == Purpose::Reply && failed.message.is_some()
}

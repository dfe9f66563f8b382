//! SMS: texts that come in, and reports on ours.

use bansou_channels::twilio::{OptOut, SmsStatus, parse_inbound, parse_status};
use bansou_core::audit::Actor;
use bansou_core::check_in::CloseReason;
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_core::signs::classify;
use bansou_store::{Inbound, Receipt, Tx};

use super::Effect;
use super::answer::Said;
use super::effects::{nothing_more_there, somebody_unknown};
use crate::engine::{Engine, OfficeRules};
use crate::error::Result;
use crate::receive::ATTEMPT;

impl Engine {
    pub(crate) async fn sms_came(&self, tx: &Tx, rules: &OfficeRules, inbound: &Inbound) -> Result<Effect> {
        let Ok(sms) = parse_inbound(&form(inbound)) else { return Ok(Effect::IGNORED) };
        let mut points = tx.contact_points_at(ContactKind::Sms, sms.from.as_str()).await?;
        if let Some(said) = inbound.graduate {
            // A member of staff said whose words these are.
            points.retain(|point| point.graduate == said);
        }
        // A number that two people share says nothing about who wrote: a person has to look.
        let [point] = points.as_slice() else {
            let found = classify(&sms.body, &self.parts.lexicon);
            if sms.opt_out == Some(OptOut::Stop) || found.opt_out_exact {
                nothing_more_there(tx, &points, inbound.occurred_at).await?;
            }
            somebody_unknown(tx, inbound, found.crisis).await?;
            return Ok(Effect::UNKNOWN_SENDER);
        };
        let graduate = point.graduate;
        tx.lock_graduate(graduate).await?;
        tx.hold_thread_if_any(graduate).await?;
        // Words from before a stop, which come late, don't lift it.
        let stopped_since = matches!(point.reach, Reachability::Stopped { since } if since > inbound.occurred_at);
        if sms.opt_out == Some(OptOut::Start) && !stopped_since {
            tx.set_reachability(Actor::graduate(graduate), point.id, point.reach.resumed().unwrap_or(point.reach))
                .await?;
        }
        let said = Said {
            graduate,
            channel: ChannelKind::Sms,
            text: &sms.body,
            attachment: (sms.media > 0).then(|| "image".to_owned()),
            fetch_from: None,
            at: inbound.occurred_at,
            provider_ref: Some(sms.sid.clone()),
            reply_token: None,
        };
        if sms.opt_out == Some(OptOut::Stop) {
            self.stop(tx, rules, &said).await?;
        } else {
            self.said(tx, rules, &said).await?;
        }
        Ok(Effect::of(graduate))
    }

    pub(crate) async fn sms_reported(&self, tx: &Tx, rules: &OfficeRules, inbound: &Inbound) -> Result<Effect> {
        let Ok(report) = parse_status(&form(inbound)) else { return Ok(Effect::IGNORED) };
        self.clear_up(tx, rules, inbound, &report.sid).await?;
        let arrived = match report.status {
            SmsStatus::Delivered => true,
            SmsStatus::Undelivered | SmsStatus::Failed | SmsStatus::Canceled => false,
            _ => return Ok(Effect::IGNORED),
        };
        let code = report.failure.as_ref().map(|failure| format!("twilio_{}", failure.code));
        let delivery = match tx.receipt(&report.sid, arrived, code.as_deref()).await? {
            Receipt::Changed(delivery) => delivery,
            Receipt::Known => return Ok(Effect::IGNORED),
            Receipt::Early => return Ok(Effect::TOO_EARLY),
        };
        let Some(graduate) = delivery.graduate else { return Ok(Effect::IGNORED) };
        if !arrived {
            self.did_not_arrive(tx, &delivery, CloseReason::Refused).await?;
        }
        Ok(Effect::of(graduate))
    }

    /// A report on an SMS of which we didn't know whether it left: Twilio has it, and this is its id.
    async fn clear_up(&self, tx: &Tx, rules: &OfficeRules, inbound: &Inbound, sid: &str) -> Result<()> {
        let attempt = inbound.body[ATTEMPT].as_str().and_then(|attempt| attempt.split('.').next()?.parse().ok());
        let Some(id) = attempt else { return Ok(()) };
        let Some(delivery) = tx.delivery(id).await? else { return Ok(()) };
        if delivery.state == DeliveryState::Unknown && tx.found_accepted(id, Some(sid.to_owned())).await? {
            self.accepted(tx, rules, &delivery, inbound.occurred_at).await?;
        }
        Ok(())
    }
}

fn form(inbound: &Inbound) -> Vec<(String, String)> {
    serde_json::from_value(inbound.body["form"].clone()).unwrap_or_default()
}

//! Words that came in at the provider and never reached us.
//!
//! LINE brings an event again until we have answered it. Twilio calls once, and once more another address; when both fail,
//! nobody is told (trust.md 3c 10). So its list of what came in is read every few minutes. What isn't stored yet is stored
//! under the key that its webhook would have had, so that a webhook and a look at the same moment are one event; from there on it
//! is an event like any other, with the time at which the person wrote: what is late by that is treated as late.

use bansou_channels::Channel;
use bansou_channels::twilio::ReceivedSms;
use bansou_core::ids::OfficeId;
use bansou_store::NewInbound;
use chrono::Duration;
use serde_json::json;

use crate::engine::Engine;
use crate::error::Result;
use crate::receive::SMS;

/// Each look goes back so far before the last one: the list may lag behind, and clocks differ.
const OVERLAP: Duration = Duration::hours(1);
/// What is younger than this may still have its webhook on the way: Twilio tries two addresses, each for up to fifteen seconds,
/// and each twice. The next look sees it.
const SETTLED: Duration = Duration::minutes(2);
/// After a longer time without a look, older words are not asked for any more; no backup is older either.
const AT_MOST: Duration = Duration::days(35);
/// Pages of one look. Whatever is on them is stored; where there are more, the next look begins from the same moment.
const PAGES: usize = 500;

/// What one look at a provider's list came to.
enum Look {
    /// All of it was read; so many events were new.
    Whole(u64),
    /// It broke off, with a code that says why.
    Broken(u64, String),
}

impl Engine {
    /// Asks providers that don't bring lost events again what came in, and stores what isn't there yet; returns how much that
    /// was. Switches stop sending, not listening. Channels belong to the first office.
    pub async fn inbound_sweep(&self) -> Result<u64> {
        let Some(office) = self.parts.store.offices().await?.into_iter().next() else { return Ok(0) };
        let mut found = 0;
        for channel in &self.parts.channels {
            let (new, result) = match self.missed_on(office.id, channel).await? {
                None => continue,
                Some(Look::Whole(new)) => (new, "done"),
                Some(Look::Broken(new, code)) => {
                    tracing::warn!(channel = channel.id(), code, "what came in couldn't be asked for");
                    (new, "failed")
                }
            };
            let id = channel.id().to_owned();
            metrics::counter!("bansou_inbound_sweeps_total", "channel" => id.clone(), "result" => result).increment(1);
            metrics::counter!("bansou_inbound_events_total", "channel" => id.clone()).increment(new);
            metrics::counter!("bansou_inbound_missed_total", "channel" => id).increment(new);
            if new > 0 {
                tracing::warn!(channel = channel.id(), new, "events were found whose webhooks never reached us");
            }
            found += new;
        }
        Ok(found)
    }

    /// One channel; `None` where its provider can't be asked.
    async fn missed_on(&self, office: OfficeId, channel: &Channel) -> Result<Option<Look>> {
        let began = self.now();
        let tx = self.parts.store.read(office).await?;
        let last = tx.channel_state(channel.id()).await?.and_then(|state| state.swept_at);
        drop(tx);
        // A mark from a clock that ran ahead says nothing about the time until it.
        let since = last.unwrap_or(began).clamp(began - AT_MOST, began) - OVERLAP;
        let (mut page, mut new) = (None::<String>, 0);
        for _ in 0..PAGES {
            let answer = match channel.received(since, page.as_deref()).await {
                None => return Ok(None),
                Some(Ok(answer)) => answer,
                Some(Err(error)) => return Ok(Some(Look::Broken(new, error.code))),
            };
            let events: Vec<NewInbound> =
                answer.messages.into_iter().filter(|sms| sms.at <= began - SETTLED).map(event).collect();
            new += self.parts.store.store_inbound(office, channel.id(), &events).await?;
            let Some(next) = answer.next else {
                let tx = self.parts.store.begin(office).await?;
                tx.channel_swept(channel.id(), began).await?;
                tx.save().await?;
                return Ok(Some(Look::Whole(new)));
            };
            page = Some(next);
        }
        Ok(Some(Look::Broken(new, "too_many_pages".to_owned())))
    }
}

/// The event as its webhook would have stored it, but for the time, which a webhook doesn't carry.
fn event(sms: ReceivedSms) -> NewInbound {
    NewInbound { event_key: sms.sid, kind: SMS.into(), body: json!({ "form": sms.form }), occurred_at: sms.at }
}

//! What people do on their phones, and how the webhooks of it arrive: late, in any order, more than once.

use bansou_channels::{Address, Channel, PhoneAction, SignedCall, SimulatorChannel};
use bansou_store::NewInbound;
use bansou_worker::receive;
use uuid::Uuid;

use super::known::Person;
use super::play::{Player, Wrote};
use super::stage::{LINE, SMS, SMS_URL};
use super::step::Step;
use super::watched::{At, End, Watched};
use crate::failure::{Done, Failure};

/// A webhook call on its way.
#[derive(Clone)]
pub(super) struct Call {
    channel: &'static str,
    rows: Vec<NewInbound>,
    /// Whose stop it brings.
    stops: Option<u32>,
}

impl Player {
    /// What somebody does on their phone; the webhooks are on their way then.
    pub(super) fn said(&mut self, step: Step) -> Done {
        self.counter += 1;
        let id = Uuid::from_u128(self.counter.into());
        let now = self.stage.now();
        let (Channel::Simulator(line), Channel::Simulator(sms)) = (&self.stage.channels[0], &self.stage.channels[1])
        else {
            return Ok(());
        };
        let (Step::Answer { n, copies, .. }
        | Step::Write { n, copies, .. }
        | Step::WriteStop { n, copies, .. }
        | Step::Block { n, copies, .. }) = step
        else {
            return Ok(());
        };
        let person = self.known.person(n);
        let on_line = |line: &SimulatorChannel, person: &Person, action: PhoneAction| {
            Some((LINE, line.act(&Address::new(person.line.clone()?), &action, now, id)))
        };
        let by_sms = |person: &Person, text: &str| {
            Some((SMS, sms.write_sms(SMS_URL, &Address::new(person.sms.clone()?), text, now, id)))
        };
        let mark = format!("覚え{}", self.counter);
        let (signed, words) = match step {
            Step::Answer { choice, .. } => {
                let own = [&person.line, &person.sms];
                let is_theirs = |to: &str| own.into_iter().flatten().any(|address| address == to);
                let newest =
                    self.oracle.ledger.iter().rev().find(|message| !message.is_reply && is_theirs(message.to.as_str()));
                let Some(newest) = newest else { return Ok(()) };
                let taps = newest.choices.get(choice as usize % newest.choices.len().max(1));
                let signed = match taps {
                    Some(tap) => on_line(line, person, PhoneAction::Tap { data: tap.data.clone() }),
                    None => by_sms(person, &choice.to_string()),
                };
                (signed, None)
            }
            Step::Write { by_sms: true, .. } => (by_sms(person, &format!("きのうは雨でした {mark}")), Some(true)),
            Step::Write { .. } => {
                (on_line(line, person, PhoneAction::Text(format!("きのうは雨でした {mark}"))), Some(false))
            }
            Step::WriteStop { by_sms: true, .. } => (by_sms(person, "STOP"), None),
            Step::WriteStop { .. } => (on_line(line, person, PhoneAction::Text("配信停止".into())), None),
            Step::Block { blocks: true, .. } => (on_line(line, person, PhoneAction::Block), None),
            _ => (on_line(line, person, PhoneAction::Follow), None),
        };
        let Some((channel, signed)) = signed else { return Ok(()) };
        let rows = self.received(channel, &signed)?;
        if let Some(by_sms) = words {
            self.wrote.push(Wrote { n, mark, by_sms });
        }
        let stops = matches!(step, Step::WriteStop { .. }).then_some(n);
        self.air.extend(std::iter::repeat_n(Call { channel, rows, stops }, copies as usize));
        Ok(())
    }

    fn received(&self, channel: &str, call: &SignedCall) -> Done<Vec<NewInbound>> {
        let now = self.stage.now();
        let [line, sms] = &self.stage.channels;
        let rows = if channel == LINE {
            receive::line(line, &call.body, &call.signature, now)
        } else {
            receive::twilio_inbound(sms, SMS_URL, &call.body, &call.signature, now)
        };
        rows.map_err(Failure::failed)
    }

    /// One webhook call arrives; without our 2xx the provider sends it again.
    pub(super) async fn webhook(&mut self, order: u32, mishap: Option<At>) -> Done {
        if self.air.is_empty() {
            return Ok(());
        }
        let call = self.air.swap_remove(order as usize % self.air.len());
        let (store, office, again) = (self.stage.store.clone(), self.stage.office, call.clone());
        let work = async move { store.store_inbound(office, call.channel, &call.rows).await };
        let mut work = Watched::new(mishap, work);
        let end = work.run().await;
        drop(work);
        match end {
            End::Done(Ok(new)) => {
                self.webhooks += 1;
                if let Some(n) = again.stops.filter(|_| new > 0) {
                    let person = self.known.person(n);
                    // A stop from an account that isn't theirs any more, or that was lifted since, isn't theirs.
                    person.stop_stored = !person.readdressed;
                }
            }
            End::Done(Err(error)) if !error.is_temporary() => return Err(error.into()),
            End::Done(Err(_)) | End::Died | End::Stands => {
                *self.mishaps.entry("webhook without our answer".into()).or_default() += 1;
                self.air.push(again);
            }
        }
        Ok(())
    }

    /// Somebody does something in the chat, and its webhook comes so many times, at once.
    pub(super) async fn chats(&mut self, n: u32, action: &PhoneAction, is_stop: bool, copies: u32) -> Done {
        let Some(address) = self.known.person(n).line.clone() else { return Ok(()) };
        self.counter += 1;
        let Channel::Simulator(line) = &self.stage.channels[0] else { return Ok(()) };
        let id = Uuid::from_u128(self.counter.into());
        let signed = line.act(&Address::new(address), action, self.stage.now(), id);
        self.arrives(LINE, &signed, is_stop.then_some(n), copies).await
    }

    /// The same for an SMS.
    pub(super) async fn texts(&mut self, n: u32, text: &str, is_stop: bool, copies: u32) -> Done {
        let Some(address) = self.known.person(n).sms.clone() else { return Ok(()) };
        self.counter += 1;
        let Channel::Simulator(sms) = &self.stage.channels[1] else { return Ok(()) };
        let id = Uuid::from_u128(self.counter.into());
        let signed = sms.write_sms(SMS_URL, &Address::new(address), text, self.stage.now(), id);
        self.arrives(SMS, &signed, is_stop.then_some(n), copies).await
    }

    async fn arrives(&mut self, channel: &'static str, signed: &SignedCall, stops: Option<u32>, copies: u32) -> Done {
        let rows = self.received(channel, signed)?;
        self.air.extend(std::iter::repeat_n(Call { channel, rows, stops }, copies as usize));
        while !self.air.is_empty() {
            self.webhook(0, None).await?;
        }
        Ok(())
    }
}

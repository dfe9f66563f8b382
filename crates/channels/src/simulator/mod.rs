//! The simulator: a channel whose messages stay in this process, for the demo's phone and mailbox pages.
//!
//! It behaves as the provider it stands for: as LINE it remembers retry keys for 24 hours and accepts, without
//! delivering, for people who blocked the account. Production refuses it (cli).

mod phone;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use phone::{PhoneAction, SignedCall};

use crate::{Address, ChannelKind, Choice, Outcome, Outgoing, RefusedClass, Secret, check::refused};

/// LINE forgets a retry key after this time.
const KEY_MEMORY: TimeDelta = TimeDelta::hours(24);

/// A message that the simulator took.
#[derive(Clone, PartialEq, Eq)]
pub struct SimulatedMessage {
    /// Counts from 1 over all simulators of one inbox: a stable id for the page, and the provider's reference.
    pub number: u64,
    /// The channel's id.
    pub channel: String,
    /// As what it came.
    pub kind: ChannelKind,
    /// For whom.
    pub to: Address,
    /// The subject of a mail.
    pub subject: Option<String>,
    /// The text.
    pub text: String,
    /// A mail as HTML.
    pub html: Option<String>,
    /// Answers to tap.
    pub choices: Vec<Choice>,
    /// The message's key.
    pub key: Uuid,
    /// When it was sent, UTC.
    pub at: DateTime<Utc>,
    /// False if the person had blocked the account: accepted, but it never arrived.
    pub delivered: bool,
}

/// Everything that simulators took, shared between them and the demo's pages.
#[derive(Clone, Default)]
pub struct SimulatorInbox(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    ledger: Vec<SimulatedMessage>,
    /// Key and channel → when it was accepted, and as which message.
    keys: HashMap<(String, Uuid), (DateTime<Utc>, u64)>,
    blocked: HashSet<Address>,
    gone: HashSet<Address>,
}

/// A channel that writes into a [`SimulatorInbox`].
#[derive(Clone)]
pub struct SimulatorChannel {
    id: String,
    kind: ChannelKind,
    inbox: SimulatorInbox,
    webhook_secret: Secret,
}

impl SimulatorInbox {
    /// An empty inbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// What arrived for one address, oldest first.
    pub fn messages_to(&self, to: &Address) -> Vec<SimulatedMessage> {
        self.state().ledger.iter().filter(|message| message.delivered && message.to == *to).cloned().collect()
    }

    /// Everything accepted after message `number`, oldest first; also what never arrived.
    pub fn accepted_after(&self, number: u64) -> Vec<SimulatedMessage> {
        let state = self.state();
        let from = state.ledger.partition_point(|message| message.number <= number);
        state.ledger[from..].to_vec()
    }

    /// The person blocks the account (or takes the block back).
    pub fn set_blocked(&self, person: &Address, blocked: bool) {
        let mut state = self.state();
        if blocked {
            state.blocked.insert(person.clone());
        } else {
            state.blocked.remove(person);
        }
    }

    /// The address doesn't exist any more: as SMS and mail, messages to it are refused from now on.
    pub fn set_gone(&self, address: &Address) {
        self.state().gone.insert(address.clone());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change below is complete before anything can panic, so a poisoned lock still guards good data.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SimulatorChannel {
    /// A simulator that stands for a provider; `webhook_secret` signs what the demo's phone posts.
    pub fn new(id: impl Into<String>, kind: ChannelKind, inbox: SimulatorInbox, webhook_secret: Secret) -> Self {
        Self { id: id.into(), kind, inbox, webhook_secret }
    }

    /// Our id of the channel.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Which provider it stands for.
    pub fn kind(&self) -> ChannelKind {
        self.kind
    }

    /// Takes one message.
    pub fn send(&self, outgoing: &Outgoing) -> Outcome {
        if let Err(problems) = self.kind.check(outgoing) {
            return refused(&problems);
        }
        let mut state = self.inbox.state();
        if self.kind != ChannelKind::Line && state.gone.contains(&outgoing.to) {
            return Outcome::refused(RefusedClass::AddressInvalid, "no_such_address");
        }
        let key = (self.id.clone(), outgoing.key);
        if let (ChannelKind::Line, Some((at, number))) = (self.kind, state.keys.get(&key))
            && outgoing.at - *at < KEY_MEMORY
        {
            return accepted(*number, true);
        }
        let number = state.ledger.last().map_or(1, |message| message.number + 1);
        let delivered = !state.blocked.contains(&outgoing.to);
        state.keys.insert(key, (outgoing.at, number));
        state.ledger.push(SimulatedMessage {
            number,
            channel: self.id.clone(),
            kind: self.kind,
            to: outgoing.to.clone(),
            subject: outgoing.subject.clone(),
            text: outgoing.text.clone(),
            html: outgoing.html.clone(),
            choices: outgoing.choices.clone(),
            key: outgoing.key,
            at: outgoing.at,
            delivered,
        });
        accepted(number, false)
    }

    /// Answers an event; any token is good here. Only LINE has this.
    pub fn reply(&self, reply_token: &Secret, outgoing: &Outgoing) -> Outcome {
        if self.kind != ChannelKind::Line || reply_token.is_empty() {
            return Outcome::refused(RefusedClass::BadRequest, "line_400_reply_token");
        }
        self.send(outgoing)
    }
}

impl fmt::Debug for SimulatorInbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SimulatorInbox")
    }
}

impl fmt::Debug for SimulatorChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatorChannel").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl fmt::Debug for SimulatedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatedMessage").field("number", &self.number).finish_non_exhaustive()
    }
}

fn accepted(number: u64, already: bool) -> Outcome {
    Outcome::Accepted { provider_ref: Some(format!("sim-{number}")), request_id: None, already }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing(to: &str, key: u128, hours: i64) -> Outgoing {
        let at = DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        Outgoing::text(Address::new(to), "元気ですか", Uuid::from_u128(key), at)
    }

    fn simulator(kind: ChannelKind, inbox: &SimulatorInbox) -> SimulatorChannel {
        SimulatorChannel::new("sim", kind, inbox.clone(), Secret::new("s"))
    }

    #[test]
    fn as_line_a_key_is_one_message_for_a_day_and_a_new_one_after_that() {
        let inbox = SimulatorInbox::new();
        let line = simulator(ChannelKind::Line, &inbox);
        assert_eq!(line.send(&outgoing("U1", 7, 0)), accepted(1, false));
        assert_eq!(line.send(&outgoing("U1", 7, 23)), accepted(1, true));
        assert_eq!(inbox.messages_to(&Address::new("U1")).len(), 1);
        assert_eq!(line.send(&outgoing("U1", 7, 24)), accepted(2, false));
    }

    #[test]
    fn as_sms_nothing_protects_from_a_second_send() {
        let inbox = SimulatorInbox::new();
        let sms = simulator(ChannelKind::Sms, &inbox);
        sms.send(&outgoing("+819010000000", 7, 0));
        sms.send(&outgoing("+819010000000", 7, 0));
        assert_eq!(inbox.messages_to(&Address::new("+819010000000")).len(), 2);
    }

    #[test]
    fn a_person_who_blocked_us_gets_nothing_though_it_is_accepted() {
        let inbox = SimulatorInbox::new();
        let line = simulator(ChannelKind::Line, &inbox);
        let person = Address::new("U1");
        inbox.set_blocked(&person, true);
        assert_eq!(line.send(&outgoing("U1", 1, 0)), accepted(1, false));
        assert!(inbox.messages_to(&person).is_empty());
        inbox.set_blocked(&person, false);
        line.send(&outgoing("U1", 2, 1));
        assert_eq!(inbox.messages_to(&person).len(), 1);
        assert_eq!(inbox.accepted_after(0).len(), 2);
        assert_eq!(inbox.accepted_after(1)[0].number, 2);
    }

    #[test]
    fn a_number_that_is_gone_is_refused_as_an_invalid_address() {
        let inbox = SimulatorInbox::new();
        let sms = simulator(ChannelKind::Sms, &inbox);
        inbox.set_gone(&Address::new("+819010000000"));
        let expected = Outcome::refused(RefusedClass::AddressInvalid, "no_such_address");
        assert_eq!(sms.send(&outgoing("+819010000000", 1, 0)), expected);
        assert!(inbox.accepted_after(0).is_empty());
    }

    #[test]
    fn it_refuses_what_the_provider_would_refuse() {
        let inbox = SimulatorInbox::new();
        let sms = simulator(ChannelKind::Sms, &inbox);
        let expected = Outcome::refused(RefusedClass::AddressInvalid, "checked_here");
        assert_eq!(sms.send(&outgoing("09010000000", 1, 0)), expected);
        assert!(inbox.accepted_after(0).is_empty());
    }
}

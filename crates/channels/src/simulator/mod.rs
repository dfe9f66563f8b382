//! The simulator: a channel whose messages stay in this process, for the demo's phone and mailbox pages, and for
//! `bansou simulate`.
//!
//! It behaves as the provider it stands for: as LINE it remembers retry keys for 24 hours, takes a reply token once, and
//! accepts, without delivering, for people who blocked the account; as SMS it knows no keys but can be asked what it took.
//! What it took is a ledger of its own, with its own clock where it is given one. Production refuses it (cli).

mod faults;
mod phone;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bansou_core::ambient::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use faults::Faults;
pub use faults::SimulatorFault;
pub use phone::{PhoneAction, SignedCall};

use crate::{
    Address, CallFailed, ChannelKind, Choice, Content, Outcome, Outgoing, RefusedClass, Secret,
    check::refused,
    twilio::{FoundSms, ReceivedPage, ReceivedSms, SmsStatus, body_hash},
};

/// LINE forgets a retry key after this time.
const KEY_MEMORY: TimeDelta = TimeDelta::hours(24);
/// A reply token is good for about a minute (channels.md 1.1).
const TOKEN_GOOD_FOR: TimeDelta = TimeDelta::minutes(1);

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
    /// When it was sent, UTC, by the provider's clock where it has one.
    pub at: DateTime<Utc>,
    /// It answers an event, over LINE's reply.
    pub is_reply: bool,
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
    /// Reply token → of which event's moment, and to whom it answers.
    tokens: HashMap<String, (DateTime<Utc>, Address)>,
    used: HashSet<String>,
    /// What people wrote by SMS, with the channel it came to.
    received: Vec<(String, ReceivedSms)>,
    /// Pictures that people sent, by the message's id.
    contents: HashMap<String, Vec<u8>>,
    faults: Faults,
    calls: u64,
    clock: Option<Arc<dyn Clock>>,
    is_down: bool,
    /// Messages to them end in a panic: a bug of ours that only they meet.
    poison: HashSet<Address>,
    /// Calls for them never end.
    endless: HashSet<Address>,
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

    /// Gives the providers a clock of their own; without one they go by the time that a message carries.
    pub fn set_clock(&self, clock: Arc<dyn Clock>) {
        self.state().clock = Some(clock);
    }

    /// What goes wrong with the next calls to channels of a kind, one after the other; `None` is a call that goes well.
    pub fn script(&self, kind: ChannelKind, faults: impl IntoIterator<Item = Option<SimulatorFault>>) {
        self.state().faults.script(kind, faults);
    }

    /// Nothing goes wrong any more: no scripted faults, no outage, no poison.
    pub fn recover(&self) {
        let mut state = self.state();
        state.faults.clear();
        state.is_down = false;
        state.poison.clear();
        state.endless.clear();
    }

    /// The providers can't be reached, or can again.
    pub fn set_down(&self, is_down: bool) {
        self.state().is_down = is_down;
    }

    /// From now on calling for this address panics.
    pub fn set_poison(&self, address: &Address) {
        self.state().poison.insert(address.clone());
    }

    /// From now on calling for this address never ends.
    pub fn set_endless(&self, address: &Address) {
        self.state().endless.insert(address.clone());
    }

    /// How many faults of each kind have happened.
    pub fn faults(&self) -> BTreeMap<SimulatorFault, u64> {
        self.state().faults.happened()
    }

    /// How many calls came, also those that were refused.
    pub fn calls(&self) -> u64 {
        self.state().calls
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

    /// Takes one message, unless the call for it never ends.
    pub async fn called(&self, outgoing: &Outgoing) -> Outcome {
        if self.inbox.state().endless.contains(&outgoing.to) {
            std::future::pending::<()>().await;
        }
        self.send(outgoing)
    }

    /// Takes one message.
    pub fn send(&self, outgoing: &Outgoing) -> Outcome {
        self.call(outgoing, None)
    }

    /// Answers an event; a token is good once, and for a minute where it is one of [`SimulatorChannel::act`]. Only LINE has
    /// this.
    pub fn reply(&self, reply_token: &Secret, outgoing: &Outgoing) -> Outcome {
        if self.kind != ChannelKind::Line || reply_token.is_empty() {
            return dead_token();
        }
        self.call(outgoing, Some(reply_token.expose()))
    }

    /// Messages to this person with this text taken since then, oldest first; what Twilio's list of messages would say.
    pub fn look_up(
        &self,
        to: &Address,
        text_hash: [u8; 32],
        since: DateTime<Utc>,
    ) -> Result<Vec<FoundSms>, CallFailed> {
        let state = self.inbox.state();
        if state.is_down {
            return Err(CallFailed { code: "connect".to_owned() });
        }
        let is_this = |message: &&SimulatedMessage| {
            message.channel == self.id
                && message.to == *to
                && message.at >= since - TimeDelta::minutes(2)
                && body_hash(&message.text) == text_hash
        };
        let found = |message: &SimulatedMessage| FoundSms {
            sid: reference(message.number),
            status: SmsStatus::Delivered,
            failure: None,
            created_at: message.at,
        };
        Ok(state.ledger.iter().filter(is_this).map(found).collect())
    }

    /// What people wrote to this channel by SMS since then; what Twilio's list of messages would say.
    pub fn received(&self, since: DateTime<Utc>) -> Result<ReceivedPage, CallFailed> {
        let state = self.inbox.state();
        if state.is_down {
            return Err(CallFailed { code: "connect".to_owned() });
        }
        let ours = state.received.iter().rev().filter(|(channel, sms)| *channel == self.id && sms.at >= since);
        Ok(ReceivedPage { messages: ours.map(|(_, sms)| sms.clone()).collect(), next: None })
    }

    /// What came with a message; what LINE's data host would say. Somebody who took the message back took this along.
    pub fn content(&self, message_id: &str) -> Content {
        let state = self.inbox.state();
        if state.is_down {
            return Content::TryLater { code: "connect".to_owned() };
        }
        state.contents.get(message_id).map_or(Content::Gone, |bytes| Content::Bytes(bytes.clone()))
    }

    fn call(&self, outgoing: &Outgoing, token: Option<&str>) -> Outcome {
        if let Err(problems) = self.kind.check(outgoing) {
            return refused(&problems);
        }
        let mut state = self.inbox.state();
        state.calls += 1;
        if state.poison.contains(&outgoing.to) {
            drop(state);
            // Unlike `panic!` it says nothing on the screen: it is meant.
            std::panic::resume_unwind(Box::new("poison"));
        }
        if state.is_down {
            return SimulatorFault::Reset.outcome();
        }
        let fault = state.faults.next(self.kind);
        let Some(fault) = fault else { return self.take(&mut state, outgoing, token) };
        if fault.is_taken() {
            self.take(&mut state, outgoing, token);
        }
        fault.outcome()
    }

    fn take(&self, state: &mut State, outgoing: &Outgoing, token: Option<&str>) -> Outcome {
        let at = state.clock.as_ref().map_or(outgoing.at, |clock| clock.now());
        if self.kind != ChannelKind::Line && state.gone.contains(&outgoing.to) {
            return Outcome::refused(RefusedClass::AddressInvalid, "no_such_address");
        }
        let mut to = outgoing.to.clone();
        let key = (self.id.clone(), outgoing.key);
        if let Some(token) = token {
            // Whoever is meant: a reply goes to whom the token answers.
            if let Some((since, person)) = state.tokens.get(token) {
                if at - *since > TOKEN_GOOD_FOR {
                    return dead_token();
                }
                to = person.clone();
            }
            if !state.used.insert(token.to_owned()) {
                return dead_token();
            }
        } else if let (ChannelKind::Line, Some((since, number))) = (self.kind, state.keys.get(&key))
            && at - *since < KEY_MEMORY
        {
            return accepted(*number, true);
        }
        let number = state.ledger.last().map_or(1, |message| message.number + 1);
        let delivered = !state.blocked.contains(&to);
        if token.is_none() {
            state.keys.insert(key, (at, number));
        }
        state.ledger.push(SimulatedMessage {
            number,
            channel: self.id.clone(),
            kind: self.kind,
            to,
            subject: outgoing.subject.clone(),
            text: both(outgoing),
            html: outgoing.html.clone(),
            choices: outgoing.choices.clone(),
            key: outgoing.key,
            at,
            is_reply: token.is_some(),
            delivered,
        });
        accepted(number, false)
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
    Outcome::Accepted { provider_ref: Some(reference(number)), request_id: None, already }
}

/// The provider's id of a message.
fn reference(number: u64) -> String {
    format!("sim-{number}")
}

fn dead_token() -> Outcome {
    Outcome::refused(RefusedClass::BadRequest, "line_400_reply_token")
}

/// What the person reads; a second message stands apart.
fn both(outgoing: &Outgoing) -> String {
    if outgoing.then.is_empty() { outgoing.text.clone() } else { format!("{}\n\n{}", outgoing.text, outgoing.then) }
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
    fn a_fault_tells_the_caller_one_thing_and_the_ledger_another() {
        let inbox = SimulatorInbox::new();
        let sms = simulator(ChannelKind::Sms, &inbox);
        let to = Address::new("+819010000000");
        inbox.script(ChannelKind::Sms, [Some(SimulatorFault::TimeoutAfter), Some(SimulatorFault::Reset), None]);
        assert_eq!(sms.send(&outgoing("+819010000000", 1, 0)), Outcome::unknown("timeout"));
        assert_eq!(sms.send(&outgoing("+819010000000", 2, 0)), Outcome::not_sent("connect"));
        assert_eq!(inbox.messages_to(&to).len(), 1);
        let found = sms.look_up(&to, body_hash("元気ですか"), DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(found.iter().map(|sms| sms.sid.as_str()).collect::<Vec<_>>(), ["sim-1"]);
        assert_eq!(sms.send(&outgoing("+819010000000", 3, 0)), accepted(2, false));
        inbox.set_down(true);
        assert_eq!(sms.send(&outgoing("+819010000000", 3, 0)), Outcome::not_sent("connect"));
        assert!(sms.look_up(&to, body_hash("元気ですか"), DateTime::UNIX_EPOCH).is_err());
        assert_eq!((inbox.calls(), inbox.faults()[&SimulatorFault::Reset]), (4, 1));
    }

    #[test]
    fn a_reply_token_is_good_once_for_a_minute_and_for_its_owner_only() {
        let inbox = SimulatorInbox::new();
        let line = simulator(ChannelKind::Line, &inbox);
        let person = Address::new("U1");
        for n in [1, 2] {
            line.act(&person, &PhoneAction::Sticker, DateTime::UNIX_EPOCH, Uuid::from_u128(n));
        }
        let token = |n: u128| Secret::new(Uuid::from_u128(n).simple().to_string());
        assert_eq!(line.reply(&token(1), &outgoing("U2", 1, 0)), accepted(1, false));
        assert_eq!(inbox.messages_to(&person).len(), 1, "it answers whom the token belongs to");
        assert_eq!(line.reply(&token(1), &outgoing("U1", 2, 0)), dead_token());
        assert_eq!(line.reply(&token(2), &outgoing("U1", 3, 1)), dead_token());
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

//! The other end of the simulator: what a person does on the demo's phone, as the webhook call a provider would make.
//!
//! So the demo goes through the same signature check, store and job as the real thing.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::SimulatorChannel;
use crate::{Address, line, twilio, twilio::ReceivedSms};

/// What the person does in the chat.
#[derive(Clone, PartialEq, Eq)]
pub enum PhoneAction {
    /// Writes something.
    Text(String),
    /// Taps a choice.
    Tap {
        /// The data that the choice carries.
        data: String,
    },
    /// Sends a sticker.
    Sticker,
    /// Sends a picture: these bytes.
    Picture(Vec<u8>),
    /// Takes a message back.
    Unsend {
        /// The id of the message: that of the action which wrote it.
        message_id: String,
    },
    /// Adds the account as a friend, or takes a block back.
    Follow,
    /// Blocks the account.
    Block,
}

/// A webhook call: the raw body and the value of the signature's header.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedCall {
    /// The raw body.
    pub body: Vec<u8>,
    /// `x-line-signature` or `X-Twilio-Signature`.
    pub signature: String,
}

impl SimulatorChannel {
    /// The person does something in the chat: the simulator's own state follows, and the call LINE would make is returned.
    /// `id` is new for every action; it is the event's and, for a text or picture, the message's id.
    pub fn act(&self, person: &Address, action: &PhoneAction, at: DateTime<Utc>, id: Uuid) -> SignedCall {
        match action {
            PhoneAction::Follow => self.inbox.set_blocked(person, false),
            PhoneAction::Block => self.inbox.set_blocked(person, true),
            PhoneAction::Unsend { message_id } => drop(self.inbox.state().contents.remove(message_id)),
            _ => {}
        }
        let id = id.simple().to_string();
        if let PhoneAction::Picture(bytes) = action {
            self.inbox.state().contents.insert(id.clone(), bytes.clone());
        }
        self.inbox.state().tokens.insert(id.clone(), (at, person.clone()));
        let mut event = what(action, &id);
        let common = json!({
            "mode": "active",
            "timestamp": at.timestamp_millis(),
            "source": { "type": "user", "userId": person.as_str() },
            "webhookEventId": id,
            "deliveryContext": { "isRedelivery": false },
        });
        if let (Some(event), Value::Object(common)) = (event.as_object_mut(), common) {
            event.extend(common);
        }
        let body = json!({ "destination": format!("U{}", "0".repeat(32)), "events": [event] }).to_string().into_bytes();
        SignedCall { signature: line::sign(&self.webhook_secret, &body), body }
    }

    /// The person writes an SMS: the call Twilio would make to this public URL. It stands in the provider's list from then on,
    /// whatever becomes of the call.
    pub fn write_sms(&self, public_url: &str, from: &Address, text: &str, at: DateTime<Utc>, id: Uuid) -> SignedCall {
        let sid = format!("SM{}", id.simple());
        let form: Vec<(String, String)> = [
            ("MessageSid", sid.as_str()),
            ("From", from.as_str()),
            ("To", self.id()),
            ("Body", text),
            ("NumMedia", "0"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        self.inbox.state().received.push((self.id.clone(), ReceivedSms { sid, form: form.clone(), at }));
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish().into_bytes();
        SignedCall { signature: twilio::sign(&self.webhook_secret, public_url, &form), body }
    }

    /// True if [`SimulatorChannel::act`] made this call.
    pub fn verify(&self, raw_body: &[u8], header: &str) -> bool {
        line::verify(std::slice::from_ref(&self.webhook_secret), raw_body, header)
    }

    /// True if [`SimulatorChannel::write_sms`] made this call for this URL.
    pub fn verify_sms(&self, public_url: &str, form: &[(String, String)], header: &str) -> bool {
        twilio::verify(std::slice::from_ref(&self.webhook_secret), public_url, form, header)
    }
}

fn what(action: &PhoneAction, id: &str) -> Value {
    let message = |message: Value| json!({ "type": "message", "replyToken": id, "message": message });
    match action {
        PhoneAction::Text(text) => message(json!({ "type": "text", "id": id, "text": text, "quoteToken": id })),
        PhoneAction::Sticker => message(json!({
            "type": "sticker", "id": id, "quoteToken": id,
            "packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC",
        })),
        PhoneAction::Picture(_) => message(json!({
            "type": "image", "id": id, "quoteToken": id, "contentProvider": { "type": "line" },
        })),
        PhoneAction::Tap { data } => json!({ "type": "postback", "replyToken": id, "postback": { "data": data } }),
        PhoneAction::Unsend { message_id } => json!({ "type": "unsend", "unsend": { "messageId": message_id } }),
        PhoneAction::Follow => json!({ "type": "follow", "replyToken": id, "follow": { "isUnblocked": false } }),
        PhoneAction::Block => json!({ "type": "unfollow" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChannelKind, Content, Secret, SimulatorInbox, line::LineEventKind};

    fn simulator() -> SimulatorChannel {
        SimulatorChannel::new("sim", ChannelKind::Line, SimulatorInbox::new(), Secret::new("s"))
    }

    #[test]
    fn every_action_is_read_back_as_what_it_is() {
        let (simulator, person) = (simulator(), Address::new("U1"));
        let actions = [
            PhoneAction::Text("元気です".into()),
            PhoneAction::Tap { data: "c=1".into() },
            PhoneAction::Sticker,
            PhoneAction::Picture(vec![1]),
            PhoneAction::Unsend { message_id: "m".into() },
            PhoneAction::Follow,
            PhoneAction::Block,
        ];
        let id = Uuid::nil().simple().to_string();
        let kinds = [
            LineEventKind::Text { message_id: id.clone(), text: "元気です".into() },
            LineEventKind::Postback { data: "c=1".into() },
            LineEventKind::Media { message_id: id.clone(), kind: "sticker".into(), text: String::new() },
            LineEventKind::Media { message_id: id, kind: "image".into(), text: String::new() },
            LineEventKind::Unsend { message_id: "m".into() },
            LineEventKind::Follow { unblocked: false },
            LineEventKind::Unfollow,
        ];
        for (action, kind) in actions.iter().zip(kinds) {
            let call = simulator.act(&person, action, DateTime::UNIX_EPOCH, Uuid::nil());
            assert!(simulator.verify(&call.body, &call.signature));
            let event = line::parse_webhook(&call.body).unwrap().remove(0);
            assert!(event.kind == kind && event.user == Some(person.clone()) && event.one_to_one);
        }
    }

    #[test]
    fn a_picture_can_be_fetched_until_it_is_taken_back() {
        let (simulator, person) = (simulator(), Address::new("U1"));
        let act = |action: PhoneAction, n| simulator.act(&person, &action, DateTime::UNIX_EPOCH, Uuid::from_u128(n));
        act(PhoneAction::Picture(vec![1, 2]), 1);
        let message_id = Uuid::from_u128(1).simple().to_string();
        assert_eq!(simulator.content(&message_id), Content::Bytes(vec![1, 2]));
        act(PhoneAction::Unsend { message_id: message_id.clone() }, 2);
        assert_eq!(simulator.content(&message_id), Content::Gone);
    }

    #[test]
    fn an_sms_is_signed_for_its_url() {
        let person = Address::new("+819010000001");
        let call =
            simulator().write_sms("https://a.example/in", &person, "はい & 1", DateTime::UNIX_EPOCH, Uuid::nil());
        let form = twilio::parse_form(&call.body).unwrap();
        assert!(simulator().verify_sms("https://a.example/in", &form, &call.signature));
        assert!(!simulator().verify_sms("https://b.example/in", &form, &call.signature));
        assert_eq!(twilio::parse_inbound(&form).unwrap().body, "はい & 1");
    }
}

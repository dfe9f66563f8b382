//! Webhook calls as LINE makes them: events of people, signed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{CHANNEL_SECRET, LineFake};
use crate::fakes::{SignedCall, lock};

impl LineFake {
    /// The person writes something; LINE hands out a reply token.
    pub fn text_event(&self, user: &str, text: &str) -> Value {
        let id = lock(&self.platform.book).next_id("");
        let message = json!({ "type": "text", "id": id, "text": text, "quoteToken": format!("q{id}") });
        self.event(user, "message", json!({ "replyToken": self.reply_token(user), "message": message }))
    }

    /// The person sends a sticker.
    pub fn sticker_event(&self, user: &str) -> Value {
        let id = lock(&self.platform.book).next_id("");
        let message = json!({
            "type": "sticker", "id": id, "quoteToken": format!("q{id}"),
            "packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC",
        });
        self.event(user, "message", json!({ "replyToken": self.reply_token(user), "message": message }))
    }

    /// The person taps a choice.
    pub fn postback_event(&self, user: &str, data: &str) -> Value {
        self.event(user, "postback", json!({ "replyToken": self.reply_token(user), "postback": { "data": data } }))
    }

    /// The person adds the account, or takes a block back.
    pub fn follow_event(&self, user: &str, unblocked: bool) -> Value {
        self.unblock(user);
        let more = json!({ "replyToken": self.reply_token(user), "follow": { "isUnblocked": unblocked } });
        self.event(user, "follow", more)
    }

    /// The person blocks the account; from now on nothing arrives.
    pub fn unfollow_event(&self, user: &str) -> Value {
        self.block(user);
        self.event(user, "unfollow", json!({}))
    }

    /// The person takes a message back.
    pub fn unsend_event(&self, user: &str, message_id: &str) -> Value {
        self.event(user, "unsend", json!({ "unsend": { "messageId": message_id } }))
    }

    /// An event of any type, with everything that all events have.
    pub fn event(&self, user: &str, kind: &str, more: Value) -> Value {
        let number = {
            let mut book = lock(&self.platform.book);
            book.last_id += 1;
            book.last_id
        };
        let mut event = json!({
            "type": kind,
            "mode": "active",
            "timestamp": self.platform.clock.now().timestamp_millis(),
            "source": { "type": "user", "userId": user },
            "webhookEventId": format!("01FAKE{number:020}"),
            "deliveryContext": { "isRedelivery": false },
        });
        if let (Some(event), Value::Object(more)) = (event.as_object_mut(), more) {
            event.extend(more);
        }
        event
    }

    /// The same event once more.
    pub fn redelivered(event: &Value) -> Value {
        let mut again = event.clone();
        again["deliveryContext"]["isRedelivery"] = json!(true);
        again
    }

    /// One webhook call with these events, signed.
    pub fn webhook(events: &[Value]) -> SignedCall {
        let destination = format!("U{}", "f".repeat(32));
        let body = json!({ "destination": destination, "events": events }).to_string().into_bytes();
        SignedCall { signature: sign(&body), body }
    }

    pub(super) fn reply_token(&self, user: &str) -> String {
        let now = self.platform.clock.now();
        let mut book = lock(&self.platform.book);
        let token = book.next_id("reply");
        book.reply_tokens.insert(token.clone(), (user.to_owned(), now));
        token
    }
}

/// `x-line-signature` of a body, for this fake's secret.
pub fn sign(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(CHANNEL_SECRET.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

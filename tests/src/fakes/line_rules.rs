//! What LINE requires of messages beyond its published schema, which lets `{"type":"text"}` pass
//! (developers.line.biz: text message, items object, action object label spec, text character count).
//!
//! Written apart from the program's own check, so that each can catch the other's mistake.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation as _;

use super::contracts::{Document, contracts};

/// What is wrong with the body of a push or reply.
pub(super) fn problems(component: &str, body: &Value) -> Vec<String> {
    let mut found = contracts().check(Document::LineMessaging, component, body);
    let Some(messages) = body["messages"].as_array() else { return found };
    for message in messages {
        found.extend(message_problems(message));
    }
    found
}

fn message_problems(message: &Value) -> Vec<String> {
    if message["type"] != "text" {
        return vec![format!("a message of type {} is not sent by this program", message["type"])];
    }
    let mut found = contracts().check(Document::LineMessaging, "TextMessage", message);
    let text = message["text"].as_str().unwrap_or_default();
    if text.trim().is_empty() || text.encode_utf16().count() > 5_000 {
        found.push("text must be 1 to 5,000 UTF-16 units".to_owned());
    }
    if message.get("quickReply").is_none() {
        return found;
    }
    let items = message["quickReply"]["items"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !(1..=13).contains(&items.len()) {
        found.push("a quick reply has 1 to 13 items".to_owned());
    }
    for item in items {
        if item["type"] != "action" {
            found.push("an item's type is action".to_owned());
        }
        found.extend(action_problems(&item["action"]));
    }
    found
}

fn action_problems(action: &Value) -> Vec<String> {
    if action["type"] != "postback" {
        return vec!["an answer is a postback".to_owned()];
    }
    let mut found = contracts().check(Document::LineMessaging, "PostbackAction", action);
    let text = |name: &str| action[name].as_str().unwrap_or_default();
    if !(1..=20).contains(&text("label").graphemes(true).count()) {
        found.push("a label has 1 to 20 characters".to_owned());
    }
    if !(1..=300).contains(&text("data").encode_utf16().count()) {
        found.push("data has 1 to 300 UTF-16 units".to_owned());
    }
    if text("displayText").graphemes(true).count() > 300 {
        found.push("displayText has at most 300 characters".to_owned());
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn push(message: &Value) -> Vec<String> {
        problems("PushMessageRequest", &json!({ "to": "U1", "messages": [message] }))
    }

    #[test]
    fn a_good_message_passes_and_what_the_schema_lets_through_does_not() {
        let action = json!({ "type": "postback", "label": "はい", "data": "c=1", "displayText": "はい" });
        let items = json!([{ "type": "action", "action": action }]);
        let good = json!({ "type": "text", "text": "元気ですか", "quickReply": { "items": items } });
        assert_eq!(push(&good), Vec::<String>::new());
        assert!(!push(&json!({ "type": "text" })).is_empty());
        assert!(!push(&json!({ "type": "text", "text": "" })).is_empty());
        assert!(!push(&json!({ "type": "text", "text": "a", "quickReply": { "items": [] } })).is_empty());
        let mut long = good.clone();
        long["quickReply"]["items"][0]["action"]["label"] = json!("長".repeat(21));
        assert!(!push(&long).is_empty());
    }

    #[test]
    fn a_field_that_line_does_not_know_is_found_by_its_document() {
        if contracts().skipped() {
            return;
        }
        assert!(!push(&json!({ "type": "text", "text": "a", "texts": "b" })).is_empty());
        assert!(!problems("PushMessageRequest", &json!({ "to": "U1", "messages": [] })).is_empty());
        assert!(!problems("PushMessageRequest", &json!({ "messages": [{ "type": "text", "text": "a" }] })).is_empty());
    }
}

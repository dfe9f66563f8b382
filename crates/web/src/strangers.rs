//! The words of a message whose sender nobody knows, so that staff can see who wrote.

use bansou_store::Inbound;
use serde_json::Value;

/// Most letters shown.
const SHOWN: usize = 1_000;

/// What was written: LINE's event holds it as `message.text`, an SMS as the form field `Body`. None for a photo, a sticker and
/// the like.
pub(crate) fn text(inbound: &Inbound) -> Option<String> {
    let line = inbound.body.pointer("/message/text").and_then(Value::as_str);
    let text = line.or_else(|| sms(&inbound.body))?.trim();
    (!text.is_empty()).then(|| text.chars().take(SHOWN).collect())
}

fn sms(body: &Value) -> Option<&str> {
    let fields = body.get("form")?.as_array()?;
    let field = fields.iter().find(|field| field.get(0).and_then(Value::as_str) == Some("Body"))?;
    field.get(1)?.as_str()
}

//! The words of a message whose sender nobody knows, so that staff can see who wrote.

use serde_json::Value;

/// Most letters shown.
const SHOWN: usize = 1_000;

/// What was written: LINE's event holds it as `message.text`, an SMS as the form field `Body`. None for a photo, a place, and a
/// sticker onto which nothing was written.
pub(crate) fn text(body: &Value) -> Option<String> {
    let line = body.pointer("/message/text").and_then(Value::as_str);
    let text = line.or_else(|| sms(body))?.trim();
    (!text.is_empty()).then(|| text.chars().take(SHOWN).collect())
}

fn sms(body: &Value) -> Option<&str> {
    let fields = body.get("form")?.as_array()?;
    let field = fields.iter().find(|field| field.get(0).and_then(Value::as_str) == Some("Body"))?;
    field.get(1)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_words_of_line_and_of_an_sms_are_found_and_a_sticker_has_those_written_onto_it() {
        let line = json!({ "type": "message", "message": { "type": "text", "text": " 見本です " } });
        assert_eq!(text(&line).as_deref(), Some("見本です"));
        let sms = json!({ "form": [["From", "+819012000001"], ["Body", "例田です"]] });
        assert_eq!(text(&sms).as_deref(), Some("例田です"));
        let sticker = json!({ "type": "message", "message": { "type": "sticker", "id": "1" } });
        assert_eq!(text(&sticker), None);
        let written = json!({ "type": "message", "message": { "type": "sticker", "id": "1", "text": "おはよう" } });
        assert_eq!(text(&written).as_deref(), Some("おはよう"));
        assert_eq!(text(&json!({ "form": [["Body", " "]] })), None);
    }
}

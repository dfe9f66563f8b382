//! LINE message objects: built from [`Outgoing`], and checked more strictly than the published schema.
//!
//! Texts count in UTF-16 units, labels and display texts in grapheme clusters
//! (developers.line.biz, Messaging API: text character count, action label spec, items object).

use bansou_core::lint::LINE_UNITS;
use serde_json::{Value, json};

use crate::{
    Choice, Outgoing,
    check::{GRAPHEMES, Part, Problem, ProblemKind, UTF16, length},
};

/// Quick replies under one message.
pub const MAX_CHOICES: usize = 13;
/// Grapheme clusters of a quick reply's label.
pub const MAX_LABEL_CHARACTERS: usize = 20;
/// UTF-16 units of a postback's data.
pub const MAX_DATA_UNITS: usize = 300;
/// Grapheme clusters of a postback's display text.
pub const MAX_DISPLAY_CHARACTERS: usize = 300;

/// Everything that keeps this message from being a LINE message.
pub fn check(outgoing: &Outgoing) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    let to = outgoing.to.as_str();
    if to.is_empty() || !to.chars().all(|c| c.is_ascii_alphanumeric()) {
        problems.push(Problem { part: Part::Address, kind: ProblemKind::Malformed });
    }
    length(&mut problems, Part::Text, &outgoing.text, LINE_UNITS, UTF16);
    if !outgoing.then.is_empty() {
        length(&mut problems, Part::Text, &outgoing.then, LINE_UNITS, UTF16);
    }
    let actual = outgoing.choices.len();
    if actual > MAX_CHOICES {
        problems.push(Problem { part: Part::Choices, kind: ProblemKind::TooMany { limit: MAX_CHOICES, actual } });
    }
    for (i, choice) in outgoing.choices.iter().enumerate() {
        length(&mut problems, Part::Label(i), &choice.label, MAX_LABEL_CHARACTERS, GRAPHEMES);
        length(&mut problems, Part::Data(i), &choice.data, MAX_DATA_UNITS, UTF16);
        length(&mut problems, Part::Display(i), shown(choice), MAX_DISPLAY_CHARACTERS, GRAPHEMES);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The message objects for LINE, in their order. LINE takes all of one call or none. Answers to tap stand under the last one: LINE
/// shows those of no other.
pub(super) fn build(outgoing: &Outgoing) -> Vec<Value> {
    let texts = [&outgoing.text, &outgoing.then].into_iter().filter(|text| !text.is_empty());
    let mut messages: Vec<Value> = texts.map(|text| json!({ "type": "text", "text": text })).collect();
    if let Some(last) = messages.last_mut().filter(|_| !outgoing.choices.is_empty()) {
        last["quickReply"] = json!({ "items": outgoing.choices.iter().map(quick_reply).collect::<Vec<_>>() });
    }
    messages
}

fn quick_reply(choice: &Choice) -> Value {
    json!({
        "type": "action",
        "action": {
            "type": "postback",
            "label": choice.label,
            "data": choice.data,
            "displayText": shown(choice),
        },
    })
}

fn shown(choice: &Choice) -> &str {
    choice.display.as_deref().unwrap_or(&choice.label)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::Address;

    fn outgoing(text: &str) -> Outgoing {
        let to = Address::new(format!("U{}", "0".repeat(32)));
        Outgoing::text(to, text, Uuid::nil(), DateTime::UNIX_EPOCH)
    }

    fn choice(label: &str) -> Choice {
        Choice { label: label.to_owned(), data: "c=1".to_owned(), display: None }
    }

    #[test]
    fn a_text_is_counted_in_utf16_units() {
        assert_eq!(check(&outgoing(&"あ".repeat(5_000))), Ok(()));
        // One emoji is two units.
        assert_eq!(
            check(&outgoing(&"😀".repeat(2_501))),
            Err(vec![Problem {
                part: Part::Text,
                kind: ProblemKind::TooLong { limit: 5_000, actual: 5_002, unit: "UTF-16 units" }
            }])
        );
    }

    #[test]
    fn a_label_is_counted_in_characters_as_people_see_them() {
        let mut message = outgoing("いかがですか");
        // A family emoji is one character of eleven UTF-16 units.
        message.choices = vec![choice(&"👨‍👩‍👧‍👦".repeat(20))];
        assert_eq!(check(&message), Ok(()));
        message.choices = vec![choice(&"い".repeat(21))];
        assert!(check(&message).is_err());
    }

    #[test]
    fn a_number_of_its_own_is_the_second_message_of_the_same_call() {
        let mut message = outgoing("次に送る番号に電話してください。");
        message.then = "03-0000-0000".to_owned();
        message.choices = vec![choice("よい")];
        let built = build(&message);
        assert_eq!(
            built.iter().map(|one| one["text"].as_str().unwrap()).collect::<Vec<_>>(),
            ["次に送る番号に電話してください。", "03-0000-0000"]
        );
        assert!(built[0]["quickReply"].is_null() && built[1]["quickReply"].is_object());
        assert_eq!(build(&outgoing("元気ですか")).len(), 1);
    }

    #[test]
    fn an_empty_text_or_label_and_a_fourteenth_choice_are_refused() {
        assert!(check(&outgoing(" \n")).is_err());
        let mut message = outgoing("いかがですか");
        message.choices = vec![choice("")];
        assert!(check(&message).is_err());
        message.choices = vec![choice("元気です"); 13];
        assert_eq!(check(&message), Ok(()));
        message.choices.push(choice("もう一つ"));
        assert!(check(&message).is_err());
    }

    #[test]
    fn postback_data_is_at_most_300_units() {
        let mut message = outgoing("いかがですか");
        message.choices = vec![Choice { data: "x".repeat(300), ..choice("はい") }];
        assert_eq!(check(&message), Ok(()));
        message.choices[0].data.push('x');
        assert!(check(&message).is_err());
    }

    #[test]
    fn a_problem_names_the_place_and_not_the_words() {
        let mut message = outgoing("いかがですか");
        message.choices = vec![choice("はい"), choice(&"長".repeat(30))];
        let problems = check(&message).unwrap_err();
        assert_eq!(problems[0].to_string(), "choice 2: label: is too long: 30 of 20 characters");
    }
}

//! Anybody can post to a webhook: whatever comes is refused, kept or read, and nothing panics.

use bansou_channels::{Secret, line, twilio};
use proptest::prelude::*;
use serde_json::{Value, json};

fn secrets() -> Vec<Secret> {
    vec![Secret::new("secret-of-this-channel")]
}

/// JSON of any shape, with names that the parser looks for.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "message|postback|unsend|text|sticker|user|.{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let names =
            "type|source|userId|message|id|text|postback|data|timestamp|webhookEventId|link|nonce|unsend|messageId";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(names, inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_event_is_kept_whole_with_an_id_that_stays(event in any_json()) {
        let body = json!({ "destination": "U", "events": [event] }).to_string();
        let first = line::parse_webhook(body.as_bytes()).unwrap().remove(0);
        let again = line::parse_webhook(body.as_bytes()).unwrap().remove(0);
        prop_assert_eq!(&first.raw, &event);
        prop_assert!(!first.id.is_empty());
        prop_assert_eq!(first.id, again.id);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = line::parse_webhook(&bytes);
        if let Ok(form) = twilio::parse_form(&bytes) {
            let _ = twilio::parse_inbound(&form);
            let _ = twilio::parse_status(&form);
        }
    }

    #[test]
    fn a_forged_line_signature_is_never_good(body in ".{0,80}", header in ".{0,60}") {
        prop_assert!(!line::verify(&secrets(), body.as_bytes(), &header));
    }

    #[test]
    fn one_changed_byte_breaks_lines_signature(body in prop::collection::vec(any::<u8>(), 1..200), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
        let signature = line::sign(&secrets()[0], &body);
        prop_assert!(line::verify(&secrets(), &body, &signature));
        let mut changed = body.clone();
        changed[at.index(body.len())] ^= flip;
        prop_assert!(!line::verify(&secrets(), &changed, &signature));
    }

    #[test]
    fn twilios_signature_holds_for_its_url_and_form_only(
        form in prop::collection::vec(("[A-Za-z]{1,10}", ".{0,20}"), 1..8),
        url in "https://[a-z]{1,10}\\.example(:[1-9][0-9]{0,3})?/[a-z/]{0,20}(\\?[a-z=&]{0,10})?",
        other in "[a-z]{1,5}",
    ) {
        let signature = twilio::sign(&secrets()[0], &url, &form);
        prop_assert!(twilio::verify(&secrets(), &url, &form, &signature));
        let path = format!("{url}{other}");
        prop_assert!(!twilio::verify(&secrets(), &path, &form, &signature));
        let mut more = form.clone();
        more.push(("added".to_owned(), other));
        prop_assert!(!twilio::verify(&secrets(), &url, &more, &signature));
    }
}

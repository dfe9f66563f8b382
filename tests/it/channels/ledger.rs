//! Thousands of messages with faults: what a careful caller believes is what the fake's ledger holds.

use std::collections::{BTreeMap, BTreeSet};

use bansou_channels::{Address, Outcome, twilio::body_hash};
use bansou_tests::fakes::{Fault, LineFake, TwilioFake};

use super::{clock, line_channel, now, outgoing, twilio_channel};

/// A third of all requests go wrong, without those that only cost time.
const RATES: [(Fault, u32); 7] = [
    (Fault::ErrorBefore, 60),
    (Fault::ErrorAfter, 60),
    (Fault::ResetBefore, 60),
    (Fault::ResetAfter, 60),
    (Fault::RateLimited, 50),
    (Fault::GarbledAfter, 30),
    (Fault::Late(1), 10),
];

#[tokio::test]
async fn with_one_key_per_message_line_loses_nothing_and_doubles_nothing() {
    const MESSAGES: u128 = 2_000;
    let fake = LineFake::start(clock(), 42).await;
    fake.faults().set_rates(&RATES);
    let channel = line_channel(&fake);
    let mut believed = BTreeMap::new();
    for key in 0..MESSAGES {
        let message = outgoing(&format!("U{:032x}", key % 200), key);
        // The send path's rule: unknown and wait are tried again with the same key.
        let request_id = loop {
            match channel.push(&message).await {
                Outcome::Accepted { request_id, .. } => break request_id.unwrap(),
                Outcome::Unknown { .. } | Outcome::WaitUntil { .. } => {}
                other => panic!("{other:?}"),
            }
        };
        believed.insert(message.key.to_string(), (message.to.as_str().to_owned(), request_id));
    }
    let ledger = fake.accepted();
    assert_eq!(ledger.len(), believed.len(), "doubled or lost");
    for entry in ledger {
        assert_eq!(believed[&entry.key.unwrap()], (entry.to, entry.request_id));
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
    assert_eq!(fake.faults().happened().len(), RATES.len(), "every kind of fault happened");
}

#[tokio::test]
async fn with_a_look_up_after_every_unclear_send_no_sms_is_doubled_or_lost() {
    const MESSAGES: u128 = 500;
    let fake = TwilioFake::start(clock(), 42).await;
    fake.faults().set_rates(&RATES);
    let channel = twilio_channel(&fake);
    let mut believed = BTreeSet::new();
    for n in 0..MESSAGES {
        let mut message = outgoing(&format!("+8190{:08}", 10_000_000 + n % 50), n);
        message.text = format!("最近いかがですか。{n}");
        let sid = loop {
            match channel.send(&message).await {
                Outcome::Accepted { provider_ref, .. } => break provider_ref.unwrap(),
                Outcome::WaitUntil { .. } => {}
                Outcome::Unknown { .. } => {
                    if let Some(sid) = look_up(&channel, &message.to, &message.text).await {
                        break sid;
                    }
                }
                other => panic!("{other:?}"),
            }
        };
        believed.insert(sid);
    }
    let ledger: Vec<String> = fake.accepted().into_iter().map(|entry| entry.sid).collect();
    assert_eq!(ledger.len(), believed.len(), "doubled or lost");
    assert_eq!(ledger.into_iter().collect::<BTreeSet<_>>(), believed);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

/// Asks until Twilio answers.
async fn look_up(channel: &bansou_channels::TwilioChannel, to: &Address, text: &str) -> Option<String> {
    loop {
        if let Ok(found) = channel.look_up(to, body_hash(text), now()).await {
            return found.into_iter().next().map(|sms| sms.sid);
        }
    }
}

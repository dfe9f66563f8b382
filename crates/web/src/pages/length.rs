//! How long an answer is for each way it can go, as the provider counts (S2.13).

use bansou_core::delivery::ChannelKind;
use bansou_core::lint::{sms_length, utf16_units};
use serde::Serialize;

use super::thread::ReplyChannel;

/// How long an answer is as a provider counts it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct AnswerLength {
    /// Which way.
    pub kind: ChannelKind,
    /// Its length there.
    pub length: usize,
    /// For SMS: the parts in which it is paid for; 0 otherwise.
    pub parts: usize,
}

/// The length of an answer for every way it can go (S2.13); nothing for an empty box.
pub fn lengths(channels: &[ReplyChannel], body: &str) -> Vec<AnswerLength> {
    let body = body.trim();
    if body.is_empty() {
        return Vec::new();
    }
    let of = |kind| match kind {
        ChannelKind::Sms => {
            let sms = sms_length(body);
            AnswerLength { kind, length: sms.units, parts: sms.parts }
        }
        ChannelKind::Line => AnswerLength { kind, length: utf16_units(body), parts: 0 },
        ChannelKind::Email => AnswerLength { kind, length: body.chars().count(), parts: 0 },
    };
    channels.iter().map(|channel| of(channel.kind)).collect()
}

//! The message as a whole: its length for the reader (ux.md C6) and for the channel (S2.13), and whether it has words (S2.2).

use super::length::{LINE_UNITS, SMS_UNITS, sms_length, utf16_units};
use super::text::Act;
use super::{Look, Rule};
use crate::delivery::ChannelKind;

pub(super) fn look(look: &mut Look<'_>) {
    sentences(look);
    for_the_channel(look);
    let typed = look.draft.text;
    let wordless = !typed.trim().is_empty() && !typed.chars().any(char::is_alphanumeric);
    if wordless && look.holds(Rule::NoWords) {
        let start = typed.len() - typed.trim_start().len();
        look.remark_as_typed(Rule::NoWords, start..typed.trim_end().len());
    }
}

fn sentences(look: &mut Look<'_>) {
    if let Some(limit) = look.limit(Rule::SentenceLong) {
        for sentence in look.text.sentences.iter().filter(|sentence| sentence.letters > limit) {
            look.remark(Rule::SentenceLong, &sentence.range).counting(sentence.letters, limit);
        }
    }
    // A greeting and thanks make a message warmer, not harder.
    let telling: Vec<_> = look.text.sentences.iter().filter(|sentence| sentence.act != Act::Courtesy).collect();
    if let Some(limit) = look.limit(Rule::SentencesMany)
        && let Some(first_too_many) = telling.get(limit)
    {
        look.remark(Rule::SentencesMany, &first_too_many.range).counting(telling.len(), limit);
    }
    let letters = look.text.letters();
    if let Some(limit) = look.limit(Rule::MessageLong).filter(|limit| letters > *limit) {
        let whole = look.text.whole();
        look.remark(Rule::MessageLong, &whole).counting(letters, limit);
    }
}

fn for_the_channel(look: &mut Look<'_>) {
    let typed = look.draft.text;
    let all = 0..typed.len();
    let (units, limit) = match look.draft.channel {
        Some(ChannelKind::Line) => (utf16_units(typed), LINE_UNITS),
        Some(ChannelKind::Sms) => (sms_length(typed).units, SMS_UNITS),
        Some(ChannelKind::Email) | None => return,
    };
    if units > limit && look.holds(Rule::TooLong) {
        look.remark_as_typed(Rule::TooLong, all.clone()).counting(units, limit);
    }
    if look.draft.channel != Some(ChannelKind::Sms) {
        return;
    }
    let length = sms_length(typed);
    if length.parts > 1 && look.holds(Rule::SmsParts) {
        look.remark_as_typed(Rule::SmsParts, all).counting(length.units, length.single);
    }
    if look.holds(Rule::SmsCharacter) {
        refused_characters(look);
    }
}

/// Characters of four bytes (emoji, 𠮷) are refused by Japanese SMS providers. A picture can go; a name can't.
fn refused_characters(look: &mut Look<'_>) {
    let mut run: Option<std::ops::Range<usize>> = None;
    let end = (look.draft.text.len(), ' ');
    for (at, c) in look.draft.text.char_indices().chain([end]) {
        let joins = matches!(c, '\u{FE0F}' | '\u{200D}') && run.is_some();
        if c.len_utf8() == 4 || joins {
            let start = run.map_or(at, |run| run.start);
            run = Some(start..at + c.len_utf8());
            continue;
        }
        if let Some(range) = run.take() {
            let letters = look.draft.text[range.clone()].chars().any(char::is_alphanumeric);
            let remark = look.remark_as_typed(Rule::SmsCharacter, range);
            if !letters {
                remark.proposing("");
            }
        }
    }
}

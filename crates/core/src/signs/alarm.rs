//! What asks for a person beyond a sign: crisis, opt-out, words against staff.

use super::Classification;
use super::clause::{Place, Sentence};
use super::fold::Folded;
use super::lexicon::{Alarms, Rules};

/// Looks for crisis, opt-out and conduct; the signs stay empty.
pub(super) fn look(text: &str, folded: &Folded, sentences: &[Sentence<'_>], rules: &Rules) -> Classification {
    let alarms = &rules.alarms;
    let mut found = Classification::default();
    let words: String = folded.text.chars().filter(|c| !"。、?「」".contains(*c)).collect();
    found.opt_out_exact = alarms.opt_out_word.is_match(&words);
    found.opt_out = found.opt_out_exact;
    for sentence in sentences {
        found.opt_out |= alarms.opt_out.is_match(sentence.text) && !alarms.opt_out_not.is_match(sentence.text);
        found.conduct |= against_staff(sentence, rules);
        look_for_crisis(text, folded, sentence, rules, &mut found);
    }
    // Letters pulled apart by stops or lines (し。に。た。い) still say what they say.
    if !found.crisis && found.to_be_seen.is_empty() && sentences.len() > 1 {
        found.crisis = sentences.iter().all(|s| s.text.chars().count() <= 2) && alarms.crisis.is_match(&words);
    }
    found
}

fn look_for_crisis(text: &str, folded: &Folded, sentence: &Sentence<'_>, rules: &Rules, found: &mut Classification) {
    let alarms = &rules.alarms;
    let show = |place: &Place<'_>, start: usize| {
        let range = sentence.start + start..sentence.start + place.quote_end();
        folded.quote(text, &range).to_owned()
    };
    for hit in alarms.crisis.find_iter(sentence.text) {
        let place = sentence.place(hit.range());
        if alarms.not_crisis.is_match(sentence.text) {
            continue;
        }
        if lowered(&place, sentence, alarms) {
            found.to_be_seen.push(show(&place, hit.start()));
        } else {
            found.crisis = true;
        }
    }
    for hit in alarms.harm.find_iter(sentence.text) {
        let place = sentence.place(hit.range());
        // "They don't pay me": the negative is part of the harm.
        let lacking = place.hit.ends_with(['な', 'せ']) || rules.guards.ability.is_match(place.hit);
        let denied = rules.guards.negated.is_match(place.tail) || alarms.denied_after.is_match(place.tail);
        let denied = denied && !lacking;
        if denied || alarms.harm_past.is_match(sentence.text) || alarms.fiction.is_match(sentence.text) {
            found.to_be_seen.push(show(&place, hit.start()));
        } else {
            found.crisis = true;
        }
    }
    let harmless = alarms.not_crisis.is_match(sentence.text);
    for hit in alarms.to_be_seen.find_iter(sentence.text).filter(|_| !harmless) {
        let place = sentence.place(hit.range());
        found.to_be_seen.push(show(&place, hit.start()));
    }
}

/// Clearly an idiom, denied, long past or fiction. "Not every day", "not quite" and a taken-back denial don't lower.
fn lowered(place: &Place<'_>, sentence: &Sentence<'_>, alarms: &Alarms) -> bool {
    alarms.idiom.is_match(place.from)
        || (!alarms.despair.is_match(place.hit)
            && (alarms.denied.is_match(place.from) || alarms.denied_after.is_match(place.tail)))
        || alarms.past_crisis.is_match(sentence.text)
        || alarms.fiction.is_match(sentence.text)
}

/// Said to staff. Words that somebody else said to the writer, or about others, are none.
fn against_staff(sentence: &Sentence<'_>, rules: &Rules) -> bool {
    let alarms = &rules.alarms;
    if alarms.conduct_not.is_match(sentence.text) {
        return false;
    }
    alarms.conduct.find_iter(sentence.text).any(|hit| {
        let place = sentence.place(hit.range());
        !alarms.conduct_other.is_match(place.head) && !rules.guards.told.is_match(place.tail)
    })
}

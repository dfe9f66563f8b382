//! What asks for a person beyond a sign: crisis, words to be read soon, opt-out, words against staff.

use std::ops::Range;

use regex::Regex;

use super::Classification;
use super::clause::{Place, Sentence};
use super::fold::Folded;
use super::lexicon::{Alarms, Rules, Together};

/// How much a find near a crisis asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// A call now.
    Crisis,
    /// Past, denied, or unclear: read today.
    Soon,
    /// A figure of speech, fiction: shown, no more.
    Seen,
}

/// Looks for crisis, words to be read soon, opt-out and conduct; the signs stay empty.
pub(super) fn look(text: &str, folded: &Folded, sentences: &[Sentence<'_>], rules: &Rules) -> Classification {
    let alarms = &rules.alarms;
    let mut found = Classification::default();
    let words: String = folded.text.chars().filter(|c| !"。、?「」".contains(*c)).collect();
    found.opt_out_exact = alarms.opt_out_word.is_match(&words);
    found.opt_out = found.opt_out_exact;
    for sentence in sentences {
        found.opt_out |= alarms.opt_out.is_match(sentence.text) && !alarms.opt_out_not.is_match(sentence.text);
        found.conduct |= against_staff(sentence, rules);
        for (range, weight) in crises(sentence, alarms).into_iter().chain(harms(sentence, rules)) {
            let range = sentence.start + range.start..sentence.start + range.end;
            note(&mut found, weight, folded.quote(text, &range));
        }
    }
    for rule in &rules.together {
        for (range, weight) in together(rule, folded, sentences, alarms) {
            note(&mut found, weight, folded.quote(text, &range));
        }
    }
    // Letters pulled apart by stops or lines (し。に。た。い) still say what they say.
    let silent = !found.crisis && found.soon.is_empty() && found.to_be_seen.is_empty();
    let apart = sentences.len() > 1 && sentences.iter().all(|s| s.text.chars().count() <= 2);
    if silent && apart && alarms.crisis.is_match(&words) {
        note(&mut found, Weight::Crisis, text.trim());
    }
    found
}

fn note(found: &mut Classification, weight: Weight, quote: &str) {
    let quotes = match weight {
        Weight::Crisis => &mut found.crisis_words,
        Weight::Soon => &mut found.soon,
        Weight::Seen => &mut found.to_be_seen,
    };
    if !quote.is_empty() && !quotes.iter().any(|known| known == quote) {
        quotes.push(quote.to_owned());
    }
    found.crisis |= weight == Weight::Crisis;
}

/// Words of dying, vanishing, self-harm, and what is near them.
fn crises(sentence: &Sentence<'_>, alarms: &Alarms) -> Vec<(Range<usize>, Weight)> {
    let harmless = Spans::of(&alarms.not_crisis, sentence.text);
    let clear = |hit: &regex::Match<'_>| alarms.grave.is_match(hit.as_str()) || !harmless.touch(&hit.range());
    let mut finds = Vec::new();
    for hit in alarms.crisis.find_iter(sentence.text).filter(clear) {
        let place = sentence.place(hit.range());
        finds.push((hit.start()..place.quote_end(), weight_of_crisis(&place, sentence, alarms)));
    }
    for hit in alarms.soon.find_iter(sentence.text).filter(clear) {
        let place = sentence.place(hit.range());
        let weight = if told_as_fiction(&place, sentence, alarms) { Weight::Seen } else { Weight::Soon };
        finds.push((hit.start()..place.quote_end(), weight));
    }
    for hit in alarms.to_be_seen.find_iter(sentence.text).filter(clear) {
        finds.push((hit.start()..sentence.place(hit.range()).quote_end(), Weight::Seen));
    }
    finds
}

/// Being hurt, harassed, exploited or left without.
fn harms(sentence: &Sentence<'_>, rules: &Rules) -> Vec<(Range<usize>, Weight)> {
    let alarms = &rules.alarms;
    let harmless = Spans::of(&alarms.not_harm, sentence.text);
    let mut finds = Vec::new();
    for hit in alarms.harm.find_iter(sentence.text).filter(|hit| !harmless.touch(&hit.range())) {
        let place = sentence.place(hit.range());
        // "They don't pay me": the negative is part of the harm.
        let lacking = place.hit.ends_with(['な', 'せ']) || rules.guards.ability.is_match(place.hit);
        let denied = rules.guards.negated.is_match(place.tail) || alarms.denied_after.is_match(place.tail);
        let weight = if told_as_fiction(&place, sentence, alarms) || alarms.harm_light.is_match(sentence.text) {
            Weight::Seen
        } else if denied && !lacking || long_past(sentence, &alarms.harm_past, alarms) {
            Weight::Soon
        } else {
            Weight::Crisis
        };
        finds.push((hit.start()..place.quote_end(), weight));
    }
    finds
}

/// Doubt means crisis: only an idiom, a denial, fiction or a past that is over takes it down.
fn weight_of_crisis(place: &Place<'_>, sentence: &Sentence<'_>, alarms: &Alarms) -> Weight {
    if alarms.idiom.is_match(place.from) || told_as_fiction(place, sentence, alarms) {
        return Weight::Seen;
    }
    let denied = !alarms.despair.is_match(place.hit)
        && (alarms.denied.is_match(place.from) || alarms.denied_after.is_match(place.tail));
    let renewed = alarms.renewed.is_match(place.rest) || alarms.came_back.is_match(place.rest);
    if (denied && !renewed) || long_past(sentence, &alarms.past_crisis, alarms) {
        return Weight::Soon;
    }
    Weight::Crisis
}

/// It was so once, and nothing says that it came back or never stopped.
fn long_past(sentence: &Sentence<'_>, past: &Regex, alarms: &Alarms) -> bool {
    past.is_match(sentence.text) && !alarms.came_back.is_match(sentence.text)
}

/// A song, a film, a game in the same clause, and the writer doesn't say "me too". A wish of one's own beside a film
/// (映画を見ていたら消えたくなった) stays one's own: it needs a character, a song or the like.
fn told_as_fiction(place: &Place<'_>, sentence: &Sentence<'_>, alarms: &Alarms) -> bool {
    if alarms.me_too.is_match(sentence.text) {
        return false;
    }
    let near = |list: &Regex| list.is_match(place.head) || list.is_match(place.from);
    near(&alarms.fiction_words) || (!alarms.wish.is_match(place.hit) && near(&alarms.fiction))
}

/// Two things that mean more side by side than each alone, anywhere in the message.
fn together(
    rule: &Together,
    folded: &Folded,
    sentences: &[Sentence<'_>],
    alarms: &Alarms,
) -> Vec<(Range<usize>, Weight)> {
    let text = folded.text.as_str();
    let Some(first) = rule.first.find(text) else { return Vec::new() };
    let second = match &rule.second {
        Some(second) => second.find(text),
        None => Some(first),
    };
    let Some(second) = second else { return Vec::new() };
    let everyday = rule.unless.as_ref().is_some_and(|unless| unless.is_match(text));
    if everyday && !alarms.distress.is_match(text) {
        return Vec::new();
    }
    let told = |hit: &regex::Match<'_>| {
        let Some(sentence) = sentences.iter().rev().find(|sentence| sentence.start <= hit.start()) else {
            return false;
        };
        let end = sentence.start + sentence.text.len();
        if end < hit.end() {
            return false;
        }
        let place = sentence.place(hit.start() - sentence.start..hit.end() - sentence.start);
        told_as_fiction(&place, sentence, alarms) || long_past(sentence, &alarms.past_crisis, alarms)
    };
    let weight = if rule.soon || everyday {
        Weight::Soon
    } else if told(&first) || told(&second) {
        Weight::Seen
    } else {
        Weight::Crisis
    };
    if first.range() == second.range() {
        return vec![(first.range(), weight)];
    }
    vec![(first.range(), weight), (second.range(), weight)]
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

/// Places of look-alikes: only a find that touches one is harmless; another one in the sentence still counts.
struct Spans(Vec<Range<usize>>);

impl Spans {
    fn of(pattern: &Regex, text: &str) -> Self {
        Self(pattern.find_iter(text).map(|hit| hit.range()).collect())
    }

    fn touch(&self, range: &Range<usize>) -> bool {
        self.0.iter().any(|span| span.start < range.end && range.start < span.end)
    }
}

//! Guards: why a find is no sign, and how clear a sign is.

use super::clause::{Place, Sentence};
use super::lexicon::{Family, Guards};
use crate::sign::{SignCategory, SignLevel};

/// The level of a find; `None` where it is no sign.
pub(super) fn level(
    place: &Place<'_>,
    sentence: &Sentence<'_>,
    next: Option<&Sentence<'_>>,
    family: &Family,
    guards: &Guards,
) -> Option<SignLevel> {
    if family.unless.as_ref().is_some_and(|idiom| idiom.is_match(sentence.text)) {
        return None;
    }
    // あり-ません: a find that ends inside its own negative.
    let inside = place.hit.ends_with("ませ") && place.tail.starts_with('ん');
    let own = inside || guards.only_negated.is_match(place.hit);
    let negated = !own && guards.negated.is_match(place.tail);
    let twice = negated && guards.negated_twice.is_match(place.tail);
    let able = family.category != SignCategory::Positive && guards.ability.is_match(place.hit);
    if negated != able && !twice && !own {
        return None;
    }
    if supposed(place, guards) || asked(place, sentence, guards) || (family.own && not_own(place, guards)) {
        return None;
    }
    if family.category != SignCategory::Positive && over(place, next, able, guards) {
        return None;
    }
    if twice || guards.faint.is_match(place.head) || guards.faint_after.is_match(place.from) {
        return Some(SignLevel::Faint);
    }
    let strong = guards.strong.is_match(place.head) || guards.strong.is_match(place.from);
    Some(if strong && family.category != SignCategory::Positive { family.level.raised() } else { family.level })
}

/// It was so, and isn't any more.
fn over(place: &Place<'_>, next: Option<&Sentence<'_>>, able: bool, guards: &Guards) -> bool {
    // 動けなくなった: an ability that went is no trouble that went.
    let tail = if able { place.tail.strip_prefix("なく").unwrap_or(place.tail) } else { place.tail };
    let over = guards.over.is_match(tail) && !guards.must.is_match(tail);
    if over || (guards.long_ago.is_match(place.head) && guards.past.is_match(place.from)) {
        return true;
    }
    if guards.contrast.is_match(place.tail) && guards.recovered.is_match(place.rest) {
        return true;
    }
    let last = place.rest.is_empty();
    last && next.is_some_and(|s| guards.now_again.is_match(s.text) && guards.recovered.is_match(s.text))
}

/// "If", "in case", "when … ".
fn supposed(place: &Place<'_>, guards: &Guards) -> bool {
    guards.if_before.is_match(place.head) || guards.if_after.is_match(place.tail)
}

/// The clause itself asks; a question after the telling (眠れません、どうしたらいいですか) leaves the telling as it is.
fn asked(place: &Place<'_>, sentence: &Sentence<'_>, guards: &Guards) -> bool {
    sentence.question && place.rest.is_empty() && !guards.complaining.is_match(place.head)
}

/// Somebody else is meant, or somebody else's words are told.
fn not_own(place: &Place<'_>, guards: &Guards) -> bool {
    let other = guards.other.is_match(place.head) && !guards.myself.is_match(place.head);
    other || guards.told.is_match(place.tail)
}

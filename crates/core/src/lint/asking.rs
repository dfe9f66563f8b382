//! Questions, requests and answers: how many, which kind, in which order (S2.3, S2.10, S2.11, ux.md C6 and C7).

use super::fold::cover;
use super::places::is_number_of_its_own;
use super::text::{Act, Sentence};
use super::{Look, Reader, Rule};
use crate::delivery::ChannelKind;

pub(super) fn look(look: &mut Look<'_>) {
    how_many(look);
    questions(look);
    answers(look);
    nothing_asked(look);
    order(look);
}

/// More questions or requests than a message should hold, and a second question on one day.
fn how_many(look: &mut Look<'_>) {
    let sentences = &look.text.sentences;
    for (rule, of_the_kind) in [
        (Rule::QuestionsMany, sentences.iter().filter(|sentence| sentence.is_question()).collect::<Vec<_>>()),
        (Rule::RequestsMany, sentences.iter().filter(|sentence| sentence.act == Act::Requests).collect()),
    ] {
        let Some(limit) = look.limit(rule) else { continue };
        if let Some(first_too_many) = of_the_kind.get(limit) {
            look.remark(rule, &first_too_many.range).counting(of_the_kind.len(), limit);
        }
    }
    let question = sentences.iter().find(|sentence| sentence.is_question());
    if let Some(question) = question.filter(|_| look.to.asked_today && look.holds(Rule::AskedToday)) {
        look.remark(Rule::AskedToday, &question.range);
    }
}

/// What the record knows, and questions without answers to choose from.
fn questions(look: &mut Look<'_>) {
    let rules = look.rules.get();
    for sentence in look.text.sentences.iter().filter(|sentence| sentence.is_question()) {
        let words = look.text.words_of(sentence);
        if look.holds(Rule::KnownAlready) {
            for (topic, _) in
                rules.known.iter().filter(|(topic, pattern)| look.to.known.contains(topic) && pattern.is_match(words))
            {
                look.remark(Rule::KnownAlready, &sentence.range).topic = Some(*topic);
            }
        }
        if look.holds(Rule::OpenQuestion) && look.text.choices.is_empty() {
            let harmless: Vec<_> = rules.patterns.not_open.find_iter(words).map(|hit| hit.range()).collect();
            if rules.patterns.open.is_match(&cover(words, &harmless)) {
                look.remark(Rule::OpenQuestion, &sentence.range);
            }
        }
    }
}

/// Answers to choose from: not too many, and one of them is no answer.
fn answers(look: &mut Look<'_>) {
    let choices = &look.text.choices;
    if choices.is_empty() || look.text.sentences.is_empty() {
        return;
    }
    let whole = look.text.whole();
    if let Some(limit) = look.limit(Rule::ChoicesMany).filter(|limit| choices.len() > *limit) {
        look.remark(Rule::ChoicesMany, &whole).counting(choices.len(), limit);
    }
    let way_out = &look.rules.get().patterns.no_answer;
    let way_out = look.text.says_no_answer || choices.iter().any(|label| way_out.is_match(label));
    let question = look.text.sentences.iter().find(|sentence| sentence.is_question());
    if let Some(question) = question.filter(|_| !way_out && look.holds(Rule::NoWayOut)) {
        look.remark(Rule::NoWayOut, &question.range);
    }
}

/// Nothing is asked, so the message should say that no answer is needed. An SMS is short and often can't be answered.
fn nothing_asked(look: &mut Look<'_>) {
    let text = look.text;
    let Some(last) = text.sentences.last().filter(|_| look.holds(Rule::AnswerNotNeeded)) else { return };
    let something = text.sentences.iter().any(Sentence::wants_something) || !text.choices.is_empty();
    let sms = look.draft.channel == Some(ChannelKind::Sms);
    if something || sms || text.says_no_answer || is_number_of_its_own(look) {
        return;
    }
    let mark = match look.to.reader {
        Reader::Plain => "【返事はいりません】",
        Reader::Easy => "【返事は　いりません】",
        Reader::Furigana => "【返事（へんじ）は　いりません】",
        Reader::Employer | Reader::Colleague => "【ご返信は不要です】",
    };
    let typed = look.draft.text[text.folded.original(&last.range)].to_owned();
    look.remark(Rule::AnswerNotNeeded, &last.range.clone()).proposing(typed + mark);
}

/// The request first, then the reason (S2.11). A short reason within the request's own sentence is usual Japanese.
fn order(look: &mut Look<'_>) {
    if !look.holds(Rule::ReasonFirst) {
        return;
    }
    let patterns = &look.rules.get().patterns;
    let sentences = &look.text.sentences;
    let Some(at) = sentences.iter().position(|sentence| sentence.act == Act::Requests) else { return };
    let request = &sentences[at];
    let words = look.text.words_of(request);
    let therefore = patterns.therefore.find(words).map(|hit| hit.end());
    let before = || sentences[..at].iter().filter(|sentence| sentence.act != Act::Courtesy);
    let reason = before()
        .find(|sentence| patterns.reason.is_match(look.text.words_of(sentence)))
        .or_else(|| therefore.and_then(|_| before().next_back()));
    if let Some(reason) = reason {
        let all = reason.range.start..request.range.end;
        let typed = |range: std::ops::Range<usize>| &look.draft.text[look.text.folded.original(&range)];
        let first = typed(request.range.start + therefore.unwrap_or(0)..request.range.end);
        let then = typed(reason.range.start..request.range.start);
        let gap = if then.ends_with('\n') { "\n" } else { "" };
        let swapped = format!("{first}{gap}{}", then.trim_end());
        look.remark(Rule::ReasonFirst, &all).proposing(swapped);
        return;
    }
    let longest = look.rules.get().measures.reason;
    if let Some(inside) = patterns.reason_inside.find(words)
        && words[..inside.end()].chars().filter(|c| c.is_alphanumeric()).count() > longest
    {
        let range = request.range.start..request.range.start + inside.end();
        look.remark(Rule::ReasonFirst, &range);
    }
}

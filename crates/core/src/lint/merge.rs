//! Questions for one person on one day become one message (S2.3).

use super::rules::LintRules;
use super::text::Text;

/// Several drafts as one text: what is told first, then what is asked, with numbers where there are several questions. A sentence that
/// stands in two drafts (a greeting) is kept once; a mark that no answer is needed goes, once something is asked.
pub fn one_message(drafts: &[&str], rules: &LintRules) -> String {
    let mut told: Vec<&str> = Vec::new();
    let mut asked: Vec<&str> = Vec::new();
    let mut marks: Vec<&str> = Vec::new();
    for draft in drafts {
        let text = Text::new(draft, &[], &[], rules);
        let starts: Vec<usize> =
            text.sentences.iter().map(|sentence| text.folded.original(&sentence.range).start).collect();
        for (index, sentence) in text.sentences.iter().enumerate() {
            // Answers and marks behind a sentence belong to it.
            let end = starts.get(index + 1).copied().unwrap_or(draft.len());
            let own = text.folded.original(&sentence.range);
            let (words, behind) = (draft[own.clone()].trim(), draft[own.end..end].trim());
            let to = if sentence.is_question() { &mut asked } else { &mut told };
            let mark = behind.starts_with('【');
            let whole = if mark { words } else { draft[own.start..end].trim() };
            if !to.contains(&whole) {
                to.push(whole);
            }
            if mark && !marks.contains(&behind) {
                marks.push(behind);
            }
        }
    }
    if asked.is_empty() {
        return [told, marks].concat().concat();
    }
    let questions: Vec<String> = match asked.as_slice() {
        [one] => vec![(*one).to_owned()],
        several => several.iter().enumerate().map(|(at, question)| format!("({}) {question}", at + 1)).collect(),
    };
    let told = told.concat();
    let gap = if told.is_empty() { "" } else { "\n" };
    format!("{told}{gap}{}", questions.join("\n"))
}

/// The part of a message that asks, without who greets before it; all of it where nothing is asked.
pub fn question_of<'a>(draft: &'a str, rules: &LintRules) -> &'a str {
    let text = Text::new(draft, &[], &[], rules);
    let question = text.sentences.iter().find(|sentence| sentence.is_question());
    let start = question.map_or(0, |question| text.folded.original(&question.range).start);
    draft[start..].trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::ChannelKind;
    use crate::graduate::Language;
    use crate::message::{Fill, TemplateUse, Templates};

    #[test]
    fn of_every_check_in_the_question_stays_and_the_greeting_goes() {
        let rules = LintRules::embedded();
        let fill = Fill { name: "見本", staff: "例川", office: "見本支援室", phone: "", more: &[] };
        for template in Templates::embedded().all().iter().filter(|one| one.purpose == TemplateUse::CheckIn) {
            for channel in [ChannelKind::Line, ChannelKind::Sms] {
                for &language in Language::ALL {
                    let text = template.payload(channel, language, &fill, None).text;
                    let asked = question_of(&text, &rules);
                    assert!(text.ends_with(asked) && !asked.contains("例川"), "{}: {asked}", template.key);
                    assert!(asked.contains(['か', '？']), "{}: {asked}", template.key);
                }
            }
        }
        assert_eq!(question_of("お知らせです。", &rules), "お知らせです。");
    }

    #[test]
    fn what_is_told_comes_first_and_several_questions_are_numbered() {
        let rules = LintRules::embedded();
        let one = one_message(
            &[
                "お世話になっております。来週の訪問は何曜日がよろしいですか。",
                "お世話になっております。駐車場はありますか。",
            ],
            &rules,
        );
        assert_eq!(one, "お世話になっております。\n(1) 来週の訪問は何曜日がよろしいですか。\n(2) 駐車場はありますか。");
    }

    #[test]
    fn one_question_has_no_number_and_takes_the_mark_away() {
        let rules = LintRules::embedded();
        let one = one_message(&["資料を送りました。【返事はいりません】", "届きましたか。［はい／まだ］"], &rules);
        assert_eq!(one, "資料を送りました。\n届きましたか。［はい／まだ］");
    }

    #[test]
    fn nothing_asked_keeps_its_mark_once() {
        let rules = LintRules::embedded();
        let one =
            one_message(&["休みですね。【返事はいりません】", "ゆっくり休んでください。【返事はいりません】"], &rules);
        assert_eq!(one, "休みですね。ゆっくり休んでください。【返事はいりません】");
    }
}

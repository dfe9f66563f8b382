//! What the linter says about words before they go out, beneath the box they were typed in. A message is never held back by it.

use bansou_core::words::Lang;
use serde::Serialize;

use super::said;

/// Every remark on a text, in its order.
#[derive(Clone, Default, Serialize)]
pub struct Remarks {
    /// Better changed.
    pub warnings: Vec<RemarkView>,
    /// Good to know.
    pub hints: Vec<RemarkView>,
    /// A proposal was taken just now: the text in the box is another.
    pub is_taken: bool,
}

/// One remark.
#[derive(Clone, Serialize)]
pub struct RemarkView {
    /// The words it is about; `None` for the whole text.
    pub words: Option<String>,
    /// What is said about them.
    pub said: String,
    /// What could stand in their place.
    pub take: Option<Take>,
    /// The question that was planned for today can be asked within these words: what the button sends.
    pub join: Option<String>,
}

/// A proposal that can be taken.
#[derive(Clone, Serialize)]
pub struct Take {
    /// Rule and words, as the form sends them: the text may have changed since it was looked over.
    pub key: String,
    /// What the words become; empty where they are better left out.
    pub words: String,
}

impl Remarks {
    /// Whether there is nothing to remark.
    pub fn is_empty(&self) -> bool {
        self.warnings.is_empty() && self.hints.is_empty()
    }

    /// A made-up question on a day with another one.
    pub fn sample_asked(lang: Lang) -> Self {
        let told = said(
            lang,
            "今日の12:20に、「今日の体の調子は、どれに近いですか。」と聞く予定です。",
            "“How are you today?” is planned for 12:20 today.",
        );
        let words = Some("会う日は、どれがよいですか。".to_owned());
        let join = Some("join|018f-c1".to_owned());
        Self { warnings: vec![RemarkView { words, said: told, take: None, join }], ..Self::default() }
    }

    /// A made-up example.
    pub fn sample(lang: Lang) -> Self {
        let view = |words: &str, said: String, proposal: Option<&str>| RemarkView {
            words: Some(words.to_owned()),
            said,
            take: proposal.map(|proposal| Take { key: format!("blame|{words}"), words: proposal.to_owned() }),
            join: None,
        };
        let blame = said(lang, "責められていると感じることがあります。", "This can sound like blame.");
        let hint = said(lang, "「こたえない」がありません。", "There is no “I'd rather not say”.");
        Self {
            warnings: vec![
                view("なぜ休んだのですか", blame.clone(), Some("休んだ日の体の調子は、どれに近いですか")),
                view("ちゃんと連絡してください", blame, Some("")),
            ],
            hints: vec![RemarkView { words: None, said: hint, take: None, join: None }],
            is_taken: true,
        }
    }
}

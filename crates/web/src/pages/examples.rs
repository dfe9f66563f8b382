//! Messages to begin from (文例), filled in for one person. Choosing one puts it into the box where an answer is written; nothing is sent.
//!
//! `GET /inbox/{graduate}/examples`, and `POST` to the same path: `find` (words to look for), `body`, `number`, `promise` and `seen` (what
//! stands in the answer's form already) and `pick` (the key of an example; the thread comes back with it in the box).

use bansou_core::delivery::ChannelKind;
use bansou_core::example::{Situation, examples};
use bansou_core::words::Lang;
use serde::Serialize;

use super::person::PersonHead;
use super::{Page, Place, said};

/// The page.
#[derive(Clone, Serialize)]
pub struct ExamplesPage {
    /// To whom is written.
    pub person: PersonHead,
    /// What stands in the box already; may be empty.
    pub body: String,
    /// The number that goes behind it; may be empty.
    pub number: String,
    /// Whether it keeps a promise, as `ReplyForm` has it.
    pub promise: String,
    /// Id of the last message that was on the answer's page.
    pub seen: String,
    /// What is looked for; may be empty.
    pub find: String,
    /// The way by which the messages would go.
    pub channel: Option<ChannelKind>,
    /// What was found, by situation.
    pub groups: Vec<ExampleGroup>,
    /// How many were found.
    pub found: usize,
}

/// Examples for one situation.
#[derive(Clone, Serialize)]
pub struct ExampleGroup {
    /// Which.
    pub situation: Situation,
    /// They, in the order of the file.
    pub examples: Vec<ExampleView>,
}

/// One example, filled in.
#[derive(Clone, Serialize)]
pub struct ExampleView {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// When to use it.
    pub when: String,
    /// The words as the person would get them.
    pub text: String,
    /// Characters as the provider counts them.
    pub length: usize,
    /// For SMS: the parts in which it is paid for; 0 otherwise.
    pub parts: usize,
}

impl Page for ExamplesPage {
    const TEMPLATE: &'static str = "pages/examples.html";
    const PLACE: Place = Place::Inbox;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let view = |key: &str, name: String, when: String, text: &str| ExampleView {
            key: key.to_owned(),
            name,
            when,
            text: text.to_owned(),
            length: text.chars().count(),
            parts: 0,
        };
        let key = |at: usize| examples()[at].key.as_str();
        let morning = view(
            key(0),
            said(lang, "朝のつかれ", "How tired this morning"),
            said(lang, "朝のうちに、様子を知りたいとき", "To hear how the day begins"),
            "見本さん、例川です。今朝、つかれはどのくらい残っていますか。\n［のこっていない／少し／たくさん／こたえない］\nことばで書いてください。",
        );
        let money = view(
            key(6),
            said(lang, "お金の話もできることを伝える", "Money can be talked about"),
            said(lang, "給料日の前や、買い物の話が出たとき", "Before payday"),
            "見本さん、例川です。お金のことも、ここで相談できます。書きたい日に書いてください。【返事はいりません】",
        );
        let usual = Self {
            person: PersonHead::sample(),
            body: String::new(),
            number: String::new(),
            promise: String::new(),
            seen: "018f-m5".to_owned(),
            find: String::new(),
            channel: Some(ChannelKind::Line),
            groups: vec![
                ExampleGroup { situation: Situation::State, examples: vec![morning.clone(), money.clone()] },
                ExampleGroup { situation: Situation::Reply, examples: vec![money.clone()] },
            ],
            found: 3,
        };
        let sms = ExampleView { parts: 1, ..morning };
        let by_sms = Self {
            channel: Some(ChannelKind::Sms),
            body: "お返事ありがとうございます。".to_owned(),
            number: "03-0000-0001".to_owned(),
            find: said(lang, "朝", "morning"),
            groups: vec![ExampleGroup { situation: Situation::State, examples: vec![sms] }],
            found: 1,
            ..usual.clone()
        };
        let none = Self { find: said(lang, "ゴルフ", "golf"), groups: Vec::new(), found: 0, ..usual.clone() };
        vec![("usual", usual), ("sms", by_sms), ("none", none)]
    }
}

//! Pages of the demo only: the welcome, a phone on which one is a graduate, a mailbox in which one is an employer contact. Their routes
//! are mounted by `bansou demo` and by nothing else.
//!
//! - `GET /demo`. `POST /demo/login`: `role` (`staff`, `manager`, `admin`) signs in as a made-up member of staff and opens the page `to`.
//! - `GET /demo/phone`, `GET /demo/phone/{graduate}`. `POST /demo/phone/{graduate}`: `data` (the answer button's postback data) or `text`.
//! - `POST /demo/phone/{graduate}/soon`: the next check-in comes within a minute.
//! - `GET /demo/mailbox`, `GET /demo/mailbox/{mail}`.

use bansou_core::words::Lang;
use serde::Serialize;

use super::{LocalTime, Page, Place, sample_time};

/// The welcome.
#[derive(Clone, Serialize)]
pub struct DemoPage {
    /// How many made-up graduates there are.
    pub graduates: usize,
    /// How many months of history.
    pub months: u32,
    /// Who one is already.
    pub signed_in_as: Option<String>,
}

/// A phone.
#[derive(Clone, Serialize)]
pub struct DemoPhonePage {
    /// Whom one can be.
    pub people: Vec<DemoPerson>,
    /// The open chat.
    pub chat: Option<DemoChat>,
    /// The page was made then.
    pub read_at: LocalTime,
}

/// Somebody one can be.
#[derive(Clone, Serialize)]
pub struct DemoPerson {
    /// The graduate's id.
    pub id: String,
    /// Name.
    pub name: String,
    /// The last words in the chat; may be empty.
    pub last: String,
}

/// A chat as the graduate sees it.
#[derive(Clone, Serialize)]
pub struct DemoChat {
    /// The graduate's id.
    pub graduate: String,
    /// Name.
    pub name: String,
    /// Who writes to them.
    pub office: String,
    /// What was said, oldest first.
    pub lines: Vec<ChatLine>,
    /// Answers to choose from: those of the last message.
    pub choices: Vec<ChatChoice>,
    /// Whether a message of theirs would reach the office.
    pub can_write: bool,
    /// Whether this phone has LINE, on which one can send a picture.
    pub can_send_pictures: bool,
    /// The graduate's own page.
    pub me: Option<String>,
    /// Whether a check-in can come now.
    pub ask: DemoAsk,
}

/// Whether a check-in can come at once when the person asks for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum DemoAsk {
    /// Yes.
    Can,
    /// Today's has come already.
    Had,
    /// Nothing leads to this person, so staff call.
    Call,
    /// Not at this hour.
    Later {
        /// When the hours allow it again.
        at: LocalTime,
        /// What is in the way, as a sentence.
        why: String,
    },
    /// Not at all.
    Not {
        /// What is in the way, as a sentence.
        why: String,
    },
}

/// One message.
#[derive(Clone, Serialize)]
pub struct ChatLine {
    /// The graduate wrote it.
    pub is_mine: bool,
    /// When.
    pub at: LocalTime,
    /// The text.
    pub text: String,
}

/// An answer button.
#[derive(Clone, Serialize)]
pub struct ChatChoice {
    /// What stands on it.
    pub label: String,
    /// Its postback data.
    pub data: String,
}

/// A mailbox.
#[derive(Clone, Serialize)]
pub struct DemoMailboxPage {
    /// Mails, newest first.
    pub mails: Vec<DemoMail>,
    /// The open one.
    pub open: Option<OpenMail>,
    /// The page was made then.
    pub read_at: LocalTime,
}

/// One mail in the list.
#[derive(Clone, Serialize)]
pub struct DemoMail {
    /// Its id.
    pub id: String,
    /// To whom.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// When.
    pub at: LocalTime,
}

/// A mail with its text.
#[derive(Clone, Serialize)]
pub struct OpenMail {
    /// Its id.
    pub id: String,
    /// To whom.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// When.
    pub at: LocalTime,
    /// The text part.
    pub text: String,
    /// The link in it, as a path of this site.
    pub link: Option<String>,
}

impl Page for DemoPage {
    const TEMPLATE: &'static str = "pages/demo.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self { graduates: 60, months: 18, signed_in_as: None };
        let inside = Self { signed_in_as: Some("見本 佐和".to_owned()), ..usual.clone() };
        vec![("usual", usual), ("inside", inside)]
    }
}

impl Page for DemoPhonePage {
    const TEMPLATE: &'static str = "pages/demo_phone.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let person = |id: &str, name: &str, last: &str| DemoPerson {
            id: id.to_owned(),
            name: name.to_owned(),
            last: last.to_owned(),
        };
        let line = |is_mine, at: &str, text: &str| ChatLine { is_mine, at: sample_time(at), text: text.to_owned() };
        let choice = |label: &str, code: &str| ChatChoice { label: label.to_owned(), data: format!("ci=0&a={code}") };
        let chat = DemoChat {
            graduate: "018f-mihon-hanako".to_owned(),
            name: "見本 花子".to_owned(),
            office: "見本就労支援センター".to_owned(),
            lines: vec![
                line(false, "2026-11-17T18:02", "見本さん、例川です。きのうの夜のねむりは、どれに近いですか。"),
                line(true, "2026-11-17T18:40", "よくねた"),
                line(false, "2026-11-17T18:40", "ありがとうございます。例川が読みます。【返事はいりません】"),
                line(false, "2026-11-20T10:01", "見本さん、例川です。今日の体の調子は、どれに近いですか。"),
            ],
            choices: vec![
                choice("よい", "good"),
                choice("ふつう", "so-so"),
                choice("しんどい", "bad"),
                choice("こたえない", "none"),
            ],
            can_write: true,
            can_send_pictures: true,
            me: Some("/me/0000".to_owned()),
            ask: DemoAsk::Can,
        };
        let people = vec![
            person("018f-mihon-hanako", "見本 花子", "今日の体の調子は、どれに近いですか。"),
            person("018f-reida-taro", "例田 太郎", ""),
        ];
        let usual = Self { people, chat: Some(chat.clone()), read_at: sample_time("2026-11-20T10:02") };
        let with = |ask| Self { chat: Some(DemoChat { ask, ..chat.clone() }), ..usual.clone() };
        let later = DemoAsk::Later {
            at: sample_time("2026-11-24T09:00"),
            why: "今日の開所時間は終わりました。".to_owned(),
        };
        let not = DemoAsk::Not { why: "この人は、連絡を休んでいます。".to_owned() };
        let empty = DemoChat {
            ask: DemoAsk::Call,
            can_write: false,
            can_send_pictures: false,
            choices: Vec::new(),
            lines: Vec::new(),
            me: None,
            ..chat.clone()
        };
        vec![
            ("chat", usual.clone()),
            ("had", with(DemoAsk::Had)),
            ("later", with(later)),
            ("not", with(not)),
            ("empty", Self { chat: Some(empty), ..usual.clone() }),
            ("choose", Self { chat: None, ..usual }),
        ]
    }
}

impl Page for DemoMailboxPage {
    const TEMPLATE: &'static str = "pages/demo_mailbox.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let mail = |id: &str| DemoMail {
            id: id.to_owned(),
            to: "例山 ひとみ（株式会社サンプル物流）".to_owned(),
            subject: "働き方についてのお願い（見本就労支援センター）".to_owned(),
            at: sample_time("2026-11-19T09:12"),
        };
        let first = mail("018f-mail");
        let open = OpenMail {
            id: first.id.clone(),
            to: first.to.clone(),
            subject: first.subject.clone(),
            at: first.at,
            text: "株式会社サンプル物流\n例山 ひとみ 様\n\nいつもお世話になっております。\n働き方について、1つお願いがあります。".to_owned(),
            link: Some("/e/0000".to_owned()),
        };
        let read_at = sample_time("2026-11-20T10:02");
        vec![
            ("open", Self { mails: vec![first, mail("018f-other")], open: Some(open), read_at }),
            ("list", Self { mails: vec![mail("018f-mail")], open: None, read_at }),
            ("empty", Self { mails: Vec::new(), open: None, read_at }),
        ]
    }
}

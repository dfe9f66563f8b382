//! Message templates: the list, and one message with its preview in every way it can go out.
//!
//! - `GET /settings/messages`, `GET /settings/messages/{key}`.
//! - `POST /settings/messages/{key}`: `plain`, `easy`, `furigana`, and `step` = `preview` (shows, saves nothing) or `save`.
//! - `POST /settings/messages/{key}/reset`: the delivered wording again. A wording over a channel's length is refused in the form.

use bansou_core::delivery::ChannelKind;
use bansou_core::graduate::Language;
use bansou_core::lint::sms_length;
use bansou_core::message::{Fill, Template, TemplateUse, Templates};
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use crate::form::{FieldError, FormState};
use crate::pages::remarks::Remarks;
use crate::pages::{Page, Place};

/// Longest LINE text in UTF-16 units is 5,000; a check-in stays far below, so that it is read (ux.md C6).
pub const WORDING_MAX: usize = 300;

/// The list.
#[derive(Clone, Serialize)]
pub struct MessagesPage {
    /// Every message, in the delivered order.
    pub messages: Vec<MessageRow>,
}

/// One message in the list.
#[derive(Clone, Serialize)]
pub struct MessageRow {
    /// Its key.
    pub key: String,
    /// What it is used for: `check-in`, `ack`, `notice`.
    pub purpose: &'static str,
    /// ふつう.
    pub plain: String,
    /// The office has put its own words in place.
    pub is_own: bool,
}

/// One message.
#[derive(Clone, Serialize)]
pub struct MessagePage {
    /// Its key.
    pub key: String,
    /// What it is used for.
    pub purpose: &'static str,
    /// The office has put its own words in place.
    pub is_own: bool,
    /// The reader may change the wording; others may try one out.
    pub is_admin: bool,
    /// The answers on offer; they belong to the message and are not changed here.
    pub choices: Vec<String>,
    /// The short wording for SMS, which is not changed here.
    pub sms: String,
    /// The form.
    pub form: FormState<WordingForm>,
    /// Longest wording.
    pub max: usize,
    /// The message as made-up people would get it.
    pub previews: Vec<Preview>,
}

/// How a message goes out to somebody.
#[derive(Clone, Serialize)]
pub struct Preview {
    /// By which channel.
    pub channel: ChannelKind,
    /// In which language level.
    pub language: Language,
    /// The text.
    pub text: String,
    /// Buttons below it.
    pub buttons: Vec<String>,
    /// Its length in characters.
    pub length: usize,
    /// For SMS: in how many parts it is paid for. 0 for other channels.
    pub parts: usize,
    /// What there is to remark on the wording; nothing for SMS, whose wording isn't changed here.
    pub remarks: Remarks,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WordingForm {
    /// ふつう.
    pub plain: String,
    /// やさしい日本語.
    pub easy: String,
    /// やさしい日本語 with readings.
    pub furigana: String,
    /// What the form showed when it was opened.
    pub shown: String,
}

impl WordingForm {
    /// The form as it starts.
    pub fn new(template: &Template) -> Self {
        let wording = |language| template.wording(language).to_owned();
        Self {
            plain: wording(Language::Plain),
            easy: wording(Language::Easy),
            furigana: wording(Language::Furigana),
            shown: String::new(),
        }
    }

    /// The form with what is wrong in it, seen from the delivered wording.
    pub fn checked(self, delivered: &Template) -> FormState<Self> {
        let fields = [
            ("plain", Language::Plain, self.plain.clone()),
            ("easy", Language::Easy, self.easy.clone()),
            ("furigana", Language::Furigana, self.furigana.clone()),
        ];
        let mut state = FormState::new(self);
        for (field, language, text) in fields {
            let now = text.trim().chars().count();
            if now == 0 {
                state = state.with_error(field, FieldError::Required);
            } else if now > WORDING_MAX {
                state = state.with_error(field, FieldError::TooLong { max: WORDING_MAX, now });
            } else if let Some(mark) = delivered.unknown_mark(&text) {
                state = state.with_error(field, FieldError::UnknownMark { words: mark.to_owned() });
            } else if let Some(mark) = delivered.missing_mark(language, &text) {
                state = state.with_error(field, FieldError::MissingMark { words: mark.to_owned() });
            }
        }
        state
    }
}

impl MessageRow {
    /// A row of the list. `is_own`: the office changed it.
    pub fn new(template: &Template, is_own: bool) -> Self {
        Self { key: template.key.clone(), purpose: purpose(template), plain: template.plain.clone(), is_own }
    }
}

impl MessagePage {
    /// The page of a message in the office's present wording, with previews of what stands in the form.
    /// The reader is an admin until the caller says otherwise.
    pub fn new(template: &Template, is_own: bool, form: FormState<WordingForm>, fill: &Fill<'_>) -> Self {
        let shown = Template {
            plain: form.typed.plain.clone(),
            easy: form.typed.easy.clone(),
            furigana: form.typed.furigana.clone(),
            ..template.clone()
        };
        Self {
            key: template.key.clone(),
            purpose: purpose(template),
            is_own,
            is_admin: true,
            choices: template.choices.iter().map(|choice| choice.label.clone()).collect(),
            sms: template.sms.clone(),
            max: WORDING_MAX,
            previews: previews(&shown, fill),
            form,
        }
    }
}

fn purpose(template: &Template) -> &'static str {
    match template.purpose {
        TemplateUse::CheckIn => "check-in",
        TemplateUse::Ack => "ack",
        TemplateUse::Notice => "notice",
    }
}

fn previews(template: &Template, fill: &Fill<'_>) -> Vec<Preview> {
    let check_in = bansou_core::ids::CheckInId(uuid::Uuid::nil());
    let preview = |channel, language| {
        let payload = template.payload(channel, language, fill, Some(check_in));
        Preview {
            channel,
            language,
            length: payload.text.chars().count(),
            parts: if channel == ChannelKind::Sms { sms_length(&payload.text).parts } else { 0 },
            remarks: Remarks::default(),
            buttons: payload.choices.into_iter().map(|choice| choice.label).collect(),
            text: payload.text,
        }
    };
    let mut all: Vec<Preview> = Language::ALL.iter().map(|&language| preview(ChannelKind::Line, language)).collect();
    all.push(preview(ChannelKind::Sms, Language::Plain));
    all
}

/// Made-up values for what only some templates know.
pub(crate) const SAMPLE_MORE: &[(&str, &str)] = &[
    ("{time}", "今日の午後3時"),
    ("{reason}", "電話が長くなりました"),
    ("{hotlines}", "よりそいホットライン 0120-279-338"),
];

const SAMPLE_FILL: Fill<'_> =
    Fill {
        name: "見本", staff: "例川", office: "見本就労支援センター", phone: "03-0000-0001", more: SAMPLE_MORE
    };

impl Page for MessagesPage {
    const TEMPLATE: &'static str = "pages/settings_messages.html";
    const PLACE: Place = Place::Settings;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let templates = Templates::embedded();
        let rows = templates.all().iter().enumerate().map(|(at, template)| MessageRow::new(template, at == 1));
        vec![("usual", Self { messages: rows.collect() })]
    }
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "pages/settings_message.html";
    const PLACE: Place = Place::Settings;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let templates = Templates::embedded();
        let page = |key: &str, is_own, form: Option<WordingForm>| {
            let template = templates.get(key).expect("a delivered message");
            let form = form.unwrap_or_else(|| WordingForm::new(template));
            Self::new(template, is_own, form.checked(template), &SAMPLE_FILL)
        };
        let long = WordingForm { plain: "長い".repeat(200), easy: String::new(), ..WordingForm::default() };
        vec![
            ("usual", page("check-in-condition", false, None)),
            ("own", page("stopped", true, None)),
            ("read-only", Self { is_admin: false, ..page("stopped", true, None) }),
            ("wrong", page("check-in-condition", true, Some(long))),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_shown_as_every_kind_of_person_gets_it() {
        let templates = Templates::embedded();
        let template = templates.get("check-in-condition").unwrap();
        let page = MessagePage::new(template, false, FormState::new(WordingForm::new(template)), &SAMPLE_FILL);
        assert_eq!(page.previews.len(), 4);
        assert!(page.previews[0].text.starts_with("見本さん、例川です。"));
        assert_eq!(page.previews[0].buttons.len(), 4);
        assert_eq!((page.previews[3].parts, page.previews[3].buttons.len()), (1, 0));
    }

    #[test]
    fn a_mark_that_nothing_fills_and_one_that_is_missing_are_named() {
        let templates = Templates::embedded();
        let form = WordingForm {
            plain: "{なまえ}さん、{time}までに返事をします。".to_owned(),
            easy: "返事をします。".to_owned(),
            furigana: "{name}さん、{time}までに　返事を　します。".to_owned(),
            ..WordingForm::default()
        };
        let state = form.checked(templates.get("holding").unwrap());
        assert_eq!(state.errors.get("plain"), Some(&FieldError::UnknownMark { words: "{なまえ}".to_owned() }));
        assert_eq!(state.errors.get("easy"), Some(&FieldError::MissingMark { words: "{time}".to_owned() }));
        assert!(!state.errors.contains_key("furigana"));
        for template in templates.all() {
            assert!(WordingForm::new(template).checked(template).is_valid(), "{}", template.key);
        }
    }

    #[test]
    fn an_empty_or_too_long_wording_is_refused() {
        let (plain, easy, furigana) = ("あ".repeat(WORDING_MAX + 1), " ".to_owned(), "あ".to_owned());
        let form = WordingForm { plain, easy, furigana, ..WordingForm::default() };
        let templates = Templates::embedded();
        let state = form.checked(templates.get("check-in-condition").unwrap());
        assert_eq!(state.errors.get("plain"), Some(&FieldError::TooLong { max: WORDING_MAX, now: WORDING_MAX + 1 }));
        assert_eq!(state.errors.get("easy"), Some(&FieldError::Required));
        assert!(!state.errors.contains_key("furigana"));
    }
}

//! Everything said with one graduate, on every channel, and the answer to it.
//!
//! - `GET /inbox/{graduate}?before=…` shows it; opening changes nothing.
//! - `POST /inbox/{graduate}/reply`: `body`, `channel` (a code of `ChannelKind`, carried by the pressed button), `number` (goes as a message of its own), `seen` (id of the last message that
//!   was on the page; if there is a newer one, the form comes back with it), `csrf`, `once`.
//!   `join` (id of a check-in of today whose question the words ask: it isn't sent by itself then).
//! - `POST /inbox/{graduate}/look`: the same fields, and `take` (a [`super::remarks::Take`]); the page comes back with remarks on the words, and
//!   with the proposal in their place. Nothing is sent or kept.
//! - `POST /inbox/{graduate}/close`: `reason` (a code of `NoReplyReason`), `seen`.
//! - `POST /inbox/{graduate}/hold`: the fields of [`super::clock::HoldForm`]; `…/wait`: `seen`; `…/wait-no-longer`: nothing.
//! - `POST /graduates/{graduate}/crisis/close`: `what` was done, `seen` (id of the last words of crisis to come in that were on the page).
//! - A sign from a message: `GET /graduates/{graduate}/notes/new?message={id}`.
//!
//! A note is written on its own page, in its own colour: reply and note never share a box (ux.md A10).

use bansou_core::attachment::AttachmentKind;
use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_core::reply::Rung;
use bansou_core::thread::{Author, Direction, NoReplyReason};
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::card::CardSummary;
use super::clock::{ClockView, PromiseBox};
use super::desk::Desk;
use super::inbox::TurnKind;
use super::length::{AnswerLength, lengths};
use super::person::{CrisisBlock, Mend, PersonHead, StopView, Taken, sample_hotlines};
use super::remarks::Remarks;
use super::stranger::BindingView;
use super::{Hotline, LocalTime, Page, Place, said, sample_time};
use crate::form::{FieldError, FormState};

/// The page.
#[derive(Clone, Serialize)]
pub struct ThreadPage {
    /// The person.
    pub person: PersonHead,
    /// Whose turn it is.
    pub turn: TurnKind,
    /// Since when a reply is due.
    pub due_since: Option<LocalTime>,
    /// Where the reply clock stands; only with a due answer.
    pub clock: Option<ClockView>,
    /// What there is to say and to do about times.
    pub promises: PromiseBox,
    /// Words of crisis that are still open.
    pub crisis: Option<CrisisBlock>,
    /// Lines that can be named to the person; shown with the crisis.
    pub hotlines: Vec<Hotline>,
    /// Who has taken up the words of crisis, if not the reader.
    pub lock: Option<Taken>,
    /// Nothing may be sent to the person; there is no form then.
    pub stop: Option<StopView>,
    /// The person's card; a stand-in sees it first.
    pub card: CardSummary,
    /// What was said until some moment: a crisis isn't ended from here, because later words of it may not be on the page.
    pub is_past: bool,
    /// Link to what was said before, if there is more.
    pub older: Option<String>,
    /// Oldest first.
    pub messages: Vec<MessageView>,
    /// The channels one can answer on, best first; empty when there is none.
    pub channels: Vec<ReplyChannel>,
    /// Why there is no way to answer, in one sentence; only with no channels.
    pub no_channel: Option<String>,
    /// The answer.
    pub reply: FormState<ReplyForm>,
    /// What stands around its box.
    pub desk: Desk,
    /// When this was read.
    pub read_at: LocalTime,
    /// How long it is for each channel, as the provider counts.
    pub lengths: Vec<AnswerLength>,
    /// What there is to remark on it, once it has been looked over.
    pub remarks: Option<Remarks>,
    /// Who said whose address this is; each can be taken back.
    pub bindings: Vec<BindingView>,
    /// Reasons why no reply is needed.
    pub close_reasons: &'static [NoReplyReason],
}

/// One message.
#[derive(Clone, Serialize)]
pub struct MessageView {
    /// Its id.
    pub id: String,
    /// Which way it went.
    pub direction: Direction,
    /// Who wrote it.
    pub author: Author,
    /// The writer's name; for the program, the office's.
    pub author_name: String,
    /// On which channel.
    pub channel: ChannelKind,
    /// When it was said: came, or left. What is still to go, and what never went: when it was written.
    pub at: LocalTime,
    /// When it was written, where it left a minute or more later (out).
    pub written_at: Option<LocalTime>,
    /// It is still to go, and stands last (out).
    pub waits: bool,
    /// The day, on the first message of a day.
    pub new_day: Option<NaiveDate>,
    /// The text, cut so that quoted signs can be marked; empty where there are no words.
    pub parts: Vec<TextPart>,
    /// Offered answers (out).
    pub choices: Vec<String>,
    /// The question that this answers by button (in).
    pub answers: Option<String>,
    /// What came besides text, in words: a sticker, a picture …
    pub attachment: Option<String>,
    /// The picture or voice itself, once it is here.
    pub media: Option<MediaView>,
    /// The person took it back; nothing of it is shown.
    pub is_unsent: bool,
    /// Somebody else wrote it; nothing of it is shown (`is_unsent` holds too).
    pub is_not_theirs: bool,
    /// How it went (out).
    pub delivery: Option<DeliveryView>,
}

/// A picture or voice that can be looked at or heard.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct MediaView {
    /// Which of them.
    pub kind: AttachmentKind,
    /// Where it is.
    pub href: String,
}

/// A piece of a message.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TextPart {
    /// The words.
    pub text: String,
    /// The sign they were quoted for.
    pub sign: Option<QuotedSign>,
}

/// A sign that quotes these words.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct QuotedSign {
    /// Its name in words, e.g. 睡眠.
    pub label: String,
    /// Whether a person still has to look.
    pub is_waiting: bool,
    /// Where to look.
    pub href: String,
}

/// How a message of ours went.
#[derive(Clone, Serialize)]
pub struct DeliveryView {
    /// The delivery's id.
    pub id: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it got there.
    pub at: Option<LocalTime>,
    /// For a failure or a wait: why, in one sentence.
    pub why: Option<String>,
    /// Whether it may be sent again.
    pub can_resend: bool,
    /// Why a reply that went wrong can't be sent again.
    pub no_resend: Option<Mend>,
}

/// A way to answer.
#[derive(Clone, Serialize)]
pub struct ReplyChannel {
    /// Which.
    pub kind: ChannelKind,
    /// Most characters that fit; more is refused in the form.
    pub max: usize,
    /// What to know about it now, e.g. when it will go out; may be empty.
    pub note: String,
}

/// The raw answer.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReplyForm {
    /// The words.
    pub body: String,
    /// A code of `ChannelKind`.
    pub channel: String,
    /// Id of the last message the writer has seen.
    pub seen: String,
    /// A telephone number that goes as a message of its own right behind the words (LINE; S2.13). May be empty.
    pub number: String,
    /// Id of a check-in that isn't sent by itself, because the words ask its question (S2.3). Empty where there is none.
    pub join: String,
    /// `open` where this isn't yet the answer that a holding reply promised; anything else keeps the promise.
    pub promise: String,
}

impl ThreadPage {
    /// Puts words into the box.
    pub fn fill(&mut self, body: String) {
        self.lengths = lengths(&self.channels, &body);
        self.reply.typed.body = body;
    }
}

/// Cuts a text so that each quote is a piece of its own. Quotes are looked for in order; one that isn't there, or
/// overlaps the one before, is left out.
pub fn mark_quotes(text: &str, quotes: &[(&str, QuotedSign)]) -> Vec<TextPart> {
    let mut parts = Vec::new();
    let mut rest = text;
    for (quote, sign) in quotes {
        let Some((before, after)) = rest.split_once(quote).filter(|_| !quote.is_empty()) else { continue };
        if !before.is_empty() {
            parts.push(TextPart { text: before.to_owned(), sign: None });
        }
        parts.push(TextPart { text: (*quote).to_owned(), sign: Some(sign.clone()) });
        rest = after;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(TextPart { text: rest.to_owned(), sign: None });
    }
    parts
}

impl Page for ThreadPage {
    const TEMPLATE: &'static str = "pages/thread.html";
    const PLACE: Place = Place::Inbox;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let seen = ReplyForm { channel: "line".to_owned(), seen: "018f-m5".to_owned(), ..ReplyForm::default() };
        let usual = usual(lang, &seen);
        let looked = |body: &str, remarks: Remarks| Self {
            lengths: lengths(&usual.channels, body),
            reply: FormState::new(ReplyForm { body: body.to_owned(), ..seen.clone() }),
            remarks: Some(remarks),
            ..usual.clone()
        };
        let remarked = looked("なぜ休んだのですか。ちゃんと連絡してください。", Remarks::sample(lang));
        let nothing = looked("今日の午後3時に電話します。【返事はいりません】", Remarks::default());
        let asked_today =
            looked("会う日は、どれがよいですか。［月曜日／金曜日／こたえない］", Remarks::sample_asked(lang));
        let both = "会う日は、どれがよいですか。［月曜日／金曜日／こたえない］\n今日の体の調子は、どれに近いですか。［よい／ふつう／しんどい／こたえない］";
        let joined =
            Self { desk: Desk::sample_joined(), ..looked(both, Remarks { is_taken: true, ..Remarks::default() }) };
        let shared =
            Self { desk: Desk::sample_shared(lang), ..looked("お返事ありがとうござい", Remarks::default()) };
        let shared = Self { remarks: None, ..shared };
        let with_number = ReplyForm { number: "03-0000-0001".to_owned(), ..seen.clone() };
        let typed = ReplyForm { body: "お返事ありがとうございます。".to_owned(), ..seen };
        let overtaken = FormState::new(typed.clone()).with_error("channel", FieldError::NotAChoice);
        let meanwhile = Self {
            reply: FormState::new(typed).with_error("body", FieldError::ChangedMeanwhile),
            desk: Desk::sample_refused(),
            lock: Some(Taken { by: "例川 実".to_owned(), at: sample_time("2026-11-20T10:40"), is_me: false }),
            ..usual.clone()
        };
        let late = Some(ClockView::sample_handed());
        let no_hold = PromiseBox { hold: None, ..PromiseBox::sample(lang) };
        let crisis = Self { crisis: Some(CrisisBlock::sample(false)), clock: late, promises: no_hold, ..usual.clone() };
        let promised = Self { clock: Some(ClockView::sample_promised()), ..usual.clone() };
        let waits = PromiseBox { hold: None, can_wait: false, waits: true, ..PromiseBox::sample(lang) };
        let waits_for_them = Self { clock: Some(ClockView::sample_waiting()), promises: waits, ..usual.clone() };
        let taken = Self { crisis: Some(CrisisBlock::sample_mine()), ..crisis.clone() };
        let close = FormState::default().with_error("what", FieldError::Required);
        let ending = Self { crisis: Some(CrisisBlock { close, ..CrisisBlock::sample_mine() }), ..crisis.clone() };
        let past = Self { is_past: true, ..taken.clone() };
        let unreachable = Self {
            turn: TurnKind::TheirTurn,
            due_since: None,
            clock: None,
            promises: PromiseBox::default(),
            channels: Vec::new(),
            no_channel: Some(said(
                lang,
                "LINEは本人が友だちをやめ、携帯番号は登録されていません。",
                "The person left LINE, and no mobile number is known.",
            )),
            messages: Vec::new(),
            card: CardSummary::sample_empty(lang),
            is_past: false,
            older: None,
            ..usual.clone()
        };
        let stop = Some(StopView { on: NaiveDate::from_ymd_opt(2026, 11, 18).expect("a date"), by_person: true });
        let stopped = Self { stop, no_channel: None, ..unreachable.clone() };
        let calming = Self { desk: Desk::sample_calming(), turn: TurnKind::TheirTurn, ..usual.clone() };
        let waiting = Self { desk: Desk::sample_waiting(), turn: TurnKind::TheirTurn, ..usual.clone() };
        vec![
            ("shared", shared),
            ("waiting", waiting),
            ("calming", calming),
            ("overtaken", Self { reply: overtaken, ..stopped.clone() }),
            ("stopped", stopped),
            ("stand-in", Self { card: CardSummary::sample(lang, true), ..usual.clone() }),
            ("usual", usual.clone()),
            ("promised", promised),
            ("waits", waits_for_them),
            ("remarked", remarked),
            ("asked-today", asked_today),
            ("joined", joined),
            ("nothing-to-remark", nothing),
            ("number", Self { reply: FormState::new(with_number), ..usual.clone() }),
            ("meanwhile", meanwhile),
            ("crisis", crisis),
            ("crisis-taken", taken),
            ("crisis-past", past),
            ("crisis-ending", ending),
            ("unreachable", unreachable),
        ]
    }
}

fn usual(lang: Lang, seen: &ReplyForm) -> ThreadPage {
    ThreadPage {
        person: PersonHead::sample(),
        turn: TurnKind::ReplyDue,
        due_since: Some(sample_time("2026-11-20T07:32")),
        clock: Some(ClockView::sample(Rung::InTime)),
        promises: PromiseBox::sample(lang),
        crisis: None,
        hotlines: sample_hotlines(),
        lock: None,
        stop: None,
        card: CardSummary::sample(lang, false),
        is_past: false,
        older: Some("/inbox/018f-mihon-hanako?before=018f-m1".to_owned()),
        messages: sample_messages(lang),
        channels: vec![
            ReplyChannel { kind: ChannelKind::Line, max: 5000, note: String::new() },
            ReplyChannel {
                kind: ChannelKind::Sms,
                max: 660,
                note: said(lang, "70文字をこえると、2通分の料金です", "Over 70 characters it costs two messages"),
            },
        ],
        no_channel: None,
        reply: FormState::new(seen.clone()),
        desk: Desk::sample(),
        read_at: sample_time("2026-11-20T10:42"),
        lengths: Vec::new(),
        remarks: None,
        bindings: vec![BindingView {
            id: "018f-binding".to_owned(),
            channel: ChannelKind::Line,
            by: "見本 佐和".to_owned(),
            on: NaiveDate::from_ymd_opt(2026, 11, 16).expect("a date"),
        }],
        close_reasons: NoReplyReason::ALL,
    }
}

fn message(id: &str, at: &str, direction: Direction, author: Author, text: &str) -> MessageView {
    let author_name = match author {
        Author::Graduate => "見本 花子",
        Author::Staff => "見本 佐和",
        Author::Program => "見本就労支援センター",
    };
    MessageView {
        id: id.to_owned(),
        direction,
        author,
        author_name: author_name.to_owned(),
        channel: ChannelKind::Line,
        at: sample_time(at),
        written_at: None,
        waits: false,
        new_day: None,
        parts: if text.is_empty() { Vec::new() } else { mark_quotes(text, &[]) },
        choices: Vec::new(),
        answers: None,
        attachment: None,
        media: None,
        is_unsent: false,
        is_not_theirs: false,
        delivery: None,
    }
}

fn sample_messages(lang: Lang) -> Vec<MessageView> {
    let delivery = |state, why: Option<String>| DeliveryView {
        id: "018f-d".to_owned(),
        state,
        at: Some(sample_time("2026-11-17T12:20")),
        can_resend: false,
        no_resend: why.is_some().then(|| Mend::sample(lang)),
        why,
    };
    let sleep = QuotedSign { label: said(lang, "睡眠", "Sleep"), is_waiting: true, href: "/signs#sign-1".to_owned() };
    let question = MessageView {
        new_day: NaiveDate::from_ymd_opt(2026, 11, 17),
        choices: ["よい", "ふつう", "しんどい", "こたえない"].map(str::to_owned).to_vec(),
        delivery: Some(delivery(DeliveryState::Accepted, None)),
        ..message(
            "018f-m1",
            "2026-11-17T12:20",
            Direction::Out,
            Author::Program,
            "見本さん、こんにちは。見本 佐和です。今日の体の調子は、どれに近いですか。",
        )
    };
    let answer = MessageView {
        answers: Some("今日の体の調子は、どれに近いですか。".to_owned()),
        ..message("018f-m2", "2026-11-17T18:05", Direction::In, Author::Graduate, "ふつう")
    };
    let reply = MessageView {
        new_day: NaiveDate::from_ymd_opt(2026, 11, 18),
        written_at: Some(sample_time("2026-11-17T22:30")),
        channel: ChannelKind::Sms,
        delivery: Some(delivery(
            DeliveryState::Failed,
            Some(said(lang, "この番号はSMSを受け取れません。", "This number cannot receive SMS.")),
        )),
        ..message(
            "018f-m3",
            "2026-11-18T10:02",
            Direction::Out,
            Author::Staff,
            "教えてくれて、ありがとうございます。\n木曜の17時に、5分だけ電話しますね。",
        )
    };
    let gone =
        MessageView { is_unsent: true, ..message("018f-m4", "2026-11-18T21:15", Direction::In, Author::Graduate, "") };
    let words = "最近あまり眠れていません。仕事は行けています。";
    let sign = MessageView {
        new_day: NaiveDate::from_ymd_opt(2026, 11, 20),
        parts: mark_quotes(words, &[("あまり眠れていません", sleep)]),
        attachment: Some(said(
            lang,
            "スタンプが届きました。LINE公式アカウントの管理画面で見られます。",
            "A sticker came. It can be seen in LINE's account manager.",
        )),
        ..message("018f-m5", "2026-11-20T07:32", Direction::In, Author::Graduate, "")
    };
    let came = |id: &str, at: &str, kind, words: String| MessageView {
        attachment: Some(words),
        media: Some(MediaView { kind, href: "/assets/bansou.svg".to_owned() }),
        ..message(id, at, Direction::In, Author::Graduate, "")
    };
    let words = said(lang, "写真（画像）が届きました。", "A picture came.");
    let picture = came("018f-m6", "2026-11-20T07:40", AttachmentKind::Image, words);
    let words = said(lang, "声のメッセージが届きました。", "A voice message came.");
    let voice = came("018f-m7", "2026-11-20T07:41", AttachmentKind::Audio, words);
    vec![question, answer, reply, gone, sign, picture, voice]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign() -> QuotedSign {
        QuotedSign { label: "睡眠".to_owned(), is_waiting: true, href: "/signs".to_owned() }
    }

    #[test]
    fn a_quote_becomes_a_piece_and_no_word_is_lost() {
        let parts = mark_quotes("最近眠れません。はい。", &[("眠れません", sign())]);
        assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>(), ["最近", "眠れません", "。はい。"]);
        assert!(parts[1].sign.is_some() && parts[0].sign.is_none());
    }

    #[test]
    fn a_quote_that_is_not_there_changes_nothing() {
        for quotes in [&[("別の言葉", sign())][..], &[("", sign())][..], &[][..]] {
            assert!(mark_quotes("はい", quotes) == [TextPart { text: "はい".to_owned(), sign: None }]);
        }
        assert_eq!(mark_quotes("", &[]).len(), 1);
    }
}

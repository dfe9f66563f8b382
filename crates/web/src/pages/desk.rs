//! What stands around the box of a reply: the kept draft, who else writes, what waits to go, "send later", hand-over.
//!
//! - `POST /inbox/{graduate}/draft`: `body` and `number` are kept for the reader alone, as one text; empty forgets it. A page's script sends
//!   them while somebody writes; without a script a button does. `after` = `yes`: they were written after the page's answer was sent.
//! - `POST /inbox/{graduate}/later`: `body`, `seen`, `join`, `way` (a code of `ChannelKind`), `when` (a proposed moment, or `own` with `on` and
//!   `at`).
//! - `POST /inbox/{graduate}/waiting/{delivery}`: `what` (a [`WaitingStep`]), for `move` also `when`, `on`, `at`.
//! - `POST /inbox/{graduate}/hand-over`: `to` (an id of a colleague), `remark`.

use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::{LocalTime, said, sample_time};
use crate::form::{FieldError, FormState};

/// Everything around the box.
#[derive(Clone, Default, Serialize)]
pub struct Desk {
    /// When the words in the box were kept; `None` where they weren't a draft.
    pub draft_at: Option<LocalTime>,
    /// Colleagues who are writing to this person now. For staff alone.
    pub writing: Vec<String>,
    /// The answer asks a question that was planned for today.
    pub join: Option<JoinView>,
    /// Replies that haven't gone yet, the first to go first.
    pub waiting: Vec<WaitingReply>,
    /// A message may go at this moment, so that one that waits can be sent at once.
    pub may_go_now: bool,
    /// What came into the thread while the reader was writing.
    pub meanwhile: Vec<Meanwhile>,
    /// Moments that suit office and person.
    pub moments: Vec<Moment>,
    /// The form of "send later".
    pub later: FormState<LaterForm>,
    /// The waiting reply that the form was about; `None` for the one in the box.
    pub moving: Option<String>,
    /// A colleague was asked to look after the thread.
    pub handover: Option<HandoverView>,
    /// The form that asks one.
    pub hand_over: FormState<HandOverForm>,
    /// Colleagues who can be asked: id, and name with why they aren't there today.
    pub colleagues: Vec<(String, String)>,
}

/// A question that is asked within the answer instead of by itself (S2.3).
#[derive(Clone, Serialize)]
pub struct JoinView {
    /// Id of the check-in, as the form carries it.
    pub check_in: String,
    /// When it would have gone.
    pub at: LocalTime,
    /// Whether it is let go.
    pub is_on: bool,
}

/// A moment that is proposed.
#[derive(Clone, Serialize)]
pub struct Moment {
    /// RFC 3339, as the form carries it.
    pub key: String,
    /// The same for the reader.
    pub at: LocalTime,
}

/// A reply that hasn't gone yet.
#[derive(Clone, Serialize)]
pub struct WaitingReply {
    /// The delivery's id.
    pub id: String,
    /// The words.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When it goes.
    pub at: LocalTime,
    /// In how many seconds, where that is less than a minute.
    pub seconds: Option<i64>,
    /// Sending is stopped by hand: it doesn't go before somebody lets it go again.
    pub is_stopped: bool,
    /// It waits because the exchange is a heated one.
    pub calms: bool,
    /// The person has written since; it may not fit any more.
    pub is_overtaken: bool,
}

/// Something that was written while the reader was writing.
#[derive(Clone, Serialize)]
pub struct Meanwhile {
    /// Who.
    pub by: String,
    /// Whether it is a colleague's answer rather than the person's words.
    pub is_ours: bool,
    /// When.
    pub at: LocalTime,
}

/// A colleague was asked to look after the thread.
#[derive(Clone, Serialize)]
pub struct HandoverView {
    /// Who asked.
    pub from: String,
    /// Who was asked.
    pub to: String,
    /// Whether that is the reader.
    pub is_me: bool,
    /// Words for the colleague; may be empty.
    pub remark: String,
    /// When.
    pub at: LocalTime,
}

/// The raw form of "send later".
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LaterForm {
    /// The words.
    #[serde(skip_serializing)]
    pub body: String,
    /// The number that goes behind the words.
    #[serde(skip_serializing)]
    pub number: String,
    /// As in [`super::thread::ReplyForm`].
    #[serde(skip_serializing)]
    pub join: String,
    /// Id of the last message the writer has seen.
    #[serde(skip_serializing)]
    pub seen: String,
    /// As in `ReplyForm`; for the box, should the form come back.
    #[serde(skip_serializing)]
    pub promise: String,
    /// A code of `ChannelKind`.
    pub way: String,
    /// A proposed moment, or `own`.
    pub when: String,
    /// The day of an own moment.
    pub on: String,
    /// Its time.
    pub at: String,
}

/// The raw form about a reply that waits.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct WaitingForm {
    /// A code of [`WaitingStep`].
    pub what: String,
    /// As in [`LaterForm`].
    pub when: String,
    /// As in [`LaterForm`].
    pub on: String,
    /// As in [`LaterForm`].
    pub at: String,
}

bansou_core::codes! {
    /// What is done about a reply that waits.
    WaitingStep {
        /// It is not to go; its words come back into the box.
        TakeBack = "take-back",
        /// It goes now, if it may.
        Now = "now",
        /// It goes at another moment.
        Move = "move",
    }
}

/// The raw form that asks a colleague.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandOverForm {
    /// An id of a colleague.
    pub to: String,
    /// Words for them.
    pub remark: String,
}

impl Desk {
    pub(super) fn sample() -> Self {
        let moments = ["2026-11-20T13:00", "2026-11-24T10:00", "2026-11-24T13:00"];
        Self {
            may_go_now: true,
            moments: moments.map(|at| Moment { key: format!("{at}:00+09:00"), at: sample_time(at) }).to_vec(),
            colleagues: vec![("018f-minoru".to_owned(), "例川 実".to_owned())],
            ..Self::default()
        }
    }

    /// A draft, a colleague who writes, and a hand-over.
    pub(super) fn sample_shared(lang: Lang) -> Self {
        Self {
            draft_at: Some(sample_time("2026-11-20T10:21")),
            writing: vec!["例川 実".to_owned()],
            colleagues: vec![
                ("018f-minoru".to_owned(), "例川 実".to_owned()),
                (
                    "018f-akari".to_owned(),
                    said(lang, "例坂 明（休み：11月20日（金）午後）", "例坂 明 (on leave: Fri 20 Nov, afternoon)"),
                ),
            ],
            handover: Some(HandoverView {
                from: "例川 実".to_owned(),
                to: "見本 佐和".to_owned(),
                is_me: true,
                remark: said(
                    lang,
                    "午後は訪問に出ます。返事をお願いします。",
                    "I am out this afternoon. Please answer.",
                ),
                at: sample_time("2026-11-20T10:05"),
            }),
            ..Self::sample()
        }
    }

    /// An answer that asks a question of today.
    pub(super) fn sample_joined() -> Self {
        let join = JoinView { check_in: "018f-c1".to_owned(), at: sample_time("2026-11-20T12:20"), is_on: true };
        Self { join: Some(join), ..Self::sample() }
    }

    /// One reply that goes in a moment, and one that goes after the weekend.
    pub(super) fn sample_waiting() -> Self {
        let soon = WaitingReply {
            id: "018f-w1".to_owned(),
            text: "教えてくれて、ありがとうございます。".to_owned(),
            by: "見本 佐和".to_owned(),
            at: sample_time("2026-11-20T10:42"),
            seconds: Some(9),
            is_stopped: false,
            calms: false,
            is_overtaken: false,
        };
        let later = WaitingReply {
            id: "018f-w2".to_owned(),
            text: "週の始めですが、体の調子はどうですか。".to_owned(),
            at: sample_time("2026-11-24T10:00"),
            seconds: None,
            is_overtaken: true,
            ..soon.clone()
        };
        let stopped = WaitingReply {
            id: "018f-w3".to_owned(),
            at: sample_time("2026-11-20T10:43"),
            is_stopped: true,
            ..soon.clone()
        };
        Self { waiting: vec![soon, later, stopped], ..Self::sample() }
    }

    /// One reply that waits after hard words.
    pub(super) fn sample_calming() -> Self {
        let mut waiting = Self::sample_waiting();
        waiting.waiting.truncate(1);
        for reply in &mut waiting.waiting {
            reply.at = sample_time("2026-11-20T10:52");
            reply.seconds = None;
            reply.calms = true;
        }
        waiting
    }

    /// A moment that doesn't suit the person, and a hand-over to nobody.
    pub(super) fn sample_refused() -> Self {
        let asked = LaterForm {
            way: "line".to_owned(),
            on: "2026-11-22".to_owned(),
            at: "20:00".to_owned(),
            ..LaterForm::default()
        };
        Self {
            later: FormState::new(asked).with_error("on", FieldError::OutsideHours),
            hand_over: FormState::default().with_error("to", FieldError::Required),
            meanwhile: vec![Meanwhile {
                by: "例川 実".to_owned(), is_ours: true, at: sample_time("2026-11-20T10:40")
            }],
            ..Self::sample()
        }
    }
}

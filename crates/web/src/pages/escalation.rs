//! One request to an employer: its exact words, where it stands, what comes next; and the list of all of them.
//!
//! - `GET /escalations?show=open|answered|done` lists them, `GET /escalations/{id}` shows one.
//! - `POST /escalations/{id}/read`: `words` (the mark of the words on the screen), `how` (`together`, `read_out`, `own_page`). A draft
//!   with `own_page` waits on the graduate's page until they say that they have read it. After they said "not yet", the other two need
//!   `agreed` = `yes`.
//! - `POST /escalations/{id}/send`: `words`. Refused when the words changed since the page was opened.
//! - `POST /escalations/{id}/again`: the same words once more with a fresh link, to the contact's present address.
//! - `POST /escalations/{id}/tried`: `review_on`. `POST /escalations/{id}/reviewed` and `…/withdraw` take no field.

use bansou_core::consent::Topic;
use bansou_core::delivery::DeliveryState;
use bansou_core::escalation::{AnswerKind, EscalationState};
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::letter::Letter;
use super::person::PersonHead;
use super::remarks::Remarks;
use super::{LocalTime, Page, Place, said, sample_time};
use crate::form::{FieldError, FormState};

/// One request.
#[derive(Clone, Serialize)]
pub struct EscalationPage {
    /// Its id.
    pub id: String,
    /// About whom.
    pub person: PersonHead,
    /// The exact words.
    pub letter: Letter,
    /// What there is to remark on them, while they can be changed.
    pub remarks: Option<Remarks>,
    /// The mark of these words.
    pub words: String,
    /// About what.
    pub topic: Topic,
    /// Where it stands.
    pub state: EscalationState,
    /// The steps so far and to come.
    pub steps: Vec<Step>,
    /// The graduate has been asked to read it on their own page and hasn't yet.
    pub waits_on_own_page: bool,
    /// When the graduate said that it mustn't be sent yet; they haven't agreed since.
    pub not_yet: Option<LocalTime>,
    /// The consent no longer covers it: it can't be sent.
    pub consent_over: bool,
    /// What became of the e-mail.
    pub delivery: Option<Mail>,
    /// What the employer answered.
    pub answer: Option<AnswerView>,
    /// Words to ask the company back, where it has another idea (S2.8).
    pub ask_back: Option<String>,
    /// When to look again.
    pub review_on: NaiveDate,
    /// The day has come.
    pub review_due: bool,
    /// The form that says it was tried.
    pub tried: FormState<TriedForm>,
    /// Why the last step wasn't taken.
    pub obstacle: Option<Obstacle>,
}

bansou_core::codes! {
    /// Why a step of a request wasn't taken.
    Obstacle {
        /// The request isn't what was on the screen any more.
        Changed = "changed",
        /// The graduate doesn't want it sent yet, and nobody wrote down that they do now.
        NotYet = "not_yet",
        /// No consent covers it any more.
        NoConsent = "no_consent",
        /// The contact isn't one any more, or has no address.
        NoContact = "no_contact",
        /// The employer isn't on record as one who knows of the disability.
        NotOpen = "not_open",
        /// The person doesn't work there any more.
        JobOver = "job_over",
        /// No channel for e-mail is set up.
        NoMail = "no_mail",
        /// The office has no hours in which a mail could leave.
        NeverOpen = "never_open",
    }
}

/// One step of a request.
#[derive(Clone, Serialize)]
pub struct Step {
    /// Which.
    pub state: EscalationState,
    /// When it was taken; `None` when it lies ahead.
    pub at: Option<LocalTime>,
    /// Whether it is the present one.
    pub is_now: bool,
}

/// The e-mail with the link.
#[derive(Clone, Serialize)]
pub struct Mail {
    /// The delivery's id.
    pub id: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// The address.
    pub to: String,
    /// Why it failed, in words.
    pub why: Option<String>,
    /// Never by the delivery's own form: a request goes out again with a fresh link (`POST /escalations/{id}/again`).
    pub can_resend: bool,
    /// It didn't arrive, or nobody knows whether it did.
    pub is_wrong: bool,
    /// Nothing more happens to it by itself.
    pub is_finished: bool,
}

/// The employer's answer.
#[derive(Clone, Serialize)]
pub struct AnswerView {
    /// Yes, no, or another idea.
    pub kind: AnswerKind,
    /// From when, or by when more will be said.
    pub on: Option<NaiveDate>,
    /// Free words; may be empty.
    pub text: String,
    /// Whether the graduate may read them.
    pub may_show: bool,
    /// When it came.
    pub at: LocalTime,
}

/// The raw form that says it was tried.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TriedForm {
    /// When to look how it went.
    pub review_on: String,
}

/// All requests of the office.
#[derive(Clone, Serialize)]
pub struct EscalationsPage {
    /// Which ones are shown.
    pub show: ShowEscalations,
    /// The requests, what needs a hand first.
    pub rows: Vec<EscalationRow>,
}

bansou_core::codes! {
    /// Which requests are shown.
    ShowEscalations {
        /// Being written or waiting for an answer.
        Open = "open",
        /// Answered, to be tried or looked at again.
        Answered = "answered",
        /// Reviewed or withdrawn.
        Done = "done",
    }
}

/// One request in the list.
#[derive(Clone, Serialize)]
pub struct EscalationRow {
    /// Its id.
    pub id: String,
    /// The graduate's name.
    pub name: String,
    /// The company.
    pub company: String,
    /// The request.
    pub request: String,
    /// Where it stands.
    pub state: EscalationState,
    /// The answer, once there is one.
    pub answer: Option<AnswerKind>,
    /// Until when an answer was asked for.
    pub answer_by: NaiveDate,
    /// That day has passed without an answer.
    pub is_late: bool,
    /// When to look again.
    pub review_on: NaiveDate,
    /// That day has come.
    pub review_due: bool,
}

/// The states in the order in which a request goes through them, with the times known so far.
pub fn steps(state: EscalationState, at: impl Fn(EscalationState) -> Option<LocalTime>) -> Vec<Step> {
    use EscalationState::{Answered, Draft, ReadByPerson, Reviewed, Sent, Tried, Withdrawn};
    let mut path = vec![Draft, ReadByPerson, Sent, Answered, Tried, Reviewed];
    if state == Withdrawn {
        path.retain(|step| *step == Draft || at(*step).is_some());
        path.push(Withdrawn);
    }
    path.into_iter().map(|step| Step { state: step, at: at(step), is_now: step == state }).collect()
}

impl Mail {
    fn sample(state: DeliveryState, why: Option<String>) -> Self {
        Self {
            id: "018f-delivery".to_owned(),
            state,
            to: "hitomi@example.jp".to_owned(),
            why,
            can_resend: false,
            is_wrong: state == DeliveryState::Failed,
            is_finished: state != DeliveryState::Due,
        }
    }
}

impl AnswerView {
    fn sample() -> Self {
        Self {
            kind: AnswerKind::OtherIdea,
            on: "2026-12-01".parse().ok(),
            text: "紙ではなく、ホワイトボードに書いて、終わったら消す形ならすぐに始められます。".to_owned(),
            may_show: true,
            at: sample_time("2026-11-20T11:30"),
        }
    }
}

impl Page for EscalationPage {
    const TEMPLATE: &'static str = "pages/escalation.html";
    const PLACE: Place = Place::Signs;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        use EscalationState::{Answered, Draft, ReadByPerson, Reviewed, Sent, Tried, Withdrawn};
        let times = |state| {
            let text = match state {
                Draft => "2026-11-18T10:02",
                ReadByPerson => "2026-11-18T17:40",
                Sent => "2026-11-19T09:12",
                Answered => "2026-11-20T11:30",
                Tried => "2026-12-01T09:00",
                Reviewed | Withdrawn => "2026-12-14T15:00",
            };
            sample_time(text)
        };
        let up_to = |state: EscalationState| steps(state, |step| (step <= state).then(|| times(step)));
        let usual = Self {
            id: "018f-request".to_owned(),
            person: PersonHead::sample(),
            letter: Letter::sample(),
            remarks: None,
            words: "0a1b2c".to_owned(),
            topic: Topic::Instructions,
            state: Draft,
            steps: up_to(Draft),
            waits_on_own_page: false,
            not_yet: None,
            consent_over: false,
            delivery: None,
            answer: None,
            ask_back: None,
            review_on: "2026-12-14".parse().expect("a date written in a sample"),
            review_due: false,
            tried: FormState::new(TriedForm { review_on: "2026-12-14".to_owned() }),
            obstacle: None,
        };
        let hindered = |obstacle| Self { obstacle: Some(obstacle), ..usual.clone() };
        let at = |state: EscalationState| Self { state, steps: up_to(state), ..usual.clone() };
        let mail = Mail::sample;
        let answer = AnswerView::sample();
        let back = "例山 ひとみ様\n見本就労支援センターの見本 佐和です。ご提案をありがとうございます。".to_owned();
        let refused =
            said(lang, "アドレスが存在しないと返されました", "The server says that the address doesn't exist");
        let gone = steps(Withdrawn, |step| matches!(step, Draft | ReadByPerson | Withdrawn).then(|| times(step)));
        let wrong = FormState::new(TriedForm { review_on: "2026-01-01".to_owned() })
            .with_error("review_on", FieldError::NotInFuture);
        let mut samples = vec![
            ("draft", usual.clone()),
            ("remarked", Self { remarks: Some(Remarks::sample(lang)), ..usual.clone() }),
            ("own-page", Self { waits_on_own_page: true, ..usual.clone() }),
            ("not-yet", Self { not_yet: Some(sample_time("2026-11-19T19:20")), ..usual.clone() }),
            ("read", at(ReadByPerson)),
            ("consent-over", Self { consent_over: true, ..at(ReadByPerson) }),
            ("waiting", Self { delivery: Some(mail(DeliveryState::Due, None)), ..at(Sent) }),
            ("sent", Self { delivery: Some(mail(DeliveryState::Accepted, None)), ..at(Sent) }),
            ("failed", Self { delivery: Some(mail(DeliveryState::Failed, Some(refused))), ..at(Sent) }),
            ("answered", Self { answer: Some(answer.clone()), ask_back: Some(back), ..at(Answered) }),
            ("wrong-date", Self { answer: Some(answer.clone()), tried: wrong, ..at(Answered) }),
            (
                "no",
                Self {
                    answer: Some(AnswerView {
                        kind: AnswerKind::No,
                        on: None,
                        text: String::new(),
                        may_show: false,
                        ..answer.clone()
                    }),
                    ..at(Answered)
                },
            ),
            ("tried", Self { answer: Some(answer.clone()), review_due: true, ..at(Tried) }),
            ("reviewed", Self { answer: Some(answer), ..at(Reviewed) }),
            ("withdrawn", Self { state: Withdrawn, steps: gone, ..usual.clone() }),
        ];
        samples.extend(Obstacle::ALL.iter().map(|&why| (why.as_str(), hindered(why))));
        samples
    }
}

impl Page for EscalationsPage {
    const TEMPLATE: &'static str = "pages/escalations.html";
    const PLACE: Place = Place::Signs;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let day = |text: &str| text.parse().expect("a date written in a sample");
        let row = |name: &str, state, is_late, review_due| EscalationRow {
            id: "018f-request".to_owned(),
            name: name.to_owned(),
            company: "株式会社サンプル物流".to_owned(),
            request: Letter::sample().request,
            state,
            answer: (state >= EscalationState::Answered).then_some(AnswerKind::Yes),
            answer_by: day("2026-11-30"),
            is_late,
            review_on: day("2026-12-14"),
            review_due,
        };
        let open = vec![
            row("見本 花子", EscalationState::Sent, true, false),
            row("例田 太郎", EscalationState::ReadByPerson, false, false),
            row("試山 次郎", EscalationState::Draft, false, false),
        ];
        let answered = vec![
            row("見本 花子", EscalationState::Tried, false, true),
            row("例田 太郎", EscalationState::Answered, false, false),
        ];
        vec![
            ("open", Self { show: ShowEscalations::Open, rows: open }),
            ("answered", Self { show: ShowEscalations::Answered, rows: answered }),
            ("empty", Self { show: ShowEscalations::Open, rows: Vec::new() }),
            ("nothing-done", Self { show: ShowEscalations::Done, rows: Vec::new() }),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withdrawn_request_shows_only_the_steps_it_took() {
        let now = sample_time("2026-11-20T10:00");
        let taken = [EscalationState::Draft, EscalationState::Sent, EscalationState::Withdrawn];
        let shown = steps(EscalationState::Withdrawn, |step| taken.contains(&step).then_some(now));
        assert_eq!(shown.iter().map(|step| step.state).collect::<Vec<_>>(), taken);
        assert!(shown.last().is_some_and(|step| step.is_now));
    }
}

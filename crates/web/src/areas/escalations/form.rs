//! The form of a request, read and written back.

use bansou_core::calendar::OfficeCalendar;
use bansou_core::consent::Topic;
use bansou_core::escalation::{Fact, FactSource, REQUEST_MAX, Request, RequestError};
use bansou_core::ids::EmployerContactId;
use bansou_core::roster::parse_date;
use bansou_core::sign::{Sign, SignSource};
use bansou_store::Escalation;
use chrono::{Days, NaiveDate};

use crate::form::{FieldError, FormState};
use crate::pages::escalate::{EscalateForm, FACT_ROWS, Recipient};

/// Fields of the fact rows: day, source, sentence.
const ROWS: [(&str, &str, &str); FACT_ROWS] = [
    ("fact1_on", "fact1_source", "fact1_text"),
    ("fact2_on", "fact2_source", "fact2_text"),
    ("fact3_on", "fact3_source", "fact3_text"),
];

/// An employer who has a week can ask inside the company first.
const ANSWER_IN_DAYS: u64 = 7;
/// After four weeks a change can be judged.
const REVIEW_IN_DAYS: u64 = 28;

/// A form that can be saved.
pub(crate) struct Written {
    /// Who is asked.
    pub(crate) contact: EmployerContactId,
    /// About what.
    pub(crate) topic: Topic,
    /// The words.
    pub(crate) request: Request,
    /// When to look again.
    pub(crate) review_on: NaiveDate,
}

/// Reads the form; `Err` is the form with what is wrong in it.
pub(crate) fn read(
    form: EscalateForm,
    recipients: &[Recipient],
    today: NaiveDate,
) -> Result<Written, Box<FormState<EscalateForm>>> {
    let mut errors = Vec::new();
    let chosen = form.chosen().and_then(|(contact, topic)| {
        let known = recipients.iter().find(|one| one.contact == contact && one.topics.contains(&topic))?;
        Some((EmployerContactId(known.contact.parse().ok()?), topic))
    });
    if chosen.is_none() {
        errors.push(("recipient", FieldError::NotAChoice));
    }
    let facts = facts(&form, today, &mut errors);
    let answer_by = ahead("answer_by", &form.answer_by, today, &mut errors);
    let review_on = ahead("review_on", &form.review_on, today, &mut errors);
    if let (Some(answer_by), Some(review_on)) = (answer_by, review_on)
        && review_on < answer_by
    {
        errors.push(("review_on", FieldError::EndBeforeStart));
    }
    let text = |text: &str| text.trim().to_owned();
    let request = Request {
        request: text(&form.request),
        purpose: text(&form.purpose),
        facts,
        question: text(&form.question),
        answer_by: answer_by.unwrap_or(today),
        our_part: text(&form.our_part),
    };
    errors.extend(problems(&request, today));
    if let (true, Some((contact, topic)), Some(review_on)) = (errors.is_empty(), chosen, review_on) {
        return Ok(Written { contact, topic, request, review_on });
    }
    let state = FormState::new(form);
    Err(Box::new(errors.into_iter().fold(state, |state, (field, error)| state.with_error(field, error))))
}

/// The form as it begins: what the program knows of the sign, and days that suit most requests. The words stay with staff.
pub(crate) fn begun(
    sign: &Sign,
    said_on: NaiveDate,
    question: String,
    calendar: &OfficeCalendar,
    today: NaiveDate,
) -> EscalateForm {
    let open = |days| today.checked_add_days(Days::new(days)).and_then(|day| calendar.open_day_from(day));
    let day = |days| open(days).map(|day| day.to_string()).unwrap_or_default();
    let source = match sign.source {
        SignSource::Person => FactSource::Person,
        SignSource::Employer => FactSource::Employer,
        SignSource::Staff | SignSource::Silence | SignSource::Pattern => FactSource::Staff,
    };
    EscalateForm {
        fact1_on: said_on.to_string(),
        fact1_source: source.to_string(),
        question,
        answer_by: day(ANSWER_IN_DAYS),
        review_on: day(REVIEW_IN_DAYS),
        ..EscalateForm::default()
    }
}

/// The form of a stored draft.
pub(crate) fn typed(draft: &Escalation) -> EscalateForm {
    let request = &draft.request;
    let fact = |at: usize| {
        request
            .facts
            .get(at)
            .map_or_else(Default::default, |fact| (fact.on.to_string(), fact.source.to_string(), fact.text.clone()))
    };
    let (
        (fact1_on, fact1_source, fact1_text),
        (fact2_on, fact2_source, fact2_text),
        (fact3_on, fact3_source, fact3_text),
    ) = (fact(0), fact(1), fact(2));
    EscalateForm {
        recipient: format!("{}:{}", draft.contact, draft.topic),
        request: request.request.clone(),
        purpose: request.purpose.clone(),
        fact1_on,
        fact1_source,
        fact1_text,
        fact2_on,
        fact2_source,
        fact2_text,
        fact3_on,
        fact3_source,
        fact3_text,
        question: request.question.clone(),
        answer_by: request.answer_by.to_string(),
        our_part: request.our_part.clone(),
        review_on: draft.review_on.to_string(),
    }
}

/// The rows in which something stands. A row is whole or wrong; one at least is needed.
fn facts(form: &EscalateForm, today: NaiveDate, errors: &mut Vec<(&'static str, FieldError)>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut is_empty = true;
    for ((on_field, source_field, text_field), (on, source, text)) in ROWS.into_iter().zip(form.facts()) {
        // A source alone may be what the browser preselected.
        if on.trim().is_empty() && text.trim().is_empty() {
            continue;
        }
        is_empty = false;
        let day = parse_date(on).ok();
        match day {
            None => errors.push((on_field, FieldError::NotADate)),
            Some(day) if day > today => errors.push((on_field, FieldError::InFuture)),
            Some(_) => {}
        }
        let source = source.parse().ok();
        if source.is_none() {
            errors.push((source_field, FieldError::NotAChoice));
        }
        if text.trim().is_empty() {
            errors.push((text_field, FieldError::Required));
        }
        if let (Some(on), Some(source)) = (day, source) {
            facts.push(Fact { on, source, text: text.trim().to_owned() });
        }
    }
    if is_empty {
        errors.push(("fact1_text", FieldError::Required));
    }
    facts
}

fn ahead(
    field: &'static str,
    text: &str,
    today: NaiveDate,
    errors: &mut Vec<(&'static str, FieldError)>,
) -> Option<NaiveDate> {
    let day = parse_date(text).ok();
    match day {
        None => errors.push((field, FieldError::NotADate)),
        Some(day) if day <= today => errors.push((field, FieldError::NotInFuture)),
        Some(_) => {}
    }
    day
}

/// What core says of the words, at the form's fields. Facts and days have been said already.
fn problems(request: &Request, today: NaiveDate) -> Vec<(&'static str, FieldError)> {
    let said = |problem: RequestError| match problem {
        RequestError::Request if request.request.is_empty() => Some(("request", FieldError::Required)),
        RequestError::Request => {
            Some(("request", FieldError::TooLong { max: REQUEST_MAX, now: request.request.chars().count() }))
        }
        RequestError::Purpose => Some(("purpose", FieldError::Required)),
        RequestError::Question if request.question.is_empty() => Some(("question", FieldError::Required)),
        RequestError::Question => Some(("question", FieldError::NotAQuestion)),
        RequestError::Facts | RequestError::AnswerBy => None,
    };
    request.problems(today).into_iter().filter_map(said).collect()
}

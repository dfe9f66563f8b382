//! Reading the form of a graduate's details, and showing the hours and kinds in it.

use bansou_core::cadence::CadencePreset;
use bansou_core::contact::{ContactKind, EmailAddress, PhoneNumber};
use bansou_core::graduate::{GraduateProfile, Language, Support};
use bansou_core::hours::{HoursError, PersonHours, WeekHours, day_text};
use bansou_core::ids::StaffId;
use bansou_core::service_period::ServicePeriod;
use bansou_store::GraduateDetails;
use chrono::{NaiveTime, Weekday};

use super::{Known, OWN, service};
use crate::form::{FieldError, FormState};
use crate::pages::edit::EditForm;
use crate::people::{dialled, kinds_in_words};
use crate::signed::Signed;

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
/// Most letters of a line, and of a longer text.
const LINE_MAX: usize = 100;
const TEXT_MAX: usize = 1000;

/// The form, understood. Addresses are as they are stored.
pub(super) struct Read {
    pub(super) details: GraduateDetails,
    /// The number with the way it is used.
    pub(super) phone: Option<(ContactKind, String)>,
    pub(super) email: Option<String>,
    pub(super) support: Support,
    pub(super) staff: Option<StaffId>,
    pub(super) standin: Option<StaffId>,
    /// 就労定着支援 as the form has it.
    pub(super) service: Option<ServicePeriod>,
    /// Another rhythm than before.
    pub(super) preset: Option<CadencePreset>,
}

/// A form with the mistakes found so far.
struct Reading<'a> {
    form: &'a EditForm,
    state: FormState<EditForm>,
}

impl Reading<'_> {
    fn wrong(&mut self, field: &'static str, error: FieldError) {
        self.state = std::mem::take(&mut self.state).with_error(field, error);
    }

    fn ok<T>(&mut self, field: &'static str, read: Result<T, FieldError>) -> Option<T> {
        read.map_err(|error| self.wrong(field, error)).ok()
    }
}

/// Reads the form; with mistakes, gives it back as it was typed.
pub(super) fn read(signed: &Signed, form: &EditForm, known: &Known) -> Result<Read, Box<FormState<EditForm>>> {
    let mut reading = Reading { form, state: FormState::new(form.clone()) };
    texts(&mut reading);
    let phone = reading.ok("phone", number(&form.phone, known));
    let email = reading.ok("email", mail(&form.email));
    let language = reading.ok("language", form.language.parse::<Language>().map_err(|_| FieldError::NotAChoice));
    let support = reading.ok("support", form.support.parse::<Support>().map_err(|_| FieldError::NotAChoice));
    let staff = reading.ok("staff", member(&form.staff, known));
    let standin = reading.ok("standin", standin(form, known));
    let service = service::read(form, known);
    for (field, error) in service.as_ref().err().into_iter().flatten() {
        reading.wrong(field, error.clone());
    }
    let preset = reading.ok("cadence", preset(form, known));
    let hours = hours(&mut reading, &known.graduate.details.hours);
    let profile = profile(signed, form, &known.graduate.details.profile);
    if !reading.state.is_valid() {
        return Err(Box::new(reading.state));
    }
    let (Some(phone), Some(email), Some(language), Some(support)) = (phone, email, language, support) else {
        return Err(Box::new(reading.state));
    };
    let (Some(staff), Some(standin), Ok(service), Some(preset), Some(hours)) = (staff, standin, service, preset, hours)
    else {
        return Err(Box::new(reading.state));
    };
    let details = GraduateDetails { profile, language, hours };
    Ok(Read { details, phone, email, support, staff, standin, service, preset })
}

/// The form's fields about hours. Hours that differ between days show their widest span; unless it is changed, they stay.
pub(super) fn shown_hours(hours: &PersonHours) -> EditForm {
    let week = &hours.week;
    let tick = |day| if week.on(day).is_empty() { String::new() } else { "yes".to_owned() };
    let [day_mon, day_tue, day_wed, day_thu, day_fri, day_sat, day_sun] = WEEK.map(tick);
    let periods = || WEEK.iter().flat_map(|day| week.on(*day));
    let (from, to) = (periods().map(|period| period.from()).min(), periods().map(|period| period.to()).max());
    let span = from.zip(to).filter(|span| *span != PersonHours::DEFAULT_DAY);
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    EditForm {
        day_mon,
        day_tue,
        day_wed,
        day_thu,
        day_fri,
        day_sat,
        day_sun,
        allowed_from: span.map(|(from, _)| clock(from)).unwrap_or_default(),
        allowed_to: span.map(|(_, to)| clock(to)).unwrap_or_default(),
        ..EditForm::default()
    }
}

/// Codes of the roster import in words; own words as they are.
pub(super) fn shown_kind(signed: &Signed, what: &str, stored: Option<&str>) -> String {
    stored.map(|stored| kinds_in_words(signed, what, stored)).unwrap_or_default()
}

fn texts(reading: &mut Reading<'_>) {
    let form = reading.form;
    if form.name.trim().is_empty() {
        reading.wrong("name", FieldError::Required);
    }
    let texts = [
        ("name", &form.name, LINE_MAX),
        ("kana", &form.kana, LINE_MAX),
        ("called", &form.called, LINE_MAX),
        ("external_id", &form.external_id, LINE_MAX),
        ("disability", &form.disability, LINE_MAX),
        ("certificate", &form.certificate, LINE_MAX),
        ("crisis_plan", &form.crisis_plan, TEXT_MAX),
    ];
    for (field, text, max) in texts {
        let now = text.trim().chars().count();
        if now > max {
            reading.wrong(field, FieldError::TooLong { max, now });
        }
    }
}

/// A number that stands there already stays, even one that would not be taken today.
fn number(text: &str, known: &Known) -> Result<Option<(ContactKind, String)>, FieldError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    if let Some(before) = known.phone().filter(|before| dialled(&before.address) == text.trim()) {
        return Ok(Some((before.kind, before.address.clone())));
    }
    let number = PhoneNumber::parse(text).ok().and_then(|number| Some((number.way()?, number.e164())));
    number.map(Some).ok_or(FieldError::NotTheirPhone)
}

fn mail(text: &str) -> Result<Option<String>, FieldError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    EmailAddress::parse(text).map(|address| Some(address.into())).map_err(|_| FieldError::NotAnEmail)
}

fn member(chosen: &str, known: &Known) -> Result<Option<StaffId>, FieldError> {
    if chosen.is_empty() {
        return Ok(None);
    }
    let listed = known.staff.iter().any(|(id, _)| id == chosen);
    chosen.parse().ok().filter(|_| listed).map(Some).ok_or(FieldError::NotAChoice)
}

fn standin(form: &EditForm, known: &Known) -> Result<Option<StaffId>, FieldError> {
    if !form.standin.is_empty() && form.standin == form.staff {
        return Err(FieldError::SamePerson);
    }
    member(&form.standin, known)
}

/// `None` where the rhythm stays as it is.
fn preset(form: &EditForm, known: &Known) -> Result<Option<CadencePreset>, FieldError> {
    let before = known.cadence_key();
    if form.cadence == before || (form.cadence.is_empty() && before == OWN) {
        return Ok(None);
    }
    let chosen = known.presets.iter().find(|preset| preset.key == form.cadence);
    chosen.cloned().map(Some).ok_or(FieldError::NotAChoice)
}

fn hours(reading: &mut Reading<'_>, before: &PersonHours) -> Option<PersonHours> {
    let form = reading.form;
    let shown = shown_hours(before);
    if fields(&shown) == fields(form) {
        return Some(before.clone());
    }
    let [days @ .., from, to] = fields(form);
    if days.iter().all(|day| *day != "yes") {
        reading.wrong("days", FieldError::NotAChoice);
    }
    let from = reading.ok("allowed_from", clock(from))?;
    let to = reading.ok("allowed_to", clock(to))?;
    let daily = PersonHours::daily(from, to).map_err(|error| match error {
        HoursError::Inverted(_) => FieldError::EndBeforeStart,
        HoursError::NotAPeriod(_) | HoursError::NotATime(_) | HoursError::Overlap(..) => FieldError::NotATime,
    });
    let text = day_text(reading.ok("allowed_to", daily)?.week.on(Weekday::Mon));
    let week = WeekHours::from_days(&days.map(|day| if day == "yes" { text.clone() } else { String::new() }));
    let week = reading.ok("allowed_to", week.map_err(|_| FieldError::NotATime))?;
    Some(PersonHours { week, zone: before.zone })
}

/// The days from Monday, then from and to.
fn fields(form: &EditForm) -> [&str; 9] {
    [
        &form.day_mon,
        &form.day_tue,
        &form.day_wed,
        &form.day_thu,
        &form.day_fri,
        &form.day_sat,
        &form.day_sun,
        form.allowed_from.trim(),
        form.allowed_to.trim(),
    ]
}

fn clock(text: &str) -> Result<Option<NaiveTime>, FieldError> {
    if text.is_empty() {
        return Ok(None);
    }
    let narrow = text.strip_suffix(":00").filter(|rest| rest.contains(':')).unwrap_or(text);
    NaiveTime::parse_from_str(narrow, "%H:%M").map(Some).map_err(|_| FieldError::NotATime)
}

fn profile(signed: &Signed, form: &EditForm, before: &GraduateProfile) -> GraduateProfile {
    let text = |text: &str| text.trim().to_owned();
    let some = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    // A code shown in words and sent back unchanged stays a code.
    let kind = |what: &str, typed: &str, code: &Option<String>| {
        if typed.trim() == shown_kind(signed, what, code.as_deref()) { code.clone() } else { some(typed) }
    };
    GraduateProfile {
        name: text(&form.name),
        kana: text(&form.kana),
        called: text(&form.called),
        external_id: some(&form.external_id),
        disability: kind("disability", &form.disability, &before.disability),
        certificate: kind("certificate", &form.certificate, &before.certificate),
        // It has a page of its own now.
        card: before.card.clone(),
        crisis_plan: text(&form.crisis_plan),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_hours_show_empty_times_and_others_their_span() {
        let usual = shown_hours(&PersonHours::default());
        assert_eq!((usual.day_sun.as_str(), usual.allowed_from.as_str()), ("yes", ""));
        let week = WeekHours::weekdays("17:30-18:00,19:00-20:00").unwrap();
        let evenings = shown_hours(&PersonHours { week, zone: None });
        assert_eq!((evenings.day_fri.as_str(), evenings.day_sat.as_str()), ("yes", ""));
        assert_eq!((evenings.allowed_from.as_str(), evenings.allowed_to.as_str()), ("17:30", "20:00"));
    }

    #[test]
    fn a_time_may_come_with_seconds() {
        assert_eq!(clock("17:30:00"), clock("17:30"));
        assert_eq!(clock("10:00"), Ok(NaiveTime::from_hms_opt(10, 0, 0)));
        assert_eq!(clock("half past five"), Err(FieldError::NotATime));
    }
}

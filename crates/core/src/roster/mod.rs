//! Rows of a roster file, parsed field by field.
//!
//! A row is read whole: all its problems are listed, each with its column, so that one look at the list is enough to
//! mend the file. What is unusual but possible is a warning and doesn't hold the row up.

mod column;
mod date;
mod kinds;
mod problem;
mod text;
mod time;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use column::{Column, HeaderError, Headers};
pub use date::parse_date;
pub use kinds::{Certificate, CertificateKind, Described, Disability, Leaving};
pub use problem::{FieldError, Problem, Warning, WarningKind};

use crate::contact::{EmailAddress, LineUserId, PhoneError, PhoneNumber};
use crate::employment::Disclosure;
use crate::graduate::Language;
use crate::hours::Period;
use crate::service_period::{service_usable_from, support_ends_on};
use text::Limit;

/// One cell as the file's reader found it. Days and times are local, without a zone.
#[derive(Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, as in every cell of a CSV file.
    Text(String),
    /// A number; in a date column a spreadsheet's day number (1900 system).
    Number(f64),
    /// A day, where the spreadsheet says that it is one.
    Date(NaiveDate),
    /// Minutes since midnight, where the spreadsheet says that it is a time.
    Time(u16),
    /// A formula's error, a truth value or the like.
    Broken,
}

/// One person as the file tells it.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// 利用者番号: a second import with the same one updates the person.
    pub external_id: Option<String>,
    /// 氏名, as written.
    pub name: String,
    /// フリガナ, in full-width katakana.
    pub kana: Option<String>,
    /// A mobile number, or a landline for calls.
    pub phone: Option<PhoneNumber>,
    /// LINE's own id of the person for the office's account.
    pub line_user_id: Option<LineUserId>,
    /// E-mail.
    pub email: Option<EmailAddress>,
    /// Kinds of disability.
    pub disability: Option<Described<Disability>>,
    /// Certificates (手帳); an empty list of kinds means that the person has none.
    pub certificate: Option<Described<Certificate>>,
    /// 企業名
    pub employer: Option<String>,
    /// First day of employment.
    pub hired_on: Option<NaiveDate>,
    /// Whether the employer knows of the disability.
    pub disclosure: Option<Disclosure>,
    /// Last day of employment.
    pub left_on: Option<NaiveDate>,
    /// Why it ended.
    pub leaving: Option<Leaving>,
    /// First day of 就労定着支援.
    pub service_started_on: Option<NaiveDate>,
    /// Last day of it.
    pub service_ended_on: Option<NaiveDate>,
    /// The dedicated member of staff.
    pub staff_email: Option<EmailAddress>,
    /// Time of day at which the person may be contacted, on every day of the week.
    pub allowed: Option<Period>,
    /// How messages are written.
    pub language: Option<Language>,
    /// What is worth a second look.
    pub warnings: Vec<Warning>,
}

/// By what a row is recognised in the database and within a file.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum RowIdentity {
    /// By the office's own number.
    ExternalId(String),
    /// Without a number: only the same name, reading and hire date together are the same person; anything less is a
    /// new one, because two people may share a name.
    Person {
        /// Name without spaces, compatibility forms folded.
        name: String,
        /// Reading, treated alike.
        kana: Option<String>,
        /// First day of employment.
        hired_on: Option<NaiveDate>,
    },
}

impl RosterRow {
    /// By what this row is recognised.
    pub fn identity(&self) -> RowIdentity {
        if let Some(external_id) = &self.external_id {
            return RowIdentity::ExternalId(external_id.clone());
        }
        let (name, kana) = (text::folded(&self.name), self.kana.as_deref().map(text::folded));
        RowIdentity::Person { name, kana, hired_on: self.hired_on }
    }
}

/// Reads one row under a file's headers. Every problem is returned, in the order of the file's columns.
pub fn parse_row(headers: &Headers, cells: &[Cell]) -> Result<RosterRow, Vec<FieldError>> {
    let mut fields = Fields { headers, cells, errors: Vec::new(), warnings: Vec::new() };
    let name = fields.text(Column::Name, Limit::Name);
    if name.is_none() && !fields.has_error(Column::Name) {
        fields.refuse(Column::Name, Problem::NameMissing);
    }
    let mut row = RosterRow {
        external_id: fields.text(Column::ExternalId, Limit::Number).map(|id| text::narrow(&id)),
        name: name.unwrap_or_default(),
        kana: fields.kana(),
        phone: fields.phone(),
        line_user_id: fields
            .read(Column::LineUserId, |text| LineUserId::parse(text).map_err(|_| Problem::NotLineUserId)),
        email: fields.email(Column::Email),
        disability: fields.described(Column::Disability, kinds::disability),
        certificate: fields.described(Column::Certificate, kinds::certificate),
        employer: fields.text(Column::Employer, Limit::Employer),
        hired_on: fields.date(Column::HiredOn),
        disclosure: fields.read(Column::Disclosure, kinds::disclosure),
        left_on: fields.date(Column::LeftOn),
        leaving: fields.text(Column::LeavingReason, Limit::Reason).map(|text| kinds::leaving(&text)),
        service_started_on: fields.date(Column::ServiceStartedOn),
        service_ended_on: fields.date(Column::ServiceEndedOn),
        staff_email: fields.email(Column::StaffEmail),
        allowed: fields.allowed(),
        language: fields.read(Column::Language, kinds::language),
        warnings: Vec::new(),
    };
    fields.check_job(&row);
    fields.check_service(&row);
    fields.check_reach(&row);
    fields.check_width();
    let Fields { mut errors, warnings, .. } = fields;
    if errors.is_empty() {
        row.warnings = warnings;
        return Ok(row);
    }
    errors.sort_by_key(|error| headers.position(error.column));
    Err(errors)
}

/// Reads one person typed into a form by the rules of a file's row. A column that isn't given is empty.
pub fn parse_typed(fields: &[(Column, &str)]) -> Result<RosterRow, Vec<FieldError>> {
    let headers = Headers::of(fields.iter().map(|(column, _)| *column));
    let cells: Vec<Cell> = fields.iter().map(|(_, text)| Cell::Text((*text).to_owned())).collect();
    parse_row(&headers, &cells)
}

/// Whether a row has nothing in it, as the empty lines at a spreadsheet's end.
pub fn is_blank(cells: &[Cell]) -> bool {
    cells.iter().all(|cell| cell.shown().is_empty())
}

struct Fields<'a> {
    headers: &'a Headers,
    cells: &'a [Cell],
    errors: Vec<FieldError>,
    warnings: Vec<Warning>,
}

impl Fields<'_> {
    fn cell(&self, column: Column) -> &Cell {
        self.headers.find(column).and_then(|position| self.cells.get(position)).unwrap_or(&Cell::Empty)
    }

    fn refuse(&mut self, column: Column, problem: Problem) {
        let shown = self.cell(column).shown();
        self.errors.push(FieldError::new(Some(column), problem, &shown));
    }

    fn warn(&mut self, column: Column, kind: WarningKind) {
        self.warnings.push(Warning { column, kind });
    }

    fn has_error(&self, column: Column) -> bool {
        self.errors.iter().any(|error| error.column == Some(column))
    }

    /// A cell through a parser of text; an empty cell is nothing.
    fn read<T>(&mut self, column: Column, parse: impl Fn(&str) -> Result<T, Problem>) -> Option<T> {
        self.read_cell(column, |cell| parse(&cell.shown()))
    }

    fn read_cell<T>(&mut self, column: Column, parse: impl Fn(&Cell) -> Result<T, Problem>) -> Option<T> {
        let cell = self.cell(column);
        if *cell == Cell::Broken {
            self.refuse(column, Problem::BrokenCell);
            return None;
        }
        if cell.shown().is_empty() {
            return None;
        }
        parse(cell).map_err(|problem| self.refuse(column, problem)).ok()
    }

    fn text(&mut self, column: Column, limit: Limit) -> Option<String> {
        self.read(column, |text| text::tidy(text, limit))
    }

    fn kana(&mut self) -> Option<String> {
        let kana = text::katakana(&self.text(Column::Kana, Limit::Name)?);
        if !text::is_kana(&kana) {
            self.warn(Column::Kana, WarningKind::NotKana);
        }
        Some(kana)
    }

    /// A landline is taken for calls by staff. A spreadsheet that took the number for a sum has dropped its first 0, which
    /// is put back where only a mobile number can have been meant.
    fn phone(&mut self) -> Option<PhoneNumber> {
        let text = self.cell(Column::Phone).shown();
        let restored = match PhoneNumber::parse(&text) {
            Err(PhoneError::NoLeadingZero) => PhoneNumber::parse(&format!("0{text}")).ok(),
            _ => None,
        };
        if let Some(phone) = restored.filter(PhoneNumber::is_mobile) {
            self.warn(Column::Phone, WarningKind::LeadingZeroRestored);
            return Some(phone);
        }
        let phone = self.read(Column::Phone, |text| match PhoneNumber::parse(text) {
            Ok(phone) if phone.way().is_some() => Ok(phone),
            Ok(_) => Err(Problem::PhoneNotPersonal),
            Err(error) => Err(Problem::from(error)),
        })?;
        if !phone.is_mobile() {
            self.warn(Column::Phone, WarningKind::PhoneForCalls);
        }
        Some(phone)
    }

    fn email(&mut self, column: Column) -> Option<EmailAddress> {
        self.read(column, |text| EmailAddress::parse(text).map_err(|_| Problem::NotEmail))
    }

    fn date(&mut self, column: Column) -> Option<NaiveDate> {
        self.read_cell(column, date::from_cell)
    }

    fn described<K>(&mut self, column: Column, parse: impl Fn(&str) -> Described<K>) -> Option<Described<K>> {
        let described = parse(&self.text(column, Limit::Reason)?);
        if described.words.is_some() {
            self.warn(column, WarningKind::KeptInOwnWords);
        }
        Some(described)
    }

    fn allowed(&mut self) -> Option<Period> {
        let from = self.read_cell(Column::AllowedFrom, time::from_cell);
        let to = self.read_cell(Column::AllowedTo, time::from_cell);
        match (from, to) {
            (Some(from), Some(to)) => {
                Period::from_minutes(from, to).map_err(|_| self.refuse(Column::AllowedTo, Problem::TimesInverted)).ok()
            }
            (Some(_), None) if !self.has_error(Column::AllowedTo) => {
                self.refuse(Column::AllowedTo, Problem::OtherTimeMissing);
                None
            }
            (None, Some(_)) if !self.has_error(Column::AllowedFrom) => {
                self.refuse(Column::AllowedFrom, Problem::OtherTimeMissing);
                None
            }
            _ => None,
        }
    }

    fn check_job(&mut self, row: &RosterRow) {
        let Some(hired_on) = row.hired_on else {
            let told = row.employer.is_some() || row.left_on.is_some() || row.leaving.is_some();
            if told && !self.has_error(Column::HiredOn) {
                self.refuse(Column::HiredOn, Problem::HiredOnMissing);
            } else if row.disclosure.is_some_and(|told| told != Disclosure::Unknown) {
                self.warn(Column::Disclosure, WarningKind::DisclosureWithoutHire);
            }
            return;
        };
        if row.left_on.is_some_and(|left_on| left_on < hired_on) {
            self.refuse(Column::LeftOn, Problem::LeftBeforeHired);
        }
        let day_expected = row.leaving.as_ref().is_some_and(|leaving| !leaving.reason.is_open());
        if day_expected && row.left_on.is_none() && !self.has_error(Column::LeftOn) {
            self.warn(Column::LeftOn, WarningKind::LeavingDayMissing);
        }
    }

    fn check_service(&mut self, row: &RosterRow) {
        let Some(started_on) = row.service_started_on else {
            if row.service_ended_on.is_some() && !self.has_error(Column::ServiceStartedOn) {
                self.refuse(Column::ServiceStartedOn, Problem::ServiceStartMissing);
            }
            return;
        };
        if row.service_ended_on.is_some_and(|ended_on| ended_on < started_on) {
            self.refuse(Column::ServiceEndedOn, Problem::ServiceEndsBeforeStart);
        }
        let Some(hired_on) = row.hired_on else { return };
        // Possible after a supported job change, or where the file gives the newest job only.
        if started_on < service_usable_from(hired_on) {
            self.warn(Column::ServiceStartedOn, WarningKind::ServiceBeforeSixMonths);
        } else if row.service_ended_on.is_some_and(|ended_on| ended_on > support_ends_on(hired_on, started_on)) {
            self.warn(Column::ServiceEndedOn, WarningKind::ServiceOverThreeYears);
        }
    }

    fn check_reach(&mut self, row: &RosterRow) {
        let reachable = row.phone.is_some() || row.line_user_id.is_some() || row.email.is_some();
        if !reachable && !self.has_error(Column::Phone) {
            self.warn(Column::Phone, WarningKind::NoAddress);
        }
    }

    /// A value under no header would be lost silently.
    fn check_width(&mut self) {
        for (position, cell) in self.cells.iter().enumerate() {
            let shown = cell.shown();
            if self.headers.column_at(position).is_none() && !shown.is_empty() {
                self.errors.push(FieldError::new(None, Problem::CellWithoutColumn, &shown));
            }
        }
    }
}

impl Cell {
    /// The cell as text, trimmed; whole numbers without a decimal point.
    fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Date(day) => day.to_string(),
            Self::Time(minutes) => format!("{:02}:{:02}", minutes / 60, minutes % 60),
            Self::Broken => "#".to_owned(),
        }
    }
}

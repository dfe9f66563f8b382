//! Staff accounts.
//!
//! - `GET /settings/staff` lists them. `POST /settings/staff`: `name`, `email`, `role`; the new person gets a link to set a password.
//! - `POST /settings/staff/{id}/role`: `role`. `POST /settings/staff/{id}/disable` and `…/enable` take no field.
//! - `POST /settings/staff/{id}/link` makes a new password link and shows it once, for handing over; older links stop working.

use bansou_core::staff::Role;
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use crate::form::{FieldError, FormState};
use crate::pages::{Page, Place};

/// The page.
#[derive(Clone, Serialize)]
pub struct StaffPage {
    /// Everybody, who can sign in first.
    pub staff: Vec<StaffRow>,
    /// The form that adds somebody.
    pub form: FormState<StaffForm>,
    /// The roles.
    pub roles: &'static [Role],
    /// A link that was just made.
    pub link: Option<PasswordLink>,
}

/// One member of staff.
#[derive(Clone, Serialize)]
pub struct StaffRow {
    /// Their id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// They can't sign in any more.
    pub is_disabled: bool,
    /// No password has been set yet.
    pub is_waiting: bool,
    /// This is the reader, who can't lock themselves out.
    pub is_me: bool,
    /// Graduates in their care.
    pub caseload: u32,
}

/// A link to set a password; shown once.
#[derive(Clone, Serialize)]
pub struct PasswordLink {
    /// For whom.
    pub name: String,
    /// The whole link.
    pub url: String,
    /// How many hours it works.
    pub hours: u32,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StaffForm {
    /// Name.
    pub name: String,
    /// Address to sign in with.
    pub email: String,
    /// `staff`, `manager` or `admin`.
    pub role: String,
}

impl StaffForm {
    /// The form as it starts.
    pub fn empty() -> Self {
        Self { role: Role::Staff.as_str().to_owned(), ..Self::default() }
    }
}

impl Page for StaffPage {
    const TEMPLATE: &'static str = "pages/settings_staff.html";
    const PLACE: Place = Place::Settings;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let row = |name: &str, email: &str, role| StaffRow {
            id: "018f-staff".to_owned(),
            name: name.to_owned(),
            email: email.to_owned(),
            role,
            is_disabled: false,
            is_waiting: false,
            is_me: false,
            caseload: 21,
        };
        let staff = vec![
            StaffRow { is_me: true, caseload: 0, ..row("見本 佐和", "sawa@example.jp", Role::Admin) },
            row("例川 実", "minoru@example.jp", Role::Manager),
            StaffRow { is_waiting: true, caseload: 0, ..row("試山 のぞみ", "nozomi@example.jp", Role::Staff) },
            StaffRow { is_disabled: true, caseload: 3, ..row("元田 一", "hajime@example.jp", Role::Staff) },
        ];
        let form = StaffForm { role: Role::Staff.as_str().to_owned(), ..StaffForm::default() };
        let usual = Self { staff, form: FormState::new(form.clone()), roles: Role::ALL, link: None };
        let typed = StaffForm { email: "nozomi".to_owned(), ..form };
        let wrong =
            FormState::new(typed).with_error("name", FieldError::Required).with_error("email", FieldError::NotAnEmail);
        let link = PasswordLink {
            name: "試山 のぞみ".to_owned(),
            url: "https://bansou.example/password/0000".to_owned(),
            hours: 24,
        };
        vec![
            ("usual", usual.clone()),
            ("wrong", Self { form: wrong, ..usual.clone() }),
            ("link", Self { link: Some(link), ..usual }),
        ]
    }
}

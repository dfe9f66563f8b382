//! Signing in.
//!
//! `GET /login` shows it; `POST /login` takes `email`, `password`, `next` (a path of this site). `POST /logout` ends the session.

use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::{Page, Place};
use crate::form::{FieldError, FormState};

/// The raw form. The password is never sent back to the browser.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginForm {
    /// E-mail address of the member of staff.
    pub email: String,
    /// Their password.
    #[serde(default, skip_serializing)]
    pub password: String,
    /// Where to go afterwards.
    #[serde(default)]
    pub next: String,
}

/// The page.
#[derive(Clone, Serialize)]
pub struct LoginPage {
    /// The form.
    pub form: FormState<LoginForm>,
    /// A form came after its session had ended.
    pub late: Option<Late>,
}

bansou_core::codes! {
    /// What became of a form that came too late.
    Late {
        /// It waits behind the sign-in.
        Kept = "kept",
        /// It was only a button: it is to be pressed again.
        Again = "again",
    }
}

impl LoginPage {
    /// The page; whoever is on the way to a kept form is told so.
    pub fn new(form: FormState<LoginForm>) -> Self {
        let late = form.typed.next.starts_with(crate::kept::PLACE).then_some(Late::Kept);
        Self { form, late }
    }
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "pages/login.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let typed = LoginForm { email: "sawa@example.jp".to_owned(), ..LoginForm::default() };
        vec![
            ("first", Self::new(FormState::default())),
            ("late", Self { late: Some(Late::Again), ..Self::new(FormState::default()) }),
            ("kept", Self { late: Some(Late::Kept), ..Self::new(FormState::default()) }),
            ("wrong", Self::new(FormState::new(typed.clone()).with_error("email", FieldError::NoSuchLogin))),
            ("slow", Self::new(FormState::new(typed).with_error("email", FieldError::TryLater { minutes: 5 }))),
        ]
    }
}

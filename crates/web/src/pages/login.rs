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
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "pages/login.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let typed = LoginForm { email: "sawa@example.jp".to_owned(), ..LoginForm::default() };
        vec![
            ("first", Self { form: FormState::default() }),
            ("wrong", Self { form: FormState::new(typed.clone()).with_error("email", FieldError::NoSuchLogin) }),
            ("slow", Self { form: FormState::new(typed).with_error("email", FieldError::TryLater { minutes: 5 }) }),
        ]
    }
}

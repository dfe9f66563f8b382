//! Setting a password: by a link that works once, or one's own while signed in.
//!
//! - `GET /password/{token}`, `POST /password/{token}`: `password`, `again`. The link is used up by the POST.
//! - `GET /account`, `POST /account`: `present`, `password`, `again`. Every other session of the account ends.

use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::{Page, Place};
use crate::form::{FieldError, FormState};
use crate::password::MIN_CHARACTERS;

/// The page.
#[derive(Clone, Serialize)]
pub struct PasswordPage {
    /// Where the form goes.
    pub action: String,
    /// Whose account it is; empty by link, because a link's reader has proven nothing yet.
    pub email: String,
    /// Whether the present password is asked for.
    pub is_own: bool,
    /// Fewest characters of a password.
    pub min: usize,
    /// The form; nothing of it is ever sent back.
    pub form: FormState<PasswordForm>,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    /// The present password.
    #[serde(skip_serializing)]
    pub present: String,
    /// The new one.
    #[serde(skip_serializing)]
    pub password: String,
    /// The new one again.
    #[serde(skip_serializing)]
    pub again: String,
}

impl PasswordPage {
    /// By link.
    pub fn by_link(token: &str, form: FormState<PasswordForm>) -> Self {
        Self { action: format!("/password/{token}"), email: String::new(), is_own: false, min: MIN_CHARACTERS, form }
    }

    /// One's own.
    pub fn own(email: &str, form: FormState<PasswordForm>) -> Self {
        Self { action: "/account".to_owned(), email: email.to_owned(), is_own: true, min: MIN_CHARACTERS, form }
    }
}

impl Page for PasswordPage {
    const TEMPLATE: &'static str = "pages/password.html";
    const PLACE: Place = Place::Account;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let wrong = FormState::new(PasswordForm::default())
            .with_error("present", FieldError::WrongPassword)
            .with_error("password", FieldError::TooShort { min: MIN_CHARACTERS })
            .with_error("again", FieldError::NotTheSame);
        vec![
            ("link", Self::by_link("sample", FormState::default())),
            ("own", Self::own("sawa@example.jp", FormState::default())),
            ("wrong", Self::own("sawa@example.jp", wrong)),
        ]
    }
}

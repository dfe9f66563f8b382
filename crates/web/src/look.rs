//! How somebody without an account wants their pages, a graduate above all: text size and readings, kept in a cookie as the language is.
//!
//! Form fields of `POST /look`: `text` (percent) or `furigana` (`off`, `all`), and `back`, the path to return to.

use axum::response::Response;
use bansou_core::preferences::{Furigana, Preferences, TextSize};
use http::{HeaderMap, header};
use serde::Deserialize;

use crate::answer;
use crate::cookies::Cookie;

/// So many days a choice holds.
const DAYS: u32 = 365;

/// The raw form of the switch.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LookForm {
    /// A code of [`TextSize`].
    pub text: String,
    /// A code of [`Furigana`].
    pub furigana: String,
    /// The path to return to.
    pub back: String,
}

/// What was chosen by the switch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The size of the text.
    pub text: Option<TextSize>,
    /// Readings.
    pub furigana: Option<Furigana>,
}

impl Look {
    /// What the browser remembers.
    pub fn of(headers: &HeaderMap, https: bool) -> Self {
        let kept = Cookie::Look.read(headers, https).unwrap_or_default();
        let (text, furigana) = kept.split_once('.').unwrap_or_default();
        Self { text: text.parse().ok(), furigana: furigana.parse().ok() }
    }

    /// The page's settings; what wasn't chosen is as usual.
    pub fn preferences(self) -> Preferences {
        let usual = Preferences::default();
        Preferences {
            text: self.text.unwrap_or(usual.text),
            furigana: self.furigana.unwrap_or(usual.furigana),
            ..usual
        }
    }

    fn cookie(self) -> String {
        format!("{}.{}", self.text.map_or("", TextSize::as_str), self.furigana.map_or("", Furigana::as_str))
    }
}

/// The answer to `POST /look`: the cookie, and 303 back to where the reader was. What is unknown changes nothing.
pub fn switch(form: &LookForm, headers: &HeaderMap, https: bool) -> Response {
    let before = Look::of(headers, https);
    let look =
        Look { text: form.text.parse().ok().or(before.text), furigana: form.furigana.parse().ok().or(before.furigana) };
    let mut response = answer::see(&form.back);
    response.headers_mut().insert(header::SET_COOKIE, Cookie::Look.set_for(DAYS, &look.cookie(), https));
    response
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn one_choice_leaves_the_other_as_it_was() {
        let sent = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("look=150."))]);
        assert_eq!(Look::of(&sent, false), Look { text: Some(TextSize::Larger), furigana: None });
        let form = LookForm { furigana: "all".to_owned(), back: "/me".to_owned(), ..LookForm::default() };
        let response = switch(&form, &sent, false);
        assert_eq!(response.headers()[header::LOCATION], "/me");
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("look=150.all;") && cookie.contains("HttpOnly"), "{cookie}");
    }

    #[test]
    fn what_is_unknown_changes_nothing_and_leads_nowhere_else() {
        let form = LookForm { text: "1000".to_owned(), back: "//evil.example".to_owned(), ..LookForm::default() };
        let response = switch(&form, &HeaderMap::new(), true);
        assert_eq!(response.headers()[header::LOCATION], "/");
        assert!(response.headers()[header::SET_COOKIE].to_str().unwrap().starts_with("__Host-look=.;"));
        assert_eq!(Look::default().preferences(), Preferences::default());
    }
}

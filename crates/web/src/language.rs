//! The reader's language: a cookie set by a form (`POST /language`), else what the browser asks for, else Japanese.
//!
//! Form fields: `lang` (`ja`, `ja-easy`, `en`) and `back` (the path to return to; anything that isn't a plain path of
//! this site becomes `/`).

use axum::response::{IntoResponse, Response};
use bansou_core::words::Lang;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

/// The raw form of the switch.
#[derive(Debug, Clone, Deserialize)]
pub struct LanguageForm {
    /// A code of [`Lang`].
    pub lang: String,
    /// The path to return to.
    #[serde(default)]
    pub back: String,
}

/// The answer to `POST /language`: the cookie, and 303 back to where the reader was. An unknown language changes nothing.
pub fn switch(form: &LanguageForm, https: bool) -> Response {
    let back = HeaderValue::from_str(safe_back(&form.back)).unwrap_or(HeaderValue::from_static("/"));
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response();
    if let Ok(lang) = form.lang.parse() {
        response.headers_mut().insert(header::SET_COOKIE, cookie(lang, https));
    }
    response
}

/// The language for a request, from its headers.
pub fn of_request(headers: &HeaderMap) -> Lang {
    chosen(headers).or_else(|| from_browser(headers)).unwrap_or_default()
}

/// The same where nobody knows yet how a graduate reads: easy Japanese, which everybody reads.
pub fn easy_of_request(headers: &HeaderMap) -> Lang {
    chosen(headers).or_else(|| from_browser(headers)).unwrap_or(Lang::JaEasy)
}

/// The cookie that remembers a choice for a year. Over plain HTTP (a demo on one's own machine) browsers refuse the
/// `__Host-` prefix, so it is written only where the public URL is `https`.
pub fn cookie(lang: Lang, https: bool) -> HeaderValue {
    let (name, secure) = if https { ("__Host-lang", "; Secure") } else { ("lang", "") };
    let text = format!("{name}={}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}", lang.code());
    HeaderValue::from_str(&text).expect("a cookie of ASCII letters")
}

/// A path to return to after a form, `/` when it could lead to another site (ASVS V3.7.2).
pub fn safe_back(path: &str) -> &str {
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if plain && path.is_ascii() { path } else { "/" }
}

/// The language that was chosen by the switch, if one was.
pub fn chosen(headers: &HeaderMap) -> Option<Lang> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| matches!(*name, "__Host-lang" | "lang"))
        .find_map(|(_, value)| value.parse().ok())
}

fn from_browser(headers: &HeaderMap) -> Option<Lang> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let first = accepted.split([',', ';']).next()?.trim().to_ascii_lowercase();
    first.starts_with("en").then_some(Lang::En)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_cookie_wins_then_the_browser_then_japanese() {
        assert_eq!(of_request(&HeaderMap::new()), Lang::Ja);
        assert_eq!(of_request(&headers(header::ACCEPT_LANGUAGE, "en-GB,en;q=0.9")), Lang::En);
        assert_eq!(of_request(&headers(header::ACCEPT_LANGUAGE, "fr-FR")), Lang::Ja);
        let mut both = headers(header::ACCEPT_LANGUAGE, "en");
        both.insert(header::COOKIE, HeaderValue::from_static("a=b; __Host-lang=ja-easy"));
        assert_eq!(of_request(&both), Lang::JaEasy);
    }

    #[test]
    fn a_switch_leads_back_with_the_cookie() {
        let form = LanguageForm { lang: "en".to_owned(), back: "/inbox?show=all".to_owned() };
        let response = switch(&form, true);
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], "/inbox?show=all");
        let cookie = response.headers()[header::SET_COOKIE].to_str().expect("ASCII");
        assert!(cookie.starts_with("__Host-lang=en;") && cookie.contains("Secure") && cookie.contains("HttpOnly"));

        let unknown = switch(&LanguageForm { lang: "xx".to_owned(), back: "//evil.example".to_owned() }, false);
        assert_eq!(unknown.headers()[header::LOCATION], "/");
        assert!(!unknown.headers().contains_key(header::SET_COOKIE));
    }

    #[test]
    fn a_way_back_never_leaves_the_site() {
        assert_eq!(safe_back("/inbox?filter=due"), "/inbox?filter=due");
        for foreign in ["https://evil.example", "//evil.example", "/\\evil.example", "", "/a\r\nSet-Cookie: x"] {
            assert_eq!(safe_back(foreign), "/", "{foreign:?}");
        }
    }
}

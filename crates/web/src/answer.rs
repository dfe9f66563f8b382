//! Small pieces of answers: redirects after a form, what was just done, fresh keys.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, Uri, header};

use crate::app::App;
use crate::language::safe_back;
use crate::pages::Done;

/// 303 to a path of this site.
pub fn see(path: &str) -> Response {
    let place = HeaderValue::from_str(safe_back(path)).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response()
}

/// 303 to a path of this site, with a sentence there that says what was done.
pub fn done(path: &str, what: Done) -> Response {
    see_with(path, &[("done", what.as_str())])
}

/// The same, and the page opens at the part with this id.
pub fn done_at(path: &str, what: Done, part: &str) -> Response {
    see(&format!("{}#{part}", with_query(path, &[("done", what.as_str())])))
}

/// The same, and the next page offers to take it back: `seq` is the number of its audit row.
pub fn done_undo(path: &str, what: Done, seq: i64) -> Response {
    see_with(path, &[("done", what.as_str()), ("undo", &seq.to_string())])
}

/// 303 to a path of this site with a query; values are encoded.
pub fn see_with(path: &str, query: &[(&str, &str)]) -> Response {
    see(&with_query(path, query))
}

/// A path with (more of) a query; values are encoded.
pub fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(query);
    let sign = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sign}{}", text.finish())
}

/// The path and query of a request, without the word on what was done, which is told once.
pub(crate) fn path_of(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_told_once(pair)).collect();
    if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), kept.join("&")) }
}

/// The path at which a page can be opened again: its own, or for a form's answer that of the page on which the form stands.
pub(crate) fn page_of(method: &Method, uri: &Uri) -> String {
    if method == Method::GET || method == Method::HEAD {
        return path_of(uri);
    }
    let parts: Vec<&str> = uri.path().split('/').skip(1).collect();
    let place = match parts[..] {
        ["e", "answer"] => "/e".to_owned(),
        ["me", "resume" | "stop"] => "/me".to_owned(),
        ["me", "consents", ..] => "/me/sharing".to_owned(),
        ["graduates"] => "/graduates/new".to_owned(),
        ["graduates", "search"] => "/graduates".to_owned(),
        ["graduates", id, form @ ("jobs" | "notes")] => format!("/graduates/{id}/{form}/new"),
        ["graduates", id, "not-today"] => format!("/graduates/{id}/later"),
        ["graduates", id, "resume" | "crisis", ..] => format!("/graduates/{id}"),
        ["notes", id, "summary", ..] => format!("/notes/{id}/summary"),
        ["notes", id, _] => format!("/notes/{id}/edit"),
        ["promises"] => "/promises/new".to_owned(),
        ["promises", id, _] => format!("/promises/{id}"),
        ["inbox", id, ..] => format!("/inbox/{id}"),
        ["escalations", id, step] if step != "edit" => format!("/escalations/{id}"),
        ["signs", _, step] if step != "escalate" => "/signs".to_owned(),
        ["strangers", id, "not-ours"] => format!("/strangers/{id}"),
        ["bindings", id, _] => format!("/bindings/{id}"),
        ["absences"] => "/absences/new".to_owned(),
        ["absences", _, "cancel"] => "/absences".to_owned(),
        ["absences", id] => format!("/absences/{id}/edit"),
        ["settings", "duty", _] => "/settings/duty".to_owned(),
        ["settings", "staff", _, "hours"] => uri.path().to_owned(),
        ["settings", area @ ("staff" | "channels" | "sending"), ..] => format!("/settings/{area}"),
        ["settings", "messages", key, _] => format!("/settings/messages/{key}"),
        ["tasks", id, "start" | "release"] => format!("/tasks/{id}/call"),
        ["tasks", _, step] if step != "call" => "/today".to_owned(),
        ["deliveries" | "consents", ..]
        | ["graduates", _, "bring-back"]
        | ["undo" | "logout" | "language" | "look"] => "/today".to_owned(),
        _ => uri.path().to_owned(),
    };
    uri.query().map_or_else(|| place.clone(), |query| format!("{place}?{query}"))
}

/// What was just done, by the query.
pub(crate) fn done_of(uri: &Uri) -> Option<Done> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("done=")).and_then(|code| code.parse().ok())
}

/// The number of the audit row that the reader may take back, by the query.
pub(crate) fn undo_of(uri: &Uri) -> Option<i64> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("undo=")).and_then(|seq| seq.parse().ok())
}

fn is_told_once(pair: &str) -> bool {
    pair.starts_with("done=") || pair.starts_with("undo=")
}

/// A key that makes a form act once.
pub(crate) fn fresh_key(app: &App) -> String {
    hex::encode(app.parts.store.ambient().bytes::<16>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_kept_with_its_query_but_not_what_was_done() {
        let uri: Uri = "/graduates/1?show=note&done=note-saved".parse().unwrap();
        assert_eq!(path_of(&uri), "/graduates/1?show=note");
        assert_eq!(done_of(&uri), Some(Done::NoteSaved));
        let uri = "/today?done=put-off&undo=41".parse().unwrap();
        assert_eq!((path_of(&uri).as_str(), undo_of(&uri)), ("/today", Some(41)));
    }

    #[test]
    fn a_redirect_stays_on_the_site_and_encodes_values() {
        let response = see_with("/login", &[("next", "/inbox?show=all&page=2")]);
        assert_eq!(response.headers()[header::LOCATION], "/login?next=%2Finbox%3Fshow%3Dall%26page%3D2");
        assert_eq!(see("//evil.example").headers()[header::LOCATION], "/");
    }
    #[test]
    fn the_page_of_every_form_can_be_opened() {
        let routes = crate::app::all_routes();
        let is_of = |path: &str, route: &str| {
            let (path, route): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
            path.len() == route.len() && path.iter().zip(&route).all(|(p, r)| p == r || r.starts_with('{'))
        };
        for route in routes.iter().filter(|route| route.method == "POST" && !route.path.starts_with("/webhooks")) {
            let path = route.path.replace(['{', '}'], "");
            let page = page_of(&Method::POST, &format!("{path}?r=1").parse().unwrap());
            let page = page.strip_suffix("?r=1").expect("the query stays");
            let is_open = routes.iter().any(|other| other.method == "GET" && is_of(page, other.path));
            assert!(is_open, "{path} leads back to {page}, which is no page");
        }
        let page = |method, uri: &str| page_of(&method, &uri.parse().unwrap());
        assert_eq!(page(Method::POST, "/e/answer?r=0a"), "/e?r=0a");
        assert_eq!(page(Method::POST, "/inbox/1/reply"), "/inbox/1");
        assert_eq!(page(Method::GET, "/today?done=put-off"), "/today");
    }
}

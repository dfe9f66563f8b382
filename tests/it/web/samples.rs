//! Every page's every sample is rendered in every language, and templates keep to the rules.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bansou_core::words::{Lang, Words};
use bansou_web::pages::{Frame, all_samples};
use bansou_web::render::Pages;

pub(super) fn pages() -> Pages {
    Pages::embedded(&Arc::new(Words::embedded())).unwrap()
}

/// Every `*.html` under `templates/` of the pages and their components, with its text.
pub(crate) fn templates() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates");
    let mut found = Vec::new();
    for folder in ["pages", "components"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

#[test]
fn every_sample_renders_in_every_language_with_all_its_words() {
    let pages = pages();
    let mut wrong = Vec::new();
    for lang in Lang::ALL {
        for sample in all_samples(lang) {
            let frame = Frame::sample(lang, sample.place);
            let name = format!("{} {} {lang}", sample.template, sample.name);
            match pages.render_sample(&frame, &sample) {
                Err(error) => wrong.push(format!("{name}: {error}: {}", source(&error))),
                Ok(html) => wrong.extend(complaints(&html).map(|what| format!("{name}: {what}"))),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn source(error: &dyn std::error::Error) -> String {
    error.source().map(ToString::to_string).unwrap_or_default()
}

fn complaints(html: &str) -> impl Iterator<Item = String> + '_ {
    let missing =
        html.split('⟦').skip(1).filter_map(|rest| rest.split_once('⟧')).map(|(key, _)| format!("no words for {key}"));
    let unfilled =
        html.split("{$").skip(1).map(|rest| format!("no value for {{${}", rest.split('}').next().unwrap_or_default()));
    let headings = html.matches("<h1").count();
    let one_heading = (headings != 1).then(|| format!("{headings} h1"));
    let inline = [" style=", "<style", " onclick=", "javascript:"]
        .into_iter()
        .filter(|bad| html.contains(*bad))
        .map(str::to_owned);
    let script = (html.matches("<script").count() != 1).then(|| "a script of its own".to_owned());
    missing.chain(unfilled).chain(one_heading).chain(inline).chain(script).chain(doubled_ids(html))
}

fn doubled_ids(html: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    html.split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|id| !seen.insert((*id).to_owned()))
        .map(|id| format!("id {id} twice"))
        .collect()
}

/// Somebody who hears the page can tell two people's buttons apart.
#[test]
fn no_two_buttons_of_today_or_of_waiting_replies_have_the_same_name() {
    let pages = pages();
    let mut wrong = Vec::new();
    for sample in all_samples(Lang::Ja) {
        let html = pages.render_sample(&Frame::sample(Lang::Ja, sample.place), &sample).unwrap();
        let main = html.split_once("<main").unwrap().1;
        let part = match sample.template {
            "pages/today.html" => main,
            "pages/thread.html" => between(main, "<div id=\"waiting\"", "card-reply"),
            _ => continue,
        };
        let mut seen = BTreeSet::new();
        let pieces = |from: &'static str, to: &'static str| {
            part.split(from).skip(1).map(move |piece| piece.split(to).next().unwrap())
        };
        for piece in pieces("<button", "</button>").chain(pieces("<a class=\"button", "</a>")) {
            let name = spoken(piece.split_once('>').unwrap().1);
            if !seen.insert(name.clone()) {
                wrong.push(format!("{} {}: {name}", sample.template, sample.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn between<'a>(html: &'a str, from: &str, to: &str) -> &'a str {
    html.split_once(from).map_or("", |(_, rest)| rest.split_once(to).map_or(rest, |(before, _)| before))
}

/// What is left of a piece without its tags.
fn spoken(html: &str) -> String {
    let text: String = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_template_belongs_to_a_page() {
    let claimed: BTreeSet<String> = all_samples(Lang::Ja).iter().map(|sample| sample.template.to_owned()).collect();
    let found: BTreeSet<String> = Pages::template_files().into_iter().collect();
    assert_eq!(found, claimed);
}

#[test]
fn templates_never_switch_escaping_off_and_hold_nothing_inline() {
    let mut wrong = Vec::new();
    for (path, text) in templates() {
        assert_eq!(path.extension().unwrap(), "html", "{path:?}: only *.html is escaped");
        let squeezed: String = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("| ", "|");
        for banned in [
            "|safe",
            "escape_html",
            "escape_xml",
            " style=",
            "<style",
            " onclick",
            " onload",
            " onsubmit",
            "javascript:",
        ] {
            if squeezed.contains(banned) {
                wrong.push(format!("{}: {banned}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_people_write_stays_text() {
    use bansou_web::form::FormState;
    use bansou_web::pages::login::{LoginForm, LoginPage};
    let evil = "\"><script>alert(1)</script>{{ 7 * 7 }}";
    let typed = LoginForm { email: evil.to_owned(), ..LoginForm::default() };
    let html = pages().render(&Frame::outside(Lang::Ja, "/login"), &LoginPage::new(FormState::new(typed))).unwrap();
    assert!(!html.contains("<script>alert"), "{html}");
    assert!(html.contains("{{ 7 * 7 }}"), "{html}");
}

#[test]
fn a_password_is_never_sent_back() {
    use bansou_web::form::FormState;
    use bansou_web::pages::login::{LoginForm, LoginPage};
    let typed = LoginForm { password: "hidden-canary".to_owned(), ..LoginForm::default() };
    let html = pages().render(&Frame::outside(Lang::Ja, "/login"), &LoginPage::new(FormState::new(typed))).unwrap();
    assert!(!html.contains("hidden-canary"));
}

//! Every string a person reads, by language: Fluent catalogues from `locales/`, embedded in the binary.
//!
//! A catalogue file is listed once, in [`CATALOGUES`] below; a test fails for a file on disk that is not listed. Text
//! for やさしい日本語 (`ja-easy`) holds only what differs from `ja` and falls back to it, so that a missing easy
//! sentence is still a Japanese sentence. Readings stand in the text as `{体調|たいちょう}` ([`furigana`]). A key that exists nowhere shows as `⟦key⟧` and never as nothing.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

use crate::furigana;

pub use fluent_bundle::FluentValue;

/// The values filled into a sentence, by variable name.
pub type Args<'a> = FluentArgs<'a>;

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lang {
    /// Japanese, the default.
    #[default]
    Ja,
    /// English.
    En,
    /// やさしい日本語, for what graduates read.
    JaEasy,
}

impl Lang {
    /// All languages, in the order in which a reader chooses among them.
    pub const ALL: [Self; 3] = [Self::Ja, Self::JaEasy, Self::En];

    /// The name of the folder under `locales/`, also the value in a cookie.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
            Self::JaEasy => "ja-easy",
        }
    }

    /// The value of `<html lang>` (BCP 47).
    pub const fn html(self) -> &'static str {
        match self {
            Self::Ja | Self::JaEasy => "ja",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text named no language of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown language; use ja, ja-easy or en")]
pub struct UnknownLang;

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(text: &str) -> Result<Self, UnknownLang> {
        Self::ALL.into_iter().find(|lang| lang.code() == text).ok_or(UnknownLang)
    }
}

/// One embedded catalogue file.
#[derive(Debug, Clone, Copy)]
pub struct Catalogue {
    /// The folder: a [`Lang::code`].
    pub lang: &'static str,
    /// The file's name without `.ftl`.
    pub name: &'static str,
    /// The whole text of the file.
    pub text: &'static str,
}

macro_rules! catalogues {
    ($($lang:literal / $name:literal,)+) => {
        &[$(Catalogue {
            lang: $lang,
            name: $name,
            text: include_str!(concat!("../../../locales/", $lang, "/", $name, ".ftl")),
        }),+]
    };
}

/// Every catalogue file, one line each, sorted.
pub const CATALOGUES: &[Catalogue] = catalogues! {
    "en" / "absence",
    "en" / "base",
    "en" / "cards",
    "en" / "clock",
    "en" / "codes",
    "en" / "demo",
    "en" / "desk",
    "en" / "display",
    "en" / "employer",
    "en" / "escalation",
    "en" / "examples",
    "en" / "graduate",
    "en" / "import",
    "en" / "inbox",
    "en" / "kinds",
    "en" / "lint",
    "en" / "me",
    "en" / "notes",
    "en" / "reasons",
    "en" / "retention",
    "en" / "settings",
    "en" / "signs-pages",
    "en" / "today",
    "en" / "told",
    "ja" / "absence",
    "ja" / "base",
    "ja" / "cards",
    "ja" / "clock",
    "ja" / "codes",
    "ja" / "demo",
    "ja" / "desk",
    "ja" / "display",
    "ja" / "employer",
    "ja" / "escalation",
    "ja" / "examples",
    "ja" / "graduate",
    "ja" / "import",
    "ja" / "inbox",
    "ja" / "kinds",
    "ja" / "lint",
    "ja" / "me",
    "ja" / "notes",
    "ja" / "reasons",
    "ja" / "retention",
    "ja" / "settings",
    "ja" / "signs-pages",
    "ja" / "today",
    "ja" / "told",
    "ja-easy" / "absence",
    "ja-easy" / "demo",
    "ja-easy" / "display",
    "ja-easy" / "me",
};

/// The catalogues of all languages, ready to fill in. Build once and share.
pub struct Words {
    ja: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
    easy: FluentBundle<FluentResource>,
    faults: Vec<String>,
}

impl Words {
    /// Parses the embedded catalogues. What is wrong in a file is told by [`Words::faults`] and does not stop the others.
    pub fn embedded() -> Self {
        let mut faults = Vec::new();
        let ja = bundle(Lang::Ja, &mut faults);
        let en = bundle(Lang::En, &mut faults);
        let easy = bundle(Lang::JaEasy, &mut faults);
        Self { ja, en, easy, faults }
    }

    /// Syntax errors and keys defined twice, each with its file. Empty in a good build; a test holds that.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Whether the key has a text of its own in this language (no fallback).
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundle(lang).has_message(key)
    }

    /// The sentence for a key. An unknown key becomes `⟦key⟧`; a variable without a value shows as `{$name}`.
    pub fn get(&self, lang: Lang, key: &str, args: &Args<'_>) -> String {
        match furigana::plain(&self.marked(lang, key, args)) {
            Cow::Borrowed(text) => text.to_owned(),
            Cow::Owned(text) => text,
        }
    }

    /// The same with its readings as marks, for whoever can show them ([`furigana`]).
    pub fn marked(&self, lang: Lang, key: &str, args: &Args<'_>) -> String {
        if let Some(text) = format(self.bundle(lang), key, args) {
            return text;
        }
        let fallback = if lang == Lang::JaEasy { format(&self.ja, key, args) } else { None };
        fallback.unwrap_or_else(|| format!("⟦{key}⟧"))
    }

    /// A sentence without variables.
    pub fn plain(&self, lang: Lang, key: &str) -> String {
        self.get(lang, key, &Args::new())
    }

    fn bundle(&self, lang: Lang) -> &FluentBundle<FluentResource> {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
            Lang::JaEasy => &self.easy,
        }
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Words")
    }
}

fn bundle(lang: Lang, faults: &mut Vec<String>) -> FluentBundle<FluentResource> {
    let locale: LanguageIdentifier = lang.html().parse().expect("ja and en are language tags");
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks would end up inside copied names and numbers; no right-to-left language is offered.
    bundle.set_use_isolating(false);
    for file in CATALOGUES.iter().filter(|file| file.lang == lang.code()) {
        let resource = FluentResource::try_new(furigana::marked(file.text)).unwrap_or_else(|(resource, errors)| {
            faults.extend(errors.iter().map(|error| format!("{}/{}.ftl: {error}", file.lang, file.name)));
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            faults.extend(errors.iter().map(|error| format!("{}/{}.ftl: {error}", file.lang, file.name)));
        }
    }
    bundle
}

fn format(bundle: &FluentBundle<FluentResource>, key: &str, args: &Args<'_>) -> Option<String> {
    let pattern = bundle.get_message(key)?.value()?;
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(args), &mut errors).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalogues_have_no_faults() {
        assert_eq!(Words::embedded().faults(), &[] as &[String]);
    }

    #[test]
    fn an_unknown_key_is_visible() {
        assert_eq!(Words::embedded().plain(Lang::Ja, "no-such-key"), "⟦no-such-key⟧");
    }

    #[test]
    fn easy_japanese_falls_back_to_japanese() {
        let words = Words::embedded();
        assert_eq!(words.plain(Lang::JaEasy, "product-name"), words.plain(Lang::Ja, "product-name"));
    }

    #[test]
    fn a_language_reads_back_from_its_code() {
        for lang in Lang::ALL {
            assert_eq!(lang.code().parse(), Ok(lang));
        }
        assert_eq!("fr".parse::<Lang>(), Err(UnknownLang));
    }
}

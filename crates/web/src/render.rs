//! Templates to HTML: one Tera engine for all languages; `t` and the dates need no argument to know in which one a page is written.
//!
//! In templates: `t(key="…", name=…)` gives a sentence of the catalogues; `| thousands` writes 3,512; `| day`, `| clock` and `| moment` show local
//! dates and times (`year=true` writes the year, `half=true` says 午前／午後); `name | reading(kana=…)` is a name with its フリガナ, which
//! is shown above it for whoever wants that. Everything is escaped; `| safe` is banned
//! by a test. Only `*.html` files are templates, because Tera escapes those and no others.

use std::cell::Cell;
use std::sync::Arc;

use bansou_core::contact::PhoneNumber;
use bansou_core::furigana;
use bansou_core::words::{Args, FluentValue, Lang, Words};
use rust_embed::Embed;
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, Value};

use crate::assets::Assets;
use crate::dates::{Local, Style};
use crate::pages::{Frame, Page, Place, Sample};
use crate::ruby;

thread_local! {
    /// In which language [`write()`] writes on this thread. Tera's functions hear nothing of the page that calls them, but a page is written in one
    /// go on one thread. An engine per language would hold every template three times, some 10 MB each.
    static LANG: Cell<Lang> = const { Cell::new(Lang::Ja) };
}

#[derive(Embed)]
#[folder = "../../templates/pages/"]
#[prefix = "pages/"]
struct PageFiles;

#[derive(Embed)]
#[folder = "../../templates/components/"]
#[prefix = "components/"]
struct ComponentFiles;

/// Why a page could not be shown. The cause names templates and fields, never a person's data.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template is broken or asks for a value that the page does not have.
    #[error("template {template}")]
    Template {
        /// The template's name, e.g. `pages/today.html`.
        template: String,
        /// What Tera says.
        #[source]
        cause: Box<tera::Error>,
    },
}

impl RenderError {
    pub(crate) fn template(name: &str, cause: tera::Error) -> Self {
        Self::Template { template: name.to_owned(), cause: Box::new(cause) }
    }
}

/// The engine: every template.
#[derive(Debug)]
pub struct Pages {
    tera: Tera,
    assets: Assets,
    is_demo: bool,
}

impl Pages {
    /// Compiles the embedded templates. Fails when one of them is not valid.
    pub fn embedded(words: &Arc<Words>) -> Result<Self, RenderError> {
        let mut tera = Tera::default();
        register(&mut tera, Arc::clone(words));
        tera.add_raw_templates(sources()).map_err(|cause| RenderError::template("templates/", cause))?;
        Ok(Self { tera, assets: Assets::embedded(), is_demo: false })
    }

    /// The same pages, with the way back to the demo's own on each.
    #[must_use]
    pub fn of_demo(self, is_demo: bool) -> Self {
        Self { is_demo, ..self }
    }

    /// The HTML of one page inside its frame, in the frame's language.
    pub fn render<P: Page>(&self, frame: &Frame, page: &P) -> Result<String, RenderError> {
        self.render_value(frame, P::TEMPLATE, P::PLACE, Value::from_serializable(page))
    }

    /// As [`Pages::render`] for one of the samples.
    pub fn render_sample(&self, frame: &Frame, sample: &Sample) -> Result<String, RenderError> {
        self.render_value(frame, sample.template, sample.place, sample.page.clone())
    }

    fn render_value(&self, frame: &Frame, template: &str, place: Place, page: Value) -> Result<String, RenderError> {
        let (lang, code) = (frame.lang.html(), frame.lang.code());
        let mut context = Context::new();
        context.insert("frame", &FrameValues { frame, lang, code, place, assets: &self.assets, is_demo: self.is_demo });
        context.insert_value("page", page);
        let html = write(&self.tera, frame.lang, template, &context)?;
        Ok(ruby::annotate(html, frame.preferences.furigana))
    }

    /// Names of all page templates, for the test that looks for unclaimed files.
    pub fn template_files() -> Vec<String> {
        PageFiles::iter().map(std::borrow::Cow::into_owned).collect()
    }

    /// The content-named CSS and script files.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }
}

#[derive(Serialize)]
struct FrameValues<'a> {
    #[serde(flatten)]
    frame: &'a Frame,
    lang: &'static str,
    code: &'static str,
    place: Place,
    assets: &'a Assets,
    is_demo: bool,
}

/// What a template makes of `context` in one language.
pub(crate) fn write(tera: &Tera, lang: Lang, template: &str, context: &Context) -> Result<String, RenderError> {
    LANG.set(lang);
    tera.render(template, context).map_err(|cause| RenderError::template(template, cause))
}

/// The words and dates that every template may use.
pub(crate) fn register(tera: &mut Tera, words: Arc<Words>) {
    tera.register_function("t", move |kwargs: Kwargs, _: &State<'_>| sentence(&words, LANG.get(), &kwargs));
    tera.register_filter("thousands", |number: u64, _: Kwargs, _: &State<'_>| thousands(number));
    // What is no number can't be dialled: no link then.
    tera.register_filter("tel", |text: &str, _: Kwargs, _: &State<'_>| {
        PhoneNumber::parse(text).map(|number| number.digits().to_owned()).unwrap_or_default()
    });
    tera.register_filter("reading", |name: &str, kwargs: Kwargs, _: &State<'_>| {
        Ok::<_, tera::Error>(furigana::name(name, kwargs.get::<&str>("kana")?.unwrap_or_default()))
    });
    tera.register_filter("day", |text: &str, kwargs: Kwargs, _: &State<'_>| {
        Ok::<_, tera::Error>(local(text)?.day(LANG.get(), style(&kwargs)?))
    });
    tera.register_filter("clock", |text: &str, kwargs: Kwargs, _: &State<'_>| {
        Ok::<_, tera::Error>(local(text)?.clock(LANG.get(), half_day(&kwargs)?))
    });
    tera.register_filter("moment", |text: &str, kwargs: Kwargs, _: &State<'_>| {
        Ok::<_, tera::Error>(local(text)?.moment(LANG.get(), style(&kwargs)?, half_day(&kwargs)?))
    });
}

fn sources() -> Vec<(String, String)> {
    let pages = PageFiles::iter().map(|name| (name.to_string(), PageFiles::get(&name)));
    let components = ComponentFiles::iter().map(|name| (name.to_string(), ComponentFiles::get(&name)));
    pages
        .chain(components)
        .filter(|(name, _)| std::path::Path::new(name).extension().is_some_and(|end| end == "html"))
        .filter_map(|(name, file)| Some((name, String::from_utf8_lossy(&file?.data).into_owned())))
        .collect()
}

fn sentence(words: &Words, lang: Lang, kwargs: &Kwargs) -> Result<String, tera::Error> {
    let key = kwargs.must_get::<&str>("key")?;
    let args: Args<'_> = kwargs
        .iter()
        .filter_map(|(name, value)| Some((name.as_str()?, value)))
        .filter(|(name, _)| *name != "key")
        .map(|(name, value)| (name.to_owned(), fluent(value)))
        .collect();
    Ok(words.marked(lang, key, &args))
}

fn fluent(value: &Value) -> FluentValue<'static> {
    if let Some(text) = value.as_str() {
        return FluentValue::from(text.to_owned());
    }
    if let Some(whole) = value.as_i64() {
        return FluentValue::from(whole);
    }
    value.as_f64().map_or_else(|| FluentValue::from(value.to_string()), FluentValue::from)
}

/// `16,554`, as figures of money and units are written in both languages.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

fn local(text: &str) -> Result<Local, tera::Error> {
    Local::parse(text).ok_or_else(|| tera::Error::message("not a local date or time"))
}

fn style(kwargs: &Kwargs) -> Result<Style, tera::Error> {
    Ok(if kwargs.get::<bool>("year")?.unwrap_or(false) { Style::Year } else { Style::Day })
}

fn half_day(kwargs: &Kwargs) -> Result<bool, tera::Error> {
    Ok(kwargs.get::<bool>("half")?.unwrap_or(LANG.get() == Lang::JaEasy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_by_thousands() {
        assert_eq!([0, 999, 3512, 16_554, 1_234_567].map(thousands), ["0", "999", "3,512", "16,554", "1,234,567"]);
    }
}

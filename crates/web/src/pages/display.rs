//! How a member of staff wants their pages.
//!
//! - `GET /account/display`, `POST /account/display`: `theme`, `text`, `font`, `furigana` (a code each), `calm`, `live`, `keys` (`yes`).

use bansou_core::preferences::Preferences;
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use super::{Page, Place};
use crate::form::FormState;

/// The page.
#[derive(Clone, Serialize)]
pub struct DisplayPage {
    /// The form.
    pub form: FormState<DisplayForm>,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DisplayForm {
    /// A code of [`Theme`](bansou_core::preferences::Theme).
    pub theme: String,
    /// A code of [`TextSize`](bansou_core::preferences::TextSize).
    pub text: String,
    /// A code of [`Font`](bansou_core::preferences::Font).
    pub font: String,
    /// A code of [`Furigana`](bansou_core::preferences::Furigana).
    pub furigana: String,
    /// `yes` for 集中.
    pub calm: String,
    /// `yes` for live updates.
    pub live: String,
    /// `yes` for single keys.
    pub keys: String,
}

impl DisplayForm {
    fn new(chosen: Preferences) -> Self {
        let yes = |is_on: bool| if is_on { "yes".to_owned() } else { String::new() };
        Self {
            theme: chosen.theme.to_string(),
            text: chosen.text.to_string(),
            font: chosen.font.to_string(),
            furigana: chosen.furigana.to_string(),
            calm: yes(chosen.calm),
            live: yes(chosen.live),
            keys: yes(chosen.keys),
        }
    }

    /// The choices; one that isn't among those of the page leaves what was chosen `before`.
    pub fn preferences(&self, before: &Preferences) -> Preferences {
        Preferences {
            theme: self.theme.parse().unwrap_or(before.theme),
            calm: self.calm == "yes",
            text: self.text.parse().unwrap_or(before.text),
            font: self.font.parse().unwrap_or(before.font),
            furigana: self.furigana.parse().unwrap_or(before.furigana),
            live: self.live == "yes",
            keys: self.keys == "yes",
        }
    }
}

impl DisplayPage {
    /// The page with what holds now.
    pub fn new(chosen: &Preferences) -> Self {
        Self { form: FormState::new(DisplayForm::new(*chosen)) }
    }
}

impl Page for DisplayPage {
    const TEMPLATE: &'static str = "pages/display.html";
    const PLACE: Place = Place::Account;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let other = Preferences {
            theme: bansou_core::preferences::Theme::Dark,
            calm: true,
            keys: true,
            ..Preferences::default()
        };
        vec![("usual", Self::new(&Preferences::default())), ("other", Self::new(&other))]
    }
}

#[cfg(test)]
mod tests {
    use bansou_core::preferences::{Furigana, TextSize};

    use super::*;

    #[test]
    fn what_the_page_shows_is_what_it_sends_back() {
        let chosen =
            Preferences { text: TextSize::Double, furigana: Furigana::Names, live: false, ..Preferences::default() };
        assert_eq!(DisplayForm::new(chosen).preferences(&Preferences::default()), chosen);
        let odd = DisplayForm { text: "1000".to_owned(), ..DisplayForm::default() };
        assert_eq!(odd.preferences(&chosen).text, TextSize::Double);
    }
}

//! How a member of staff wants their pages: colours, letters, readings, and what may move or listen (S6, ux.md C4).
//!
//! Staff have disabilities, too. Which of these somebody chooses may tell about one, so they are stored sealed, and the audit list says
//! that they were changed and not to what.

use serde::{Deserialize, Serialize};

crate::codes! {
    /// The colours.
    Theme {
        /// As the device says, which may change in the evening.
        Auto = "auto",
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
        /// Black and white with strong lines; on a light or a dark ground, as the device says.
        Contrast = "contrast",
    }
}

crate::codes! {
    /// The size of the text, in percent of the usual one.
    TextSize {
        /// As the browser says.
        Usual = "100",
        /// A quarter more.
        Large = "125",
        /// Half as much again.
        Larger = "150",
        /// Twice as large.
        Double = "200",
    }
}

crate::codes! {
    /// The letters.
    Font {
        /// A typeface made to be told apart easily, where the device has one.
        Universal = "universal",
        /// The device's own.
        System = "system",
        /// The first one with more space between letters, words and lines.
        Spaced = "spaced",
    }
}

crate::codes! {
    /// Readings above the writing.
    Furigana {
        /// None.
        Off = "off",
        /// Above people's names.
        Names = "names",
        /// Above everything that has one.
        All = "all",
    }
}

/// One person's choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// The colours.
    pub theme: Theme,
    /// 集中: soft grounds, no shadows, no counts.
    pub calm: bool,
    /// The size of the text.
    pub text: TextSize,
    /// The letters.
    pub font: Font,
    /// Readings.
    pub furigana: Furigana,
    /// Whether lists may say that something new came in.
    pub live: bool,
    /// Whether single keys do something.
    pub keys: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::Auto,
            calm: false,
            text: TextSize::Usual,
            font: Font::Universal,
            furigana: Furigana::Off,
            live: true,
            keys: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_keys_and_readings_are_off_until_somebody_wants_them() {
        let usual = Preferences::default();
        assert!(!usual.keys && usual.live);
        assert_eq!(usual.furigana, Furigana::Off);
    }

    #[test]
    fn what_an_older_version_wrote_is_read_with_the_usual_for_the_rest() {
        let older: Preferences = serde_json::from_str(r#"{"theme":"dark"}"#).unwrap();
        assert_eq!(older, Preferences { theme: Theme::Dark, ..Preferences::default() });
    }
}

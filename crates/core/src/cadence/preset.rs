//! The cadences an office can choose from (`config/cadences.toml`).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Adjuster, AdjusterKind, CadenceError, CadencePlan, Every, Phase};

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CadencePreset {
    /// Stable name: `standard`, `gentle`, `close`, `daily`.
    pub key: String,
    /// Its phases.
    pub plan: CadencePlan,
    /// What a confirmed sign does.
    pub sign: SignRule,
}

/// How contact gets closer after a confirmed sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignRule {
    /// Interval while it holds.
    pub every: Every,
    /// How many days it holds.
    pub for_days: u16,
}

/// Why the presets were refused.
#[derive(Debug, thiserror::Error)]
pub enum PresetsError {
    /// Not the expected TOML; the message says where.
    #[error("the cadences can't be read: {0}")]
    Unreadable(#[from] toml::de::Error),
    /// A preset's phases make no sense.
    #[error("the cadence “{key}”: {error}")]
    Phases {
        /// Which preset.
        key: String,
        /// What is wrong.
        error: CadenceError,
    },
    /// Two presets of one key.
    #[error("the cadence “{0}” is listed twice")]
    Twice(String),
}

impl CadencePreset {
    /// The message with its name.
    pub fn name_key(&self) -> String {
        format!("cadence-preset-{}", self.key)
    }

    /// The message that explains it.
    pub fn about_key(&self) -> String {
        format!("cadence-preset-{}-about", self.key)
    }
}

impl SignRule {
    /// The closer time that begins with a sign confirmed on `date`.
    pub fn adjuster(self, date: NaiveDate) -> Adjuster {
        let until = date.checked_add_days(Days::new(self.for_days.into()));
        Adjuster { kind: AdjusterKind::SignConfirmed, from: date, until, every: self.every }
    }
}

/// Reads presets in the form of `config/cadences.toml`.
pub fn parse_presets(text: &str) -> Result<Vec<CadencePreset>, PresetsError> {
    let file: File = toml::from_str(text)?;
    let mut presets: Vec<CadencePreset> = Vec::new();
    for row in file.preset {
        if presets.iter().any(|preset| preset.key == row.key) {
            return Err(PresetsError::Twice(row.key));
        }
        let checked = row.sign.every.check().and_then(|_| CadencePlan::new(row.phases, row.in_touch_days));
        let plan = checked.map_err(|error| PresetsError::Phases { key: row.key.clone(), error })?;
        presets.push(CadencePreset { key: row.key, plan, sign: row.sign });
    }
    Ok(presets)
}

/// The presets this program was built with.
pub fn embedded_presets() -> Vec<CadencePreset> {
    parse_presets(include_str!("../../../../config/cadences.toml")).expect("a test reads the embedded cadences")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    preset: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    key: String,
    in_touch_days: u16,
    sign: SignRule,
    phases: Vec<Phase>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_presets_are_the_four_promised() {
        let presets = embedded_presets();
        let keys: Vec<_> = presets.iter().map(|p| p.key.as_str()).collect();
        assert_eq!(keys, ["standard", "gentle", "close", "daily"]);
        for preset in &presets {
            let phases = preset.plan.phases();
            assert!(phases.last().unwrap().to_day.is_none(), "{} never runs out", preset.key);
            assert!(phases.iter().all(|p| p.every.about_days() <= 31), "{} is at least monthly", preset.key);
        }
    }

    #[test]
    fn a_mistake_names_the_cadence() {
        let text = "[[preset]]\nkey='odd'\nin_touch_days=1\nsign={every={days=1},for_days=7}\nphases=[]";
        assert_eq!(
            parse_presets(text).unwrap_err().to_string(),
            "the cadence “odd”: a cadence needs at least one phase"
        );
        assert!(matches!(parse_presets("[[preset]]\nkey=1"), Err(PresetsError::Unreadable(_))));
    }
}

//! Published figures to set beside an office's own (`config/baselines.toml`; domain sheet section 4).

use serde::{Deserialize, Serialize};

/// One survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Where it stands, in Japanese.
    pub source_ja: String,
    /// Where it stands, in English.
    pub source_en: String,
    /// One row per group.
    pub rows: Vec<BaselineRow>,
}

/// One group of a survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaselineRow {
    /// Kind of disability.
    pub group: BaselineGroup,
    /// Percent still employed after three months.
    pub months_3: f64,
    /// Percent still employed after twelve months.
    pub months_12: f64,
}

crate::codes! {
    /// The groups that surveys tell apart.
    BaselineGroup {
        /// 身体障害
        Physical = "physical",
        /// 知的障害
        Intellectual = "intellectual",
        /// 精神障害
        Mental = "mental",
        /// 発達障害
        Developmental = "developmental",
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    baseline: Vec<Baseline>,
}

/// The surveys that came with the program.
#[expect(clippy::missing_panics_doc, reason = "the embedded file is read by this module's tests")]
pub fn baselines() -> Vec<Baseline> {
    let file: File = toml::from_str(include_str!("../../../../config/baselines.toml")).expect("a test reads the file");
    file.baseline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_survey_of_2017_is_there_with_its_source() {
        let surveys = baselines();
        let mental = surveys[0].rows.iter().find(|row| row.group == BaselineGroup::Mental).expect("a row");
        assert!((mental.months_3 - 69.9).abs() < 0.01 && (mental.months_12 - 49.3).abs() < 0.01);
        assert!(surveys.iter().all(|survey| survey.source_ja.contains("No.137") && survey.source_en.contains("137")));
    }
}

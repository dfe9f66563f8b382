//! Reward bands by retention rate, as dated configuration (`config/rewards.toml`).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The tables in the order in which they became valid.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rewards {
    retention_support: Vec<Table>,
}

/// Why a reward file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum RewardsError {
    /// Not the expected shape.
    #[error("the reward tables can't be read: {0}")]
    Shape(#[from] toml::de::Error),
    /// Tables have to be in order of time.
    #[error("reward tables: {0} comes after a table that is as new or newer")]
    TablesOutOfOrder(NaiveDate),
    /// Bands have to fall from the best to 0 percent.
    #[error("reward table of {0}: bands must fall from at most 100 percent to 0")]
    Bands(NaiveDate),
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    valid_from: NaiveDate,
    source: String,
    condition: Option<String>,
    bands: Vec<BandRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct BandRow {
    at_least_percent: u32,
    units: u32,
}

/// The tiers of the lowest and the highest possible rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tier {
    /// First day on which this table holds.
    pub valid_from: NaiveDate,
    /// Where the table stands.
    pub source: String,
    /// Whom the table is for, when not for everybody.
    pub condition: Option<String>,
    /// Units per person and month, when open cases change nothing.
    pub units: Option<u32>,
    /// Band of the lowest possible rate.
    pub min: Band,
    /// Band of the highest possible rate.
    pub max: Band,
}

/// One band: its bounds and what it pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Band {
    /// Lower bound in percent, included.
    pub at_least_percent: u32,
    /// Upper bound in percent, excluded; `None` for the best band.
    pub below_percent: Option<u32>,
    /// Units (単位) per person and month.
    pub units: u32,
}

impl Rewards {
    /// The tables that came with the program.
    #[expect(clippy::missing_panics_doc, reason = "the embedded file is read by this module's tests")]
    pub fn built_in() -> Self {
        Self::parse(include_str!("../../../../config/rewards.toml")).expect("a test reads the built-in tables")
    }

    /// Reads tables from TOML and checks their order.
    pub fn parse(text: &str) -> Result<Self, RewardsError> {
        let rewards: Self = toml::from_str(text)?;
        for pair in rewards.retention_support.windows(2) {
            if pair[1].valid_from <= pair[0].valid_from {
                return Err(RewardsError::TablesOutOfOrder(pair[1].valid_from));
            }
        }
        for table in &rewards.retention_support {
            let falls = table.bands.windows(2).all(|pair| pair[1].at_least_percent < pair[0].at_least_percent);
            let starts = table.bands.first().is_some_and(|band| band.at_least_percent <= 100);
            let ends = table.bands.last().is_some_and(|band| band.at_least_percent == 0);
            if !(falls && starts && ends) {
                return Err(RewardsError::Bands(table.valid_from));
            }
        }
        Ok(rewards)
    }

    /// The tier on a day for the fractions `low / of` and `high / of`. `None` for nobody, or before the first table.
    pub fn tier(&self, on: NaiveDate, low: usize, high: usize, of: usize) -> Option<Tier> {
        let table = self.retention_support.iter().rev().find(|table| table.valid_from <= on)?;
        let (min, max) = (table.band(low, of)?, table.band(high, of)?);
        let units = (min == max).then_some(min.units);
        let (source, condition) = (table.source.clone(), table.condition.clone());
        Some(Tier { valid_from: table.valid_from, source, condition, units, min, max })
    }
}

impl Table {
    /// Compares whole numbers, so that 94.99… percent is never 95.
    fn band(&self, part: usize, of: usize) -> Option<Band> {
        if of == 0 {
            return None;
        }
        let reached = |band: &BandRow| part as u128 * 100 >= u128::from(band.at_least_percent) * of as u128;
        let position = self.bands.iter().position(reached)?;
        let BandRow { at_least_percent, units } = self.bands[position];
        let below_percent = position.checked_sub(1).map(|better| self.bands[better].at_least_percent);
        Some(Band { at_least_percent, below_percent, units })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn units(on: &str, part: usize, of: usize) -> Option<u32> {
        Rewards::built_in().tier(day(on), part, part, of)?.units
    }

    #[test]
    fn two_leavers_of_forty_keep_the_best_band_and_three_lose_it() {
        assert_eq!(units("2026-06-01", 38, 40), Some(3512));
        assert_eq!(units("2026-06-01", 37, 40), Some(3348));
    }

    #[test]
    fn a_rate_just_below_a_bound_is_not_rounded_up() {
        assert_eq!(units("2026-06-01", 949_999_999, 1_000_000_000), Some(3348));
        assert_eq!(units("2026-06-01", 7, 10), Some(2234));
        assert_eq!(units("2026-06-01", 2, 3), Some(1690));
        assert_eq!(units("2026-06-01", 0, 3), Some(1074));
        assert_eq!(units("2026-06-01", 0, 0), None);
    }

    #[test]
    fn the_table_of_the_day_holds() {
        assert_eq!(units("2024-03-31", 1, 1), Some(3449));
        assert_eq!(units("2024-04-01", 1, 1), Some(3512));
        assert_eq!(units("2021-03-31", 1, 1), None);
    }

    #[test]
    fn when_open_cases_matter_both_bands_are_given() {
        let tier = Rewards::built_in().tier(day("2026-06-01"), 37, 38, 40).expect("a tier");
        assert_eq!(tier.units, None);
        assert_eq!((tier.min.units, tier.max.units), (3348, 3512));
        assert_eq!((tier.min.at_least_percent, tier.min.below_percent), (90, Some(95)));
        assert_eq!((tier.max.at_least_percent, tier.max.below_percent), (95, None));
    }

    #[test]
    fn broken_tables_are_refused() {
        let table =
            |bands: &str| format!("[[retention_support]]\nvalid_from='2024-04-01'\nsource='x'\nbands=[{bands}]");
        let rising = table("{at_least_percent=0,units=1},{at_least_percent=50,units=2}");
        assert!(matches!(Rewards::parse(&rising), Err(RewardsError::Bands(_))));
        assert!(matches!(Rewards::parse(&table("")), Err(RewardsError::Bands(_))));
        let good = table("{at_least_percent=0,units=1}");
        assert!(matches!(Rewards::parse(&format!("{good}\n{good}")), Err(RewardsError::TablesOutOfOrder(_))));
        assert!(matches!(Rewards::parse("surprise = 1"), Err(RewardsError::Shape(_))));
    }
}

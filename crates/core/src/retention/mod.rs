//! Who stays: official rate, cohorts and survival.

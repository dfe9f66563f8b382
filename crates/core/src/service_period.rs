//! Service periods: after-placement support and its dates.

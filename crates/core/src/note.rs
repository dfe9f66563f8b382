//! Note: what staff write down, in lanes.

//! Claiming deliveries.

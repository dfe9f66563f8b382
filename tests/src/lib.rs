//! Shared pieces of the integration tests.

pub mod database;
pub mod postgres;

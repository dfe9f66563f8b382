//! Shared pieces of the integration tests.

pub mod ambient;
pub mod cargo;
pub mod database;
pub mod fakes;
pub mod postgres;
pub mod world;

//! The one integration-test binary; modules mirror the crates.
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod channels;
mod cli;
mod harness;
mod store;
mod tidy;
mod virtual_days;
mod web;
mod words;
mod worker;

//! The one integration-test binary; modules mirror the crates.
#![allow(clippy::unwrap_used, clippy::allow_attributes, reason = "a failed unwrap fails the test")]

mod channels;
mod cli;
mod store;
mod tidy;
mod virtual_days;
mod web;
mod words;
mod worker;

//! The pages of Bansou: staff, graduates and employer contacts. Web reads and writes through the store and never sends.
//!
//! A page is a struct in [`pages`] with a template of the same name under `templates/pages/`. The struct holds values
//! that are already decided; a template only shows them. [`render::Pages`] turns one into HTML in the reader's language.
//!
//! To make a page reachable:
//! 1. Add its route to its area's `routes()` in [`areas`] (a new area is one more line in [`app`](mod@app)'s `routes`).
//! 2. Write the handler. Its first argument decides who may come: [`signed::Signed`], [`signed::Manager`],
//!    [`signed::Admin`] or [`visitor::Visitor`]. It loads with `signed.read()`, builds the page's struct, and ends with
//!    `signed.page(&tx, &page)`.
//! 3. What changes something goes to [`actions`], takes [`sent::Sent`] (or [`visitor::VisitorSent`]), refuses with
//!    `signed.refused(…)` (422, typed values kept), works in `sent.begin()` and answers with [`answer::done`] (303).
//! 4. Write the route's row in `tests/it/web/access.rs`; without one that test fails.

pub mod actions;
pub mod answer;
pub mod app;
pub mod areas;
pub mod assets;
mod calm;
mod cards;
mod care;
pub mod client;
pub mod compress;
pub mod cookies;
pub mod csrf;
pub mod csv;
pub mod dates;
mod desk;
pub mod errors;
pub mod form;
mod glance;
pub mod guest;
pub mod headers;
pub mod heads;
mod joins;
pub mod kept;
mod lanes;
pub mod language;
pub mod live;
pub mod look;
pub mod mail;
mod merge;
mod namesakes;
pub mod pages;
pub mod password;
pub mod people;
pub mod promises;
pub mod qr;
mod range;
mod remarks;
pub mod render;
pub mod requests;
mod resend;
pub mod routes;
pub mod ruby;
mod said;
pub mod say;
pub mod sent;
pub mod signed;
mod strangers;
pub mod threads;
mod todo;
pub mod visitor;
pub mod webhooks;

//! The pages of Bansou: staff, graduates and employer contacts. Web reads and writes through the store and never sends.
//!
//! A page is a struct in [`pages`] with a template of the same name under `templates/pages/`. The struct holds values
//! that are already decided; a template only shows them. [`render::Pages`] turns one into HTML in the reader's language.

pub mod assets;
pub mod csrf;
pub mod dates;
pub mod errors;
pub mod form;
pub mod headers;
pub mod language;
pub mod mail;
pub mod pages;
pub mod password;
pub mod qr;
pub mod render;

//! Pages and webhooks over HTTP.

mod gallery;
mod samples;

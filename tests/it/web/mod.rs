//! Pages and webhooks over HTTP.

mod gallery;
mod layers;
mod samples;

//! Pages and webhooks over HTTP.

mod access;
mod gallery;
mod layers;
mod samples;
mod session;
mod site;
mod webhooks;

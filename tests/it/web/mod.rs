//! Pages and webhooks over HTTP.

mod access;
mod employer;
mod escalations;
mod gallery;
mod layers;
mod me;
mod samples;
mod session;
mod site;
mod webhooks;

//! Pages and webhooks over HTTP.

mod access;
mod crisis;
mod desk;
mod employer;
mod enrolment;
mod escalations;
mod gallery;
mod graduates;
mod kept;
mod layers;
mod me;
mod not_yet;
mod records;
mod reminders;
mod retention;
mod samples;
mod session;
mod settings;
mod site;
mod statements;
mod stops;
mod strangers;
mod truth;
mod undo;
mod webhooks;
mod work;

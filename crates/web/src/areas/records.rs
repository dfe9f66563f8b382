//! What is known of a graduate, to be corrected and added to: details, jobs, consents, the invite to LINE.
//!
//! The routes of [`crate::pages::new_graduate`], [`crate::pages::edit`], [`crate::pages::job`], [`crate::pages::consents`] and [`crate::pages::invite`].

use crate::actions::{consent_record, graduate_add, graduate_edit, invite_make, job_save, share_record};
use crate::routes::Routes;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/graduates/new", graduate_add::page)
        .post("/graduates", graduate_add::post)
        .get("/graduates/{id}/edit", graduate_edit::page)
        .post("/graduates/{id}/edit", graduate_edit::post)
        .get("/graduates/{id}/jobs/new", job_save::new)
        .post("/graduates/{id}/jobs", job_save::add)
        .get("/jobs/{id}/edit", job_save::page)
        .post("/jobs/{id}/edit", job_save::change)
        .get("/graduates/{id}/consents", consent_record::page)
        .post("/graduates/{id}/consents", consent_record::give)
        .get("/graduates/{id}/shares", share_record::page)
        .post("/graduates/{id}/shares", share_record::post)
        .post("/consents/{id}/withdraw", consent_record::withdraw)
        .get("/graduates/{id}/invite", invite_make::page)
        .post("/graduates/{id}/invite", invite_make::post)
}

//! 卒業生: the list and its search, one person's page, and the pages that change something about them.

mod handover;
mod list;
mod page;

use crate::actions::{
    graduate_pause, graduate_resume, graduate_stop, note_correct, note_save, summary_send, summary_write,
};
use crate::routes::Routes;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/graduates", list::all)
        .post("/graduates/search", list::search)
        .get("/graduates/{id}", page::show)
        .get("/graduates/{id}/pause", graduate_pause::page)
        .post("/graduates/{id}/pause", graduate_pause::post)
        .post("/graduates/{id}/resume", graduate_resume::post)
        .get("/graduates/{id}/stop", graduate_stop::page)
        .post("/graduates/{id}/stop", graduate_stop::post)
        .get("/graduates/{id}/allow", graduate_stop::allow_page)
        .post("/graduates/{id}/allow", graduate_stop::allow)
        .get("/graduates/{id}/notes/new", note_save::page)
        .post("/graduates/{id}/notes", note_save::post)
        .get("/notes/{id}", note_correct::versions)
        .get("/notes/{id}/edit", note_correct::page)
        .post("/notes/{id}/correct", note_correct::post)
        .get("/notes/{id}/summary", summary_write::page)
        .post("/notes/{id}/summary", summary_write::post)
        .post("/notes/{id}/summary/look", summary_send::look)
        .post("/notes/{id}/summary/send", summary_send::post)
        .post("/notes/{id}/summary/later", summary_send::later)
        .get("/graduates/{id}/handover", handover::show)
        .get("/graduates/{id}/audit", page::audit)
}

//! Looking an answer over before it goes out: remarks on its words, and a proposal taken. Nothing is sent or kept.

use axum::extract::Path;
use bansou_core::ids::GraduateId;
use bansou_core::lint::Remark;
use serde::Deserialize;

use crate::form::FormState;
use crate::pages::thread::ReplyForm;
use crate::remarks::{ReaderFacts, can_be_taken, key, views};
use crate::sent::Sent;
use crate::signed::Answer;
use crate::{people, threads};

/// The answer as it stands, and whether a proposal is taken.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LookForm {
    body: String,
    take: String,
}

/// `POST /inbox/{graduate}/look`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<LookForm>) -> Answer {
    let (signed, form) = (&sent.signed, &sent.form);
    // The page shows what was said, like the thread itself.
    let noted = signed.begin().await?;
    noted.note_read(signed.actor(), id).await?;
    noted.save().await?;
    let tx = signed.read().await?;
    let graduate = people::graduate(&tx, id).await?;
    let facts = ReaderFacts::of(signed, &tx, &graduate).await?;
    let mut page = threads::load(signed, &tx, id, None, FormState::new(ReplyForm::default())).await?;
    // Which button will be pressed isn't known yet: the first is the way that is proposed.
    let channel = page.channels.first().map(|channel| channel.kind);
    let mut body = form.body.clone();
    let mut found = facts.look(signed, &body, channel, &[]);
    let named = |remark: &&Remark| can_be_taken(remark).is_some() && key(remark, &body) == form.take;
    let taken = found.iter().filter(named).find_map(|remark| remark.applied(&body));
    let is_taken = taken.is_some();
    if let Some(taken) = taken {
        body = taken;
        found = facts.look(signed, &body, channel, &[]);
    }
    page.remarks = Some(views(signed, &body, &found, is_taken));
    page.reply.typed.body = body;
    page.desk.draft_at = None;
    signed.page(&tx, &page).await
}

//! Looking an answer over before it goes out: remarks on its words, and a proposal taken. Nothing is sent or kept.

use axum::extract::Path;
use bansou_core::delivery::ChannelKind;
use bansou_core::ids::GraduateId;
use bansou_core::lint::Remark;
use serde::Deserialize;

use crate::form::FormState;
use crate::joins::JOIN;
use crate::pages::thread::ReplyForm;
use crate::remarks::{ReaderFacts, Shown, can_be_taken, key};
use crate::sent::Sent;
use crate::signed::Answer;
use crate::{desk, people, threads};

/// The answer as it stands, whether it keeps a promise, and whether a proposal is taken.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LookForm {
    body: String,
    number: String,
    join: String,
    promise: String,
    seen: String,
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
    let mut facts = ReaderFacts::of(signed, &tx, &graduate).await?;
    let mut page = threads::load(signed, &tx, id, None, FormState::new(ReplyForm::default())).await?;
    // Which button will be pressed isn't known yet: the first is the way that is proposed.
    let channel = page.channels.first().map(|channel| channel.kind);
    let mut body = form.body.clone();
    // The question of today goes behind the words; it is let go when they are sent.
    let mut join = form.join.clone();
    let mut is_taken = false;
    if let Some(asked) = form.take.strip_prefix(JOIN)
        && let Some(joinable) = facts.joinable().filter(|joinable| joinable.is_in(asked))
    {
        body = joinable.behind(&body);
        asked.clone_into(&mut join);
        is_taken = true;
    }
    facts.joining(&join, &body);
    let mut found = facts.look(signed, &body, channel, &[]);
    // One number can follow the words; LINE takes both in one call, so that neither goes without the other.
    let may_follow = channel == Some(ChannelKind::Line) && form.number.trim().is_empty();
    let named = |remark: &&Remark| can_be_taken(remark, may_follow).is_some() && key(remark, &body) == form.take;
    let taken = found.iter().find(named).and_then(|remark| Some((remark.applied(&body)?, remark.proposal.clone()?)));
    is_taken |= taken.is_some();
    page.reply.typed.join = join;
    page.reply.typed.number.clone_from(&form.number);
    page.reply.typed.promise.clone_from(&form.promise);
    if let Some((words, proposal)) = taken {
        body = words;
        if let Some(number) = proposal.own_message {
            page.reply.typed.number = number;
        }
        found = facts.look(signed, &body, channel, &[]);
    }
    let may_follow = may_follow && page.reply.typed.number.is_empty();
    page.remarks = Some(facts.views(signed, &body, &found, Shown { is_taken, may_follow }));
    threads::fill(signed, &tx, &graduate, &mut page, body).await?;
    page.desk.draft_at = None;
    // The page that comes back is newer than the one the words were written on.
    page.desk.meanwhile = desk::meanwhile(signed, &tx, &graduate, &form.seen).await?;
    signed.page(&tx, &page).await
}

//! A stranger's words: staff read them, say whose they are, take that back, or say that they are none of ours.

use axum::extract::Path;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::ChannelKind;
use bansou_core::ids::{GraduateId, InboundId};
use bansou_store::{GraduateSearch, Inbound, StoreError, Tx, sender};
use serde::Deserialize;
use uuid::Uuid;

use crate::errors::Failure;
use crate::pages::Done;
use crate::pages::stranger::{BindPage, BindingPage, FoundPerson, Stranger, StrangerPage, StrangerWords};
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};
use crate::{answer, heads, people, strangers};

/// Events of strangers that are looked through.
const EVENTS: u64 = 1_000;
/// People shown of a search.
const FOUND: usize = 20;

/// The raw search.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SearchForm {
    query: String,
}

/// The raw form of the second question.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct SureForm {
    sure: String,
}

/// `GET /strangers/{id}`.
pub async fn page(signed: Signed, Path(id): Path<InboundId>) -> Answer {
    let tx = signed.read().await?;
    let events = tx.stranger(id, EVENTS).await?;
    let Some(stranger) = view(&signed, &events) else { return Ok(answer::see("/today")) };
    let page = StrangerPage { stranger, query: String::new(), found: Vec::new(), is_cut: false };
    signed.page(&tx, &page).await
}

/// `POST /strangers/{id}/search`: a search is a POST, because a name must not stand in an address or a log.
pub async fn search(Path(id): Path<InboundId>, sent: Sent<SearchForm>) -> Answer {
    let signed = &sent.signed;
    let tx = signed.read().await?;
    let events = tx.stranger(id, EVENTS).await?;
    let Some(stranger) = view(signed, &events) else { return Ok(answer::see("/today")) };
    let query = sent.form.query.trim().to_owned();
    let search = GraduateSearch { text: query.clone(), ..GraduateSearch::default() };
    let people = tx.find_graduates(&search, 0, FOUND).await?;
    let is_cut = people.total > FOUND;
    let found = people.items.into_iter().map(|graduate| FoundPerson {
        graduate: graduate.id.to_string(),
        external_id: graduate.details.profile.external_id.clone().unwrap_or_default(),
        name: graduate.details.profile.name,
        kana: graduate.details.profile.kana,
    });
    let page = StrangerPage { stranger, query, found: found.collect(), is_cut };
    signed.page(&tx, &page).await
}

/// `GET /strangers/{id}/bind/{graduate}`: both names, side by side.
pub async fn ask(signed: Signed, Path((id, graduate)): Path<(InboundId, GraduateId)>) -> Answer {
    let tx = signed.look_at(graduate).await?;
    let events = tx.stranger(id, EVENTS).await?;
    let Some(page) = second_question(&signed, &tx, &events, graduate, false).await? else {
        return Ok(answer::see("/today"));
    };
    signed.page(&tx, &page).await
}

/// `POST /strangers/{id}/bind/{graduate}`: the address becomes theirs and the words go into their thread.
pub async fn bind(Path((id, graduate)): Path<(InboundId, GraduateId)>, sent: Sent<SureForm>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/inbox/{graduate}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::StrangerBound)) };
    let events = tx.stranger(id, EVENTS).await?;
    people::graduate(&tx, graduate).await?;
    if sent.form.sure.is_empty() {
        let Some(page) = second_question(signed, &tx, &events, graduate, true).await? else {
            return Ok(answer::see("/today"));
        };
        return signed.refused(&tx, &page).await;
    }
    match tx.bind_stranger(signed.staff.id, graduate, &events).await {
        // A colleague decided first.
        Err(StoreError::Refused { .. }) => return Ok(answer::see("/today")),
        other => other?,
    };
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done(&there, Done::StrangerBound))
}

/// `POST /strangers/{id}/not-ours`.
pub async fn not_ours(Path(id): Path<InboundId>, sent: Sent<Nothing>) -> Answer {
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::StrangerNotOurs)) };
    let events = tx.stranger(id, EVENTS).await?;
    if events.is_empty() {
        return Ok(answer::see("/today"));
    }
    tx.stranger_is_not_ours(sent.signed.staff.id, &events).await?;
    tx.save().await?;
    Ok(answer::done("/today", Done::StrangerNotOurs))
}

/// `GET /bindings/{id}`.
pub async fn binding(signed: Signed, Path(id): Path<Uuid>) -> Answer {
    let binding = signed.read().await?.binding(id).await?;
    let binding = binding.filter(|binding| binding.undone_at.is_none()).ok_or(Failure::NotFound)?;
    let tx = signed.look_at(binding.graduate).await?;
    let graduate = people::graduate(&tx, binding.graduate).await?;
    let names = people::staff_names(&tx).await?;
    let page = BindingPage {
        binding: id.to_string(),
        person: heads::person_head(&tx, &graduate, signed.today()).await?,
        channel: channel(binding.kind),
        by: names.get(&binding.bound_by).cloned().unwrap_or_default(),
        at: signed.local(binding.bound_at),
    };
    signed.page(&tx, &page).await
}

/// `POST /bindings/{id}/undo`: it was somebody else.
pub async fn unbind(Path(id): Path<Uuid>, sent: Sent<Nothing>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done("/today", Done::StrangerUnbound)) };
    match tx.unbind_stranger(signed.staff.id, id, &signed.say("binding-not-theirs")).await {
        Err(StoreError::Refused { .. }) => return Ok(answer::see("/today")),
        other => other?,
    };
    tx.save().await?;
    (signed.app.parts.wake)();
    Ok(answer::done("/today", Done::StrangerUnbound))
}

/// LINE or SMS, as pages name it.
pub(crate) fn channel(kind: ContactKind) -> ChannelKind {
    if kind == ContactKind::Line { ChannelKind::Line } else { ChannelKind::Sms }
}

async fn second_question(
    signed: &Signed,
    tx: &Tx,
    events: &[Inbound],
    graduate: GraduateId,
    unsure: bool,
) -> Result<Option<BindPage>, Failure> {
    let graduate = people::graduate(tx, graduate).await?;
    let (Some(stranger), Some((kind, address))) =
        (view(signed, events), events.first().and_then(|event| sender(&event.body)))
    else {
        return Ok(None);
    };
    let points = tx.contact_points(graduate.id).await?;
    let replaces = points.iter().any(|point| point.kind == kind && point.address != address);
    let person = heads::person_head(tx, &graduate, signed.today()).await?;
    Ok(Some(BindPage { stranger, person, replaces, unsure }))
}

/// `None` when somebody has decided about it already.
fn view(signed: &Signed, events: &[Inbound]) -> Option<Stranger> {
    let first = events.first()?;
    let (kind, address) = sender(&first.body)?;
    let name = match kind {
        ContactKind::Line => events.iter().rev().find_map(|event| event.sender_name.clone()).unwrap_or_default(),
        _ => people::dialled(&address),
    };
    let words = events.iter().map(|event| StrangerWords {
        at: signed.local(event.occurred_at),
        text: strangers::text(&event.body).unwrap_or_default(),
    });
    Some(Stranger { id: first.id.to_string(), channel: channel(kind), name, words: words.collect() })
}

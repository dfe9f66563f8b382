//! Staff make a link to a graduate's own page, to hand over or to send in the chat.

use axum::extract::Path;
use bansou_core::ids::GraduateId;
use bansou_store::{LinkKind, Tx};
use chrono::TimeDelta;

use crate::errors::Failure;
use crate::heads::person_head;
use crate::pages::me_link::{FreshLink, MeLinkPage};
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};

/// How long a link waits to be opened.
pub const LINK_VALID: TimeDelta = TimeDelta::days(14);

/// `GET /graduates/{id}/me-link`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let page = link_page(&signed, &tx, id, None).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/me-link`: the answer is the only time that the link is shown. One made before stops working.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let signed = &sent.signed;
    let Some(tx) = sent.begin().await? else {
        return Ok(crate::answer::see(&format!("/graduates/{id}/me-link")));
    };
    tx.graduate(id).await?.ok_or(Failure::NotFound)?;
    tx.revoke_links(signed.actor(), LinkKind::Me, id.0).await?;
    let token = tx.create_link(signed.actor(), LinkKind::Me, id.0, LINK_VALID).await?;
    let url = format!("{}/me/{token}", signed.app.parts.public_url);
    let fresh = FreshLink::new(url, signed.local(signed.now() + LINK_VALID));
    let page = link_page(signed, &tx, id, Some(fresh)).await?;
    let answer = signed.page(&tx, &page).await?;
    tx.save().await?;
    Ok(answer)
}

async fn link_page(signed: &Signed, tx: &Tx, id: GraduateId, fresh: Option<FreshLink>) -> Result<MeLinkPage, Failure> {
    let graduate = tx.graduate(id).await?.ok_or(Failure::NotFound)?;
    Ok(MeLinkPage { person: person_head(tx, &graduate, signed.today()).await?, fresh })
}

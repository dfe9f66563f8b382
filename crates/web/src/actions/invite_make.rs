//! An invite to LINE: a code that works once, as a link and as a QR code.

use axum::extract::Path;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::ChannelKind;
use bansou_core::ids::GraduateId;
use bansou_store::{INVITE_VALID, LinkKind, Tx};

use crate::answer;
use crate::errors::Failure;
use crate::heads::person_head;
use crate::pages::invite::{Bound, FreshInvite, InvitePage};
use crate::sent::{Nothing, Sent};
use crate::signed::{Answer, Signed};

/// `GET /graduates/{id}/invite`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let page = load(&signed, &tx, id, None).await?;
    signed.page(&tx, &page).await
}

/// `POST /graduates/{id}/invite`: the answer is the only time that the link is shown.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<Nothing>) -> Answer {
    let signed = &sent.signed;
    let there = format!("/graduates/{id}/invite");
    let Some(tx) = sent.begin().await? else { return Ok(answer::see(&there)) };
    tx.graduate(id).await?.ok_or(Failure::NotFound)?;
    let Some(channel) = signed.app.channel_of(signed.office.id, ChannelKind::Line) else {
        return Ok(answer::see(&there));
    };
    let code = tx.create_invite(signed.actor(), id).await?;
    let link = channel.line_basic_id.as_deref().map(|account| chat_link(account, &code));
    let fresh = FreshInvite::new(code, link.unwrap_or_default(), signed.local(signed.now() + INVITE_VALID));
    let page = load(signed, &tx, id, Some(fresh)).await?;
    let answer = signed.page(&tx, &page).await?;
    tx.save().await?;
    Ok(answer)
}

/// Opens the chat with the account, the code typed in already (LINE URL schemes, `oaMessage`).
fn chat_link(account: &str, code: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("https://line.me/R/oaMessage/{}/?{}", encoded(account), encoded(code))
}

async fn load(signed: &Signed, tx: &Tx, id: GraduateId, fresh: Option<FreshInvite>) -> Result<InvitePage, Failure> {
    let graduate = tx.graduate(id).await?.ok_or(Failure::NotFound)?;
    let points = tx.contact_points(id).await?;
    let bound = points.iter().find(|point| point.kind == ContactKind::Line);
    let open_until = match &fresh {
        Some(_) => None,
        None => tx.link_open_until(LinkKind::Invite, id.0).await?,
    };
    Ok(InvitePage {
        person: person_head(tx, &graduate, signed.today()).await?,
        bound: bound.map(|point| Bound { at: signed.local(point.created_at) }),
        open_until: open_until.map(|until| signed.local(until)),
        fresh,
        is_line_missing: signed.app.channel_of(signed.office.id, ChannelKind::Line).is_none(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_opens_the_chat_with_the_code_in_it() {
        assert_eq!(chat_link("@000mihon", "K7WM-2QXR"), "https://line.me/R/oaMessage/%40000mihon/?K7WM-2QXR");
    }
}

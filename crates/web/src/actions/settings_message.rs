//! The office's own wording of a message: looked at, saved, taken back.

use axum::extract::Path;
use bansou_core::delivery::ChannelKind;
use bansou_core::graduate::Language;
use bansou_core::message::Template;
use bansou_core::staff::Role;
use serde::Deserialize;

use crate::answer;
use crate::app::MessageProblem;
use crate::areas::settings::{message_page, present};
use crate::errors::Failure;
use crate::form::{FieldError, FormState};
use crate::merge::{merged, place};
use crate::pages::Done;
use crate::pages::settings::messages::{MessagePage, WordingForm};
use crate::sent::{Nothing, Sent};
use crate::signed::{Admin, Answer, Manager, Signed};

/// The wordings, and whether to save them or only to look.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct StepForm {
    plain: String,
    easy: String,
    furigana: String,
    shown: String,
    step: String,
}

/// `POST /settings/messages/{key}`: `step` is `preview`, which changes nothing and is open to managers, or `save`.
pub async fn post(Path(key): Path<String>, sent: Sent<StepForm, Manager>) -> Answer {
    let Manager(signed) = &sent.signed;
    let is_save = sent.form.step == "save";
    if is_save && !signed.staff.role.includes(Role::Admin) {
        return Err(Failure::Forbidden);
    }
    let there = format!("/settings/messages/{key}");
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::Saved)) };
    let (templates, own) = present(signed, &tx).await?;
    let template = templates.get(&key).ok_or(Failure::NotFound)?;
    let StepForm { plain, easy, furigana, shown, .. } = sent.form.clone();
    let typed = WordingForm { plain, easy, furigana, shown };
    let delivered = signed.app.parts.templates.get(&key).ok_or(Failure::NotFound)?;
    let (wording, undecided) = if is_save {
        let merged = merged(&typed, &typed.shown, &WordingForm::new(template), &[]);
        let undecided = merged.to_decide(|name, now| (place(&["easy", "furigana"], name, "plain"), now.to_owned()));
        (merged.form, undecided)
    } else {
        (typed, None)
    };
    let state = undecided.unwrap_or_else(|| wording.clone().checked(delivered));
    let page = message_page(signed, template, own.contains(&key), state);
    let page = with_channel_limit(signed, page);
    if !page.form.is_valid() {
        return signed.refused(&tx, &page).await;
    }
    if !is_save {
        return signed.page(&tx, &page).await;
    }
    let typed =
        [(Language::Plain, &wording.plain), (Language::Easy, &wording.easy), (Language::Furigana, &wording.furigana)];
    for (language, body) in typed {
        let body = body.trim();
        if body == template.wording(language) {
            continue;
        }
        if body == delivered.wording(language) {
            tx.reset_template(signed.staff.id, &key, language).await?;
        } else {
            tx.put_template(signed.staff.id, &key, language, body).await?;
        }
    }
    tx.save().await?;
    Ok(answer::done(&there, Done::Saved))
}

/// `POST /settings/messages/{key}/reset`.
pub async fn reset(Path(key): Path<String>, sent: Sent<Nothing, Admin>) -> Answer {
    let Admin(signed) = &sent.signed;
    let there = format!("/settings/messages/{key}");
    let _known: &Template = signed.app.parts.templates.get(&key).ok_or(Failure::NotFound)?;
    let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::TemplateReset)) };
    for wording in tx.template_overrides().await?.into_iter().filter(|wording| wording.key == key) {
        tx.reset_template(signed.staff.id, &key, wording.language).await?;
    }
    tx.save().await?;
    Ok(answer::done(&there, Done::TemplateReset))
}

/// What the channel itself says of the message as it would go out.
fn with_channel_limit(signed: &Signed, mut page: MessagePage) -> MessagePage {
    for preview in &page.previews {
        let field = match (preview.channel, preview.language) {
            (ChannelKind::Line, Language::Plain) => "plain",
            (ChannelKind::Line, Language::Easy) => "easy",
            (ChannelKind::Line, Language::Furigana) => "furigana",
            _ => continue,
        };
        let Some(channel) = signed.app.channel_of(signed.office.id, preview.channel) else { continue };
        if let Err(MessageProblem::TooLong { max, now }) = (signed.app.parts.check_message)(&channel.id, &preview.text)
        {
            let form: FormState<WordingForm> = page.form.clone();
            page.form = form.with_error(field, FieldError::TooLong { max, now });
        }
    }
    page
}

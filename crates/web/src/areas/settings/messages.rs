//! Message templates in the office's present wording.

use axum::extract::Path;
use bansou_core::delivery::ChannelKind;
use bansou_core::message::{Fill, Template, Templates};
use bansou_core::staff::Role;
use bansou_store::Tx;

use crate::errors::Failure;
use crate::form::FormState;
use crate::merge::shown;
use crate::pages::settings::messages::{MessagePage, MessageRow, MessagesPage, SAMPLE_MORE, WordingForm};
use crate::remarks::on_preview;
use crate::signed::{Answer, Manager, Signed};

pub(super) async fn list(Manager(signed): Manager) -> Answer {
    let tx = signed.read().await?;
    let (templates, own) = present(&signed, &tx).await?;
    let row = |template: &Template| MessageRow::new(template, own.contains(&template.key));
    let page = MessagesPage { messages: templates.all().iter().map(row).collect() };
    signed.page(&tx, &page).await
}

pub(super) async fn one(Manager(signed): Manager, Path(key): Path<String>) -> Answer {
    let tx = signed.read().await?;
    let (templates, own) = present(&signed, &tx).await?;
    let template = templates.get(&key).ok_or(Failure::NotFound)?;
    let mut form = WordingForm::new(template);
    form.shown = shown(&form);
    let page = message_page(&signed, template, own.contains(&key), FormState::new(form));
    signed.page(&tx, &page).await
}

/// The templates with the office's own wordings in place, and the keys of those.
pub(crate) async fn present(signed: &Signed, tx: &Tx) -> Result<(Templates, Vec<String>), Failure> {
    let mut templates = signed.app.parts.templates.clone();
    let mut own = Vec::new();
    for wording in tx.template_overrides().await? {
        templates.replace(&wording.key, wording.language, &wording.body);
        own.push(wording.key);
    }
    Ok((templates, own))
}

/// One message with a form, shown as made-up people would get it.
pub(crate) fn message_page(
    signed: &Signed,
    template: &Template,
    is_own: bool,
    form: FormState<WordingForm>,
) -> MessagePage {
    let office = &signed.office;
    let words = &signed.app.parts.words;
    let (name, staff) = (words.plain(signed.lang, "sample-person"), words.plain(signed.lang, "sample-staff"));
    let (office, phone) = (&office.name, &office.settings.phone);
    let fill = Fill { name: &name, staff: &staff, office, phone, more: SAMPLE_MORE };
    let is_admin = signed.staff.role.includes(Role::Admin);
    let mut page = MessagePage { is_admin, ..MessagePage::new(template, is_own, form, &fill) };
    for preview in page.previews.iter_mut().filter(|preview| preview.channel == ChannelKind::Line) {
        preview.remarks = on_preview(signed, preview, &[&name, &staff, office]);
    }
    page
}

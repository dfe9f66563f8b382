//! Messages to begin from: looked through, and one put into the box. Nothing is sent or kept.

use std::sync::LazyLock;

use axum::extract::Path;
use bansou_core::delivery::ChannelKind;
use bansou_core::example::{Example, ExampleFill, Situation, example, examples};
use bansou_core::ids::GraduateId;
use bansou_core::lint::{sms_length, utf16_units};
use bansou_core::search::search_key;
use bansou_core::signs::hotlines::Hotlines;
use bansou_store::{Graduate, Tx};
use serde::Deserialize;

use crate::errors::Failure;
use crate::form::FormState;
use crate::heads::person_head;
use crate::pages::examples::{ExampleGroup, ExampleView, ExamplesPage};
use crate::pages::thread::ReplyForm;
use crate::sent::Sent;
use crate::signed::{Answer, Signed};
use crate::{desk, people, threads};

/// Whom to call at any hour: somebody who listens, never an emergency number.
static HOTLINE: LazyLock<String> = LazyLock::new(|| Hotlines::embedded().at_any_hour());

/// What is looked for, what stands in the answer's form, and what is chosen.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ExamplesForm {
    body: String,
    number: String,
    promise: String,
    seen: String,
    find: String,
    pick: String,
}

/// `GET /inbox/{graduate}/examples`.
pub async fn page(signed: Signed, Path(id): Path<GraduateId>) -> Answer {
    let tx = signed.look_at(id).await?;
    let page = list(&signed, &tx, id, &ExamplesForm::default()).await?;
    signed.page(&tx, &page).await
}

/// `POST /inbox/{graduate}/examples`.
pub async fn post(Path(id): Path<GraduateId>, sent: Sent<ExamplesForm>) -> Answer {
    let (signed, form) = (&sent.signed, &sent.form);
    let Some(example) = example(&form.pick) else {
        let tx = signed.read().await?;
        let page = list(signed, &tx, id, form).await?;
        return signed.page(&tx, &page).await;
    };
    // The page shows what was said, like the thread itself.
    let tx = signed.look_at(id).await?;
    let graduate = people::graduate(&tx, id).await?;
    let mut page = threads::load(signed, &tx, id, None, FormState::new(ReplyForm::default())).await?;
    let channel = page.channels.first().map(|channel| channel.kind);
    let text = filled(signed, &graduate, channel, example);
    let typed = form.body.trim();
    page.reply.typed.number.clone_from(&form.number);
    page.reply.typed.promise.clone_from(&form.promise);
    let body = if typed.is_empty() { text } else { format!("{typed}\n{text}") };
    threads::fill(signed, &tx, &graduate, &mut page, body).await?;
    // The page that comes back is newer than the one the words were written on.
    page.desk.meanwhile = desk::meanwhile(signed, &tx, &graduate, &form.seen).await?;
    signed.page(&tx, &page).await
}

async fn list(signed: &Signed, tx: &Tx, id: GraduateId, form: &ExamplesForm) -> Result<ExamplesPage, Failure> {
    let graduate = people::graduate(tx, id).await?;
    let channel = threads::ways(signed, tx, &graduate).await?.first().map(|(kind, _)| *kind);
    let wanted = search_key(&form.find);
    let view = |example: &Example| {
        let text = filled(signed, &graduate, channel, example);
        ExampleView {
            name: signed.say(&format!("example-{}", example.key)),
            when: signed.say(&format!("example-{}-when", example.key)),
            key: example.key.clone(),
            length: if channel == Some(ChannelKind::Sms) { sms_length(&text).units } else { utf16_units(&text) },
            parts: if channel == Some(ChannelKind::Sms) { sms_length(&text).parts } else { 0 },
            text,
        }
    };
    let is_wanted = |view: &ExampleView| {
        wanted.is_empty()
            || [&view.name, &view.when, &view.text].into_iter().any(|text| search_key(text).contains(&wanted))
    };
    let groups: Vec<ExampleGroup> = Situation::ALL
        .iter()
        .map(|&situation| {
            let own = examples().iter().filter(|example| example.situation == situation);
            ExampleGroup { situation, examples: own.map(view).filter(is_wanted).collect() }
        })
        .filter(|group| !group.examples.is_empty())
        .collect();
    Ok(ExamplesPage {
        person: person_head(tx, &graduate, signed.today()).await?,
        body: form.body.clone(),
        number: form.number.clone(),
        promise: form.promise.clone(),
        seen: form.seen.clone(),
        find: form.find.clone(),
        channel,
        found: groups.iter().map(|group| group.examples.len()).sum(),
        groups,
    })
}

/// The example as this person would get it.
fn filled(signed: &Signed, graduate: &Graduate, channel: Option<ChannelKind>, example: &Example) -> String {
    let fill = ExampleFill {
        name: graduate.details.profile.call_name(),
        staff: signed.staff.profile.family_name(),
        office: &signed.office.name,
        hotline: &HOTLINE,
    };
    example.text(channel, graduate.details.language, &fill)
}

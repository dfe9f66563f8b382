//! Settings: who may look (managers) and who may change (admins; managers may stop sending).
//!
//! The routes of [`crate::pages::settings`] and of the files below it.

mod channels;
mod duty;
mod export;
mod log;
mod messages;
mod sending;
mod staff;

use bansou_core::cadence::embedded_presets;
use bansou_core::delivery::ChannelKind;
use bansou_core::graduate::Language;
use bansou_core::message::Fill;
use bansou_core::out_of_hours::next_closed;
use bansou_core::signs::hotlines::Hotlines;
use bansou_core::staff::Role;
use bansou_core::told_time::told_time;
use bansou_store::Tx;
use chrono::{DateTime, TimeDelta, Utc};

use crate::actions::{settings_duty, settings_message, settings_office, settings_sending, settings_staff};
use crate::errors::Failure;
use crate::form::FormState;
use crate::merge::shown;
use crate::pages::settings::cadences::CadencesPage;
use crate::pages::settings::{OfficeForm, OfficePage, SAFE_TEXT_MAX, SettingsPage};
use crate::routes::Routes;
use crate::signed::{Admin, Answer, Manager, Signed};
pub(crate) use duty::{cell as duty_cell, duty_page, hours_page};
pub(crate) use messages::{message_page, present};
pub(crate) use sending::sending_page;
pub(crate) use staff::staff_page;

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/settings", overview)
        .get("/settings/office", office)
        .post("/settings/office", settings_office::post)
        .get("/settings/channels", channels::list)
        .post("/settings/channels/{id}/resume", channels::resume)
        .get("/settings/staff", staff::list)
        .post("/settings/staff", settings_staff::add)
        .post("/settings/staff/{id}/role", settings_staff::role)
        .post("/settings/staff/{id}/disable", settings_staff::disable)
        .post("/settings/staff/{id}/enable", settings_staff::enable)
        .post("/settings/staff/{id}/link", settings_staff::link)
        .get("/settings/staff/{id}/hours", duty::hours)
        .post("/settings/staff/{id}/hours", settings_duty::hours)
        .get("/settings/duty", duty::page)
        .post("/settings/duty/week", settings_duty::week)
        .post("/settings/duty/day", settings_duty::day)
        .get("/settings/messages", messages::list)
        .get("/settings/messages/{key}", messages::one)
        .post("/settings/messages/{key}", settings_message::post)
        .post("/settings/messages/{key}/reset", settings_message::reset)
        .get("/settings/cadences", cadences)
        .get("/settings/sending", sending::page)
        .post("/settings/sending/stop", settings_sending::stop)
        .post("/settings/sending/resume", settings_sending::resume)
        .post("/settings/sending/channels/{id}/stop", settings_sending::stop_channel)
        .post("/settings/sending/channels/{id}/resume", settings_sending::resume_channel)
        .get("/settings/export", export::page)
        .get("/settings/export/contacts.csv", export::contacts)
        .get("/settings/export/notes.csv", export::notes)
        .get("/settings/audit", log::list)
        .get("/settings/audit/export.csv", log::as_csv)
}

async fn overview(Manager(signed): Manager) -> Answer {
    let tx = signed.read().await?;
    let now = signed.now();
    let states = tx.channel_states().await?;
    let is_stopped = |state: &&bansou_store::ChannelState| state.stopped_until.is_some_and(|until| until > now);
    let mut own: Vec<String> = tx.template_overrides().await?.into_iter().map(|one| one.key).collect();
    own.dedup();
    let page = SettingsPage {
        office: signed.office.name.clone(),
        is_admin: signed.staff.role.includes(Role::Admin),
        channels_with_trouble: states.iter().filter(is_stopped).count(),
        own_wordings: own.len(),
        late_promises: tx.commitments_late(now - TimeDelta::days(30)).await?,
    };
    signed.page(&tx, &page).await
}

async fn office(Admin(signed): Admin) -> Answer {
    let tx = signed.read().await?;
    let mut form = OfficeForm::new(&signed.office.name, &signed.office.settings);
    form.shown = shown(&form);
    let page = office_page(&signed, &tx, FormState::new(form)).await?;
    signed.page(&tx, &page).await
}

/// The office's rules with a form.
pub(crate) async fn office_page(signed: &Signed, tx: &Tx, form: FormState<OfficeForm>) -> Result<OfficePage, Failure> {
    Ok(OfficePage {
        form,
        zone: signed.office.zone.name().to_owned(),
        safe_text_max: SAFE_TEXT_MAX,
        out_of_hours: out_of_hours(signed, tx).await?,
    })
}

/// What somebody gets over LINE who writes while the office is closed, now or else from the next closing on; nothing where it never
/// is, or always.
async fn out_of_hours(signed: &Signed, tx: &Tx) -> Result<String, Failure> {
    let Some((at, closed)) = next_closed(signed.now(), &signed.calendar()) else { return Ok(String::new()) };
    let (templates, _) = present(signed, tx).await?;
    let (name, office) = (signed.say("sample-person"), &signed.office);
    let local = |at: DateTime<Utc>| at.with_timezone(&office.zone).naive_local();
    let time = told_time(local(closed.opens_at), local(at).date(), Language::Plain);
    let hotline = Hotlines::embedded().at_any_hour();
    let more = [("{time}", time.as_str()), ("{hotlines}", hotline.as_str())];
    // The office itself speaks, whoever looks after the person.
    let fill =
        Fill { name: &name, staff: &office.name, office: &office.name, phone: &office.settings.phone, more: &more };
    let template = templates.get("out-of-hours");
    let text = template.map(|template| template.payload(ChannelKind::Line, Language::Plain, &fill, None).text);
    Ok(text.unwrap_or_default())
}

async fn cadences(Manager(signed): Manager) -> Answer {
    let tx = signed.read().await?;
    let presets = embedded_presets();
    let plans: Vec<_> = tx.cadences().await?.into_iter().map(|cadence| cadence.state.plan).collect();
    let people = |key: &str| {
        let preset = presets.iter().find(|preset| preset.key == key);
        plans.iter().filter(|plan| preset.is_some_and(|preset| preset.plan.phases() == plan.phases())).count()
    };
    let page = CadencesPage::new(&presets, &signed.app.parts.words, signed.lang, people);
    signed.page(&tx, &page).await
}

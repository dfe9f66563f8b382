//! One file per page noun: the struct a template shows, its parts, and its samples.
//!
//! To add a page: a struct here with `impl Page`, a template under `templates/pages/` that extends
//! `components/layout.html`, words in `locales/`, and one line in [`all_samples`]. A test renders every sample in every
//! language and fails for a template that no page claims. Times in a page are local ([`LocalTime`]) and become words
//! in the template; nothing is decided there. Pages have no Debug output, because they hold personal data.

pub mod absences;
pub mod audit;
pub mod call;
pub mod card;
pub mod clock;
pub mod components;
pub mod consents;
pub mod demo;
pub mod desk;
pub mod display;
pub mod edit;
pub mod employer;
pub mod error;
pub mod escalate;
pub mod escalation;
pub mod examples;
pub mod frame;
pub mod graduate;
pub mod graduates;
pub mod handover;
pub mod inbox;
pub mod invite;
pub mod job;
pub mod kept;
pub mod keys;
pub mod lanes;
pub mod later;
pub mod length;
pub mod letter;
pub mod login;
pub mod me;
pub mod me_link;
pub mod new_graduate;
pub mod note;
pub mod password;
pub mod pause;
pub mod person;
pub mod plan;
pub mod promises;
pub mod remarks;
pub mod retention;
pub mod search;
pub mod settings;
pub mod shares;
pub mod signs;
pub mod stop;
pub mod stranger;
pub mod summary;
pub mod thread;
pub mod today;
pub mod undelivered;

use bansou_core::words::Lang;
use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use tera::Value;

pub use frame::{CrisisAlert, Done, Frame, Hotline, Place, Reader};

/// A moment in the office's (or the person's) own time, with its offset.
pub type LocalTime = DateTime<FixedOffset>;

/// Something that can be shown in a [`Frame`].
pub trait Page: Serialize {
    /// The template, e.g. `pages/today.html`.
    const TEMPLATE: &'static str;
    /// Where it stands in the staff's menu.
    const PLACE: Place;

    /// Made-up examples, each with a short name: the usual case, the empty one, the one with errors.
    fn samples(lang: Lang) -> Vec<(&'static str, Self)>
    where
        Self: Sized;
}

/// A sample whose type is forgotten, for tests and screenshots.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The template it belongs to.
    pub template: &'static str,
    /// Where it stands in the menu.
    pub place: Place,
    /// Its short name, unique within the template.
    pub name: &'static str,
    /// The page's values.
    pub page: Value,
}

/// Every sample of every page, with sentences in `lang` where the program makes them.
pub fn all_samples(lang: Lang) -> Vec<Sample> {
    let mut all = Vec::new();
    collect::<error::ErrorPage>(&mut all, lang);
    collect::<login::LoginPage>(&mut all, lang);
    collect::<kept::KeptPage>(&mut all, lang);
    collect::<password::PasswordPage>(&mut all, lang);
    collect::<display::DisplayPage>(&mut all, lang);
    collect::<keys::KeysPage>(&mut all, lang);
    collect::<today::TodayPage>(&mut all, lang);
    collect::<plan::PlanPage>(&mut all, lang);
    collect::<later::LaterPage>(&mut all, lang);
    collect::<undelivered::UndeliveredPage>(&mut all, lang);
    collect::<stranger::StrangerPage>(&mut all, lang);
    collect::<stranger::BindPage>(&mut all, lang);
    collect::<stranger::BindingPage>(&mut all, lang);
    collect::<call::CallPage>(&mut all, lang);
    collect::<inbox::InboxPage>(&mut all, lang);
    collect::<thread::ThreadPage>(&mut all, lang);
    collect::<search::SearchPage>(&mut all, lang);
    collect::<examples::ExamplesPage>(&mut all, lang);
    collect::<promises::PromisesPage>(&mut all, lang);
    collect::<promises::PromisePage>(&mut all, lang);
    collect::<promises::NewPromisePage>(&mut all, lang);
    collect::<graduates::GraduatesPage>(&mut all, lang);
    collect::<new_graduate::NewGraduatePage>(&mut all, lang);
    collect::<graduate::GraduatePage>(&mut all, lang);
    collect::<note::NotePage>(&mut all, lang);
    collect::<note::NoteVersionsPage>(&mut all, lang);
    collect::<summary::SummaryPickPage>(&mut all, lang);
    collect::<summary::SummaryPage>(&mut all, lang);
    collect::<handover::HandoverPage>(&mut all, lang);
    collect::<edit::EditPage>(&mut all, lang);
    collect::<card::CardPage>(&mut all, lang);
    collect::<card::CardEditPage>(&mut all, lang);
    collect::<card::CompanyPage>(&mut all, lang);
    collect::<job::JobPage>(&mut all, lang);
    collect::<pause::PausePage>(&mut all, lang);
    collect::<stop::StopPage>(&mut all, lang);
    collect::<stop::AllowPage>(&mut all, lang);
    collect::<consents::ConsentsPage>(&mut all, lang);
    collect::<shares::SharesPage>(&mut all, lang);
    collect::<invite::InvitePage>(&mut all, lang);
    collect::<me_link::MeLinkPage>(&mut all, lang);
    collect::<audit::AuditPage>(&mut all, lang);
    collect::<signs::SignsPage>(&mut all, lang);
    requests_figures_and_settings(&mut all, lang);
    all
}

fn requests_figures_and_settings(all: &mut Vec<Sample>, lang: Lang) {
    collect::<escalate::EscalatePage>(all, lang);
    collect::<escalation::EscalationPage>(all, lang);
    collect::<escalation::EscalationsPage>(all, lang);
    collect::<employer::EmployerOpenPage>(all, lang);
    collect::<employer::EmployerPage>(all, lang);
    collect::<employer::EmployerSentPage>(all, lang);
    collect::<employer::EmployerClosedPage>(all, lang);
    collect::<me::MeOpenPage>(all, lang);
    collect::<me::MeClosedPage>(all, lang);
    collect::<me::MePage>(all, lang);
    collect::<me::MePlanPage>(all, lang);
    collect::<me::MePausePage>(all, lang);
    collect::<me::MeHelpPage>(all, lang);
    collect::<me::sharing::MeSharingPage>(all, lang);
    collect::<me::sharing::MeReadPage>(all, lang);
    collect::<retention::RetentionPage>(all, lang);
    collect::<settings::SettingsPage>(all, lang);
    collect::<settings::OfficePage>(all, lang);
    collect::<settings::channels::ChannelsPage>(all, lang);
    collect::<settings::staff::StaffPage>(all, lang);
    collect::<settings::hours::HoursPage>(all, lang);
    collect::<settings::duty::DutyPage>(all, lang);
    collect::<absences::AbsencesPage>(all, lang);
    collect::<absences::AbsenceFormPage>(all, lang);
    collect::<settings::messages::MessagesPage>(all, lang);
    collect::<settings::messages::MessagePage>(all, lang);
    collect::<settings::cadences::CadencesPage>(all, lang);
    collect::<settings::sending::SendingPage>(all, lang);
    collect::<settings::log::AuditLogPage>(all, lang);
    collect::<settings::log::ExportPage>(all, lang);
    collect::<demo::DemoPage>(all, lang);
    collect::<demo::DemoPhonePage>(all, lang);
    collect::<demo::DemoMailboxPage>(all, lang);
    collect::<components::ComponentsPage>(all, lang);
}

fn collect<P: Page>(all: &mut Vec<Sample>, lang: Lang) {
    all.extend(P::samples(lang).into_iter().map(|(name, page)| Sample {
        template: P::TEMPLATE,
        place: P::PLACE,
        name,
        page: Value::from_serializable(&page),
    }));
}

/// A local time of the samples, `2026-11-20T09:30` in Japan's offset.
pub(crate) fn sample_time(text: &str) -> LocalTime {
    format!("{text}:00+09:00").parse().expect("a time written in a sample")
}

/// The Japanese or the English of a sentence that core makes, for samples.
pub(crate) fn said(lang: Lang, ja: &str, en: &str) -> String {
    if lang == Lang::En { en } else { ja }.to_owned()
}

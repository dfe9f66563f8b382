//! The switches that stop everything this office sends, or one of its channels.
//!
//! - `GET /settings/sending`. `POST /settings/sending/stop`: `why`, `sure` (`yes`). `POST /settings/sending/resume`: `sure` (`yes`).
//! - `POST /settings/sending/channels/{id}/stop` and `…/resume`: `sure` (`yes`).

use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use serde::{Deserialize, Serialize};

use crate::form::{FieldError, FormState};
use crate::pages::{LocalTime, Page, Place, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct SendingPage {
    /// Since when every office's sending stands still; only the command line changes that.
    pub everything: Option<LocalTime>,
    /// It does because the database was restored.
    pub is_restored: bool,
    /// Since when nothing is sent; `None` while messages go out.
    pub stopped: Option<Stopped>,
    /// Messages waiting to go out.
    pub waiting: u64,
    /// A switch for each configured channel.
    pub channels: Vec<ChannelSwitch>,
    /// The form.
    pub form: FormState<SendingForm>,
}

/// One channel's switch.
#[derive(Clone, Serialize)]
pub struct ChannelSwitch {
    /// Its id in the configuration.
    pub id: String,
    /// What kind of address it writes to.
    pub kind: ChannelKind,
    /// A stop by hand; its `why` is empty.
    pub stopped: Option<Stopped>,
}

/// A stop that holds.
#[derive(Clone, Serialize)]
pub struct Stopped {
    /// Since when.
    pub at: LocalTime,
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
}

/// The raw form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SendingForm {
    /// Why everything is to stop.
    pub why: String,
    /// `yes`: the reader is sure.
    pub sure: String,
}

impl Page for SendingPage {
    const TEMPLATE: &'static str = "pages/settings_sending.html";
    const PLACE: Place = Place::Settings;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let channel = |id: &str, kind| ChannelSwitch { id: id.to_owned(), kind, stopped: None };
        let channels = vec![channel("line-main", ChannelKind::Line), channel("sms-main", ChannelKind::Sms)];
        let usual = Self {
            everything: None,
            is_restored: false,
            stopped: None,
            waiting: 12,
            channels: channels.clone(),
            form: FormState::default(),
        };
        let wrong =
            FormState::default().with_error("why", FieldError::Required).with_error("sure", FieldError::NotAChoice);
        let unsure = FormState::default().with_error("channel_sure", FieldError::NotAChoice);
        let stopped = Stopped {
            at: sample_time("2026-11-20T09:50"),
            by: "例川 実".to_owned(),
            why: "文面のまちがいに気づいたため".to_owned(),
        };
        let one_stopped = ChannelSwitch {
            stopped: Some(Stopped { why: String::new(), ..stopped.clone() }),
            ..channel("line-main", ChannelKind::Line)
        };
        vec![
            ("usual", usual.clone()),
            ("wrong", Self { form: wrong, ..usual.clone() }),
            ("stopped", Self { stopped: Some(stopped.clone()), ..usual.clone() }),
            ("channel-unsure", Self { form: unsure, ..usual.clone() }),
            ("channel-stopped", Self { channels: vec![one_stopped, channels[1].clone()], ..usual.clone() }),
            ("everything", Self { everything: Some(stopped.at), ..usual.clone() }),
            ("restored", Self { everything: Some(stopped.at), is_restored: true, ..usual }),
        ]
    }
}

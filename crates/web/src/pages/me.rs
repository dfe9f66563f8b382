//! A graduate's own pages: one link, no password, big buttons, one thing at a time.
//!
//! - `GET /me/{token}` shows one button (link previews use nothing up); `POST /me/{token}` takes the link, sets a cookie and leads to `/me`.
//! - `GET /me` four tiles; `/me/plan`, `/me/pause`, `/me/sharing`, `/me/help` are what they open.
//! - `POST /me/pause`: `length` (`week`, `month`, `open`). `POST /me/resume` (also after a stop) and `POST /me/stop` take no field.
//! - `POST /me/consents/{id}/withdraw` takes no field: one tap is enough.
//! - `GET /me/requests/{id}` shows a request before it is sent; `POST` to it: `words` (the mark of the words on the screen) and `answer`
//!   (`yes`, `not_yet`, `talk`). Only *yes* counts as read.
//! - The language level is the cookie of `POST /language`.

pub mod sharing;
pub mod today;

use bansou_core::cadence::{AdjusterKind, Because, DueReason};
use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;

use self::today::{MeToday, OfficeToday};
use super::person::sample_hotlines;
use super::{Hotline, LocalTime, Page, Place, sample_time};

/// Behind the link: one button.
#[derive(Clone, Serialize)]
pub struct MeOpenPage {
    /// The token of the link.
    pub token: String,
    /// The office.
    pub office: String,
}

/// The link doesn't lead anywhere any more.
#[derive(Clone, Serialize)]
pub struct MeClosedPage {
    /// The office's phone number; may be empty.
    pub phone: String,
}

/// The four tiles.
#[derive(Clone, Serialize)]
pub struct MePage {
    /// 氏, without さん.
    pub call_name: String,
    /// The office.
    pub office: String,
    /// Who is there today.
    pub today: MeToday,
    /// The next contact.
    pub next: MeNext,
    /// Requests that wait for the person to read them, as paths.
    pub to_read: Vec<String>,
    /// How many consents hold today.
    pub consents: usize,
}

/// わたしの予定.
#[derive(Clone, Serialize)]
pub struct MePlanPage {
    /// The next contact.
    pub next: MeNext,
    /// Who writes or calls.
    pub staff: String,
}

/// 連絡を休む.
#[derive(Clone, Serialize)]
pub struct MePausePage {
    /// Whether and how contact rests.
    pub rest: Rest,
    /// Last day of a rest of one week from today.
    pub week_until: NaiveDate,
    /// Last day of a rest of one month from today.
    pub month_until: NaiveDate,
    /// The office's phone number; may be empty.
    pub phone: String,
}

/// こまったとき.
#[derive(Clone, Serialize)]
pub struct MeHelpPage {
    /// The office.
    pub office: String,
    /// Its phone number; may be empty.
    pub phone: String,
    /// When somebody answers there, in words.
    pub hours: String,
    /// The person's own member of staff.
    pub staff: Option<String>,
    /// What the person decided for hard times, in their own words; may be empty.
    pub plan: String,
    /// Lines from configuration.
    pub hotlines: Vec<Hotline>,
}

/// When the office is in touch next, and why.
#[derive(Clone, Serialize)]
pub struct MeNext {
    /// When; `None` when nothing is planned.
    pub at: Option<LocalTime>,
    /// Its minute is set; before, only the day is known.
    pub is_set: bool,
    /// By which channel; `None` when neither reaches the person, so that somebody calls or writes.
    pub channel: Option<ChannelKind>,
    /// Why then.
    pub why: Option<MeWhy>,
    /// Whether contact rests.
    pub rest: Rest,
}

/// Whether contact rests.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rest {
    /// Contact as planned.
    No,
    /// A rest.
    Paused {
        /// Its last day; `None` until the person says so.
        until: Option<NaiveDate>,
    },
    /// Everything was stopped.
    Stopped,
}

bansou_core::codes! {
    /// Why the office is in touch, in the person's view: kind, and without words of watching over somebody. What staff read stands in
    /// `reasons.ftl`.
    MeWhy {
        /// The usual rhythm.
        Usual = "usual",
        /// A little more often for a while.
        Closer = "closer",
        /// The person asked for more.
        More = "more",
        /// The person said that they are all right.
        AllRight = "all_right",
        /// The person asked for less.
        Fewer = "fewer",
        /// Something was asked of the employer.
        FollowUp = "follow_up",
        /// The first time after a rest.
        Resumed = "resumed",
    }
}

impl From<&DueReason> for MeWhy {
    fn from(reason: &DueReason) -> Self {
        match reason.because {
            Because::Phase { .. } => Self::Usual,
            Because::Adjusted { by: AdjusterKind::SignConfirmed, .. } => Self::Closer,
            Because::Adjusted { by: AdjusterKind::AskedMore, .. } => Self::More,
            Because::Adjusted { by: AdjusterKind::AllRight, .. } => Self::AllRight,
            Because::Adjusted { by: AdjusterKind::AskedFewer, .. } => Self::Fewer,
            Because::FollowUp { .. } => Self::FollowUp,
            Because::Resumed { .. } => Self::Resumed,
        }
    }
}

impl MeNext {
    fn sample(rest: Rest) -> Self {
        let is_planned = rest == Rest::No;
        Self {
            at: is_planned.then(|| sample_time("2026-11-24T18:00")),
            is_set: is_planned,
            channel: is_planned.then_some(ChannelKind::Line),
            why: is_planned.then_some(MeWhy::Usual),
            rest,
        }
    }
}

fn until(text: &str) -> NaiveDate {
    text.parse().expect("a date written in a sample")
}

impl Page for MeOpenPage {
    const TEMPLATE: &'static str = "pages/me_open.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        vec![("usual", Self { token: "0000".to_owned(), office: "見本就労支援センター".to_owned() })]
    }
}

impl Page for MeClosedPage {
    const TEMPLATE: &'static str = "pages/me_closed.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        vec![("phone", Self { phone: "03-0000-0001".to_owned() }), ("no-phone", Self { phone: String::new() })]
    }
}

impl Page for MePage {
    const TEMPLATE: &'static str = "pages/me.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self {
            call_name: "見本".to_owned(),
            office: "見本就労支援センター".to_owned(),
            today: MeToday::sample(),
            next: MeNext::sample(Rest::No),
            to_read: Vec::new(),
            consents: 2,
        };
        let paused = Rest::Paused { until: Some(until("2026-11-27")) };
        vec![
            ("usual", usual.clone()),
            ("to-read", Self { to_read: vec!["/me/requests/018f-request".to_owned()], ..usual.clone() }),
            ("paused", Self { next: MeNext::sample(paused), consents: 0, ..usual.clone() }),
            ("away", Self { today: MeToday::sample_away("whole", Some("例川 実")), ..usual.clone() }),
            ("away-today", Self { today: MeToday::sample_away("today", None), ..usual.clone() }),
            ("away-half", Self { today: MeToday::sample_away("afternoon", Some("例川 実")), ..usual.clone() }),
            ("part-time", Self { today: MeToday::sample_part_time(), ..usual.clone() }),
            ("duty", Self { today: MeToday::sample_duty(), ..usual.clone() }),
            ("over", Self { today: MeToday::sample_closed(OfficeToday::Over), ..usual.clone() }),
            ("closed", Self { today: MeToday::sample_closed(OfficeToday::Closed), ..usual.clone() }),
            ("stopped", Self { next: MeNext::sample(Rest::Stopped), ..usual }),
        ]
    }
}

impl Page for MePlanPage {
    const TEMPLATE: &'static str = "pages/me_plan.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let page = |next| Self { next, staff: "見本 佐和".to_owned() };
        let mut samples = vec![
            ("paused", page(MeNext::sample(Rest::Paused { until: Some(until("2026-11-27")) }))),
            ("open-pause", page(MeNext::sample(Rest::Paused { until: None }))),
            ("stopped", page(MeNext::sample(Rest::Stopped))),
            ("no-channel", page(MeNext { channel: None, ..MeNext::sample(Rest::No) })),
            ("nothing", page(MeNext { at: None, is_set: false, channel: None, why: None, rest: Rest::No })),
        ];
        samples.extend(
            MeWhy::ALL.iter().map(|&why| (why.as_str(), page(MeNext { why: Some(why), ..MeNext::sample(Rest::No) }))),
        );
        samples
    }
}

impl Page for MePausePage {
    const TEMPLATE: &'static str = "pages/me_pause.html";
    const PLACE: Place = Place::Outside;

    fn samples(_lang: Lang) -> Vec<(&'static str, Self)> {
        let page = |rest| Self {
            rest,
            week_until: until("2026-11-26"),
            month_until: until("2026-12-19"),
            phone: "03-0000-0001".to_owned(),
        };
        vec![
            ("usual", page(Rest::No)),
            ("paused", page(Rest::Paused { until: Some(until("2026-11-27")) })),
            ("open-pause", page(Rest::Paused { until: None })),
            ("stopped", page(Rest::Stopped)),
        ]
    }
}

impl Page for MeHelpPage {
    const TEMPLATE: &'static str = "pages/me_help.html";
    const PLACE: Place = Place::Outside;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = Self {
            office: "見本就労支援センター".to_owned(),
            phone: "03-0000-0001".to_owned(),
            hours: super::said(lang, "月曜日〜金曜日 午前9時〜午後5時30分", "Monday to Friday, 9 am to 5:30 pm"),
            staff: Some("見本 佐和".to_owned()),
            plan: "静かな部屋で休む。姉に電話する。".to_owned(),
            hotlines: sample_hotlines(),
        };
        let bare = Self { phone: String::new(), staff: None, plan: String::new(), ..usual.clone() };
        vec![("usual", usual), ("bare", bare)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bansou_core::cadence::Every;

    #[test]
    fn a_sign_is_never_held_up_to_the_person() {
        let because = Because::Adjusted { by: AdjusterKind::SignConfirmed, every: Every::Days(3), until: None };
        let reason = DueReason { because, in_touch: None, moved: None };
        assert_eq!(MeWhy::from(&reason), MeWhy::Closer);
        let words = bansou_core::words::Words::embedded();
        for lang in Lang::ALL {
            let said = words.plain(lang, "me-why-closer");
            assert!(!said.contains("サイン") && !said.contains("sign"), "{said}");
        }
    }
}

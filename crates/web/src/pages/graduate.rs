//! One graduate: what comes next and why, what happened, and what is known.
//!
//! `GET /graduates/{id}?show=all|check_in|message|note|sign|share&before=…`. Opening it leaves a read row (audit).
//! Everything that changes something has a page of its own: `…/edit`, `…/pause`, `…/consents`, `…/invite`,
//! `…/notes/new`, `…/audit`.

use bansou_core::check_in::CheckInState;
use bansou_core::consent::ShareMeans;
use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_core::employment::Disclosure;
use bansou_core::graduate::Language;
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::thread::Direction;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;

use super::person::{CrisisBlock, PersonHead, sample_hotlines};
use super::{Hotline, LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct GraduatePage {
    /// The person.
    pub person: PersonHead,
    /// Words of crisis that are still open.
    pub crisis: Option<CrisisBlock>,
    /// Lines that can be named to the person.
    pub hotlines: Vec<Hotline>,
    /// The next contact and why.
    pub next: NextContact,
    /// A reply is due since then.
    pub reply_due_since: Option<LocalTime>,
    /// Signs that wait for a look or are being acted upon.
    pub signs: Vec<OpenSign>,
    /// What is known of them.
    pub details: Details,
    /// Jobs, newest first.
    pub jobs: Vec<Job>,
    /// Which kind of entries is shown.
    pub show: ShowEntries,
    /// What happened, newest first.
    pub timeline: Vec<Entry>,
    /// Link to what lies before, if there is more.
    pub older: Option<String>,
}

/// When the next contact is planned.
#[derive(Clone, Serialize)]
pub struct NextContact {
    /// When; `None` when nothing is planned.
    pub at: Option<LocalTime>,
    /// By which channel.
    pub channel: Option<ChannelKind>,
    /// Why then, or why not at all, in one sentence.
    pub why: String,
    /// The cadence's name, e.g. 入社後の標準.
    pub cadence: String,
}

/// A sign that still needs somebody.
#[derive(Clone, Serialize)]
pub struct OpenSign {
    /// Its name in words.
    pub label: String,
    /// The words that show it.
    pub quote: String,
    /// When it was noticed.
    pub at: LocalTime,
    /// Nobody has looked yet.
    pub is_waiting: bool,
    /// Where to look or act.
    pub href: String,
}

/// What is known of the person. Empty text is left out on the page.
#[derive(Clone, Serialize)]
pub struct Details {
    /// How the person likes to be spoken to.
    pub card: String,
    /// What to do in a crisis, in their own words.
    pub crisis_plan: String,
    /// Ways to reach them, the first choice first.
    pub addresses: Vec<AddressView>,
    /// When they may be contacted, in words.
    pub hours: String,
    /// How messages are written.
    pub language: Language,
    /// The office's number for them.
    pub external_id: String,
    /// Kind of disability.
    pub disability: String,
    /// Kind of certificate.
    pub certificate: String,
}

/// One way to reach the person.
#[derive(Clone, Serialize)]
pub struct AddressView {
    /// By which channel.
    pub kind: ChannelKind,
    /// The number or address; for LINE the name shown there.
    pub value: String,
    /// What stands in the way, in words; `None` when it works.
    pub problem: Option<String>,
}

/// One job.
#[derive(Clone, Serialize)]
pub struct Job {
    /// The company.
    pub employer: String,
    /// First day.
    pub hired_on: NaiveDate,
    /// Last day.
    pub left_on: Option<NaiveDate>,
    /// Why it ended, in words.
    pub leaving_reason: String,
    /// Whether the employer knows of the disability.
    pub disclosure: Disclosure,
}

bansou_core::codes! {
    /// Which entries are shown.
    ShowEntries {
        /// All of them.
        All = "all",
        /// Check-ins.
        CheckIn = "check_in",
        /// Messages.
        Message = "message",
        /// Notes.
        Note = "note",
        /// Signs.
        Sign = "sign",
        /// What was passed on.
        Share = "share",
    }
}

/// Something that happened.
#[derive(Clone, Serialize)]
pub struct Entry {
    /// When.
    pub at: LocalTime,
    /// The day, on the first entry of a day.
    pub new_day: Option<NaiveDate>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A row of the ledger.
    CheckIn {
        /// Where it stands.
        state: CheckInState,
        /// Why it was planned, or why it ended so, in one sentence.
        why: String,
        /// The question; may be empty.
        question: String,
        /// The answer; may be empty.
        answer: String,
    },
    /// A message outside check-ins.
    Message {
        /// Which way.
        direction: Direction,
        /// Who wrote it.
        by: String,
        /// On which channel.
        channel: ChannelKind,
        /// The words.
        text: String,
        /// How it went (out).
        delivery: Option<DeliveryState>,
    },
    /// A note.
    Note {
        /// Its id.
        id: String,
        /// Who wrote it.
        by: String,
        /// The way of contact.
        mode: ContactMode,
        /// Its lanes.
        lanes: Lanes,
    },
    /// A sign.
    Sign {
        /// Its name in words.
        label: String,
        /// The words that show it.
        quote: String,
        /// Where it came from and where it stands, in words.
        standing: String,
        /// Where to look.
        href: String,
    },
    /// Something passed on.
    Share {
        /// To whom.
        to: String,
        /// By which means.
        means: ShareMeans,
        /// The exact words.
        words: String,
        /// Who decided it.
        by: String,
    },
    /// A change of plan, job, consent or address, in one sentence.
    Event {
        /// The sentence.
        text: String,
    },
}

impl Page for GraduatePage {
    const TEMPLATE: &'static str = "pages/graduate.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let usual = sample(lang);
        let fresh = Self {
            next: NextContact {
                at: None,
                channel: None,
                why: said(
                    lang,
                    "連絡先がまだないので、予定はありません。",
                    "No way to reach them yet, so nothing is planned.",
                ),
                cadence: usual.next.cadence.clone(),
            },
            person: PersonHead { employer: None, tenure: None, staff: None, ..PersonHead::sample() },
            reply_due_since: None,
            signs: Vec::new(),
            details: Details {
                card: String::new(),
                crisis_plan: String::new(),
                addresses: Vec::new(),
                ..usual.details.clone()
            },
            jobs: Vec::new(),
            timeline: Vec::new(),
            older: None,
            ..usual.clone()
        };
        let crisis = Self { crisis: Some(CrisisBlock::sample(true)), ..usual.clone() };
        vec![("usual", usual), ("fresh", fresh), ("crisis", crisis)]
    }
}

fn sample(lang: Lang) -> GraduatePage {
    GraduatePage {
        person: PersonHead::sample(),
        crisis: None,
        hotlines: sample_hotlines(),
        next: NextContact {
            at: Some(sample_time("2026-11-24T12:20")),
            channel: Some(ChannelKind::Line),
            why: said(
                lang,
                "入社94日目なので2週間に1回です。サインがあったため、1週間早めました。11月23日は祝日なので翌日です。",
                "Day 94 of the job means every two weeks; a week earlier because of a sign. 23 November is a holiday, so the day after.",
            ),
            cadence: said(lang, "入社後の標準", "Standard after hiring"),
        },
        reply_due_since: Some(sample_time("2026-11-20T07:32")),
        signs: vec![OpenSign {
            label: said(lang, "睡眠", "Sleep"),
            quote: "あまり眠れていません".to_owned(),
            at: sample_time("2026-11-20T07:32"),
            is_waiting: true,
            href: "/signs#sign-1".to_owned(),
        }],
        details: Details {
            card: "最初に名前と用件を言うと安心する。急な予定の話は苦手。".to_owned(),
            crisis_plan: "姉（同居）に電話してよい。".to_owned(),
            addresses: vec![
                AddressView { kind: ChannelKind::Line, value: "はなこ".to_owned(), problem: None },
                AddressView {
                    kind: ChannelKind::Sms,
                    value: "090-0000-0001".to_owned(),
                    problem: Some(said(lang, "11月18日に届きませんでした", "did not arrive on 18 November")),
                },
            ],
            hours: said(lang, "平日 12:00〜13:00、17:30〜20:00", "Weekdays 12:00–13:00, 17:30–20:00"),
            language: Language::Easy,
            external_id: "A-0012".to_owned(),
            disability: said(lang, "精神障害", "Mental disability"),
            certificate: said(lang, "精神障害者保健福祉手帳 2級", "Mental health welfare certificate, grade 2"),
        },
        jobs: vec![
            Job {
                employer: "株式会社サンプル物流".to_owned(),
                hired_on: NaiveDate::from_ymd_opt(2026, 8, 19).expect("a date"),
                left_on: None,
                leaving_reason: String::new(),
                disclosure: Disclosure::Open,
            },
            Job {
                employer: "例示印刷株式会社".to_owned(),
                hired_on: NaiveDate::from_ymd_opt(2025, 4, 1).expect("a date"),
                left_on: NaiveDate::from_ymd_opt(2026, 3, 31),
                leaving_reason: said(lang, "契約満了", "End of contract"),
                disclosure: Disclosure::Closed,
            },
        ],
        show: ShowEntries::All,
        timeline: sample_timeline(lang),
        older: Some("/graduates/018f-mihon-hanako?before=018f-e1".to_owned()),
    }
}

fn sample_timeline(lang: Lang) -> Vec<Entry> {
    let entry = |at: &str, what| Entry { at: sample_time(at), new_day: None, what };
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    vec![
        Entry {
            new_day: day("2026-11-20"),
            ..entry(
                "2026-11-20T07:32",
                What::Sign {
                    label: said(lang, "睡眠", "Sleep"),
                    quote: "あまり眠れていません".to_owned(),
                    standing: said(
                        lang,
                        "本人の言葉から。まだだれも確認していません。",
                        "From the person's words. Nobody has looked yet.",
                    ),
                    href: "/signs#sign-1".to_owned(),
                },
            )
        },
        entry(
            "2026-11-20T07:32",
            What::Message {
                direction: Direction::In,
                by: "見本 花子".to_owned(),
                channel: ChannelKind::Line,
                text: "最近あまり眠れていません。仕事は行けています。".to_owned(),
                delivery: None,
            },
        ),
        Entry {
            new_day: day("2026-11-18"),
            ..entry(
                "2026-11-18T17:40",
                What::Note {
                    id: "018f-note".to_owned(),
                    by: "見本 佐和".to_owned(),
                    mode: ContactMode::Phone,
                    lanes: Lanes {
                        said: "新しいリーダーの指示が早口で、聞き返しにくい。".to_owned(),
                        observed: "遅刻なし。声は少し小さめ。".to_owned(),
                        interpretation: "指示の受け方で疲れているのかもしれない。".to_owned(),
                        done: "メモをとる時間をもらう言い方を一緒に考えた。".to_owned(),
                        next: "来週火曜、どうだったか聞く。".to_owned(),
                    },
                },
            )
        },
        entry(
            "2026-11-18T12:20",
            What::CheckIn {
                state: CheckInState::Answered,
                why: said(lang, "入社91日目の定期の連絡", "Regular contact on day 91 of the job"),
                question: "今日の体の調子は、どれに近いですか。".to_owned(),
                answer: "ふつう".to_owned(),
            },
        ),
        Entry {
            new_day: day("2026-11-10"),
            ..entry(
                "2026-11-10T11:00",
                What::Share {
                    to: "株式会社サンプル物流 総務 例川さん".to_owned(),
                    means: ShareMeans::Email,
                    words: "作業の指示を、メモでも渡していただくことはできますか。".to_owned(),
                    by: "見本 佐和".to_owned(),
                },
            )
        },
        entry(
            "2026-11-10T10:12",
            What::CheckIn {
                state: CheckInState::Skipped,
                why: said(
                    lang,
                    "前の日に電話で話したので、送りませんでした。",
                    "Not sent, because we spoke on the phone the day before.",
                ),
                question: String::new(),
                answer: String::new(),
            },
        ),
        entry(
            "2026-11-09T09:00",
            What::Event {
                text: said(
                    lang,
                    "連絡を2週間ごとに変えました（見本 佐和）",
                    "Contact changed to every two weeks (見本 佐和)",
                ),
            },
        ),
    ]
}

//! 今日の連絡: who needs contact today and why.
//!
//! - `GET /today?whose=mine|all` shows it. Rows come sorted by their points, which each row explains.
//! - `POST /graduates/{id}/crisis/take`: the reader takes up words of crisis (`csrf`, `once`); `…/release` hands them on. They are
//!   ended in the thread.
//! - `POST /graduates/{id}/later` and `…/not-today`: the row rests ([`super::later`]); `…/bring-back` ends that.
//! - `POST /tasks/{id}/done`: a task that isn't a call is done.
//! - `POST /deliveries/{id}/decide`: `decision` ([`Decision`]).
//!
//! A row's main button leads to the thread (`/inbox/{graduate}`), or begins a call (`POST /tasks/{id}/start`).

use bansou_core::codes;
use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use chrono::NaiveDate;
use serde::Serialize;

use super::absences::CareView;
use super::person::{CrisisBlock, Mend, PauseView, Taken, sample_hotlines};
use super::{Hotline, LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct TodayPage {
    /// Today, in the office's zone.
    pub date: NaiveDate,
    /// When these rows were read.
    pub read_at: LocalTime,
    /// Words of crisis, for everybody, until somebody has closed them.
    pub crisis: Vec<CrisisBlock>,
    /// Lines that can be named to a person in crisis.
    pub hotlines: Vec<Hotline>,
    /// What didn't reach anybody, and what can be done about it.
    pub failed: Vec<FailedSend>,
    /// What belongs to nobody: an unknown sender, a broken channel.
    pub office: Vec<OfficeRow>,
    /// Words of crisis from somebody who can't be named yet: on top, above everybody's rows.
    pub unknown_crisis: Vec<OfficeRow>,
    /// One row per person.
    pub people: Vec<PersonRow>,
    /// Contacts whose day has passed; still to be done.
    pub missed: Vec<PersonRow>,
    /// Rows that rest because somebody decided so.
    pub resting: Vec<PersonRow>,
    /// People already contacted today.
    pub done_today: u32,
    /// Whose rows these are.
    pub whose: WhoseCounts,
}

codes! {
    /// Whose rows are shown.
    Whose {
        /// Of the people whom the reader looks after, and of those whom nobody does.
        Mine = "mine",
        /// The team's.
        All = "all",
    }
}

/// Whose rows are shown, and how many there are.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct WhoseCounts {
    /// Which of them are shown.
    pub show: Whose,
    /// The reader's.
    pub mine: usize,
    /// The team's.
    pub all: usize,
}

/// Why a row stands where it stands.
#[derive(Clone, Default, Serialize)]
pub struct Points {
    /// Where the points come from, in words, and how many each gives.
    pub parts: Vec<(String, u32)>,
    /// Their sum.
    pub total: u32,
}

/// A row that rests.
#[derive(Clone, Serialize)]
pub struct RestView {
    /// It comes back then.
    pub until: LocalTime,
    /// Who decided so.
    pub by: String,
    /// Why, in one or two pieces; may be empty.
    pub why: Vec<String>,
}

/// A person who needs contact.
#[derive(Clone, Serialize)]
pub struct PersonRow {
    /// The graduate's id.
    pub graduate: String,
    /// The task that the row is about. `None` where the row is about a reply, a silence or a sign.
    pub task: Option<String>,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// Why, in one sentence.
    pub why: String,
    /// More reasons, if several things are due for the same person.
    pub also: Vec<String>,
    /// Whether a promised or agreed time has passed.
    pub is_late: bool,
    /// When it fell due.
    pub due: LocalTime,
    /// When a person of the office was last in touch, and how.
    pub last_contact: Option<LastContact>,
    /// A pause that holds today (a reply can be due all the same).
    pub paused: Option<PauseView>,
    /// Whose row it is.
    pub staff: Option<String>,
    /// Somebody else looks after the person now.
    pub care: Option<CareView>,
    /// Tasks that can be marked as done here; a call isn't among them.
    pub finish: Vec<ToFinish>,
    /// Who is calling right now.
    pub calling: Option<Taken>,
    /// The request to an employer that the main button opens.
    pub request: Option<String>,
    /// The promise that the main button opens.
    pub promise: Option<String>,
    /// Where the sign stands that the main button opens.
    pub sign: Option<String>,
    /// Why it stands where it stands.
    pub points: Points,
    /// Whether somebody may decide that it rests; an answer or a promise may not.
    pub may_rest: bool,
    /// Until when it rests, where somebody decided so.
    pub resting: Option<RestView>,
    /// The main button.
    pub action: RowAction,
}

/// A task that can be marked as done.
#[derive(Clone, Serialize)]
pub struct ToFinish {
    /// The task's id.
    pub task: String,
    /// Why it is there, in one sentence.
    pub why: String,
    /// The request to an employer that it is about, where the main button doesn't open it.
    pub request: Option<String>,
}

/// Something to look at that belongs to nobody.
#[derive(Clone, Serialize)]
pub struct OfficeRow {
    /// The task's id.
    pub task: String,
    /// The event of a sender nobody knows; `/strangers/{id}` asks whose words they are.
    pub stranger: Option<String>,
    /// Why it is there, in one sentence.
    pub why: String,
    /// When it happened.
    pub at: LocalTime,
    /// Whether a message is behind it.
    pub came_in: bool,
    /// What was written, if it has words.
    pub text: Option<String>,
}

/// The last human contact.
#[derive(Clone, Serialize)]
pub struct LastContact {
    /// The day.
    pub on: NaiveDate,
    /// How, in words; empty when nobody wrote it down.
    pub how: String,
}

codes! {
    /// What the main button does.
    RowAction {
        /// Opens the thread to answer.
        Reply = "reply",
        /// Opens the call.
        Call = "call",
        /// Opens the thread to look at something and decide.
        Look = "look",
        /// Opens a request to an employer.
        Request = "request",
        /// Opens the signs.
        Sign = "sign",
        /// Opens a new note.
        Note = "note",
        /// Opens a promise.
        Promise = "promise",
    }
}

codes! {
    /// What a person may decide about a message that went wrong.
    Decision {
        /// Send it once more.
        Resend = "resend",
        /// It did arrive (seen elsewhere).
        Arrived = "arrived",
        /// Call instead.
        Call = "call",
    }
}

/// A message that did not get through.
#[derive(Clone, Serialize)]
pub struct FailedSend {
    /// The delivery's id.
    pub delivery: String,
    /// The graduate's id.
    pub graduate: String,
    /// 氏名.
    pub name: String,
    /// By which channel.
    pub channel: ChannelKind,
    /// When it was tried last.
    pub at: LocalTime,
    /// What happened and what it means, in one or two sentences.
    pub why: String,
    /// The request to an employer that it carried; there it can be sent again.
    pub request: Option<String>,
    /// What can be done now, main choice first.
    pub choices: Vec<Decision>,
    /// Why words of staff can't be sent once more.
    pub no_resend: Option<Mend>,
}

impl LastContact {
    /// A made-up contact of the samples.
    pub(crate) fn sample(on: &str, how: &str) -> Self {
        Self { on: on.parse().expect("a date written in a sample"), how: how.to_owned() }
    }
}

impl Page for TodayPage {
    const TEMPLATE: &'static str = "pages/today.html";
    const PLACE: Place = Place::Today;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let empty = Self {
            date: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date"),
            read_at: sample_time("2026-11-20T10:42"),
            crisis: Vec::new(),
            hotlines: sample_hotlines(),
            failed: Vec::new(),
            office: Vec::new(),
            unknown_crisis: Vec::new(),
            people: Vec::new(),
            missed: Vec::new(),
            resting: Vec::new(),
            done_today: 9,
            whose: WhoseCounts { show: Whose::Mine, mine: 0, all: 0 },
        };
        let busy = Self {
            people: sample_rows(lang),
            missed: vec![missed_row(lang)],
            resting: vec![resting_row(lang)],
            done_today: 2,
            whose: WhoseCounts { show: Whose::Mine, mine: 6, all: 11 },
            ..empty.clone()
        };
        let crisis = Self {
            crisis: vec![
                CrisisBlock::sample(false),
                CrisisBlock { name: "例野 光".to_owned(), ..CrisisBlock::sample(true) },
            ],
            failed: sample_failures(lang),
            office: sample_office(lang),
            unknown_crisis: vec![sample_unknown_crisis(lang)],
            ..busy.clone()
        };
        let missed = Self { missed: vec![missed_row(lang)], ..empty.clone() };
        vec![("busy", busy), ("crisis", crisis), ("missed", missed), ("empty", empty)]
    }
}

fn row(name: &str, kana: &str, why: String, action: RowAction) -> PersonRow {
    PersonRow {
        graduate: "018f-mihon-hanako".to_owned(),
        task: (action != RowAction::Reply).then(|| "018f-task".to_owned()),
        name: name.to_owned(),
        kana: kana.to_owned(),
        why,
        also: Vec::new(),
        is_late: false,
        due: sample_time("2026-11-20T09:30"),
        last_contact: Some(LastContact::sample("2026-11-13", "LINE")),
        paused: None,
        staff: Some("見本 佐和".to_owned()),
        care: None,
        finish: Vec::new(),
        calling: None,
        request: (action == RowAction::Request).then(|| "018f-request".to_owned()),
        promise: (action == RowAction::Promise).then(|| "018f-promise".to_owned()),
        sign: (action == RowAction::Sign).then(|| "/signs?show=waiting#sign-018f-sign".to_owned()),
        points: Points::default(),
        may_rest: action != RowAction::Reply,
        resting: None,
        action,
    }
}

fn resting_row(lang: Lang) -> PersonRow {
    let resting = RestView {
        until: sample_time("2026-11-20T15:00"),
        by: "例川 実".to_owned(),
        why: vec![said(lang, "会社の返事を待っています", "Waits for the employer's answer")],
    };
    PersonRow {
        resting: Some(resting),
        ..row(
            "仮田 ゆき",
            "カリタ ユキ",
            said(lang, "11月20日の電話がまだです", "The call of 20 November is still to be made"),
            RowAction::Call,
        )
    }
}

fn sample_points(lang: Lang) -> Points {
    let parts = vec![
        (said(lang, "返事が遅れています", "Our answer is late"), 650),
        (said(lang, "ほかに1件", "One more need"), 5),
    ];
    Points { parts, total: 655 }
}

fn sample_rows(lang: Lang) -> Vec<PersonRow> {
    let late = PersonRow {
        is_late: true,
        points: sample_points(lang),
        also: vec![said(lang, "小さなサイン1件が未確認です（睡眠）", "One small sign waits for a look (sleep)")],
        ..row(
            "見本 花子",
            "ミホン ハナコ",
            said(
                lang,
                "返事待ち 3時間：「最近あまり眠れていません」",
                "Waiting for a reply for 3 hours: 「最近あまり眠れていません」",
            ),
            RowAction::Reply,
        )
    };
    let silent = row(
        "例田 太郎",
        "レイダ タロウ",
        said(
            lang,
            "12日 連絡なし。いつもは2日以内に返事がある人です",
            "No word for 12 days; usually answers within 2 days",
        ),
        RowAction::Call,
    );
    let asked = PersonRow {
        last_contact: None,
        paused: Some(PauseView {
            until: NaiveDate::from_ymd_opt(2026, 11, 30),
            why: said(lang, "本人の希望", "asked for it"),
        }),
        ..row(
            "試作 みのり",
            "シサク ミノリ",
            said(lang, "電話がほしいと言っています（今日 9:12）", "Asked for a call (today 9:12)"),
            RowAction::Call,
        )
    };
    let why = said(
        lang,
        "「しばらく連絡はいいです」— 休みたいのか、確かめてください",
        "「しばらく連絡はいいです」— please find out whether they want a pause",
    );
    let look = PersonRow {
        staff: None,
        care: Some(CareView::sample(lang)),
        finish: vec![ToFinish { task: "018f-task".to_owned(), why: why.clone(), request: None }],
        ..row("仮名 一郎", "カメイ イチロウ", why, RowAction::Look)
    };
    let why = said(
        lang,
        "会社へのお願いを読んで、「まだ送らないでほしい」と言っています。話を聞いてください。",
        "Read a request to the employer and asked not to send it yet; please listen first.",
    );
    let not_yet = row("架空 七海", "カクウ ナナミ", why, RowAction::Request);
    let why = said(
        lang,
        "約束：会社に配置を聞く（15:00まで）",
        "Promised: ask the company about the place of work (by 15:00)",
    );
    let promised = row("例山 はるか", "レイヤマ ハルカ", why, RowAction::Promise);
    vec![late, silent, asked, look, not_yet, promised]
}

fn missed_row(lang: Lang) -> PersonRow {
    PersonRow {
        is_late: true,
        calling: Some(Taken { by: "例川 実".to_owned(), at: sample_time("2026-11-20T10:31"), is_me: false }),
        due: sample_time("2026-11-18T16:00"),
        ..row(
            "例示 さくら",
            "レイジ サクラ",
            said(lang, "11月18日の電話がまだです", "The call of 18 November is still to be made"),
            RowAction::Call,
        )
    }
}

fn sample_unknown_crisis(lang: Lang) -> OfficeRow {
    OfficeRow {
        task: "018f-task-unknown-crisis".to_owned(),
        stranger: Some("018f-inbound-crisis".to_owned()),
        why: said(
            lang,
            "だれか分からない人から、緊急のことばが届きました。",
            "Words of crisis came from somebody unknown.",
        ),
        at: sample_time("2026-11-20T09:58"),
        came_in: true,
        text: Some("見本です。もう消えてしまいたい".to_owned()),
    }
}

fn sample_office(lang: Lang) -> Vec<OfficeRow> {
    let unknown = |at, text: Option<&str>| OfficeRow {
        task: "018f-task-unknown".to_owned(),
        stranger: Some("018f-event".to_owned()),
        why: said(lang, "知らない相手から連絡がありました。", "Somebody unknown wrote."),
        at: sample_time(at),
        came_in: true,
        text: text.map(str::to_owned),
    };
    let quota = OfficeRow {
        task: "018f-task-quota".to_owned(),
        stranger: None,
        why: said(lang, "LINEの今月の送信数を使い切りました。", "LINE’s messages of this month are used up."),
        at: sample_time("2026-11-20T09:00"),
        came_in: false,
        text: None,
    };
    vec![unknown("2026-11-20T08:41", Some("見本です。電話を変えました。")), unknown("2026-11-20T08:40", None), quota]
}

fn sample_failures(lang: Lang) -> Vec<FailedSend> {
    vec![
        FailedSend {
            delivery: "018f-delivery-1".to_owned(),
            graduate: "018f-mihon-hanako".to_owned(),
            name: "仮名 一郎".to_owned(),
            channel: ChannelKind::Sms,
            at: sample_time("2026-11-20T09:58"),
            why: said(
                lang,
                "送ったあとの返事が携帯電話会社からなく、届いたか分かりません。二重に送らないため、止めてあります。",
                "The provider never answered, so nobody knows whether it arrived. It is held back so that it isn't sent twice.",
            ),
            request: None,
            choices: vec![Decision::Resend, Decision::Arrived, Decision::Call],
            no_resend: None,
        },
        FailedSend {
            delivery: "018f-delivery-2".to_owned(),
            graduate: "018f-reida".to_owned(),
            name: "例田 太郎".to_owned(),
            channel: ChannelKind::Line,
            at: sample_time("2026-11-20T09:30"),
            why: said(
                lang,
                "LINEでブロックされているようです。ほかの連絡先は登録されていません。",
                "The person seems to have blocked the account. No other address is known.",
            ),
            request: None,
            choices: vec![Decision::Call],
            no_resend: Some(Mend {
                link: said(lang, "LINEに招待する", "Invite to LINE"),
                href: "/graduates/018f-reida/invite".to_owned(),
                ..Mend::sample(lang)
            }),
        },
        FailedSend {
            delivery: "018f-delivery-3".to_owned(),
            graduate: "018f-mihon-hanako".to_owned(),
            name: "見本 花子".to_owned(),
            channel: ChannelKind::Email,
            at: sample_time("2026-11-20T09:12"),
            why: said(
                lang,
                "会社へのお願いのメールが届いていません。アドレスを確かめて、お願いの画面からもう一度送れます。",
                "The mail with a request to the employer did not arrive. Check the address; it can be sent again from the request.",
            ),
            request: Some("018f-request".to_owned()),
            choices: vec![Decision::Call],
            no_resend: None,
        },
    ]
}

//! 受信箱: every thread with a graduate, by whose turn it is.
//!
//! `GET /inbox?show=due|theirs|all&whose=team|mine&page=N`. Opening a thread never changes its state; only an answer or the words
//! "no reply needed" do (S2.2).

use bansou_core::delivery::ChannelKind;
use bansou_core::reply::Rung;
use bansou_core::words::Lang;
use serde::Serialize;

use super::absences::CareView;
use super::clock::ClockView;
use super::{LocalTime, Page, Place, said, sample_time};

/// The page.
#[derive(Clone, Serialize)]
pub struct InboxPage {
    /// Which threads are shown.
    pub show: Show,
    /// Whose people's.
    pub whose: Whose,
    /// How many there are of each.
    pub counts: ShowCounts,
    /// The threads, longest waiting first.
    pub threads: Vec<ThreadRow>,
    /// Pages.
    pub pages: Pages,
    /// When these rows were read.
    pub read_at: LocalTime,
}

bansou_core::codes! {
    /// Which threads are shown.
    Show {
        /// A reply is due.
        Due = "due",
        /// Their turn.
        Theirs = "theirs",
        /// All of them.
        All = "all",
    }
}

bansou_core::codes! {
    /// Whose people's threads are shown.
    Whose {
        /// Everybody's.
        Team = "team",
        /// The reader's: their people, those they stand in for, and what was handed to them.
        Mine = "mine",
    }
}

/// Numbers beside the filters.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct ShowCounts {
    /// A reply is due.
    pub due: u32,
    /// Their turn.
    pub theirs: u32,
    /// All.
    pub all: u32,
}

impl ShowCounts {
    /// How many rows a list has.
    pub fn of(&self, show: Show) -> u32 {
        match show {
            Show::Due => self.due,
            Show::Theirs => self.theirs,
            Show::All => self.all,
        }
    }
}

/// Where the reader is among the pages of a list. Links are whole paths with their query.
#[derive(Clone, Serialize)]
pub struct Pages {
    /// This page, from one.
    pub now: u32,
    /// The last page.
    pub last: u32,
    /// Link to the page before.
    pub previous: Option<String>,
    /// Link to the page after.
    pub next: Option<String>,
}

/// One thread in the list.
#[derive(Clone, Serialize)]
pub struct ThreadRow {
    /// The graduate's id.
    pub graduate: String,
    /// Somebody else than the person's own member of staff looks after them now.
    pub care: Option<CareView>,
    /// 氏名.
    pub name: String,
    /// フリガナ.
    pub kana: String,
    /// Whose turn it is.
    pub turn: TurnKind,
    /// How long a reply has been due, in words; only with a due one.
    pub waiting: Option<String>,
    /// Whether the office's time for an answer has passed.
    pub is_late: bool,
    /// Where the reply clock stands; only with a due one.
    pub clock: Option<ClockView>,
    /// The beginning of the last message.
    pub last_words: String,
    /// Who said it: the graduate, or the name of a member of staff.
    pub last_by: String,
    /// When.
    pub last_at: LocalTime,
    /// On which channel.
    pub channel: ChannelKind,
    /// Their own member of staff.
    pub owner: Option<String>,
    /// Who was asked to look after the thread.
    pub handed_to: Option<String>,
    /// Colleagues who are writing to this person now.
    pub writing: Vec<String>,
    /// Who has taken up words of crisis.
    pub taken: Option<String>,
    /// The last message of ours did not arrive.
    pub send_failed: bool,
    /// Words of crisis nobody has closed yet.
    pub is_crisis: bool,
}

bansou_core::codes! {
    /// Whose turn it is.
    TurnKind {
        /// Our answer is due.
        ReplyDue = "reply_due",
        /// We wrote last.
        TheirTurn = "their_turn",
        /// Contact is paused.
        Paused = "paused",
        /// Nothing is open.
        Closed = "closed",
    }
}

impl Pages {
    /// A list that fits on one page.
    pub const fn single() -> Self {
        Self { now: 1, last: 1, previous: None, next: None }
    }
}

impl Page for InboxPage {
    const TEMPLATE: &'static str = "pages/inbox.html";
    const PLACE: Place = Place::Inbox;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let read_at = sample_time("2026-11-20T10:42");
        let counts = ShowCounts { due: 3, theirs: 12, all: 58 };
        let whose = Whose::Team;
        let due =
            Self { show: Show::Due, whose, counts, threads: sample_threads(lang), pages: Pages::single(), read_at };
        let pages = Pages {
            now: 2,
            last: 3,
            previous: Some("/inbox?show=all".into()),
            next: Some("/inbox?show=all&page=3".into()),
        };
        let all = Self { show: Show::All, whose: Whose::Mine, pages, ..due.clone() };
        let empty = Self { counts: ShowCounts { due: 0, ..counts }, threads: Vec::new(), ..due.clone() };
        vec![("due", due), ("all", all), ("empty", empty)]
    }
}

fn sample_threads(lang: Lang) -> Vec<ThreadRow> {
    let base = ThreadRow {
        care: Some(CareView::sample(lang)),
        graduate: "018f-mihon-hanako".to_owned(),
        name: "見本 花子".to_owned(),
        kana: "ミホン ハナコ".to_owned(),
        turn: TurnKind::ReplyDue,
        waiting: Some(said(lang, "3時間10分", "3 h 10 min")),
        is_late: true,
        clock: Some(ClockView::sample(Rung::Late)),
        last_words: "最近あまり眠れていません。仕事は行けています。".to_owned(),
        last_by: "見本 花子".to_owned(),
        last_at: sample_time("2026-11-20T07:32"),
        channel: ChannelKind::Line,
        owner: Some("見本 佐和".to_owned()),
        handed_to: None,
        writing: vec!["例川 実".to_owned()],
        taken: None,
        send_failed: false,
        is_crisis: false,
    };
    let crisis = ThreadRow {
        name: "例田 太郎".to_owned(),
        kana: "レイダ タロウ".to_owned(),
        waiting: Some(said(lang, "11分", "11 min")),
        is_late: false,
        clock: Some(ClockView::sample_promised()),
        is_crisis: true,
        last_words: "もう消えてしまいたいです".to_owned(),
        last_by: "例田 太郎".to_owned(),
        last_at: sample_time("2026-11-20T10:31"),
        taken: Some("例川 実".to_owned()),
        ..base.clone()
    };
    let theirs = ThreadRow {
        name: "試作 みのり".to_owned(),
        kana: "シサク ミノリ".to_owned(),
        turn: TurnKind::TheirTurn,
        handed_to: Some("例川 実".to_owned()),
        writing: Vec::new(),
        waiting: None,
        is_late: false,
        clock: None,
        last_words: "木曜の17時にお電話しますね。".to_owned(),
        last_by: "見本 佐和".to_owned(),
        last_at: sample_time("2026-11-19T16:20"),
        channel: ChannelKind::Sms,
        send_failed: true,
        ..base.clone()
    };
    let handed = ThreadRow {
        graduate: "018f-reigawa-nozomi".to_owned(),
        name: "例川 のぞみ".to_owned(),
        kana: "レイガワ ノゾミ".to_owned(),
        clock: Some(ClockView::sample_handed()),
        ..base.clone()
    };
    let waits = ThreadRow { is_late: false, clock: Some(ClockView::sample_waiting()), ..handed.clone() };
    vec![crisis, base, handed, waits, theirs]
}

//! Made-up days for the gallery and its tests.

use bansou_core::delivery::ChannelKind;
use bansou_core::words::Lang;
use chrono::NaiveDate;

use super::{
    CompanyRow, Decision, FailedSend, LastContact, Left, OfficeRow, PersonRow, Points, RestView, RowAction, Short,
    ToFinish, TodayPage, Whose, WhoseCounts,
};
use crate::pages::absences::CareView;
use crate::pages::inbox::Pages;
use crate::pages::person::{CrisisBlock, Mend, PauseView, Taken, sample_hotlines};
use crate::pages::{said, sample_time};

/// Every sample by its name.
pub(super) fn all(lang: Lang) -> Vec<(&'static str, TodayPage)> {
    let empty = TodayPage {
        date: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date"),
        read_at: sample_time("2026-11-20T10:42"),
        crisis: Vec::new(),
        hotlines: sample_hotlines(),
        failed: whole(Vec::new()),
        office: whole(Vec::new()),
        unknown_crisis: Vec::new(),
        people: Vec::new(),
        missed: Vec::new(),
        left: Left::default(),
        pages: Pages::single(),
        resting: whole(Vec::new()),
        companies: whole(Vec::new()),
        done_today: 9,
        whose: WhoseCounts { show: Whose::Mine, mine: 0, all: 0 },
    };
    let busy = TodayPage {
        people: sample_rows(lang),
        missed: vec![missed_row(lang)],
        left: Left { people: 6, missed: 1 },
        resting: Short::of(vec![resting_row(lang)], 3),
        companies: whole(vec![CompanyRow {
            employer: "018f-employer".to_owned(),
            name: said(lang, "見本商事", "Mihon Shoji"),
            why: sample_card(lang),
        }]),
        done_today: 2,
        whose: WhoseCounts { show: Whose::Mine, mine: 8, all: 13 },
        ..empty.clone()
    };
    let crisis = TodayPage {
        crisis: vec![
            CrisisBlock::sample(false),
            CrisisBlock {
                graduate: "018f-reino-hikari".to_owned(),
                name: "例野 光".to_owned(),
                ..CrisisBlock::sample(true)
            },
        ],
        failed: whole(sample_failures(lang)),
        office: whole(sample_office(lang)),
        unknown_crisis: vec![sample_unknown_crisis(lang)],
        ..busy.clone()
    };
    let left = Left { people: 0, missed: 1 };
    let missed = TodayPage { missed: vec![missed_row(lang)], left, ..empty.clone() };
    vec![("busy", busy), ("crisis", crisis), ("missed", missed), ("empty", empty)]
}

fn whole<T>(rows: Vec<T>) -> Short<T> {
    let all = rows.len();
    Short::of(rows, all)
}

fn row(name: &str, kana: &str, why: String, action: RowAction) -> PersonRow {
    PersonRow {
        graduate: format!("018f-{:x}", name.chars().next().map_or(0, u32::from)),
        task: (action != RowAction::Reply).then(|| "018f-task".to_owned()),
        name: name.to_owned(),
        kana: kana.to_owned(),
        apart: String::new(),
        why,
        also: Vec::new(),
        is_late: false,
        due: sample_time("2026-11-20T09:30"),
        last_contact: Some(LastContact::sample("2026-11-13", "LINE")),
        paused: None,
        staff: Some("見本 佐和".to_owned()),
        care: None,
        handed_to: None,
        finish: Vec::new(),
        calling: None,
        points: Points::default(),
        may_rest: !matches!(action, RowAction::Reply | RowAction::Promise),
        resting: None,
        action,
        href: sample_href(action).to_owned(),
    }
}

fn sample_href(action: RowAction) -> &'static str {
    match action {
        RowAction::Call => "/tasks/018f-task/call",
        RowAction::Request => "/escalations/018f-request",
        RowAction::Promise => "/promises/018f-promise",
        RowAction::Summary => "/notes/018f-note/summary",
        RowAction::Card => "/graduates/018f-mihon-hanako/card",
        _ => "/inbox/018f-mihon-hanako",
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
        handed_to: Some("例川 実".to_owned()),
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
        apart: said(lang, "利用者番号 G0102", "No. G0102"),
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
        finish: vec![ToFinish { task: "018f-task".to_owned(), why: why.clone(), place: None }],
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
    let why = said(
        lang,
        "電話で話したことを、まだ文で送っていません。",
        "What was said on the phone isn’t sent in writing yet.",
    );
    let left = row("仮野 あおい", "カリノ アオイ", why, RowAction::Summary);
    let card = row("試野 こはる", "シノ コハル", sample_card(lang), RowAction::Card);
    vec![late, silent, asked, look, not_yet, promised, left, card]
}

fn sample_card(lang: Lang) -> String {
    said(lang, "カードを見直す日です（11月20日（金））", "The card is to be looked at again (Fri 20 November)")
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
    let unknown = |at: &str, text: Option<&str>| OfficeRow {
        task: format!("018f-task-{}", &at[at.len() - 2..]),
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
            apart: String::new(),
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
            apart: String::new(),
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
            apart: String::new(),
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

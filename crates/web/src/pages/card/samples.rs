//! Made-up cards.

use bansou_core::card::{Agreement, Card, HearBy, HearEvery, WordPair};
use bansou_core::words::Lang;
use chrono::NaiveDate;

use super::{
    AGREEMENT_ROWS, CardEditPage, CardForm, CardLineView, CardPage, CardSummary, CardVersion, CardView, LINE_MAX,
    REMARK_MAX, WORD_ROWS,
};
use crate::form::{FieldError, FormState};
use crate::pages::person::PersonHead;
use crate::pages::{Page, Place, said, sample_time};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day written in a sample")
}

fn line(line: &'static str, texts: &[&str]) -> CardLineView {
    CardLineView { line, texts: texts.iter().map(|text| (*text).to_owned()).collect() }
}

fn lines() -> Vec<CardLineView> {
    vec![
        line("spoken-to", &["最初に名前と用件を言う。ゆっくり、一つずつ。"]),
        line("unsettles", &["急な予定の変更。続けて何度も電話が鳴ること。"]),
        line("agreed", &["10月1日：電話は17時半から", "6月12日：上司の前では通院の話をしない"]),
        line("decides", &["本人。迷うときは姉に相談してから決める"]),
        line("reassures", &["文字で残ること。「返事は明日でよい」のひとこと"]),
        line("hearing", &["LINE・2週間に1回・短い文で"]),
        line("outcome", &["1年つづけること（2027年4月まで）"]),
        line("words", &["体調 → 調子", "面談 → お茶の時間"]),
        line("remark", &["休みの日の話は好き（水族館）。"]),
    ]
}

fn differs(lang: Lang) -> String {
    said(
        lang,
        "カードでは「2週間に1回」ですが、今の予定は毎週です。本人と話して、どちらかを直します。",
        "The card says every two weeks, the plan every week. Ask the person and change one of them.",
    )
}

fn company() -> (String, String) {
    ("/employers/018f-mihon-shoji".to_owned(), "見本商事".to_owned())
}

impl CardSummary {
    /// A made-up example. `on_top`: as a stand-in sees it.
    pub fn sample(lang: Lang, on_top: bool) -> Self {
        let mut open = lines();
        let rest = open.split_off(4);
        Self {
            href: "/graduates/018f-mihon-hanako/card".to_owned(),
            on_top,
            open,
            rest,
            hours: said(lang, "月・火・水・木・金 17:30-20:00", "Mon–Fri 17:30-20:00"),
            differs: Some(differs(lang)),
            overdue: None,
            company: Some(company()),
        }
    }

    /// A card on which nothing stands yet.
    pub fn sample_empty(lang: Lang) -> Self {
        let overdue = None;
        Self { open: Vec::new(), rest: Vec::new(), differs: None, overdue, company: None, ..Self::sample(lang, false) }
    }
}

impl CardView {
    fn sample() -> Self {
        let before = vec![line("spoken-to", &["最初に名前と用件を言う。"])];
        let version = |by: &str, at: &str, lines| CardVersion { by: by.to_owned(), at: sample_time(at), lines };
        Self {
            lines: lines(),
            review_on: Some(day("2027-04-01")),
            is_overdue: false,
            versions: vec![
                version("見本 佐和", "2026-10-01T11:20", lines()),
                version("例川 実", "2026-04-02T16:05", before),
            ],
            edit: "/graduates/018f-mihon-hanako/card/edit".to_owned(),
        }
    }

    /// A company's card.
    pub fn sample_of_company(_lang: Lang) -> Self {
        let lines = vec![
            line("spoken-to", &["用件を先に。電話の前にメールで時間を聞く"]),
            line("agreed", &["9月3日：月に1回、第1水曜に様子を聞く"]),
            line("decides", &["配置は工場長、休みは総務課"]),
            line("words", &["人事 → 採用担当", "面談 → 打ち合わせ"]),
        ];
        Self {
            lines,
            is_overdue: true,
            review_on: Some(day("2026-11-01")),
            edit: "/employers/018f-mihon-shoji/card/edit".to_owned(),
            ..Self::sample()
        }
    }
}

impl Page for CardPage {
    const TEMPLATE: &'static str = "pages/card.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let summary = CardSummary::sample(lang, false);
        let usual = Self {
            person: PersonHead::sample(),
            card: CardView::sample(),
            hours: summary.hours,
            cadence: said(lang, "毎週", "every week"),
            differs: summary.differs,
            company: summary.company,
        };
        let nothing = CardView { lines: Vec::new(), review_on: None, versions: Vec::new(), ..CardView::sample() };
        let overdue = CardView { review_on: Some(day("2026-11-02")), is_overdue: true, ..CardView::sample() };
        vec![
            ("overdue", Self { card: overdue, differs: None, ..usual.clone() }),
            ("empty", Self { card: nothing, differs: None, company: None, cadence: String::new(), ..usual.clone() }),
            ("usual", usual),
        ]
    }
}

impl CardEditPage {
    /// A page with its choices filled in; the caller says where it goes.
    pub fn new(form: FormState<CardForm>, fields: Vec<(String, String)>) -> Self {
        Self {
            person: None,
            company: String::new(),
            action: String::new(),
            back: String::new(),
            agreement_rows: form.typed.shown_rows(&AGREEMENT_ROWS),
            word_rows: form.typed.shown_rows(&WORD_ROWS),
            form,
            fields,
            ways: HearBy::ALL,
            rhythms: HearEvery::ALL,
            line_max: LINE_MAX,
            remark_max: REMARK_MAX,
        }
    }
}

impl Page for CardEditPage {
    const TEMPLATE: &'static str = "pages/card_edit.html";
    const PLACE: Place = Place::Graduates;

    fn samples(lang: Lang) -> Vec<(&'static str, Self)> {
        let card = Card {
            spoken_to: "最初に名前と用件を言う。ゆっくり、一つずつ。".to_owned(),
            unsettles: "急な予定の変更。".to_owned(),
            hear_by: Some(HearBy::Line),
            hear_every: Some(HearEvery::TwoWeeks),
            agreements: vec![Agreement { on: day("2026-10-01"), text: "電話は17時半から".to_owned() }],
            words: vec![WordPair { ours: "面談".to_owned(), theirs: "お茶の時間".to_owned() }],
            ..Card::default()
        };
        let form = CardForm::new(&card, 2, Some(day("2027-04-01")));
        let place = "/graduates/018f-mihon-hanako/card";
        let own = Self {
            person: Some(PersonHead::sample()),
            action: format!("{place}/edit"),
            back: place.to_owned(),
            ..Self::new(FormState::new(form.clone()), Vec::new())
        };
        let mut half = form.clone();
        half.rows.insert("word1_theirs".to_owned(), String::new());
        let wrong = FormState::new(half)
            .with_error("word1_theirs", FieldError::Required)
            .with_error("version", FieldError::CardMeanwhile);
        let label = said(lang, "相手の言葉（1）", "Their word (1)");
        let fields = vec![("version".to_owned(), said(lang, "カード", "Card")), ("word1_theirs".to_owned(), label)];
        let wrong = Self { form: wrong, fields, ..own.clone() };
        let company = Self {
            person: None,
            company: "見本商事".to_owned(),
            action: "/employers/018f-mihon-shoji/card/edit".to_owned(),
            back: "/employers/018f-mihon-shoji".to_owned(),
            ..Self::new(FormState::new(CardForm::default()), Vec::new())
        };
        vec![("wrong", wrong), ("company", company), ("usual", own)]
    }
}

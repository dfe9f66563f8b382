//! A made-up graduate with a short history.

use bansou_core::check_in::CheckInState;
use bansou_core::consent::ShareMeans;
use bansou_core::contact::ContactKind;
use bansou_core::delivery::{ChannelKind, DeliveryState};
use bansou_core::employment::Disclosure;
use bansou_core::graduate::Language;
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::thread::Direction;
use bansou_core::words::Lang;
use chrono::NaiveDate;

use super::{AddressView, Details, Entry, GraduatePage, Job, NextContact, NoteView, OpenSign, ShowEntries, What};
use crate::pages::card::CardSummary;
use crate::pages::person::{PersonHead, sample_hotlines};
use crate::pages::{said, sample_time};

pub(super) fn sample(lang: Lang) -> GraduatePage {
    GraduatePage {
        person: PersonHead::sample(),
        crisis: None,
        hotlines: sample_hotlines(),
        stop: None,
        next: NextContact {
            at: Some(sample_time("2026-11-24T12:20")),
            channel: Some(ChannelKind::Line),
            why: said(
                lang,
                "入社94日目なので2週間に1回です。サインがあったため、1週間早めました。11月23日は祝日なので翌日です。",
                "Day 94 of the job means every two weeks; a week earlier because of a sign. 23 November is a holiday, so the day after.",
            ),
            follow_ups: NaiveDate::from_ymd_opt(2026, 12, 18).into_iter().collect(),
            cadence: said(lang, "入社後の標準", "Standard after hiring"),
        },
        unreachable: None,
        reply_due_since: Some(sample_time("2026-11-20T07:32")),
        signs: vec![OpenSign {
            label: said(lang, "睡眠", "Sleep"),
            quote: "あまり眠れていません".to_owned(),
            at: sample_time("2026-11-20T07:32"),
            is_waiting: true,
            href: "/signs#sign-1".to_owned(),
        }],
        card: CardSummary::sample(lang, false),
        details: Details {
            crisis_plan: "姉（同居）に電話してよい。".to_owned(),
            addresses: vec![
                AddressView { kind: ContactKind::Line, value: "はなこ".to_owned(), problem: None },
                AddressView {
                    kind: ContactKind::Sms,
                    value: "090-0000-0001".to_owned(),
                    problem: Some(said(lang, "11月18日に届きませんでした", "did not arrive on 18 November")),
                },
                AddressView { kind: ContactKind::Phone, value: "03-0000-0001".to_owned(), problem: None },
            ],
            hours: said(lang, "平日 12:00〜13:00、17:30〜20:00", "Weekdays 12:00–13:00, 17:30–20:00"),
            language: Language::Easy,
            external_id: "A-0012".to_owned(),
            disability: said(lang, "精神障害", "Mental disability"),
            certificate: said(lang, "精神障害者保健福祉手帳 2級", "Mental health welfare certificate, grade 2"),
            services: NaiveDate::from_ymd_opt(2026, 10, 1).into_iter().map(|from| (from, None)).collect(),
        },
        jobs: vec![
            Job {
                id: "018f-job".to_owned(),
                employer: "株式会社サンプル物流".to_owned(),
                hired_on: NaiveDate::from_ymd_opt(2026, 8, 19).expect("a date"),
                left_on: None,
                leaving_reason: String::new(),
                disclosure: Disclosure::Open,
                supported_change: true,
            },
            Job {
                id: "018f-job".to_owned(),
                employer: "例示印刷株式会社".to_owned(),
                hired_on: NaiveDate::from_ymd_opt(2025, 4, 1).expect("a date"),
                left_on: NaiveDate::from_ymd_opt(2026, 3, 31),
                leaving_reason: said(lang, "契約満了", "End of contract"),
                disclosure: Disclosure::Closed,
                supported_change: false,
            },
        ],
        show: ShowEntries::All,
        timeline: sample_timeline(lang),
        older: Some("/graduates/018f-mihon-hanako?before=018f-e1".to_owned()),
    }
}

fn sample_timeline(lang: Lang) -> Vec<Entry> {
    let mut entries = this_week(lang);
    entries.extend(the_week_before(lang));
    entries
}

fn entry(at: &str, what: What) -> Entry {
    Entry { at: sample_time(at), new_day: None, what }
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

fn this_week(lang: Lang) -> Vec<Entry> {
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
                sent_at: None,
            },
        ),
        Entry {
            new_day: day("2026-11-19"),
            ..entry(
                "2026-11-19T22:30",
                What::Message {
                    direction: Direction::Out,
                    by: "見本 佐和".to_owned(),
                    channel: ChannelKind::Line,
                    text: "木曜の17時に、5分だけ電話しますね。".to_owned(),
                    delivery: Some(DeliveryState::Accepted),
                    sent_at: Some(sample_time("2026-11-20T09:00")),
                },
            )
        },
        Entry {
            new_day: day("2026-11-18"),
            ..entry(
                "2026-11-18T17:40",
                What::Note {
                    is_corrected: true,
                    more: NoteView {
                        next_on: NaiveDate::from_ymd_opt(2026, 11, 27),
                        minutes: Some(10),
                        from_message: Some("/inbox/018f-mihon-hanako#message-018f-m5".to_owned()),
                        to_summary: Some("/notes/018f-n2/summary".to_owned()),
                        ..NoteView::default()
                    },
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
    ]
}

fn the_week_before(lang: Lang) -> Vec<Entry> {
    vec![
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

//! Cards of the made-up people and companies: two people of three have one, the others only the remark from before.

use bansou_core::card::{Agreement, Card, HearBy, HearEvery, WordPair};
use chrono::{Days, NaiveDate};

use super::people::Company;

/// What stands on somebody's card.
struct Told {
    spoken_to: &'static str,
    unsettles: &'static str,
    reassures: &'static str,
    decides: &'static str,
    agreed: &'static str,
    hears: (HearBy, HearEvery, &'static str),
    outcome: &'static str,
    words: &'static [(&'static str, &'static str)],
}

const TOLD: [Told; 5] = [
    Told {
        spoken_to: "最初に名前と用件を言う。一度に一つのことだけを話す。",
        unsettles: "急な予定の変更。続けて何度も電話が鳴ること。",
        reassures: "文字で残ること。「返事は明日でよい」のひとこと。",
        decides: "自分で決める。迷うときは姉に相談してから決める。",
        agreed: "電話は仕事が終わってから。出られない日はLINEに書く。",
        hears: (HearBy::Line, HearEvery::Weekly, "短い文で、質問は一つ"),
        outcome: "1年続けること。",
        words: &[("面談", "お茶の時間"), ("体調", "調子")],
    },
    Told {
        spoken_to: "ゆっくり、間をあけて話す。返事を急がない。",
        unsettles: "「どうして」と聞かれること。",
        reassures: "前に話したことを、おぼえてもらえていること。",
        decides: "体のことは通院先の相談員が知っている。仕事のことは本人が決める。",
        agreed: "休んだ日は理由を聞かない。次の日に、こちらから連絡する。",
        hears: (HearBy::Phone, HearEvery::TwoWeeks, "5分くらいの電話"),
        outcome: "週4日を、むりなく続けること。",
        words: &[("上司", "リーダー")],
    },
    Told {
        spoken_to: "数字や時間をはっきり言う。たとえ話はしない。",
        unsettles: "「あとで」「なるべく」のような、いつか分からない言い方。",
        reassures: "次に何がいつ起きるかが、先に分かること。",
        decides: "自分で決める。決まったことは紙に書いて確かめる。",
        agreed: "予定が変わるときは、前の日の17時までに知らせる。",
        hears: (HearBy::Line, HearEvery::FewDays, "番号で答えられる形"),
        outcome: "新しい作業を、一つずつ増やすこと。",
        words: &[("不安", "もやもや")],
    },
    Told {
        spoken_to: "ふだんの話を少ししてから、用件に入る。",
        unsettles: "大きな音、長い電話。",
        reassures: "うまくいったことを、先に聞いてもらえること。",
        decides: "お金のことは母と決める。仕事のことは自分で決める。",
        agreed: "調子が下がったら「少し休みます」とだけ書けばよい。",
        hears: (HearBy::Line, HearEvery::Monthly, "読むだけでよい文も歓迎"),
        outcome: "正社員の試験を受けること。",
        words: &[],
    },
    Told {
        spoken_to: "ていねいな言葉で、短く。",
        unsettles: "ほかの人と比べられること。",
        reassures: "一人で決めなくてよいと言われること。",
        decides: "会社との話は、支援員が先に本人に見せてから進める。",
        agreed: "会社に伝える前に、伝える文を本人が読む。",
        hears: (HearBy::Line, HearEvery::WhenNeeded, "こちらからは用のあるときだけ"),
        outcome: "今の仕事を続けること。",
        words: &[("支援員", "担当さん")],
    },
];

/// The card of the nth person, as it was written when they came; `remark` stood in their details before.
pub(crate) fn of_person(n: usize, remark: &str, on: NaiveDate) -> Option<Card> {
    if n % 3 == 2 {
        return None;
    }
    let told = &TOLD[n % TOLD.len()];
    let (by, every, form) = told.hears;
    Some(Card {
        outcome: told.outcome.into(),
        outcome_by: on.checked_add_days(Days::new(365)),
        hear_by: Some(by),
        hear_every: Some(every),
        hear_form: form.into(),
        spoken_to: told.spoken_to.into(),
        reassures: told.reassures.into(),
        unsettles: told.unsettles.into(),
        decides: told.decides.into(),
        agreements: vec![Agreement { on, text: told.agreed.into() }],
        words: told.words.iter().map(|(ours, theirs)| pair(ours, theirs)).collect(),
        remark: remark.into(),
    })
}

/// The card of a company: its own word for whoever looks after its staff.
pub(crate) fn of_company(company: &Company, on: NaiveDate) -> Card {
    let mut words = vec![pair("面談", "打ち合わせ")];
    if company.words != "人事" {
        words.push(pair("人事", company.words));
    }
    Card {
        outcome: "長く働いてもらうこと。".into(),
        hear_by: Some(HearBy::Email),
        hear_every: Some(HearEvery::Monthly),
        hear_form: "用件を先に、1通に一つ".into(),
        spoken_to: "電話の前に、メールで時間を聞く。".into(),
        unsettles: "忙しい朝の電話。".into(),
        decides: format!("窓口は{}の{}さん。配置のことは現場の責任者に聞いてもらう。", company.part, company.contact),
        agreements: vec![Agreement { on, text: "月に1回、様子を聞く。".into() }],
        words,
        ..Card::default()
    }
}

fn pair(ours: &str, theirs: &str) -> WordPair {
    WordPair { ours: ours.into(), theirs: theirs.into() }
}

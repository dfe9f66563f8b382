//! What made-up people say, and what made-up staff answer and write down. Everything here is invented for the demo.
//!
//! Words of crisis are kept out: nobody should meet them by surprise in a demonstration.

use bansou_core::consent::Topic;
use bansou_core::sign::SignCategory;

/// What an episode is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Sleep,
    Instructions,
    Workload,
    Relations,
    Body,
    Confidence,
    Life,
}

/// The words of one theme.
pub(crate) struct Phrases {
    /// The sign that a member of staff sees in it.
    pub(crate) category: SignCategory,
    /// While it is small.
    pub(crate) early: &'static [&'static str],
    /// While it is worse.
    pub(crate) worse: &'static [&'static str],
    /// When it gets better.
    pub(crate) better: &'static [&'static str],
    /// What staff answer.
    pub(crate) replies: &'static [&'static str],
    /// The lanes of a note after a talk: S, O, A, I, P.
    pub(crate) note: [&'static str; 5],
    /// A small request to the employer, where one could help.
    pub(crate) request: Option<RequestWords>,
}

/// The words of a request.
pub(crate) struct RequestWords {
    pub(crate) topic: Topic,
    pub(crate) request: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) fact: &'static str,
    pub(crate) our_part: &'static str,
    /// What an employer answers.
    pub(crate) answer: &'static str,
    /// What is found when it is looked at again.
    pub(crate) found: &'static str,
}

impl Theme {
    pub(crate) const ALL: [Self; 7] =
        [Self::Sleep, Self::Instructions, Self::Workload, Self::Relations, Self::Body, Self::Confidence, Self::Life];

    pub(crate) fn phrases(self) -> &'static Phrases {
        match self {
            Self::Sleep => &SLEEP,
            Self::Instructions => &INSTRUCTIONS,
            Self::Workload => &WORKLOAD,
            Self::Relations => &RELATIONS,
            Self::Body => &BODY,
            Self::Confidence => &CONFIDENCE,
            Self::Life => &LIFE,
        }
    }
}

/// On an ordinary day.
pub(crate) const FINE: &[&str] = &[
    "仕事にだいぶ慣れました。",
    "今週は休まず行けました。",
    "新しい作業を覚えました。",
    "お昼に同じ班の人とラーメンを食べました。",
    "きょうは早く終わったので、散歩して帰りました。",
    "社員食堂のカレーがおいしかったです。",
    "朝のバスがすいていて助かりました。",
    "お給料で本を買いました。",
    "検品の数が先週より10個ふえました。",
    "変わりなくやっています。",
];

/// Short, when there is no strength for more.
pub(crate) const SHORT: &[&str] = &["はい", "まあまあです", "だいじょうぶです", "なんとか", "ふつう"];

/// After a reply of staff.
pub(crate) const THANKS: &[&str] = &[
    "ありがとうございます。",
    "わかりました。ありがとうございます。",
    "はい、お願いします。",
    "了解です。",
    "助かります。",
];

/// To an ordinary day's words.
pub(crate) const GLAD: &[&str] = &[
    "教えてくれてありがとうございます。聞けてうれしいです。",
    "よかったです。また気が向いたら教えてください。",
    "いい知らせですね。週末はゆっくりしてください。",
    "ありがとうございます。次の面談でくわしく聞かせてください。",
];

/// The ordinary talk of every month: S, O, P.
pub(crate) const MONTHLY: &[[&str; 3]] = &[
    [
        "変わりなく働いている。昼は同じ班の人と食べている。",
        "遅刻・欠勤なし。表情はおだやか。",
        "来月も同じころに会う。",
    ],
    [
        "新しい機械の操作を覚えているところ。少しつかれるが楽しい。",
        "欠勤なし。残業は月に3時間。",
        "作業の量がふえていないか、来月聞く。",
    ],
    ["通院は月1回、変わらず行けている。", "欠勤1日（通院）。", "次の面談は会社の休憩室で行う。"],
    [
        "週末は家で音楽をきいて休んでいる。",
        "遅刻1回（電車のおくれ）。身だしなみは整っている。",
        "おくれたときの連絡のしかたは、本人がメモを持っている。",
    ],
    [
        "仕事の順番が分かってきて、聞く回数がへった。",
        "担当の方より「落ち着いて作業している」と聞いた。",
        "ほめられたことを次の面談でふり返る。",
    ],
    [
        "給料の使い方を、自分で家計簿につけはじめた。",
        "欠勤なし。家計簿を見せてくれた。",
        "来月、家計簿のつづきを一緒に見る。",
    ],
];

/// When somebody had simply forgotten to answer.
pub(crate) const FORGOT: [&str; 5] = [
    "返信をわすれていた。変わりはない。",
    "声は明るい。欠勤なし。",
    "",
    "電話で様子を聞いた。",
    "返信は次からで大丈夫と伝えた。",
];

/// Why a sign was confirmed or dismissed.
pub(crate) const CONFIRMED: &[&str] =
    &["本人に電話で確かめた。", "前の週から同じ話がある。", "いつもと書き方がちがう。"];
pub(crate) const DISMISSED: &[&str] = &[
    "前の日に遊びに行って、ねるのがおそかっただけと聞いた。",
    "本人に確かめた。もう終わった話だった。",
    "家族の話で、本人のことではなかった。",
];
pub(crate) const RESOLVED: &[&str] =
    &["2回つづけて「よい」の返事。面談でも落ち着いている。", "本人から「もう大丈夫」と聞いた。欠勤もない。"];

const SLEEP: Phrases = Phrases {
    category: SignCategory::Sleep,
    early: &["最近、夜中に何度も目がさめます。", "寝つくまでに時間がかかっています。", "朝、起きるのがつらいです。"],
    worse: &[
        "きのうはほとんど眠れませんでした。",
        "眠れない日が続いています。",
        "3時ごろに目がさめて、そのまま朝でした。",
    ],
    better: &["きのうは6時間ねむれました。", "夜はだいぶねむれるようになりました。", "朝が少しらくになりました。"],
    replies: &[
        "話してくれてありがとうございます。ねむれない日は、いつごろからですか。答えられるところだけで大丈夫です。",
        "教えてくれて助かります。明日の12時15分ごろ、5分だけ電話してもいいですか。",
    ],
    note: [
        "夜中に何度も目がさめる。朝、起きるのがつらい。",
        "返信がいつもより半日ほどおそい。声は小さめ。遅刻はない。",
        "先月の残業のころから始まっているようだ。まだはっきりしない。",
        "寝る前にスマホを置く時間を一緒に決めた。次の通院でねむりのことを話すことになった。",
        "来週の電話で、ねむりの時間を聞く。",
    ],
    request: None,
};

const INSTRUCTIONS: Phrases = Phrases {
    category: SignCategory::Instructions,
    early: &["新しい上司になって、指示のしかたが変わりました。", "口で言われると、作業の順番が分からなくなります。"],
    worse: &[
        "指示がいくつも重なると、何からすればいいか分かりません。",
        "聞きなおすのがこわくて、そのままにしてしまいました。",
    ],
    better: &["朝に紙をもらえるようになって、落ち着いてできています。", "何から始めるか分かるようになりました。"],
    replies: &[
        "教えてくれてありがとうございます。どんなときに分からなくなるか、次の面談で一緒に整理しましょう。",
        "話してくれて助かります。会社の方にお願いできることがあるか、一緒に考えたいです。電話で10分話せる日はありますか。",
    ],
    note: [
        "口で言われると順番が分からなくなる。聞きなおすのがこわい。",
        "今月から上司が交代。作業のやり直しが先週2回あった。",
        "指示が一度にいくつか出ることが負担かもしれない。",
        "困る場面を3つ書き出した。会社へのお願いの文を一緒に作ることにした。",
        "文ができたら本人と読み、よければ送る。",
    ],
    request: Some(RequestWords {
        topic: Topic::Instructions,
        request: "1か月のあいだ、朝礼のあとに、その日の作業の順番を紙で1枚渡していただけませんか。",
        purpose: "順番が目で見えると、落ち着いて作業を始められるためです。",
        fact: "口で聞いた指示が2つ以上になると、順番が分からなくなる。",
        our_part: "本人は、終わった作業に印をつけて夕方に見せます。支援員が2週間後に様子をうかがいます。",
        answer: "明日の朝礼から始めます。用紙は班長が用意します。",
        found: "毎朝、紙をもらっている。やり直しはこの2週間で0回。本人は「始めやすくなった」と話す。",
    }),
};

const WORKLOAD: Phrases = Phrases {
    category: SignCategory::Workload,
    early: &["月末で、仕事の量が多いです。", "今週は残業が2回ありました。"],
    worse: &["忙しくて、昼の休憩をとれない日がありました。", "残業が続いて、家に帰ると何もできません。"],
    better: &["今週は定時で帰れています。", "仕事の量がちょうどよくなりました。"],
    replies: &[
        "おつかれさまです。休憩をとれなかった日は、どの曜日でしたか。分かる分だけで大丈夫です。",
        "教えてくれてありがとうございます。仕事の量のことを、次の面談で一緒に見てみましょう。",
    ],
    note: [
        "月末は量が多く、昼の休憩が短くなる。家に帰ると何もできない。",
        "残業は先週4時間。昼の休憩20分の日が2日。",
        "締め日の前の週に集中しているようだ。",
        "1週間の仕事の量を表にして一緒に見た。会社へのお願いを考えることにした。",
        "次の締め日の前に、会社の担当の方へお願いを送るか決める。",
    ],
    request: Some(RequestWords {
        topic: Topic::Workload,
        request: "来月末までの締め日の前の週は、新しくお願いする作業を1日2件までにしていただけませんか。",
        purpose: "昼の休憩をきちんととり、続けて働くためです。",
        fact: "締め日の前の週に、昼の休憩が20分になった日が2日あった。",
        our_part: "本人は、残りの作業を夕方に班長へ伝えます。支援員が締め日の翌週に様子をうかがいます。",
        answer: "来月の締めから2件までにします。足りないときは班の中で分けます。",
        found: "締め日の前の週も、昼の休憩を毎日45分とれていた。残業は1時間。",
    }),
};

const RELATIONS: Phrases = Phrases {
    category: SignCategory::Relations,
    early: &["となりの席の人と話しにくくなりました。", "あいさつしても、返事がないことがあります。"],
    worse: &["職場で話せる人がいなくて、昼休みは一人です。", "同じ班の人にきつく言われて、つらいです。"],
    better: &["休憩のとき、声をかけてもらえました。", "班の人と、好きな動物の話をしました。"],
    replies: &[
        "話してくれてありがとうございます。それはしんどかったですね。次に会うとき、ゆっくり聞かせてください。",
        "教えてくれて助かります。職場で話しかけやすい人がいるか、一緒に考えてみませんか。",
    ],
    note: [
        "昼休みに話せる人がいない。きつい言い方をされたと感じた日があった。",
        "昼は車の中で食べている。欠勤はない。",
        "班の編成が変わったことが関係しているかもしれない。",
        "話しかけやすい人を一緒に考え、担当の方の名前が出た。",
        "担当の方と週1回話す時間をお願いするか、本人の気持ちを聞く。",
    ],
    request: Some(RequestWords {
        topic: Topic::Relations,
        request: "1か月のあいだ、週に1回5分だけ、担当の方と本人が話す時間をつくっていただけませんか。",
        purpose: "困ったときに、その日のうちに話せるようにするためです。",
        fact: "班が変わってから、職場で話せる人がいないと感じている。",
        our_part: "本人は、話したいことを1つメモして行きます。支援員が1か月後に様子をうかがいます。",
        answer: "毎週水曜の昼休みのあとに、5分とります。",
        found: "水曜の5分が続いている。本人は「話す場所があると安心」と話す。",
    }),
};

const BODY: Phrases = Phrases {
    category: SignCategory::Body,
    early: &["頭が痛い日が多いです。", "かぜぎみで、のどが痛いです。"],
    worse: &["熱が出て、きのうは休みました。", "体が重くて、朝動けませんでした。"],
    better: &["熱が下がって、今日から出ています。", "体の調子はもどりました。"],
    replies: &[
        "つらいところ、連絡をありがとうございます。まずはゆっくり休んでください。会社への連絡はできていますか。",
        "教えてくれてありがとうございます。病院に行くかどうか、迷ったら電話をください。",
    ],
    note: [
        "朝、体が重い。熱が出て1日休んだ。",
        "欠勤1日。会社への連絡は本人が朝8時にした。",
        "季節の変わり目に去年も同じことがあった。",
        "休んだ日の連絡ができたことを一緒に確認した。",
        "来週、体の調子を聞く。",
    ],
    request: None,
};

const CONFIDENCE: Phrases = Phrases {
    category: SignCategory::Confidence,
    early: &["また同じ間違いをしてしまいました。", "みんなより作業がおそい気がします。"],
    worse: &["仕事を続けられるか不安です。", "自分には向いていないのかなと思います。"],
    better: &["今日は班長にほめてもらえました。", "間違いがへってきました。"],
    replies: &[
        "話してくれてありがとうございます。間違いに気づいて言えたことは、大事な力だと思います。",
        "不安なまま働いていたのですね。次の面談で、できるようになったことを一緒に数えてみませんか。",
    ],
    note: [
        "同じ間違いをくり返したと感じ、自分には向いていないと思う。",
        "担当の方からは、間違いは月2件で班の平均と同じと聞いた。",
        "自分への見方が、実際よりきびしくなっているようだ。",
        "入社からできるようになったことを表にして一緒に見た。",
        "2週間後の面談で、表のつづきを書く。",
    ],
    request: None,
};

const LIFE: Phrases = Phrases {
    category: SignCategory::Life,
    early: &["来月、引っ越すことになって落ち着きません。", "今月はお金が足りるか心配です。"],
    worse: &["お金が足りなくて、家賃のことが心配です。", "家のことで、あまり休めていません。"],
    better: &["手続きが終わって、ほっとしました。", "部屋が片づいて、落ち着きました。"],
    replies: &[
        "教えてくれてありがとうございます。手続きは一人で抱えなくて大丈夫です。次の面談で一緒に書類を見ましょう。",
        "お金のことは心配ですよね。相談できる窓口があるので、電話で一緒に確かめませんか。",
    ],
    note: [
        "引っ越しとお金のことが気になって、仕事に集中しにくい。",
        "役所からの書類を2通持ってきた。期限は月末。",
        "手続きの見通しが立たないことが不安のもとのようだ。",
        "書類の期限をカレンダーに書いた。市の相談窓口に一緒に電話した。",
        "窓口の予約の日に同行する。",
    ],
    request: None,
};

#[cfg(test)]
mod tests {
    use super::*;
    use bansou_core::signs::{Lexicon, classify};

    fn said_by_people() -> impl Iterator<Item = &'static str> {
        let themes = Theme::ALL.into_iter().map(Theme::phrases);
        themes.flat_map(|p| [p.early, p.worse, p.better].concat()).chain([FINE, SHORT, THANKS].concat())
    }

    #[test]
    fn nobody_in_the_demo_speaks_of_crisis_or_stops_by_chance() {
        let lexicon = Lexicon::embedded();
        let stirs = |text: &&str| {
            let found = classify(text, &lexicon);
            found.crisis || found.opt_out || found.conduct || !found.to_be_seen.is_empty()
        };
        assert_eq!(said_by_people().filter(stirs).collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[test]
    fn worse_days_suggest_a_sign_of_their_own_theme_and_ordinary_ones_none_but_positive() {
        let lexicon = Lexicon::embedded();
        let signs = |text: &str| classify(text, &lexicon).signs.into_iter().map(|sign| sign.category);
        let unseen = |theme: &Theme| {
            let phrases = theme.phrases();
            !phrases.worse.iter().flat_map(|text| signs(text)).any(|category| category == phrases.category)
        };
        assert_eq!(Theme::ALL.into_iter().filter(unseen).collect::<Vec<_>>(), []);
        let troubled = |text: &&&str| signs(text).any(|category| category != SignCategory::Positive);
        assert_eq!(FINE.iter().filter(troubled).collect::<Vec<_>>(), Vec::<&&str>::new());
    }

    #[test]
    fn requests_are_short_enough_and_notes_have_words_or_observations() {
        for phrases in Theme::ALL.map(Theme::phrases) {
            assert!(!phrases.note[0].is_empty() && !phrases.note[1].is_empty());
            let Some(words) = &phrases.request else { continue };
            assert!(words.request.chars().count() <= bansou_core::escalation::REQUEST_MAX, "{}", words.request);
        }
    }
}

//! The cast: graduates, companies and staff with names that nobody has, and what happens to each of them.

use bansou_core::employment::Disclosure;
use bansou_core::graduate::Language;
use bansou_core::leaving::LeavingReason;
use chrono::{Days, NaiveDate};

use super::clock::Dice;
use super::habits::{Episode, Habits, Pace, Way};
use super::phrases::Theme;

/// Somebody with a part of their own in the story; everybody else is left to the dice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Sleeps badly, falls silent, recovers after a call. The phone page begins with this person where it can.
    Sleeper,
    /// Gets a new superior; the employer helps after a request.
    NewSuperior,
    /// Has neither LINE nor a mobile phone.
    PhoneOnly,
    /// Says stop.
    Stops,
    /// Blocks the LINE account.
    Unfollows,
    /// The mobile number doesn't exist any more, which shows when a reply is refused.
    NumberGone,
    /// Hasn't answered for a while.
    Quiet,
    /// Writes something worrying this morning.
    Worried,
    /// The employer answers this morning.
    EmployerAnswers,
    /// A request waits for the employer.
    RequestWaits,
    /// A request is being written.
    RequestDrafted,
    /// Is ill: contact is paused.
    Ill,
    /// Changed jobs with the office's support.
    ChangedJob,
    /// Nobody knows whether the job lasts.
    Unknown,
    /// Asked for a report every working day.
    Daily,
    /// Joined last week.
    New,
}

/// By which ways somebody can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Line,
    /// LINE is bound by an invite code some days after the first SMS.
    LineByInvite,
    Sms,
    Phone,
}

/// The end of a job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaving {
    pub(crate) on: NaiveDate,
    pub(crate) reason: LeavingReason,
    pub(crate) words: &'static str,
}

/// One graduate as the story wants them.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) part: Option<Part>,
    pub(crate) name: String,
    pub(crate) kana: String,
    pub(crate) disability: &'static str,
    pub(crate) certificate: &'static str,
    pub(crate) language: Language,
    pub(crate) card: &'static str,
    pub(crate) reach: Reach,
    /// Hours at which contact is welcome on weekdays; `None` = the usual ones.
    pub(crate) hours: Option<&'static str>,
    pub(crate) preset: &'static str,
    pub(crate) joins_on: NaiveDate,
    pub(crate) hired_on: NaiveDate,
    pub(crate) company: usize,
    pub(crate) disclosure: Disclosure,
    pub(crate) staff: usize,
    pub(crate) habits: Habits,
    pub(crate) episodes: Vec<Episode>,
    pub(crate) leaves: Option<Leaving>,
}

/// A company and the person there.
pub(crate) struct Company {
    pub(crate) name: &'static str,
    pub(crate) words: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) part: &'static str,
    pub(crate) email: &'static str,
}

/// Parts in the order in which they are given out, so that a small demo has the main ones.
const PARTS: [Part; 16] = [
    Part::Sleeper,
    Part::NewSuperior,
    Part::NumberGone,
    Part::PhoneOnly,
    Part::Stops,
    Part::Unfollows,
    Part::EmployerAnswers,
    Part::Worried,
    Part::Quiet,
    Part::RequestWaits,
    Part::RequestDrafted,
    Part::Ill,
    Part::ChangedJob,
    Part::Unknown,
    Part::Daily,
    Part::New,
];

const FAMILY: [(&str, &str); 16] = [
    ("見本", "ミホン"),
    ("例田", "レイダ"),
    ("試野", "タメシノ"),
    ("仮山", "カリヤマ"),
    ("例川", "レイカワ"),
    ("雛形", "ヒナガタ"),
    ("試山", "タメシヤマ"),
    ("仮野", "カリノ"),
    ("例沢", "レイザワ"),
    ("見本田", "ミホンダ"),
    ("試田", "タメシダ"),
    ("仮川", "カリカワ"),
    ("例島", "レイジマ"),
    ("見本木", "ミホンギ"),
    ("試原", "タメシハラ"),
    ("仮沢", "カリサワ"),
];
const GIVEN: [(&str, &str); 15] = [
    ("花子", "ハナコ"),
    ("太郎", "タロウ"),
    ("春子", "ハルコ"),
    ("一郎", "イチロウ"),
    ("夏美", "ナツミ"),
    ("次郎", "ジロウ"),
    ("秋子", "アキコ"),
    ("三郎", "サブロウ"),
    ("冬美", "フユミ"),
    ("誠", "マコト"),
    ("葉子", "ヨウコ"),
    ("歩", "アユム"),
    ("光", "ヒカリ"),
    ("実", "ミノル"),
    ("望", "ノゾミ"),
];

/// Name, e-mail address and role word of the staff: staff, manager, admin.
pub(crate) const STAFF: [(&str, &str); 3] =
    [("伴野 ひかり", "staff@example.jp"), ("添田 つよし", "manager@example.jp"), ("走井 まなぶ", "admin@example.jp")];

pub(crate) const COMPANIES: [Company; 12] = [
    company("株式会社サンプル物流", "人事", "例山 ひとみ", "障害者職業生活相談員", "reiyama@sample-logi.example"),
    company("みほん食品株式会社", "総務", "仮谷 まさる", "総務課", "kariya@mihon-foods.example"),
    company("例示印刷株式会社", "採用担当", "試沢 ゆき", "人事課", "tamesawa@reiji-print.example"),
    company("テスト清掃サービス株式会社", "現場責任者", "見本谷 しげる", "現場責任者", "mihondani@test-clean.example"),
    company("仮設データ株式会社", "人事", "例井 かおる", "人事部", "reii@kasetsu-data.example"),
    company("ひながた園芸株式会社", "担当", "仮田 みどり", "生産課", "karita@hinagata-green.example"),
    company("見本病院", "総務", "試川 ただし", "総務課", "tamekawa@mihon-hosp.example"),
    company("例題ホームセンター", "店長", "仮井 つとむ", "店長", "karii@reidai-home.example"),
    company("架空電機株式会社", "人事", "例原 あけみ", "人事部", "reihara@kaku-denki.example"),
    company("サンプル・ベーカリー", "店長", "見本沢 けい", "店長", "mihonzawa@sample-bakery.example"),
    company("試験倉庫株式会社", "総務", "仮島 のぼる", "業務課", "karishima@shiken-soko.example"),
    company("みほん市役所（見本）", "人事", "例谷 さちこ", "人事課", "reitani@mihon-city.example"),
];

const CARDS: [&str; 4] = [
    "電話は昼休み（12時〜13時）がよい。急に予定が変わると不安になる。",
    "ゆっくり、一つずつ話す。紙に書くと安心する。",
    "調子が悪いときは、返事がみじかくなる。心配なことは通院先の相談員も知っている。",
    "ほめられると照れるが、うれしい。雑談は少なめがよい。",
];

const LEAVINGS: [(LeavingReason, &str); 9] = [
    (LeavingReason::Health, "体調がもどらず、本人から申し出た。"),
    (LeavingReason::Relations, "班の人とうまくいかないことが続いた。"),
    (LeavingReason::NewJob, "家に近い会社へ移った。"),
    (LeavingReason::ContractEnd, "契約の期間が終わった。"),
    (LeavingReason::WorkContent, "立ち仕事が合わなかった。"),
    (LeavingReason::Family, "家族の介護のため。"),
    (LeavingReason::Personal, ""),
    (LeavingReason::Conditions, "勤務時間をのばせなかった。"),
    (LeavingReason::WelfareService, "就労継続支援B型を使うことになった。"),
];

const fn company(
    name: &'static str,
    words: &'static str,
    contact: &'static str,
    part: &'static str,
    email: &'static str,
) -> Company {
    Company { name, words, contact, part, email }
}

/// So many graduates with what happens to each between `start` and `today`.
pub(crate) fn cast(people: usize, start: NaiveDate, today: NaiveDate, dice: &mut Dice) -> Vec<Role> {
    (0..people).map(|n| role(n, start, today, dice)).collect()
}

fn role(n: usize, start: NaiveDate, today: NaiveDate, dice: &mut Dice) -> Role {
    let part = PARTS.get(n).copied();
    let (family, given) = (FAMILY[n % FAMILY.len()], GIVEN[(n + n / FAMILY.len()) % GIVEN.len()]);
    let span = days_between(start, today);
    let (joins_on, hired_on) = joined(part, start, span, today, dice);
    let leaves = leaving(part, n, hired_on.max(start), today, dice);
    let last = leaves.map_or(today, |leaving| leaving.on);
    let (disability, certificate) = dice.pick(&[
        ("mental", "mental"),
        ("mental", "mental"),
        ("developmental", "mental"),
        ("developmental", "mental"),
        ("intellectual", "intellectual"),
        ("physical", "physical"),
        ("higher_brain", "mental"),
    ]);
    let closed = part.is_none() && dice.chance(8);
    Role {
        part,
        name: format!("{} {}", family.0, given.0),
        kana: format!("{} {}", family.1, given.1),
        disability,
        certificate,
        language: language(part, disability, dice),
        card: dice.pick(&CARDS),
        reach: reach(part, dice),
        hours: dice
            .pick(&[None, None, None, None, Some("10:00-16:00"), Some("12:00-17:00")])
            .filter(|_| part.is_none()),
        preset: preset(part, dice),
        joins_on,
        hired_on,
        company: n % COMPANIES.len(),
        disclosure: if closed { Disclosure::Closed } else { Disclosure::Open },
        staff: usize::from(n % 5 == 4),
        habits: habits(part, dice),
        episodes: episodes(part, hired_on.max(start), last, today, dice),
        leaves,
    }
}

/// When the person came to the office's list and began to work. A third was there before history begins.
fn joined(
    part: Option<Part>,
    start: NaiveDate,
    span: u64,
    today: NaiveDate,
    dice: &mut Dice,
) -> (NaiveDate, NaiveDate) {
    if part == Some(Part::New) {
        return (back(today, 9), back(today, 6));
    }
    // People with a part have to be there when it begins.
    if part.is_some() || dice.chance(36) {
        let worked: u64 = if part == Some(Part::Sleeper) { 150 } else { dice.between(10, 900).into() };
        return (start, back(start, worked));
    }
    let day = u64::from(dice.below(u32::try_from(span.saturating_sub(20)).unwrap_or(0)));
    let hired_on = first_of_half_month(start + Days::new(day));
    (back(hired_on, 5).max(start), hired_on)
}

fn leaving(part: Option<Part>, n: usize, from: NaiveDate, today: NaiveDate, dice: &mut Dice) -> Option<Leaving> {
    if part.is_some() || !dice.chance(22) {
        return None;
    }
    let stayed = dice.between(40, 420);
    let on = from + Days::new(stayed.into());
    let (reason, words) = LEAVINGS[n % LEAVINGS.len()];
    (on < back(today, 30)).then_some(Leaving { on, reason, words })
}

fn language(part: Option<Part>, disability: &str, dice: &mut Dice) -> Language {
    if part == Some(Part::Sleeper) {
        return Language::Plain;
    }
    if disability == "intellectual" {
        return dice.pick(&[Language::Easy, Language::Furigana]);
    }
    dice.pick(&[Language::Plain, Language::Plain, Language::Plain, Language::Easy])
}

fn reach(part: Option<Part>, dice: &mut Dice) -> Reach {
    match part {
        Some(Part::PhoneOnly) => Reach::Phone,
        Some(Part::NumberGone) => Reach::Sms,
        Some(Part::New) => Reach::LineByInvite,
        Some(_) => Reach::Line,
        None => dice.pick(&[
            Reach::Line,
            Reach::Line,
            Reach::Line,
            Reach::LineByInvite,
            Reach::LineByInvite,
            Reach::LineByInvite,
            Reach::Sms,
        ]),
    }
}

fn preset(part: Option<Part>, dice: &mut Dice) -> &'static str {
    match part {
        Some(Part::Daily) => "daily",
        Some(Part::Sleeper | Part::Quiet | Part::Worried) => "close",
        Some(_) => "standard",
        None => dice.pick(&["standard", "standard", "standard", "gentle", "close"]),
    }
}

fn habits(part: Option<Part>, dice: &mut Dice) -> Habits {
    let pace = dice.pick(&[Pace::Quick, Pace::Quick, Pace::Lunch, Pace::Evening, Pace::Evening, Pace::Slow]);
    let way = dice.pick(&[Way::Taps, Way::Taps, Way::Taps, Way::Types, Way::Writes]);
    let usual = Habits { pace, way, answers: dice.between(88, 98) };
    match part {
        Some(Part::Sleeper) => Habits { pace: Pace::Quick, way: Way::Taps, answers: 97 },
        Some(Part::Quiet) => Habits { pace: Pace::Quick, ..usual },
        _ => usual,
    }
}

fn episodes(part: Option<Part>, from: NaiveDate, last: NaiveDate, today: NaiveDate, dice: &mut Dice) -> Vec<Episode> {
    let own = own_episode(part, from, today);
    let mut all = Vec::new();
    let mut at = from + Days::new(dice.between(15, 90).into());
    while at < last {
        let theme = dice.pick(&Theme::ALL);
        let worse = at + Days::new(dice.between(8, 16).into());
        let silent = dice.chance(30).then(|| worse + Days::new(dice.between(8, 16).into()));
        let eases = worse + Days::new(dice.between(18, 50).into());
        let episode = Episode { theme, from: at, worse, silent, eases, helped: None };
        let apart = own.is_none_or(|own| eases + Days::new(30) < own.from || own.eases + Days::new(30) < at);
        if apart && eases < back(today, 10) {
            all.push(episode);
        }
        at = eases + Days::new(dice.between(50, 150).into());
    }
    all.extend(own);
    all.sort_by_key(|episode| episode.from);
    all
}

/// What the story needs from people with a part, told from today backwards.
fn own_episode(part: Option<Part>, from: NaiveDate, today: NaiveDate) -> Option<Episode> {
    let ago = |days: u64| back(today, days.min(days_between(from, today) / 2)).max(from);
    let at = |theme, begun, worse, silent: Option<u64>, eases: i64| Episode {
        theme,
        from: ago(begun),
        worse: ago(worse),
        silent: silent.map(ago),
        eases: today - chrono::TimeDelta::days(eases),
        helped: None,
    };
    match part? {
        Part::Sleeper => Some(at(Theme::Sleep, 120, 108, Some(98), 60)),
        Part::NewSuperior => Some(at(Theme::Instructions, 190, 176, None, 120)),
        Part::Quiet => Some(at(Theme::Confidence, 24, 18, Some(11), -30)),
        Part::Worried => Some(at(Theme::Sleep, 10, 3, None, -30)),
        Part::EmployerAnswers | Part::RequestDrafted => Some(at(Theme::Instructions, 16, 9, None, -30)),
        Part::RequestWaits => Some(at(Theme::Workload, 16, 9, None, -30)),
        _ => None,
    }
}

/// Jobs begin on the 1st or the 16th.
fn first_of_half_month(day: NaiveDate) -> NaiveDate {
    use chrono::Datelike as _;
    day.with_day(if day.day() < 16 { 1 } else { 16 }).unwrap_or(day)
}

pub(crate) fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn days_between(from: NaiveDate, to: NaiveDate) -> u64 {
    u64::try_from((to - from).num_days()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn sixty() -> Vec<Role> {
        let day = |text: &str| text.parse().unwrap();
        cast(60, day("2025-05-20"), day("2026-11-20"), &mut Dice::new(1))
    }

    #[test]
    fn everybody_has_a_name_of_their_own_that_is_plainly_made_up() {
        let names: BTreeSet<_> = sixty().into_iter().map(|role| role.name).collect();
        assert_eq!(names.len(), 60);
        assert!(names.iter().all(|name| ["見本", "例", "試", "仮", "雛形"].iter().any(|sign| name.starts_with(sign))));
    }

    #[test]
    fn every_part_is_given_out_and_there_is_some_of_everything() {
        let all = sixty();
        let has = |of: &dyn Fn(&Role) -> bool| all.iter().filter(|role| of(role)).count();
        assert!(PARTS.iter().all(|part| all.iter().any(|role| role.part == Some(*part))));
        assert!(has(&|role| role.leaves.is_some()) >= 5);
        assert!(has(&|role| role.disclosure == Disclosure::Closed) >= 1);
        assert!(has(&|role| role.reach == Reach::Sms) >= 2);
        assert!(has(&|role| role.language != Language::Plain) >= 10);
    }

    #[test]
    fn episodes_grow_in_order() {
        for role in sixty() {
            for episode in role.episodes {
                assert!(episode.from <= episode.worse && episode.worse <= episode.eases, "{}", role.name);
                assert!(episode.silent.is_none_or(|silent| silent >= episode.worse), "{}", role.name);
            }
        }
    }
}

//! Kinds of disability, certificates, reasons for leaving and ways of writing, as offices name them.
//!
//! What isn't recognised is kept in the office's own words and never thrown away or guessed (S1.8: "and others").

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::Problem;
use crate::employment::Disclosure;
use crate::graduate::Language;
use crate::leaving::LeavingReason;

crate::codes! {
    /// Kind of disability (障害種別).
    Disability {
        /// 身体障害
        Physical = "physical",
        /// 知的障害
        Intellectual = "intellectual",
        /// 精神障害
        Mental = "mental",
        /// 発達障害
        Developmental = "developmental",
        /// 高次脳機能障害
        HigherBrain = "higher_brain",
        /// 難病
        Intractable = "intractable",
    }
}

crate::codes! {
    /// Kind of certificate (手帳).
    CertificateKind {
        /// 身体障害者手帳
        Physical = "physical",
        /// 療育手帳 (愛の手帳, みどりの手帳 and other names of prefectures)
        Intellectual = "intellectual",
        /// 精神障害者保健福祉手帳
        Mental = "mental",
    }
}

/// One certificate.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Which.
    pub kind: CertificateKind,
    /// Its grade as written (`2級`, `B2`); grades of 療育手帳 differ by prefecture.
    pub grade: Option<String>,
}

/// Kinds recognised in a text, and the text itself where a part of it wasn't recognised.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described<K> {
    /// What was recognised.
    pub kinds: Vec<K>,
    /// The whole text, where something in it is no known kind.
    pub words: Option<String>,
}

/// Why a job ended.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    /// The code, [`LeavingReason::Other`] for own words.
    pub reason: LeavingReason,
    /// The text, where it says more than the code.
    pub words: Option<String>,
}

impl Described<Disability> {
    /// As it is stored in a profile: codes with commas, or the office's own words.
    pub fn stored(&self) -> String {
        let codes = || self.kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(",");
        self.words.clone().unwrap_or_else(codes)
    }
}

impl Described<Certificate> {
    /// As it is stored in a profile: codes with grades (`mental 2級`), `none`, or the office's own words.
    pub fn stored(&self) -> String {
        let one = |certificate: &Certificate| match &certificate.grade {
            Some(grade) => format!("{} {grade}", certificate.kind),
            None => certificate.kind.to_string(),
        };
        let codes = || self.kinds.iter().map(one).collect::<Vec<_>>().join(",");
        let stored = self.words.clone().unwrap_or_else(codes);
        if stored.is_empty() { "none".to_owned() } else { stored }
    }
}

/// Reads kinds of disability, several with `、` or `・` between them.
pub(super) fn disability(text: &str) -> Described<Disability> {
    described(text, |word| {
        let word = word.trim_end_matches("障害").trim_end_matches("障がい").trim_end_matches("障碍");
        Some(match word {
            "身体" | "肢体不自由" | "視覚" | "聴覚" | "内部" | "physical" => Disability::Physical,
            "知的" | "intellectual" => Disability::Intellectual,
            "精神" | "mental" => Disability::Mental,
            "発達" | "developmental" => Disability::Developmental,
            "高次脳機能" | "higher_brain" => Disability::HigherBrain,
            "難病" | "難病等" | "intractable" => Disability::Intractable,
            _ => return None,
        })
    })
}

/// Reads certificates: `精神2級`, `療育手帳B2`, `身体障害者手帳３級`, several with `、` between them; `なし` for none.
pub(super) fn certificate(text: &str) -> Described<Certificate> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    if matches!(plain.as_str(), "なし" | "無し" | "無" | "none" | "no") {
        return Described { kinds: Vec::new(), words: None };
    }
    described(text, one_certificate)
}

/// Reads a reason for leaving: a code, one of its usual names, or own words.
pub(super) fn leaving(text: &str) -> Leaving {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let known = plain.parse().ok().or_else(|| named_reason(&plain));
    match known {
        Some(reason) => Leaving { reason, words: None },
        None => Leaving { reason: LeavingReason::Other, words: Some(text.to_owned()) },
    }
}

/// Reads how messages are written.
pub(super) fn language(text: &str) -> Result<Language, Problem> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    match plain.as_str() {
        "ふつう" | "普通" | "plain" => Ok(Language::Plain),
        "やさしい" | "やさしい日本語" | "easy" => Ok(Language::Easy),
        "ふりがな" | "フリガナ" | "ルビ" | "furigana" => Ok(Language::Furigana),
        _ => Err(Problem::UnknownLanguage),
    }
}

/// Reads whether the employer knows of the disability. Whoever writes that they don't know yet has said nothing; any other word is
/// refused, because a guess would reach the employer.
pub(super) fn disclosure(text: &str) -> Result<Disclosure, Problem> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let word = plain.strip_suffix("就労").or_else(|| plain.strip_suffix("雇用")).unwrap_or(&plain);
    match word {
        "オープン" | "開示" | "開示あり" | "開示有" | "開示有り" | "開示済" | "開示済み" | "開示する" | "open" => {
            Ok(Disclosure::Open)
        }
        "クローズ" | "クローズド" | "非開示" | "開示なし" | "開示無" | "開示無し" | "未開示" | "開示しない"
        | "closed" | "close" => Ok(Disclosure::Closed),
        "未確認" | "確認中" | "不明" | "unknown" => Ok(Disclosure::Unknown),
        _ => Err(Problem::UnknownDisclosure),
    }
}

fn described<K: PartialEq>(text: &str, one: impl Fn(&str) -> Option<K>) -> Described<K> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let mut kinds = Vec::new();
    let mut all_known = true;
    for word in plain.split(['、', ',', '・', '/', '+', ';', '，']).filter(|word| !word.is_empty()) {
        match one(word) {
            Some(kind) if kinds.contains(&kind) => {}
            Some(kind) => kinds.push(kind),
            None => all_known = false,
        }
    }
    Described { kinds, words: (!all_known).then(|| text.to_owned()) }
}

/// The longest name comes first, so that what follows it is the grade.
const CERTIFICATE_NAMES: [(&str, CertificateKind); 15] = [
    ("精神障害者保健福祉手帳", CertificateKind::Mental),
    ("精神保健福祉手帳", CertificateKind::Mental),
    ("精神手帳", CertificateKind::Mental),
    ("精神", CertificateKind::Mental),
    ("身体障害者手帳", CertificateKind::Physical),
    ("身体手帳", CertificateKind::Physical),
    ("身体", CertificateKind::Physical),
    ("療育手帳", CertificateKind::Intellectual),
    ("愛の手帳", CertificateKind::Intellectual),
    ("みどりの手帳", CertificateKind::Intellectual),
    ("愛護手帳", CertificateKind::Intellectual),
    ("療育", CertificateKind::Intellectual),
    // As this program writes them.
    ("mental", CertificateKind::Mental),
    ("physical", CertificateKind::Physical),
    ("intellectual", CertificateKind::Intellectual),
];

fn one_certificate(word: &str) -> Option<Certificate> {
    let (code, grade) = word.split_once(':').unwrap_or((word, ""));
    if let Ok(kind) = code.parse() {
        return grade_of(kind, grade).map(|grade| Certificate { kind, grade });
    }
    let (grade, kind) = CERTIFICATE_NAMES.iter().find_map(|(name, kind)| Some((word.strip_prefix(name)?, *kind)))?;
    let grade = grade.trim_start_matches('(').trim_end_matches(')');
    grade_of(kind, grade).map(|grade| Certificate { kind, grade })
}

/// Grades: 身体 1 to 7, 精神 1 to 3 (their ordinances); 療育 letters, numbers and 度 by prefecture.
#[expect(clippy::option_option, reason = "outer: whether it is a grade; inner: whether one is written")]
fn grade_of(kind: CertificateKind, text: &str) -> Option<Option<String>> {
    if text.is_empty() {
        return Some(None);
    }
    let highest = match kind {
        CertificateKind::Physical => '7',
        CertificateKind::Mental => '3',
        CertificateKind::Intellectual => {
            let holds = text.chars().count() <= 4 && !text.chars().any(char::is_control);
            return holds.then(|| Some(text.to_uppercase()));
        }
    };
    let number = text.strip_suffix('級').unwrap_or(text);
    let mut digits = number.chars();
    let (Some(digit), None) = (digits.next(), digits.next()) else { return None };
    ('1'..=highest).contains(&digit).then(|| Some(format!("{digit}級")))
}

fn named_reason(plain: &str) -> Option<LeavingReason> {
    Some(match plain {
        "自己都合" | "一身上の都合" | "自己都合退職" => LeavingReason::Personal,
        "体調不良" | "体調" | "病状悪化" | "病気" | "体調悪化" => LeavingReason::Health,
        "人間関係" | "職場の人間関係" => LeavingReason::Relations,
        "仕事内容" | "業務内容" | "仕事内容が合わない" => LeavingReason::WorkContent,
        "労働条件" | "賃金" | "賃金・労働条件" => LeavingReason::Conditions,
        "転職" => LeavingReason::NewJob,
        "契約満了" | "契約期間満了" | "雇用期間満了" | "雇止め" | "雇い止め" => {
            LeavingReason::ContractEnd
        }
        "会社都合" | "解雇" | "倒産" | "事業所閉鎖" | "リストラ" => LeavingReason::Employer,
        "ハラスメント" | "パワハラ" | "セクハラ" | "いじめ" => LeavingReason::Harassment,
        "家庭の事情" | "家庭都合" | "引越し" | "転居" | "結婚" | "介護" | "出産" => {
            LeavingReason::Family
        }
        "進学" | "就学" => LeavingReason::Study,
        "定年" | "定年退職" => LeavingReason::Retirement,
        "死亡" | "逝去" => LeavingReason::Death,
        "福祉サービス"
        | "福祉サービスへ移行"
        | "福祉的就労"
        | "就労継続支援"
        | "就労継続支援A型"
        | "就労継続支援B型" => LeavingReason::WelfareService,
        "休職" | "休職中" => LeavingReason::OnLeave,
        "不明" | "音信不通" => LeavingReason::Unknown,
        "その他" => LeavingReason::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_disability_are_recognised_and_other_words_kept() {
        assert_eq!(disability("精神障害").kinds, [Disability::Mental]);
        assert_eq!(disability("知的・発達障がい").stored(), "intellectual,developmental");
        assert_eq!(disability("mental, developmental").stored(), "mental,developmental");
        let own = disability("精神、見本症候群");
        assert_eq!((&own.kinds[..], own.words.as_deref()), (&[Disability::Mental][..], Some("精神、見本症候群")));
    }

    #[test]
    fn certificates_are_read_with_their_grades() {
        for (text, stored) in [
            ("精神2級", "mental 2級"),
            ("mental 2級", "mental 2級"),
            ("intellectual B2", "intellectual B2"),
            ("精神障害者保健福祉手帳２級", "mental 2級"),
            ("療育手帳B2", "intellectual B2"),
            ("愛の手帳4度", "intellectual 4度"),
            ("身体障害者手帳（3級）", "physical 3級"),
            ("精神3級、療育B1", "mental 3級,intellectual B1"),
            ("mental:2", "mental 2級"),
            ("physical", "physical"),
            ("なし", "none"),
            ("精神4級", "精神4級"),
            ("申請中", "申請中"),
        ] {
            assert_eq!(certificate(text).stored(), stored, "{text}");
        }
    }

    #[test]
    fn a_reason_is_a_code_a_usual_name_or_own_words() {
        assert_eq!(leaving("自己都合").reason, LeavingReason::Personal);
        assert_eq!(leaving("contract_end").reason, LeavingReason::ContractEnd);
        assert_eq!(leaving("休 職 中").reason, LeavingReason::OnLeave);
        let own = leaving("通勤が遠くなったため");
        assert_eq!((own.reason, own.words.as_deref()), (LeavingReason::Other, Some("通勤が遠くなったため")));
    }

    #[test]
    fn ways_of_writing_have_japanese_and_english_names() {
        assert_eq!(language("ふつう"), Ok(Language::Plain));
        assert_eq!(language("やさしい"), Ok(Language::Easy));
        assert_eq!(language("ふりがな"), Ok(Language::Furigana));
        assert_eq!(language("EASY"), Ok(Language::Easy));
        assert_eq!(language("むずかしい"), Err(Problem::UnknownLanguage));
    }

    #[test]
    fn whether_the_employer_knows_is_read_in_plain_words_and_never_guessed() {
        for text in ["オープン", "ｵｰﾌﾟﾝ", "オープン就労", "開示", "開示あり", "Open"] {
            assert_eq!(disclosure(text), Ok(Disclosure::Open), "{text}");
        }
        for text in ["クローズ", "クローズド", "非開示", "未開示", "開示 なし", "closed"] {
            assert_eq!(disclosure(text), Ok(Disclosure::Closed), "{text}");
        }
        for text in ["未確認", "不明", "unknown"] {
            assert_eq!(disclosure(text), Ok(Disclosure::Unknown), "{text}");
        }
        for text in ["あり", "○", "一部開示", "障害者雇用"] {
            assert_eq!(disclosure(text), Err(Problem::UnknownDisclosure), "{text}");
        }
        for code in Disclosure::ALL {
            assert_eq!(disclosure(code.as_str()), Ok(*code));
        }
    }

    #[test]
    fn every_code_has_a_name_in_both_languages() {
        let japanese = include_str!("../../../../locales/ja/kinds.ftl");
        let english = include_str!("../../../../locales/en/kinds.ftl");
        let leaving = LeavingReason::ALL.iter().map(|code| format!("leaving-{code}"));
        let disability = Disability::ALL.iter().map(|code| format!("disability-{code}"));
        let certificate = CertificateKind::ALL.iter().map(|code| format!("certificate-{code}"));
        let service = crate::service_period::ServiceKind::ALL.iter().map(|code| format!("service-{code}"));
        for key in leaving.chain(disability).chain(certificate).chain(service) {
            let line = format!("\n{key} = ");
            assert!(japanese.contains(&line) && english.contains(&line), "{key}");
        }
    }
}

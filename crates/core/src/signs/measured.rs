//! How well the list hears messages that it wasn't written from (`messages.toml`).
//!
//! Half A may be learned from. Half B is only counted: whoever changes the list because of a message of half B moves that
//! message to `cases.toml` and writes a new one. `docs/SIGNS.md` shows the figures.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Messages {
    crisis: Vec<String>,
    soon: Vec<String>,
    signs: Vec<(String, String)>,
    harmless: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    #[serde(flatten)]
    first: Messages,
    later: Messages,
    last: Messages,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Half {
    A,
    B,
}

/// The half follows from the letters (FNV-1a), so nobody chooses it.
fn half(text: &str) -> Half {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    if (hash >> 32) & 1 == 0 { Half::A } else { Half::B }
}

#[derive(Default)]
struct Figures {
    crises: usize,
    crises_heard: usize,
    crises_silent: usize,
    soon: usize,
    soon_silent: usize,
    signs: usize,
    signs_exact: usize,
    levels_exact: usize,
    signs_crisis: usize,
    harmless: usize,
    harmless_clean: usize,
    harmless_crisis: usize,
    wrong: String,
}

fn seen(found: &Classification) -> &'static str {
    match found {
        found if found.crisis => "crisis",
        found if !found.soon.is_empty() => "soon",
        found if !found.to_be_seen.is_empty() => "seen",
        _ => "silent",
    }
}

/// The figures of some messages; `None` takes both halves.
fn measure(messages: &Messages, which: Option<Half>) -> Figures {
    let counts = |text: &str| which.is_none_or(|which| half(text) == which);
    let lexicon = Lexicon::embedded();
    let mut f = Figures::default();
    for text in messages.crisis.iter().filter(|text| counts(text)) {
        let found = classify(text, &lexicon);
        f.crises += 1;
        f.crises_heard += usize::from(found.crisis);
        f.crises_silent += usize::from(!found.crisis && found.soon.is_empty());
        if !found.crisis {
            writeln!(f.wrong, "  crisis {}: {text} {:?}", seen(&found), found.signs).unwrap();
        }
    }
    for text in messages.soon.iter().filter(|text| counts(text)) {
        let found = classify(text, &lexicon);
        f.soon += 1;
        f.soon_silent += usize::from(!found.crisis && found.soon.is_empty());
        writeln!(f.wrong, "  soon {}: {text}", seen(&found)).unwrap();
    }
    for (text, wanted) in messages.signs.iter().filter(|(text, _)| counts(text)) {
        let found = classify(text, &lexicon);
        let wanted: BTreeSet<&str> = wanted.split(", ").collect();
        let got: Vec<String> =
            found.signs.iter().map(|s| format!("{} {}", s.category.as_str(), u8::from(s.level))).collect();
        let got: BTreeSet<&str> = got.iter().map(String::as_str).collect();
        let categories = |set: &BTreeSet<&str>| -> BTreeSet<String> {
            set.iter().filter_map(|s| s.split(' ').next()).map(str::to_owned).collect()
        };
        f.signs += 1;
        f.signs_crisis += usize::from(found.crisis);
        f.signs_exact += usize::from(categories(&got) == categories(&wanted) && !found.crisis);
        f.levels_exact += usize::from(got == wanted && !found.crisis);
        if got != wanted || found.crisis {
            writeln!(f.wrong, "  sign: {text}: wanted {wanted:?}, got {got:?} {}", seen(&found)).unwrap();
        }
    }
    for text in messages.harmless.iter().filter(|text| counts(text)) {
        let found = classify(text, &lexicon);
        let trouble = found.signs.iter().any(|sign| sign.category != SignCategory::Positive);
        f.harmless += 1;
        f.harmless_crisis += usize::from(found.crisis);
        f.harmless_clean += usize::from(!found.crisis && !trouble && !found.opt_out && !found.conduct);
        if found.crisis || trouble || found.opt_out || found.conduct {
            writeln!(f.wrong, "  harmless: {text}: {found:?}").unwrap();
        } else if seen(&found) != "silent" {
            writeln!(f.wrong, "  (harmless, {}: {text})", seen(&found)).unwrap();
        }
    }
    f
}

impl Figures {
    fn report(&self, name: &str) -> String {
        format!(
            "{name}: crisis heard {}/{} (silent {}), soon silent {}/{}, signs exact {}/{} (with level {}, crisis {}), \
             harmless clean {}/{} (crisis {})",
            self.crises_heard,
            self.crises,
            self.crises_silent,
            self.soon_silent,
            self.soon,
            self.signs_exact,
            self.signs,
            self.levels_exact,
            self.signs_crisis,
            self.harmless_clean,
            self.harmless,
            self.harmless_crisis,
        )
    }
}

/// What has to hold, in percent: crises heard, sign messages exactly right, harmless ones clean; and how many harmless
/// messages may raise a crisis. A little below the figures of docs/SIGNS.md.
const FLOORS: [(&str, [usize; 3], usize); 4] =
    [("half A", [97, 94, 94], 0), ("half B", [94, 66, 85], 2), ("later", [92, 86, 94], 1), ("last", [40, 80, 90], 2)];

#[test]
#[expect(clippy::print_stdout, reason = "the figures are for whoever works on the list (--nocapture)")]
fn what_the_list_hears_in_other_words_keeps_its_floor() {
    let file: File = toml::from_str(include_str!("messages.toml")).unwrap();
    for (name, floors, alarms) in FLOORS {
        let f = match name {
            "half A" => measure(&file.first, Some(Half::A)),
            "half B" => measure(&file.first, Some(Half::B)),
            "later" => measure(&file.later, None),
            _ => measure(&file.last, None),
        };
        let report = format!("{}\n{}", f.report(name), f.wrong);
        println!("{report}");
        let kept = [(f.crises_heard, f.crises), (f.signs_exact, f.signs), (f.harmless_clean, f.harmless)];
        for ((right, all), floor) in kept.into_iter().zip(floors) {
            assert!(right * 100 >= floor * all, "{right} of {all}, floor {floor} %\n{report}");
        }
        assert!(f.harmless_crisis <= alarms && f.signs_crisis == 0, "everyday words raise a crisis\n{report}");
    }
}

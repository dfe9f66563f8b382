//! Every pair of colours that meet on a page, in every set of colours: enough contrast to be read (WCAG 1.4.3, 1.4.11; ux.md A2).

use std::collections::BTreeMap;

use super::{CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, style};

type Colours = BTreeMap<String, String>;

const SETS: [(&str, &str, f64); 4] = [
    ("light", LIGHT, 4.5),
    ("dark", DARK, 4.5),
    ("contrast-light", CONTRAST_LIGHT, 7.0),
    ("contrast-dark", CONTRAST_DARK, 7.0),
];
const FAMILIES: [&str; 5] = ["primary", "danger", "warning", "success", "note"];
/// Grounds on which anything may stand.
const GROUNDS: [&str; 3] = ["page", "surface", "sunken"];

/// `--c-name: value;` of a set, without the dashes.
fn colours(set: &str) -> Colours {
    let lines = set.lines().filter_map(|line| line.trim().strip_prefix("--c-")?.trim_end_matches(';').split_once(": "));
    lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What the quiet set of a theme changes: `--c-a: var(--c-b);` in `:root[data-calm]`.
fn calm(usual: &Colours) -> Colours {
    let style = style();
    let rule = style.split_once(":root[data-calm] {").expect("there is a quiet set").1.split_once('}').unwrap().0;
    let mut quiet = usual.clone();
    for (name, value) in colours(rule) {
        let other = value.trim_start_matches("var(--c-").trim_end_matches(')');
        assert!(quiet.contains_key(&name), "{name}");
        quiet.insert(name, usual[other].clone());
    }
    quiet
}

/// WCAG's relative luminance.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    assert!(colour.len() == 7 && colour.starts_with('#'), "{colour} isn't written as #rrggbb");
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn ratio(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Pairs of words and ground.
fn words() -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut add = |words: &str, ground: &str| pairs.push((words.to_owned(), ground.to_owned()));
    for ground in GROUNDS {
        for words in ["text", "text-soft", "link"] {
            add(words, ground);
        }
        for family in FAMILIES {
            add(family, ground);
            add(&format!("{family}-strong"), ground);
        }
    }
    for family in FAMILIES {
        let soft = format!("{family}-soft");
        for words in ["text", "text-soft", "link"] {
            add(words, &soft);
        }
        add(family, &soft);
        add(&format!("{family}-strong"), &soft);
    }
    for family in ["primary", "danger", "note"] {
        add("on-fill", family);
        add("on-fill", &format!("{family}-strong"));
    }
    pairs
}

/// Borders of controls and grounds.
fn borders() -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for ground in GROUNDS {
        for line in ["line-strong", "primary", "danger", "warning", "success", "note"] {
            pairs.push((line.to_owned(), ground.to_owned()));
        }
    }
    for family in FAMILIES {
        pairs.push(("line-strong".to_owned(), format!("{family}-soft")));
    }
    pairs
}

fn too_low(name: &str, colours: &Colours, least: f64) -> Vec<String> {
    let of = |name: &str| colours.get(name).unwrap_or_else(|| panic!("no --c-{name}"));
    let words = words().into_iter().map(|pair| (pair, least));
    let borders = borders().into_iter().map(|pair| (pair, 3.0));
    let low = words.chain(borders).filter_map(|((front, ground), least)| {
        let ratio = ratio(of(&front), of(&ground));
        (ratio < least).then(|| format!("{name}: {front} on {ground} is {ratio:.2}, at least {least}"))
    });
    low.collect()
}

#[test]
fn everything_can_be_read_in_every_theme_and_in_the_quiet_one() {
    let mut low = Vec::new();
    for (name, set, least) in SETS {
        let usual = colours(set);
        low.extend(too_low(name, &usual, least));
        low.extend(too_low(&format!("quiet {name}"), &calm(&usual), least));
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
}

#[test]
fn the_focus_is_seen_on_every_ground() {
    for (name, set, _) in SETS {
        let colours = colours(set);
        for (ground, colour) in
            colours.iter().filter(|(name, _)| !name.starts_with("focus") && !name.starts_with("on-"))
        {
            let [line, ring] = ["focus-line", "focus-ring"].map(|part| ratio(&colours[part], colour));
            assert!(line.max(ring) >= 3.0, "{name}: on {ground} {line:.2} and {ring:.2}");
        }
    }
}

#[test]
fn every_set_names_the_same_colours() {
    let names = |set: &str| colours(set).into_keys().collect::<Vec<_>>();
    for (name, set, _) in SETS {
        assert_eq!(names(set), names(LIGHT), "{name}");
    }
}

#[test]
fn the_ratio_is_wcags() {
    assert!((ratio("#000000", "#ffffff") - 21.0).abs() < 0.001);
    assert!((ratio("#767676", "#ffffff") - 4.54).abs() < 0.01, "gray-536, as ux.md A2 says");
    assert!((ratio("#0017c1", "#ffffff") - 11.1).abs() < 0.05, "blue-900");
}

//! Colours have names: a raw one outside the sets would stay as it is in every theme (ux.md A2).

use super::tree::our_files;

/// Words that CSS takes for a colour and that a hand might write.
const NAMED: [&str; 10] = ["white", "black", "red", "blue", "green", "gray", "grey", "orange", "yellow", "purple"];
/// What makes a colour out of figures.
const MADE: [&str; 8] = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab(", "color("];

#[test]
fn styles_name_their_colours_by_what_they_are_for() {
    let styles = our_files().into_iter().filter(|file| file.path.starts_with("crates/web/assets/style/"));
    let raw: Vec<String> = styles
        .filter(|file| !file.path.contains("/colours/"))
        .flat_map(|file| file.lines_where(has_raw_colour))
        .collect();
    assert!(raw.is_empty(), "use a custom property of tokens.css and colours/:\n{}", raw.join("\n"));
}

#[test]
fn pictures_in_pages_take_their_colours_from_the_style() {
    let templates =
        our_files().into_iter().filter(|file| file.path.starts_with("templates/") && file.ends_in(&["html"]));
    let raw: Vec<String> = templates
        .filter(|file| !file.path.starts_with("templates/mail/"))
        .flat_map(|file| {
            // A QR code is black on white in every theme: a camera reads it.
            file.lines_where(|line| {
                !line.contains("class=\"qr\"") && ["fill=\"#", "stroke=\"#"].iter().any(|raw| line.contains(raw))
            })
        })
        .collect();
    assert!(raw.is_empty(), "use currentColor or a class:\n{}", raw.join("\n"));
}

#[test]
fn a_raw_colour_is_seen_and_a_selector_is_none() {
    for raw in ["color: #fff;", "border: 1px solid #1a1a1c;", "background: rgb(0 0 0 / .5);", "a { color: white; }"] {
        assert!(has_raw_colour(raw), "{raw}");
    }
    for fine in
        ["form > :not(#x) { margin: 0; }", "white-space: nowrap;", "color: var(--c-text);", "background: Canvas;"]
    {
        assert!(!has_raw_colour(fine), "{fine}");
    }
}

fn has_raw_colour(line: &str) -> bool {
    let values = line.split([';', '{', '}']).filter_map(|part| part.split_once(": "));
    values.map(|(_, value)| value).any(|value| {
        let words = || value.split([' ', ',', '(', ')']);
        let hex = |word: &str| {
            let digits = word.strip_prefix('#').unwrap_or_default();
            digits.len() >= 3 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        words().any(|word| hex(word) || NAMED.contains(&word)) || MADE.iter().any(|made| value.contains(made))
    })
}

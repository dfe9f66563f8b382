//! The style sheet and the script, served under names made of their content, so that browsers may keep them for ever.
//!
//! Both are written as small files of one subject each and joined while the program is built, so that a page asks for one style and
//! one script. To add a file: put it into `assets/style/` or `assets/script/` and write its name into `STYLE` or `SCRIPT` below.
//! Later styles win over earlier ones. A script file is a block of its own, so that its names can't meet another file's; what several
//! of them need stands in `base.js`. Colours, sizes and spaces are the custom properties of `tokens.css` and `colours/`; a test refuses
//! raw colours anywhere else.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::compress;

/// One written file: its name and its text.
type Part = (&'static str, &'static str);

macro_rules! parts {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../assets/", $folder, "/", $name)))),+]
    };
}

/// The style, in the order in which it holds.
const STYLE: &[Part] = parts!("style":
    "tokens.css",
    "base.css",
    "frame.css",
    "parts.css",
    "tables.css",
    "forms.css",
    "widths.css",
    "letter.css",
    "me.css",
    "retention.css",
    "settings.css",
    "demo.css",
    "today.css",
    "crisis.css",
    "inbox.css",
    "desk.css",
    "graduates.css",
    "notes.css",
    "lanes.css",
    "absence.css",
    "clock.css",
    "cards.css",
    "display.css",
    "print.css",
);

/// Sets of colours: the file, and under which media and for which choice of the reader it holds. Later ones win. Paper is white.
const COLOURS: [(&str, &str, &str); 9] = [
    (LIGHT, "", ":root"),
    (DARK, "(prefers-color-scheme: dark)", ":root[data-theme=auto]"),
    (DARK, "", ":root[data-theme=dark]"),
    (CONTRAST_LIGHT, "(prefers-contrast: more)", ":root"),
    (CONTRAST_LIGHT, "", ":root[data-theme=contrast]"),
    (CONTRAST_DARK, "(prefers-contrast: more) and (prefers-color-scheme: dark)", ":root[data-theme=auto]"),
    (CONTRAST_DARK, "(prefers-contrast: more)", ":root[data-theme=dark]"),
    (CONTRAST_DARK, "(prefers-color-scheme: dark)", ":root[data-theme=contrast]"),
    (LIGHT, "print", ":root[data-theme]"),
];
const LIGHT: &str = include_str!("../assets/style/colours/light.css");
const DARK: &str = include_str!("../assets/style/colours/dark.css");
const CONTRAST_LIGHT: &str = include_str!("../assets/style/colours/contrast-light.css");
const CONTRAST_DARK: &str = include_str!("../assets/style/colours/contrast-dark.css");

/// The ES module, in the order in which it runs.
const SCRIPT: &[Part] = parts!("script":
    "base.js",
    "forms.js",
    "writing.js",
    "look.js",
    "drafts.js",
    "live.js",
    "quote.js",
    "keys.js",
);

/// One served file.
struct File {
    name: String,
    media_type: &'static str,
    text: String,
    packed: Vec<u8>,
}

static FILES: LazyLock<[File; 3]> = LazyLock::new(|| {
    [
        File::new("css", "text/css; charset=utf-8", style()),
        File::new("js", "text/javascript; charset=utf-8", script()),
        File::new("svg", "image/svg+xml", include_str!("../assets/bansou.svg").to_owned()),
    ]
});

impl File {
    fn new(end: &str, media_type: &'static str, text: String) -> Self {
        let digest = hex::encode(&Sha256::digest(&text)[..8]);
        let packed = compress::gzip(text.as_bytes(), &[]);
        Self { name: format!("bansou-{digest}.{end}"), media_type, text, packed }
    }
}

/// Where the pages find their files. Paths are absolute (`/assets/bansou-0123456789abcdef.css`).
#[derive(Debug, Clone, Serialize)]
pub struct Assets {
    /// The style sheet.
    pub style: String,
    /// The ES module.
    pub script: String,
    /// The picture in the browser's tab.
    pub icon: String,
}

impl Assets {
    /// Names made from the embedded files.
    pub fn embedded() -> Self {
        let [style, script, icon] = &*FILES;
        let path = |file: &File| format!("/assets/{}", file.name);
        Self { style: path(style), script: path(script), icon: path(icon) }
    }
}

/// The whole style sheet.
pub fn style() -> String {
    let colours = COLOURS.iter().map(|(set, media, selector)| {
        let rule = set[set.find(":root").unwrap_or(0)..].replacen(":root", selector, 1);
        if media.is_empty() { rule } else { format!("@media {media} {{\n{rule}}}\n") }
    });
    colours.chain(STYLE.iter().map(|(_, text)| (*text).to_owned())).collect::<Vec<_>>().join("\n")
}

/// The whole script.
pub fn script() -> String {
    let (base, others) = SCRIPT.split_first().map_or(("", SCRIPT), |((_, text), others)| (*text, others));
    let blocks = others.iter().map(|(_, text)| format!("\n{{\n{}}}\n", bare(text)));
    std::iter::once(bare(base)).chain(blocks).collect()
}

/// `GET /assets/{name}`. A name whose content part is not today's is not found, so that nothing stale is kept for ever.
pub async fn serve(Path(name): Path<String>, asked: HeaderMap) -> Response {
    let Some(file) = FILES.iter().find(|file| file.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    if compress::takes_gzip(&asked) {
        let packed = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
        return (headers, packed, file.packed.as_slice()).into_response();
    }
    (headers, file.text.as_str()).into_response()
}

/// A script without what is there for its readers: the lines that explain it, and the spaces before a line. No text in a script goes over lines.
fn bare(text: &str) -> String {
    let lines = text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
    lines.fold(String::new(), |all, line| all + line + "\n")
}

#[cfg(test)]
mod contrast;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_script_is_at_most_15_kilobytes_and_the_style_at_most_15_packed() {
        let [style, script, _] = &*FILES;
        assert!(script.text.len() <= 15_000, "script: {} bytes", script.text.len());
        assert!(style.packed.len() <= 15_000, "style: {} bytes", style.packed.len());
    }

    #[test]
    fn a_name_changes_with_its_content() {
        let named = |text: &str| File::new("css", "text/css", text.to_owned()).name;
        assert_ne!(named("one"), named("two"));
        assert!(Assets::embedded().style.starts_with("/assets/bansou-"));
    }

    #[test]
    fn every_file_in_the_folders_is_part_of_what_is_served() {
        for (folder, parts) in [("style", STYLE), ("script", SCRIPT)] {
            let folder = std::path::PathBuf::from(format!("{}/assets/{folder}", env!("CARGO_MANIFEST_DIR")));
            let mut named: BTreeSet<String> = parts.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(named.len(), parts.len(), "a file is named twice");
            if folder.ends_with("style") {
                named.extend(
                    ["light", "dark", "contrast-light", "contrast-dark"].map(|set| format!("colours/{set}.css")),
                );
            }
            assert_eq!(files_in(&folder, ""), named);
        }
    }

    fn files_in(folder: &std::path::Path, prefix: &str) -> BTreeSet<String> {
        let mut files = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_dir() {
                files.extend(files_in(&entry.path(), &format!("{name}/")));
            } else {
                files.insert(name);
            }
        }
        files
    }
}

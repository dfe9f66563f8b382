//! The style sheet and the script, served under names made of their content, so that browsers may keep them for ever.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use rust_embed::Embed;
use serde::Serialize;
use sha2::{Digest, Sha256};

#[derive(Embed)]
#[folder = "assets/"]
struct Files;

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
        Self { style: path("bansou.css"), script: path("bansou.js"), icon: path("bansou.svg") }
    }
}

/// `GET /assets/{name}`. A name whose content part is not today's is not found, so that nothing stale is kept for ever.
pub async fn serve(Path(name): Path<String>) -> Response {
    let Some((file, data)) = Files::iter().find_map(|file| {
        let data = Files::get(&file)?.data;
        (hashed_name(&file, &data) == name).then_some((file, data))
    }) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type(&file))),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, data.into_owned()).into_response()
}

fn path(file: &str) -> String {
    let data = Files::get(file).map(|file| file.data).unwrap_or_default();
    format!("/assets/{}", hashed_name(file, &data))
}

fn hashed_name(file: &str, data: &[u8]) -> String {
    let digest = hex::encode(&Sha256::digest(data)[..8]);
    let (stem, end) = file.rsplit_once('.').unwrap_or((file, "bin"));
    format!("{stem}-{digest}.{end}")
}

fn media_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stays_small() {
        let script = Files::get("bansou.js").expect("the script is embedded");
        assert!(script.data.len() < 6 * 1024, "{} bytes", script.data.len());
    }

    #[test]
    fn a_name_changes_with_its_content() {
        assert_ne!(hashed_name("a.css", b"one"), hashed_name("a.css", b"two"));
        assert!(Assets::embedded().style.starts_with("/assets/bansou-"));
    }
}

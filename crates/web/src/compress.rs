//! Pages go out packed: a long list is mostly the same words.
//!
//! A packed page that holds both a secret and words from elsewhere tells something about the secret by its length (BREACH). So each one
//! carries a name of random length in its gzip header, which hides small differences, and nothing but whole pages is packed; cookies don't
//! come with requests of other sites in any case (`SameSite=Lax`).

use std::io::Write;
use std::sync::Arc;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use flate2::{Compression, GzBuilder};
use http::{HeaderMap, HeaderValue, header};

use crate::app::App;

/// Smaller pages aren't worth it.
const LEAST: usize = 1024;
/// Most bytes of a page; a larger one goes out as it is.
const MOST: usize = 8 * 1024 * 1024;
/// Random bytes for the length of the name, and most letters of it.
const PADDING: usize = 100;

/// The layer around the pages.
pub async fn pages(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let takes = takes_gzip(request.headers());
    let response = next.run(request).await;
    if !takes || !is_page(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let size = body.size_hint().exact().and_then(|size| usize::try_from(size).ok());
    if !size.is_some_and(|size| (LEAST..MOST).contains(&size)) {
        return Response::from_parts(parts, body);
    }
    let Ok(page) = to_bytes(body, MOST).await else { return Response::from_parts(parts, Body::empty()) };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    Response::from_parts(parts, Body::from(gzip(&page, &app.parts.store.ambient().bytes::<PADDING>())))
}

/// Packs; `padding` is random.
pub(crate) fn gzip(data: &[u8], padding: &[u8]) -> Vec<u8> {
    let long = padding.first().map_or(0, |&byte| usize::from(byte) % padding.len());
    let name: Vec<u8> = padding.iter().take(long).map(|byte| b'a' + byte % 26).collect();
    let mut packed = GzBuilder::new().filename(name).write(Vec::with_capacity(data.len() / 4), Compression::default());
    packed.write_all(data).expect("writing into memory doesn't fail");
    packed.finish().expect("writing into memory doesn't fail")
}

/// Whether the browser says that it unpacks gzip.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').map(str::trim).any(|one| one == "gzip" || one.starts_with("gzip;q=") && !one.ends_with("=0"))
}

fn is_page(headers: &HeaderMap) -> bool {
    let is_html = |value: &HeaderValue| value.as_bytes().starts_with(b"text/html");
    headers.get(header::CONTENT_TYPE).is_some_and(is_html) && !headers.contains_key(header::CONTENT_ENCODING)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_whatever_the_padding() {
        let page = "予定はありません。".repeat(100);
        for first in [0, 1, 99, 255] {
            let packed = gzip(page.as_bytes(), &[first; 100]);
            assert!(packed.len() < page.len() / 4);
            let mut text = String::new();
            flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
            assert_eq!(text, page);
        }
        assert_ne!(gzip(b"x", &[7; 100]).len(), gzip(b"x", &[70; 100]).len());
    }

    #[test]
    fn only_whoever_says_so_gets_it() {
        let takes = |value: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]))
        };
        assert!(takes("gzip") && takes("br, gzip;q=0.8"));
        assert!(!takes("br") && !takes("gzip;q=0") && !takes_gzip(&HeaderMap::new()));
    }
}

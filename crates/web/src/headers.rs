//! Security headers on every answer: pages, errors, redirects, files (ASVS 5.0 V3.4.1–V3.4.6, V14.3.2).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue};

/// No inline script or style, no framing, forms only to ourselves. `data:` images are the QR code's and the icon's.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; object-src 'none'";

/// For a file that somebody sent: opened by itself it may do nothing at all (ASVS V3.2.1).
pub const FILE_SECURITY_POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// `same-origin` rather than `no-referrer`: with the latter, browsers send `Origin: null` with a form, and one that
/// sends no `Sec-Fetch-Site` (the web view of an older iPhone) could not post at all. Nothing goes to other sites.
const FIXED: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()"),
];

/// The outermost layer (`axum::middleware::from_fn(headers::secure)`), so that no answer leaves without it.
pub async fn secure(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    apply(response.headers_mut());
    response
}

/// Sets the fixed headers but for a file's own, stricter policy, and `no-store` where the answer doesn't say that it may be kept.
pub fn apply(headers: &mut HeaderMap) {
    let is_file = headers.get(header::CONTENT_SECURITY_POLICY).is_some_and(|policy| policy == FILE_SECURITY_POLICY);
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_file {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_SECURITY_POLICY));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_pages_are_never_stored_and_files_may_be() {
        let mut page = HeaderMap::new();
        apply(&mut page);
        assert_eq!(page[header::CACHE_CONTROL], "no-store");

        let mut file = HeaderMap::new();
        file.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        apply(&mut file);
        assert_eq!(file[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(file[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}

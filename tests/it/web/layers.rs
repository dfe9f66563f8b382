//! The layers around every page: security headers, foreign origins, pages for failures, files.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use bansou_core::words::Words;
use bansou_web::errors::{Failure, pages_for_failures};
use bansou_web::render::Pages;
use bansou_web::{assets, csrf, headers};
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

fn app() -> Router {
    let pages = Arc::new(Pages::embedded(&Arc::new(Words::embedded())).unwrap());
    Router::new()
        .route("/fine", get(|| async { "fine" }).post(|| async { "done" }))
        .route("/broken", get(|| async { Failure::Internal }))
        .route("/down", get(|| async { Failure::Unavailable }))
        .route("/large", post(|| async { Failure::TooLarge }))
        .route("/assets/{name}", get(assets::serve))
        .layer(csrf::layer("https://bansou.example").unwrap())
        .layer(from_fn_with_state(pages, pages_for_failures))
        .layer(from_fn(headers::secure))
}

async fn call(method: &str, path: &str, with: &[(&str, &str)]) -> (Response<()>, String) {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "bansou.example");
    for (name, value) in with {
        request = request.header(*name, *value);
    }
    let response = app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    (Response::from_parts(parts, ()), text)
}

const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml");

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let style = Pages::embedded(&Arc::new(Words::embedded())).unwrap().assets().style.clone();
    let calls = [
        ("GET", "/fine", StatusCode::OK),
        ("GET", "/nowhere", StatusCode::NOT_FOUND),
        ("DELETE", "/fine", StatusCode::METHOD_NOT_ALLOWED),
        ("GET", "/broken", StatusCode::INTERNAL_SERVER_ERROR),
        ("GET", "/down", StatusCode::SERVICE_UNAVAILABLE),
        ("POST", "/large", StatusCode::PAYLOAD_TOO_LARGE),
        ("GET", style.as_str(), StatusCode::OK),
    ];
    for (method, path, status) in calls {
        let (response, _) = call(method, path, &[HTML]).await;
        assert_eq!(response.status(), status, "{method} {path}");
        let given = response.headers();
        assert_eq!(given[header::CONTENT_SECURITY_POLICY], headers::CONTENT_SECURITY_POLICY);
        assert_eq!(given[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(given[header::STRICT_TRANSPORT_SECURITY].to_str().unwrap().contains("max-age=31536000"));
        assert!(given.contains_key(header::REFERRER_POLICY));
        assert!(!given.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        let kept = given[header::CACHE_CONTROL].to_str().unwrap();
        assert_eq!(kept.contains("immutable"), path == style, "{path}: {kept}");
        assert_eq!(kept == "no-store", path != style, "{path}: {kept}");
    }
}

#[tokio::test]
async fn a_failure_has_a_page_in_the_readers_language_and_a_bare_status_for_machines() {
    let (response, page) = call("GET", "/nowhere", &[HTML]).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(page.contains("ページが見つかりません"), "{page}");

    let (_, page) = call("GET", "/down", &[HTML, ("cookie", "__Host-lang=en")]).await;
    assert!(page.contains("Hard to reach at the moment"), "{page}");

    let (response, text) = call("POST", "/large", &[]).await;
    assert_eq!((response.status(), text.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, ""));
}

#[tokio::test]
async fn the_page_of_an_internal_error_is_always_the_same() {
    let (_, first) = call("GET", "/broken", &[HTML]).await;
    let (_, second) = call("GET", "/broken?secret=1", &[HTML]).await;
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    for foreign in
        [&[("sec-fetch-site", "cross-site")][..], &[("origin", "https://evil.example")][..], &[("origin", "null")][..]]
    {
        let (response, _) = call("POST", "/fine", foreign).await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{foreign:?}");
    }
    for own in [&[("sec-fetch-site", "same-origin")][..], &[("origin", "https://bansou.example")][..]] {
        let (response, _) = call("POST", "/fine", own).await;
        assert_eq!(response.status(), StatusCode::OK, "{own:?}");
    }
}

#[tokio::test]
async fn a_file_is_found_by_todays_name_only() {
    for name in ["/assets/bansou.css", "/assets/bansou-0000000000000000.css", "/assets/..%2fsrc%2flib.rs"] {
        let (response, _) = call("GET", name, &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name}");
    }
}

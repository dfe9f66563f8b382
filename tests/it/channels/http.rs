//! The HTTP client itself: no redirects, no endless answers, no second attempt, no plain HTTP to elsewhere.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bansou_channels::{LineChannel, Outcome, RefusedClass};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::{USER, line_settings, outgoing};

/// A server that says the same to everybody, and counts the connections.
async fn parrot(says: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4_096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(says.as_bytes()).await;
        }
    });
    (base_url, connections)
}

async fn pushed(base_url: String) -> Outcome {
    LineChannel::new(line_settings(base_url)).unwrap().push(&outgoing(USER, 1)).await
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (elsewhere, visits) = parrot("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".into()).await;
    let moved = format!("HTTP/1.1 307 Moved\r\nlocation: {elsewhere}/\r\ncontent-length: 0\r\n\r\n");
    let (base_url, _) = parrot(moved).await;
    let expected = Outcome::Refused { class: RefusedClass::Configuration, code: "line_307".into() };
    assert_eq!(pushed(base_url).await, expected);
    assert_eq!(visits.load(Ordering::SeqCst), 0, "the token and the message would have gone elsewhere");
}

#[tokio::test]
async fn a_page_of_some_proxy_is_no_acceptance() {
    let page = "<html>Please log in to the network</html>";
    let (base_url, _) = parrot(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{page}", page.len())).await;
    assert_eq!(pushed(base_url).await, Outcome::Unknown { code: "unreadable_answer".into() });
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let body = "x".repeat(2_000_000);
    let (base_url, _) = parrot(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())).await;
    assert_eq!(pushed(base_url).await, Outcome::Unknown { code: "answer_too_large".into() });
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_is_no_http_is_unknown_and_not_tried_again() {
    for says in ["HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"sent", "220 mail.example.jp\r\n", ""] {
        let (base_url, connections) = parrot(says.into()).await;
        assert_eq!(pushed(base_url).await, Outcome::Unknown { code: "connection_lost".into() }, "{says}");
        assert_eq!(connections.load(Ordering::SeqCst), 1);
    }
}

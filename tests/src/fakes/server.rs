//! A small HTTP server on loopback that can also break its connections.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    response::{IntoResponse, Response},
};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tower::ServiceExt as _;

use super::{Fault, Faults};

/// A running server; ends when dropped.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    task: JoinHandle<()>,
}

/// In a response's extensions: reset the connection instead of answering.
#[derive(Debug, Clone, Copy)]
struct Reset;

impl Server {
    /// Serves the router on a free port.
    pub(super) async fn start(router: Router) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream, router.clone()));
            }
        });
        Self { address, task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Faults that need no word from the provider's own logic; `None` means: go on.
pub(super) async fn before(faults: &Faults, fault: Option<Fault>) -> Option<Response> {
    match fault? {
        Fault::ResetBefore => Some(reset()),
        Fault::HangBefore => std::future::pending().await,
        Fault::Held => {
            faults.until_released().await;
            None
        }
        Fault::Late(millis) => {
            tokio::time::sleep(Duration::from_millis(u64::from(millis.min(1_000)))).await;
            None
        }
        _ => None,
    }
}

/// Faults after the request was taken: the answer, unless it gets lost.
pub(super) async fn after(fault: Option<Fault>, answer: Response) -> Response {
    match fault {
        Some(Fault::ResetAfter) => reset(),
        Some(Fault::HangAfter) => std::future::pending().await,
        Some(Fault::GarbledAfter) => {
            let (mut parts, _) = answer.into_parts();
            parts.headers.remove(http::header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(r#"{"cut":"#))
        }
        _ => answer,
    }
}

fn reset() -> Response {
    let mut response = ().into_response();
    response.extensions_mut().insert(Reset);
    response
}

async fn connection(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let Ok(stream) = stream.into_std() else { return };
    // A second handle on the same socket, to tell it to close with a reset.
    let Ok(handle) = stream.try_clone() else { return };
    let Ok(stream) = TcpStream::from_std(stream) else { return };
    let handle = Arc::new(handle);
    let service = service_fn(move |request: http::Request<hyper::body::Incoming>| {
        let (router, handle) = (router.clone(), Arc::clone(&handle));
        async move {
            let answered: Result<Response, Infallible> = router.oneshot(request.map(Body::new)).await;
            let Ok(response) = answered;
            if response.extensions().get::<Reset>().is_none() {
                return Ok(response);
            }
            if let Ok(stream) = handle.try_clone().and_then(TcpStream::from_std) {
                let _ = stream.set_zero_linger();
            }
            Err("reset on purpose")
        }
    });
    // The error is the reset on purpose, or a caller who gave up.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

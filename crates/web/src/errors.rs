//! When a page cannot be shown: one calm page per reason, in plain words, with a way on.
//!
//! Handlers return a [`Failure`]; the layer [`pages_for_failures`] puts the page around it, also for answers that
//! other layers make (413, 404). Only readers of HTML get one: providers' webhooks get the bare status.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use bansou_store::StoreError;
use http::{HeaderMap, StatusCode, header};

use crate::answer;
use crate::language;
use crate::pages::Frame;
use crate::pages::error::{ErrorPage, Reader, Reason};
use crate::render::{Pages, RenderError};

/// Why a request ends without its page. Carries nothing about a person; what happened is logged where it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There is nothing here, or nothing that this reader may know of.
    #[error("not found")]
    NotFound,
    /// The reader may not do this, or the form did not come from our page.
    #[error("not allowed")]
    Forbidden,
    /// Not a form of ours: fields that are broken or come twice.
    #[error("unreadable")]
    Unreadable,
    /// Too much was sent at once.
    #[error("too large")]
    TooLarge,
    /// Our fault.
    #[error("internal error")]
    Internal,
    /// The database cannot be reached; nothing was changed.
    #[error("unavailable")]
    Unavailable,
}

impl Failure {
    /// The status code of the answer.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The failure an answer's status stands for, if it is one that has a page.
    pub fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(Self::NotFound),
            StatusCode::FORBIDDEN => Some(Self::Forbidden),
            StatusCode::BAD_REQUEST => Some(Self::Unreadable),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::SERVICE_UNAVAILABLE => Some(Self::Unavailable),
            status if status.is_server_error() => Some(Self::Internal),
            _ => None,
        }
    }
}

/// What the store says, as an answer. What a handler can explain on its page it handles before; the rest is logged here,
/// without anything about a person, because the store's errors hold none.
impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } => Self::NotFound,
            error if error.is_temporary() => {
                tracing::error!(error = &error as &dyn std::error::Error, "the database did not answer");
                Self::Unavailable
            }
            error => {
                tracing::error!(error = &error as &dyn std::error::Error, "the store refused what a page asked for");
                Self::Internal
            }
        }
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "a page could not be shown");
        Self::Internal
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        self.status().into_response()
    }
}

/// Layer (`from_fn_with_state(pages, …)`): gives readers of HTML a page for a failed answer that isn't HTML already.
pub async fn pages_for_failures(State(pages): State<Arc<Pages>>, request: Request, next: Next) -> Response {
    let wants_html = accepts_html(request.headers());
    let path = request.uri().path().to_owned();
    let mut back = answer::page_of(request.method(), request.uri());
    back.truncate(back.find('?').unwrap_or(back.len()));
    let reader = Reader::at(&path);
    let lang = match reader {
        Reader::Graduate => language::easy_of_request(request.headers()),
        Reader::Staff | Reader::Employer => language::of_request(request.headers()),
    };
    let response = next.run(request).await;
    let Some(failure) = Failure::of_status(response.status()).filter(|_| wants_html && !is_html(&response)) else {
        return response;
    };
    let page = ErrorPage::new(Reason::from(failure), reader);
    let frame = Frame::outside(lang, language::safe_back(&back));
    match pages.render(&frame, &page) {
        Ok(html) => (response.status(), Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the page for a failure could not be shown");
            response
        }
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|text| text.contains("text/html"))
}

fn is_html(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

//! A form sent by a signed-in member of staff: read, proven to be from our page, and acting once.
//!
//! ```text
//! async fn save(sent: Sent<PauseForm>) -> Answer {
//!     // look, refuse with 422 …
//!     let Some(tx) = sent.begin().await? else { return Ok(answer::done(&there, Done::Paused)) };
//!     tx.pause_graduate(…).await?;
//!     tx.save().await?;
//!     Ok(answer::done(&there, Done::Paused))
//! }
//! ```

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bansou_store::Tx;
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::errors::Failure;
use crate::kept;
use crate::signed::{Holder, Signed};

/// Most letters of a form key; ours have 32.
pub(crate) const LONGEST_KEY: usize = 64;

/// A form of a signed-in member of staff. `S` says with which role; any by default.
pub struct Sent<F, S = Signed> {
    /// Who sent it.
    pub signed: S,
    /// The raw form.
    pub form: F,
    once: String,
    mark: String,
}

/// A form of nothing but a button.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Nothing {}

/// The hidden fields of every form.
#[derive(Deserialize)]
pub(crate) struct Keys {
    #[serde(default)]
    pub(crate) csrf: String,
    #[serde(default)]
    pub(crate) once: String,
}

impl<F, S: Holder> Sent<F, S> {
    /// The unit of work of this form; `None` when the same form was sent before (a double click, "send again"): then nothing is
    /// to be done but to answer as the first time. A form that is refused afterwards may be sent again, because its key is
    /// kept only with the work.
    pub async fn begin(&self) -> Result<Option<Tx>, Failure> {
        let tx = self.signed.as_ref().begin().await?;
        Ok(tx.take_form_key(&self.mark).await?.then_some(tx))
    }

    /// The words of this page's box have become a message: a draft of them that is still on its way comes too late.
    pub async fn end_drafts(&self, tx: &Tx) -> Result<(), Failure> {
        tx.take_form_key(&self.once).await?;
        Ok(())
    }

    /// Whether the words of this page's box have become a message.
    pub async fn has_ended_drafts(&self, tx: &Tx) -> Result<bool, Failure> {
        Ok(tx.is_form_key_taken(&self.once).await?)
    }
}

impl<F: DeserializeOwned, S: Holder> FromRequest<Arc<App>> for Sent<F, S> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        match S::from_request_parts(&mut parts, app).await {
            Ok(signed) => read(signed, Request::from_parts(parts, body)).await,
            Err(refused) => Err(kept::came_too_late(app, refused, Request::from_parts(parts, body)).await),
        }
    }
}

async fn read<F: DeserializeOwned, S: Holder>(signed: S, request: Request) -> Result<Sent<F, S>, Response> {
    let failed = IntoResponse::into_response;
    let raw = RawForm::take(request).await.map_err(failed)?;
    let Keys { csrf, once } = raw.read().await.map_err(failed)?;
    if !signed.as_ref().is_own_form(&csrf) {
        return Err(kept::of_an_older_session(signed.as_ref(), &raw).await);
    }
    if once.is_empty() || once.len() > LONGEST_KEY {
        return Err(Failure::Unreadable.into_response());
    }
    let mark = raw.mark().await.map_err(failed)?;
    Ok(Sent { signed, form: raw.read().await.map_err(failed)?, once, mark })
}

/// A form's bytes, read once and looked at twice: the hidden fields first, then the form itself.
pub(crate) struct RawForm {
    parts: Parts,
    raw: Bytes,
}

impl RawForm {
    /// The head of the request.
    pub(crate) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Takes the body.
    pub(crate) async fn take(request: Request) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let raw = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await.map_err(|rejection| {
            if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
                Failure::TooLarge
            } else {
                Failure::Unreadable
            }
        })?;
        Ok(Self { parts, raw: with_one_kind_of_line_end(&raw) })
    }

    /// By what the same form sent twice is known: where it went and all it said, the page's key among it. The forms of a page share
    /// that key, so that by it alone the second of two different ones would be taken for the first sent twice. The token
    /// says nothing: a form that was kept over a new sign-in has another.
    pub(crate) async fn mark(&self) -> Result<String, Failure> {
        let mut fields: Vec<(String, String)> = self.read().await?;
        fields.retain(|(name, _)| name != "csrf");
        let said = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Ok(format!("{}?{said}", self.parts.uri.path()))
    }

    /// Reads some of the fields. One that comes twice is unreadable (ASVS V15.3.7).
    pub(crate) async fn read<F: DeserializeOwned>(&self) -> Result<F, Failure> {
        let request = Request::from_parts(self.parts.clone(), Body::from(self.raw.clone()));
        let Form(form) = Form::<F>::from_request(request, &()).await.map_err(|_| Failure::Unreadable)?;
        Ok(form)
    }
}

/// Browsers send line ends as CRLF; whatever is counted, kept and sent here has LF.
fn with_one_kind_of_line_end(raw: &[u8]) -> Bytes {
    let mut rest = raw;
    let mut whole = Vec::with_capacity(raw.len());
    while let Some(at) = rest.windows(6).position(|six| six.eq_ignore_ascii_case(b"%0D%0A")) {
        whole.extend_from_slice(&rest[..at]);
        rest = &rest[at + 3..];
    }
    whole.extend_from_slice(rest);
    whole.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_one_letter_and_everything_else_stays() {
        let read = |raw: &str| String::from_utf8(with_one_kind_of_line_end(raw.as_bytes()).to_vec());
        assert_eq!(read("a=1%0D%0A2%0d%0a%0D%0A&b=%0D&c=%0A").as_deref(), Ok("a=1%0A2%0a%0A&b=%0D&c=%0A"));
        assert_eq!(read("").as_deref(), Ok(""));
    }
}

//! Somebody without a session of staff: the sign-in page, a password link, the doors of graduates and employers.
//!
//! A form shown to a visitor is tied to their browser by a cookie of random bytes, because there is no session yet that it
//! could be tied to; otherwise another site could sign somebody in as somebody else.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{Html, IntoResponse, Response};
use bansou_core::preferences::Preferences;
use bansou_core::words::Lang;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::request::Parts;
use http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::cookies::Cookie;
use crate::errors::Failure;
use crate::look::Look;
use crate::pages::{Frame, Page};
use crate::sent::{Keys, RawForm};
use crate::signed::Answer;
use crate::{answer, client, csrf, language};

/// Somebody without a session of staff.
#[derive(Clone)]
pub struct Visitor {
    /// The application.
    pub app: Arc<App>,
    /// Their language: chosen, or the browser's.
    pub lang: Lang,
    /// From where they come; see [`client::address`].
    pub address: String,
    /// What this browser kept from an earlier sign-in.
    pub device: Option<String>,
    form_cookie: String,
    is_new: bool,
    path: String,
    done: Option<crate::pages::Done>,
    preferences: Preferences,
}

impl Visitor {
    /// The page without the staff's menu, 200.
    pub fn page<P: Page>(&self, page: &P) -> Answer {
        self.page_as(StatusCode::OK, page)
    }

    /// The page without the staff's menu, with a status.
    pub fn page_as<P: Page>(&self, status: StatusCode, page: &P) -> Answer {
        let frame = Frame {
            csrf: csrf::token(self.form_cookie.as_bytes()),
            once: answer::fresh_key(&self.app),
            done: self.done,
            preferences: self.preferences,
            ..Frame::outside(self.lang, language::safe_back(&self.path))
        };
        let mut response = (status, Html(self.app.pages.render(&frame, page)?)).into_response();
        if self.is_new {
            let cookie = Cookie::Form.set(&self.form_cookie, self.app.is_https());
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(response)
    }
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let sent = Cookie::Form.read(&parts.headers, app.is_https()).filter(|value| is_ours(value));
        let is_new = sent.is_none();
        let fresh = || URL_SAFE_NO_PAD.encode(app.parts.store.ambient().bytes::<32>());
        Ok(Self {
            app: Arc::clone(app),
            lang: language::of_request(&parts.headers),
            address: client::address(parts, &app.parts.trusted_proxies),
            device: Cookie::Device.read(&parts.headers, app.is_https()).map(ToOwned::to_owned),
            form_cookie: sent.map_or_else(fresh, ToOwned::to_owned),
            is_new,
            path: answer::page_of(&parts.method, &parts.uri),
            done: answer::done_of(&parts.uri),
            preferences: Look::of(&parts.headers, app.is_https()).preferences(),
        })
    }
}

/// A form that a visitor sent from one of our pages.
pub struct VisitorSent<F> {
    /// Who sent it.
    pub visitor: Visitor,
    /// The raw form.
    pub form: F,
}

impl<F: DeserializeOwned> FromRequest<Arc<App>> for VisitorSent<F> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        read(visitor, Request::from_parts(parts, body)).await.map_err(IntoResponse::into_response)
    }
}

async fn read<F: DeserializeOwned>(visitor: Visitor, request: Request) -> Result<VisitorSent<F>, Failure> {
    let raw = RawForm::take(request).await?;
    let keys: Keys = raw.read().await?;
    if visitor.is_new || !csrf::verify(visitor.form_cookie.as_bytes(), &keys.csrf) {
        return Err(Failure::Forbidden);
    }
    Ok(VisitorSent { visitor, form: raw.read().await? })
}

fn is_ours(value: &str) -> bool {
    URL_SAFE_NO_PAD.decode(value).is_ok_and(|raw| raw.len() == 32)
}

//! Somebody who came by a link: a graduate on their own page, an employer contact who answers one request.
//!
//! A link's token is taken once, by a button, and exchanged for a cookie; then no address holds anything secret. A guest sees
//! what their session names and nothing else.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{Html, IntoResponse, Response};
use bansou_core::audit::Actor;
use bansou_core::graduate::Language;
use bansou_core::ids::{EscalationId, GraduateId};
use bansou_core::preferences::Furigana;
use bansou_core::words::Lang;
use bansou_store::{Graduate, Link, LinkKind, Office, SESSION_GUEST, Session, SessionKind, Tx};
use chrono::{DateTime, NaiveDate, Utc};
use http::request::Parts;
use http::{StatusCode, header};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::app::App;
use crate::cookies::{Cookie, RequestMark};
use crate::errors::Failure;
use crate::look::Look;
use crate::pages::employer::{EmployerClosedPage, LinkClosed};
use crate::pages::me::MeClosedPage;
use crate::pages::{Done, Frame, LocalTime, Page};
use crate::sent::{Keys, LONGEST_KEY, RawForm};
use crate::signed::{Answer, session};
use crate::visitor::Visitor;
use crate::{answer, csrf, language};

/// Cookies of requests that are looked at, at most: nobody is asked so much at a time.
const MOST_REQUESTS: usize = 20;

/// Somebody who came by a link.
#[derive(Clone)]
pub struct Guest {
    /// The application.
    pub app: Arc<App>,
    /// Their session.
    pub session: Session,
    /// The office that gave the link.
    pub office: Office,
    /// The language of their pages.
    pub lang: Lang,
    csrf: String,
    path: String,
    done: Option<Done>,
    look: Look,
}

/// A graduate on their own page.
#[derive(Clone)]
pub struct Me {
    /// The visit.
    pub guest: Guest,
    /// Who they are.
    pub graduate: Graduate,
}

/// An employer contact with one request.
#[derive(Clone)]
pub struct Asked {
    /// The visit.
    pub guest: Guest,
    /// The request.
    pub request: EscalationId,
}

/// A form that a guest sent from one of our pages.
pub struct GuestSent<F, G> {
    /// Who sent it.
    pub who: G,
    /// The raw form.
    pub form: F,
    mark: String,
}

impl Guest {
    /// Who acts, for the audit list.
    pub fn actor(&self) -> Actor {
        self.session.actor()
    }

    /// A unit of work that looks.
    pub async fn read(&self) -> Result<Tx, Failure> {
        Ok(self.app.parts.store.read(self.office.id).await?)
    }

    /// Now, UTC.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.parts.store.ambient().now()
    }

    /// Today in the office's zone.
    pub fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.office.zone).date_naive()
    }

    /// A moment in the office's zone, as pages hold it.
    pub fn local(&self, at: DateTime<Utc>) -> LocalTime {
        at.with_timezone(&self.office.zone).fixed_offset()
    }

    /// The page, 200.
    pub fn page<P: Page>(&self, page: &P) -> Answer {
        self.page_as(StatusCode::OK, page)
    }

    /// The page with a status.
    pub fn page_as<P: Page>(&self, status: StatusCode, page: &P) -> Answer {
        let frame = Frame {
            csrf: self.csrf.clone(),
            once: answer::fresh_key(&self.app),
            done: self.done,
            preferences: self.look.preferences(),
            ..Frame::outside(self.lang, language::safe_back(&self.path))
        };
        Ok((status, Html(self.app.pages.render(&frame, page)?)).into_response())
    }
}

impl<F, G: AsRef<Guest>> GuestSent<F, G> {
    /// The unit of work of this form; `None` when the same form was sent before.
    pub async fn begin(&self) -> Result<Option<Tx>, Failure> {
        let guest = self.who.as_ref();
        let tx = guest.app.parts.store.begin(guest.office.id).await?;
        Ok(tx.take_form_key(&self.mark).await?.then_some(tx))
    }
}

impl AsRef<Guest> for Me {
    fn as_ref(&self) -> &Guest {
        &self.guest
    }
}

impl AsRef<Guest> for Asked {
    fn as_ref(&self) -> &Guest {
        &self.guest
    }
}

impl FromRequestParts<Arc<App>> for Me {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let closed = MeClosedPage { phone: String::new() };
        let open = session(parts, app, (Cookie::Graduate, SessionKind::Graduate)).await;
        let open = open.map_err(|error| Failure::from(error).into_response())?;
        let guest = guest(parts, app, open).await.map_err(IntoResponse::into_response)?;
        let Some(mut guest) = guest else { return Err(outside(parts, app, &closed).await) };
        let graduate = myself(&guest).await.map_err(IntoResponse::into_response)?;
        let Some(graduate) = graduate else { return Err(outside(parts, app, &closed).await) };
        // The person's own way of reading, until they choose another on the page.
        if language::chosen(&parts.headers).is_none() && graduate.details.language != Language::Plain {
            guest.lang = Lang::JaEasy;
        }
        if graduate.details.language == Language::Furigana {
            guest.look.furigana.get_or_insert(Furigana::All);
        }
        Ok(Self { guest, graduate })
    }
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let closed = EmployerClosedPage { why: LinkClosed::Expired, office: None, phone: String::new() };
        let open = asked_session(parts, app).await.map_err(IntoResponse::into_response)?;
        let guest = guest(parts, app, open).await.map_err(IntoResponse::into_response)?;
        let Some(guest) = guest else { return Err(outside(parts, app, &closed).await) };
        Ok(Self { request: EscalationId(guest.session.subject), guest })
    }
}

impl<F, G> FromRequest<Arc<App>> for GuestSent<F, G>
where
    F: DeserializeOwned,
    G: FromRequestParts<Arc<App>, Rejection = Response> + AsRef<Guest> + Send + Sync,
{
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let who = G::from_request_parts(&mut parts, app).await?;
        read(who, Request::from_parts(parts, body)).await.map_err(IntoResponse::into_response)
    }
}

async fn read<F: DeserializeOwned, G: AsRef<Guest>>(who: G, request: Request) -> Result<GuestSent<F, G>, Failure> {
    let raw = RawForm::take(request).await?;
    let Keys { csrf, once } = raw.read().await?;
    if !bool::from(subtle::ConstantTimeEq::ct_eq(who.as_ref().csrf.as_bytes(), csrf.as_bytes())) {
        return Err(Failure::Forbidden);
    }
    if once.is_empty() || once.len() > LONGEST_KEY {
        return Err(Failure::Unreadable);
    }
    let mark = raw.mark().await?;
    Ok(GuestSent { who, form: raw.read().await?, mark })
}

/// Takes a link that works and answers with the cookie of a new session, towards its page; `None` when it doesn't work (any
/// more). The cookie stays as long as the session, also when the browser is closed: the link works only once.
pub async fn enter(app: &App, link: LinkKind, token: &str) -> Result<Option<Response>, Failure> {
    let store = &app.parts.store;
    let Some(found) = store.find_link(link, token).await? else { return Ok(None) };
    let tx = store.begin(found.office).await?;
    let Some(subject) = tx.take_link(link, token).await? else { return Ok(None) };
    let Some((cookie, kind, place)) = behind(link, subject) else { return Ok(None) };
    let value = tx.create_session(kind, subject).await?;
    tx.save().await?;
    let days = u32::try_from(SESSION_GUEST.num_days()).unwrap_or(1);
    let mut response = answer::see(&place);
    response.headers_mut().append(header::SET_COOKIE, cookie.set_for(days, &value, app.is_https()));
    Ok(Some(response))
}

/// The page behind a link that is used up by now, where this browser holds the session it was exchanged for.
pub async fn came_by(parts: &Parts, app: &App, link: &Link) -> Result<Option<String>, Failure> {
    let Some((cookie, kind, place)) = behind(link.kind, link.subject) else { return Ok(None) };
    let open = session(parts, app, (cookie, kind)).await?;
    let is_own = open.is_some_and(|(_, session)| session.office == link.office && session.subject == link.subject);
    Ok(is_own.then_some(place))
}

/// The page of one request at an employer contact's.
pub fn request_place(request: EscalationId) -> String {
    answer::with_query("/e", &[("r", &RequestMark::of(request).to_string())])
}

/// What a guest's link leads to.
fn behind(link: LinkKind, subject: Uuid) -> Option<(Cookie, SessionKind, String)> {
    match link {
        LinkKind::Me => Some((Cookie::Graduate, SessionKind::Graduate, "/me".to_owned())),
        LinkKind::Employer => {
            let request = EscalationId(subject);
            Some((Cookie::Request(RequestMark::of(request)), SessionKind::Employer, request_place(request)))
        }
        LinkKind::Invite | LinkKind::Password => None,
    }
}

/// The session of the request that the address names; of several without a name, the one that was opened last.
async fn asked_session(parts: &Parts, app: &App) -> Result<Option<(String, Session)>, Failure> {
    let query = parts.uri.query().unwrap_or_default();
    let named = query.split('&').find_map(|pair| pair.strip_prefix("r="));
    let marks = match named {
        Some(mark) => mark.parse().into_iter().collect(),
        None => RequestMark::sent(&parts.headers, app.is_https()),
    };
    let mut newest: Option<(String, Session)> = None;
    for mark in marks.into_iter().take(MOST_REQUESTS) {
        let open = session(parts, app, (Cookie::Request(mark), SessionKind::Employer)).await?;
        let open = open.filter(|(_, session)| RequestMark::of(EscalationId(session.subject)) == mark);
        if let Some(open) = open
            && newest.as_ref().is_none_or(|(_, newest)| newest.created_at <= open.1.created_at)
        {
            newest = Some(open);
        }
    }
    Ok(newest)
}

async fn guest(parts: &Parts, app: &Arc<App>, open: Option<(String, Session)>) -> Result<Option<Guest>, Failure> {
    let Some((token, session)) = open else { return Ok(None) };
    let office = app.parts.store.read(session.office).await?.own_office().await?;
    Ok(Some(Guest {
        app: Arc::clone(app),
        session,
        office,
        lang: language::of_request(&parts.headers),
        csrf: csrf::token(token.as_bytes()),
        path: answer::page_of(&parts.method, &parts.uri),
        done: answer::done_of(&parts.uri),
        look: Look::of(&parts.headers, app.is_https()),
    }))
}

async fn myself(guest: &Guest) -> Result<Option<Graduate>, Failure> {
    Ok(guest.read().await?.graduate(GraduateId(guest.session.subject)).await?)
}

/// A page for somebody without a session, 403.
async fn outside<P: Page>(parts: &mut Parts, app: &Arc<App>, page: &P) -> Response {
    match Visitor::from_request_parts(parts, app).await {
        Ok(visitor) => visitor.page_as(StatusCode::FORBIDDEN, page).into_response(),
        Err(refused) => refused,
    }
}

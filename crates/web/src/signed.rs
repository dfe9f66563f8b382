//! A signed-in member of staff: the argument of every staff handler, so that none can be reached without one.
//!
//! [`Signed`] is any member of staff, [`Manager`] and [`Admin`] those with the role. Whoever isn't signed in is led to the
//! sign-in page and back; a role that isn't enough is 403. What a handler may see is scoped by the office in [`Signed::read`]
//! and [`Signed::begin`], so another office's object is 404 by itself.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{Html, IntoResponse, Response};
use bansou_core::audit::Actor;
use bansou_core::calendar::OfficeCalendar;
use bansou_core::graduate::Support;
use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_core::window::{NeverReason, SendContext, SendDecision, SendKind, may_send};
use bansou_core::words::Lang;
use bansou_store::{
    Graduate, HaltReason, HaltScope, Office, READ_NOTED_FOR, Session, SessionKind, StaffMember, StoreError, Tx,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use http::request::Parts;
use http::{Method, StatusCode};

use crate::app::App;
use crate::cookies::Cookie;
use crate::errors::Failure;
use crate::glance::Glance;
use crate::pages::frame::{Counts, Still, StillWhat};
use crate::pages::{CrisisAlert, Done, Frame, LocalTime, Page, Reader};
use crate::{answer, csrf, language, live};

/// So long a page that stays open is one look: longer than a session without its reader, so that no such page adds rows, and no header
/// leaves a reader without one.
const SAME_LOOK: TimeDelta = TimeDelta::hours(12);

/// A handler's answer.
pub type Answer = Result<Response, Failure>;

/// A signed-in member of staff.
#[derive(Clone)]
pub struct Signed {
    /// The application.
    pub app: Arc<App>,
    /// Their session.
    pub session: Session,
    /// Who they are.
    pub staff: StaffMember,
    /// Their office.
    pub office: Office,
    /// The language of their pages.
    pub lang: Lang,
    csrf: String,
    /// The page asks by itself rather than because of its reader.
    is_quiet: bool,
    /// How often something that pages show had been changed in the office when this request began.
    pub(crate) changes: i64,
    pub(crate) path: String,
    done: Option<Done>,
    undo: Option<i64>,
}

/// A signed-in manager or admin.
#[derive(Clone)]
pub struct Manager(pub Signed);

/// A signed-in admin.
#[derive(Clone)]
pub struct Admin(pub Signed);

impl Signed {
    /// Who acts, for the audit list.
    pub fn actor(&self) -> Actor {
        self.session.actor()
    }

    /// A unit of work that looks.
    pub async fn read(&self) -> Result<Tx, Failure> {
        Ok(self.app.parts.store.read(self.office.id).await?)
    }

    /// A unit of work that looks at a person: that the reader did is written down before anything is shown. An open page that loads again
    /// by itself is the same look.
    pub async fn look_at(&self, person: GraduateId) -> Result<Tx, Failure> {
        let noted = self.begin().await?;
        let known_for = if self.is_quiet { SAME_LOOK } else { READ_NOTED_FOR };
        noted.note_read_within(self.actor(), person, known_for).await?;
        noted.save().await?;
        self.read().await
    }

    /// A unit of work that changes something outside a form (the read row of the audit list). Forms use
    /// [`Sent::begin`](crate::sent::Sent::begin).
    pub async fn begin(&self) -> Result<Tx, Failure> {
        Ok(self.app.parts.store.begin(self.office.id).await?)
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

    /// The office's calendar.
    pub fn calendar(&self) -> OfficeCalendar {
        self.office.settings.calendar(self.office.zone, &self.app.parts.holidays)
    }

    /// Why no check-in can ever reach a person who should get some: their hours and the office's don't meet, or the office
    /// has none. `calendar` is the office's, made once for a list.
    pub fn never_reached(&self, calendar: &OfficeCalendar, graduate: &Graduate) -> Option<NeverReason> {
        if graduate.support == Support::Ended || graduate.contact_stopped_at.is_some() {
            return None;
        }
        let (person, rules) = (&graduate.details.hours, &self.office.settings.sending);
        match may_send(self.now(), &SendContext { calendar, person, rules, kind: SendKind::CheckIn }) {
            SendDecision::Never { why } => Some(why),
            SendDecision::Now { .. } | SendDecision::Later { .. } => None,
        }
    }

    /// Whether the form token is this session's.
    pub(crate) fn is_own_form(&self, token: &str) -> bool {
        bool::from(subtle::ConstantTimeEq::ct_eq(self.csrf.as_bytes(), token.as_bytes()))
    }

    /// The page inside its frame, 200.
    pub async fn page<P: Page>(&self, tx: &Tx, page: &P) -> Answer {
        self.page_as(tx, StatusCode::OK, page).await
    }

    /// The page again with what is wrong, 422.
    pub async fn refused<P: Page>(&self, tx: &Tx, page: &P) -> Answer {
        self.page_as(tx, StatusCode::UNPROCESSABLE_ENTITY, page).await
    }

    /// The page inside its frame with a status.
    pub async fn page_as<P: Page>(&self, tx: &Tx, status: StatusCode, page: &P) -> Answer {
        let frame = self.frame(tx, status == StatusCode::OK).await?;
        let html = self.app.pages.render(&frame, page)?;
        Ok((status, Html(html)).into_response())
    }

    async fn frame(&self, tx: &Tx, is_so: bool) -> Result<Frame, Failure> {
        let threads = tx.crisis_open().await?;
        let open: Vec<_> = threads.iter().filter(|thread| thread.crisis_staff.is_none()).collect();
        let glance = self.app.glances.get(self, tx, is_so).await?;
        let (soon, soon_more) = glance.soon_on(&self.path);
        let people = tx.people(&open.iter().map(|thread| thread.graduate).collect::<Vec<_>>()).await?;
        let alert = |thread: &&bansou_store::Thread| {
            Some(CrisisAlert {
                name: people.get(&thread.graduate)?.profile.name.clone(),
                at: self.local(thread.crisis_since?),
                href: format!("/inbox/{}", thread.graduate),
            })
        };
        Ok(Frame {
            lang: self.lang,
            path: self.path.clone(),
            csrf: self.csrf.clone(),
            once: answer::fresh_key(&self.app),
            reader: Some(Reader {
                name: self.staff.profile.name.clone(),
                office: self.office.name.clone(),
                is_manager: self.staff.role.includes(Role::Manager),
            }),
            done: self.done,
            undo: self.undo.filter(|_| self.done.is_some()),
            counts: self.counts(tx, &glance).await?,
            crisis: open.iter().filter_map(alert).collect(),
            soon,
            soon_more,
            still: self.still(tx).await?,
            is_simulated: !self.app.parts.is_demo && self.app.is_simulated(self.office.id),
            changes: self.changes,
            preferences: self.staff.preferences,
        })
    }

    /// What stands still by hand, the widest first.
    async fn still(&self, tx: &Tx) -> Result<Option<Still>, Failure> {
        let halts = tx.halts().await?;
        let still = |what, channels, at| Some(Still { what, channels, at: self.local(at) });
        if let Some(all) = halts.iter().find(|halt| halt.scope == HaltScope::Everything) {
            let is_restored = all.reason == HaltReason::Restored;
            let what = if is_restored { StillWhat::Restored } else { StillWhat::Everything };
            return Ok(still(what, String::new(), all.since));
        }
        if let Some(at) = self.office.sending_stopped_at {
            return Ok(still(StillWhat::Office, String::new(), at));
        }
        let own = self.app.parts.channels.iter().filter(|channel| channel.office == self.office.id);
        let stopped = own.filter_map(|channel| {
            let halt = halts.iter().find(|halt| halt.scope == HaltScope::Channel(channel.id.clone()))?;
            Some((self.say(&format!("channel-{}", channel.kind)), halt.since))
        });
        let (mut names, since): (Vec<_>, Vec<_>) = stopped.unzip();
        names.dedup();
        let Some(since) = since.into_iter().min() else { return Ok(None) };
        Ok(still(StillWhat::Channels, names.join(&self.say("list-comma")), since))
    }

    async fn counts(&self, tx: &Tx, glance: &Glance) -> Result<Counts, Failure> {
        let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Counts {
            today: glance.left,
            inbox: small(tx.replies_due().await?),
            signs: small(tx.signs_waiting().await?),
        })
    }
}

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        match sign(parts, app).await {
            Ok(Some(signed)) => Ok(signed),
            Ok(None) => Err(to_sign_in(parts)),
            Err(failure) => Err(failure.into_response()),
        }
    }
}

impl FromRequestParts<Arc<App>> for Manager {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        with_role(parts, app, Role::Manager).await.map(Self)
    }
}

impl FromRequestParts<Arc<App>> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        with_role(parts, app, Role::Admin).await.map(Self)
    }
}

/// A session's holder of whatever role, so that one form extractor serves all of them.
pub trait Holder: FromRequestParts<Arc<App>, Rejection = Response> + AsRef<Signed> + Send + Sync {}

impl Holder for Signed {}
impl Holder for Manager {}
impl Holder for Admin {}

impl AsRef<Signed> for Signed {
    fn as_ref(&self) -> &Signed {
        self
    }
}

impl AsRef<Signed> for Manager {
    fn as_ref(&self) -> &Signed {
        &self.0
    }
}

impl AsRef<Signed> for Admin {
    fn as_ref(&self) -> &Signed {
        &self.0
    }
}

async fn with_role(parts: &mut Parts, app: &Arc<App>, needed: Role) -> Result<Signed, Response> {
    let signed = Signed::from_request_parts(parts, app).await?;
    if signed.staff.role.includes(needed) { Ok(signed) } else { Err(Failure::Forbidden.into_response()) }
}

async fn sign(parts: &Parts, app: &Arc<App>) -> Result<Option<Signed>, Failure> {
    let Some((token, session)) = session(parts, app, (Cookie::Staff, SessionKind::Staff)).await? else {
        return Ok(None);
    };
    let tx = app.parts.store.read(session.office).await?;
    // Before anything that the page shows is read: a change in between makes it old, never unnoticed.
    let changes = tx.changes().await?;
    let staff = tx.staff_member(bansou_core::ids::StaffId(session.subject)).await?;
    let Some(staff) = staff.filter(|staff| staff.disabled_at.is_none()) else { return Ok(None) };
    let office = tx.own_office().await?;
    Ok(Some(Signed {
        app: Arc::clone(app),
        lang: language::chosen(&parts.headers).unwrap_or(staff.language),
        csrf: csrf::token(token.as_bytes()),
        is_quiet: live::is_quiet(&parts.headers),
        changes,
        path: answer::page_of(&parts.method, &parts.uri),
        done: answer::done_of(&parts.uri),
        undo: answer::undo_of(&parts.uri),
        session,
        staff,
        office,
    }))
}

/// The session of a kind that a cookie of the request opens, with the cookie's value; its use is noted.
pub async fn session(
    parts: &Parts,
    app: &App,
    (cookie, kind): (Cookie, SessionKind),
) -> Result<Option<(String, Session)>, StoreError> {
    let Some(token) = cookie.read(&parts.headers, app.is_https()) else { return Ok(None) };
    let found = app.parts.store.find_session(token).await?.filter(|session| session.kind == kind);
    let Some(session) = found else { return Ok(None) };
    // What a page asks for by itself keeps nobody signed in.
    if !live::is_quiet(&parts.headers) {
        app.parts.store.touch_session(&session).await?;
    }
    Ok(Some((token.to_owned(), session)))
}

/// Pages lead back to themselves after signing in; a form that came too late leads to Today, unless it is
/// [kept](crate::kept).
fn to_sign_in(parts: &Parts) -> Response {
    if live::is_quiet(&parts.headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if parts.method == Method::GET {
        return answer::see_with("/login", &[("next", &answer::path_of(&parts.uri))]);
    }
    answer::see_with("/login", &[("next", "/today"), ("late", "yes")])
}

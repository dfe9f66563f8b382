//! Every kind of page, and browsers that open it without a socket.

use axum::Router;
use axum::body::{Body, to_bytes};
use bansou_core::absence::{HalfDays, Leave};
use bansou_core::audit::Actor;
use bansou_core::commitment::{CommitmentKind, CommitmentSource};
use bansou_core::half_day::HalfDay;
use bansou_core::ids::{AbsenceId, CommitmentId, GraduateId, StaffId};
use bansou_store::{KeptForm, LinkKind, NewAbsence, NewCommitment, SessionKind, Tx};
use bansou_web::cookies::RequestMark;
use bansou_web::csrf;
use chrono::TimeDelta;
use http::{Request, Response, header};
use tower::ServiceExt as _;
use uuid::Uuid;

use super::history::Grown;
use super::open::Things;
use crate::failure::{Done, Failure};

/// Where the measured site thinks it is reached; without TLS cookies go by their plain names.
pub(super) const PUBLIC_URL: &str = "http://127.0.0.1:8080";

/// Who opens a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Nobody,
    /// An admin, who may open all of them.
    Staff,
    Graduate,
    Employer,
}
use Who::{Employer, Graduate, Nobody, Staff};

/// A page that is measured: who opens it, and where. `SEARCH` marks the one that is asked for with a form.
pub(super) const PAGES: &[(Who, &str)] = &[
    (Staff, "/today"),
    (Staff, "/today/plan"),
    (Staff, "/graduates/GRADUATE/later"),
    (Staff, "/undelivered"),
    (Staff, "/promises"),
    (Staff, "/promises/new?graduate=GRADUATE"),
    (Staff, "/promises/PROMISE"),
    (Staff, "/absences"),
    (Staff, "/absences/new"),
    (Staff, "/absences/LEAVE/edit"),
    (Staff, "/search"),
    (Staff, "/keys"),
    (Staff, "/account/display"),
    (Staff, "/settings/duty"),
    (Staff, "/settings/staff/MEMBER/hours"),
    (Staff, "/employers/COMPANY"),
    (Staff, "/employers/COMPANY/card/edit"),
    (Staff, "/tasks/CALL/call"),
    (Staff, "/strangers/STRANGER"),
    (Staff, "/strangers/STRANGER/search"),
    (Staff, "/strangers/STRANGER/bind/GRADUATE"),
    (Staff, "/bindings/BINDING"),
    (Staff, "/inbox"),
    (Staff, "/inbox?show=due&page=2"),
    (Staff, "/inbox?show=theirs"),
    (Staff, "/inbox?show=theirs&page=2"),
    (Staff, "/inbox?show=all"),
    (Staff, "/inbox?show=all&page=2"),
    (Staff, "/inbox?show=all&page=20"),
    (Staff, "/inbox/GRADUATE"),
    (Staff, "/inbox/GRADUATE?before=MESSAGE"),
    (Staff, "/inbox/GRADUATE/examples"),
    (Staff, "/graduates"),
    (Staff, "/graduates?page=2"),
    (Staff, "/graduates?show=paused"),
    (Staff, "/graduates?show=ended"),
    (Staff, SEARCH),
    (Staff, "/graduates/GRADUATE"),
    (Staff, "/graduates/GRADUATE?show=message"),
    (Staff, "/graduates/GRADUATE?show=note"),
    (Staff, "/graduates/GRADUATE/notes/new"),
    (Staff, "/graduates/GRADUATE/handover"),
    (Staff, "/graduates/GRADUATE/card"),
    (Staff, "/graduates/GRADUATE/card/edit"),
    (Staff, "/notes/NOTE"),
    (Staff, "/notes/NOTE/summary"),
    (Staff, "/notes/NOTE/edit"),
    (Staff, "/graduates/GRADUATE/pause"),
    (Staff, "/graduates/GRADUATE/stop"),
    (Staff, "/graduates/STOPPED/allow"),
    (Staff, "/graduates/new"),
    (Staff, "/graduates/GRADUATE/edit"),
    (Staff, "/graduates/GRADUATE/jobs/new"),
    (Staff, "/graduates/GRADUATE/consents"),
    (Staff, "/graduates/GRADUATE/shares"),
    (Staff, "/graduates/GRADUATE/invite"),
    (Staff, "/graduates/GRADUATE/me-link"),
    (Staff, "/graduates/GRADUATE/audit"),
    (Staff, "/jobs/JOB/edit"),
    (Staff, "/signs"),
    (Staff, "/signs?show=open"),
    (Staff, "/signs?show=closed"),
    (Staff, "/signs?show=closed&page=2"),
    (Staff, "/signs/SIGN/escalate"),
    (Staff, "/escalations"),
    (Staff, "/escalations/REQUEST"),
    (Staff, "/escalations/DRAFT/edit"),
    (Staff, "/retention"),
    (Staff, "/retention?part=open"),
    (Staff, "/retention/export.csv"),
    (Staff, "/retention/export.json"),
    (Staff, "/settings"),
    (Staff, "/settings/office"),
    (Staff, "/settings/channels"),
    (Staff, "/settings/staff"),
    (Staff, "/settings/messages"),
    (Staff, "/settings/messages/check-in-condition"),
    (Staff, "/settings/cadences"),
    (Staff, "/settings/sending"),
    (Staff, "/settings/export"),
    (Staff, "/settings/export/contacts.csv"),
    (Staff, "/settings/export/notes.csv"),
    (Staff, "/settings/audit"),
    (Staff, "/settings/audit?page=5"),
    (Staff, "/settings/audit?check=all"),
    (Staff, "/settings/audit/export.csv"),
    (Staff, "/account"),
    (Staff, "/kept/KEPT"),
    (Nobody, "/login"),
    (Graduate, "/me"),
    (Graduate, "/me/plan"),
    (Graduate, "/me/pause"),
    (Graduate, "/me/sharing"),
    (Graduate, "/me/help"),
    (Graduate, "/me/requests/MINE"),
    (Employer, "/e"),
];
/// The search is a form, because a name must not stand in an address.
pub(super) const SEARCH: &str = "/graduates/search";

/// Sessions and ids for every page.
pub(super) struct Browsers {
    router: Router,
    staff: String,
    graduate: String,
    employer: (RequestMark, String),
    /// Stand in paths for `GRADUATE` and `MESSAGE`, in turn.
    people: Vec<(Uuid, Uuid)>,
    /// Everything else that stands in paths.
    named: Vec<(&'static str, String)>,
}

/// What came back.
pub(super) struct Opened {
    pub(super) bytes: usize,
}

/// Something promised for tomorrow, and leave next week.
async fn promise_and_leave(tx: &Tx, staff: StaffId, graduate: GraduateId) -> Done<(CommitmentId, AbsenceId)> {
    let actor = Actor::staff(staff);
    let promise = NewCommitment {
        graduate,
        staff,
        source: CommitmentSource::Request,
        kind: CommitmentKind::Do,
        text: "計測".to_owned(),
        due_at: tx.now() + TimeDelta::days(1),
        message: None,
        note: None,
        escalation: None,
    };
    let day = (tx.now() + TimeDelta::days(7)).date_naive();
    let when = HalfDays::new(HalfDay::morning(day), HalfDay::afternoon(day)).map_err(Failure::failed)?;
    let leave = NewAbsence { leave: Leave { staff, when, standin: None }, reason: String::new() };
    Ok((tx.add_commitment(actor, &promise).await?, tx.add_absence(actor, &leave).await?))
}

impl Browsers {
    /// Signs everybody in.
    pub(super) async fn sign_in(grown: &Grown, things: &Things, router: Router) -> Done<Self> {
        let tx = grown.begin().await?;
        let missing = || Failure::usage("--graduates: more are needed for every page to have something to show");
        let (Some(call), Some(sign)) = (things.calls.first(), things.signs.first()) else { return Err(missing()) };
        let (Some(request), Some(draft)) = (things.requests.first(), things.drafts.first()) else {
            return Err(missing());
        };
        let mine = tx.escalation(*draft).await?.ok_or_else(missing)?;
        let detail = serde_json::json!({ "graduate": mine.graduate });
        let admin = grown.staff_of(0);
        tx.audit(bansou_core::audit::Actor::staff(admin), "escalation.ask", "escalation", Some(draft.0), detail)
            .await?;
        let other = things.drafts.last().ok_or_else(missing)?;
        let job = tx.employments().await?.pop().ok_or_else(missing)?;
        let stopped = grown.people.last().ok_or_else(missing)?;
        let (Some(stranger), Some(binding)) = (things.strangers.last(), things.bindings.first()) else {
            return Err(missing());
        };
        let note = tx.notes_of(stopped.id, 1).await?.pop();
        let mut people = Vec::with_capacity(grown.people.len());
        for member in &grown.people {
            let newest = tx.messages_of(member.id, None, 1).await?.pop();
            people.push((member.id.0, newest.map_or(Uuid::nil(), |message| message.id.0)));
        }
        let words = vec![("said".to_owned(), "計測".to_owned())];
        let kept = tx.keep_form(admin, &KeptForm { path: "/graduates".to_owned(), fields: words }).await?;
        let company = job.details.employer.ok_or_else(missing)?;
        let (promise, leave) = promise_and_leave(&tx, admin, mine.graduate).await?;
        let browsers = Self {
            router,
            staff: tx.create_session(SessionKind::Staff, admin.0).await?,
            graduate: tx.create_session(SessionKind::Graduate, mine.graduate.0).await?,
            employer: (RequestMark::of(*request), tx.create_session(SessionKind::Employer, request.0).await?),
            people,
            named: vec![
                ("CALL", call.to_string()),
                ("SIGN", sign.to_string()),
                ("REQUEST", request.to_string()),
                ("DRAFT", other.to_string()),
                ("MINE", draft.to_string()),
                ("JOB", job.id.to_string()),
                ("KEPT", kept.to_string()),
                ("STOPPED", stopped.id.to_string()),
                ("STRANGER", stranger.to_string()),
                ("BINDING", binding.to_string()),
                ("PROMISE", promise.to_string()),
                ("LEAVE", leave.to_string()),
                ("MEMBER", admin.to_string()),
                ("COMPANY", company.to_string()),
                ("NOTE", note.map(|note| note.id.to_string()).ok_or_else(missing)?),
            ],
        };
        let admin = bansou_core::audit::Actor::staff(admin);
        tx.create_link(admin, LinkKind::Me, mine.graduate.0, TimeDelta::days(1)).await?;
        tx.save().await?;
        Ok(browsers)
    }

    /// Opens a page; the `turn` says with whose records. Anything but the page itself is a failure.
    pub(super) async fn open(&self, who: Who, path: &str, turn: usize) -> Done<Opened> {
        let response = self.router.clone().oneshot(self.request(who, path, turn)?).await;
        let response: Response<Body> = response.map_err(Failure::failed)?;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await.map_err(Failure::failed)?;
        if status == http::StatusCode::OK {
            return Ok(Opened { bytes: body.len() });
        }
        Err(Failure::failed(format!("{path} answered {status} and can't be measured")))
    }

    fn request(&self, who: Who, path: &str, turn: usize) -> Done<Request<Body>> {
        // Far apart, so that neither a page of the database nor a person's read row is met twice.
        let (graduate, message) = self.people[turn * 37 % self.people.len()];
        let mut place = path.replace("GRADUATE", &graduate.to_string()).replace("MESSAGE", &message.to_string());
        for (name, id) in &self.named {
            place = place.replace(name, id);
        }
        let cookie = match who {
            Nobody => String::new(),
            Staff => format!("session={}", self.staff),
            Graduate => format!("me={}", self.graduate),
            Employer => format!("request-{}={}", self.employer.0, self.employer.1),
        };
        let host = PUBLIC_URL.trim_start_matches("http://");
        let request = Request::builder().uri(place).header(header::HOST, host).header(header::COOKIE, cookie);
        let built = if path == SEARCH {
            let (token, once) = (csrf::token(self.staff.as_bytes()), Uuid::from_u128(turn as u128));
            let form = format!("csrf={token}&once={once}&query=%E8%A8%88%E6%B8%AC{turn}");
            request
                .method("POST")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin")
                .body(form.into())
        } else {
            request.header(header::ACCEPT, "text/html").body(Body::empty())
        };
        built.map_err(Failure::failed)
    }
}

#[cfg(test)]
mod tests {
    use bansou_web::app::all_routes;

    use super::*;

    /// Doors that lead elsewhere, and answers that are no pages.
    const NOT_MEASURED: [&str; 10] = [
        "/",
        "/events",
        "/alive",
        "/livez",
        "/readyz",
        "/assets/{name}",
        "/inbox/{graduate}/files/{message}",
        "/password/{token}",
        "/e/{token}",
        "/me/{token}",
    ];

    fn is_of(path: &str, route: &str) -> bool {
        let path = path.split('?').next().unwrap();
        let (path, route): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
        path.len() == route.len() && path.iter().zip(&route).all(|(p, r)| p == r || r.starts_with('{'))
    }

    #[test]
    fn every_page_there_is_is_measured() {
        let routes = all_routes().into_iter().filter(|route| route.method == "GET");
        let missing: Vec<_> = routes
            .filter(|route| !NOT_MEASURED.contains(&route.path))
            .filter(|route| !PAGES.iter().any(|(_, path)| is_of(path, route.path)))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}

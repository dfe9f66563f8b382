//! An employer contact's way in, and their request.
//!
//! The routes of [`crate::pages::employer`]. Looking at a link uses nothing up; the button does.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::response::{IntoResponse, Response};
use bansou_core::escalation::EscalationState;
use bansou_core::ids::EscalationId;
use bansou_store::{Escalation, LinkKind, Tx};
use http::StatusCode;
use http::request::Parts;

use crate::actions::employer_answer;
use crate::answer;
use crate::app::App;
use crate::cookies::RequestMark;
use crate::errors::Failure;
use crate::form::FormState;
use crate::guest::{Asked, Guest, came_by, enter};
use crate::pages::employer::{
    ANSWER_MAX, EmployerClosedPage, EmployerForm, EmployerOpenPage, EmployerPage, EmployerSentPage, LinkClosed,
};
use crate::requests::addressed;
use crate::routes::Routes;
use crate::sent::Nothing;
use crate::signed::Answer;
use crate::visitor::{Visitor, VisitorSent};

/// The routes.
pub fn routes() -> Routes {
    Routes::new()
        .get("/e/{token}", door)
        .post("/e/{token}", open)
        .get("/e", request)
        .post("/e/answer", employer_answer::post)
}

async fn door(State(app): State<Arc<App>>, Path(token): Path<String>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    match Visitor::from_request_parts(&mut parts, &app).await {
        Ok(visitor) => at_the_door(&visitor, &parts, &token).await.into_response(),
        Err(refused) => refused,
    }
}

async fn at_the_door(visitor: &Visitor, parts: &Parts, token: &str) -> Answer {
    let app = &visitor.app;
    let store = &app.parts.store;
    if let Some(link) = store.find_link(LinkKind::Employer, token).await? {
        let tx = store.read(link.office).await?;
        let office = tx.own_office().await?;
        let request = tx.escalation(EscalationId(link.subject)).await?.ok_or(Failure::NotFound)?;
        let phone = office.settings.phone.clone();
        if request.state == EscalationState::Withdrawn {
            let closed = EmployerClosedPage { why: LinkClosed::Withdrawn, office: Some(office.name), phone };
            return visitor.page_as(StatusCode::GONE, &closed);
        }
        return visitor.page(&EmployerOpenPage { token: token.to_owned(), office: office.name, phone });
    }
    let Some(used) = store.find_used_link(LinkKind::Employer, token).await? else { return unknown(visitor) };
    if let Some(place) = came_by(parts, app, &used).await? {
        return Ok(answer::see(&place));
    }
    let office = store.read(used.office).await?.own_office().await?;
    let phone = office.settings.phone.clone();
    let closed = EmployerClosedPage { why: LinkClosed::Used, office: Some(office.name), phone };
    visitor.page_as(StatusCode::GONE, &closed)
}

async fn open(State(app): State<Arc<App>>, Path(token): Path<String>, sent: VisitorSent<Nothing>) -> Answer {
    match enter(&app, LinkKind::Employer, &token).await? {
        Some(response) => Ok(response),
        None => unknown(&sent.visitor),
    }
}

/// A token that is wrong and one that is too old look alike from outside.
fn unknown(visitor: &Visitor) -> Answer {
    let closed = EmployerClosedPage { why: LinkClosed::Expired, office: None, phone: String::new() };
    visitor.page_as(StatusCode::NOT_FOUND, &closed)
}

async fn request(asked: Asked) -> Answer {
    let guest = &asked.guest;
    let tx = guest.read().await?;
    let request = tx.escalation(asked.request).await?.ok_or(Failure::NotFound)?;
    let letter = addressed(&tx, &guest.office, &request).await?.letter;
    let phone = guest.office.settings.phone.clone();
    if let Some((said, at)) = request.answer.as_ref().zip(request.answered_at) {
        return guest.page(&EmployerSentPage {
            letter,
            at: guest.local(at),
            kind: said.kind,
            on: said.on,
            text: said.text.clone(),
            may_show: said.may_show,
            phone,
        });
    }
    if request.state != EscalationState::Sent {
        let closed = EmployerClosedPage { why: LinkClosed::Withdrawn, office: Some(guest.office.name.clone()), phone };
        return guest.page_as(StatusCode::GONE, &closed);
    }
    let action = answer_place(request.id);
    guest.page(&EmployerPage { letter, phone, action, form: FormState::default(), text_max: ANSWER_MAX })
}

/// The form again with what is wrong in it, 422.
pub(crate) async fn refused(guest: &Guest, tx: &Tx, request: &Escalation, form: FormState<EmployerForm>) -> Answer {
    let letter = addressed(tx, &guest.office, request).await?.letter;
    let phone = guest.office.settings.phone.clone();
    let action = answer_place(request.id);
    let page = EmployerPage { letter, phone, action, form, text_max: ANSWER_MAX };
    guest.page_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Where the answer to a request goes.
fn answer_place(request: EscalationId) -> String {
    answer::with_query("/e/answer", &[("r", &RequestMark::of(request).to_string())])
}

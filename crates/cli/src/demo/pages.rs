//! The demo's own pages: the welcome, a phone on which one is a graduate, a mailbox in which one is an employer contact.

use std::sync::Arc;

use axum::extract::{Extension, Path, Request};
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, http};
use bansou_channels::{Address, ChannelKind, PhoneAction, SimulatedMessage};
use bansou_core::audit::Actor;
use bansou_core::check_in::CloseReason;
use bansou_core::contact::ContactKind;
use bansou_core::ids::GraduateId;
use bansou_core::staff::Role;
use bansou_core::thread::{Direction, MessageBody};
use bansou_core::words::Args;
use bansou_store::{InboxFilter, LinkKind, Message, SessionKind, Tx};
use bansou_web::answer::see;
use bansou_web::app::App;
use bansou_web::cookies::Cookie;
use bansou_web::errors::Failure;
use bansou_web::language;
use bansou_web::pages::LocalTime;
use bansou_web::pages::components::ComponentsPage;
use bansou_web::pages::demo::{
    ChatChoice, ChatLine, DemoAsk, DemoChat, DemoMail, DemoMailboxPage, DemoPage, DemoPerson, DemoPhonePage, OpenMail,
};
use bansou_web::signed::{Answer, Signed};
use bansou_web::visitor::{Visitor, VisitorSent};
use bansou_worker::AskedNow;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;
use serde::Deserialize;

use super::people::COMPANIES;
use super::{Demo, office, picture};

/// So much of a chat is shown.
const LINES: u64 = 10;
/// Most characters that a phone sends at once, as the form says.
const MOST: usize = 500;
const ME_VALID: TimeDelta = TimeDelta::hours(12);

type Made = Extension<Arc<Demo>>;

/// The routes; every layer of the product's site holds for them.
pub(crate) fn routes(demo: &Arc<Demo>) -> Router<Arc<App>> {
    Router::new()
        .route("/demo", get(welcome))
        .route("/demo/login", post(login))
        .route("/demo/phone", get(phones))
        .route("/demo/phone/{graduate}", get(phone).post(act))
        .route("/demo/phone/{graduate}/soon", post(soon))
        .route("/demo/mailbox", get(mailbox))
        .route("/demo/mailbox/{mail}", get(mail))
        .route("/demo/components", get(components))
        .layer(Extension(Arc::clone(demo)))
}

/// Whoever opens the printed address sees the welcome before the sign-in.
pub(crate) async fn begin_at_welcome(request: Request, next: Next) -> Response {
    let is_front = request.method() == http::Method::GET && request.uri().path() == "/";
    if is_front { see("/demo") } else { next.run(request).await }
}

async fn welcome(visitor: Visitor, signed: Result<Signed, Response>, Extension(demo): Made) -> Answer {
    visitor.page(&DemoPage {
        graduates: demo.figures.graduates,
        months: 18,
        signed_in_as: signed.ok().map(|signed| signed.staff.profile.name),
    })
}

async fn components(visitor: Visitor, signed: Result<Signed, Response>) -> Answer {
    match signed {
        Ok(signed) => signed.page(&signed.read().await?, &ComponentsPage::new()).await,
        Err(_) => visitor.page(&ComponentsPage::new()),
    }
}

#[derive(Deserialize)]
struct LoginForm {
    role: String,
    to: String,
}

/// What the welcome leads to; anything else leads to Today.
const ENTRANCES: [&str; 4] = ["today", "signs", "retention", "settings"];

async fn login(Extension(demo): Made, sent: VisitorSent<LoginForm>) -> Answer {
    let role: Role = sent.form.role.parse().map_err(|_| Failure::Unreadable)?;
    let at = Role::ALL.iter().position(|known| *known == role).unwrap_or(0);
    let Some(member) = demo.accounts.get(at) else { return Err(Failure::NotFound) };
    let tx = demo.store.begin(demo.office).await?;
    let token = tx.create_session(SessionKind::Staff, member.0).await?;
    tx.save().await?;
    let to = ENTRANCES.into_iter().find(|page| *page == sent.form.to).unwrap_or("today");
    let mut response = see(&format!("/{to}"));
    let visitor = &sent.visitor;
    let cookie = Cookie::Staff.set(&token, visitor.app.is_https());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    // The made-up member of staff has a language; whoever looks keeps their own.
    response.headers_mut().append(header::SET_COOKIE, language::cookie(visitor.lang, visitor.app.is_https()));
    Ok(response)
}

async fn phones(visitor: Visitor, Extension(demo): Made) -> Answer {
    let tx = demo.store.read(demo.office).await?;
    let people = people(&demo, &tx).await?;
    visitor.page(&DemoPhonePage { people, chat: None, read_at: local(demo.now()) })
}

async fn phone(visitor: Visitor, Extension(demo): Made, Path(graduate): Path<String>) -> Answer {
    let id: GraduateId = graduate.parse().map_err(|_| Failure::NotFound)?;
    // One after the other: whoever waits for a second connection while holding one may wait for itself.
    let ask = ask(&demo, &visitor, id).await?;
    let me = own_page(&demo, id).await?;
    let tx = demo.store.read(demo.office).await?;
    let chat = chat(&demo, &visitor, &tx, id, ask, me).await?;
    let people = people(&demo, &tx).await?;
    visitor.page(&DemoPhonePage { people, chat: Some(chat), read_at: local(demo.now()) })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PhoneForm {
    data: String,
    text: String,
    picture: String,
}

/// What one does on the phone is signed and stored as a provider's call, and the engine is told.
async fn act(Extension(demo): Made, Path(graduate): Path<String>, sent: VisitorSent<PhoneForm>) -> Answer {
    let id: GraduateId = graduate.parse().map_err(|_| Failure::NotFound)?;
    let PhoneForm { data, text, picture } = sent.form;
    let text: String = text.trim().chars().take(MOST).collect();
    let (line, sms) = addresses(&demo, id).await?;
    let done = match (line, sms) {
        (Some(line), _) if !data.is_empty() => demo.act(&line, &PhoneAction::Tap { data }).await,
        (Some(line), _) if !text.is_empty() => demo.act(&line, &PhoneAction::Text(text)).await,
        (Some(line), _) if !picture.is_empty() => demo.act(&line, &PhoneAction::Picture(picture::evening())).await,
        (None, Some(sms)) if !text.is_empty() => demo.write_sms(&sms, &text).await,
        (None, None) => return Err(Failure::NotFound),
        _ => Ok(()),
    };
    done.map_err(|_| Failure::Internal)?;
    go_on(&demo, &sent.visitor).await?;
    Ok(see(&format!("/demo/phone/{id}#text")))
}

async fn soon(Extension(demo): Made, Path(graduate): Path<String>, sent: VisitorSent<Empty>) -> Answer {
    let id: GraduateId = graduate.parse().map_err(|_| Failure::NotFound)?;
    // Where nothing can come, the page says why.
    demo.ask_now(id).await.map_err(|_| Failure::Internal)?;
    go_on(&demo, &sent.visitor).await?;
    Ok(see(&format!("/demo/phone/{id}#text")))
}

#[derive(Deserialize)]
struct Empty {}

async fn mailbox(visitor: Visitor, Extension(demo): Made) -> Answer {
    visitor.page(&DemoMailboxPage { mails: mails(&demo), open: None, read_at: local(demo.now()) })
}

async fn mail(visitor: Visitor, Extension(demo): Made, Path(number): Path<u64>) -> Answer {
    let found = demo.inbox.accepted_after(number.saturating_sub(1)).into_iter().next();
    let Some(message) = found.filter(|message| message.number == number && is_mail(message)) else {
        return Err(Failure::NotFound);
    };
    let DemoMail { id, to, subject, at } = listed(&message);
    let link = link_in(&message.text, &demo.public_url);
    let open = OpenMail { id, to, subject, at, text: message.text, link };
    visitor.page(&DemoMailboxPage { mails: mails(&demo), open: Some(open), read_at: local(demo.now()) })
}

/// The alarm would do it within a second; whoever pressed the button wants to see it on the next page.
async fn go_on(demo: &Demo, visitor: &Visitor) -> Result<(), Failure> {
    (visitor.app.parts.wake)();
    demo.engine.inbound().await.map_err(|_| Failure::Internal)?;
    demo.engine.dispatch().await.map_err(|_| Failure::Internal)?;
    demo.engine.attachments().await.map_err(|_| Failure::Internal)?;
    Ok(())
}

/// Everybody; whose story suits a beginner comes first.
async fn people(demo: &Demo, tx: &Tx) -> Result<Vec<DemoPerson>, Failure> {
    let threads = tx.inbox(InboxFilter::default(), 0, 1_000).await?;
    let mut graduates = tx.graduates().await?;
    graduates.sort_by_key(|graduate| Some(graduate.id) != demo.first);
    let last = |id| {
        let row = threads.iter().find(|row| row.thread.graduate == id)?;
        Some(row.last.as_ref()?.body.as_ref()?.text.clone())
    };
    let person = |graduate: bansou_store::Graduate| DemoPerson {
        id: graduate.id.to_string(),
        last: last(graduate.id).unwrap_or_default(),
        name: graduate.details.profile.name,
    };
    Ok(graduates.into_iter().map(person).collect())
}

async fn chat(
    demo: &Demo,
    visitor: &Visitor,
    tx: &Tx,
    id: GraduateId,
    ask: DemoAsk,
    me: String,
) -> Result<DemoChat, Failure> {
    let graduate = tx.graduate(id).await?.ok_or(Failure::NotFound)?;
    let mut messages = tx.messages_of(id, None, LINES).await?;
    let left = tx.left_at(&messages.iter().map(|message| message.id).collect::<Vec<_>>()).await?;
    messages.retain(|message| left.get(&message.id) != Some(&None));
    let came_at = |message: &Message| left.get(&message.id).copied().flatten().unwrap_or(message.at);
    messages.sort_by_key(|message| (came_at(message), message.id));
    let answered = messages.last().is_none_or(|message| message.direction == Direction::In);
    let lines = messages.into_iter().filter_map(|message| {
        let is_mine = message.direction == Direction::In;
        Some(ChatLine { is_mine, at: local(came_at(&message)), text: words(visitor, message.body?) })
    });
    let lines = lines.collect();
    let points = tx.contact_points(id).await?;
    let can_write = points.iter().any(|point| matches!(point.kind, ContactKind::Line | ContactKind::Sms));
    let point = points.into_iter().find(|point| point.kind == ContactKind::Line);
    let can_send_pictures = point.is_some();
    let newest = point.and_then(|point| demo.inbox.messages_to(&Address::new(point.address)).pop());
    let choices = newest.filter(|_| !answered).map(|message| message.choices).unwrap_or_default();
    Ok(DemoChat {
        graduate: id.to_string(),
        name: graduate.details.profile.name,
        office: office::NAME.to_owned(),
        lines,
        choices: choices.into_iter().map(|choice| ChatChoice { label: choice.label, data: choice.data }).collect(),
        can_write,
        can_send_pictures,
        me: Some(me),
        ask,
    })
}

/// What a bubble shows: the words, or that it was a picture.
fn words(visitor: &Visitor, body: MessageBody) -> String {
    let is_picture = body.text.is_empty() && body.attachment.is_some();
    if is_picture { visitor.app.parts.words.plain(visitor.lang, "came-image") } else { body.text }
}

/// Whether a check-in can come now, and if not, why and when.
async fn ask(demo: &Demo, visitor: &Visitor, id: GraduateId) -> Result<DemoAsk, Failure> {
    let parts = &visitor.app.parts;
    let say = |key: &str| parts.words.get(visitor.lang, key, &Args::new());
    let asked = demo.may_ask_now(id).await.map_err(|_| Failure::Internal)?;
    Ok(match asked {
        AskedNow::OnItsWay => DemoAsk::Can,
        AskedNow::HadToday => DemoAsk::Had,
        AskedNow::NeedsCall => DemoAsk::Call,
        AskedNow::Later { at, why } => {
            DemoAsk::Later { at: local(at), why: why.say(&parts.words, visitor.lang, &parts.holidays) }
        }
        AskedNow::Never(why) => DemoAsk::Not { why: say(why.key()) },
        AskedNow::NotContacted(CloseReason::Stopped) => DemoAsk::Not { why: say("demo-ask-stopped") },
        AskedNow::NotContacted(CloseReason::Paused) => DemoAsk::Not { why: say("demo-ask-paused") },
        AskedNow::NotContacted(_) | AskedNow::NoPlan => DemoAsk::Not { why: say("demo-ask-ended") },
    })
}

/// The link of the person's own page: the one shown before, unless it was used meanwhile.
async fn own_page(demo: &Demo, id: GraduateId) -> Result<String, Failure> {
    let known = demo.own_pages.lock().map(|known| known.get(&id).cloned()).unwrap_or_default();
    if let Some(token) = known
        && demo.store.find_link(LinkKind::Me, &token).await?.is_some()
    {
        return Ok(format!("/me/{token}"));
    }
    let tx = demo.store.begin(demo.office).await?;
    tx.graduate(id).await?.ok_or(Failure::NotFound)?;
    let token = tx.create_link(Actor::PROGRAM, LinkKind::Me, id.0, ME_VALID).await?;
    tx.save().await?;
    if let Ok(mut known) = demo.own_pages.lock() {
        known.insert(id, token.clone());
    }
    Ok(format!("/me/{token}"))
}

async fn addresses(demo: &Demo, id: GraduateId) -> Result<(Option<Address>, Option<Address>), Failure> {
    let tx = demo.store.read(demo.office).await?;
    let points = tx.contact_points(id).await?;
    let of = |kind| {
        let point = points.iter().find(|point| point.kind == kind);
        point.map(|point| Address::new(point.address.clone()))
    };
    Ok((of(ContactKind::Line), of(ContactKind::Sms)))
}

fn mails(demo: &Demo) -> Vec<DemoMail> {
    let mut all: Vec<_> = demo.inbox.accepted_after(0).iter().filter(|message| is_mail(message)).map(listed).collect();
    all.reverse();
    all
}

fn is_mail(message: &SimulatedMessage) -> bool {
    message.kind == ChannelKind::Mail
}

fn listed(message: &SimulatedMessage) -> DemoMail {
    let to = COMPANIES.iter().find(|company| company.email == message.to.as_str());
    DemoMail {
        id: message.number.to_string(),
        to: to.map_or_else(
            || message.to.as_str().to_owned(),
            |company| format!("{}（{}）", company.contact, company.name),
        ),
        subject: message.subject.clone().unwrap_or_default(),
        at: local(message.at),
    }
}

/// The first link to this site, as a path.
fn link_in(text: &str, public_url: &str) -> Option<String> {
    let (_, after) = text.split_once(public_url)?;
    let path: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || "/-_".contains(*c)).collect();
    path.starts_with('/').then_some(path)
}

fn local(at: DateTime<Utc>) -> LocalTime {
    at.with_timezone(&Tokyo).fixed_offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mails_link_becomes_a_path_of_this_site() {
        let text = "お願い\nhttp://127.0.0.1:8080/e/ab-C_9\nよろしく";
        assert_eq!(link_in(text, "http://127.0.0.1:8080").as_deref(), Some("/e/ab-C_9"));
        assert_eq!(link_in("なし", "http://127.0.0.1:8080"), None);
    }
}

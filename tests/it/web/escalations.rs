//! From a confirmed sign to a request that is on its way: what is asked, who may be asked, and what stands in the way.

use bansou_channels::Address;
use bansou_core::audit::Actor;
use bansou_core::consent::{GivenHow, ShareMeans, Topic};
use bansou_core::employment::{Disclosure, EmployerContactProfile};
use bansou_core::escalation::EscalationState;
use bansou_core::ids::{ConsentId, EmployerContactId, EscalationId, GraduateId, SignId};
use bansou_core::leaving::LeavingReason;
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::sign::{SignCategory, SignLevel, SignSource, SignStep};
use bansou_core::staff::Role;
use bansou_store::{EmploymentDetails, NewConsent, NewNote, NewSign, SignPlace};
use bansou_tests::database::TestDatabase;
use bansou_tests::for_each_database;
use chrono::TimeDelta;
use http::StatusCode;

use super::site::{Browser, Site, day};

pub(super) const CONTACT_MAIL: &str = "hitomi@example.jp";
const REQUEST: &str = "4月末まで、その日の作業を紙に書いて渡していただけませんか。";

/// A graduate with a job, a contact there, a consent and a confirmed sign.
pub(super) struct Stage {
    pub(super) graduate: GraduateId,
    pub(super) contact: EmployerContactId,
    pub(super) consent: ConsentId,
    pub(super) sign: SignId,
}

pub(super) async fn stage(site: &Site) -> Stage {
    let world = &site.world;
    let graduate = world.graduate(1, day("2026-01-05")).await;
    let who = Actor::staff(world.staff);
    let tx = world.begin().await;
    let employer = tx.employer_named(who, "株式会社サンプル物流").await.unwrap();
    let begun = EmploymentDetails::begun(Some(employer), day("2026-01-05"));
    let job = EmploymentDetails { disclosure: Disclosure::Open, ..begun };
    tx.add_employment(who, graduate, &job).await.unwrap();
    let profile =
        EmployerContactProfile { name: "例山 ひとみ".into(), part: "人事".into(), email: CONTACT_MAIL.into() };
    let contact = tx.add_employer_contact(who, employer, &profile).await.unwrap();
    let consent = NewConsent {
        graduate,
        contact,
        topics: vec![Topic::Instructions],
        means: ShareMeans::Email,
        given_how: GivenHow::Written,
        given_on: day("2026-03-01"),
        valid_until: day("2026-12-31"),
        wording: "指示の出し方について、例山さんに伝えてよい。".into(),
        recorded_by: Some(world.staff),
    };
    let consent = tx.give_consent(who, &consent).await.unwrap();
    let note = NewNote {
        graduate,
        happened_at: world.now(),
        mode: ContactMode::Phone,
        lanes: Lanes { said: "やることが一度に来る".into(), ..Lanes::default() },
        author: world.staff,
    };
    let note = tx.save_note(&note).await.unwrap();
    let sign = NewSign {
        graduate,
        source: SignSource::Person,
        category: SignCategory::Instructions,
        level: SignLevel::Clear,
        quote: "やることが一度に来る".into(),
        place: SignPlace::Note(note),
    };
    let sign = tx.record_sign(world.staff, &sign).await.unwrap();
    tx.save().await.unwrap();
    Stage { graduate, contact, consent, sign }
}

pub(super) fn fields(stage: &Stage) -> Vec<(String, String)> {
    let pairs = [
        ("recipient", format!("{}:instructions", stage.contact)),
        ("request", REQUEST.into()),
        ("purpose", "順番が分かると、落ち着いて始められるためです。".into()),
        ("fact1_on", "2026-03-30".into()),
        ("fact1_source", "person".into()),
        ("fact1_text", "指示が重なると分からなくなると話していました。".into()),
        ("question", "この形でできそうですか。".into()),
        ("answer_by", "2026-04-10".into()),
        ("review_on", "2026-04-30".into()),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(super) async fn post(browser: &mut Browser<'_>, path: &str, fields: &[(String, String)]) -> super::site::Answered {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

async fn with(browser: &mut Browser<'_>, path: &str, fields: &[(String, String)], name: &str, value: &str) -> String {
    let mut fields = fields.to_vec();
    fields.retain(|(own, _)| own != name);
    fields.push((name.to_owned(), value.to_owned()));
    let answer = post(browser, path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} = {value}");
    answer.body
}

/// Drafts the request and says that the graduate has read it.
pub(super) async fn read_request(browser: &mut Browser<'_>, stage: &Stage) -> EscalationId {
    let path = format!("/signs/{}/escalate", stage.sign);
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    let drafted = post(browser, &path, &fields(stage)).await;
    assert_eq!(drafted.status, StatusCode::SEE_OTHER, "{}", drafted.body);
    let id = drafted.place().trim_start_matches("/escalations/").split('?').next().unwrap().parse().unwrap();
    let id = EscalationId(id);
    let words = words(browser.site, id).await;
    let read = browser.post(&format!("/escalations/{id}/read"), &[("words", &words), ("how", "together")]).await;
    assert_eq!(read.place(), format!("/escalations/{id}?done=request-read"));
    id
}

pub(super) async fn words(site: &Site, id: EscalationId) -> String {
    site.world.begin().await.escalation(id).await.unwrap().unwrap().words_mark()
}

/// A request that the person has read, with the mark of its words, in the browser of whoever wrote it.
async fn read_on(site: &Site) -> (Stage, Browser<'_>, EscalationId, String) {
    let stage = stage(site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let id = read_request(&mut browser, &stage).await;
    let mark = words(site, id).await;
    (stage, browser, id, mark)
}

async fn state(site: &Site, id: EscalationId) -> EscalationState {
    site.world.begin().await.escalation(id).await.unwrap().unwrap().state
}

/// The newest mail to the contact.
pub(super) fn mail(site: &Site) -> Option<bansou_channels::SimulatedMessage> {
    site.world.inbox.messages_to(&Address::new(CONTACT_MAIL)).pop()
}

#[tokio::test]
async fn a_request_that_was_read_goes_out_with_its_record_and_its_link_and_says_nothing_in_the_mail() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (stage, mut browser, id, mark) = read_on(&site).await;
    let sent = browser.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    assert_eq!(sent.place(), format!("/escalations/{id}?done=request-sent"));
    site.world.tick().await;

    let mail = mail(&site).expect("the mail arrived");
    assert!(mail.text.contains("https://bansou.example/e/"), "{}", mail.text);
    for secret in ["見本1", "花子", REQUEST, "指示"] {
        assert!(!mail.text.contains(secret) && !mail.subject.as_ref().unwrap().contains(secret), "{secret}");
    }
    let tx = site.world.begin().await;
    let shares = tx.shares_of(stage.graduate).await.unwrap();
    assert!(shares[0].words.contains(REQUEST) && shares[0].escalation == Some(id));
    assert_eq!(tx.sign(stage.sign).await.unwrap().unwrap().sign.state.step(), SignStep::Acting);
    drop(tx);
    let page = browser.get(&format!("/escalations/{id}")).await;
    assert!(page.body.contains(CONTACT_MAIL) && page.body.contains(REQUEST));
    assert!(browser.get("/escalations").await.body.contains(REQUEST));
}

#[tokio::test]
async fn a_consent_that_is_withdrawn_before_sending_stops_the_request() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (stage, mut browser, id, mark) = read_on(&site).await;
    let tx = site.world.begin().await;
    tx.withdraw_consent(Actor::graduate(stage.graduate), stage.consent, day("2026-04-01")).await.unwrap();
    tx.save().await.unwrap();
    let sent = browser.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.world.tick().await;
    assert!(mail(&site).is_none());
    assert_eq!(state(&site, id).await, EscalationState::Withdrawn);
}

/// Sends a request, then changes the job while its mail waits; gives whether it arrived, and the request's page.
async fn sent_and_changed(
    database: &TestDatabase,
    change: impl FnOnce(EmploymentDetails) -> EmploymentDetails,
) -> (bool, String) {
    let site = Site::simulated(database.url()).await;
    let (stage, mut browser, id, mark) = read_on(&site).await;
    let sent = browser.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let tx = site.world.begin().await;
    let job = tx.employments_of(stage.graduate).await.unwrap().remove(0);
    tx.change_employment(Actor::staff(site.world.staff), job.id, &change(job.details)).await.unwrap();
    tx.save().await.unwrap();
    site.world.tick().await;
    let arrived = mail(&site).is_some();
    site.world.clock.advance(TimeDelta::days(3));
    site.world.tick().await;
    assert_eq!(mail(&site).is_some(), arrived);
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get(&format!("/escalations/{id}")).await.body;
    if !arrived {
        let again = browser.post(&format!("/escalations/{id}/again"), &[]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!again.body.contains("状態が変わっています"), "the obstacle is named: {}", again.body);
    }
    (arrived, page)
}

fn was_held_back((arrived, page): &(bool, String)) {
    assert!(!arrived);
    assert!(page.contains("このメールは会社に送っていません") && !page.contains("no_consent"), "{page}");
    assert!(!page.contains("会社がメールのリンクから答えると"), "{page}");
}

for_each_database! {
    async fn a_request_that_still_waits_when_the_employer_turns_out_not_to_know_never_leaves(database: &TestDatabase) {
        let closed = |details| EmploymentDetails { disclosure: Disclosure::Closed, ..details };
        was_held_back(&sent_and_changed(database, closed).await);
    }

    async fn a_request_that_still_waits_when_the_job_ends_never_leaves(database: &TestDatabase) {
        let ended = |details| EmploymentDetails { left_on: Some(day("2026-03-31")), ..details };
        was_held_back(&sent_and_changed(database, ended).await);
    }

    async fn a_request_that_still_waits_when_somebody_has_left_on_a_day_nobody_knows_never_leaves(database: &TestDatabase) {
        let gone = |details| EmploymentDetails { leaving: Some(LeavingReason::Health), ..details };
        was_held_back(&sent_and_changed(database, gone).await);
    }

    async fn a_request_about_somebody_on_leave_goes_out_because_the_job_lives(database: &TestDatabase) {
        let on_leave = |details| EmploymentDetails { leaving: Some(LeavingReason::OnLeave), ..details };
        assert!(sent_and_changed(database, on_leave).await.0);
    }
}

#[tokio::test]
async fn words_that_changed_must_be_read_again_and_others_than_those_on_the_screen_are_not_sent() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let id = read_request(&mut browser, &stage).await;
    let seen = words(&site, id).await;
    let mut changed = fields(&stage);
    changed[1].1 = "5月末まで、作業を紙に書いて渡していただけませんか。".into();
    let edited = post(&mut browser, &format!("/escalations/{id}/edit"), &changed).await;
    assert_eq!(edited.status, StatusCode::SEE_OTHER, "{}", edited.body);
    assert_eq!(state(&site, id).await, EscalationState::Draft);
    for path in ["send", "read"] {
        let fields = [("words", seen.as_str()), ("how", "together")];
        let late = browser.post(&format!("/escalations/{id}/{path}"), &fields).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(late.body.contains("まだ何もしていません"));
    }
    assert!(browser.get(&format!("/escalations/{id}/edit")).await.body.contains("5月末まで"));
}

#[tokio::test]
async fn what_is_wrong_in_the_form_is_said_at_its_field_and_nothing_is_lost() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/signs/{}/escalate", stage.sign);
    let right = fields(&stage);
    let long = "あ".repeat(121);
    for (name, value) in [
        ("recipient", format!("{}:condition", stage.contact).as_str()),
        ("request", long.as_str()),
        ("purpose", " "),
        ("fact1_on", "2026-02-30"),
        ("fact1_on", "2026-04-02"),
        ("fact1_source", "rumour"),
        ("fact1_text", ""),
        ("question", "そうしてほしい"),
        ("answer_by", "2026-04-01"),
        ("review_on", "2026-04-02"),
    ] {
        let body = with(&mut browser, &path, &right, name, value).await;
        assert!(body.contains(&format!("{name}-error")), "{name} = {value}");
        assert!(name == "request" || body.contains(REQUEST), "what was typed stays");
    }
    assert!(site.world.begin().await.escalations_of(stage.graduate).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_employer_who_does_not_know_and_a_contact_without_consent_cannot_be_chosen() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/signs/{}/escalate", stage.sign);
    let who = Actor::staff(site.world.staff);
    let tx = site.world.begin().await;
    tx.withdraw_consent(who, stage.consent, day("2026-04-01")).await.unwrap();
    tx.save().await.unwrap();
    assert!(browser.get(&path).await.body.contains(&format!("/graduates/{}/consents", stage.graduate)));
    assert_eq!(post(&mut browser, &path, &fields(&stage)).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let tx = site.world.begin().await;
    let job = tx.employments_of(stage.graduate).await.unwrap().remove(0);
    let details = EmploymentDetails { disclosure: Disclosure::Closed, ..job.details };
    tx.change_employment(who, job.id, &details).await.unwrap();
    tx.save().await.unwrap();
    assert!(browser.get(&path).await.body.contains("クローズ"));
}

#[tokio::test]
async fn while_nobody_has_said_whether_the_employer_knows_they_are_not_asked_and_the_page_leads_to_the_choice() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (stage, mut browser, id, mark) = read_on(&site).await;
    let tx = site.world.begin().await;
    let job = tx.employments_of(stage.graduate).await.unwrap().remove(0);
    let details = EmploymentDetails { disclosure: Disclosure::Unknown, ..job.details };
    tx.change_employment(Actor::staff(site.world.staff), job.id, &details).await.unwrap();
    tx.save().await.unwrap();

    let form = format!("/jobs/{}/edit", job.id);
    let asks = [format!("/signs/{}/escalate", stage.sign), format!("/graduates/{}/consents", stage.graduate)];
    for path in &asks {
        let body = browser.get(path).await.body;
        assert!(
            body.contains("まだ確かめていません") && body.contains(&format!("{form}#disclosure")),
            "{path}: {body}"
        );
    }
    assert_eq!(post(&mut browser, &asks[0], &fields(&stage)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = browser.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    assert!(
        sent.status == StatusCode::UNPROCESSABLE_ENTITY && sent.body.contains("（オープン）が、登録されていません"),
        "{}",
        sent.body
    );
    assert_eq!(state(&site, id).await, EscalationState::ReadByPerson);

    assert!(browser.get(&form).await.body.contains("name=\"disclosure\" value=\"unknown\" checked"));
    let typed = |disclosure| {
        [
            ("employer", "株式会社サンプル物流"),
            ("hired_on", "2026-01-05"),
            ("disclosure", disclosure),
            ("contact_name", "例山 ひとみ"),
            ("contact_part", "人事"),
            ("contact_email", CONTACT_MAIL),
        ]
    };
    assert_eq!(
        browser.post(&form, &typed("unknown")).await.status,
        StatusCode::SEE_OTHER,
        "something else is corrected"
    );
    assert_eq!(browser.post(&form, &typed("open")).await.status, StatusCode::SEE_OTHER);
    assert!(
        !browser.get(&form).await.body.contains("name=\"disclosure\" value=\"unknown\""),
        "what is known isn't taken back"
    );
    assert_eq!(browser.post(&form, &typed("unknown")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = browser
        .post(
            &format!("/graduates/{}/jobs", stage.graduate),
            &[("employer", "例田工業"), ("hired_on", "2026-03-01"), ("disclosure", "unknown")],
        )
        .await;
    assert_eq!(new.status, StatusCode::UNPROCESSABLE_ENTITY, "who enters a job says it");
    assert!(browser.get(&asks[0]).await.body.contains("例山 ひとみさん"));
    let sent = browser.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
}

#[tokio::test]
async fn another_offices_requests_and_signs_are_not_there() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (stage, _, id, mark) = read_on(&site).await;
    let other = site.other_office().await;
    let (mut stranger, _) = site.signed_in_at(other, Role::Admin).await;
    for path in
        [format!("/escalations/{id}"), format!("/escalations/{id}/edit"), format!("/signs/{}/escalate", stage.sign)]
    {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let sent = stranger.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    assert_eq!(state(&site, id).await, EscalationState::ReadByPerson);
}

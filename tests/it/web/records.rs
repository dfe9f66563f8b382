//! What staff write down about a graduate: notes, details, jobs, consents, the invite to LINE.

use bansou_core::audit::Actor;
use bansou_core::cadence::AnchorKind;
use bansou_core::contact::ContactKind;
use bansou_core::employment::EmployerContactProfile;
use bansou_core::escalation::EscalationState;
use bansou_core::ids::GraduateId;
use bansou_core::sign::{SignCategory, SignStep};
use bansou_core::staff::Role;
use bansou_store::EmploymentDetails;
use bansou_tests::database::TestDatabase;
use chrono::NaiveDate;
use http::StatusCode;

use super::site::{Browser, Site, day};

const NOTE: &[(&str, &str)] = &[("mode", "phone"), ("on", "2026-04-01"), ("at", "09:30")];

async fn stage(database: &TestDatabase) -> (Site, GraduateId) {
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-01-05")).await;
    site.world.tick().await;
    (site, graduate)
}

async fn next(site: &Site, graduate: GraduateId) -> NaiveDate {
    site.world.begin().await.cadence(graduate).await.unwrap().unwrap().next.unwrap().due_on
}

/// The form of the edit page as it comes, with some fields changed.
async fn edit(browser: &mut Browser<'_>, graduate: GraduateId, changed: &[(&str, &str)]) -> super::site::Answered {
    let mut fields = vec![("name", "見本1 花子"), ("kana", "ミホン1 ハナコ"), ("phone", "090-1200-0001")];
    fields.extend([("language", "plain"), ("support", "supported"), ("cadence", "standard"), ("external_id", "G0001")]);
    for day in ["day_mon", "day_tue", "day_wed", "day_thu", "day_fri", "day_sat", "day_sun"] {
        fields.push((day, "yes"));
    }
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed);
    browser.post(&format!("/graduates/{graduate}/edit"), &fields).await
}

#[tokio::test]
async fn a_note_with_one_lane_is_saved_and_moves_the_next_check_in() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let graduate = site.world.graduate(1, day("2026-03-31")).await;
    site.world.tick().await;
    let mut browser = site.signed_in(Role::Staff).await;
    let before = next(&site, graduate).await;
    assert_eq!(browser.get(&format!("/graduates/{graduate}/notes/new")).await.status, StatusCode::OK);
    let sign = [("said", "朝がつらい"), ("sign_category", "sleep"), ("sign_level", "2")];
    let saved = browser.post(&format!("/graduates/{graduate}/notes"), &[NOTE, &sign].concat()).await;
    let note = site.world.begin().await.notes_of(graduate, 9).await.unwrap()[0].id;
    assert_eq!(saved.place(), format!("/notes/{note}/summary?done=note-saved"), "a call is put in writing next");
    site.world.tick().await;
    let tx = site.world.begin().await;
    assert_eq!(tx.notes_of(graduate, 9).await.unwrap()[0].lanes.said, "朝がつらい");
    let signs = tx.signs_of(graduate).await.unwrap();
    assert_eq!((signs[0].sign.category, signs[0].sign.state.step()), (SignCategory::Sleep, SignStep::Confirmed));
    assert_eq!(tx.cadence(graduate).await.unwrap().unwrap().last_contact_on, Some(day("2026-04-01")));
    drop(tx);
    let after = next(&site, graduate).await;
    assert!(after > before, "they spoke just now: {before} becomes {after}");
}

#[tokio::test]
async fn a_sign_in_a_note_brings_contact_closer_and_good_news_does_not() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    // Hired long ago: the plan alone would come back in weeks.
    for (n, category, closer) in [(1, "positive", 0), (2, "sleep", 1)] {
        let graduate = site.world.graduate(n, day("2024-04-01")).await;
        site.world.tick().await;
        let sign = [("said", "見本のことば"), ("sign_category", category), ("sign_level", "1")];
        let saved = browser.post(&format!("/graduates/{graduate}/notes"), &[NOTE, &sign].concat()).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        site.world.tick().await;
        let cadence = site.world.begin().await.cadence(graduate).await.unwrap().unwrap();
        assert_eq!(cadence.state.adjusters.len(), closer, "{category}");
        let days = (cadence.next.unwrap().due_on - day("2026-04-01")).num_days();
        assert_eq!(days <= 7, closer == 1, "{category}: in {days} days");
    }
}

#[tokio::test]
async fn a_note_without_words_or_observation_comes_back_as_it_was_typed() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let thought = [("interpretation", "疲れているのかもしれない")];
    let refused = browser.post(&format!("/graduates/{graduate}/notes"), &[NOTE, &thought].concat()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("疲れているのかもしれない") && refused.body.contains("said-error"));
    assert!(site.world.begin().await.notes_of(graduate, 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_number_that_is_nobodys_own_is_refused_and_a_changed_one_gets_a_new_version() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let page = browser.get(&format!("/graduates/{graduate}/edit")).await;
    assert!(page.body.contains("090-1200-0001"), "the number is shown as it is dialled");
    let changed = [("phone", "0120-000-000"), ("crisis_plan", "姉に電話してよい"), ("external_id", "")];
    let refused = edit(&mut browser, graduate, &changed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("日本の携帯電話（090・080・070・060）か固定電話の番号"));
    assert!(refused.body.contains("0120-000-000") && refused.body.contains("姉に電話してよい"));

    let evenings = [("phone", "０９０ー１２００ー０００２"), ("allowed_from", "17:30"), ("day_sun", "")];
    assert_eq!(edit(&mut browser, graduate, &evenings).await.place(), format!("/graduates/{graduate}?done=saved"));
    let tx = site.world.begin().await;
    let points = tx.contact_points(graduate).await.unwrap();
    let sms = points.iter().find(|point| point.kind == ContactKind::Sms).unwrap();
    assert_eq!((sms.address.as_str(), sms.version), ("+819012000002", 2));
    let hours = tx.graduate(graduate).await.unwrap().unwrap().details.hours.week;
    assert_eq!(bansou_core::hours::day_text(hours.on(chrono::Weekday::Sat)), "17:30-20:00");
    assert!(hours.on(chrono::Weekday::Sun).is_empty());
    drop(tx);

    site.world.graduate(2, day("2026-01-05")).await;
    let taken = edit(&mut browser, graduate, &[("external_id", "G0002")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY, "another person has this number");
    let closer = edit(&mut browser, graduate, &[("cadence", "close"), ("phone", "")]).await;
    assert_eq!(closer.status, StatusCode::SEE_OTHER);
    let tx = site.world.begin().await;
    let state = tx.cadence(graduate).await.unwrap().unwrap().state;
    assert_eq!(state.anchor.on, day("2026-01-05"), "another rhythm counts from the same day");
    assert_eq!(tx.contact_points(graduate).await.unwrap().len(), 1, "the emptied number is gone");
}

#[tokio::test]
async fn kinds_and_certificates_of_an_import_are_shown_in_words_and_stay_codes() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let who = Actor::staff(site.world.staff);
    let set = async |disability: &str, certificate: &str| {
        let tx = site.world.begin().await;
        let mut details = tx.graduate(graduate).await.unwrap().unwrap().details;
        details.profile.disability = Some(disability.to_owned());
        details.profile.certificate = Some(certificate.to_owned());
        tx.change_graduate(who, graduate, &details).await.unwrap();
        tx.save().await.unwrap();
    };
    let mut browser = site.signed_in(Role::Staff).await;
    set("mental,developmental", "mental 2級,intellectual B2").await;
    let (disability, certificate) = ("精神障害、発達障害", "精神障害者保健福祉手帳 2級、療育手帳 B2");
    for path in [format!("/graduates/{graduate}"), format!("/graduates/{graduate}/edit")] {
        let page = browser.get(&path).await.body;
        assert!(page.contains(disability) && page.contains(certificate) && !page.contains("mental"), "{path}: {page}");
    }
    let kept = edit(&mut browser, graduate, &[("disability", disability), ("certificate", certificate)]).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let profile = site.world.begin().await.graduate(graduate).await.unwrap().unwrap().details.profile;
    assert_eq!(profile.certificate.as_deref(), Some("mental 2級,intellectual B2"), "an export can be imported again");
    set("精神、見本症候群", "申請中").await;
    let page = browser.get(&format!("/graduates/{graduate}")).await.body;
    assert!(page.contains("精神、見本症候群") && page.contains("申請中"), "own words stay");
}

#[tokio::test]
async fn a_landline_takes_the_mobiles_place_for_calls_and_nothing_is_written_there() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let points = async || {
        let points = site.world.begin().await.contact_points(graduate).await.unwrap();
        points.into_iter().map(|point| (point.kind, point.address)).collect::<Vec<_>>()
    };
    let line = points().await.remove(0);
    let saved = edit(&mut browser, graduate, &[("phone", "03-0000-0001")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let home = (ContactKind::Phone, "+81300000001".to_owned());
    assert_eq!(points().await, [line.clone(), home.clone()], "the mobile is gone, and nothing goes there any more");
    let page = browser.get(&format!("/graduates/{graduate}")).await.body;
    assert!(page.contains("電話（SMSは送りません）") && page.contains("03-0000-0001"), "{page}");
    assert!(!browser.get(&format!("/inbox/{graduate}")).await.body.contains("value=\"sms\""));
    let shown = browser.get(&format!("/graduates/{graduate}/edit")).await.body;
    assert!(shown.contains("value=\"03-0000-0001\""), "{shown}");
    assert_eq!(edit(&mut browser, graduate, &[("phone", "0300000001")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(points().await, [line.clone(), home]);
    assert_eq!(edit(&mut browser, graduate, &[("phone", "090-1200-0009")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(points().await, [line, (ContactKind::Sms, "+819012000009".to_owned())]);
}

#[tokio::test]
async fn the_days_of_the_service_are_entered_ended_and_begun_again_on_the_persons_form() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/graduates/{graduate}");
    assert!(browser.get(&path).await.body.contains(&format!("href=\"{path}/edit#service\"")), "nothing on record");
    let periods = async || {
        let stored = site.world.begin().await.service_periods_of(graduate).await.unwrap();
        stored.into_iter().map(|stored| (stored.period.started_on, stored.period.ended_on)).collect::<Vec<_>>()
    };
    let from = |text| ("service_started_on", text);
    let to = |text| ("service_ended_on", text);
    let without_start = edit(&mut browser, graduate, &[to("2026-03-31")]).await;
    assert!(without_start.body.contains("id=\"service_started_on-error\""), "{}", without_start.body);
    assert_eq!(edit(&mut browser, graduate, &[from("2025-07-01")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(edit(&mut browser, graduate, &[from("令和7年8月1日")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(periods().await, [(day("2025-08-01"), None)], "a corrected day moves the same period");
    let form = browser.get(&format!("{path}/edit")).await.body;
    assert!(form.contains("value=\"2025-08-01\""), "the form shows it");
    assert!(browser.get(&path).await.body.contains("2025年8月1日"), "and so does the person's page");

    let undated = edit(&mut browser, graduate, &[from("2025-08-01"), ("support", "ended")]).await;
    assert_eq!(undated.status, StatusCode::UNPROCESSABLE_ENTITY, "support doesn't end without its last day");
    assert!(undated.body.contains("id=\"service_ended_on-error\""));
    let inverted = edit(&mut browser, graduate, &[from("2025-08-01"), to("2025-07-31")]).await;
    assert!(inverted.body.contains("定着支援終了日が開始日より前です。"), "{}", inverted.body);
    let ended = [from("2025-08-01"), to("2026-01-31"), ("support", "ended")];
    assert_eq!(edit(&mut browser, graduate, &ended).await.status, StatusCode::SEE_OTHER);
    assert_eq!(edit(&mut browser, graduate, &[from("2026-03-01")]).await.status, StatusCode::SEE_OTHER);
    let twice = [(day("2025-08-01"), Some(day("2026-01-31"))), (day("2026-03-01"), None)];
    assert_eq!(periods().await, twice, "begun again after its end: a further period");
    let same_day = edit(&mut browser, graduate, &[from("2025-08-01")]).await;
    assert_eq!(same_day.status, StatusCode::UNPROCESSABLE_ENTITY);

    assert_eq!(edit(&mut browser, graduate, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(periods().await, twice[..1], "emptied days take back what was entered by mistake");
    let audit = site.world.begin().await.audit_of(graduate.0, 30).await.unwrap();
    assert!(audit.iter().any(|row| row.action == "service_period.remove"));
}

#[tokio::test]
async fn a_stand_in_is_named_on_the_form_and_sees_the_person_among_their_own() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    let (mut other, standin) = site.signed_in_at(site.world.office, Role::Staff).await;
    let (staff, standin) = (staff.to_string(), standin.to_string());
    let foreign = site.signed_in_at(site.other_office().await, Role::Staff).await.1.to_string();
    for wrong in [&staff, &foreign] {
        let refused = edit(&mut browser, graduate, &[("staff", &staff), ("standin", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("id=\"standin-error\""));
    }
    assert!(!other.get(&format!("/graduates?staff={standin}")).await.body.contains("見本1 花子"));
    let saved = edit(&mut browser, graduate, &[("staff", &staff), ("standin", &standin)]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let person = site.world.begin().await.graduate(graduate).await.unwrap().unwrap();
    assert_eq!(person.standin.map(|id| id.to_string()), Some(standin.clone()));
    let page = browser.get(&format!("/graduates/{graduate}")).await.body;
    assert!(page.contains("代わりの担当 見本") && !page.contains("さんの代わり"), "{page}");
    assert!(other.get(&format!("/graduates?staff={standin}")).await.body.contains("見本1 花子"));
    let form = browser.get(&format!("/graduates/{graduate}/edit")).await.body;
    assert_eq!(form.matches(&format!("<option value=\"{standin}\" selected")).count(), 1);
}

#[tokio::test]
async fn a_new_job_starts_the_cadence_anew_and_another_contact_is_another_person() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let job = [("employer", "株式会社サンプル物流"), ("hired_on", "2026-03-16"), ("disclosure", "open")];
    let jobs = format!("/graduates/{graduate}/jobs");
    let wrong = [("contact_name", "例川 実"), ("contact_email", "minoru"), ("left_on", "2026-03-01")];
    let refused = browser.post(&jobs, &[&job[..], &wrong].concat()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("contact_email-error") && refused.body.contains("例川 実"));
    let contact = [("contact_name", "例川 実"), ("contact_email", "minoru@example.jp")];
    assert_eq!(browser.post(&jobs, &[&job[..], &contact].concat()).await.status, StatusCode::SEE_OTHER);
    let tx = site.world.begin().await;
    let anchor = tx.cadence(graduate).await.unwrap().unwrap().state.anchor;
    assert_eq!((anchor.kind, anchor.on), (AnchorKind::Hired, day("2026-03-16")));
    let stored = tx.employments_of(graduate).await.unwrap().remove(0);
    drop(tx);

    site.world.clock.advance(chrono::TimeDelta::minutes(1));
    let path = format!("/jobs/{}/edit", stored.id);
    assert!(browser.get(&path).await.body.contains("minoru@example.jp"));
    let left = [("left_on", "2026-03-31"), ("leaving_reason", "contract_end"), ("contact_name", "例山 ひとみ")];
    assert_eq!(browser.post(&path, &[&job[..], &left].concat()).await.status, StatusCode::SEE_OTHER);
    let tx = site.world.begin().await;
    let after = tx.employment(stored.id).await.unwrap().unwrap();
    assert_eq!(after.details.left_on, Some(day("2026-03-31")));
    let contacts = tx.employer_contacts(after.details.employer.unwrap()).await.unwrap();
    let names: Vec<_> = contacts.iter().map(|contact| contact.profile.name.as_str()).collect();
    assert_eq!(names, ["例川 実", "例山 ひとみ"], "nobody takes over what was agreed about somebody else");
}

#[tokio::test]
async fn a_consent_is_given_shown_and_withdrawn_with_the_requests_that_stand_on_it() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = super::escalations::stage(&site).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/graduates/{}/consents", stage.graduate);
    let contact = stage.contact.to_string();
    let mut fields = vec![("contact", contact.as_str()), ("means", "email"), ("given_how", "oral")];
    fields.push(("valid_until", "2026-03-31"));
    let refused = browser.post(&path, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("topics-error") && refused.body.contains("valid_until-error"));
    fields.retain(|(name, _)| *name != "valid_until");
    fields.extend([("valid_until", "2026-09-30"), ("topic_hours", "yes")]);
    assert_eq!(browser.post(&path, &fields).await.place(), format!("{path}?done=consent-given"));
    assert!(browser.get(&path).await.body.contains("例山 ひとみさん"));
    let given = site.world.begin().await.consents_of(stage.graduate).await.unwrap().remove(0);
    assert!(given.wording.contains("例山 ひとみさん") && given.wording.contains("2026-09-30"), "{}", given.wording);

    let ask = format!("/signs/{}/escalate", stage.sign);
    let asked = super::escalations::post(&mut browser, &ask, &super::escalations::fields(&stage)).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let gone = browser.post(&format!("/consents/{}/withdraw", stage.consent), &[]).await;
    assert_eq!(gone.place(), format!("{path}?done=consent-withdrawn"));
    let tx = site.world.begin().await;
    assert!(tx.consent(stage.consent).await.unwrap().unwrap().terms.withdrawn_at.is_some());
    let requests = tx.escalations_of(stage.graduate).await.unwrap();
    assert_eq!(requests[0].state, EscalationState::Withdrawn, "nothing else covers what was asked");
}

#[tokio::test]
async fn an_invite_is_shown_once_and_the_one_before_stops_working() {
    let database = TestDatabase::sqlite();
    let site = Site::open(database.url()).await;
    let graduate = site.world.graduate_with(1, day("2026-01-05"), &[ContactKind::Sms]).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let path = format!("/graduates/{graduate}/invite");
    let mut codes = Vec::new();
    for _ in 0..2 {
        let made = browser.post(&path, &[]).await;
        let from = made.body.find("https://line.me/R/oaMessage/%40000mihon/?").expect("the link is shown");
        codes.push(made.body[from..].split(['<', '"', '?']).nth(1).unwrap().to_owned());
    }
    let page = browser.get(&path).await;
    assert!(!page.body.contains(&codes[1]) && page.body.contains("4月8日"), "only until when it works is kept");
    assert!(site.world.store.find_invite(&codes[0]).await.unwrap().is_none());
    assert_eq!(site.world.store.find_invite(&codes[1]).await.unwrap().unwrap().subject, graduate.0);
}

#[tokio::test]
async fn another_office_finds_none_of_it() {
    let database = TestDatabase::sqlite();
    let (site, graduate) = stage(&database).await;
    let tx = site.world.begin().await;
    let who = Actor::staff(site.world.staff);
    let employer = tx.employer_named(who, "株式会社サンプル物流").await.unwrap();
    let begun = EmploymentDetails::begun(Some(employer), day("2026-01-05"));
    let job = tx.add_employment(who, graduate, &begun).await.unwrap();
    let profile = EmployerContactProfile { name: "例山 ひとみ".into(), ..EmployerContactProfile::default() };
    tx.add_employer_contact(who, employer, &profile).await.unwrap();
    tx.save().await.unwrap();
    let other = site.other_office().await;
    let (mut stranger, _) = site.signed_in_at(other, Role::Admin).await;
    for end in ["notes/new", "edit", "jobs/new", "consents", "invite"] {
        let path = format!("/graduates/{graduate}/{end}");
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(stranger.get(&format!("/jobs/{job}/edit")).await.status, StatusCode::NOT_FOUND);
    let changed = [("employer", "別の会社"), ("hired_on", "2026-01-05"), ("disclosure", "open")];
    assert_eq!(stranger.post(&format!("/jobs/{job}/edit"), &changed).await.status, StatusCode::NOT_FOUND);
    assert_eq!(edit(&mut stranger, graduate, &[]).await.status, StatusCode::NOT_FOUND);
}

//! What stands in the way of a request is said as it is, with the way on; and what was told by phone or in a meeting is kept.

use bansou_core::audit::Actor;
use bansou_core::consent::{GivenHow, ShareMeans, Topic};
use bansou_core::employment::{Disclosure, EmployerContactProfile};
use bansou_core::staff::Role;
use bansou_store::{EmploymentDetails, NewConsent};
use bansou_tests::database::TestDatabase;
use http::StatusCode;

use super::employer::{enter, say};
use super::escalations::{Stage, fields, mail, post, read_request, stage, words};
use super::me::let_in;
use super::site::{Site, day};

/// In the place of the consent to e-mail, one to telling by phone.
async fn by_phone_only(site: &Site, stage: &Stage) {
    let who = Actor::staff(site.world.staff);
    let tx = site.world.begin().await;
    tx.withdraw_consent(who, stage.consent, day("2026-04-01")).await.unwrap();
    let phone = NewConsent {
        graduate: stage.graduate,
        contact: stage.contact,
        topics: vec![Topic::Instructions],
        means: ShareMeans::Phone,
        given_how: GivenHow::Oral,
        given_on: day("2026-03-01"),
        valid_until: day("2026-12-31"),
        wording: "指示の出し方について、例山さんに電話で伝えてよい。".into(),
        recorded_by: Some(site.world.staff),
    };
    tx.give_consent(who, &phone).await.unwrap();
    tx.save().await.unwrap();
}

#[tokio::test]
async fn a_consent_to_telling_by_phone_is_no_expired_one() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    by_phone_only(&site, &stage).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let page = staff.get(&format!("/signs/{}/escalate", stage.sign)).await.body;
    assert!(page.contains("メールで伝える同意がありません") && !page.contains("取り消されています"), "{page}");
    assert!(page.contains(&format!("/graduates/{}/shares", stage.graduate)));
}

#[tokio::test]
async fn without_a_contact_or_with_a_closed_one_the_way_on_leads_to_the_jobs() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let path = format!("/signs/{}/escalate", stage.sign);
    let jobs = format!("/graduates/{}#jobs", stage.graduate);
    let who = Actor::staff(site.world.staff);
    let tx = site.world.begin().await;
    let profile =
        EmployerContactProfile { name: "例山 ひとみ".into(), part: "人事".into(), email: String::new() };
    tx.change_employer_contact(who, stage.contact, &profile).await.unwrap();
    tx.save().await.unwrap();
    assert!(staff.get(&path).await.body.contains(&jobs));
    let tx = site.world.begin().await;
    let job = tx.employments_of(stage.graduate).await.unwrap().remove(0);
    let details = EmploymentDetails { disclosure: Disclosure::Closed, ..job.details };
    tx.change_employment(who, job.id, &details).await.unwrap();
    tx.save().await.unwrap();
    assert!(staff.get(&path).await.body.contains(&jobs));
    assert!(staff.get(&format!("/graduates/{}", stage.graduate)).await.body.contains("id=\"jobs\""));
}

#[tokio::test]
async fn what_was_told_by_phone_is_kept_under_its_consent_and_shown_to_the_person() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    by_phone_only(&site, &stage).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let path = format!("/graduates/{}/shares", stage.graduate);
    assert!(staff.get(&path).await.body.contains("電話・面談で伝えたことを残す"));
    let to = format!("{}:instructions:phone", stage.contact);
    let said = "作業を1つずつ伝えてもらえると助かると話していました。";
    for (to, words) in [
        (format!("{}:condition:phone", stage.contact), said),
        (format!("{}:instructions:email", stage.contact), said),
        (to.clone(), " "),
    ] {
        let refused = staff.post(&path, &[("to", &to), ("words", words)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}");
        assert!(refused.body.contains(words), "what was typed stays");
    }
    let kept = staff.post(&path, &[("to", &to), ("words", said)]).await;
    assert_eq!(kept.place(), format!("{path}?done=share-recorded"));
    let shares = site.world.begin().await.shares_of(stage.graduate).await.unwrap();
    assert!(shares.len() == 1 && shares[0].words == said && shares[0].means == ShareMeans::Phone);
    assert!(let_in(&site, stage.graduate).await.get("/me/sharing").await.body.contains(said));
}

#[tokio::test]
async fn words_are_shown_again_when_the_consent_ends_while_they_are_written() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let who = Actor::staff(site.world.staff);
    let tx = site.world.begin().await;
    tx.withdraw_consent(who, stage.consent, day("2026-04-01")).await.unwrap();
    tx.save().await.unwrap();
    let written = fields(&stage);
    let refused = post(&mut staff, &format!("/signs/{}/escalate", stage.sign), &written).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (name, text) in written.iter().filter(|(name, _)| name != "recipient" && !name.ends_with("_source")) {
        assert!(refused.body.contains(text.as_str()), "{name}");
    }
}

#[tokio::test]
async fn a_consent_leads_back_to_the_sign_it_was_asked_for() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let tx = site.world.begin().await;
    tx.withdraw_consent(Actor::staff(site.world.staff), stage.consent, day("2026-04-01")).await.unwrap();
    tx.save().await.unwrap();
    let sign = format!("/signs/{}/escalate", stage.sign);
    let consents = format!("/graduates/{}/consents?back={sign}", stage.graduate);
    assert!(staff.get(&sign).await.body.contains(&consents));
    let page = staff.get(&consents).await.body;
    assert!(page.contains(&format!("action=\"{consents}\"")) && !page.contains("本人の画面"), "nobody consents there");
    let contact = stage.contact.to_string();
    let form = |how| {
        let form = [("contact", contact.as_str()), ("means", "email"), ("given_how", how), ("topic_hours", "yes")];
        [&form[..], &[("valid_until", "2026-09-30")]].concat()
    };
    assert_eq!(staff.post(&consents, &form("electronic")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(staff.post(&consents, &form("oral")).await.place(), format!("{sign}?done=consent-given"));
    let elsewhere = format!("/graduates/{}/consents?back=https://evil.example", stage.graduate);
    let given = staff.post(&elsewhere, &form("oral")).await;
    assert_eq!(given.place(), format!("/graduates/{}/consents?done=consent-given", stage.graduate));
}

#[tokio::test]
async fn the_language_of_a_refused_answer_is_changed_on_a_page_that_opens() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let stage = stage(&site).await;
    let mut staff = site.signed_in(Role::Staff).await;
    let id = read_request(&mut staff, &stage).await;
    let mark = words(&site, id).await;
    staff.post(&format!("/escalations/{id}/send"), &[("words", &mark)]).await;
    site.world.tick().await;
    let text = mail(&site).unwrap().text;
    let link = text[text.find("/e/").unwrap()..].split_whitespace().next().unwrap();
    let mut employer = site.stranger();
    let place = enter(&mut employer, link).await;
    let refused = say(&mut employer, &place, &[("kind", "maybe")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(&format!("name=\"back\" value=\"{place}\"")));
    assert_eq!(employer.get(&place).await.status, StatusCode::OK);
}

//! Somebody new, added by hand: by the rules of an import, and not twice.

use bansou_core::contact::ContactKind;
use bansou_core::employment::Disclosure;
use bansou_core::graduate::{Language, Support};
use bansou_core::hours::day_text;
use bansou_core::retention::{Rewards, report};
use bansou_core::service_period::{ServiceKind, ServicePeriod};
use bansou_core::staff::Role;
use bansou_tests::database::TestDatabase;
use http::StatusCode;

use super::site::{Answered, Browser, Site, day};

/// The form as it comes, with some fields changed.
async fn add(browser: &mut Browser<'_>, changed: &[(&str, &str)]) -> Answered {
    let mut fields =
        vec![("name", "例山　みのり"), ("kana", "れいやま　みのり"), ("phone", "０９０ー１２００ー９９９９")];
    fields.extend([("language", "easy"), ("cadence", "gentle"), ("staff", "")]);
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed);
    browser.post("/graduates", &fields).await
}

#[tokio::test]
async fn somebody_added_by_hand_is_on_record_as_an_import_would_have_written_and_is_contacted_by_plan() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let (mut browser, staff) = site.signed_in_at(site.world.office, Role::Staff).await;
    assert!(browser.get("/graduates").await.body.contains("href=\"/graduates/new\""), "the empty list leads there");
    let form = browser.get("/graduates/new").await;
    assert!(
        form.body.contains(&format!("<option value=\"{staff}\" selected")),
        "whoever adds somebody is there for them"
    );

    let job = [("employer", "見本商事"), ("hired_on", "2026-04-06"), ("disclosure", "closed")];
    let more =
        [("staff", &*staff.to_string()), ("called", "みのり"), ("allowed_from", "17:00"), ("allowed_to", "20:00")];
    let added = add(&mut browser, &[&job[..], &more].concat()).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let tx = site.world.begin().await;
    let person = tx.graduates().await.unwrap().remove(0);
    assert_eq!(added.place(), format!("/graduates/{}?done=graduate-added", person.id));
    let profile = &person.details.profile;
    assert_eq!((profile.kana.as_str(), profile.call_name()), ("レイヤマ ミノリ", "みのり"));
    assert_eq!(
        (person.support, person.staff, person.details.language),
        (Support::Supported, Some(staff), Language::Easy)
    );
    assert_eq!(day_text(person.details.hours.week.on(chrono::Weekday::Sun)), "17:00-20:00");
    let points = tx.contact_points(person.id).await.unwrap();
    assert_eq!(
        points.iter().map(|point| (point.kind, point.address.as_str())).collect::<Vec<_>>(),
        [(ContactKind::Sms, "+819012009999")]
    );
    let jobs = tx.employments_of(person.id).await.unwrap();
    assert_eq!((jobs[0].details.hired_on, jobs[0].details.disclosure), (day("2026-04-06"), Disclosure::Closed));
    let rows = tx.audit_of(person.id.0, 20).await.unwrap();
    assert!(rows.iter().any(|row| row.action == "graduate.add" && row.actor.id == Some(staff.0)));
    drop(tx);
    site.world.tick().await;
    let next = site.world.begin().await.cadence(person.id).await.unwrap().unwrap().next.unwrap();
    assert!(next.due_on > day("2026-04-06"), "counted from the first day of work");
}

#[tokio::test]
async fn the_service_of_somebody_added_by_hand_counts_for_the_official_rate_as_an_imported_one_does() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let job = [("employer", "見本商事"), ("hired_on", "2025-04-01"), ("disclosure", "open")];
    let only_an_end = add(&mut browser, &[&job[..], &[("service_ended_on", "2026-03-01")]].concat()).await;
    assert_eq!(only_an_end.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(only_an_end.body.contains("定着支援終了日がありますが、開始日がありません。"), "{}", only_an_end.body);
    let service = [("service_started_on", "2025-10-01"), ("service_ended_on", "2025-09-01")];
    let inverted = add(&mut browser, &[&job[..], &service].concat()).await;
    assert!(inverted.body.contains("id=\"service_ended_on-error\""));
    assert_eq!(add(&mut browser, &[&job[..], &service[..1]].concat()).await.status, StatusCode::SEE_OTHER);
    let tx = site.world.begin().await;
    let people = tx.retention_people().await.unwrap();
    let official = report(day("2026-04-01"), &people, &Rewards::built_in()).official;
    assert_eq!((official.received.denominator, official.received.numerator_max), (1, 1));
    let stored = tx.service_periods_of(tx.graduates().await.unwrap()[0].id).await.unwrap().remove(0);
    assert_eq!(stored.period, ServicePeriod::start(ServiceKind::Retention, day("2025-10-01")));
    drop(tx);

    let ended = [("name", "見本 太郎"), ("phone", ""), service[0], ("service_ended_on", "2026-03-31")];
    assert_eq!(add(&mut browser, &ended).await.status, StatusCode::SEE_OTHER);
    let people = site.world.begin().await.graduates().await.unwrap();
    assert!(people.iter().any(|person| person.support == Support::Ended), "as an import reads it: the service is over");
}

#[tokio::test]
async fn without_a_job_a_name_is_enough_and_nothing_is_planned_yet() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let mut browser = site.signed_in(Role::Staff).await;
    assert_eq!(add(&mut browser, &[("phone", ""), ("kana", "")]).await.status, StatusCode::SEE_OTHER);
    let tx = site.world.begin().await;
    let person = tx.graduates().await.unwrap().remove(0);
    assert_eq!(person.support, Support::Preparing);
    assert!(tx.cadence(person.id).await.unwrap().is_none());
    assert_eq!(person.details.profile.call_name(), "例山");
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_in_the_words_of_the_import_and_nothing_is_written() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    site.world.graduate(1, day("2026-01-05")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let wrong =
        [("phone", "0120-000-001"), ("allowed_from", "10:00"), ("employer", "見本商事"), ("external_id", "G0001")];
    let refused = add(&mut browser, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["phone", "allowed_to", "hired_on", "disclosure", "external_id"] {
        assert!(refused.body.contains(&format!("id=\"{field}-error\"")), "{field}");
    }
    assert!(refused.body.contains("本人の電話番号ではないようです（0120 や 0570 など）。"));
    assert!(refused.body.contains("0120-000-001") && refused.body.contains("見本商事"), "what was typed is kept");
    let unnamed = add(&mut browser, &[("name", " "), ("staff", "018f0000-0000-7000-8000-000000000001")]).await;
    assert!(unnamed.body.contains("id=\"name-error\"") && unnamed.body.contains("id=\"staff-error\""));
    assert_eq!(site.world.begin().await.graduates().await.unwrap().len(), 1);
}

#[tokio::test]
async fn somebody_with_a_known_number_or_name_is_added_only_when_staff_say_that_it_is_somebody_else() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let known = site.world.graduate(1, day("2026-01-05")).await;
    let mut browser = site.signed_in(Role::Staff).await;
    let number = [("phone", "090-1200-0001")];
    let shown = add(&mut browser, &number).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(shown.body.contains(&format!("href=\"/graduates/{known}\"")) && shown.body.contains("電話番号が同じ"));
    let name = [("name", "見本１花子"), ("phone", "")];
    let shown = add(&mut browser, &name).await;
    assert!(shown.body.contains("名前が同じです"), "{}", shown.body);
    assert_eq!(site.world.begin().await.graduates().await.unwrap().len(), 1, "nobody is added by being shown");

    assert_eq!(add(&mut browser, &[&number[..], &[("sure", "yes")]].concat()).await.status, StatusCode::SEE_OTHER);
    let tx = site.world.begin().await;
    let points = tx.contact_points_at(ContactKind::Sms, "+819012000001").await.unwrap();
    assert_eq!(points.len(), 2, "two people may share a family's phone");
}

#[tokio::test]
async fn another_offices_people_are_nobodys_double() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    site.world.graduate(1, day("2026-01-05")).await;
    let other = site.other_office().await;
    let (mut browser, _) = site.signed_in_at(other, Role::Staff).await;
    let same = [("name", "見本1 花子"), ("phone", "090-1200-0001"), ("external_id", "G0001")];
    assert_eq!(add(&mut browser, &same).await.status, StatusCode::SEE_OTHER);
}

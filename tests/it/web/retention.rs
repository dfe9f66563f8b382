//! Retention for managers: the figures of a chosen day, and files that open without harm.

use bansou_core::audit::Actor;
use bansou_core::graduate::{GraduateProfile, Language, Support};
use bansou_core::hours::PersonHours;
use bansou_core::staff::Role;
use bansou_store::{EmploymentDetails, GraduateDetails};
use bansou_tests::database::TestDatabase;
use http::{StatusCode, header};

use super::site::{Site, day};

#[tokio::test]
async fn a_manager_sees_the_day_that_was_asked_for_and_takes_it_along_as_a_file() {
    let database = TestDatabase::sqlite();
    let site = Site::simulated(database.url()).await;
    let who = Actor::staff(site.world.staff);
    let tx = site.world.begin().await;
    let profile = GraduateProfile { name: "=見本 花子".into(), ..GraduateProfile::default() };
    let details = GraduateDetails { profile, language: Language::Plain, hours: PersonHours::default() };
    let graduate = tx.add_graduate(who, &details, Support::Supported, None).await.unwrap();
    tx.add_employment(who, graduate, &EmploymentDetails::begun(None, day("2025-01-06"))).await.unwrap();
    tx.save().await.unwrap();
    let mut manager = site.signed_in(Role::Manager).await;
    let page = manager.get("/retention?as_of=2025-12-31&part=outside").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("2025-12-31"));
    let file = manager.get("/retention/export.csv?as_of=2025-12-31").await;
    assert_eq!(file.headers[header::CONTENT_DISPOSITION], "attachment; filename=\"retention-2025-12-31.csv\"");
    assert!(file.body.contains("\"'=見本 花子\""), "a name can't be a formula: {}", file.body);
    let json = manager.get("/retention/export.json?as_of=2025-12-31").await;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json.body).unwrap()["as_of"], "2025-12-31");
    let rows = site.world.begin().await.audit_of(site.world.office.0, 10).await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.action == "export.retention").count(), 2);
}

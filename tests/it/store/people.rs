//! Graduates with their addresses, jobs, services and cadences: round trips, scope, audit rows, sealed columns.

use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadenceState, embedded_presets};
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::employment::{Disclosure, EmployerContactProfile, EmployerProfile};
use bansou_core::graduate::{GraduateProfile, Language, PauseDates, Support};
use bansou_core::hours::{PersonHours, WeekHours};
use bansou_core::leaving::LeavingReason;
use bansou_core::service_period::{ServiceKind, ServicePeriod};
use bansou_core::staff::Role;
use bansou_store::{ChainCheck, EmploymentDetails, GraduateDetails, GraduateSearch, LinkKind, Pause, StoreError};
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use chrono::{NaiveDate, TimeDelta};

use super::office::{ACTOR, TestOffice, add_graduate, add_office, add_staff, details};

for_each_database! {
    async fn a_graduate_comes_back_as_written_and_changes_name_their_fields(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let staff = add_staff(&tx, "見本 支援", "shien@mihon.example", Role::Staff).await;
        let written = GraduateDetails {
            profile: GraduateProfile {
                disability: Some("mental".into()),
                card: "ゆっくり話す".into(),
                crisis_plan: "妹に電話".into(),
                ..details("見本 花子", "ミホン ハナコ", Some("A-12")).profile
            },
            language: Language::Easy,
            hours: PersonHours { week: WeekHours::weekdays("10:00-16:00").unwrap(), zone: None },
        };
        let id = tx.add_graduate(ACTOR, &written, Support::Supported, Some(staff)).await.unwrap();
        let read = tx.graduate(id).await.unwrap().unwrap();
        assert!(read.details == written);
        assert_eq!((read.support, read.staff, read.standin), (Support::Supported, Some(staff), None));
        assert!(read.pause.is_none() && read.contact_stopped_at.is_none());
        assert_eq!(tx.graduate_by_external_id(" ａ-12").await.unwrap().unwrap().id, id);

        let mut changed = written.clone();
        changed.profile.card = "声をかける前に名乗る".into();
        changed.language = Language::Furigana;
        tx.change_graduate(ACTOR, id, &changed).await.unwrap();
        tx.change_graduate(ACTOR, id, &changed).await.unwrap();
        assert!(tx.graduate(id).await.unwrap().unwrap().details == changed);
        let rows = tx.audit_of(id.0, 10).await.unwrap();
        let actions: Vec<_> = rows.iter().map(|row| row.action.as_str()).collect();
        assert_eq!(actions, ["graduate.change", "graduate.add"], "nothing changed the second time");
        assert_eq!(rows[0].detail, r#"{"fields":["card","language"]}"#);

        let twice = tx.add_graduate(ACTOR, &details("例田 太郎", "", Some("A-12")), Support::Preparing, None).await;
        assert!(matches!(twice, Err(StoreError::Duplicate { .. })), "{twice:?}");
    }

    async fn lists_are_sorted_by_reading_searched_and_paged(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let c = add_graduate(&tx, "例田 太郎", "レイダ タロウ", Some("3")).await;
        let a = add_graduate(&tx, "仮名 一郎", "カナ イチロウ", Some("10")).await;
        let b = add_graduate(&tx, "見本 花子", "ミホン ハナコ", Some("2")).await;
        let staff = add_staff(&tx, "見本 支援", "shien@mihon.example", Role::Staff).await;
        tx.assign_staff(ACTOR, b, None, Some(staff)).await.unwrap();
        tx.set_support(ACTOR, c, Support::Ended).await.unwrap();
        let find = async |search: GraduateSearch, page, size| {
            let found = tx.find_graduates(&search, page, size).await.unwrap();
            (found.items.iter().map(|graduate| graduate.id).collect::<Vec<_>>(), found.total)
        };
        let text = |text: &str| GraduateSearch { text: text.into(), ..GraduateSearch::default() };
        assert_eq!(find(text(""), 0, 2).await, (vec![a, b], 3));
        assert_eq!(find(text(""), 1, 2).await, (vec![c], 3));
        assert_eq!(find(text("みほん は"), 0, 10).await, (vec![b], 1), "hiragana and a space");
        assert_eq!(find(text("太郎"), 0, 10).await, (vec![c], 1));
        assert_eq!(find(text("１０"), 0, 10).await, (vec![a], 1), "the office's number, full width");
        assert_eq!(find(text("いない"), 0, 10).await, (vec![], 0));
        let ended = GraduateSearch { support: Some(Support::Ended), ..GraduateSearch::default() };
        assert_eq!(find(ended, 0, 10).await, (vec![c], 1));
        let mine = GraduateSearch { staff: Some(staff), ..GraduateSearch::default() };
        assert_eq!(find(mine, 0, 10).await, (vec![b], 1));
    }

    async fn pausing_stopping_and_ending_wake_the_planner(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let id = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        let cadence = tx.put_cadence(ACTOR, id, &cadence()).await.unwrap();
        let later = moment("2027-01-01T00:00:00Z");
        let pause = Pause { dates: PauseDates { from: day("2026-04-10"), until: Some(day("2026-04-20")) }, reason: "入院".into() };
        tx.set_next(cadence, None, Some(later)).await.unwrap();
        tx.pause_graduate(ACTOR, id, &pause).await.unwrap();
        assert!(tx.graduate(id).await.unwrap().unwrap().pause == Some(pause.clone()));
        assert_eq!(tx.cadence(id).await.unwrap().unwrap().plan_at, Some(tx.now()));
        let inverted = Pause { dates: PauseDates { from: day("2026-04-10"), until: Some(day("2026-04-09")) }, ..pause };
        assert!(matches!(tx.pause_graduate(ACTOR, id, &inverted).await, Err(StoreError::Refused { .. })));

        tx.set_next(cadence, None, Some(later)).await.unwrap();
        tx.unpause_graduate(Actor::graduate(id), id).await.unwrap();
        assert!(tx.graduate(id).await.unwrap().unwrap().pause.is_none());
        assert_eq!(tx.cadence(id).await.unwrap().unwrap().plan_at, Some(tx.now()));

        let stopped = tx.now();
        tx.stop_contact(Actor::graduate(id), id).await.unwrap();
        office.clock.advance(TimeDelta::days(1));
        tx.stop_contact(Actor::graduate(id), id).await.unwrap();
        assert_eq!(tx.graduate(id).await.unwrap().unwrap().contact_stopped_at, Some(stopped), "the first moment stays");
        tx.allow_contact(ACTOR, id).await.unwrap();
        assert_eq!(tx.graduate(id).await.unwrap().unwrap().contact_stopped_at, None);
        let actions: Vec<_> = tx.audit_of(id.0, 20).await.unwrap().into_iter().map(|row| row.action).collect();
        let expected =
            ["graduate.allow", "graduate.stop", "graduate.unpause", "graduate.pause", "cadence.put", "graduate.add"];
        assert_eq!(actions, expected);
    }

    async fn a_changed_address_gets_a_new_version_and_keeps_a_stop(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let id = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        let point = tx.set_address(ACTOR, id, ContactKind::Sms, "+819000000001").await.unwrap();
        let version = async || tx.contact_point(point).await.unwrap().unwrap().version;
        assert_eq!(version().await, 1);
        tx.set_address(ACTOR, id, ContactKind::Sms, "+819000000001").await.unwrap();
        assert_eq!(version().await, 1, "the same address");
        let now = tx.now();
        tx.set_reachability(ACTOR, point, Reachability::Blocked { since: now }).await.unwrap();
        assert_eq!(tx.set_address(ACTOR, id, ContactKind::Sms, "+819000000002").await.unwrap(), point);
        let changed = tx.contact_point(point).await.unwrap().unwrap();
        assert_eq!((changed.version, changed.address.as_str(), changed.reach), (2, "+819000000002", Reachability::Reachable));
        tx.set_reachability(ACTOR, point, Reachability::Stopped { since: now }).await.unwrap();
        tx.set_address(ACTOR, id, ContactKind::Sms, "+819000000003").await.unwrap();
        let stopped = tx.contact_point(point).await.unwrap().unwrap();
        assert_eq!((stopped.version, stopped.reach), (3, Reachability::Stopped { since: now }));
        tx.remove_address(ACTOR, point).await.unwrap();
        assert!(tx.contact_points(id).await.unwrap().is_empty() && tx.contact_point(point).await.unwrap().is_none());
        tx.set_address(ACTOR, id, ContactKind::Sms, "+819000000003").await.unwrap();
        assert_eq!(version().await, 5);
    }

    async fn the_sender_of_a_message_is_nobody_one_or_several(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let one = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        let two = add_graduate(&tx, "見本 太郎", "ミホン タロウ", None).await;
        for id in [one, two] {
            tx.set_address(ACTOR, id, ContactKind::Sms, "+819000000001").await.unwrap();
        }
        tx.set_address(ACTOR, one, ContactKind::Email, "hanako@mihon.example").await.unwrap();
        let at = async |kind, address| {
            let points = tx.contact_points_at(kind, address).await.unwrap();
            points.iter().map(|point| point.graduate).collect::<Vec<_>>()
        };
        assert_eq!(at(ContactKind::Sms, "+819000000001").await, [one.min(two), one.max(two)]);
        assert_eq!(at(ContactKind::Email, "hanako@mihon.example").await, [one]);
        assert!(at(ContactKind::Line, "hanako@mihon.example").await.is_empty(), "another kind");
    }

    async fn jobs_and_services_come_back_as_written(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let id = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        let employer = tx.employer_named(ACTOR, "㈱見本商事").await.unwrap();
        assert_eq!(tx.employer_named(ACTOR, "(株) 見本商事").await.unwrap(), employer, "the same company");
        let begun = EmploymentDetails::begun(Some(employer), day("2025-10-01"));
        let job = tx.add_employment(ACTOR, id, &begun).await.unwrap();
        let left = EmploymentDetails {
            left_on: Some(day("2026-03-31")),
            leaving: Some(LeavingReason::Health),
            leaving_words: Some("通院のため".into()),
            disclosure: Disclosure::Closed,
            supported_change: true,
            status_unknown: true,
            ..begun.clone()
        };
        tx.change_employment(ACTOR, job, &left).await.unwrap();
        assert!(tx.employment(job).await.unwrap().unwrap().details == left);
        let inverted = EmploymentDetails { left_on: Some(day("2025-09-30")), ..begun };
        assert!(matches!(tx.change_employment(ACTOR, job, &inverted).await, Err(StoreError::Refused { .. })));

        let period = ServicePeriod::start(ServiceKind::Retention, day("2026-04-01"));
        let stored = tx.add_service_period(ACTOR, id, &period).await.unwrap();
        let ended = ServicePeriod { certificate_expires_on: Some(day("2026-12-31")), ..period }.end(day("2026-09-30")).unwrap();
        tx.change_service_period(ACTOR, stored, &ended).await.unwrap();
        assert_eq!(tx.service_periods_of(id).await.unwrap()[0].period, ended);

        let profile = EmployerContactProfile { name: "例田 人事".into(), part: "人事".into(), email: "jinji@rei.example".into() };
        let contact = tx.add_employer_contact(ACTOR, employer, &profile).await.unwrap();
        tx.end_employer_contact(ACTOR, contact).await.unwrap();
        let people = tx.retention_people().await.unwrap();
        assert_eq!((people[0].id, people[0].employments[0].employer.as_deref()), (id.0, Some("㈱見本商事")));
        assert_eq!(people[0].employments[0].leaving, Some(LeavingReason::Health));
        assert_eq!(people[0].service_periods, [ended]);
        let read = tx.employer_contact(contact).await.unwrap().unwrap();
        assert!(read.profile == profile && read.ended_at == Some(tx.now()));
        tx.remove_service_period(ACTOR, stored).await.unwrap();
        assert!(tx.service_periods_of(id).await.unwrap().is_empty(), "it was entered by mistake");
        let row = tx.audit_of(id.0, 1).await.unwrap().remove(0);
        assert!(row.action == "service_period.remove" && row.detail.contains("2026-04-01"), "the log keeps its days");
    }

    async fn the_planner_is_told_offices_and_rows_that_are_due(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let other = add_office(&office.store, "例のオフィス").await;
        let tx = office.begin().await;
        let now = tx.now();
        let due = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        let later = add_graduate(&tx, "例田 太郎", "レイダ タロウ", None).await;
        tx.put_cadence(ACTOR, due, &cadence()).await.unwrap();
        let row = tx.put_cadence(ACTOR, later, &cadence()).await.unwrap();
        tx.set_next(row, None, Some(now + TimeDelta::hours(1))).await.unwrap();
        tx.set_last_due(row, day("2026-04-01")).await.unwrap();
        tx.set_last_contact(later, day("2026-03-30"), bansou_core::note::ContactMode::Phone).await.unwrap();
        tx.set_next(row, None, Some(now + TimeDelta::hours(1))).await.unwrap();
        tx.set_last_contact(later, day("2026-03-29"), bansou_core::note::ContactMode::Phone).await.unwrap();
        tx.save().await.unwrap();

        assert_eq!(office.store.offices_with_plans_due(now).await.unwrap(), [office.id]);
        let before = now - TimeDelta::seconds(1);
        assert!(office.store.offices_with_plans_due(before).await.unwrap().is_empty());
        let tx = office.begin().await;
        let found = tx.cadences_to_plan(now, 10).await.unwrap();
        assert_eq!(found.len(), 1);
        let row = tx.cadence_to_plan(found[0], now).await.unwrap().unwrap();
        assert_eq!((row.graduate, row.state), (due, cadence()));
        assert_eq!(tx.cadences_to_plan(now + TimeDelta::hours(1), 10).await.unwrap().len(), 2);
        let row = tx.cadence(later).await.unwrap().unwrap();
        assert_eq!((row.last_due_on, row.last_contact_on), (Some(day("2026-04-01")), Some(day("2026-03-30"))));
        drop(tx);
        let tx = office.store.begin(other).await.unwrap();
        assert!(tx.cadences_to_plan(now, 10).await.unwrap().is_empty());
    }

    async fn opening_a_page_again_within_ten_minutes_leaves_one_row(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let id = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        let staff = add_staff(&tx, "見本 支援", "shien@mihon.example", Role::Staff).await;
        let reads = async || {
            let rows = tx.audit_of(id.0, 20).await.unwrap();
            rows.iter().filter(|row| row.action == "graduate.read").count()
        };
        for _ in 0..3 {
            tx.note_read(Actor::staff(staff), id).await.unwrap();
        }
        assert_eq!(reads().await, 1);
        tx.note_read(ACTOR, id).await.unwrap();
        assert_eq!(reads().await, 2, "somebody else");
        office.clock.advance(TimeDelta::minutes(10));
        tx.note_read(Actor::staff(staff), id).await.unwrap();
        assert_eq!(reads().await, 3);
        assert_eq!(tx.verify_audit().await.unwrap(), ChainCheck::Whole(5));
    }

    async fn nothing_of_an_office_is_found_or_changed_by_another(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let other = add_office(&office.store, "例のオフィス").await;
        let tx = office.begin().await;
        let id = add_graduate(&tx, "見本 花子", "ミホン ハナコ", Some("1")).await;
        let staff = add_staff(&tx, "見本 支援", "shien@mihon.example", Role::Admin).await;
        let point = tx.set_address(ACTOR, id, ContactKind::Sms, "+819000000001").await.unwrap();
        let employer = tx.employer_named(ACTOR, "見本商事").await.unwrap();
        let person = EmployerContactProfile::default();
        let contact = tx.add_employer_contact(ACTOR, employer, &person).await.unwrap();
        let begun = EmploymentDetails::begun(Some(employer), day("2026-04-01"));
        let job = tx.add_employment(ACTOR, id, &begun).await.unwrap();
        let service = ServicePeriod::start(ServiceKind::Retention, day("2026-10-01"));
        let period = tx.add_service_period(ACTOR, id, &service).await.unwrap();
        let plan = tx.put_cadence(ACTOR, id, &cadence()).await.unwrap();
        tx.create_link(ACTOR, LinkKind::Me, id.0, TimeDelta::days(1)).await.unwrap();
        tx.save().await.unwrap();

        let tx = office.store.begin(other).await.unwrap();
        assert!(tx.graduate(id).await.unwrap().is_none());
        assert!(tx.graduates().await.unwrap().is_empty());
        assert!(tx.graduate_by_external_id("1").await.unwrap().is_none());
        assert!(tx.staff().await.unwrap().is_empty() && tx.staff_member(staff).await.unwrap().is_none());
        assert!(tx.contact_point(point).await.unwrap().is_none());
        assert!(tx.contact_points(id).await.unwrap().is_empty());
        assert!(tx.contact_points_at(ContactKind::Sms, "+819000000001").await.unwrap().is_empty());
        assert!(tx.employer(employer).await.unwrap().is_none() && tx.employers().await.unwrap().is_empty());
        assert!(tx.employer_contact(contact).await.unwrap().is_none());
        assert!(tx.employer_contacts(employer).await.unwrap().is_empty());
        assert!(tx.employment(job).await.unwrap().is_none() && tx.employments().await.unwrap().is_empty());
        assert!(tx.employments_of(id).await.unwrap().is_empty());
        assert!(tx.service_periods().await.unwrap().is_empty() && tx.service_periods_of(id).await.unwrap().is_empty());
        assert!(tx.cadence(id).await.unwrap().is_none() && tx.cadences().await.unwrap().is_empty());
        assert!(tx.audit_of(id.0, 9).await.unwrap().is_empty());
        let pause = Pause { dates: PauseDates { from: day("2026-04-10"), until: None }, reason: String::new() };
        let refusals = [
            tx.change_graduate(ACTOR, id, &details("例田", "", None)).await,
            tx.set_support(ACTOR, id, Support::Ended).await,
            tx.pause_graduate(ACTOR, id, &pause).await,
            tx.unpause_graduate(ACTOR, id).await,
            tx.stop_contact(ACTOR, id).await,
            tx.allow_contact(ACTOR, id).await,
            tx.assign_staff(ACTOR, id, None, None).await,
            tx.note_read(ACTOR, id).await,
            tx.set_address(ACTOR, id, ContactKind::Sms, "+819000000002").await.map(|_| ()),
            tx.remove_address(ACTOR, point).await,
            tx.set_reachability(ACTOR, point, Reachability::Reachable).await,
            tx.change_employer(ACTOR, employer, &EmployerProfile::default()).await,
            tx.add_employer_contact(ACTOR, employer, &person).await.map(|_| ()),
            tx.change_employer_contact(ACTOR, contact, &person).await,
            tx.end_employer_contact(ACTOR, contact).await,
            tx.add_employment(ACTOR, id, &begun).await.map(|_| ()),
            tx.change_employment(ACTOR, job, &begun).await,
            tx.add_service_period(ACTOR, id, &service).await.map(|_| ()),
            tx.change_service_period(ACTOR, period, &service).await,
            tx.remove_service_period(ACTOR, period).await,
            tx.lift_own_stop(ACTOR, id).await.map(|_| ()),
            tx.put_cadence(ACTOR, id, &cadence()).await.map(|_| ()),
            tx.set_next(plan, None, None).await,
            tx.set_last_due(plan, day("2026-04-01")).await,
            tx.set_password_hash(ACTOR, staff, "x").await,
            tx.disable_staff(ACTOR, staff).await,
            tx.enable_staff(ACTOR, staff).await,
        ];
        for (which, refusal) in refusals.iter().enumerate() {
            assert!(matches!(refusal, Err(StoreError::NotFound { .. })), "{which}: {refusal:?}");
        }
        assert_eq!(tx.revoke_links(ACTOR, LinkKind::Me, id.0).await.unwrap(), 0);
        assert_eq!(tx.verify_audit().await.unwrap(), ChainCheck::Whole(0), "nothing was done, so nothing is noted");
    }
}

fn cadence() -> CadenceState {
    let plan = embedded_presets().remove(0).plan;
    CadenceState::new(plan, Anchor { kind: AnchorKind::Hired, on: day("2026-04-01") })
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

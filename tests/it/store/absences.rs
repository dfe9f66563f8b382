//! Leave, own hours and duty as they are stored, and the team made of them (S3.1).

use std::sync::Arc;

use bansou_core::absence::{HalfDays, Leave};
use bansou_core::audit::Actor;
use bansou_core::calendar::{Holidays, OfficeCalendar};
use bansou_core::duty::DutyWeek;
use bansou_core::graduate::PeopleGroup;
use bansou_core::half_day::{Half, HalfDay};
use bansou_core::hours::WeekHours;
use bansou_core::ids::StaffId;
use bansou_core::staff::Role;
use bansou_core::team::{Away, Care, CareBy};
use bansou_store::{NewAbsence, Roll, StoreError, Tx, Undone};
use bansou_tests::for_each_database;
use chrono::{NaiveDate, Weekday};

use super::office::{ACTOR, START, TestOffice, add_graduate, add_office, add_staff};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Whole days, from one to the other.
fn away(staff: StaffId, from: &str, to: &str, standin: Option<StaffId>) -> NewAbsence {
    let when = HalfDays::new(HalfDay::morning(day(from)), HalfDay::afternoon(day(to))).unwrap();
    NewAbsence { leave: Leave { staff, when, standin }, reason: "検査のため".into() }
}

async fn calendar(tx: &Tx) -> OfficeCalendar {
    let office = tx.own_office().await.unwrap();
    office.settings.calendar(office.zone, &Arc::new(Holidays::embedded()))
}

async fn team(tx: &Tx) -> bansou_core::team::Team {
    tx.team(calendar(tx).await, day("2026-04-01")).await.unwrap()
}

async fn three(tx: &Tx) -> [StaffId; 3] {
    let sato = add_staff(tx, "佐藤 見本", "sato@mihon.example", Role::Staff).await;
    let suzuki = add_staff(tx, "鈴木 見本", "suzuki@mihon.example", Role::Staff).await;
    let tanaka = add_staff(tx, "田中 見本", "tanaka@mihon.example", Role::Manager).await;
    [sato, suzuki, tanaka]
}

fn is_refused<T>(result: &bansou_store::Result<T>) -> bool {
    matches!(result, Err(StoreError::Refused { .. }))
}

for_each_database! {
    async fn leave_is_kept_sealed_changed_called_off_and_taken_back(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let [sato, suzuki, _] = three(&tx).await;
        let actor = Actor::staff(sato);
        let new = away(sato, "2026-04-06", "2026-04-07", Some(suzuki));
        let id = tx.add_absence(actor, &new).await.unwrap();
        let read = tx.absence(id).await.unwrap().unwrap();
        assert_eq!((read.leave, read.reason.as_str(), read.is_cancelled), (new.leave, "検査のため", false));

        let later = NewAbsence { reason: String::new(), ..away(sato, "2026-04-07", "2026-04-08", None) };
        tx.change_absence(actor, id, &later).await.unwrap();
        let coming = tx.absences_from(day("2026-04-08")).await.unwrap();
        assert_eq!(coming.iter().map(|one| (one.leave, one.reason.clone())).collect::<Vec<_>>(), [(later.leave, String::new())]);
        assert!(tx.absences_from(day("2026-04-09")).await.unwrap().is_empty(), "it is over");

        tx.cancel_absence(actor, id).await.unwrap();
        let seq = tx.newest_audit_seq().await.unwrap();
        assert!(tx.absences_from(day("2026-04-01")).await.unwrap().is_empty());
        assert!(tx.change_absence(actor, id, &later).await.is_err(), "what was called off isn't changed");
        assert_eq!(tx.undo(sato, seq).await.unwrap(), Undone::AsBefore);
        assert_eq!(tx.absences_from(day("2026-04-01")).await.unwrap().len(), 1);
        let audited: Vec<_> = tx.audit_of(id.0, 10).await.unwrap().into_iter().rev().map(|row| row.action).collect();
        assert_eq!(audited, ["absence.add", "absence.change", "absence.cancel", "absence.cancel_undone"]);
    }

    async fn leave_that_overlaps_or_whose_stand_in_is_away_is_refused(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let [sato, suzuki, tanaka] = three(&tx).await;
        let id = tx.add_absence(ACTOR, &away(sato, "2026-04-06", "2026-04-07", Some(suzuki))).await.unwrap();
        tx.add_absence(ACTOR, &away(tanaka, "2026-04-09", "2026-04-10", None)).await.unwrap();
        tx.save().await.unwrap();
        for wrong in [
            away(sato, "2026-04-07", "2026-04-08", None),
            away(suzuki, "2026-04-10", "2026-04-13", Some(tanaka)),
            away(suzuki, "2026-04-13", "2026-04-13", Some(suzuki)),
        ] {
            assert!(is_refused(&office.begin().await.add_absence(ACTOR, &wrong).await));
        }
        let tx = office.begin().await;
        let longer = away(sato, "2026-04-06", "2026-04-08", Some(suzuki));
        tx.change_absence(ACTOR, id, &longer).await.unwrap();
        assert!(is_refused(&tx.change_absence(ACTOR, id, &away(sato, "2026-04-08", "2026-04-09", Some(tanaka))).await));
    }

    async fn leave_that_was_called_off_does_not_come_back_over_newer_leave(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let [sato, ..] = three(&tx).await;
        let id = tx.add_absence(ACTOR, &away(sato, "2026-04-06", "2026-04-07", None)).await.unwrap();
        tx.cancel_absence(Actor::staff(sato), id).await.unwrap();
        let seq = tx.newest_audit_seq().await.unwrap();
        tx.add_absence(ACTOR, &away(sato, "2026-04-07", "2026-04-07", None)).await.unwrap();
        assert_eq!(tx.undo(sato, seq).await.unwrap(), Undone::Changed);
    }

    async fn the_team_is_made_of_hours_leave_and_duty(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let [sato, suzuki, tanaka] = three(&tx).await;
        let now = tx.now();
        assert_eq!(team(&tx).await.looks_after(Some(sato), None, now), Care { staff: Some(sato), by: CareBy::Owner });

        let mondays = WeekHours::default().with_day(Weekday::Mon, "09:00-12:00,13:00-15:00").unwrap();
        tx.set_staff_hours(ACTOR, sato, Some(&mondays)).await.unwrap();
        assert_eq!(tx.staff_member(sato).await.unwrap().unwrap().hours.as_ref(), Some(&mondays));
        let nobody = Care { staff: None, by: CareBy::Anybody };
        assert_eq!(team(&tx).await.looks_after(Some(sato), None, now), nobody, "{START} is a Wednesday");

        let mut week = DutyWeek::default();
        week.put(Weekday::Wed, Half::Morning, Some(suzuki));
        tx.set_duty_week(ACTOR, &week).await.unwrap();
        assert_eq!(team(&tx).await.looks_after(Some(sato), None, now).staff, Some(suzuki));
        let this_morning = HalfDay::morning(day("2026-04-01"));
        tx.set_duty(ACTOR, this_morning, None).await.unwrap();
        assert_eq!(team(&tx).await.looks_after(Some(sato), None, now), nobody);
        tx.set_duty(ACTOR, this_morning, Some(tanaka)).await.unwrap();
        assert_eq!(team(&tx).await.looks_after(Some(sato), None, now).staff, Some(tanaka));
        tx.clear_duty(ACTOR, this_morning).await.unwrap();
        tx.set_staff_hours(ACTOR, sato, None).await.unwrap();
        assert_eq!(team(&tx).await.duty().on(this_morning), Some(suzuki));
        tx.set_duty_week(ACTOR, &DutyWeek::default()).await.unwrap();
        assert!(team(&tx).await.duty().is_empty());

        tx.add_absence(ACTOR, &away(sato, "2026-04-01", "2026-04-02", Some(suzuki))).await.unwrap();
        let team = team(&tx).await;
        assert_eq!(team.looks_after(Some(sato), None, now), Care { staff: Some(suzuki), by: CareBy::StandIn });
        assert!(matches!(team.away(sato, now), Some(Away::Leave(_))));
    }

    async fn a_stand_ins_list_holds_the_people_of_whoever_is_away(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let [sato, suzuki, _] = three(&tx).await;
        let theirs = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        tx.assign_staff(ACTOR, theirs, Some(sato), None).await.unwrap();
        let _nobodys = add_graduate(&tx, "見本 次郎", "ミホン ジロウ", None).await;
        assert_eq!(tx.pairs().await.unwrap().len(), 2);
        tx.add_absence(ACTOR, &away(sato, "2026-04-01", "2026-04-02", Some(suzuki))).await.unwrap();

        let (team, now) = (team(&tx).await, tx.now());
        let mut cared_for = tx.pairs().await.unwrap();
        cared_for.retain(|(owner, standin)| team.looks_after(*owner, *standin, now).staff == Some(suzuki));
        assert_eq!(cared_for, [(Some(sato), None)]);
        let roll = |cared_for| {
            Roll { group: PeopleGroup::Supported, staff: Some(suzuki), cared_for, today: day("2026-04-01") }
        };
        let shown = tx.roll(&roll(cared_for), 0, 50).await.unwrap();
        assert_eq!(shown.items.iter().map(|graduate| graduate.id).collect::<Vec<_>>(), [theirs]);
        assert_eq!(tx.roll(&roll(Vec::new()), 0, 50).await.unwrap().total, 0);
    }

    async fn leave_and_duty_of_another_office_are_neither_seen_nor_changed(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let other = add_office(&office.store, "別のオフィス").await;
        let tx = office.begin().await;
        let [sato, ..] = three(&tx).await;
        let id = tx.add_absence(ACTOR, &away(sato, "2026-04-01", "2026-04-02", None)).await.unwrap();
        let mut week = DutyWeek::default();
        week.put(Weekday::Wed, Half::Morning, Some(sato));
        tx.set_duty_week(ACTOR, &week).await.unwrap();
        tx.save().await.unwrap();

        let tx = office.store.begin(other).await.unwrap();
        assert!(tx.absence(id).await.unwrap().is_none() && tx.absences_from(day("2026-04-01")).await.unwrap().is_empty());
        assert!(matches!(tx.cancel_absence(ACTOR, id).await, Err(StoreError::NotFound { .. })));
        assert!(team(&tx).await.duty().is_empty());
        assert!(matches!(tx.set_duty_week(ACTOR, &week).await, Err(StoreError::NotFound { .. })));
        assert!(matches!(tx.set_staff_hours(ACTOR, sato, None).await, Err(StoreError::NotFound { .. })));
        assert!(tx.add_absence(ACTOR, &away(sato, "2026-05-01", "2026-05-02", None)).await.is_err());
    }
}

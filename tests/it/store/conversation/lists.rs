use bansou_core::cadence::{Anchor, AnchorKind, CadencePlan, CadenceState, Every, Phase};
use bansou_core::check_in::CheckInState;
use bansou_core::delivery::{DeliveryState, Payload, Purpose};
use bansou_core::ids::{CadenceId, CheckInId};
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::sign::{SignCategory, SignLevel, SignSource};
use bansou_core::task::{TaskKind, TaskReason};
use bansou_store::{NewCheckIn, NewDelivery, NewNote, NewSign, NewTask, SignPlace, Today, TodaySpan};
use bansou_tests::for_each_database;

use super::*;

fn weekly() -> CadenceState {
    let plan = CadencePlan::new(vec![Phase { from_day: 1, to_day: None, every: Every::Days(7) }], 3).unwrap();
    CadenceState::new(plan, Anchor { kind: AnchorKind::Hired, on: april(1) })
}

/// Two weeks back, so far ahead, without the month's duties.
fn span(now: chrono::DateTime<chrono::Utc>, ahead: TimeDelta) -> TodaySpan {
    let until = now + ahead;
    TodaySpan { since: now - TimeDelta::days(14), until, day: now.date_naive(), month_start: None }
}

async fn planned(tx: &Tx, cadence: CadenceId, graduate: GraduateId, day: u32) -> CheckInId {
    let (reason, template) = ("{\"day\":3}".into(), "check-in-condition".into());
    let new = NewCheckIn { graduate, cadence, due_on: april(day), reason, template };
    tx.add_check_in(&new).await.unwrap().unwrap()
}

fn by_line(tx: &Tx, graduate: GraduateId, check_in: CheckInId) -> NewDelivery {
    let now = tx.now();
    NewDelivery {
        graduate: Some(graduate),
        check_in: Some(check_in),
        message: None,
        escalation: None,
        purpose: Purpose::CheckIn,
        slot: check_in.to_string(),
        channel_id: "line-main".into(),
        channel_kind: ChannelKind::Line,
        contact_point: None,
        address: "U0000000000000000000000000000mihon".into(),
        payload: Payload { text: "お元気ですか".into(), ..Payload::default() },
        due_at: now,
        window: (now, now + TimeDelta::hours(8)),
        expires_at: now + TimeDelta::hours(8),
    }
}

async fn today(room: &Room) -> Today {
    let now = room.store.ambient().now();
    room.read().await.today(span(now, TimeDelta::hours(8)), Vec::new()).await.unwrap()
}

for_each_database! {
    async fn today_brings_everything_of_a_person_together(database: &TestDatabase) {
        let room = Room::open(database).await;
        let idle = room.another("例 一").await;
        let tx = room.begin().await;
        let now = tx.now();
        let task = NewTask::program(TaskKind::Call, TaskReason::AskedForCall, "call".into(), now);
        tx.add_task(&NewTask { graduate: Some(room.graduate), ..task.clone() }).await.unwrap();
        let tomorrow = NewTask { dedupe_key: "later".into(), due_at: now + TimeDelta::days(1), ..task.clone() };
        tx.add_task(&NewTask { graduate: Some(idle), ..tomorrow }).await.unwrap();
        let quota = NewTask::program(TaskKind::Channel, TaskReason::Quota, "quota".into(), now);
        tx.add_task(&quota).await.unwrap();
        let message = tx.add_inbound_message(&room.says("つらいです")).await.unwrap();
        let sign = NewSign {
            graduate: room.graduate,
            source: SignSource::Person,
            category: SignCategory::Fatigue,
            level: SignLevel::Clear,
            quote: "つらいです".into(),
            place: SignPlace::Message(message),
        };
        tx.suggest_sign(&sign).await.unwrap();
        tx.save().await.unwrap();
        let today = today(&room).await;
        assert_eq!(today.office_tasks.iter().map(|task| task.reason).collect::<Vec<_>>(), [TaskReason::Quota]);
        assert_eq!(today.people.len(), 1, "nothing asks for a hand for the other one today");
        let facts = &today.people[0];
        assert_eq!((facts.graduate, facts.tasks.len(), facts.signs.len()), (room.graduate, 1, 1));
        assert_eq!(facts.thread.as_ref().unwrap().reply_due_since, Some(now));
        assert!(facts.silent.is_empty() && facts.failed.is_empty());
    }

    async fn silence_is_shown_until_somebody_breaks_it(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let cadence = tx.put_cadence(Actor::PROGRAM, room.graduate, &weekly()).await.unwrap();
        let id = planned(&tx, cadence, room.graduate, 1).await;
        let now = tx.now();
        tx.check_in_went_out(id, ChannelKind::Line, now, now + TimeDelta::days(1)).await.unwrap();
        tx.save().await.unwrap();
        room.clock.advance(TimeDelta::days(2));
        let tx = room.begin().await;
        tx.close_check_in(id, CheckInState::Silent, None).await.unwrap();
        tx.save().await.unwrap();
        let silent = today(&room).await.people;
        assert_eq!(silent[0].silent[0].due_on, april(1));
        room.wait(10);
        let tx = room.begin().await;
        tx.add_staff_message(room.staff, &room.writes("お元気ですか"), None).await.unwrap();
        tx.save().await.unwrap();
        assert!(today(&room).await.people.is_empty());
    }

    async fn a_message_that_didnt_arrive_is_shown_unless_another_way_worked(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let cadence = tx.put_cadence(Actor::PROGRAM, room.graduate, &weekly()).await.unwrap();
        let id = planned(&tx, cadence, room.graduate, 1).await;
        let delivery = tx.add_delivery(&by_line(&tx, room.graduate, id)).await.unwrap().unwrap();
        assert!(tx.finish_waiting(delivery, DeliveryState::Failed, "blocked").await.unwrap());
        tx.save().await.unwrap();
        let people = today(&room).await.people;
        assert_eq!(people[0].failed.iter().map(|failed| (failed.id, failed.state)).collect::<Vec<_>>(), [
            (delivery, DeliveryState::Failed)
        ]);
        let tx = room.begin().await;
        let now = tx.now();
        tx.check_in_went_out(id, ChannelKind::Sms, now, now + TimeDelta::days(1)).await.unwrap();
        tx.save().await.unwrap();
        assert!(today(&room).await.people.is_empty());
    }

    async fn today_shows_nothing_of_another_office(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        tx.add_inbound_message(&InboundMessage { crisis: true, ..room.says("消えたい") }).await.unwrap();
        tx.save().await.unwrap();
        let other = add_office(&room.store, "別の事業所").await;
        let now = room.store.ambient().now();
        let tx = room.store.read(other).await.unwrap();
        assert!(tx.today(span(now, TimeDelta::days(1)), Vec::new()).await.unwrap().people.is_empty());
        assert!(tx.contacts_page(april(1), april(30), None, 10).await.unwrap().is_empty());
    }

    async fn exported_contacts_come_page_by_page_with_their_address(database: &TestDatabase) {
        let room = Room::open(database).await;
        let other = room.another("例 一").await;
        let tx = room.begin().await;
        let ours = tx.put_cadence(Actor::PROGRAM, room.graduate, &weekly()).await.unwrap();
        let theirs = tx.put_cadence(Actor::PROGRAM, other, &weekly()).await.unwrap();
        for day in [9, 3, 6] {
            let id = planned(&tx, ours, room.graduate, day).await;
            planned(&tx, theirs, other, day).await;
            if day == 6 {
                tx.add_delivery(&by_line(&tx, room.graduate, id)).await.unwrap();
            }
        }
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = tx.contacts_page(april(3), april(8), after, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.mark());
            rows.extend(page);
        }
        assert_eq!(rows.iter().map(|row| row.due_on).collect::<Vec<_>>(), [april(3), april(3), april(6), april(6)]);
        let sent: Vec<_> = rows.iter().filter(|row| row.address.is_some()).collect();
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].graduate, sent[0].channel), (room.graduate, Some(ChannelKind::Line)));
        assert_eq!(sent[0].external_id.as_deref(), Some("no-見本 花子"));
        assert_eq!(sent[0].due_reason, "{\"day\":3}");
    }

    async fn exported_notes_and_audit_rows_come_page_by_page(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let from = tx.now();
        for number in 0..5 {
            let note = NewNote {
                graduate: room.graduate,
                author: room.staff,
                mode: ContactMode::Phone,
                happened_at: from + TimeDelta::minutes(number / 2),
                lanes: Lanes { said: number.to_string(), ..Default::default() },
            };
            tx.save_note(&note).await.unwrap();
        }
        let to = from + TimeDelta::hours(1);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = tx.notes_page(from, to, after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.mark());
            seen.extend(page.into_iter().map(|row| row.note.id));
        }
        assert_eq!(seen.len(), 5);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5);
        let first = tx.audit_page(from, to, 0, 3).await.unwrap();
        let rest = tx.audit_page(from, to, first[2].seq, 100).await.unwrap();
        assert!(first[0].seq < first[2].seq && first[2].seq + 1 == rest[0].seq);
        assert_eq!(rest.last().unwrap().action, "note.save");
    }
}

use bansou_core::delivery::ChannelTrouble;
use bansou_core::graduate::Language;
use bansou_core::ids::{CheckInId, MessageId};
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::sign::{SignCategory, SignLevel, SignSource, SignStep};
use bansou_core::task::{CallOutcome, TaskKind, TaskReason};
use bansou_store::{NewNote, NewSign, NewTask, NoteMore, NoteState, SignPlace, TaskState};
use bansou_tests::for_each_database;

use super::*;

fn call(room: &Room, key: &str) -> NewTask {
    let now = room.store.ambient().now();
    let task = NewTask::program(TaskKind::Call, TaskReason::Silent, key.into(), now);
    NewTask { graduate: Some(room.graduate), ..task }
}

fn note(room: &Room, said: &str) -> NewNote {
    NewNote {
        graduate: room.graduate,
        author: room.staff,
        mode: ContactMode::Phone,
        happened_at: room.store.ambient().now(),
        lanes: Lanes { said: said.into(), ..Default::default() },
    }
}

fn sign(room: &Room, message: u128) -> NewSign {
    NewSign {
        graduate: room.graduate,
        source: SignSource::Person,
        category: SignCategory::Sleep,
        level: SignLevel::Clear,
        quote: "眠れない".into(),
        place: SignPlace::Message(MessageId(uuid::Uuid::from_u128(message))),
    }
}

for_each_database! {
    async fn the_same_reason_makes_one_task_even_after_it_was_done(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let id = tx.add_task(&call(&room, "silent:1")).await.unwrap().unwrap();
        assert_eq!(tx.add_task(&call(&room, "silent:1")).await.unwrap(), None);
        tx.finish_call(Actor::staff(room.staff), id, CallOutcome::Spoke, None).await.unwrap();
        assert_eq!(tx.add_task(&call(&room, "silent:1")).await.unwrap(), None);
        let task = tx.task(id).await.unwrap().unwrap();
        assert_eq!((task.state, task.done_by), (TaskState::Done, Some(room.staff)));
        assert!(tx.open_tasks().await.unwrap().is_empty());
        assert!(refused(tx.finish_task(Actor::staff(room.staff), id).await));
        assert_eq!(tx.audit_of(id.0, 10).await.unwrap().len(), 1);
    }

    async fn a_call_that_reached_nobody_comes_back(database: &TestDatabase) {
        let room = Room::open(database).await;
        let (tx, actor) = (room.begin().await, Actor::staff(room.staff));
        let id = tx.add_task(&call(&room, "silent:1")).await.unwrap().unwrap();
        let now = tx.now();
        let again = now + TimeDelta::hours(23);
        tx.finish_call(actor, id, CallOutcome::NotIn, Some(again)).await.unwrap();
        let task = tx.task(id).await.unwrap().unwrap();
        assert_eq!((task.state, task.due_at), (TaskState::Open, again));
        assert!(refused(tx.finish_call(actor, id, CallOutcome::Busy, None).await));
        assert_eq!(task.outcome, Some(CallOutcome::NotIn));
        assert!(refused(tx.finish_call(actor, id, CallOutcome::Later, None).await));
        assert!(refused(tx.finish_call(actor, id, CallOutcome::Later, Some(now)).await));
        let later = now + TimeDelta::hours(5);
        tx.finish_call(actor, id, CallOutcome::Later, Some(later)).await.unwrap();
        assert_eq!(tx.task(id).await.unwrap().unwrap().due_at, later);
        assert_eq!(tx.open_tasks().await.unwrap().len(), 1);
        tx.finish_call(actor, id, CallOutcome::WrongNumber, None).await.unwrap();
        assert_eq!(tx.task(id).await.unwrap().unwrap().state, TaskState::Done);
    }

    async fn tasks_whose_time_has_come_stand_before_later_ones(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let now = tx.now();
        for (key, hours) in [("later", 3), ("waited", -5), ("now", 0)] {
            let task = NewTask { due_at: now + TimeDelta::hours(hours), ..call(&room, key) };
            tx.add_task(&task).await.unwrap();
        }
        let due: Vec<_> = tx.open_tasks().await.unwrap().iter().map(|task| (task.due_at - now).num_hours()).collect();
        assert_eq!(due, [-5, 0, 3]);
    }

    async fn an_answer_takes_the_tasks_of_not_reaching_away_but_not_those_of_what_was_said(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let id = CheckInId(uuid::Uuid::from_u128(5));
        let check_in = Some(id);
        let silent = tx.add_task(&NewTask { check_in, ..call(&room, "silent") }).await.unwrap().unwrap();
        let crisis = NewTask { check_in, reason: TaskReason::Crisis, ..call(&room, "crisis") };
        let crisis = tx.add_task(&crisis).await.unwrap().unwrap();
        let elsewhere = tx.add_task(&call(&room, "other")).await.unwrap().unwrap();
        assert_eq!(tx.drop_tasks_for_check_in(id).await.unwrap(), 1);
        let task = tx.task(silent).await.unwrap().unwrap();
        assert_eq!((task.state, task.done_by), (TaskState::Dropped, None));
        let open: Vec<_> = tx.open_tasks().await.unwrap().iter().map(|task| task.id).collect();
        assert!(open.contains(&crisis) && open.contains(&elsewhere));
    }

    async fn a_corrected_note_stays_and_is_corrected_once(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let empty = NewNote { lanes: Lanes::default(), ..note(&room, "") };
        assert!(matches!(tx.save_note(&empty).await, Err(StoreError::Note(_))));
        let old = tx.save_note(&note(&room, "元気だと言った")).await.unwrap();
        let new = tx.correct_note(old, &note(&room, "元気ではないと言った"), &NoteMore::default()).await.unwrap();
        assert!(refused(tx.correct_note(old, &note(&room, "三つ目"), &NoteMore::default()).await));
        let notes = tx.notes_of(room.graduate, 10).await.unwrap();
        assert_eq!(notes.len(), 2);
        let kept = tx.note(old).await.unwrap().unwrap();
        assert!(kept.state == NoteState::Corrected && kept.lanes.said == "元気だと言った");
        let kept = tx.note(new).await.unwrap().unwrap();
        assert!(kept.state == NoteState::Saved && kept.corrects == Some(old) && kept.author == room.staff);
        assert_eq!(tx.audit_of(new.0, 1).await.unwrap()[0].action, "note.correct");
    }

    async fn the_same_words_are_suggested_once_whatever_was_decided(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let id = tx.suggest_sign(&sign(&room, 1)).await.unwrap().unwrap();
        assert_eq!(tx.suggest_sign(&sign(&room, 1)).await.unwrap(), None);
        tx.dismiss_sign(room.staff, id, "歌の歌詞").await.unwrap();
        assert_eq!(tx.suggest_sign(&sign(&room, 1)).await.unwrap(), None);
        assert!(tx.suggest_sign(&sign(&room, 2)).await.unwrap().is_some());
        assert_eq!(tx.signs_waiting().await.unwrap(), 1);
        assert_eq!(tx.signs_in(&[SignStep::Suggested], 10).await.unwrap().len(), 1);
        assert_eq!(tx.signs_of(room.graduate).await.unwrap().len(), 2);
    }

    async fn a_sign_goes_from_a_look_to_its_end_with_reasons(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let id = tx.suggest_sign(&sign(&room, 1)).await.unwrap().unwrap();
        assert!(matches!(tx.act_on_sign(room.staff, id, "").await, Err(StoreError::Sign(_))));
        assert!(matches!(tx.dismiss_sign(room.staff, id, " ").await, Err(StoreError::Sign(_))));
        tx.confirm_sign(room.staff, id, "本人に聞いた").await.unwrap();
        tx.act_on_sign(room.staff, id, "電話する").await.unwrap();
        tx.resolve_sign(room.staff, id, "眠れている").await.unwrap();
        assert!(matches!(tx.confirm_sign(room.staff, id, "").await, Err(StoreError::Sign(_))));
        let sign = tx.sign(id).await.unwrap().unwrap().sign;
        let decision = sign.state.decision().unwrap();
        assert!(decision.why == "眠れている" && decision.by == room.staff);
        assert_eq!(sign.quote, "眠れない");
        assert_eq!(tx.audit_of(id.0, 10).await.unwrap().len(), 3);
    }

    async fn a_sign_recorded_by_staff_is_confirmed_and_takes_a_suggestions_place(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let suggested = tx.suggest_sign(&sign(&room, 1)).await.unwrap().unwrap();
        assert_eq!(tx.record_sign(room.staff, &sign(&room, 1)).await.unwrap(), suggested);
        let recorded = tx.record_sign(room.staff, &sign(&room, 2)).await.unwrap();
        for id in [suggested, recorded] {
            assert_eq!(tx.sign(id).await.unwrap().unwrap().sign.state.step(), SignStep::Confirmed);
        }
    }

    async fn an_offices_own_wording_can_be_changed_and_taken_back(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        tx.put_template(room.staff, "check-in-condition", Language::Easy, "げんきですか").await.unwrap();
        tx.put_template(room.staff, "check-in-condition", Language::Easy, "お元気ですか").await.unwrap();
        let own = tx.template_overrides().await.unwrap();
        assert_eq!(own.len(), 1);
        assert_eq!((own[0].body.as_str(), own[0].language), ("お元気ですか", Language::Easy));
        tx.reset_template(room.staff, "check-in-condition", Language::Easy).await.unwrap();
        assert!(tx.template_overrides().await.unwrap().is_empty());
    }

    async fn a_stopped_channel_remembers_why_and_how_it_last_went(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        assert_eq!(tx.channel_state("line-main").await.unwrap(), None);
        tx.channel_ok("line-main").await.unwrap();
        tx.channel_failed("line-main", ChannelTrouble::Busy, "429").await.unwrap();
        let until = moment("2026-05-01T00:00:00+09:00");
        tx.stop_channel("line-main", until, ChannelTrouble::MonthlyQuota).await.unwrap();
        let state = tx.channel_state("line-main").await.unwrap().unwrap();
        assert_eq!((state.stopped_until, state.last_ok_at), (Some(until), Some(tx.now())));
        assert_eq!(state.stopped_for, Some(ChannelTrouble::MonthlyQuota));
        assert_eq!((state.last_error, state.last_error_code.as_deref()), (Some(ChannelTrouble::Busy), Some("429")));
        tx.resume_channel("line-main").await.unwrap();
        assert_eq!(tx.channel_states().await.unwrap()[0].stopped_until, None);
        tx.save().await.unwrap();
        let other = add_office(&room.store, "別の事業所").await;
        // Offices of one installation send over the same channels, and what is known of a channel holds for all of them.
        let tx = room.store.begin(other).await.unwrap();
        tx.channel_ok("line-main").await.unwrap();
        assert_eq!(tx.channel_states().await.unwrap()[0].last_error, Some(ChannelTrouble::Busy));
    }

    async fn another_office_neither_reads_nor_changes_our_work(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let task = tx.add_task(&call(&room, "silent:1")).await.unwrap().unwrap();
        let saved = tx.save_note(&note(&room, "元気")).await.unwrap();
        let suggested = tx.suggest_sign(&sign(&room, 1)).await.unwrap().unwrap();
        tx.put_template(room.staff, "k", Language::Plain, "x").await.unwrap();
        tx.save().await.unwrap();
        let other = add_office(&room.store, "別の事業所").await;
        let tx = room.store.begin(other).await.unwrap();
        assert!(tx.task(task).await.unwrap().is_none() && tx.open_tasks().await.unwrap().is_empty());
        assert!(tx.note(saved).await.unwrap().is_none());
        assert!(tx.sign(suggested).await.unwrap().is_none() && tx.signs_waiting().await.unwrap() == 0);
        assert!(tx.template_overrides().await.unwrap().is_empty());
        assert!(not_found(tx.finish_task(Actor::COMMAND, task).await));
        assert!(not_found(tx.add_task(&call(&room, "silent:1")).await));
        assert!(not_found(tx.correct_note(saved, &note(&room, "x"), &NoteMore::default()).await));
        assert!(not_found(tx.save_note(&note(&room, "x")).await));
        assert!(not_found(tx.confirm_sign(room.staff, suggested, "").await));
        assert!(not_found(tx.suggest_sign(&sign(&room, 3)).await));
    }
}

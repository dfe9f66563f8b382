//! What ends the reply clock, what makes it stand still, who takes over, and promises (S2.1, S2.2, S2.7, S2.9). Complaints about other
//! programs' clocks (peers.md (c)) have a test by their name, here or in core's `reply/complaints.rs`.

use bansou_core::calendar::{Holidays, OfficeCalendar};
use bansou_core::commitment::{CommitmentKind, CommitmentSource, CommitmentState};
use bansou_core::ids::CommitmentId;
use bansou_core::reply::{PauseWhy, ReplyClock, ReplyRule, Rung};
use bansou_core::thread::{NoReplyReason, Turn};
use bansou_store::NewCommitment;
use bansou_tests::for_each_database;
use chrono::{DateTime, Utc};

use super::*;

impl Room {
    fn calendar() -> OfficeCalendar {
        OfficeSettings::default().calendar(chrono_tz::Asia::Tokyo, &Arc::new(Holidays::embedded()))
    }

    async fn hears(&self, text: &str) {
        let tx = self.begin().await;
        tx.add_inbound_message(&self.says(text)).await.unwrap();
        tx.save().await.unwrap();
    }

    async fn reply_clock(&self) -> Option<ReplyClock> {
        let tx = self.read().await;
        let thread = tx.thread(self.graduate).await.unwrap().unwrap();
        let mut clocks = tx.reply_clocks(&[&thread], &ReplyRule::default(), &Self::calendar()).await.unwrap();
        clocks.remove(&self.graduate)
    }

    async fn rung(&self) -> Option<Rung> {
        self.reply_clock().await.map(|clock| clock.rung)
    }

    async fn holds(&self, until: &str) -> CommitmentId {
        let tx = self.begin().await;
        let words = self.writes("メッセージを読みました。午後3時までに返事をします。");
        let message = tx.add_staff_notice(self.staff, &words).await.unwrap();
        let promise = NewCommitment { message: Some(message), ..self.promise(until) };
        let id = tx.add_commitment(Actor::staff(self.staff), &promise).await.unwrap();
        tx.save().await.unwrap();
        id
    }

    fn promise(&self, due: &str) -> NewCommitment {
        NewCommitment {
            graduate: self.graduate,
            staff: self.staff,
            source: CommitmentSource::Holding,
            kind: CommitmentKind::Do,
            text: "返事をする".into(),
            due_at: at(due),
            message: None,
            note: None,
            escalation: None,
        }
    }

    async fn spoke(&self, when: DateTime<Utc>) {
        let tx = self.begin().await;
        tx.spoke_with(Actor::staff(self.staff), self.graduate, when, None).await.unwrap();
        tx.save().await.unwrap();
    }

    async fn state(&self, id: CommitmentId) -> CommitmentState {
        self.read().await.commitment(id).await.unwrap().unwrap().state
    }

    fn now(&self) -> DateTime<Utc> {
        self.store.ambient().now()
    }
}

/// A time of the first of April 2026, the day on which everything here begins at ten.
fn at(time: &str) -> DateTime<Utc> {
    moment(&format!("2026-04-01T{time}:00+09:00"))
}

for_each_database! {
    async fn zammad_an_agents_answer_still_escalates(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("相談があります").await;
        room.wait(30);
        let tx = room.begin().await;
        tx.add_staff_message(room.staff, &room.writes("今日お話ししましょう"), Some(room.now())).await.unwrap();
        tx.save().await.unwrap();
        room.wait(7 * 24 * 60);
        assert_eq!(room.rung().await, None, "nothing is due, so nothing can be late");
        assert!(room.read().await.threads_not_handed().await.unwrap().is_empty());
    }

    async fn chatwoot_the_clock_goes_on_after_resolve(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("ありがとうございます").await;
        let tx = room.begin().await;
        tx.close_thread(Actor::staff(room.staff), room.graduate, NoReplyReason::Thanks).await.unwrap();
        tx.save().await.unwrap();
        room.wait(7 * 24 * 60);
        assert_eq!(room.rung().await, None);
    }

    async fn zammad_answers_by_another_channel_are_not_counted(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("電話をください").await;
        let promise = room.holds("15:00").await;
        room.wait(20);
        room.spoke(room.now()).await;
        assert_eq!(room.rung().await, None);
        assert_eq!(room.state(promise).await, CommitmentState::Kept, "speaking with the person keeps the promise");
        let turn = room.read().await.thread(room.graduate).await.unwrap().unwrap().facts(false).turn();
        assert_eq!(turn, Turn::TheirTurn);
    }

    async fn a_call_keeps_in_time_what_was_promised_before_it_and_nothing_else(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("電話をください").await;
        let before = room.holds("15:00").await;
        room.wait(60);
        let after = room.holds("16:00").await;
        room.wait(360);
        // A call of half past ten, written down after both times.
        room.spoke(at("10:30")).await;
        assert_eq!(room.state(before).await, CommitmentState::Kept, "the call was in time, though it was written down late");
        assert_eq!(room.state(after).await, CommitmentState::Open, "nobody has kept what was promised after the call");
    }

    async fn a_call_from_before_their_word_answers_nothing(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.wait(60);
        room.hears("まだ眠れません").await;
        room.spoke(at("10:30")).await;
        assert_eq!(room.rung().await, Some(Rung::InTime));
    }

    async fn zammad_the_update_clock_overrules_the_first_response(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("相談があります").await;
        room.wait(50);
        room.hears("すみません、急ぎではないです").await;
        room.wait(15);
        assert_eq!(room.rung().await, Some(Rung::Due), "the first word nobody has answered counts, not the newest");
    }

    async fn chatwoot_the_clock_does_not_stop_while_waiting_for_the_client(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("木曜か金曜に会えますか").await;
        room.wait(20);
        let tx = room.begin().await;
        tx.wait_for_them(room.staff, room.graduate).await.unwrap();
        assert!(tx.wait_for_them(room.staff, room.graduate).await.is_err(), "it waits already");
        tx.save().await.unwrap();
        room.wait(3 * 60);
        let clock = room.reply_clock().await.unwrap();
        assert_eq!((clock.rung, clock.pause.map(|pause| pause.why)), (Rung::InTime, Some(PauseWhy::Waiting)));
        room.hears("木曜がいいです").await;
        room.wait(30);
        let clock = room.reply_clock().await.unwrap();
        assert_eq!((clock.used, clock.rung), (TimeDelta::minutes(50), Rung::Soon), "twenty before and thirty after");
    }

    async fn waiting_ends_when_the_answer_can_be_given_after_all(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("木曜か金曜に会えますか").await;
        let tx = room.begin().await;
        assert!(tx.wait_no_longer(room.staff, room.graduate).await.is_err());
        tx.wait_for_them(room.staff, room.graduate).await.unwrap();
        tx.wait_no_longer(room.staff, room.graduate).await.unwrap();
        tx.save().await.unwrap();
        assert_eq!(room.reply_clock().await.unwrap().pause, None);
    }

    async fn a_holding_reply_answers_nothing_and_stops_the_clock_until_its_time(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("相談があります").await;
        room.wait(30);
        room.holds("15:00").await;
        room.wait(2 * 60);
        let thread = room.read().await.thread(room.graduate).await.unwrap().unwrap();
        assert!(matches!(thread.facts(false).turn(), Turn::ReplyDue { .. }), "it is still our turn");
        let clock = room.reply_clock().await.unwrap();
        assert_eq!((clock.rung, clock.due_at), (Rung::InTime, Some(at("15:30"))));
        room.wait(170);
        let clock = room.reply_clock().await.unwrap();
        assert_eq!((clock.rung, clock.pause), (Rung::Soon, None), "twenty past three");
    }

    async fn a_promise_moved_early_stops_the_clock_until_the_new_time(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("相談があります").await;
        let first = room.holds("15:00").await;
        room.wait(60);
        let tx = room.begin().await;
        let words = room.writes("返事の時間を、今日の午後5時に変えます。");
        let told = tx.add_staff_notice(room.staff, &words).await.unwrap();
        let next = tx.move_commitment(Actor::staff(room.staff), first, at("17:00"), "会議が長びいた", Some(told)).await.unwrap();
        tx.save().await.unwrap();
        assert_eq!(room.state(first).await, CommitmentState::Moved);
        let moved = room.read().await.commitment(first).await.unwrap().unwrap();
        assert_eq!((moved.moved_to, moved.reason.as_deref()), (Some(next), Some("会議が長びいた")));
        room.wait(5 * 60);
        assert_eq!(room.reply_clock().await.unwrap().pause.map(|pause| pause.why), Some(PauseWhy::Promised), "four");
        assert_eq!(room.read().await.commitments_late(at("00:00")).await.unwrap(), 0);
    }

    async fn a_promise_told_too_late_is_counted_as_late(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("相談があります").await;
        let first = room.holds("10:30").await;
        room.wait(31);
        assert_eq!(room.read().await.commitments_late(at("00:00")).await.unwrap(), 1, "open, and its time has passed");
        let tx = room.begin().await;
        let next = tx.move_commitment(Actor::staff(room.staff), first, at("11:00"), "電話中", None).await.unwrap();
        tx.save().await.unwrap();
        assert_eq!(room.state(first).await, CommitmentState::MovedLate);
        room.wait(60);
        let tx = room.begin().await;
        tx.keep_commitment(Actor::staff(room.staff), next).await.unwrap();
        assert!(tx.keep_commitment(Actor::staff(room.staff), next).await.is_err(), "kept once");
        tx.save().await.unwrap();
        assert_eq!(room.state(next).await, CommitmentState::KeptLate);
        assert_eq!(room.read().await.commitments_late(at("00:00")).await.unwrap(), 2);
        assert_eq!(room.read().await.commitments_ended(at("00:00"), 10).await.unwrap().len(), 2);
    }

    async fn an_answer_goes_also_where_a_colleague_says_at_this_moment_that_the_promise_is_kept(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("相談があります").await;
        let promise = room.holds("15:00").await;
        let colleague = room.begin().await;
        colleague.keep_commitment(Actor::staff(room.staff), promise).await.unwrap();
        let (store, office, staff, graduate) = (room.store.clone(), room.office, room.staff, room.graduate);
        let (began, begins) = tokio::sync::oneshot::channel();
        let answer = tokio::spawn(async move {
            began.send(()).unwrap();
            let tx = store.begin(office).await.unwrap();
            tx.keep_holding(Actor::staff(staff), graduate, tx.now(), None).await.unwrap();
            tx.save().await.unwrap();
        });
        // It has found the promise open by then, or waits for its turn.
        begins.await.unwrap();
        database.somebody_waits().await;
        colleague.save().await.unwrap();
        answer.await.unwrap();
        assert_eq!(room.state(promise).await, CommitmentState::Kept);
    }

    async fn open_promises_stand_soonest_first_and_belong_to_their_office(database: &TestDatabase) {
        let room = Room::open(database).await;
        for due in ["17:00", "15:00"] {
            let tx = room.begin().await;
            tx.add_commitment(Actor::staff(room.staff), &room.promise(due)).await.unwrap();
            tx.save().await.unwrap();
        }
        let open = room.read().await.commitments_open().await.unwrap();
        assert_eq!(open.iter().map(|one| one.due_at).collect::<Vec<_>>(), [at("15:00"), at("17:00")]);
        assert_eq!(open[0].text, "返事をする");
        let other = add_office(&room.store, "別の事業所").await;
        let elsewhere = room.store.begin(other).await.unwrap();
        assert!(elsewhere.commitments_open().await.unwrap().is_empty());
        assert!(elsewhere.commitment(open[0].id).await.unwrap().is_none());
        assert!(elsewhere.keep_commitment(Actor::COMMAND, open[0].id).await.is_err());
    }

    async fn a_withdrawn_promise_lets_the_clock_run_again(database: &TestDatabase) {
        let room = Room::open(database).await;
        room.hears("相談があります").await;
        let promise = room.holds("15:00").await;
        room.wait(60);
        let tx = room.begin().await;
        tx.withdraw_commitment(Actor::staff(room.staff), promise, "まちがえた").await.unwrap();
        tx.save().await.unwrap();
        room.wait(50);
        assert_eq!(room.rung().await, Some(Rung::Soon));
    }

    async fn a_colleague_takes_over_once_and_nobody_is_unassigned(database: &TestDatabase) {
        let room = Room::open(database).await;
        let since = room.now();
        room.hears("相談があります").await;
        room.wait(7 * 60);
        let tx = room.begin().await;
        let colleague = add_staff(&tx, "kawari@example.test").await;
        let over = || tx.hand_over_reply(room.graduate, since, Some(room.staff), Some(colleague), 360);
        assert!(over().await.unwrap());
        assert!(!over().await.unwrap(), "a doubled alarm changes nothing");
        tx.save().await.unwrap();
        let tx = room.read().await;
        let thread = tx.thread(room.graduate).await.unwrap().unwrap();
        assert_eq!(thread.handed.map(|handed| (handed.from, handed.to)), Some((Some(room.staff), Some(colleague))));
        assert_eq!(tx.graduate(room.graduate).await.unwrap().unwrap().staff, Some(room.staff));
        assert!(tx.threads_not_handed().await.unwrap().is_empty());
        drop(tx);
        room.spoke(room.now()).await;
        room.wait(10);
        room.hears("もう一つあります").await;
        let thread = room.read().await.thread(room.graduate).await.unwrap().unwrap();
        assert_eq!(thread.handed, None, "another word is another clock");
    }

    async fn what_was_answered_meanwhile_is_not_handed_over(database: &TestDatabase) {
        let room = Room::open(database).await;
        let since = room.now();
        room.hears("相談があります").await;
        room.wait(1);
        room.spoke(room.now()).await;
        let tx = room.begin().await;
        assert!(!tx.hand_over_reply(room.graduate, since, None, None, 360).await.unwrap());
    }
}

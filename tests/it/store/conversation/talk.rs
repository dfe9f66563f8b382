use bansou_core::graduate::PauseDates;
use bansou_core::ids::MessageId;
use bansou_core::sign::{SignCategory, SignLevel, SignSource};
use bansou_core::thread::{NoReplyReason, Turn};
use bansou_store::{InboxFilter, InboxRow, MessagesBefore, Mine, NewSign, Pause, SignPlace};
use bansou_tests::for_each_database;

use super::*;

async fn turn(room: &Room) -> Turn {
    room.read().await.thread(room.graduate).await.unwrap().unwrap().facts(false).turn()
}

async fn hear(room: &Room, message: &InboundMessage) -> MessageId {
    let tx = room.begin().await;
    let id = tx.add_inbound_message(message).await.unwrap();
    tx.save().await.unwrap();
    id
}

async fn answer(room: &Room, text: &str, read_until: Option<chrono::DateTime<chrono::Utc>>) {
    let tx = room.begin().await;
    tx.add_staff_message(room.staff, &room.writes(text), read_until).await.unwrap();
    tx.save().await.unwrap();
}

for_each_database! {
    async fn a_reply_is_due_from_the_first_unanswered_word_until_staff_write(database: &TestDatabase) {
        let room = Room::open(database).await;
        let since = room.store.ambient().now();
        hear(&room, &room.says("眠れません")).await;
        room.wait(30);
        hear(&room, &room.says("まだ起きています")).await;
        assert_eq!(turn(&room).await, Turn::ReplyDue { since });
        let tx = room.begin().await;
        tx.add_program_message(&room.writes("受けとりました")).await.unwrap();
        tx.save().await.unwrap();
        assert_eq!(turn(&room).await, Turn::ReplyDue { since }, "the program answers nobody");
        room.wait(5);
        answer(&room, "今日15時に電話します", None).await;
        assert_eq!(turn(&room).await, Turn::TheirTurn);
    }

    async fn a_word_that_came_while_staff_were_writing_still_waits(database: &TestDatabase) {
        let room = Room::open(database).await;
        hear(&room, &room.says("相談があります")).await;
        let read_until = room.store.ambient().now();
        room.wait(1);
        let since = room.store.ambient().now();
        hear(&room, &room.says("やっぱり急ぎです")).await;
        room.wait(1);
        answer(&room, "来週話しましょう", Some(read_until)).await;
        assert_eq!(turn(&room).await, Turn::ReplyDue { since });
        answer(&room, "すぐ電話します", Some(since)).await;
        assert_eq!(turn(&room).await, Turn::TheirTurn);
    }

    async fn a_button_that_needs_no_reply_asks_for_none(database: &TestDatabase) {
        let room = Room::open(database).await;
        hear(&room, &InboundMessage { needs_reply: false, ..room.says("元気です") }).await;
        assert_eq!(turn(&room).await, Turn::Closed);
    }

    async fn a_late_event_doesnt_turn_time_back(database: &TestDatabase) {
        let room = Room::open(database).await;
        let newest = room.store.ambient().now();
        hear(&room, &room.says("二つ目")).await;
        hear(&room, &InboundMessage { at: newest - TimeDelta::hours(1), ..room.says("一つ目") }).await;
        let thread = room.read().await.thread(room.graduate).await.unwrap().unwrap();
        assert_eq!(thread.last_inbound_at, Some(newest));
    }

    async fn a_thread_is_closed_with_a_reason_until_the_next_word(database: &TestDatabase) {
        let room = Room::open(database).await;
        let actor = Actor::staff(room.staff);
        hear(&room, &room.says("ありがとうございます")).await;
        let tx = room.begin().await;
        tx.close_thread(actor, room.graduate, NoReplyReason::Thanks).await.unwrap();
        assert!(refused(tx.close_thread(actor, room.graduate, NoReplyReason::Thanks).await));
        assert_eq!(tx.thread(room.graduate).await.unwrap().unwrap().closed_reason, Some(NoReplyReason::Thanks));
        let rows = tx.audit_of(room.graduate.0, 1).await.unwrap();
        assert_eq!((rows[0].action.as_str(), rows[0].actor), ("thread.close", actor));
        tx.save().await.unwrap();
        hear(&room, &room.says("もう一つ")).await;
        let thread = room.read().await.thread(room.graduate).await.unwrap().unwrap();
        assert!(thread.reply_due_since.is_some() && thread.closed_reason.is_none());
    }

    async fn a_message_taken_back_is_shown_nowhere(database: &TestDatabase) {
        let room = Room::open(database).await;
        let said = InboundMessage { provider_ref: Some("line-1".into()), ..room.says("つらいです") };
        let id = hear(&room, &said).await;
        let tx = room.begin().await;
        let sign = NewSign {
            graduate: room.graduate,
            source: SignSource::Person,
            category: SignCategory::Fatigue,
            level: SignLevel::Clear,
            quote: "つらいです".into(),
            place: SignPlace::Message(id),
        };
        let sign = tx.suggest_sign(&sign).await.unwrap().unwrap();
        assert_eq!(tx.hide_message(ChannelKind::Sms, "line-1").await.unwrap(), None);
        assert_eq!(tx.hide_message(ChannelKind::Line, "line-2").await.unwrap(), None);
        assert_eq!(tx.hide_message(ChannelKind::Line, "line-1").await.unwrap(), Some(id));
        let hidden = tx.messages_of(room.graduate, None, 10).await.unwrap().remove(0);
        assert!(hidden.body.is_none() && hidden.hidden_at.is_some());
        assert!(tx.inbox(InboxFilter::default(), 0, 10).await.unwrap()[0].last.as_ref().unwrap().body.is_none());
        assert_eq!(tx.sign(sign).await.unwrap().unwrap().sign.quote, "");
        assert!(tx.thread(room.graduate).await.unwrap().unwrap().reply_due_since.is_some());
    }

    async fn pages_of_messages_leave_none_out_and_show_none_twice(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        for number in 0..7 {
            tx.add_inbound_message(&room.says(&number.to_string())).await.unwrap();
            if number % 3 == 0 {
                room.wait(1);
            }
        }
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = tx.messages_of(room.graduate, before, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(MessagesBefore { at: last.at, id: last.id });
            seen.extend(page.into_iter().map(|message| message.id));
        }
        let all = tx.messages_of(room.graduate, None, 100).await.unwrap();
        assert_eq!(all.len(), 7);
        assert_eq!(seen, all.into_iter().map(|message| message.id).collect::<Vec<_>>());
    }

    async fn the_inbox_puts_crisis_first_then_the_longest_wait_then_the_newest_word(database: &TestDatabase) {
        let room = Room::open(database).await;
        let [quiet, waiting, crisis] =
            [room.another("例 一").await, room.another("例 二").await, room.another("例 三").await];
        hear(&room, &InboundMessage { graduate: quiet, needs_reply: false, ..room.says("元気です") }).await;
        room.wait(1);
        hear(&room, &InboundMessage { graduate: waiting, ..room.says("質問です") }).await;
        room.wait(1);
        hear(&room, &room.says("後から")).await;
        room.wait(1);
        let words = InboundMessage { graduate: crisis, crisis: true, needs_reply: false, ..room.says("消えたい") };
        hear(&room, &words).await;
        let tx = room.read().await;
        let inbox = tx.inbox(InboxFilter::default(), 0, 10).await.unwrap();
        let order: Vec<_> = inbox.iter().map(|row| row.who.id).collect();
        assert_eq!(order, [crisis, waiting, room.graduate, quiet]);
        assert_eq!(inbox[1].last.as_ref().unwrap().body.as_ref().unwrap().text, "質問です");
        assert_eq!(inbox[2].who.profile.name, "見本 花子");
        let mine = Mine { staff: room.staff, pairs: vec![(Some(room.staff), None)], asked: vec![room.staff] };
        let mine = tx.inbox(InboxFilter { mine: Some(&mine), waiting: false }, 0, 10).await.unwrap();
        assert_eq!(mine.iter().map(|row| row.who.id).collect::<Vec<_>>(), [room.graduate]);
        let waiting_only = tx.inbox(InboxFilter { mine: None, waiting: true }, 1, 10).await.unwrap();
        assert_eq!(waiting_only.iter().map(|row| row.who.id).collect::<Vec<_>>(), [waiting, room.graduate]);
    }

    async fn their_turn_as_the_inbox_asks_for_it_is_their_turn_as_core_decides_it(database: &TestDatabase) {
        let room = Room::open(database).await;
        hear(&room, &room.says("質問です")).await;
        room.wait(1);
        answer(&room, "15時に電話します", None).await;
        let waiting = room.another("例 一").await;
        hear(&room, &InboundMessage { graduate: waiting, ..room.says("質問です") }).await;
        let paused = room.another("例 二").await;
        let tx = room.begin().await;
        tx.add_staff_message(room.staff, &OutboundMessage { graduate: paused, ..room.writes("お大事に") }, None).await.unwrap();
        let dates = PauseDates { from: april(5), until: Some(april(7)) };
        tx.pause_graduate(Actor::COMMAND, paused, &Pause { dates, reason: String::new() }).await.unwrap();
        tx.save().await.unwrap();
        let tx = room.read().await;
        for (day, pause_holds) in [(4, false), (5, true), (7, true), (8, false)] {
            let rows = tx.inbox_theirs(april(day), None, 0, 10).await.unwrap();
            let asked: Vec<_> = rows.iter().map(|row| row.who.id).collect();
            let all = tx.inbox(InboxFilter::default(), 0, 10).await.unwrap();
            let paused = |row: &InboxRow| row.who.pause.is_some_and(|pause| pause.covers(april(day)));
            let decided = all.iter().filter(|row| row.thread.facts(paused(row)).turn() == Turn::TheirTurn);
            assert_eq!(asked, decided.map(|row| row.who.id).collect::<Vec<_>>(), "on day {day}");
            assert_eq!(asked.len(), if pause_holds { 1 } else { 2 }, "on day {day}");
            assert_eq!(tx.thread_counts(april(day), None).await.unwrap(), (1, asked.len() as u64, 3), "on day {day}");
        }
    }

    async fn two_people_never_make_the_same_call(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let colleague = add_staff(&tx, "hoka@example.test").await;
        assert!(not_found(tx.take_crisis(room.staff, room.graduate).await));
        tx.add_inbound_message(&InboundMessage { crisis: true, ..room.says("消えたい") }).await.unwrap();
        tx.take_crisis(room.staff, room.graduate).await.unwrap();
        tx.take_crisis(room.staff, room.graduate).await.unwrap();
        assert!(refused(tx.take_crisis(colleague, room.graduate).await));
        assert_eq!(tx.crisis_open().await.unwrap()[0].crisis_staff, Some(room.staff));
        tx.release_crisis(Actor::staff(colleague), room.graduate).await.unwrap();
        tx.take_crisis(colleague, room.graduate).await.unwrap();
        tx.close_crisis(Actor::staff(colleague), room.graduate).await.unwrap();
        assert!(tx.crisis_open().await.unwrap().is_empty());
        assert!(refused(tx.take_crisis(room.staff, room.graduate).await));
    }

    async fn only_words_that_the_caller_could_not_know_take_the_call_from_them(database: &TestDatabase) {
        let room = Room::open(database).await;
        let crisis = |text: &str| InboundMessage { crisis: true, ..room.says(text) };
        let first = crisis("消えたい");
        hear(&room, &first).await;
        room.wait(5);
        let tx = room.begin().await;
        tx.take_crisis(room.staff, room.graduate).await.unwrap();
        tx.save().await.unwrap();
        let taken = async || room.read().await.thread(room.graduate).await.unwrap().unwrap();
        let late = InboundMessage { at: first.at + TimeDelta::minutes(1), ..crisis("いなくなりたい") };
        hear(&room, &late).await;
        hear(&room, &room.says("電話ありがとうございます")).await;
        assert_eq!(taken().await.crisis_staff, Some(room.staff), "old words that came late, and others");
        room.wait(5);
        let newest = hear(&room, &crisis("もう終わりにしたい")).await;
        let thread = taken().await;
        assert_eq!((thread.crisis_staff, thread.crisis_taken_at), (None, None));
        assert_eq!(thread.crisis_since, Some(first.at), "since when it lasts is kept");
        let words = room.read().await.words_of_crisis(room.graduate, first.at).await.unwrap();
        assert_eq!((words.len(), words[0].id), (3, newest));
        let tx = room.begin().await;
        assert!(refused(tx.close_crisis(Actor::staff(room.staff), room.graduate).await), "nobody has looked after them");
    }

    async fn another_office_neither_reads_nor_writes_our_threads(database: &TestDatabase) {
        let room = Room::open(database).await;
        let said = InboundMessage { provider_ref: Some("line-1".into()), crisis: true, ..room.says("つらいです") };
        let id = hear(&room, &said).await;
        let other = add_office(&room.store, "別の事業所").await;
        let tx = room.store.begin(other).await.unwrap();
        assert!(tx.thread(room.graduate).await.unwrap().is_none());
        assert!(tx.message(id).await.unwrap().is_none());
        assert!(tx.messages_of(room.graduate, None, 10).await.unwrap().is_empty());
        assert!(tx.inbox(InboxFilter::default(), 0, 10).await.unwrap().is_empty());
        assert!(tx.crisis_open().await.unwrap().is_empty());
        assert!(tx.words_of_crisis(room.graduate, said.at).await.unwrap().is_empty());
        assert!(tx.people(&[room.graduate]).await.unwrap().is_empty());
        assert_eq!(tx.hide_message(ChannelKind::Line, "line-1").await.unwrap(), None);
        assert!(not_found(tx.add_inbound_message(&said).await));
        assert!(not_found(tx.add_staff_message(room.staff, &room.writes("x"), None).await));
        assert!(not_found(tx.close_thread(Actor::COMMAND, room.graduate, NoReplyReason::Other).await));
    }
}

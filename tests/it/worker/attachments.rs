//! Pictures and voices are fetched where LINE keeps them, whatever goes wrong there, and nobody waits for them.

use bansou_channels::line::CONTENT_LIMIT;
use bansou_core::attachment::{AttachmentState, MediaType};
use bansou_core::ids::{GraduateId, MessageId};
use bansou_store::{Inbound, sender};
use bansou_tests::fakes::Fault;
use bansou_tests::fakes::line::LineContent;
use bansou_tests::for_each_database;
use bansou_tests::world::line_user;
use chrono::TimeDelta;
use serde_json::json;

use super::{Faked, day};

const MORNING: &str = "2026-04-01T10:00:00+09:00";
const PICTURE: &[u8] = b"\xff\xd8\xff\xe0 a picture";
const VOICE: &[u8] = b"\0\0\0\x20ftypM4A \0\0\0\0 a voice";

/// Somebody sent a picture or a voice, and it has its effect.
async fn sent(faked: &Faked, kind: &str, content: LineContent) -> (GraduateId, MessageId, String) {
    let graduate = faked.world.graduate(1, day("2026-03-30")).await;
    let event = faked.line.media_event(&line_user(1), kind, content);
    let reference = event["message"]["id"].as_str().unwrap().to_owned();
    faked.world.line_event(&reference, &line_user(1), event).await;
    faked.world.tick().await;
    let message = newest(faked, graduate).await;
    (graduate, message, reference)
}

async fn newest(faked: &Faked, graduate: GraduateId) -> MessageId {
    faked.world.begin().await.messages_of(graduate, None, 1).await.unwrap()[0].id
}

async fn state(faked: &Faked, message: MessageId) -> Option<AttachmentState> {
    let found = faked.world.begin().await.attachments_of(&[message]).await.unwrap();
    found.get(&message).map(|one| one.state)
}

/// The alarm rings after so many minutes; answers how often LINE was asked by then.
async fn after(faked: &Faked, minutes: i64) -> usize {
    faked.world.clock.advance(TimeDelta::minutes(minutes));
    faked.world.engine.attachments().await.unwrap();
    faked.line.seen().iter().filter(|seen| seen.call == "content").count()
}

async fn unsend(faked: &Faked, reference: &str) {
    let event = json!({ "type": "unsend", "unsend": { "messageId": reference } });
    faked.world.line_event(&format!("unsend-{reference}"), &line_user(1), event).await;
    faked.world.tick().await;
}

for_each_database! {
    async fn a_picture_and_a_voice_are_kept_once_however_often_the_alarm_rings(database: &TestDatabase) {
        let faked = Faked::open(database.url(), MORNING).await;
        let (graduate, picture, _) = sent(&faked, "image", LineContent::Here(PICTURE.to_vec())).await;
        assert_eq!(faked.line.seen().iter().filter(|seen| seen.call == "content").count(), 0, "words don't wait for it");
        assert_eq!(after(&faked, 0).await, 1);
        let found = faked.world.begin().await.attachment(graduate, picture).await.unwrap();
        assert!(found == Some((MediaType::Jpeg, PICTURE.to_vec())));
        let event = faked.line.media_event(&line_user(1), "audio", LineContent::Here(VOICE.to_vec()));
        faked.world.line_event("voice", &line_user(1), event).await;
        faked.world.clock.advance(TimeDelta::minutes(1));
        faked.world.tick().await;
        let voice = newest(&faked, graduate).await;
        assert_eq!((after(&faked, 0).await, after(&faked, 600).await), (2, 2));
        let found = faked.world.begin().await.attachment(graduate, voice).await.unwrap();
        assert!(found == Some((MediaType::Mp4Audio, VOICE.to_vec())));
    }

    async fn what_line_is_still_making_ready_comes_a_little_later(database: &TestDatabase) {
        let faked = Faked::open(database.url(), MORNING).await;
        let (_, message, reference) = sent(&faked, "audio", LineContent::Preparing).await;
        assert_eq!((after(&faked, 0).await, state(&faked, message).await), (1, Some(AttachmentState::Waiting)));
        assert_eq!(after(&faked, 0).await, 1, "not asked again at once");
        faked.line.set_content(&reference, LineContent::Here(VOICE.to_vec()));
        assert_eq!((after(&faked, 1).await, state(&faked, message).await), (2, Some(AttachmentState::Kept)));
    }

    async fn trouble_at_line_is_waited_out(database: &TestDatabase) {
        let faked = Faked::open(database.url(), MORNING).await;
        let (_, message, _) = sent(&faked, "image", LineContent::Here(PICTURE.to_vec())).await;
        faked.line.faults().script([Some(Fault::ErrorBefore), Some(Fault::ResetBefore), Some(Fault::RateLimited)]);
        for minutes in [0, 1, 2] {
            after(&faked, minutes).await;
            assert_eq!(state(&faked, message).await, Some(AttachmentState::Waiting));
        }
        assert_eq!((after(&faked, 4).await, state(&faked, message).await), (4, Some(AttachmentState::Kept)));
    }

    async fn after_a_day_without_an_answer_nobody_asks_any_more(database: &TestDatabase) {
        let faked = Faked::open(database.url(), MORNING).await;
        let (_, message, _) = sent(&faked, "image", LineContent::Here(PICTURE.to_vec())).await;
        faked.line.faults().set_rates(&[(Fault::ErrorBefore, 1_000)]);
        for _ in 0..20 {
            after(&faked, 60).await;
        }
        assert_eq!(state(&faked, message).await, Some(AttachmentState::Waiting), "not before a day is over");
        for _ in 0..20 {
            after(&faked, 60).await;
        }
        assert_eq!(state(&faked, message).await, Some(AttachmentState::Gone));
        let asked = after(&faked, 600).await;
        assert_eq!((after(&faked, 600).await, asked), (18, 18));
    }

    async fn what_cant_be_shown_ends_with_its_reason(database: &TestDatabase) {
        let page = b"<!DOCTYPE html><script>alert(1)</script>".to_vec();
        let cases = [
            ("image", LineContent::Deleted, AttachmentState::Gone),
            ("image", LineContent::Here(vec![0; CONTENT_LIMIT + 1]), AttachmentState::TooLarge),
            ("image", LineContent::Here(page), AttachmentState::NotShown),
            ("image", LineContent::Here(VOICE.to_vec()), AttachmentState::NotShown),
        ];
        let faked = Faked::open(database.url(), MORNING).await;
        let graduate = faked.world.graduate(1, day("2026-03-30")).await;
        for (n, (kind, content, expected)) in cases.into_iter().enumerate() {
            let event = faked.line.media_event(&line_user(1), kind, content);
            faked.world.clock.advance(TimeDelta::minutes(1));
            faked.world.line_event(&format!("e{n}"), &line_user(1), event).await;
            faked.world.tick().await;
            let message = newest(&faked, graduate).await;
            assert_eq!((after(&faked, 0).await, state(&faked, message).await), (n + 1, Some(expected)));
            assert!(faked.world.begin().await.attachment(graduate, message).await.unwrap().is_none());
            assert_eq!(after(&faked, 300).await, n + 1, "it isn't asked for again");
        }
    }

    async fn what_was_taken_back_is_neither_fetched_nor_kept(database: &TestDatabase) {
        let faked = Faked::open(database.url(), MORNING).await;
        let (graduate, waiting, reference) = sent(&faked, "image", LineContent::Here(PICTURE.to_vec())).await;
        unsend(&faked, &reference).await;
        assert_eq!((after(&faked, 1).await, state(&faked, waiting).await), (0, None));
        let event = faked.line.media_event(&line_user(1), "image", LineContent::Here(PICTURE.to_vec()));
        let reference = event["message"]["id"].as_str().unwrap().to_owned();
        faked.world.clock.advance(TimeDelta::minutes(1));
        faked.world.line_event(&reference, &line_user(1), event).await;
        faked.world.tick().await;
        let kept = newest(&faked, graduate).await;
        assert_eq!((after(&faked, 0).await, state(&faked, kept).await), (1, Some(AttachmentState::Kept)));
        unsend(&faked, &reference).await;
        assert_eq!(state(&faked, kept).await, None);
        assert!(faked.world.begin().await.attachment(graduate, kept).await.unwrap().is_none());
    }

    async fn what_is_taken_back_while_it_is_fetched_isnt_kept_either(database: &TestDatabase) {
        let faked = Faked::open(database.url(), MORNING).await;
        let (_, message, reference) = sent(&faked, "image", LineContent::Here(PICTURE.to_vec())).await;
        faked.line.faults().script([Some(Fault::Held)]);
        let taken_back = async {
            unsend(&faked, &reference).await;
            faked.line.faults().release();
        };
        let (fetched, ()) = tokio::join!(faked.world.engine.attachments(), taken_back);
        assert_eq!((fetched.unwrap(), state(&faked, message).await), (1, None));
    }

    async fn two_processes_at_once_ask_once(database: &TestDatabase) {
        let faked = Faked::open(database.url(), MORNING).await;
        let (_, message, _) = sent(&faked, "image", LineContent::Here(PICTURE.to_vec())).await;
        let other = faked.engine(bansou_worker::SendTerms::default());
        let (first, second) = tokio::join!(faked.world.engine.attachments(), other.attachments());
        assert_eq!((first.unwrap() + second.unwrap(), after(&faked, 0).await), (1, 1));
        assert_eq!(state(&faked, message).await, Some(AttachmentState::Kept));
    }

    async fn a_strangers_picture_leaves_the_thread_with_their_words(database: &TestDatabase) {
        let faked = Faked::open(database.url(), MORNING).await;
        let world = &faked.world;
        let graduate = world.graduate_with(1, day("2026-03-30"), &[bansou_core::contact::ContactKind::Sms]).await;
        let event = faked.line.media_event(&line_user(77), "image", LineContent::Here(PICTURE.to_vec()));
        world.line_event("e1", &line_user(77), event).await;
        world.tick().await;
        let tx = world.begin().await;
        let events: Vec<Inbound> = tx.unknown_senders(10).await.unwrap();
        assert!(sender(&events[0].body).is_some());
        let binding = tx.bind_stranger(world.staff, graduate, &events).await.unwrap();
        tx.save().await.unwrap();
        world.tick().await;
        let message = newest(&faked, graduate).await;
        assert_eq!((after(&faked, 0).await, state(&faked, message).await), (1, Some(AttachmentState::Kept)));
        let tx = world.begin().await;
        tx.unbind_stranger(world.staff, binding, "人ちがい").await.unwrap();
        tx.save().await.unwrap();
        assert_eq!(state(&faked, message).await, None);
    }

    async fn words_on_a_sticker_are_read_like_any_words(database: &TestDatabase) {
        let faked = Faked::open(database.url(), MORNING).await;
        let graduate = faked.world.graduate(1, day("2026-03-30")).await;
        let mut event = faked.line.sticker_event(&line_user(1));
        event["message"]["text"] = json!("もう消えてしまいたいです");
        event["message"]["keywords"] = json!(["bow", "thank you"]);
        faked.world.line_event("e1", &line_user(1), event).await;
        faked.world.tick().await;
        let tx = faked.world.begin().await;
        let body = tx.messages_of(graduate, None, 1).await.unwrap().remove(0).body.unwrap();
        assert_eq!((body.text.as_str(), body.attachment.as_deref()), ("もう消えてしまいたいです", Some("sticker")));
        assert_eq!(tx.crisis_open().await.unwrap().len(), 1);
    }
}

use bansou_core::attachment::{AttachmentKind, AttachmentState, MediaType};
use bansou_core::ids::MessageId;
use bansou_store::{Attachment, FETCH_TRIES};
use bansou_tests::for_each_database;

use super::*;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n the picture";

/// Somebody sends a picture or a voice.
async fn sends(room: &Room, kind: &str, reference: &str) -> MessageId {
    let mut said = room.says("");
    said.body.attachment = Some(kind.into());
    said.provider_ref = Some(reference.into());
    said.fetch_from = Some("line-main".into());
    let tx = room.begin().await;
    let id = tx.add_inbound_message(&said).await.unwrap();
    tx.save().await.unwrap();
    id
}

async fn claimed(room: &Room) -> Vec<String> {
    let tx = room.begin().await;
    let fetches = tx.claim_fetches(10).await.unwrap();
    tx.save().await.unwrap();
    fetches.into_iter().map(|fetch| fetch.provider_ref).collect()
}

async fn keep(room: &Room, id: MessageId) -> bool {
    let tx = room.begin().await;
    let kept = tx.keep_attachment(id, MediaType::Png, PICTURE).await.unwrap();
    tx.save().await.unwrap();
    kept
}

async fn state(room: &Room, id: MessageId) -> Option<AttachmentState> {
    room.read().await.attachments_of(&[id]).await.unwrap().get(&id).map(|one| one.state)
}

for_each_database! {
    async fn a_picture_waits_with_its_message_and_is_kept_sealed(database: &TestDatabase) {
        let room = Room::open(database).await;
        let id = sends(&room, "image", "line-1").await;
        assert_eq!(room.store.offices_with_fetches(room.store.ambient().now()).await.unwrap(), [room.office]);
        let waiting = Attachment { kind: AttachmentKind::Image, state: AttachmentState::Waiting };
        assert_eq!(room.read().await.attachments_of(&[id]).await.unwrap()[&id], waiting);
        assert!(room.read().await.attachment(room.graduate, id).await.unwrap().is_none());
        assert_eq!(claimed(&room).await, ["line-1"]);
        assert!(keep(&room, id).await);
        assert_eq!(state(&room, id).await, Some(AttachmentState::Kept));
        let found = room.read().await.attachment(room.graduate, id).await.unwrap();
        assert!(found == Some((MediaType::Png, PICTURE.to_vec())));
        assert!(room.store.offices_with_fetches(room.store.ambient().now()).await.unwrap().is_empty());
    }

    async fn only_pictures_and_voices_of_a_channel_that_gives_them_out_are_waited_for(database: &TestDatabase) {
        let room = Room::open(database).await;
        for kind in ["sticker", "video", "file", "location", "hologram"] {
            assert_eq!(state(&room, sends(&room, kind, kind).await).await, None, "{kind}");
        }
        assert!(state(&room, sends(&room, "audio", "line-1").await).await.is_some());
        let mut sms = room.says("");
        sms.body.attachment = Some("image".into());
        let tx = room.begin().await;
        let id = tx.add_inbound_message(&sms).await.unwrap();
        tx.save().await.unwrap();
        assert_eq!(state(&room, id).await, None);
    }

    async fn a_claim_is_a_try_and_the_next_one_comes_later_and_later(database: &TestDatabase) {
        let room = Room::open(database).await;
        let id = sends(&room, "audio", "line-1").await;
        let mut tries = 0;
        for _ in 0..200 {
            if state(&room, id).await != Some(AttachmentState::Waiting) {
                break;
            }
            let now = claimed(&room).await;
            tries += now.len();
            if !now.is_empty() {
                assert!(claimed(&room).await.is_empty(), "nobody else asks at the same time");
            }
            room.wait(15);
        }
        assert_eq!((i64::try_from(tries).unwrap(), state(&room, id).await), (FETCH_TRIES, Some(AttachmentState::Gone)));
        assert!(!keep(&room, id).await, "what comes after that is nobody's");
    }

    async fn whatever_ends_it_ends_it_once(database: &TestDatabase) {
        let room = Room::open(database).await;
        let id = sends(&room, "image", "line-1").await;
        let tx = room.begin().await;
        assert!(tx.end_attachment(id, AttachmentState::NotShown).await.unwrap());
        assert!(!tx.end_attachment(id, AttachmentState::Gone).await.unwrap());
        tx.save().await.unwrap();
        assert!(!keep(&room, id).await);
        assert_eq!(state(&room, id).await, Some(AttachmentState::NotShown));
        assert!(room.read().await.attachment(room.graduate, id).await.unwrap().is_none());
    }

    async fn who_takes_a_message_back_takes_its_picture_along(database: &TestDatabase) {
        let room = Room::open(database).await;
        let (kept, waiting) = (sends(&room, "image", "line-1").await, sends(&room, "image", "line-2").await);
        claimed(&room).await;
        assert!(keep(&room, kept).await);
        let tx = room.begin().await;
        for reference in ["line-1", "line-2"] {
            tx.hide_message(ChannelKind::Line, reference).await.unwrap();
        }
        tx.save().await.unwrap();
        assert!(room.read().await.attachment(room.graduate, kept).await.unwrap().is_none());
        assert!(!keep(&room, waiting).await, "it was on its way");
        assert_eq!((state(&room, kept).await, state(&room, waiting).await), (None, None));
    }

    async fn another_offices_or_another_persons_picture_is_not_found(database: &TestDatabase) {
        let room = Room::open(database).await;
        let id = sends(&room, "image", "line-1").await;
        assert!(keep(&room, id).await);
        let other = room.another("見本 次郎").await;
        assert!(room.read().await.attachment(other, id).await.unwrap().is_none());
        let office = add_office(&room.store, "例の支援室").await;
        let tx = room.store.begin(office).await.unwrap();
        assert!(tx.attachment(room.graduate, id).await.unwrap().is_none());
        assert!(tx.attachments_of(&[id]).await.unwrap().is_empty());
        assert!(!tx.end_attachment(id, AttachmentState::Gone).await.unwrap());
    }
}

use std::path::Path;

use bansou_core::attachment::MediaType;
use bansou_core::consent::{GivenHow, ShareMeans, Topic};
use bansou_core::escalation::{AnswerKind, EmployerAnswer, Fact, FactSource, Request};
use bansou_core::note::{ContactMode, Lanes};
use bansou_core::sign::{SignCategory, SignLevel, SignSource};
use bansou_store::{NewConsent, NewEscalation, NewInbound, NewNote, NewSign, ReadHow, SignPlace};
use serde_json::json;

use super::*;

/// One word per sealed column of the conversation's tables, in a script that no code or id uses.
const CANARIES: [&str; 15] = [
    "かなりあ受信",
    "かなりあ発言",
    "かなりあ返信",
    "かなりあ記録",
    "かなりあ兆候",
    "かなりあ理由",
    "かなりあ同意",
    "かなりあ依頼",
    "かなりあ事実",
    "かなりあ回答",
    "かなりあ共有",
    "かなりあ訂正",
    "カナリア約束",
    "カナリア約束の理由",
    "カナリア写真",
];

#[tokio::test]
async fn nothing_said_or_written_about_a_person_stands_readable_in_the_file() {
    let database = TestDatabase::sqlite();
    let room = Room::open(&database).await;
    write_canaries(&room).await;
    let path = database.url().trim_start_matches("sqlite://").split('?').next().unwrap().to_owned();
    let bytes = bytes_of(&path);
    assert!(contains(&bytes, "line-main"), "the search finds what is clear");
    for canary in CANARIES {
        assert!(!contains(&bytes, canary), "{canary} is readable");
        // JSON may escape what isn't ASCII.
        let escaped = canary.escape_unicode().to_string().replace(['{', '}'], "");
        assert!(!contains(&bytes, &escaped), "{canary} is readable in JSON");
    }
}

fn bytes_of(path: &str) -> Vec<u8> {
    let mut bytes = std::fs::read(path).unwrap();
    let wal = format!("{path}-wal");
    assert!(Path::new(&wal).exists(), "what was just written stands in the log");
    bytes.extend(std::fs::read(wal).unwrap());
    bytes
}

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

async fn write_picture(room: &Room, tx: &Tx) {
    let mut said = room.says("");
    said.body.attachment = Some("image".into());
    said.fetch_from = Some("line-main".into());
    let message = tx.add_inbound_message(&said).await.unwrap();
    assert!(tx.keep_attachment(message, MediaType::Jpeg, CANARIES[14].as_bytes()).await.unwrap());
}

async fn write_promise(room: &Room, tx: &Tx) {
    let promise = bansou_store::NewCommitment {
        graduate: room.graduate,
        staff: room.staff,
        source: bansou_core::commitment::CommitmentSource::Request,
        kind: bansou_core::commitment::CommitmentKind::Do,
        text: CANARIES[12].into(),
        due_at: tx.now() + TimeDelta::hours(1),
        message: None,
        note: None,
        escalation: None,
    };
    let who = Actor::staff(room.staff);
    let promise = tx.add_commitment(who, &promise).await.unwrap();
    tx.withdraw_commitment(who, promise, CANARIES[13]).await.unwrap();
}

async fn write_canaries(room: &Room) {
    let event = NewInbound {
        event_key: "e".into(),
        kind: "message".into(),
        body: json!({ "text": CANARIES[0] }),
        occurred_at: moment(START),
    };
    room.store.store_inbound(room.office, "line-main", &[event]).await.unwrap();
    let (tx, actor) = (room.begin().await, Actor::staff(room.staff));
    let message = tx.add_inbound_message(&room.says(CANARIES[1])).await.unwrap();
    tx.add_staff_message(room.staff, &room.writes(CANARIES[2]), None).await.unwrap();
    let mut note = NewNote {
        graduate: room.graduate,
        author: room.staff,
        mode: ContactMode::Visit,
        happened_at: tx.now(),
        lanes: Lanes { said: CANARIES[3].into(), ..Default::default() },
    };
    let old = tx.save_note(&note).await.unwrap();
    note.lanes.observed = CANARIES[11].into();
    tx.correct_note(old, &note, &bansou_store::NoteMore::default()).await.unwrap();
    let sign = NewSign {
        graduate: room.graduate,
        source: SignSource::Person,
        category: SignCategory::Sleep,
        level: SignLevel::Strong,
        quote: CANARIES[4].into(),
        place: SignPlace::Message(message),
    };
    let sign = tx.suggest_sign(&sign).await.unwrap().unwrap();
    tx.confirm_sign(room.staff, sign, CANARIES[5]).await.unwrap();
    write_promise(room, &tx).await;
    write_picture(room, &tx).await;
    let (employer, contact) = add_contact(&tx, "株式会社見本").await;
    works_there(&tx, room.graduate, employer).await;
    let consent = NewConsent {
        graduate: room.graduate,
        contact,
        topics: vec![Topic::Hours],
        means: ShareMeans::Email,
        given_how: GivenHow::Written,
        given_on: april(1),
        valid_until: april(30),
        wording: CANARIES[6].into(),
        recorded_by: None,
    };
    tx.give_consent(actor, &consent).await.unwrap();
    let request = Request {
        request: CANARIES[7].into(),
        purpose: "安心".into(),
        facts: vec![Fact { on: april(1), source: FactSource::Staff, text: CANARIES[8].into() }],
        question: "できますか".into(),
        answer_by: april(9),
        our_part: String::new(),
    };
    let request = NewEscalation {
        graduate: room.graduate,
        sign,
        contact,
        topic: Topic::Hours,
        request,
        review_on: april(20),
        created_by: room.staff,
    };
    let id = tx.draft_escalation(&request, april(1)).await.unwrap();
    let mark = tx.escalation(id).await.unwrap().unwrap().words_mark();
    tx.escalation_read(actor, id, &mark, ReadHow::Together, april(1)).await.unwrap();
    tx.send_escalation(room.staff, id, CANARIES[10], april(1)).await.unwrap();
    let answer = EmployerAnswer { kind: AnswerKind::Yes, on: None, text: CANARIES[9].into(), may_show: true };
    tx.answer_escalation(id, &answer).await.unwrap();
    tx.save().await.unwrap();
}

use bansou_core::consent::{GivenHow, NotCovered, ShareMeans, Topic};

use bansou_core::escalation::{AnswerKind, EmployerAnswer, EscalationState, Fact, FactSource, Request};
use bansou_core::ids::{ConsentId, EscalationId, MessageId, SignId};
use bansou_core::leaving::LeavingReason;
use bansou_core::sign::{SignCategory, SignLevel, SignSource};
use bansou_store::{EmploymentDetails, NewConsent, NewEscalation, NewShare, NewSign, ReadHow, SignPlace};
use bansou_tests::for_each_database;

use super::*;

/// A graduate with a confirmed sign, an employer contact and a consent.
struct Case {
    contact: EmployerContactId,
    sign: SignId,
    consent: ConsentId,
}

impl Case {
    async fn open(room: &Room) -> Self {
        let tx = room.begin().await;
        let (employer, contact) = add_contact(&tx, "株式会社見本").await;
        works_there(&tx, room.graduate, employer).await;
        let sign = tx.record_sign(room.staff, &sign(room, 1)).await.unwrap();
        let consent = tx.give_consent(Actor::staff(room.staff), &agreed(room, contact, Topic::Instructions)).await;
        let consent = consent.unwrap();
        tx.save().await.unwrap();
        Self { contact, sign, consent }
    }

    fn request(&self, room: &Room) -> NewEscalation {
        NewEscalation {
            graduate: room.graduate,
            sign: self.sign,
            contact: self.contact,
            topic: Topic::Instructions,
            request: words("指示を紙でも渡してください"),
            review_on: april(20),
            created_by: room.staff,
        }
    }

    /// A request that the graduate has read.
    async fn read(&self, room: &Room) -> EscalationId {
        let tx = room.begin().await;
        let id = tx.draft_escalation(&self.request(room), april(1)).await.unwrap();
        read(room, &tx, id).await.unwrap();
        tx.save().await.unwrap();
        id
    }
}

fn sign(room: &Room, message: u128) -> NewSign {
    NewSign {
        graduate: room.graduate,
        source: SignSource::Person,
        category: SignCategory::Instructions,
        level: SignLevel::Clear,
        quote: "指示がわからない".into(),
        place: SignPlace::Message(MessageId(uuid::Uuid::from_u128(message))),
    }
}

fn agreed(room: &Room, contact: EmployerContactId, topic: Topic) -> NewConsent {
    NewConsent {
        graduate: room.graduate,
        contact,
        topics: vec![topic],
        means: ShareMeans::Email,
        given_how: GivenHow::Written,
        given_on: april(1),
        valid_until: april(30),
        wording: "指示の出し方について伝えてよい".into(),
        recorded_by: Some(room.staff),
    }
}

fn words(request: &str) -> Request {
    Request {
        request: request.into(),
        purpose: "安心して働くため".into(),
        facts: vec![Fact { on: april(1), source: FactSource::Person, text: "口頭の指示が多い".into() }],
        question: "できますか".into(),
        answer_by: april(10),
        our_part: String::new(),
    }
}

async fn read(room: &Room, tx: &Tx, id: EscalationId) -> bansou_store::Result<()> {
    let mark = tx.escalation(id).await?.unwrap().words_mark();
    tx.escalation_read(Actor::graduate(room.graduate), id, &mark, ReadHow::OwnPage, april(1)).await
}

async fn state(tx: &Tx, id: EscalationId) -> EscalationState {
    tx.escalation(id).await.unwrap().unwrap().state
}

fn not_covered<T>(result: bansou_store::Result<T>, why: NotCovered) -> bool {
    matches!(error(result), StoreError::NotCovered(reason) if reason == why)
}

for_each_database! {
    async fn a_request_goes_from_draft_to_review(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let id = case.read(&room).await;
        let (tx, actor) = (room.begin().await, Actor::staff(room.staff));
        tx.send_escalation(room.staff, id, "指示を紙でも渡してください。", april(2)).await.unwrap();
        let answer =
            EmployerAnswer { kind: AnswerKind::Yes, on: Some(april(6)), text: "来週から".into(), may_show: true };
        tx.answer_escalation(id, &answer).await.unwrap();
        assert!(refused(tx.answer_escalation(id, &answer).await));
        assert!(refused(tx.withdraw_escalation(actor, id).await));
        tx.escalation_tried(actor, id, april(25)).await.unwrap();
        assert!(tx.escalations_to_review(april(24)).await.unwrap().is_empty());
        assert_eq!(tx.escalations_to_review(april(25)).await.unwrap()[0].id, id);
        tx.escalation_reviewed(actor, id).await.unwrap();
        let done = tx.escalation(id).await.unwrap().unwrap();
        assert!(done.answer.unwrap() == answer && done.state == EscalationState::Reviewed);
        let steps: Vec<_> = tx.audit_of(id.0, 20).await.unwrap().into_iter().map(|row| row.action).collect();
        let expected = ["reviewed", "tried", "answer", "send", "read", "draft"].map(|step| format!("escalation.{step}"));
        assert_eq!(steps, expected);
    }

    async fn nothing_is_drafted_without_a_confirmed_sign_and_a_consent_that_covers_it(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let tx = room.begin().await;
        let stranger = add_graduate(&tx, "例 一", None).await;
        let suggested = tx.suggest_sign(&sign(&room, 2)).await.unwrap().unwrap();
        let of_stranger = NewSign { graduate: stranger, ..sign(&room, 3) };
        let of_stranger = tx.record_sign(room.staff, &of_stranger).await.unwrap();
        let (other_employer, other_contact) = add_contact(&tx, "株式会社別").await;
        works_there(&tx, room.graduate, other_employer).await;
        let good = case.request(&room);
        for sign in [suggested, of_stranger] {
            assert!(refused(tx.draft_escalation(&NewEscalation { sign, ..good.clone() }, april(1)).await));
        }
        let other_topic = NewEscalation { topic: Topic::Condition, ..good.clone() };
        assert!(not_covered(tx.draft_escalation(&other_topic, april(1)).await, NotCovered::OtherTopic));
        let other_person = NewEscalation { contact: other_contact, ..good.clone() };
        assert!(not_covered(tx.draft_escalation(&other_person, april(1)).await, NotCovered::OtherRecipient));
        assert!(not_covered(tx.draft_escalation(&good, april(30) + TimeDelta::days(1)).await, NotCovered::Expired));
        assert!(tx.draft_escalation(&good, april(30)).await.is_ok());
    }

    async fn an_employer_who_isnt_known_to_know_of_the_disability_is_never_written_to(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let id = case.read(&room).await;
        let tx = room.begin().await;
        let job = tx.employments_of(room.graduate).await.unwrap().remove(0);
        let left = EmploymentDetails { left_on: april(1).pred_opt(), ..job.details.clone() };
        let no_day = EmploymentDetails { leaving: Some(LeavingReason::Personal), ..job.details.clone() };
        let elsewhere = EmploymentDetails { employer: None, ..job.details.clone() };
        let not_said = EmploymentDetails { disclosure: Disclosure::Unknown, ..job.details.clone() };
        let closed = EmploymentDetails { disclosure: Disclosure::Closed, ..job.details.clone() };
        for details in [left, no_day, elsewhere, not_said, closed] {
            tx.change_employment(Actor::staff(room.staff), job.id, &details).await.unwrap();
            assert!(refused(tx.draft_escalation(&case.request(&room), april(1)).await));
            assert!(refused(tx.send_escalation(room.staff, id, "x", april(1)).await));
        }
        for reason in [LeavingReason::OnLeave, LeavingReason::Unknown] {
            let may_go_on = EmploymentDetails { leaving: Some(reason), ..job.details.clone() };
            tx.change_employment(Actor::staff(room.staff), job.id, &may_go_on).await.unwrap();
            assert!(tx.draft_escalation(&case.request(&room), april(1)).await.is_ok(), "{reason}: the job lives, or may");
        }
    }

    async fn nothing_is_sent_before_the_person_has_read_these_very_words(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let (tx, actor) = (room.begin().await, Actor::staff(room.staff));
        let id = tx.draft_escalation(&case.request(&room), april(1)).await.unwrap();
        assert!(refused(tx.send_escalation(room.staff, id, "x", april(1)).await));
        let old = tx.escalation(id).await.unwrap().unwrap().words_mark();
        tx.edit_escalation(actor, id, &words("別の言葉"), april(20)).await.unwrap();
        let person = Actor::graduate(room.graduate);
        assert!(refused(tx.escalation_read(person, id, &old, ReadHow::OwnPage, april(1)).await));
        read(&room, &tx, id).await.unwrap();
        assert!(tx.escalation(id).await.unwrap().unwrap().read_at.is_some());
        tx.edit_escalation(actor, id, &words("また別の言葉"), april(20)).await.unwrap();
        assert_eq!(state(&tx, id).await, EscalationState::Draft);
        assert!(tx.escalation(id).await.unwrap().unwrap().read_at.is_none());
        assert!(refused(tx.send_escalation(room.staff, id, "x", april(1)).await));
        tx.edit_escalation(actor, id, &Request { purpose: " ".into(), ..words("短い") }, april(20)).await.unwrap();
        assert!(matches!(read(&room, &tx, id).await, Err(StoreError::Request(_))));
        assert!(tx.shares_of(room.graduate).await.unwrap().is_empty());
    }

    async fn consent_counts_at_the_moment_of_sending(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let id = case.read(&room).await;
        let tx = room.begin().await;
        let after = april(30) + TimeDelta::days(1);
        let request = Request { answer_by: after + TimeDelta::days(9), ..words("指示を紙でも渡してください") };
        tx.edit_escalation(Actor::staff(room.staff), id, &request, after).await.unwrap();
        read(&room, &tx, id).await.unwrap();
        assert!(not_covered(tx.send_escalation(room.staff, id, "x", after).await, NotCovered::Expired));
        let renewed = agreed(&room, case.contact, Topic::Instructions);
        let renewed = NewConsent { given_on: after, valid_until: after + TimeDelta::days(30), ..renewed };
        let renewed = tx.give_consent(Actor::graduate(room.graduate), &renewed).await.unwrap();
        tx.send_escalation(room.staff, id, "x", after).await.unwrap();
        assert_eq!(tx.escalation(id).await.unwrap().unwrap().consent, renewed);
        assert_eq!(tx.shares_of(room.graduate).await.unwrap()[0].consent, renewed);
    }

    async fn nothing_is_sent_twice(database: &TestDatabase) {
        let room = Room::open(database).await;
        let id = Case::open(&room).await.read(&room).await;
        let mut senders = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (store, office, staff) = (room.store.clone(), room.office, room.staff);
            senders.spawn(async move {
                let tx = store.begin(office).await.unwrap();
                let sent = tx.send_escalation(staff, id, "お願い", april(2)).await;
                if sent.is_ok() {
                    tx.save().await.unwrap();
                }
                sent.is_ok()
            });
        }
        assert_eq!(senders.join_all().await.into_iter().filter(|&sent| sent).count(), 1);
        assert_eq!(room.read().await.shares_of(room.graduate).await.unwrap().len(), 1);
    }

    async fn what_was_shared_is_recorded_with_the_sending_or_not_at_all(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let id = case.read(&room).await;
        let tx = room.begin().await;
        tx.send_escalation(room.staff, id, "この言葉", april(2)).await.unwrap();
        drop(tx);
        let tx = room.read().await;
        assert!(tx.shares_of(room.graduate).await.unwrap().is_empty());
        assert_eq!(state(&tx, id).await, EscalationState::ReadByPerson);
        drop(tx);
        let tx = room.begin().await;
        let share = tx.send_escalation(room.staff, id, "この言葉", april(2)).await.unwrap();
        tx.save().await.unwrap();
        let shares = room.read().await.shares_of(room.graduate).await.unwrap();
        assert!(shares.len() == 1 && shares[0].id == share && shares[0].words == "この言葉");
        assert!(shares[0].escalation == Some(id) && shares[0].consent == case.consent);
    }

    async fn a_withdrawn_consent_takes_every_unanswered_request_with_it(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let [sent, answered, read_only] = [case.read(&room).await, case.read(&room).await, case.read(&room).await];
        let (tx, person) = (room.begin().await, Actor::graduate(room.graduate));
        let draft = tx.draft_escalation(&case.request(&room), april(1)).await.unwrap();
        let hours = tx.give_consent(person, &agreed(&room, case.contact, Topic::Hours)).await.unwrap();
        let kept = NewEscalation { topic: Topic::Hours, ..case.request(&room) };
        let kept = tx.draft_escalation(&kept, april(1)).await.unwrap();
        for id in [sent, answered] {
            tx.send_escalation(room.staff, id, "お願い", april(1)).await.unwrap();
        }
        let answer = EmployerAnswer { kind: AnswerKind::No, on: None, text: String::new(), may_show: false };
        tx.answer_escalation(answered, &answer).await.unwrap();
        let mut gone = tx.withdraw_consent(person, case.consent, april(2)).await.unwrap();
        gone.sort();
        let mut expected = vec![sent, read_only, draft];
        expected.sort();
        assert_eq!(gone, expected);
        assert_eq!(state(&tx, answered).await, EscalationState::Answered);
        assert_eq!(state(&tx, kept).await, EscalationState::Draft, "another consent covers it");
        assert!(refused(tx.withdraw_consent(person, case.consent, april(2)).await));
        assert!(refused(tx.answer_escalation(sent, &answer).await));
        let late = error(tx.send_escalation(room.staff, draft, "x", april(2)).await);
        assert!(matches!(late, StoreError::NotCovered(_)), "{late:?}");
        let covers = tx.valid_consent(room.graduate, case.contact, Topic::Hours, ShareMeans::Email, april(2)).await;
        assert_eq!(covers.unwrap().id, hours);
        assert_eq!(tx.consents_of(room.graduate).await.unwrap().len(), 2);
    }

    async fn sending_and_withdrawing_at_once_end_in_one_order_or_the_other(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let id = case.read(&room).await;
        let send = {
            let (store, office, staff) = (room.store.clone(), room.office, room.staff);
            tokio::spawn(async move {
                let tx = store.begin(office).await.unwrap();
                if tx.send_escalation(staff, id, "お願い", april(2)).await.is_ok() {
                    tx.save().await.unwrap();
                }
            })
        };
        let tx = room.begin().await;
        let person = Actor::graduate(room.graduate);
        tx.withdraw_consent(person, case.consent, april(2)).await.unwrap();
        tx.save().await.unwrap();
        send.await.unwrap();
        assert_eq!(state(&room.read().await, id).await, EscalationState::Withdrawn);
    }

    async fn what_is_told_by_phone_needs_a_consent_for_the_phone(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let tx = room.begin().await;
        let told = NewShare {
            graduate: room.graduate,
            contact: case.contact,
            topic: Topic::Instructions,
            means: ShareMeans::Phone,
            words: "紙で渡してほしいと伝えた".into(),
            shared_by: room.staff,
        };
        assert!(not_covered(tx.record_share(&told, april(2)).await, NotCovered::OtherMeans));
        let by_phone = agreed(&room, case.contact, Topic::Instructions);
        let by_phone = NewConsent { means: ShareMeans::Phone, given_how: GivenHow::Oral, ..by_phone };
        tx.give_consent(Actor::staff(room.staff), &by_phone).await.unwrap();
        tx.record_share(&told, april(2)).await.unwrap();
        assert!(tx.shares_of(room.graduate).await.unwrap()[0].words == told.words);
    }

    async fn a_consent_needs_topics_words_and_days(database: &TestDatabase) {
        let room = Room::open(database).await;
        let tx = room.begin().await;
        let (_, contact) = add_contact(&tx, "株式会社見本").await;
        let good = agreed(&room, contact, Topic::Hours);
        let bad = [
            NewConsent { topics: Vec::new(), ..good.clone() },
            NewConsent { wording: " ".into(), ..good.clone() },
            NewConsent { valid_until: april(1) - TimeDelta::days(1), ..good.clone() },
        ];
        for bad in bad {
            assert!(refused(tx.give_consent(Actor::staff(room.staff), &bad).await));
        }
        tx.end_employer_contact(Actor::staff(room.staff), contact).await.unwrap();
        assert!(not_found(tx.give_consent(Actor::staff(room.staff), &good).await));
    }

    async fn another_office_sees_no_consent_request_or_share(database: &TestDatabase) {
        let room = Room::open(database).await;
        let case = Case::open(&room).await;
        let id = case.read(&room).await;
        let other = add_office(&room.store, "別の事業所").await;
        let tx = room.store.begin(other).await.unwrap();
        let person = Actor::graduate(room.graduate);
        assert!(tx.consent(case.consent).await.unwrap().is_none());
        assert!(tx.escalation(id).await.unwrap().is_none());
        assert!(tx.escalations_of(room.graduate).await.unwrap().is_empty());
        assert!(tx.escalations_in(EscalationState::ALL).await.unwrap().is_empty());
        assert!(not_found(tx.withdraw_consent(person, case.consent, april(2)).await));
        assert!(not_found(tx.send_escalation(room.staff, id, "x", april(2)).await));
        assert!(not_found(tx.draft_escalation(&case.request(&room), april(2)).await));
        assert!(not_found(tx.give_consent(person, &agreed(&room, case.contact, Topic::Hours)).await));
    }
}

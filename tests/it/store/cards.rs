//! Cards of graduates and companies: written, replaced, read back, asked for on their day; never another office's.

use bansou_core::card::{Agreement, Card, CardOf, HearEvery, WordPair};
use bansou_core::graduate::Support;
use bansou_core::ids::StaffId;
use bansou_core::staff::Role;
use bansou_store::{CardToReview, StoreError, Tx};
use bansou_tests::for_each_database;
use chrono::NaiveDate;

use super::office::{ACTOR, TestOffice, add_graduate, add_office, add_staff};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn card(spoken_to: &str) -> Card {
    Card {
        spoken_to: spoken_to.into(),
        hear_every: Some(HearEvery::Weekly),
        agreements: vec![Agreement { on: day("2026-04-01"), text: "電話は17時から".into() }],
        words: vec![WordPair { ours: "人事".into(), theirs: "採用担当".into() }],
        ..Card::default()
    }
}

async fn staff(tx: &Tx) -> StaffId {
    add_staff(tx, "見本 支援", "shien@mihon.example", Role::Staff).await
}

for_each_database! {
    async fn a_card_comes_back_as_written_and_the_one_before_stays_readable(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let staff = staff(&tx).await;
        let graduate = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        let employer = tx.employer_named(ACTOR, "見本商事").await.unwrap();
        for of in [CardOf::Graduate(graduate), CardOf::Employer(employer)] {
            assert!(tx.card(of).await.unwrap().is_none());
            tx.save_card(staff, of, 0, &card("ゆっくり"), day("2026-10-01")).await.unwrap();
            tx.save_card(staff, of, 1, &card("一つずつ"), day("2026-10-02")).await.unwrap();
            let holds = tx.card(of).await.unwrap().unwrap();
            assert!(holds.card == card("一つずつ"));
            assert_eq!((holds.of, holds.version, holds.review_on, holds.saved_by), (of, 2, day("2026-10-02"), staff));
            let versions = tx.card_versions(of, 9).await.unwrap();
            assert_eq!(versions.iter().map(|card| card.card.spoken_to.as_str()).collect::<Vec<_>>(), ["一つずつ", "ゆっくり"]);
        }
        let rows = tx.audit_of(graduate.0, 9).await.unwrap();
        assert_eq!(rows[0].action, "card.save");
        assert_eq!(rows[0].detail, r#"{"review_on":"2026-10-02","version":2}"#, "nothing of the card stands in the audit list");
    }

    async fn of_two_who_change_a_card_at_once_the_second_is_refused(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let staff = staff(&tx).await;
        let of = CardOf::Graduate(add_graduate(&tx, "見本 花子", "", None).await);
        tx.save_card(staff, of, 0, &card("ゆっくり"), day("2026-10-01")).await.unwrap();
        let late = tx.save_card(staff, of, 0, &card("一つずつ"), day("2026-10-01")).await;
        assert!(matches!(late, Err(StoreError::Refused { .. })), "{late:?}");
        assert!(tx.card(of).await.unwrap().unwrap().card == card("ゆっくり"));
    }

    async fn cards_are_asked_for_on_their_day_and_those_of_people_whose_support_ended_rest(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let staff = staff(&tx).await;
        let early = CardOf::Graduate(add_graduate(&tx, "見本 花子", "", None).await);
        let late = CardOf::Graduate(add_graduate(&tx, "例田 太郎", "", None).await);
        let ended = add_graduate(&tx, "仮名 一郎", "", None).await;
        let employer = CardOf::Employer(tx.employer_named(ACTOR, "見本商事").await.unwrap());
        tx.save_card(staff, early, 0, &card(""), day("2026-04-01")).await.unwrap();
        tx.save_card(staff, early, 1, &card(""), day("2026-10-03")).await.unwrap();
        tx.save_card(staff, late, 0, &card(""), day("2026-10-04")).await.unwrap();
        tx.save_card(staff, CardOf::Graduate(ended), 0, &card(""), day("2026-10-01")).await.unwrap();
        tx.set_support(ACTOR, ended, Support::Ended).await.unwrap();
        tx.save_card(staff, employer, 0, &card(""), day("2026-10-02")).await.unwrap();
        let due = tx.cards_to_review(day("2026-10-03")).await.unwrap();
        let due_on = |of, on| CardToReview { of, review_on: day(on) };
        assert_eq!(due, [due_on(employer, "2026-10-02"), due_on(early, "2026-10-03")]);
    }

    async fn another_offices_cards_are_not_there(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let staff = staff(&tx).await;
        let of = CardOf::Graduate(add_graduate(&tx, "見本 花子", "", None).await);
        tx.save_card(staff, of, 0, &card("ゆっくり"), day("2026-04-01")).await.unwrap();
        tx.save().await.unwrap();
        let other = add_office(&office.store, "別のオフィス").await;
        let theirs = office.store.begin(other).await.unwrap();
        assert!(theirs.card(of).await.unwrap().is_none() && theirs.card_versions(of, 9).await.unwrap().is_empty());
        assert!(theirs.cards_to_review(day("2027-01-01")).await.unwrap().is_empty());
        let written = theirs.save_card(staff, of, 0, &card("x"), day("2026-04-01")).await;
        assert!(matches!(written, Err(StoreError::NotFound { .. })), "{written:?}");
    }
}

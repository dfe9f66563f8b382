//! Stopping all contact with a person, and who may lift that.

use bansou_channels::Address;
use bansou_core::audit::Actor;
use bansou_core::check_in::{CheckInState, CloseReason};
use bansou_core::contact::{ContactKind, Reachability};
use bansou_core::delivery::DeliveryState;
use bansou_core::graduate::{ContactStop, StopAsked};
use bansou_core::ids::{GraduateId, NoteId};
use bansou_core::note::{ContactMode, Lanes};
use bansou_store::{NewNote, StoreError, Tx};
use bansou_tests::ambient::moment;
use bansou_tests::for_each_database;
use bansou_tests::world::{World, line_user};

fn family() -> ContactStop {
    ContactStop { asked: StopAsked::Family, reason: "入院中".into() }
}

/// A note of a call; `said` is what the person said.
async fn note(world: &World, tx: &Tx, graduate: GraduateId, said: &str) -> NoteId {
    let lanes = Lanes { said: said.into(), observed: "電話をした".into(), ..Lanes::default() };
    let new = NewNote { graduate, author: world.staff, mode: ContactMode::Phone, happened_at: world.now(), lanes };
    tx.save_note(&new).await.unwrap()
}

async fn is_stopped(tx: &Tx, id: GraduateId) -> bool {
    tx.graduate(id).await.unwrap().unwrap().contact_stopped_at.is_some()
}

for_each_database! {
    async fn a_stop_by_staff_cancels_what_waits_and_nothing_goes_out_until_it_is_lifted(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T07:00:00+09:00").await;
        let id = world.graduate(1, "2026-03-30".parse().unwrap()).await;
        world.tick().await;
        let staff = Actor::staff(world.staff);
        let tx = world.begin().await;
        assert_eq!(tx.waiting_for(id).await.unwrap(), 1, "this morning's check-in waits");
        tx.stop_contact_for(staff, id, &family()).await.unwrap();
        assert_eq!(tx.waiting_for(id).await.unwrap(), 0);
        assert_eq!(tx.deliveries_of(id, 9).await.unwrap()[0].state, DeliveryState::Cancelled);
        let row = tx.check_ins_of(id, 1).await.unwrap().remove(0);
        assert_eq!((row.state, row.state_reason), (CheckInState::Skipped, Some(CloseReason::Stopped)));
        assert!(matches!(tx.stop_contact_for(staff, id, &family()).await, Err(StoreError::Refused { .. })));
        tx.save().await.unwrap();
        world.run_until(moment("2026-04-09T22:00:00+09:00")).await;
        assert!(world.inbox.messages_to(&Address::new(line_user(1))).is_empty(), "a stopped person gets nothing");

        let tx = world.begin().await;
        let stored = tx.stops_of(id).await.unwrap().remove(0);
        assert!(stored.stop == family() && stored.stopped_by == Some(world.staff) && stored.lifted_at.is_none());
        tx.allow_contact_for(staff, id, None).await.unwrap();
        tx.save().await.unwrap();
        world.run_until(moment("2026-04-17T22:00:00+09:00")).await;
        let sent = world.inbox.messages_to(&Address::new(line_user(1))).len();
        assert!((1..=3).contains(&sent), "what was left out isn't sent afterwards: {sent}");
        let stored = world.begin().await.stops_of(id).await.unwrap().remove(0);
        assert!(stored.stop == family() && stored.lifted_by == Some(world.staff), "the reason is kept");
    }

    async fn a_persons_own_stop_is_lifted_by_staff_only_with_the_persons_words(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T10:00:00+09:00").await;
        let (id, other) = (world.graduate(1, "2026-03-30".parse().unwrap()).await, world.graduate(2, "2026-03-30".parse().unwrap()).await);
        let staff = Actor::staff(world.staff);
        let tx = world.begin().await;
        tx.stop_contact(Actor::graduate(id), id).await.unwrap();
        let (wordless, anothers) = (note(&world, &tx, id, "").await, note(&world, &tx, other, "また連絡して").await);
        for asked in [None, Some(wordless), Some(anothers)] {
            assert!(matches!(tx.allow_contact_for(staff, id, asked).await, Err(StoreError::Refused { .. })));
        }
        assert!(is_stopped(&tx, id).await);
        let asked = note(&world, &tx, id, "また連絡してほしい").await;
        tx.allow_contact_for(staff, id, Some(asked)).await.unwrap();
        assert!(!is_stopped(&tx, id).await && !tx.is_own_stop(id).await.unwrap());
    }

    async fn a_stop_of_the_office_becomes_the_persons_own_when_they_say_stop_too(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T10:00:00+09:00").await;
        let id = world.graduate(1, "2026-03-30".parse().unwrap()).await;
        let staff = Actor::staff(world.staff);
        let tx = world.begin().await;
        tx.stop_contact_for(staff, id, &family()).await.unwrap();
        let since = tx.graduate(id).await.unwrap().unwrap().contact_stopped_at;
        assert!(!tx.is_own_stop(id).await.unwrap());
        tx.save().await.unwrap();
        world.clock.advance(chrono::TimeDelta::hours(1));
        let tx = world.begin().await;
        tx.stop_contact(Actor::graduate(id), id).await.unwrap();
        assert!(tx.is_own_stop(id).await.unwrap());
        assert_eq!(tx.graduate(id).await.unwrap().unwrap().contact_stopped_at, since, "the first moment stays");
        assert!(matches!(tx.allow_contact_for(staff, id, None).await, Err(StoreError::Refused { .. })));
        tx.allow_contact(Actor::graduate(id), id).await.unwrap();
        assert!(tx.stops_of(id).await.unwrap().iter().all(|stop| stop.lifted_at.is_some() && stop.lifted_by.is_none()));
    }

    async fn the_person_lifts_their_own_stop_and_no_other(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T10:00:00+09:00").await;
        let id = world.graduate(1, "2026-03-30".parse().unwrap()).await;
        let (me, staff) = (Actor::graduate(id), Actor::staff(world.staff));
        let tx = world.begin().await;
        tx.stop_contact_for(staff, id, &family()).await.unwrap();
        assert!(!tx.lift_own_stop(me, id).await.unwrap(), "none of the stops is their own");
        tx.stop_contact(me, id).await.unwrap();
        assert!(!tx.lift_own_stop(me, id).await.unwrap());
        assert!(is_stopped(&tx, id).await && !tx.is_own_stop(id).await.unwrap(), "the family's stays");
        tx.allow_contact_for(staff, id, None).await.unwrap();
        tx.stop_contact(me, id).await.unwrap();
        assert!(tx.lift_own_stop(me, id).await.unwrap());
        assert!(!is_stopped(&tx, id).await);
    }

    async fn the_persons_word_also_frees_an_address_at_which_they_had_said_stop(database: &TestDatabase) {
        let world = World::open(database.url(), "2026-04-01T10:00:00+09:00").await;
        let id = world.graduate(1, "2026-03-30".parse().unwrap()).await;
        let tx = world.begin().await;
        let sms = tx.contact_points(id).await.unwrap().into_iter().find(|point| point.kind == ContactKind::Sms).unwrap();
        tx.set_reachability(Actor::graduate(id), sms.id, sms.reach.stopped(world.now())).await.unwrap();
        assert!(tx.is_own_stop(id).await.unwrap());
        let asked = note(&world, &tx, id, "SMSをまた送って").await;
        tx.allow_contact_for(Actor::staff(world.staff), id, Some(asked)).await.unwrap();
        assert_eq!(tx.contact_point(sms.id).await.unwrap().unwrap().reach, Reachability::Reachable);
    }
}

//! Staff accounts, sessions, slow sign-in, links and invitations, forms that act once.

use bansou_core::ids::StaffId;
use bansou_core::preferences::{Preferences, TextSize, Theme};
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::{Attempt, LinkKind, SessionKind, StoreError};
use bansou_tests::for_each_database;
use chrono::TimeDelta;

use super::office::{ACTOR, TestOffice, add_graduate, add_office, add_staff};

/// A sign-in from a browser that nobody knows.
fn from<'a>(account: &'a str, address: &'a str) -> Attempt<'a> {
    Attempt { account, address, device: None }
}

for_each_database! {
    async fn how_somebody_wants_their_pages_is_kept_for_them_alone_and_the_audit_list_does_not_say_it(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let id = add_staff(&tx, "見本 支援", "shien@mihon.example", Role::Staff).await;
        let colleague = add_staff(&tx, "見本 次", "tsugi@mihon.example", Role::Staff).await;
        assert_eq!(tx.staff_member(id).await.unwrap().unwrap().preferences, Preferences::default());
        let chosen = Preferences { theme: Theme::Contrast, text: TextSize::Double, keys: true, ..Preferences::default() };
        tx.set_preferences(ACTOR, id, &chosen).await.unwrap();
        tx.save().await.unwrap();

        let tx = office.begin().await;
        assert_eq!(tx.staff_member(id).await.unwrap().unwrap().preferences, chosen);
        assert_eq!(tx.staff_member(colleague).await.unwrap().unwrap().preferences, Preferences::default());
        let rows = tx.audit_of(id.0, 10).await.unwrap();
        assert_eq!((rows[0].action.as_str(), rows[0].detail.as_str()), ("staff.preferences", "{}"));
        drop(tx);
        let other = add_office(&office.store, "例のオフィス").await;
        let elsewhere = office.store.begin(other).await.unwrap();
        assert!(elsewhere.set_preferences(ACTOR, id, &chosen).await.is_err(), "another office's account");
    }

    async fn an_account_is_found_by_its_address_whatever_the_office_and_the_case(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let other = add_office(&office.store, "例のオフィス").await;
        let tx = office.store.begin(other).await.unwrap();
        let id = add_staff(&tx, "例田 支援", "Shien@rei.example", Role::Staff).await;
        tx.save().await.unwrap();

        let (found_in, member) = office.store.find_staff_by_email(" shien@REI.example ").await.unwrap().unwrap();
        assert_eq!((found_in, member.id, member.role), (other, id, Role::Staff));
        assert_eq!(member.profile.name, "例田 支援");
        assert!(office.store.find_staff_by_email("nobody@rei.example").await.unwrap().is_none());

        let tx = office.begin().await;
        assert!(tx.staff_member(id).await.unwrap().is_none(), "another office's account");
        let profile = StaffProfile { name: "見本".into(), email: "shien@rei.example".into() };
        let twice = tx.add_staff(ACTOR, &profile, Role::Staff, Lang::En).await;
        assert!(matches!(twice, Err(StoreError::Duplicate { .. })), "{twice:?}");
    }

    async fn the_last_admin_can_be_neither_disabled_nor_demoted(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let first = add_staff(&tx, "見本 管理", "kanri@mihon.example", Role::Admin).await;
        let second = add_staff(&tx, "見本 次", "tsugi@mihon.example", Role::Admin).await;
        tx.disable_staff(ACTOR, second).await.unwrap();
        let refused = tx.disable_staff(ACTOR, first).await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })), "{refused:?}");
        let profile = tx.staff_member(first).await.unwrap().unwrap().profile;
        assert!(tx.change_staff(ACTOR, first, &profile, Role::Staff, Lang::Ja).await.is_err());
        tx.enable_staff(ACTOR, second).await.unwrap();
        tx.change_staff(ACTOR, first, &profile, Role::Staff, Lang::En).await.unwrap();
        assert_eq!(tx.staff_member(first).await.unwrap().unwrap().language, Lang::En);
        assert_eq!(tx.staff().await.unwrap().len(), 2);
    }

    async fn a_session_ends_after_half_an_hour_without_use(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let (token, staff) = sign_in(&office).await;
        office.clock.advance(TimeDelta::minutes(29));
        let session = office.store.find_session(&token).await.unwrap().unwrap();
        assert_eq!((session.office, session.kind, session.subject), (office.id, SessionKind::Staff, staff.0));
        office.store.touch_session(&session).await.unwrap();
        office.clock.advance(TimeDelta::minutes(29));
        assert!(office.store.find_session(&token).await.unwrap().is_some(), "it was used");
        office.clock.advance(TimeDelta::minutes(1));
        assert!(office.store.find_session(&token).await.unwrap().is_none());
    }

    async fn a_session_ends_after_twelve_hours_however_much_it_is_used(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let (token, _) = sign_in(&office).await;
        for _ in 0..35 {
            office.clock.advance(TimeDelta::minutes(20));
            let session = office.store.find_session(&token).await.unwrap().unwrap();
            office.store.touch_session(&session).await.unwrap();
        }
        office.clock.advance(TimeDelta::minutes(20));
        assert!(office.store.find_session(&token).await.unwrap().is_none());
        assert_eq!(office.store.prune_short_lived().await.unwrap(), 0, "for a day it says whose form came too late");
        assert!(office.store.find_ended_session(&token).await.unwrap().is_some());
        office.clock.advance(TimeDelta::days(1));
        assert_eq!(office.store.prune_short_lived().await.unwrap(), 1);
        assert!(office.store.find_ended_session(&token).await.unwrap().is_none());
    }

    async fn use_is_written_down_at_most_once_a_minute(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let (token, _) = sign_in(&office).await;
        let begun = office.store.find_session(&token).await.unwrap().unwrap();
        office.clock.advance(TimeDelta::seconds(59));
        office.store.touch_session(&begun).await.unwrap();
        assert_eq!(office.store.find_session(&token).await.unwrap().unwrap().last_seen_at, begun.last_seen_at);
        office.clock.advance(TimeDelta::seconds(1));
        office.store.touch_session(&begun).await.unwrap();
        let seen = office.store.find_session(&token).await.unwrap().unwrap().last_seen_at;
        assert_eq!(seen - begun.last_seen_at, TimeDelta::minutes(1));
    }

    async fn disabling_an_account_ends_its_sessions_and_begins_none(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let (token, staff) = sign_in(&office).await;
        let tx = office.begin().await;
        tx.disable_staff(ACTOR, staff).await.unwrap();
        let refused = tx.create_session(SessionKind::Staff, staff.0).await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })), "{refused:?}");
        tx.save().await.unwrap();
        assert!(office.store.find_session(&token).await.unwrap().is_none());
    }

    async fn a_new_password_and_signing_out_end_sessions(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let (first, staff) = sign_in(&office).await;
        let tx = office.begin().await;
        tx.set_password_hash(ACTOR, staff, "$argon2id$made-up").await.unwrap();
        let second = tx.create_session(SessionKind::Staff, staff.0).await.unwrap();
        tx.save().await.unwrap();
        assert!(office.store.find_session(&first).await.unwrap().is_none());
        let session = office.store.find_session(&second).await.unwrap().unwrap();
        let tx = office.begin().await;
        tx.end_session(&session).await.unwrap();
        tx.save().await.unwrap();
        assert!(office.store.find_session(&second).await.unwrap().is_none());
        office.store.touch_session(&session).await.unwrap();
        assert!(office.store.find_session(&second).await.unwrap().is_none(), "a use that is noted late brings nothing back");
        assert!(office.store.find_session("not a token").await.unwrap().is_none());
    }

    async fn after_five_failures_from_anywhere_an_account_waits_longer_each_time_and_success_forgets(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let (account, store) = ("kanri@mihon.example", &office.store);
        let blocked = async |account, address| store.sign_in_blocked_until(from(account, address)).await.unwrap();
        for n in 0..4 {
            store.sign_in_failed(from(account, &format!("192.0.2.{n}")), None).await.unwrap();
        }
        assert_eq!(blocked(account, "192.0.2.1").await, None);
        store.sign_in_failed(from(account, "192.0.2.4"), None).await.unwrap();
        let start = store.ambient().now();
        let until = |seconds| Some(start + TimeDelta::seconds(seconds));
        assert_eq!(blocked(account, "192.0.2.1").await, until(30));
        assert_eq!(blocked(" Kanri@mihon.example", "192.0.2.9").await, until(30));
        assert_eq!(blocked("other@mihon.example", "192.0.2.4").await, None, "a neighbour isn't held back");
        store.sign_in_failed(from(account, "192.0.2.1"), None).await.unwrap();
        assert_eq!(blocked(account, "192.0.2.1").await, until(60));
        office.clock.advance(TimeDelta::seconds(60));
        assert_eq!(blocked(account, "192.0.2.1").await, None);
        store.sign_in_succeeded(from(account, "192.0.2.1")).await.unwrap();
        store.sign_in_failed(from(account, "192.0.2.1"), None).await.unwrap();
        assert_eq!(blocked(account, "192.0.2.1").await, None);
    }

    async fn guessing_at_many_accounts_from_one_address_is_slowed_but_never_for_long(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let store = &office.store;
        for n in 0..200 {
            store.sign_in_failed(from(&format!("a{n}@mihon.example"), "192.0.2.1"), None).await.unwrap();
            if n == 28 {
                let free = store.sign_in_blocked_until(from("b@mihon.example", "192.0.2.1")).await.unwrap();
                assert_eq!(free, None, "a whole office may mistype behind one line");
            }
        }
        let minute = Some(store.ambient().now() + TimeDelta::minutes(1));
        assert_eq!(store.sign_in_blocked_until(from("b@mihon.example", "192.0.2.1")).await.unwrap(), minute);
        assert_eq!(store.sign_in_blocked_until(from("b@mihon.example", "192.0.2.2")).await.unwrap(), None);
        store.sign_in_succeeded(from("own@mihon.example", "192.0.2.1")).await.unwrap();
        let still = store.sign_in_blocked_until(from("b@mihon.example", "192.0.2.1")).await.unwrap();
        assert_eq!(still, minute, "an account of one's own doesn't wipe the slate");
    }

    async fn a_known_browser_is_not_kept_out_by_anybody_elses_guesses(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let store = &office.store;
        let account = "kanri@mihon.example";
        for _ in 0..100 {
            store.sign_in_failed(from(account, "192.0.2.1"), None).await.unwrap();
        }
        let device = store.known_device("Kanri@mihon.example");
        let known = Attempt { device: Some(&device), ..from(account, "192.0.2.1") };
        assert_eq!(store.sign_in_blocked_until(known).await.unwrap(), None);
        // Made up, cut, or of another account: a stranger like any other.
        let others = store.known_device("other@mihon.example");
        for forged in ["", ".", "AAAA.BBBB", &device[..device.len() - 1], others.as_str()] {
            let attempt = Attempt { device: Some(forged), ..known };
            assert!(store.sign_in_blocked_until(attempt).await.unwrap().is_some(), "{forged}");
        }
        for _ in 0..5 {
            store.sign_in_failed(known, None).await.unwrap();
        }
        assert!(store.sign_in_blocked_until(known).await.unwrap().is_some(), "its own guesses count");
    }

    async fn a_refused_sign_in_leaves_a_row_in_the_accounts_office_without_what_was_typed(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        // Ids grow with time: this one is the later office.
        office.clock.advance(TimeDelta::seconds(1));
        let second = add_office(&office.store, "べつの支援室").await;
        let tx = office.store.begin(second).await.unwrap();
        let staff = add_staff(&tx, "例田 支援", "kanri@mihon.example", Role::Staff).await;
        tx.save().await.unwrap();
        let attempt = from("kanri@mihon.example", "192.0.2.1");
        office.store.sign_in_failed(attempt, Some((second, staff))).await.unwrap();
        office.store.sign_in_failed(from("daremo@mihon.example", "192.0.2.1"), None).await.unwrap();
        let now = office.store.ambient().now();
        let (begins, ends) = (now - TimeDelta::days(1), now + TimeDelta::days(1));
        for (id, object) in [(office.id, None), (second, Some(staff.0))] {
            let rows = office.store.read(id).await.unwrap().audit_rows(begins, ends, 0, 99).await.unwrap();
            let refused: Vec<_> = rows.iter().filter(|row| row.action == "session.refused").collect();
            assert_eq!(refused.iter().map(|row| row.object_id).collect::<Vec<_>>(), [object]);
            assert_eq!(refused[0].detail, r#"{"known_browser":false}"#);
        }
    }

    async fn a_form_acts_once_and_a_rolled_back_one_may_be_sent_again(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        assert!(tx.take_form_key("key").await.unwrap());
        drop(tx);
        let tx = office.begin().await;
        assert!(tx.take_form_key("key").await.unwrap());
        assert!(!tx.take_form_key("key").await.unwrap());
        assert!(tx.take_form_key("other").await.unwrap());
        tx.save().await.unwrap();
        office.clock.advance(TimeDelta::days(2));
        assert_eq!(office.store.prune_short_lived().await.unwrap(), 2);
    }

    async fn a_link_works_for_its_kind_until_it_is_used_revoked_or_expired(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let other = add_office(&office.store, "例のオフィス").await;
        let tx = office.begin().await;
        let graduate = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        let token = tx.create_link(ACTOR, LinkKind::Me, graduate.0, TimeDelta::days(30)).await.unwrap();
        let once = tx.create_link(ACTOR, LinkKind::Password, graduate.0, TimeDelta::hours(1)).await.unwrap();
        tx.save().await.unwrap();

        let link = office.store.find_link(LinkKind::Me, &token).await.unwrap().unwrap();
        assert_eq!((link.office, link.subject), (office.id, graduate.0));
        assert!(office.store.find_link(LinkKind::Employer, &token).await.unwrap().is_none());
        assert!(office.store.find_link(LinkKind::Me, "").await.unwrap().is_none());

        let foreign = office.store.begin(other).await.unwrap();
        assert_eq!(foreign.take_link(LinkKind::Password, &once).await.unwrap(), None);
        drop(foreign);
        let tx = office.begin().await;
        assert_eq!(tx.take_link(LinkKind::Password, &once).await.unwrap(), Some(graduate.0));
        assert_eq!(tx.take_link(LinkKind::Password, &once).await.unwrap(), None);
        tx.save().await.unwrap();
        assert!(office.store.find_link(LinkKind::Password, &once).await.unwrap().is_none());

        office.clock.advance(TimeDelta::days(30));
        assert!(office.store.find_link(LinkKind::Me, &token).await.unwrap().is_none(), "expired");
        let tx = office.begin().await;
        let token = tx.create_link(ACTOR, LinkKind::Me, graduate.0, TimeDelta::days(30)).await.unwrap();
        assert_eq!(tx.revoke_links(ACTOR, LinkKind::Me, graduate.0).await.unwrap(), 1);
        tx.save().await.unwrap();
        assert!(office.store.find_link(LinkKind::Me, &token).await.unwrap().is_none(), "revoked");
    }

    async fn an_invite_code_works_once_for_seven_days_and_a_newer_one_replaces_it(database: &TestDatabase) {
        let office = TestOffice::on(database).await;
        let tx = office.begin().await;
        let graduate = add_graduate(&tx, "見本 花子", "ミホン ハナコ", None).await;
        let older = tx.create_invite(ACTOR, graduate).await.unwrap();
        let code = tx.create_invite(ACTOR, graduate).await.unwrap();
        tx.save().await.unwrap();
        assert_eq!(code.len(), 9, "{code}");
        assert!(office.store.find_invite(&older).await.unwrap().is_none());
        let typed = code.to_lowercase().replace('-', " ");
        assert_eq!(office.store.find_invite(&typed).await.unwrap().unwrap().subject, graduate.0);
        let tx = office.begin().await;
        assert_eq!(tx.take_invite(&typed).await.unwrap(), Some(graduate));
        assert_eq!(tx.take_invite(&code).await.unwrap(), None);
        let late = tx.create_invite(ACTOR, graduate).await.unwrap();
        tx.save().await.unwrap();
        office.clock.advance(TimeDelta::days(7));
        assert!(office.store.find_invite(&late).await.unwrap().is_none());
        assert!(office.store.find_invite("こんにちは").await.unwrap().is_none());
    }
}

async fn sign_in(office: &TestOffice) -> (String, StaffId) {
    let tx = office.begin().await;
    let staff = add_staff(&tx, "見本 支援", "shien@mihon.example", Role::Staff).await;
    let token = tx.create_session(SessionKind::Staff, staff.0).await.unwrap();
    tx.save().await.unwrap();
    (token, staff)
}

//! A fresh office on a fresh database, for store tests.

use std::sync::Arc;

use bansou_core::audit::Actor;
use bansou_core::graduate::{GraduateProfile, Language, Support};
use bansou_core::hours::PersonHours;
use bansou_core::ids::{GraduateId, OfficeId, StaffId};
use bansou_core::office::OfficeSettings;
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::crypto::MasterKey;
use bansou_store::{Durability, GraduateDetails, Store, Tx};
use bansou_tests::ambient::{TestClock, ambient};
use bansou_tests::database::TestDatabase;

/// A Wednesday morning.
pub(crate) const START: &str = "2026-04-01T10:00:00+09:00";
pub(crate) const ACTOR: Actor = Actor::COMMAND;

/// A store with one office, on a clock that stands at [`START`].
pub(crate) struct TestOffice {
    pub(crate) store: Store,
    pub(crate) id: OfficeId,
    pub(crate) clock: Arc<TestClock>,
}

impl TestOffice {
    pub(crate) async fn on(database: &TestDatabase) -> Self {
        let (ambient, clock) = ambient(START);
        let key = MasterKey::new([7; 32]);
        let store = Store::open(database.url(), key, ambient, Durability::Throwaway).await.unwrap();
        store.migrate().await.unwrap();
        let id = add_office(&store, "見本オフィス").await;
        Self { store, id, clock }
    }

    pub(crate) async fn begin(&self) -> Tx {
        self.store.begin(self.id).await.unwrap()
    }

    pub(crate) async fn read(&self) -> Tx {
        self.store.read(self.id).await.unwrap()
    }
}

pub(crate) async fn add_office(store: &Store, name: &str) -> OfficeId {
    store.add_office(name, chrono_tz::Asia::Tokyo, &OfficeSettings::default()).await.unwrap()
}

pub(crate) fn details(name: &str, kana: &str, number: Option<&str>) -> GraduateDetails {
    let profile = GraduateProfile {
        name: name.into(),
        kana: kana.into(),
        external_id: number.map(Into::into),
        ..GraduateProfile::default()
    };
    GraduateDetails { profile, language: Language::Plain, hours: PersonHours::default() }
}

pub(crate) async fn add_graduate(tx: &Tx, name: &str, kana: &str, number: Option<&str>) -> GraduateId {
    tx.add_graduate(ACTOR, &details(name, kana, number), Support::Supported, None).await.unwrap()
}

pub(crate) async fn add_staff(tx: &Tx, name: &str, email: &str, role: Role) -> StaffId {
    let profile = StaffProfile { name: name.into(), email: email.into() };
    tx.add_staff(ACTOR, &profile, role, Lang::Ja).await.unwrap()
}

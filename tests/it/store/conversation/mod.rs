//! What was said and what is done about it: inbound events, threads, notes, signs, tasks, requests to employers, lists.

mod attachments;
mod clock;
mod employers;
mod inbound;
mod lists;
mod secrecy;
mod talk;
mod work;

use std::sync::Arc;

use bansou_core::audit::Actor;
use bansou_core::delivery::ChannelKind;
use bansou_core::employment::{Disclosure, EmployerContactProfile};
use bansou_core::graduate::{GraduateProfile, Language, Support};
use bansou_core::hours::PersonHours;
use bansou_core::ids::{EmployerContactId, EmployerId, GraduateId, OfficeId, StaffId};
use bansou_core::office::OfficeSettings;
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::thread::MessageBody;
use bansou_core::words::Lang;
use bansou_store::crypto::MasterKey;
use bansou_store::{
    Durability, EmploymentDetails, GraduateDetails, InboundMessage, OutboundMessage, Store, StoreError, Tx,
};
use bansou_tests::ambient::{TestClock, ambient, moment};
use bansou_tests::database::TestDatabase;
use chrono::{NaiveDate, TimeDelta};

/// One office with a member of staff and a graduate, on a Wednesday morning.
struct Room {
    store: Store,
    clock: Arc<TestClock>,
    office: OfficeId,
    staff: StaffId,
    graduate: GraduateId,
}

const START: &str = "2026-04-01T10:00:00+09:00";

impl Room {
    async fn open(database: &TestDatabase) -> Self {
        let (ambient, clock) = ambient(START);
        let store = Store::open(database.url(), MasterKey::new([7; 32]), ambient, Durability::Throwaway).await.unwrap();
        store.migrate().await.unwrap();
        let office = add_office(&store, "見本事業所").await;
        let tx = store.begin(office).await.unwrap();
        let staff = add_staff(&tx, "shien@example.test").await;
        let graduate = add_graduate(&tx, "見本 花子", Some(staff)).await;
        tx.save().await.unwrap();
        Self { store, clock, office, staff, graduate }
    }

    async fn begin(&self) -> Tx {
        self.store.begin(self.office).await.unwrap()
    }

    async fn read(&self) -> Tx {
        self.store.read(self.office).await.unwrap()
    }

    /// A second graduate of the same office.
    async fn another(&self, name: &str) -> GraduateId {
        let tx = self.begin().await;
        let graduate = add_graduate(&tx, name, None).await;
        tx.save().await.unwrap();
        graduate
    }

    fn wait(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    fn says(&self, text: &str) -> InboundMessage {
        InboundMessage {
            graduate: self.graduate,
            channel: ChannelKind::Line,
            body: body(text),
            at: self.store.ambient().now(),
            check_in: None,
            provider_ref: None,
            fetch_from: None,
            needs_reply: true,
            crisis: false,
        }
    }

    fn writes(&self, text: &str) -> OutboundMessage {
        let (graduate, channel) = (self.graduate, ChannelKind::Line);
        OutboundMessage { graduate, channel, body: body(text), check_in: None }
    }
}

async fn add_office(store: &Store, name: &str) -> OfficeId {
    store.add_office(name, chrono_tz::Asia::Tokyo, &OfficeSettings::default()).await.unwrap()
}

async fn add_staff(tx: &Tx, email: &str) -> StaffId {
    let profile = StaffProfile { name: "例田 太郎".into(), email: email.into() };
    tx.add_staff(Actor::COMMAND, &profile, Role::Staff, Lang::Ja).await.unwrap()
}

async fn add_graduate(tx: &Tx, name: &str, staff: Option<StaffId>) -> GraduateId {
    let profile = GraduateProfile { name: name.into(), external_id: Some(format!("no-{name}")), ..Default::default() };
    let details = GraduateDetails { profile, language: Language::Plain, hours: PersonHours::default() };
    tx.add_graduate(Actor::COMMAND, &details, Support::Supported, staff).await.unwrap()
}

/// They work there, and the employer knows of the disability.
async fn works_there(tx: &Tx, graduate: GraduateId, employer: EmployerId) {
    // Of two jobs each began on a day of its own.
    let before = tx.employments_of(graduate).await.unwrap().len();
    let hired_on = "2026-01-05".parse::<NaiveDate>().unwrap() + chrono::Days::new(before as u64);
    let job = EmploymentDetails::begun(Some(employer), hired_on);
    let job = EmploymentDetails { disclosure: Disclosure::Open, ..job };
    tx.add_employment(Actor::COMMAND, graduate, &job).await.unwrap();
}

async fn add_contact(tx: &Tx, employer: &str) -> (EmployerId, EmployerContactId) {
    let employer = tx.employer_named(Actor::COMMAND, employer).await.unwrap();
    let profile =
        EmployerContactProfile { name: "例 次郎".into(), part: "人事".into(), email: "jinji@example.test".into() };
    (employer, tx.add_employer_contact(Actor::COMMAND, employer, &profile).await.unwrap())
}

fn body(text: &str) -> MessageBody {
    MessageBody { text: text.into(), choices: Vec::new(), attachment: None }
}

/// A day of April 2026.
fn april(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 4, day).unwrap()
}

/// What a call was refused with; panics when it wasn't.
fn error<T>(result: bansou_store::Result<T>) -> StoreError {
    result.err().expect("it should have been refused")
}

fn refused<T>(result: bansou_store::Result<T>) -> bool {
    matches!(error(result), StoreError::Refused { .. })
}

fn not_found<T>(result: bansou_store::Result<T>) -> bool {
    matches!(error(result), StoreError::NotFound { .. })
}

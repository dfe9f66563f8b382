//! A small made-up office with an engine, driven over virtual time.

use std::sync::Arc;

use bansou_channels::{Channel, ChannelKind, Secret, SimulatorChannel, SimulatorInbox};
use bansou_core::ambient::Ambient;
use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadenceState, embedded_presets};
use bansou_core::calendar::Holidays;
use bansou_core::contact::ContactKind;
use bansou_core::graduate::{GraduateProfile, Language, Support};
use bansou_core::hours::PersonHours;
use bansou_core::ids::{GraduateId, OfficeId, StaffId};
use bansou_core::message::Templates;
use bansou_core::office::OfficeSettings;
use bansou_core::signs::Lexicon;
use bansou_core::staff::{Role, StaffProfile};
use bansou_core::words::Lang;
use bansou_store::crypto::MasterKey;
use bansou_store::{Durability, GraduateDetails, NewInbound, Store, Tx};
use bansou_worker::{Engine, EngineParts, SendTerms};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;
use serde_json::{Value, json};

use crate::ambient::{SeededEntropy, TestClock, moment};

/// An office of made-up people and everything that serves it.
pub struct World {
    /// The database.
    pub store: Store,
    /// The jobs.
    pub engine: Engine,
    /// The time.
    pub clock: Arc<TestClock>,
    /// What the simulators took.
    pub inbox: SimulatorInbox,
    /// The office.
    pub office: OfficeId,
    /// Its one member of staff.
    pub staff: StaffId,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("World")
    }
}

/// A LINE user id made from a number.
pub fn line_user(n: u32) -> String {
    format!("U{n:032x}")
}

/// A mobile number made from a number; 090-0000-xxxx is given to nobody.
pub fn mobile(n: u32) -> String {
    format!("+819012{n:06}")
}

impl World {
    /// An office whose clock stands at `now`, with simulators for LINE, SMS and mail.
    ///
    /// # Panics
    ///
    /// When the database can't be opened.
    pub async fn open(url: &str, now: &str) -> Self {
        let inbox = SimulatorInbox::new();
        let simulator = |id: &str, kind| {
            Channel::Simulator(SimulatorChannel::new(id, kind, inbox.clone(), Secret::new("simulator")))
        };
        let channels = vec![
            simulator("line-main", ChannelKind::Line),
            simulator("sms-main", ChannelKind::Sms),
            simulator("mail", ChannelKind::Mail),
        ];
        Self::with_channels(url, TestClock::new(moment(now)), channels, inbox).await
    }

    /// An office over channels of the test's own.
    ///
    /// # Panics
    ///
    /// When the database can't be opened.
    pub async fn with_channels(
        url: &str,
        clock: Arc<TestClock>,
        channels: Vec<Channel>,
        inbox: SimulatorInbox,
    ) -> Self {
        let ambient = Ambient::new(Arc::clone(&clock) as _, SeededEntropy::new(1));
        let store = Store::open(url, MasterKey::new([7; 32]), ambient, Durability::Throwaway).await.expect("it opens");
        store.migrate().await.expect("it migrates");
        let settings = OfficeSettings { phone: "03-0000-0000".into(), ..OfficeSettings::default() };
        let office = store.add_office("みほん支援室", Tokyo, &settings).await.expect("an office");
        let tx = store.begin(office).await.expect("a unit of work");
        let profile = StaffProfile { name: "例田 太郎".into(), email: "reida@example.jp".into() };
        let staff = tx.add_staff(Actor::COMMAND, &profile, Role::Admin, Lang::Ja).await.expect("staff");
        tx.save().await.expect("saved");
        let engine = Engine::new(EngineParts {
            store: store.clone(),
            channels,
            holidays: Arc::new(Holidays::embedded()),
            templates: Templates::embedded(),
            lexicon: Arc::new(Lexicon::embedded()),
            public_url: "https://bansou.example".into(),
            terms: SendTerms::default(),
        });
        Self { store, engine, clock, inbox, office, staff }
    }

    /// The same office with other terms of sending.
    #[must_use]
    pub fn with_terms(self, terms: SendTerms) -> Self {
        Self { engine: self.engine.with_terms(terms), ..self }
    }

    /// Now, on the virtual clock.
    pub fn now(&self) -> DateTime<Utc> {
        bansou_core::ambient::Clock::now(&*self.clock)
    }

    /// A unit of work of the office.
    ///
    /// # Panics
    ///
    /// When the database is away.
    pub async fn begin(&self) -> Tx {
        self.store.begin(self.office).await.expect("a unit of work")
    }

    /// A graduate hired on a day, reached by LINE and SMS, with the standard cadence.
    ///
    /// # Panics
    ///
    /// When the store refuses.
    pub async fn graduate(&self, n: u32, hired_on: NaiveDate) -> GraduateId {
        self.graduate_with(n, hired_on, &[ContactKind::Line, ContactKind::Sms]).await
    }

    /// A graduate with the addresses of these kinds.
    ///
    /// # Panics
    ///
    /// When the store refuses.
    pub async fn graduate_with(&self, n: u32, hired_on: NaiveDate, kinds: &[ContactKind]) -> GraduateId {
        let tx = self.begin().await;
        let profile = GraduateProfile {
            name: format!("見本{n} 花子"),
            kana: format!("ミホン{n} ハナコ"),
            external_id: Some(format!("G{n:04}")),
            ..GraduateProfile::default()
        };
        let details = GraduateDetails { profile, language: Language::Plain, hours: PersonHours::default() };
        let who = Actor::staff(self.staff);
        let id = tx.add_graduate(who, &details, Support::Supported, Some(self.staff)).await.expect("a graduate");
        for kind in kinds {
            let address = match kind {
                ContactKind::Line => line_user(n),
                ContactKind::Sms | ContactKind::Phone => mobile(n),
                ContactKind::Email => format!("mihon{n}@example.jp"),
            };
            tx.set_address(who, id, *kind, &address).await.expect("an address");
        }
        let standard = embedded_presets().into_iter().find(|preset| preset.key == "standard").expect("standard");
        let state = CadenceState::new(standard.plan, Anchor { kind: AnchorKind::Hired, on: hired_on });
        tx.put_cadence(who, id, &state).await.expect("a cadence");
        tx.save().await.expect("saved");
        id
    }

    /// Stores a LINE event as a webhook would.
    ///
    /// # Panics
    ///
    /// When the store refuses.
    pub async fn line_event(&self, key: &str, user: &str, event: Value) {
        let mut body = event;
        body["source"] = json!({ "type": "user", "userId": user });
        body["webhookEventId"] = json!(key);
        body["timestamp"] = json!(self.now().timestamp_millis());
        body["mode"] = json!("active");
        let kind = format!("line:{}", body["type"].as_str().expect("a type"));
        let event = NewInbound { event_key: key.into(), kind, body, occurred_at: self.now() };
        self.store.store_inbound(self.office, "line-main", &[event]).await.expect("stored");
    }

    /// A text over LINE, stored and processed.
    pub async fn says(&self, key: &str, n: u32, text: &str) {
        let message = json!({ "type": "text", "id": format!("m-{key}"), "text": text });
        let event = json!({ "type": "message", "message": message, "replyToken": format!("r-{key}") });
        self.line_event(key, &line_user(n), event).await;
        self.tick().await;
    }

    /// Runs every job until nothing is left to do at this moment.
    ///
    /// # Panics
    ///
    /// When a job fails.
    pub async fn tick(&self) {
        for _ in 0..20 {
            if self.engine.tick().await.expect("a tick") == 0 {
                return;
            }
        }
    }

    /// Lets virtual time pass: the clock jumps to whatever comes next, at most a quarter of an hour past something stuck.
    ///
    /// # Panics
    ///
    /// When the database is away.
    pub async fn run_until(&self, end: DateTime<Utc>) {
        while self.now() < end {
            self.tick().await;
            let next = self.store.next_moment().await.expect("the next moment");
            let soon = self.now() + TimeDelta::minutes(15);
            let next = next.map_or(end, |next| if next <= self.now() { soon } else { next });
            self.clock.set(next.min(end));
        }
        self.tick().await;
    }
}

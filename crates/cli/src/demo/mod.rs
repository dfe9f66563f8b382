//! `bansou demo`: a made-up office whose history is made by running the real engine over virtual time.
//!
//! The cast (`people`) has habits (`habits`): they answer check-ins, fall silent, worry and recover. Simulated staff
//! (`desk`, `requests`) work through what the program puts before them. What people do on their phones goes through the
//! webhook's own path, signature and all ([`Demo::act`]); what staff do goes through the store as the pages do it.
//! Nothing is written into a table that a user couldn't have brought about, and nothing leaves the machine.

mod away;
mod cards;
pub(crate) mod clock;
mod desk;
pub(crate) mod habits;
mod history;
mod joining;
mod morning;
mod office;
pub(crate) mod pages;
mod people;
mod phone;
pub(crate) mod phrases;
mod picture;
mod requests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use bansou_channels::{Channel, ChannelKind, Secret, SimulatorChannel, SimulatorInbox};
use bansou_core::ambient::{Ambient, Clock as _};
use bansou_core::calendar::Holidays;
use bansou_core::ids::{GraduateId, OfficeId, StaffId};
use bansou_core::message::Templates;
use bansou_core::signs::Lexicon;
use bansou_store::crypto::MasterKey;
use bansou_store::{Durability, Store};
use bansou_worker::{Engine, EngineParts, SendTerms};
use chrono::{DateTime, Utc};

pub use clock::{DemoClock, DemoEntropy};
pub use history::Figures;
pub use morning::morning_of;

/// What kind of demo it will be.
#[derive(Clone)]
pub struct DemoTerms {
    /// The same seed and `ends_at` give the same history.
    pub seed: u64,
    /// How many graduates.
    pub people: usize,
    /// How many days of history.
    pub days: u32,
    /// Where history ends and the demo begins; see [`morning_of`].
    pub ends_at: DateTime<Utc>,
    /// `http://127.0.0.1:PORT`, for links.
    pub public_url: String,
    /// An empty database; its content may be lost by a power cut.
    pub database_url: String,
    /// What the database is sealed with.
    pub key: [u8; 32],
}

/// A made-up office with its history, ready to be served.
pub struct Demo {
    /// The database.
    pub store: Store,
    /// The jobs.
    pub engine: Engine,
    /// Stands at `ends_at` until [`Demo::begin`].
    pub clock: Arc<DemoClock>,
    /// What the simulators took: the phone page and the mailbox page show it.
    pub inbox: SimulatorInbox,
    /// LINE, SMS and mail.
    pub channels: Vec<Channel>,
    /// The office.
    pub office: OfficeId,
    /// Staff, manager, admin.
    pub accounts: Vec<StaffId>,
    /// With whom the phone page begins.
    pub first: Option<GraduateId>,
    /// Where links lead.
    pub public_url: String,
    /// How much there is.
    pub figures: Figures,
    entropy: Arc<DemoEntropy>,
    phones: phone::Phones,
    /// Tokens of graduates' own pages that the phone page shows.
    own_pages: Mutex<HashMap<GraduateId, String>>,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Demo")
    }
}

impl Demo {
    /// Makes the office and its history. Every jump of the clock is told to `progress` as days done.
    pub async fn make(terms: &DemoTerms, progress: impl FnMut(u32)) -> Result<Self> {
        let clock = DemoClock::standing(terms.ends_at);
        let entropy = DemoEntropy::seeded(terms.seed);
        let ambient = Ambient::new(Arc::clone(&clock) as _, Arc::clone(&entropy) as _);
        let master = MasterKey::new(terms.key);
        let store = Store::open(&terms.database_url, master, ambient.clone(), Durability::Throwaway).await?;
        store.migrate().await?;
        let inbox = SimulatorInbox::new();
        let phones = phone::Phones::new(&inbox, &ambient);
        let mail = SimulatorChannel::new("mail", ChannelKind::Mail, inbox.clone(), Secret::new("unused"));
        let channels = vec![
            Channel::Simulator(phones.line.clone()),
            Channel::Simulator(phones.sms.clone()),
            Channel::Simulator(mail),
        ];
        let engine = Engine::new(EngineParts {
            store: store.clone(),
            channels: channels.clone(),
            holidays: Arc::new(Holidays::embedded()),
            templates: Templates::embedded(),
            lexicon: Arc::new(Lexicon::embedded()),
            public_url: terms.public_url.clone(),
            terms: SendTerms::default(),
        });
        let opened = office::open(&store, &clock, terms).await?;
        let mut demo = Self {
            store,
            engine,
            clock,
            inbox,
            channels,
            office: opened.office,
            accounts: opened.staff.to_vec(),
            first: None,
            public_url: terms.public_url.clone(),
            figures: Figures::default(),
            entropy,
            phones,
            own_pages: Mutex::default(),
        };
        let made = history::run(&demo, terms, &opened, progress).await?;
        away::enter(&demo.store, &opened).await?;
        demo.first = made.first;
        demo.figures = made.figures;
        Ok(demo)
    }

    /// From now on time runs, and nobody can foretell what is drawn.
    pub fn begin(&self) {
        self.entropy.make_real();
        self.clock.run();
    }

    /// The demo's present moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

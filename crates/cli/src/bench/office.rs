//! A made-up office of any size, for measuring.

use std::sync::Arc;

use bansou_channels::{Channel, ChannelKind, Secret, SimulatorChannel, SimulatorInbox};
use bansou_core::ambient::Ambient;
use bansou_core::audit::Actor;
use bansou_core::cadence::embedded_presets;
use bansou_core::calendar::Holidays;
use bansou_core::ids::OfficeId;
use bansou_core::message::Templates;
use bansou_core::office::OfficeSettings;
use bansou_core::roster::RosterRow;
use bansou_core::signs::Lexicon;
use bansou_store::crypto::MasterKey;
use bansou_store::{Durability, Store};
use bansou_worker::{Engine, EngineParts, SendTerms};
use chrono_tz::Asia::Tokyo;

use crate::failure::Done;

/// People in one transaction.
const AT_ONCE: usize = 10_000;

/// A made-up office in a database of its own.
pub(crate) struct BenchOffice {
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) office: OfficeId,
    /// Where the `SQLite` file lives until the measuring is over.
    _folder: Option<tempfile::TempDir>,
}

impl BenchOffice {
    /// Sets up an office without people in `database`, or in a temporary `SQLite` file.
    pub(crate) async fn set_up(database: Option<&str>, ambient: Ambient) -> Done<Self> {
        let folder = if database.is_none() { Some(tempfile::TempDir::with_prefix("bansou-bench-")?) } else { None };
        let url = match (&folder, database) {
            (Some(folder), _) => format!("sqlite://{}", folder.path().join("bench.db").display()),
            (None, url) => url.unwrap_or_default().to_owned(),
        };
        let store = Store::open(&url, MasterKey::new(ambient.bytes()), ambient, Durability::Full).await?;
        store.migrate().await?;
        let office = store.add_office("計測室", Tokyo, &OfficeSettings::default()).await?;
        let engine = engine(&store, Self::simulator());
        Ok(Self { store, engine, office, _folder: folder })
    }

    /// Sends over this channel from now on.
    pub(crate) fn send_over(&mut self, line: Channel) {
        self.engine = engine(&self.store, line);
    }

    fn simulator() -> Channel {
        let secret = Secret::new("unused");
        Channel::Simulator(SimulatorChannel::new("line-sim", ChannelKind::Line, SimulatorInbox::new(), secret))
    }

    /// Brings people in, as a roster would.
    pub(crate) async fn import(&self, rows: &[RosterRow]) -> Done {
        self.import_into(self.office, rows).await
    }

    /// The same for another office.
    pub(crate) async fn import_into(&self, office: OfficeId, rows: &[RosterRow]) -> Done {
        for some in rows.chunks(AT_ONCE) {
            let tx = self.store.begin(office).await?;
            let standard = embedded_presets().remove(0);
            let mut import = tx.roster_import(Actor::COMMAND, standard.plan).await?;
            for row in some {
                import.upsert(row).await?;
            }
            import.finish().await?;
            tx.save().await?;
        }
        Ok(())
    }
}

fn engine(store: &Store, line: Channel) -> Engine {
    Engine::new(EngineParts {
        store: store.clone(),
        channels: vec![line],
        holidays: Arc::new(Holidays::embedded()),
        templates: Templates::embedded(),
        lexicon: Arc::new(Lexicon::embedded()),
        public_url: "http://127.0.0.1".into(),
        terms: SendTerms::default(),
    })
}

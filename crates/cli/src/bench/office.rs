//! A made-up office of any size, for measuring.

use std::sync::Arc;

use bansou_core::audit::Actor;
use bansou_core::cadence::embedded_presets;
use bansou_core::calendar::Holidays;
use bansou_core::contact::LineUserId;
use bansou_core::ids::{GraduateId, OfficeId};
use bansou_core::message::Templates;
use bansou_core::office::OfficeSettings;
use bansou_core::roster::RosterRow;
use bansou_core::signs::Lexicon;
use bansou_store::crypto::MasterKey;
use bansou_store::{Durability, Store};
use bansou_worker::{Engine, EngineParts, SendTerms};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Asia::Tokyo;

use crate::ambient;
use crate::failure::Done;

/// Rows in one transaction.
const AT_ONCE: usize = 1_000;

/// A made-up office in a database of its own.
pub(crate) struct BenchOffice {
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) office: OfficeId,
    /// Its graduates.
    pub(crate) graduates: Vec<GraduateId>,
    /// Where the `SQLite` file lives until the measuring is over.
    _folder: Option<tempfile::TempDir>,
}

impl BenchOffice {
    /// Sets up the office in `database`, or in a temporary `SQLite` file. Everybody's next check-in lies in the future.
    pub(crate) async fn set_up(database: Option<&str>, graduates: u32) -> Done<Self> {
        let folder = if database.is_none() { Some(tempfile::TempDir::with_prefix("bansou-bench-")?) } else { None };
        let url = match (&folder, database) {
            (Some(folder), _) => format!("sqlite://{}", folder.path().join("bench.db").display()),
            (None, url) => url.unwrap_or_default().to_owned(),
        };
        let ambient = ambient::of_the_system();
        let store = Store::open(&url, MasterKey::new(ambient.bytes()), ambient, Durability::Full).await?;
        store.migrate().await?;
        let office = store.add_office("計測室", Tokyo, &OfficeSettings::default()).await?;
        let engine = engine(&store);
        let mut bench = Self { store, engine, office, graduates: Vec::new(), _folder: folder };
        bench.people(graduates).await?;
        bench.engine.plan().await.map_err(crate::Failure::failed)?;
        Ok(bench)
    }

    async fn people(&mut self, count: u32) -> Done {
        let hired_on = self.store.ambient().now().with_timezone(&Tokyo).date_naive() + TimeDelta::days(30);
        let numbers: Vec<u32> = (0..count).collect();
        for some in numbers.chunks(AT_ONCE * 10) {
            let tx = self.store.begin(self.office).await?;
            let standard = embedded_presets().remove(0);
            let mut import = tx.roster_import(Actor::COMMAND, standard.plan).await?;
            for n in some {
                import.upsert(&row(*n, hired_on)).await?;
            }
            import.finish().await?;
            tx.save().await?;
        }
        let tx = self.store.read(self.office).await?;
        self.graduates = tx.graduates().await?.into_iter().map(|graduate| graduate.id).collect();
        Ok(())
    }
}

fn engine(store: &Store) -> Engine {
    Engine::new(EngineParts {
        store: store.clone(),
        channels: Vec::new(),
        holidays: Arc::new(Holidays::embedded()),
        templates: Templates::embedded(),
        lexicon: Arc::new(Lexicon::embedded()),
        public_url: "http://127.0.0.1".into(),
        terms: SendTerms::default(),
    })
}

fn row(n: u32, hired_on: NaiveDate) -> RosterRow {
    RosterRow {
        external_id: Some(format!("B{n:07}")),
        name: format!("計測{n} 花子"),
        kana: Some(format!("ケイソク{n} ハナコ")),
        phone: None,
        line_user_id: LineUserId::parse(&format!("U{n:032x}")).ok(),
        email: None,
        disability: None,
        certificate: None,
        employer: Some(format!("計測商事{}", n % 100)),
        hired_on: Some(hired_on),
        left_on: None,
        leaving: None,
        service_started_on: None,
        service_ended_on: None,
        staff_email: None,
        allowed: None,
        language: None,
        warnings: Vec::new(),
    }
}

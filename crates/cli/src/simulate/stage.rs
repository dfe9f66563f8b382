//! Where a history is played: an office of a few people in a database that was set up once and is copied for each history.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bansou_channels::{Channel, ChannelKind, Secret, SimulatedMessage, SimulatorChannel, SimulatorInbox};
use bansou_core::ambient::{Ambient, Clock};
use bansou_core::audit::Actor;
use bansou_core::cadence::{Anchor, AnchorKind, CadencePlan, CadenceState, Every, Phase, embedded_presets};
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
use bansou_store::{Durability, GraduateDetails, ScratchServer, Store, Tx};
use bansou_worker::{Engine, EngineParts, SendTerms};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Tokyo;
use tempfile::TempDir;

use crate::demo::clock::{DemoClock, DemoEntropy};
use crate::failure::{Done, Failure};

pub(super) const LINE: &str = "line-main";
pub(super) const SMS: &str = "sms-main";
/// Where Twilio would post what people write.
pub(super) const SMS_URL: &str = "https://bansou.example/webhooks/twilio/sms-main/inbound";
/// Made-up people's data need no secret key.
const KEY: [u8; 32] = [7; 32];

/// A made-up person as they are set up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Newcomer {
    pub(super) n: u32,
    pub(super) hired_on: NaiveDate,
    pub(super) line: bool,
    pub(super) sms: bool,
    /// A check-in on every working day instead of the standard cadence.
    pub(super) daily: bool,
}

/// An office that has been set up and waits to be copied.
pub(super) struct Template {
    place: Place,
    office: OfficeId,
    people: Vec<(u32, GraduateId)>,
    staff: StaffId,
    start: DateTime<Utc>,
    copies: AtomicU32,
}

enum Place {
    /// A file in a folder of its own, beside its copies.
    Folder(TempDir),
    Server {
        server: ScratchServer,
        prefix: String,
    },
}

/// One copy of the office with everything that serves it.
pub(super) struct Stage {
    pub(super) store: Store,
    pub(super) engine: Engine,
    pub(super) clock: Arc<DemoClock>,
    pub(super) inbox: SimulatorInbox,
    pub(super) channels: [Channel; 2],
    pub(super) office: OfficeId,
    pub(super) people: Vec<(u32, GraduateId)>,
    pub(super) staff: StaffId,
    copy: Copied,
}

enum Copied {
    File(PathBuf),
    Database(ScratchServer, String),
}

pub(super) fn line_user(n: u32) -> String {
    format!("U{n:032x}")
}

/// 090-12xx-xxxx in a block that the tests use, too.
pub(super) fn mobile(n: u32) -> String {
    format!("+819012{n:06}")
}

/// What every check-in to a person begins with: on LINE their name, in an SMS that of their own member of staff.
pub(super) fn begins_with(n: u32, kind: ChannelKind) -> String {
    match kind {
        ChannelKind::Sms => format!("例田{n}です。"),
        ChannelKind::Line | ChannelKind::Mail => format!("見本{n}さん、"),
    }
}

impl Template {
    /// Sets the office up, in `database` (a `PostgreSQL` server) or in a temporary folder.
    pub(super) async fn set_up(database: Option<&str>, start: DateTime<Utc>, people: &[Newcomer]) -> Done<Self> {
        let (place, url) = match database {
            Some(url) if url.starts_with("postgres") => {
                let server = ScratchServer::new(url);
                let prefix = format!("bansou_simulate_{}", std::process::id());
                server.remove(&prefix).await?;
                let url = server.create(&prefix, None).await?;
                (Place::Server { server, prefix }, url)
            }
            Some(_) => {
                let words =
                    "--database: a PostgreSQL server on which databases may be made; without it SQLite files are";
                return Err(Failure::usage(format!("{words} made in a temporary folder")));
            }
            None => {
                let folder = TempDir::with_prefix("bansou-simulate-")?;
                let url = sqlite(&folder.path().join("template.db"));
                (Place::Folder(folder), url)
            }
        };
        let ambient = Ambient::new(DemoClock::standing(start), DemoEntropy::seeded(0));
        let store = Store::open(&url, MasterKey::new(KEY), ambient, Durability::Throwaway).await?;
        store.migrate().await?;
        let settings = OfficeSettings { phone: "03-0000-0000".into(), ..OfficeSettings::default() };
        let office = store.add_office("みほん支援室", Tokyo, &settings).await?;
        let tx = store.begin(office).await?;
        let mut ids = Vec::with_capacity(people.len());
        let mut staff = StaffId(uuid::Uuid::nil());
        for newcomer in people {
            let (id, member) = move_in(&tx, newcomer).await?;
            staff = member;
            ids.push((newcomer.n, id));
        }
        tx.save().await?;
        store.close().await?;
        Ok(Self { place, office, people: ids, staff, start, copies: AtomicU32::new(0) })
    }

    /// A fresh copy; what is random in it repeats with the seed.
    pub(super) async fn stage(&self, seed: u64) -> Done<Stage> {
        let n = self.copies.fetch_add(1, Ordering::Relaxed);
        let (copy, url) = match &self.place {
            Place::Folder(folder) => {
                let path = folder.path().join(format!("{n}.db"));
                std::fs::copy(folder.path().join("template.db"), &path)?;
                let url = sqlite(&path);
                (Copied::File(path), url)
            }
            Place::Server { server, prefix } => {
                let name = format!("{prefix}_{n}");
                let url = server.create(&name, Some(prefix)).await?;
                (Copied::Database(server.clone(), name), url)
            }
        };
        let clock = DemoClock::standing(self.start);
        let ambient = Ambient::new(Arc::clone(&clock) as Arc<dyn Clock>, DemoEntropy::seeded(seed));
        let store = Store::open(&url, MasterKey::new(KEY), ambient, Durability::Throwaway).await?;
        let inbox = SimulatorInbox::new();
        inbox.set_clock(Arc::clone(&clock) as Arc<dyn Clock>);
        let channel =
            |id, kind| Channel::Simulator(SimulatorChannel::new(id, kind, inbox.clone(), Secret::new("simulated")));
        let channels = [channel(LINE, ChannelKind::Line), channel(SMS, ChannelKind::Sms)];
        let engine = Engine::new(EngineParts {
            store: store.clone(),
            channels: channels.to_vec(),
            holidays: Arc::new(Holidays::embedded()),
            templates: Templates::embedded(),
            lexicon: Arc::new(Lexicon::embedded()),
            public_url: "https://bansou.example".into(),
            // One call at a time, so that a seed always comes to the same.
            terms: SendTerms { concurrency: 1, ..SendTerms::default() },
        });
        let (office, people, staff) = (self.office, self.people.clone(), self.staff);
        Ok(Stage { store, engine, clock, inbox, channels, office, people, staff, copy })
    }

    /// Takes the database away, too.
    pub(super) async fn clear(self) -> Done {
        let Place::Server { server, prefix } = &self.place else { return Ok(()) };
        Ok(server.remove(prefix).await?)
    }
}

impl Stage {
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(super) async fn begin(&self) -> Done<Tx> {
        Ok(self.store.begin(self.office).await?)
    }

    /// Everything that can be done now.
    pub(super) async fn tick(&self) -> Done {
        // More rounds than any moment needs; what never ends shows at the end of a history.
        for _ in 0..20 {
            if self.engine.tick().await.map_err(Failure::failed)? == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Time goes on to `end` without faults, from one thing that happens to the next.
    pub(super) async fn run_until(&self, end: DateTime<Utc>) -> Done {
        while self.now() < end {
            self.tick().await?;
            self.clock.set(self.next_moment(end).await?);
        }
        self.tick().await
    }

    /// The next moment at which something is to be done, at most `end`; a quarter of an hour later where something is stuck.
    pub(super) async fn next_moment(&self, end: DateTime<Utc>) -> Done<DateTime<Utc>> {
        let now = self.now();
        let next = self.store.next_moment().await?.unwrap_or(end);
        Ok(if next <= now { now + TimeDelta::minutes(15) } else { next }.min(end))
    }

    /// Takes the copy away.
    pub(super) async fn clear(self) -> Done {
        self.store.close().await?;
        match &self.copy {
            Copied::File(path) => {
                for ending in ["", "-wal", "-shm"] {
                    let mut name = path.clone().into_os_string();
                    name.push(ending);
                    // What isn't there needn't be removed; the folder goes at the end.
                    let _ = std::fs::remove_file(name);
                }
            }
            Copied::Database(server, name) => server.remove(name).await?,
        }
        Ok(())
    }
}

fn sqlite(path: &std::path::Path) -> String {
    format!("sqlite://{}", path.display())
}

async fn move_in(tx: &Tx, newcomer: &Newcomer) -> Done<(GraduateId, StaffId)> {
    let n = newcomer.n;
    let profile = StaffProfile { name: format!("例田{n} 太郎"), email: format!("reida{n}@example.jp") };
    let staff = tx.add_staff(Actor::COMMAND, &profile, Role::Staff, Lang::Ja).await?;
    let profile = GraduateProfile {
        name: format!("見本{n} 花子"),
        kana: format!("ミホン{n} ハナコ"),
        external_id: Some(format!("G{n:04}")),
        ..GraduateProfile::default()
    };
    let details = GraduateDetails { profile, language: Language::Plain, hours: PersonHours::default() };
    let id = tx.add_graduate(Actor::COMMAND, &details, Support::Supported, Some(staff)).await?;
    if newcomer.line {
        tx.set_address(Actor::COMMAND, id, ContactKind::Line, &line_user(n)).await?;
    }
    if newcomer.sms {
        tx.set_address(Actor::COMMAND, id, ContactKind::Sms, &mobile(n)).await?;
    }
    let mut plan = embedded_presets().remove(0).plan;
    if newcomer.daily {
        let every_day = Phase { from_day: 1, to_day: None, every: Every::Days(1) };
        plan = CadencePlan::new(vec![every_day], 0).map_err(Failure::failed)?;
    }
    let state = CadenceState::new(plan, Anchor { kind: AnchorKind::Hired, on: newcomer.hired_on });
    tx.put_cadence(Actor::COMMAND, id, &state).await?;
    Ok((id, staff))
}

/// The way of a message, for summaries.
pub(super) fn channel_word(message: &SimulatedMessage) -> &'static str {
    match (message.kind, message.is_reply) {
        (ChannelKind::Line, true) => "line_reply",
        (ChannelKind::Line, false) => "line",
        (ChannelKind::Sms | ChannelKind::Mail, _) => "sms",
    }
}

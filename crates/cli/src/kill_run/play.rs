//! One run from the empty folder to the verdict.

use std::collections::{HashSet, VecDeque};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bansou_core::ambient::Clock as _;
use bansou_core::delivery::DeliveryState;
use bansou_core::ids::{DeliveryId, GraduateId};
use bansou_store::crash;
use chrono::{DateTime, Days, TimeDelta, Utc};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::Plan;
use super::facts::Facts;
use super::figures::{Figures, Mischief};
use super::flood::{CHANNEL, Flood, SECRET};
use super::hands::Hands;
use super::herd::Herd;
use super::judge::{Violation, judge};
use super::provider::{ACCOUNT, FROM, Provider};
use super::scene::{DAY, HOURS, Poison, Scene, at};
use super::server::Server;
use crate::args::KillDatabase;
use crate::demo::clock::Dice;
use crate::failure::{Done, Failure};

/// From look to look at the processes.
const BEAT: Duration = Duration::from_millis(25);
/// The next morning's time runs so much faster, because little is left to do.
const MORNING_SPEED: u32 = 2;
/// While the database is down, so many webhook calls are tried.
const PROBES: u32 = 12;
/// One in so many processes that are started again has a crash point before it.
const CRASH_POINTS: u32 = 4;
/// So many of a hundred check-ins are planned before the day begins.
const PLANNED_BEFORE: usize = 80;
/// How often the database is asked what is still open.
const ASK: Duration = Duration::from_millis(1_500);

/// Something bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    KillSender,
    KillReceiver,
    Restart,
    Pause,
}

/// Everything that a run is made of.
struct Run<'a> {
    plan: &'a Plan,
    hands: Hands,
    provider: Provider,
    server: Option<Server>,
    scene: Scene,
    herd: Herd,
    flood: Flood,
    dice: Dice,
    mischief: Mischief,
    complaints: Vec<Violation>,
    /// When the database came back the last time.
    database_back: Option<Instant>,
    /// Rows still to be made unreadable.
    to_spoil: HashSet<GraduateId>,
}

/// Plays and judges.
pub(super) async fn play(plan: &Plan, keep: Option<&Path>) -> Done<Figures> {
    let temporary = TempDir::with_prefix("bansou-kill-")?;
    let folder = keep.unwrap_or(temporary.path()).to_owned();
    std::fs::create_dir_all(&folder)?;
    let mut run = Run::set_up(plan, &folder).await?;
    let day = Duration::from_secs(super::DAY.as_secs() / u64::from(plan.speed));
    let may: HashSet<String> =
        run.scene.people.iter().filter(|p| p.office == 0).filter_map(|p| p.line.clone()).collect();
    // The account and so its webhooks belong to the first office.
    run.night().await?;
    let flooding = tokio::spawn(run.flood.clone().run(run.provider.clone(), plan.webhooks, day, plan.seed, may));
    run.day(day).await?;
    run.morning(flooding).await?;
    for complaint in run.herd.end().await? {
        run.complain("ended_badly", complaint);
    }
    run.verdict().await
}

impl<'a> Run<'a> {
    async fn set_up(plan: &'a Plan, folder: &Path) -> Done<Self> {
        // People move in on the day before.
        let hands = Hands::new(at(DAY - Days::new(1), HOURS.0), 1);
        let provider = Provider::start(&hands, plan.seed, plan.faults, &folder.join("ledger.jsonl")).await?;
        let server = match plan.database {
            KillDatabase::Postgres => Some(Server::start(folder)?),
            KillDatabase::Sqlite => None,
        };
        let url = match &server {
            Some(server) => server.url.clone(),
            None => format!("sqlite://{}", folder.join("bansou.db").display()),
        };
        let config = write_config(plan, folder, &url, &provider.url)?;
        let scene = Scene::set_up(plan, &config, &hands).await?;
        for person in scene.people.iter().filter(|person| person.unknown_to_line) {
            provider.forget(person.line.as_deref().unwrap_or_default());
        }
        let mut herd = Herd::new(plan, folder, config, &hands)?;
        herd.poison = poison(&scene)?;
        let flood = Flood::new(herd.webs(), &hands);
        let unreadable = scene.people.iter().filter(|person| person.poison == Some(Poison::Unreadable));
        let to_spoil = unreadable.filter(|_| crash::ARE_HERE).map(|person| person.id).collect();
        Ok(Self {
            plan,
            hands,
            provider,
            server,
            scene,
            herd,
            flood,
            dice: Dice::new(plan.seed),
            mischief: Mischief::default(),
            complaints: Vec::new(),
            database_back: None,
            to_spoil,
        })
    }

    /// Most check-ins are planned before the day begins, as at a real midnight; the others while everything goes wrong.
    async fn night(&mut self) -> Done {
        self.hands.put(at(DAY, HOURS.0) - TimeDelta::hours(4), self.plan.speed);
        self.herd.start_all()?;
        let enough = self.scene.people.len() * PLANNED_BEFORE / 100;
        while self.hands.now() < at(DAY, HOURS.0) - TimeDelta::minutes(5) {
            self.look_after(false)?;
            let facts = Facts::read(&self.scene, &self.provider, self.flood.seen()).await?;
            if facts.check_ins.len() >= enough {
                break;
            }
            sleep(ASK).await;
        }
        self.herd.kill_all()
    }

    /// The day on which everything goes wrong.
    async fn day(&mut self, day: Duration) -> Done {
        self.hands.put(at(DAY, HOURS.0) - TimeDelta::minutes(2), self.plan.speed);
        self.herd.start_all()?;
        let mut deeds = self.deeds(day);
        let (began, mut asked) = (Instant::now(), Instant::now());
        let evening = at(DAY, HOURS.1) + TimeDelta::minutes(2);
        while self.hands.now() < evening || !deeds.is_empty() {
            self.look_after(true)?;
            if !self.to_spoil.is_empty() && asked.elapsed() >= ASK {
                self.spoil().await?;
                asked = Instant::now();
            }
            if let Some((_, deed)) = deeds.pop_front_if(|(when, _)| began.elapsed() >= *when)
                && !self.do_it(deed).await?
            {
                // Nobody to do it to at this moment: a little later.
                deeds.push_front((began.elapsed() + Duration::from_millis(100), deed));
            }
            sleep(BEAT).await;
        }
        Ok(())
    }

    /// What happens when, from the seed.
    fn deeds(&mut self, day: Duration) -> VecDeque<(Duration, Deed)> {
        let plan = self.plan;
        let kinds = [
            (Deed::KillSender, plan.kills),
            (Deed::KillReceiver, plan.web_kills),
            (Deed::Restart, plan.restarts),
            (Deed::Pause, plan.pauses),
        ];
        let mut deeds = Vec::new();
        for (deed, count) in kinds {
            for _ in 0..count {
                let thousandth = self.dice.between(40, 940);
                deeds.push((day * thousandth / 1_000, deed));
            }
        }
        deeds.sort_by_key(|(when, _)| *when);
        deeds.into()
    }

    /// Does it; false where there is nobody to do it to.
    async fn do_it(&mut self, deed: Deed) -> Done<bool> {
        if deed == Deed::Restart {
            self.restart().await?;
            return Ok(true);
        }
        let fits = |at: &usize| {
            let member = &self.herd.members[*at];
            member.is_up() && if deed == Deed::KillReceiver { member.receives() } else { member.sends() }
        };
        let candidates: Vec<usize> = (0..self.herd.members.len()).filter(fits).collect();
        if candidates.is_empty() {
            return Ok(false);
        }
        let at = self.dice.pick(&candidates);
        let again = Duration::from_millis(self.dice.below(800).into());
        let member = &mut self.herd.members[at];
        if deed == Deed::Pause {
            let lease = Duration::from_secs((self.plan.lease / self.plan.speed).into());
            member.stop(Instant::now() + lease + Duration::from_secs(2));
            self.mischief.count("pauses");
            return Ok(true);
        }
        member.kill()?;
        member.born_again = Some(Instant::now() + again);
        self.mischief.count(if deed == Deed::KillReceiver { "web_kills" } else { "kills" });
        Ok(true)
    }

    /// The database goes, in order or by a crash, and comes back.
    async fn restart(&mut self) -> Done {
        let Some(server) = &mut self.server else { return Ok(()) };
        let in_order = self.dice.chance(50);
        server.stop(in_order)?;
        self.mischief.count(if in_order { "restarts" } else { "crashes_of_the_database" });
        let round = u32::try_from(self.mischief.0.values().sum::<u64>()).unwrap_or(0);
        self.flood.probe(round, PROBES).await;
        server.go_on()?;
        self.database_back = Some(Instant::now());
        Ok(())
    }

    /// Starts again whoever is dead, and wakes whoever has stood still for long enough.
    fn look_after(&mut self, may_crash: bool) -> Done {
        let now = Instant::now();
        for at in 0..self.herd.members.len() {
            let member = &mut self.herd.members[at];
            if member.stopped_until.is_some_and(|until| until <= now) {
                member.go_on();
            }
            if let Some(status) = member.ended()? {
                let wanted = member.crash.is_some() || !self.herd.poison.is_empty();
                // Whoever starts or runs while the database is away may give up; the system starts it again.
                let excused =
                    self.server.is_some() && self.database_back.is_some_and(|back| self.herd.members[at].born <= back);
                let aborted = status.code().is_none();
                match (aborted, wanted, excused) {
                    (true, true, _) => self.mischief.count("aborted_at_a_crash_point"),
                    (false, _, true) => self.mischief.count("gave_up_without_database"),
                    _ if self.herd.members[at].crash.is_some() => self.mischief.count("gave_up_at_a_crash_point"),
                    _ => {
                        let words = format!("{} ended by itself with {status}: ", self.herd.name(at));
                        let words = words + &self.herd.last_words(at);
                        self.complain("ended_badly", words);
                    }
                }
                self.herd.members[at].born_again = Some(now + Duration::from_millis(300));
            }
            if self.herd.members[at].born_again.is_some_and(|when| when <= now) {
                let crash = if may_crash { self.crash_point(at) } else { None };
                self.herd.start(at, crash)?;
            }
        }
        Ok(())
    }

    /// For some, a crash point at which their next life ends, fails or stands still.
    fn crash_point(&mut self, at: usize) -> Option<String> {
        if !crash::ARE_HERE || self.dice.below(CRASH_POINTS) > 0 {
            return None;
        }
        let sends = self.herd.members[at].sends();
        // Those of webhooks are all that a process without a worker passes.
        let points: Vec<&str> =
            crash::POINTS.into_iter().filter(|point| sends || point.starts_with("inbound.")).collect();
        let point = self.dice.pick(&points);
        let what = self.dice.pick(&["abort", "error", "sleep"]);
        self.mischief.count("crash_points");
        Some(format!("{point}:{what}:{}", self.dice.between(1, 6)))
    }

    /// Makes some rows unreadable as soon as they are planned and before their time has come.
    async fn spoil(&mut self) -> Done {
        let soon = self.hands.now() + TimeDelta::minutes(3);
        let mut found: Vec<(DeliveryId, GraduateId)> = Vec::new();
        for office in &self.scene.offices {
            // Between two lives of the database nothing can be asked.
            let Ok(rows) = self.scene.store.delivery_trail(*office).await else { return Ok(()) };
            let waits = rows.into_iter().filter(|row| row.state == DeliveryState::Due && row.due_at > soon);
            found.extend(waits.filter_map(|row| Some((row.id, row.graduate?))));
        }
        found.retain(|(_, graduate)| self.to_spoil.contains(graduate));
        #[cfg(any(debug_assertions, feature = "crash-points"))]
        for (id, graduate) in found {
            if self.scene.store.spoil_delivery(id).await.is_ok() {
                self.to_spoil.remove(&graduate);
                self.mischief.count("unreadable_rows");
            }
        }
        if self.hands.now() > at(DAY, HOURS.0 + 40) {
            self.to_spoil.clear();
        }
        Ok(())
    }

    /// The next morning: everybody is there, nothing bad happens to them, and what was left open comes to its end.
    async fn morning(&mut self, flooding: JoinHandle<Done>) -> Done {
        self.herd.kill_all()?;
        let morning = DAY + Days::new(1);
        self.hands.put(at(morning, HOURS.0) - TimeDelta::minutes(1), self.plan.speed * MORNING_SPEED);
        self.herd.start_all()?;
        let last: DateTime<Utc> = at(morning, HOURS.1) + TimeDelta::minutes(45);
        let mut asked = Instant::now();
        loop {
            self.look_after(false)?;
            if asked.elapsed() >= ASK && flooding.is_finished() {
                let open = Facts::read(&self.scene, &self.provider, self.flood.seen()).await?.open();
                if open == 0 || self.hands.now() > last {
                    break;
                }
                asked = Instant::now();
            }
            sleep(BEAT).await;
        }
        flooding.await.map_err(|error| Failure::failed(error.to_string()))?
    }

    async fn verdict(mut self) -> Done<Figures> {
        let facts = Facts::read(&self.scene, &self.provider, self.flood.seen()).await?;
        let mut violations = judge(&facts);
        violations.append(&mut self.complaints);
        let lost = self.scene.store.lost_claims().await?;
        let figures = Figures::new(self.plan, &facts, &self.mischief, &self.provider.counts(), lost, violations);
        self.scene.store.close().await?;
        if let Some(server) = self.server {
            server.end()?;
        }
        Ok(figures)
    }

    fn complain(&mut self, kind: &'static str, words: String) {
        self.complaints.push(Violation { kind, words });
    }
}

/// What all processes read.
fn write_config(plan: &Plan, folder: &Path, database: &str, provider: &str) -> Done<PathBuf> {
    let journal = folder.join("journal");
    std::fs::create_dir_all(&journal)?;
    let (key, journal, lease) = (folder.join("bansou.key"), journal.display(), plan.lease);
    let text = format!(
        "[database]\nurl = '{database}'\nkey_file = '{}'\n\
         [web]\npublic_url = 'http://bansou.example'\n[metrics]\nbind = ''\n[log]\nlevel = 'warn'\n\
         [journal]\npath = '{journal}'\n[worker]\nbatch = 50\nlease_seconds = {lease}\n\
         [[channels]]\nid = '{CHANNEL}'\nkind = 'line'\nbase_url = '{provider}'\nchannel_secret = '{SECRET}'\nchannel_access_token = 'token'\n\
         [[channels]]\nid = 'sms-main'\nkind = 'twilio'\nbase_url = '{provider}'\naccount_sid = '{ACCOUNT}'\nauth_token = 'token'\nfrom = '{FROM}'\n",
        key.display()
    );
    let path = folder.join("bansou.toml");
    std::fs::write(&path, text)?;
    Ok(path)
}

/// `BANSOU_POISON` for whoever sends.
fn poison(scene: &Scene) -> Done<String> {
    let mut text = String::new();
    for person in &scene.people {
        let what = match person.poison {
            Some(Poison::Panics) => "panic",
            Some(Poison::Hangs) => "sleep",
            Some(Poison::Aborts) => "abort",
            Some(Poison::Unreadable) | None => continue,
        };
        write!(text, "{}:{what},", person.id).map_err(Failure::failed)?;
    }
    Ok(text)
}

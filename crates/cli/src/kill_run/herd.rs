//! The processes: started, killed, stopped and started again. Only those that this module has started, each by its own id.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::Plan;
use super::hands::Hands;
use crate::args::KillDatabase;
use crate::failure::Done;

/// After SIGTERM a process has so long (trust.md P12).
const PATIENCE: Duration = Duration::from_secs(30);

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Worker,
    Web(SocketAddr),
    /// Both halves in one process.
    Both(SocketAddr),
}

/// One process, or the place of one that is dead for the moment.
pub(super) struct Member {
    pub(super) role: Role,
    name: String,
    child: Option<Child>,
    /// Since when it lives.
    pub(super) born: Instant,
    /// It stands still (SIGSTOP) until then.
    pub(super) stopped_until: Option<Instant>,
    /// It is started again then.
    pub(super) born_again: Option<Instant>,
    /// What its environment says of crash points.
    pub(super) crash: Option<String>,
}

/// All of them.
pub(super) struct Herd {
    pub(super) members: Vec<Member>,
    config: PathBuf,
    folder: PathBuf,
    program: PathBuf,
    hands: Hands,
    /// `BANSOU_POISON` of whoever sends.
    pub(super) poison: String,
}

impl Member {
    pub(super) fn sends(&self) -> bool {
        !matches!(self.role, Role::Web(_))
    }

    pub(super) fn receives(&self) -> bool {
        !matches!(self.role, Role::Worker)
    }

    /// Whether it runs and doesn't stand still.
    pub(super) fn is_up(&self) -> bool {
        self.child.is_some() && self.stopped_until.is_none()
    }

    /// How it has ended by itself, if it has.
    pub(super) fn ended(&mut self) -> Done<Option<ExitStatus>> {
        let Some(child) = &mut self.child else { return Ok(None) };
        let ended = child.try_wait()?;
        if ended.is_some() {
            self.child = None;
        }
        Ok(ended)
    }

    /// SIGKILL, and waits until it is gone, which takes no time.
    pub(super) fn kill(&mut self) -> Done {
        self.stopped_until = None;
        let Some(mut child) = self.child.take() else { return Ok(()) };
        child.kill()?;
        child.wait()?;
        Ok(())
    }

    /// SIGSTOP.
    pub(super) fn stop(&mut self, until: Instant) {
        self.signal(Signal::Stop);
        self.stopped_until = Some(until);
    }

    /// SIGCONT.
    pub(super) fn go_on(&mut self) {
        self.signal(Signal::Continue);
        self.stopped_until = None;
    }

    fn signal(&self, signal: Signal) {
        if let Some(child) = &self.child {
            send(child.id(), signal);
        }
    }
}

impl Drop for Member {
    /// Nobody is left behind, however the run ends.
    fn drop(&mut self) {
        // Who can't be killed has gone already.
        let _ = self.kill();
    }
}

impl Herd {
    pub(super) fn new(plan: &Plan, folder: &Path, config: PathBuf, hands: &Hands) -> Done<Self> {
        let mut roles = Vec::new();
        for _ in 0..plan.webs {
            // The port is free again at once, and stays this process's own through all its lives.
            let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
            let both = plan.database == KillDatabase::Sqlite;
            roles.push(if both { Role::Both(address) } else { Role::Web(address) });
        }
        roles.extend(std::iter::repeat_n(Role::Worker, plan.workers));
        let members = roles.into_iter().enumerate().map(|(n, role)| Member {
            role,
            name: match role {
                Role::Worker => format!("worker-{n}"),
                Role::Web(_) => format!("web-{n}"),
                Role::Both(_) => format!("both-{n}"),
            },
            child: None,
            born: Instant::now(),
            stopped_until: None,
            born_again: None,
            crash: None,
        });
        let program = std::env::current_exe()?;
        let (members, folder) = (members.collect(), folder.to_owned());
        Ok(Self { members, config, folder, program, hands: hands.clone(), poison: String::new() })
    }

    /// Where webhooks are taken.
    pub(super) fn webs(&self) -> Vec<SocketAddr> {
        let of = |member: &Member| match member.role {
            Role::Web(address) | Role::Both(address) => Some(address),
            Role::Worker => None,
        };
        self.members.iter().filter_map(of).collect()
    }

    /// Starts a dead one again.
    pub(super) fn start(&mut self, at: usize, crash: Option<String>) -> Done {
        let member = &mut self.members[at];
        let log = File::options().create(true).append(true).open(self.folder.join(format!("{}.log", member.name)))?;
        let mut command = Command::new(&self.program);
        command.arg("--config").arg(&self.config).args(["serve", "--ends-with-input"]).args(self.hands.arguments());
        match member.role {
            Role::Worker => command.args(["--only", "worker"]),
            Role::Web(_) => command.args(["--only", "web"]),
            Role::Both(_) => &mut command,
        };
        if let Role::Web(address) | Role::Both(address) = member.role {
            command.env("BANSOU__WEB__BIND", address.to_string());
        }
        command.env_remove("BANSOU_CRASH").env_remove("BANSOU_POISON");
        if let Some(crash) = &crash {
            command.env("BANSOU_CRASH", crash);
        }
        if member.sends() && !self.poison.is_empty() {
            command.env("BANSOU_POISON", &self.poison);
        }
        command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
        member.child = Some(command.spawn()?);
        member.born = Instant::now();
        member.born_again = None;
        member.stopped_until = None;
        member.crash = crash;
        Ok(())
    }

    /// Starts whoever is dead, without anything bad in mind.
    pub(super) fn start_all(&mut self) -> Done {
        for at in 0..self.members.len() {
            if self.members[at].child.is_none() {
                self.start(at, None)?;
            }
        }
        Ok(())
    }

    pub(super) fn kill_all(&mut self) -> Done {
        for member in &mut self.members {
            member.kill()?;
            member.born_again = None;
        }
        Ok(())
    }

    /// SIGTERM to all; says what is to be said of each that didn't end in order.
    pub(super) async fn end(&mut self) -> Done<Vec<String>> {
        let mut complaints = Vec::new();
        for member in &self.members {
            member.signal(Signal::Terminate);
        }
        let asked = Instant::now();
        for member in &mut self.members {
            let lives = member.child.is_some();
            let mut ended = member.ended()?;
            while lives && ended.is_none() && asked.elapsed() < PATIENCE {
                sleep(Duration::from_millis(20)).await;
                ended = member.ended()?;
            }
            let name = &member.name;
            match ended {
                Some(status) if !status.success() => {
                    complaints.push(format!("{name} was asked to end, and ended with {status}"));
                }
                None if lives => complaints.push(format!("{name} was asked to end, and didn't within 30 s")),
                _ => {}
            }
            member.kill()?;
        }
        Ok(complaints)
    }

    /// The last lines of a process's log.
    pub(super) fn last_words(&self, at: usize) -> String {
        let path = self.folder.join(format!("{}.log", self.members[at].name));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let last: Vec<&str> = text.lines().rev().take(3).collect();
        last.into_iter().rev().collect::<Vec<_>>().join(" / ")
    }

    pub(super) fn name(&self, at: usize) -> &str {
        &self.members[at].name
    }
}

#[derive(Clone, Copy)]
enum Signal {
    Stop,
    Continue,
    Terminate,
}

#[cfg(unix)]
fn send(id: u32, signal: Signal) {
    use rustix::process::{Pid, Signal as Posix, kill_process};
    let signal = match signal {
        Signal::Stop => Posix::STOP,
        Signal::Continue => Posix::CONT,
        Signal::Terminate => Posix::TERM,
    };
    if let Some(id) = i32::try_from(id).ok().and_then(Pid::from_raw) {
        // Somebody who has just died needs no signal.
        let _ = kill_process(id, signal);
    }
}

#[cfg(not(unix))]
fn send(_: u32, _: Signal) {}

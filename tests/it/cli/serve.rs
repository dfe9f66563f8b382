//! The served program over real sockets: health, hosts, limits, figures, and how it stops.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bansou_tests::for_each_database;
use pretty_assertions::assert_eq;

use super::run::{Ran, User};

/// A user whose program serves in a thread.
struct Served {
    user: Arc<User>,
    running: JoinHandle<Ran>,
    web: Option<SocketAddr>,
    metrics: SocketAddr,
}

impl Served {
    fn start(user: User, arguments: &'static [&'static str]) -> Self {
        let mut user = user;
        user.set("BANSOU__WEB__BIND", "127.0.0.1:0");
        user.set("BANSOU__METRICS__BIND", "127.0.0.1:0");
        user.set("BANSOU__WEB__PUBLIC_URL", "http://bansou.example");
        let user = Arc::new(user);
        let served = Arc::clone(&user);
        let running = thread::spawn(move || served.run(arguments));
        let said = loop {
            let said = user.said();
            if said.contains("database ") {
                break said;
            }
            assert!(!running.is_finished(), "{:?}", running.join());
            thread::sleep(Duration::from_millis(20));
        };
        let address = |before: &str| {
            let rest = said.split_once(before)?.1;
            rest.split(['/', ',', '\n']).next()?.parse().ok()
        };
        let (web, metrics) = (address("listens on http://"), address("metrics      http://").unwrap());
        Self { user, running, web, metrics }
    }

    fn web(&self) -> SocketAddr {
        self.web.unwrap()
    }

    fn stop(self) -> Ran {
        self.user.stop.cancel();
        self.running.join().unwrap()
    }
}

/// Sends bytes and reads all that comes back until the other side closes.
fn talk(address: SocketAddr, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(address: SocketAddr, path: &str, host: &str) -> String {
    talk(address, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap_or_default().parse().unwrap_or(0)
}

fn wait_for_ready(address: SocketAddr) {
    for _ in 0..3_000 {
        if status(&get(address, "/readyz", "bansou.example")) == 200 {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    panic!("never ready");
}

for_each_database! {
    async fn it_becomes_ready_tells_figures_and_stops_when_it_is_told(database: &TestDatabase) {
        let user = User::on(database);
        let ran = tokio::task::block_in_place(|| {
            let served = Served::start(user, &["serve"]);
            assert_eq!(status(&get(served.web(), "/livez", "bansou.example")), 200);
            wait_for_ready(served.web());
            assert_eq!(status(&get(served.metrics, "/readyz", "anything")), 200);
            let figures = get(served.metrics, "/metrics", "anything");
            assert!(figures.contains("bansou_inbound_events_total{channel=\"line-sim\"}"), "{figures}");
            assert!(figures.contains("bansou_alarm_runs{alarm=\"dispatch\"}"), "{figures}");
            served.stop().good()
        });
        for said in ["simulated LINE, because no channel is configured", "accounts     none yet", "Bansou has stopped."] {
            assert!(ran.text().contains(said), "{said}\n{}", ran.text());
        }
    }
}

#[test]
fn only_its_own_hosts_are_answered() {
    let served = Served::start(User::new(), &["serve"]);
    let web = served.web();
    assert_ne!(status(&get(web, "/nowhere", "bansou.example")), 421);
    assert_ne!(status(&get(web, "/nowhere", &web.to_string())), 421);
    assert_eq!(status(&get(web, "/nowhere", "rebind.example")), 421);
    assert_eq!(status(&talk(web, "GET /nowhere HTTP/1.1\r\nConnection: close\r\n\r\n")), 400);
    let two = "GET /nowhere HTTP/1.1\r\nHost: bansou.example\r\nHost: bansou.example\r\nConnection: close\r\n\r\n";
    assert_eq!(status(&talk(web, two)), 400);
    served.stop().good();
}

#[test]
fn half_a_request_does_not_stay_for_ever() {
    let served = Served::start(User::new(), &["serve"]);
    // Returns only when the server closes; without its limit the test's own time runs out.
    let answer = talk(served.web(), "GET /livez HTTP/1.1\r\nHost: bansou.exa");
    assert!(answer.is_empty() || status(&answer) == 408, "{answer}");
    served.stop().good();
}

#[test]
fn a_second_process_on_one_sqlite_file_is_refused() {
    let user = User::new();
    let second = user.another();
    let served = Served::start(user, &["serve"]);
    let ran = second.run(&["serve"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("several processes need PostgreSQL"), "{}", ran.err);
    served.stop().good();
}

#[test]
fn a_worker_alone_has_no_pages_but_tells_its_health() {
    let served = Served::start(User::new(), &["serve", "--only", "worker"]);
    assert!(served.web.is_none());
    wait_for_ready(served.metrics);
    assert!(served.stop().good().text().contains("pages        not in this process"));
}

#[test]
fn virtual_time_is_told() {
    let arguments = &["serve", "--virtual-start", "2026-04-01T09:00:00+09:00", "--speed", "600"];
    let served = Served::start(User::new(), arguments);
    wait_for_ready(served.web());
    assert!(served.stop().good().text().contains("virtual, from 2026-04-01 00:00:00 UTC, 600 times"));
}

#[test]
fn an_address_in_use_names_the_field() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut user = User::new();
    user.set("BANSOU__WEB__BIND", &taken.local_addr().unwrap().to_string());
    let ran = user.run(&["serve"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("web.bind"), "{}", ran.err);
}

//! The rooms and arrows of DESIGN.md §2, read from `cargo metadata`.

use std::collections::{BTreeSet, HashMap, VecDeque};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Node, Package, PackageId};

use super::tree;

/// One line of the table in DESIGN.md §2.
struct Room {
    package: &'static str,
    /// Our own crates that this one may name.
    may_use: &'static [&'static str],
    /// Why it may use no other room.
    because: &'static str,
    /// Outside crates it must not name, each group with its reason.
    never: &'static [Never],
}

/// Outside crates and the reason why a room stays free of them. A name ending in `*` stands for a family.
struct Never {
    crates: &'static [&'static str],
    because: &'static str,
}

const DATABASE: &[&str] = &["sea-orm*", "sea-query*", "sqlx*", "libsqlite3-sys", "rusqlite"];
const WEB_SERVER: &[&str] = &["axum*", "hyper*", "tower*", "tera", "rust-embed"];
const WEB_PAGES: &[&str] = &["axum*", "hyper*", "tower*", "rust-embed"];
const CALLS_OUT: &[&str] = &["reqwest", "lettre", "ureq"];
const JOBS: &[&str] = &["apalis*"];

const ROOMS: &[Room] = &[
    Room {
        package: "bansou-core",
        may_use: &[],
        because: "core is the domain alone: everybody uses it, so it uses nobody",
        never: &[
            Never {
                crates: &["tokio*", "futures*", "async-*"],
                because: "core has no async: it is computed, not awaited",
            },
            Never { crates: DATABASE, because: "core knows no SQL: only store does" },
            Never { crates: WEB_SERVER, because: "core knows no pages: only web and worker render" },
            Never { crates: CALLS_OUT, because: "core does no I/O: only channels calls out" },
            Never { crates: JOBS, because: "core knows no job runner: only worker does" },
            Never { crates: &["getrandom", "rand", "rand_*"], because: "randomness is an argument in core" },
        ],
    },
    Room {
        package: "bansou-migrations",
        may_use: &[],
        because: "a migration is a fact of the past and must not change when today's code does",
        never: &[
            Never { crates: WEB_SERVER, because: "migrations only change tables" },
            Never { crates: CALLS_OUT, because: "migrations only change tables" },
            Never { crates: JOBS, because: "apalis brings its own migrations" },
        ],
    },
    Room {
        package: "bansou-store",
        may_use: &["bansou-core", "bansou-migrations"],
        because: "store keeps what others decide: it neither sends, nor schedules, nor shows",
        never: &[
            Never { crates: WEB_SERVER, because: "store knows no HTTP" },
            Never { crates: CALLS_OUT, because: "nothing may be called while a transaction is open" },
            Never { crates: JOBS, because: "the ledger lives in our own tables; apalis is only the alarm clock" },
        ],
    },
    Room {
        package: "bansou-channels",
        may_use: &["bansou-core"],
        because: "a channel turns a request into an answer; what it means is recorded by its caller",
        never: &[
            Never { crates: DATABASE, because: "channels has no database" },
            Never { crates: WEB_SERVER, because: "webhooks are received by web; channels only checks and reads them" },
            Never { crates: JOBS, because: "retries are decided by the send path, not by a channel" },
        ],
    },
    Room {
        package: "bansou-worker",
        may_use: &["bansou-core", "bansou-store", "bansou-channels"],
        because: "worker runs without anybody looking: it must start without the pages",
        never: &[
            Never { crates: WEB_PAGES, because: "worker serves nothing over HTTP" },
            Never { crates: CALLS_OUT, because: "only channels calls out, so that faults are told apart in one place" },
            Never { crates: &["sea-orm*", "sea-query*"], because: "only store knows the tables" },
        ],
    },
    Room {
        package: "bansou-web",
        may_use: &["bansou-core", "bansou-store"],
        because: "web never sends: it writes the row, and worker sends it",
        never: &[
            Never { crates: JOBS, because: "web sees no queue: the outbound row is the queue" },
            Never { crates: CALLS_OUT, because: "web never calls out: a page must not wait for a provider" },
            Never { crates: DATABASE, because: "only store knows SQL, so that no finder forgets its office" },
        ],
    },
    Room {
        package: "bansou",
        may_use: &[
            "bansou-core",
            "bansou-store",
            "bansou-channels",
            "bansou-worker",
            "bansou-web",
            "bansou-migrations",
        ],
        because: "cli wires the rooms together",
        never: &[Never { crates: &["sea-orm*", "sea-query*"], because: "only store knows the tables" }],
    },
    Room {
        package: "bansou-tests",
        may_use: &[
            "bansou",
            "bansou-core",
            "bansou-store",
            "bansou-channels",
            "bansou-worker",
            "bansou-web",
            "bansou-migrations",
        ],
        because: "the tests may look into every room",
        never: &[],
    },
];

#[test]
fn every_room_uses_only_the_rooms_that_the_design_allows() {
    let metadata = metadata();
    let ours: Vec<&str> = metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        let Some(room) = room_of(package) else {
            wrong.push(format!("{} is a room that DESIGN.md §2 and tests/it/tidy/arrows.rs don't know", package.name));
            continue;
        };
        let used = package.dependencies.iter().filter(|used| ours.contains(&used.name.as_str()));
        for used in used.filter(|used| !room.may_use.contains(&used.name.as_str())) {
            wrong.push(format!("{} → {}: {}", package.name, used.name, room.because));
        }
    }
    assert!(wrong.is_empty(), "wrong arrows between rooms (DESIGN.md §2):\n  {}\n", wrong.join("\n  "));
}

#[test]
fn every_room_stays_free_of_the_crates_that_the_design_forbids_it() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        let Some(room) = room_of(package) else { continue };
        for used in &package.dependencies {
            if let Some(because) = room.refuses(&used.name) {
                wrong.push(format!("{} → {}: {because}", package.name, used.name));
            }
        }
    }
    assert!(wrong.is_empty(), "forbidden crates (DESIGN.md §2):\n  {}\n", wrong.join("\n  "));
}

#[test]
fn core_reaches_no_forbidden_crate_through_another_one_either() {
    let metadata = metadata();
    let core = metadata.workspace_packages().into_iter().find(|package| package.name.as_str() == "bansou-core");
    let core = core.expect("the workspace has a core");
    let room = room_of(core).expect("core is in the table");
    // Randomness is left to the direct check: features are unified over the workspace, so that a crate of another
    // room can switch it on in one that core uses as well.
    let wrong: Vec<String> = ways_from(&metadata, &core.id)
        .into_iter()
        .filter(|way| !way.last().is_some_and(|name| name == "getrandom" || name.starts_with("rand")))
        .filter_map(|way| room.refuses(way.last()?).map(|because| format!("{}: {because}", way.join(" → "))))
        .collect();
    assert!(wrong.is_empty(), "core reaches (DESIGN.md §2):\n  {}\n", wrong.join("\n  "));
}

#[test]
fn the_table_of_arrows_has_no_circle_and_names_only_rooms() {
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    for room in ROOMS {
        for used in room.may_use {
            let known = settled.contains(used);
            assert!(known, "{} may use {used}, which is unknown or comes later in the table", room.package);
        }
        settled.insert(room.package);
    }
}

#[test]
fn a_family_of_crates_is_recognised_by_its_beginning() {
    let web = ROOMS.iter().find(|room| room.package == "bansou-web").expect("web is in the table");
    assert!(web.refuses("apalis").is_some());
    assert!(web.refuses("apalis-sqlite").is_some());
    assert!(web.refuses("axum").is_none());
}

impl Room {
    /// Why this crate is forbidden here, if it is.
    fn refuses(&self, name: &str) -> Option<&'static str> {
        let covers = |pattern: &str| match pattern.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == pattern,
        };
        let never = self.never.iter().find(|never| never.crates.iter().any(|pattern| covers(pattern)))?;
        Some(never.because)
    }
}

/// The workspace as built for the platform that offices and CI run.
pub(super) fn metadata() -> Metadata {
    let options = ["--locked", "--filter-platform", "x86_64-unknown-linux-gnu"].map(str::to_owned);
    let manifest = tree::root().join("Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).other_options(options).exec().unwrap()
}

fn room_of(package: &Package) -> Option<&'static Room> {
    ROOMS.iter().find(|room| room.package == package.name.as_str())
}

/// The shortest way from one package to every other that is built into it, as names, without development dependencies.
fn ways_from(metadata: &Metadata, start: &PackageId) -> Vec<Vec<String>> {
    let resolve = metadata.resolve.as_ref().expect("metadata was read with its dependencies");
    let nodes: HashMap<&PackageId, &Node> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let names: HashMap<&PackageId, &str> = metadata.packages.iter().map(|p| (&p.id, p.name.as_str())).collect();
    let mut seen = BTreeSet::from([start]);
    let mut waiting = VecDeque::from([(start, vec![names[start].to_owned()])]);
    let mut ways = Vec::new();
    while let Some((id, way)) = waiting.pop_front() {
        let built_in = nodes[id].deps.iter().filter(|used| {
            used.dep_kinds.iter().any(|kind| matches!(kind.kind, DependencyKind::Normal | DependencyKind::Build))
        });
        for used in built_in {
            if seen.insert(&used.pkg) {
                let mut longer = way.clone();
                longer.push(names[&used.pkg].to_owned());
                ways.push(longer.clone());
                waiting.push_back((&used.pkg, longer));
            }
        }
    }
    ways
}

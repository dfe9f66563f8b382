//! A fresh, empty database for one test, of either kind.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, query_scalar, raw_sql};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::postgres;

/// One test's own database. It is gone when this is dropped, so keep it until the test's end.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    keep: Keep,
}

#[derive(Debug)]
enum Keep {
    Folder { _folder: TempDir },
    Postgres { name: String },
}

impl TestDatabase {
    /// An SQLite file in a folder of its own. The file is made by whoever opens it first.
    ///
    /// # Panics
    ///
    /// When no temporary folder can be made.
    pub fn sqlite() -> Self {
        let folder = TempDir::with_prefix("bansou-sqlite-").expect("a temporary folder can be made");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("bansou.db").display());
        Self { url, keep: Keep::Folder { _folder: folder } }
    }

    /// An empty PostgreSQL database on the server that all tests of this process share, or `None` where PostgreSQL was
    /// left out on purpose (`BANSOU_TEST_POSTGRES=skip`).
    ///
    /// # Panics
    ///
    /// When PostgreSQL isn't installed or doesn't start: a test that didn't run must not look like one that passed.
    pub async fn postgres() -> Option<Self> {
        let admin = postgres::server()?;
        let name = fresh_name();
        run(admin, &format!("CREATE DATABASE {name}")).await;
        Some(Self { url: postgres::with_database(admin, &name), keep: Keep::Postgres { name } })
    }

    /// Where it is, as `[database] url` of the configuration takes it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.keep, Keep::Postgres { .. })
    }
}

impl TestDatabase {
    /// Waits until somebody waits for a lock that another unit of work holds. On SQLite whoever writes waits in the store before they have
    /// read anything: there is nothing to see, and nothing to be read too early.
    ///
    /// # Panics
    ///
    /// When nobody has come to wait within ten seconds.
    pub async fn somebody_waits(&self) {
        if !self.is_postgres() {
            return;
        }
        let mut connection = PgConnection::connect(&self.url).await.expect("the test server takes connections");
        let waits = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event_type = 'Lock')";
        let looked = async {
            while !query_scalar::<_, bool>(waits).fetch_one(&mut connection).await.expect("the test server tells") {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), looked).await.expect("somebody waits for the lock");
    }
}

/// A database of each kind, named, for tests that compare them.
pub async fn test_databases() -> Vec<(&'static str, TestDatabase)> {
    let mut all = vec![("sqlite", TestDatabase::sqlite())];
    all.extend(TestDatabase::postgres().await.map(|database| ("postgres", database)));
    all
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Keep::Postgres { name } = &self.keep else { return };
        let Some(admin) = postgres::server() else { return };
        let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // A thread of its own, because a test may be dropped inside a runtime that can't wait any more.
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime can be built").block_on(run(admin, &drop));
        });
        // A database left behind ends with its server; a second panic while unwinding would hide the first.
        let _ = dropped.join();
    }
}

/// Databases of several processes can share one server, so the process's number is part of the name.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("bansou_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn run(admin: &str, sql: &str) {
    let mut connection = PgConnection::connect(admin).await.expect("the test server takes connections");
    raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("the test server obeys");
    let _ = connection.close().await;
}

/// Runs each test body once per kind of database, as two tests named `<name>::sqlite` and `<name>::postgres`.
///
/// ```ignore
/// for_each_database! {
///     async fn a_row_planned_twice_is_one_row(database: &TestDatabase) {
///         let store = Store::open(database.url()).await.unwrap();
///         assert!(store.is_empty().await);
///     }
/// }
/// ```
///
/// The database is dropped when the body ends. With `BANSOU_TEST_POSTGRES=skip` the PostgreSQL half says so and returns.
#[macro_export]
macro_rules! for_each_database {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident: &TestDatabase) $body:block)+) => {$(
        $(#[$meta])*
        async fn $name($database: &$crate::database::TestDatabase) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = $crate::database::TestDatabase::sqlite();
                super::$name(&database).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(database) = $crate::database::TestDatabase::postgres().await {
                    super::$name(&database).await;
                }
            }
        }
    )+};
}

//! Copies of a whole database: taking one while others work on it, and making room for one that is brought back.

use std::path::Path;

use sea_orm::{ConnectionTrait, FromQueryResult};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::connect::Store;
use crate::error::{Result, StoreError};
use crate::sql::statement;

/// What a brought-back database's tables said of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaAge {
    /// This program's.
    Same,
    /// An older one's; `bansou migrate` knows the way.
    Older,
    /// A newer one's: this program doesn't know what its rows mean.
    Newer,
}

/// A `PostgreSQL` database into which a backup is brought back.
#[derive(Debug)]
pub struct Room(PgConnection);

impl Store {
    /// Writes a whole and consistent copy of an `SQLite` database to a file that isn't there yet, also while others write.
    pub async fn copy_sqlite(&self, to: &Path) -> Result<()> {
        let to = to.to_str().ok_or_else(|| StoreError::NotReady("the copy's path isn't UTF-8".into()))?;
        self.db().execute_raw(statement(self.db(), "VACUUM INTO $1", [to.into()])).await?;
        Ok(())
    }

    /// Reads every page and index of an `SQLite` file, and looks whether each reference has its row. `PostgreSQL` checks while it
    /// loads.
    pub async fn assert_whole(&self) -> Result<()> {
        #[derive(FromQueryResult)]
        struct Said {
            answer: String,
        }
        if !self.is_sqlite() {
            return Ok(());
        }
        let sql = "SELECT integrity_check AS answer FROM pragma_integrity_check";
        let said = Said::find_by_statement(statement(self.db(), sql, [])).all(self.db()).await?;
        if said.len() != 1 || said[0].answer != "ok" {
            return Err(StoreError::NotReady("SQLite's integrity check found damage in the file".into()));
        }
        let sql = "SELECT \"table\" AS answer FROM pragma_foreign_key_check LIMIT 1";
        let said = Said::find_by_statement(statement(self.db(), sql, [])).one(self.db()).await?;
        match said {
            Some(Said { answer }) => {
                Err(StoreError::NotReady(format!("a row of {answer} refers to one that isn't there")))
            }
            None => Ok(()),
        }
    }

    /// Whose tables these are.
    pub async fn schema_age(&self) -> Result<SchemaAge> {
        #[derive(FromQueryResult)]
        struct Version {
            version: String,
        }
        let sql = "SELECT version FROM seaql_migrations";
        let applied = Version::find_by_statement(statement(self.db(), sql, [])).all(self.db()).await?;
        let known = crate::migrate::versions();
        if applied.iter().any(|row| !known.contains(&row.version)) {
            return Ok(SchemaAge::Newer);
        }
        Ok(if applied.len() < known.len() { SchemaAge::Older } else { SchemaAge::Same })
    }

    /// Carries everything that stands in `SQLite`'s write-ahead log into the file itself.
    pub async fn settle_file(&self) -> Result<()> {
        if self.is_sqlite() {
            self.db().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }
}

impl Room {
    /// Connects.
    pub async fn connect(url: &str) -> Result<Self> {
        Ok(Self(PgConnection::connect(url).await.map_err(unreachable)?))
    }

    /// Whether others are connected to this database, e.g. a Bansou that still runs.
    pub async fn has_others(&mut self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
                   AND pid <> pg_backend_pid() AND backend_type = 'client backend')";
        sqlx::query_scalar(sql).fetch_one(&mut self.0).await.map_err(unreachable)
    }

    /// Whether the database has tables.
    pub async fn is_used(&mut self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public')";
        sqlx::query_scalar(sql).fetch_one(&mut self.0).await.map_err(unreachable)
    }

    /// Whether the tables hold an office.
    pub async fn has_offices(&mut self) -> Result<bool> {
        let there: bool = sqlx::query_scalar("SELECT to_regclass('public.offices') IS NOT NULL")
            .fetch_one(&mut self.0)
            .await
            .map_err(unreachable)?;
        if !there {
            return Ok(false);
        }
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM public.offices)")
            .fetch_one(&mut self.0)
            .await
            .map_err(unreachable)
    }

    /// Keeps the present tables in another schema, and so makes an empty place for others. Extensions stay where they are: a
    /// database's owner may not move them, and what comes back and apalis need them.
    pub async fn move_aside(&mut self, name: &str) -> Result<()> {
        let moved = each_table("public", &format!("ALTER TABLE public.%I SET SCHEMA {name}"));
        self.run(&format!("BEGIN; CREATE SCHEMA {name}; {moved}; COMMIT")).await
    }

    /// Throws away what was brought back, and gives the former tables their place again.
    pub async fn put_back(&mut self, name: &str) -> Result<()> {
        let moved = each_table(name, &format!("ALTER TABLE {name}.%I SET SCHEMA public"));
        self.run(&format!("BEGIN; {}; {moved}; DROP SCHEMA {name}; COMMIT", drop_tables())).await
    }

    /// Throws away what was brought back into a database that was empty.
    pub async fn clear(&mut self) -> Result<()> {
        self.run(&drop_tables()).await
    }

    async fn run(&mut self, sql: &str) -> Result<()> {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.0).await.map_err(unreachable)?;
        Ok(())
    }
}

/// Runs a statement for each table of a schema, whose name takes the place of `%I`; an extension's tables are left alone, and a
/// column's sequence goes where its table goes.
fn each_table(schema: &str, sql: &str) -> String {
    format!(
        "DO $each$ DECLARE name text; BEGIN FOR name IN
            SELECT c.relname FROM pg_class c WHERE c.relnamespace = '{schema}'::regnamespace AND c.relkind IN ('r', 'p')
               AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
         LOOP EXECUTE format('{sql}', name); END LOOP; END $each$"
    )
}

fn drop_tables() -> String {
    each_table("public", "DROP TABLE public.%I CASCADE")
}

fn unreachable(error: sqlx::Error) -> StoreError {
    StoreError::Database(sea_orm::DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into())))
}

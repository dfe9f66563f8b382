//! Databases to be thrown away on a `PostgreSQL` server, made as copies of one that was set up once; for simulations.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};

use crate::error::{Result, StoreError};

/// A server on which databases may be made and dropped.
#[derive(Clone)]
pub struct ScratchServer {
    url: String,
}

impl ScratchServer {
    /// The server behind the URL of one of its databases (`postgres://…`), which itself is never written to.
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned() }
    }

    /// Makes a database, empty or as a copy of one to which nobody is connected; gives its URL. A name is made of small
    /// letters, digits and `_`.
    pub async fn create(&self, name: &str, copy_of: Option<&str>) -> Result<String> {
        let template = copy_of.map(|template| format!(" TEMPLATE {template}")).unwrap_or_default();
        self.run(&format!("CREATE DATABASE {name}{template}")).await?;
        Ok(self.with_database(name))
    }

    /// Drops a database that this made, with whoever is connected to it.
    pub async fn remove(&self, name: &str) -> Result<()> {
        self.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await
    }

    async fn run(&self, sql: &str) -> Result<()> {
        let failed = |error: sqlx::Error| StoreError::NotReady(format!("the server said: {error}"));
        let mut connection = PgConnection::connect(&self.url).await.map_err(failed)?;
        raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map_err(failed)?;
        connection.close().await.map_err(failed)
    }

    fn with_database(&self, name: &str) -> String {
        let (address, options) = self.url.split_once('?').unwrap_or((&self.url, ""));
        // After the scheme's two slashes the next one begins the database.
        let begin = address.find("://").map_or(0, |at| at + 3);
        let end = address[begin..].find('/').map_or(address.len(), |at| begin + at);
        let mark = if options.is_empty() { "" } else { "?" };
        format!("{}/{name}{mark}{options}", &address[..end])
    }
}

impl std::fmt::Debug for ScratchServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ScratchServer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_is_another_one() {
        let url = |url: &str| ScratchServer::new(url).with_database("a");
        assert_eq!(url("postgres://u:p@h:1/postgres"), "postgres://u:p@h:1/a");
        assert_eq!(url("postgres://u:p@h:1"), "postgres://u:p@h:1/a");
        assert_eq!(url("postgres:///x?host=/run/pg"), "postgres:///a?host=/run/pg");
    }
}

//! Raw statements for what the query builder can't say; `$1` placeholders work on both databases.

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

/// A statement for the connection's database.
pub(crate) fn statement<C: ConnectionTrait>(conn: &C, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
}

/// `on_postgres` on `PostgreSQL`, nothing on `SQLite`.
pub(crate) fn only_postgres<C: ConnectionTrait>(conn: &C, on_postgres: &'static str) -> &'static str {
    if conn.get_database_backend() == DbBackend::Postgres { on_postgres } else { "" }
}

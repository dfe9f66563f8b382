//! Raw statements for what the query builder can't say; `$1` placeholders work on both databases.

use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, Statement, Value};

/// Rows in one statement: well under both databases' limit of bound values, whatever the table's width.
const ROWS: usize = 500;

/// A statement for the connection's database.
pub(crate) fn statement<C: ConnectionTrait>(conn: &C, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
}

/// `on_postgres` on `PostgreSQL`, nothing on `SQLite`.
pub(crate) fn only_postgres<C: ConnectionTrait>(conn: &C, on_postgres: &'static str) -> &'static str {
    if conn.get_database_backend() == DbBackend::Postgres { on_postgres } else { "" }
}

/// Inserts many rows of one table in few statements.
pub(crate) async fn insert_all<A, C>(conn: &C, rows: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
    C: ConnectionTrait,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        A::Entity::insert_many(rows.by_ref().take(ROWS)).exec_without_returning(conn).await?;
    }
    Ok(())
}

/// `VALUES` of many rows with typed columns, to join with in one statement; both databases name them `column1`, `column2`, ….
/// The values count up from `$first`.
pub(crate) fn rows<C: ConnectionTrait>(conn: &C, types: &[&str], first: usize, count: usize) -> String {
    let is_postgres = conn.get_database_backend() == DbBackend::Postgres;
    let mut at = first;
    let mut row = || {
        let values = types.iter().map(|kind| {
            let value = if is_postgres { format!("CAST(${at} AS {kind})") } else { format!("${at}") };
            at += 1;
            value
        });
        format!("({})", values.collect::<Vec<_>>().join(", "))
    };
    let all: Vec<String> = (0..count).map(|_| row()).collect();
    format!("VALUES {}", all.join(", "))
}

//! Raw statements for what the query builder can't say; `$1` placeholders work on both databases.

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, Statement, Value};

/// Rows in one statement: well under both databases' limit of bound values, whatever the table's width. A power of two.
const ROWS: usize = 256;

/// A statement for the connection's database.
pub(crate) fn statement<C: ConnectionTrait>(conn: &C, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
}

/// `on_postgres` on `PostgreSQL`, nothing on `SQLite`.
pub(crate) fn only_postgres<C: ConnectionTrait>(conn: &C, on_postgres: &'static str) -> &'static str {
    if conn.get_database_backend() == DbBackend::Postgres { on_postgres } else { "" }
}

/// The list filled up with its last value to a power of two: so there are few different statements, and each is parsed and
/// planned once. Only for where a value named twice does nothing more.
pub(crate) fn filled_up<T: Clone>(list: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = list.into_iter().collect();
    if let Some(last) = list.last().cloned() {
        list.resize(list.len().next_power_of_two(), last);
    }
    list
}

/// A condition by which rows are checked and never found, nor thought to be few. They are named by their keys, and without
/// fresh statistics `PostgreSQL` would rather read all rows of a state, or of an office, than those.
pub(crate) fn checked(condition: Expr) -> Expr {
    Expr::case(condition, 1).finally(0).gt(0)
}

/// The same for a condition in raw SQL.
pub(crate) fn checked_text(condition: &str) -> String {
    format!("CASE WHEN {condition} THEN 1 ELSE 0 END > 0")
}

/// Inserts many rows of one table in few statements, of sizes that come again: each is parsed and planned once.
pub(crate) async fn insert_all<A, C>(conn: &C, rows: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
    C: ConnectionTrait,
{
    let mut left = rows.len();
    let mut rows = rows.into_iter();
    while left > 0 {
        let piece = Ord::min(1 << left.ilog2(), ROWS);
        A::Entity::insert_many(rows.by_ref().take(piece)).exec_without_returning(conn).await?;
        left -= piece;
    }
    Ok(())
}

/// `$first, …`: as many placeholders as there are values, for a list.
pub(crate) fn listed(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_filled_up_with_its_last_value() {
        assert_eq!(filled_up([1, 2, 3]), [1, 2, 3, 3]);
        assert_eq!(filled_up([7]), [7]);
        assert!(filled_up::<u8>([]).is_empty());
    }
}

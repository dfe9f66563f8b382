//! Other offices that look like one: for measuring what an office's pages cost among many others, and for nothing else.
//!
//! Every row of the office is copied, with ids of its own. What is sealed stays sealed for the ids it was written with, so it
//! fills the database and can't be read.

use bansou_core::ids::OfficeId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, EntityTrait, Statement, TransactionTrait};
use uuid::Uuid;

use crate::connect::Store;
use crate::entity::office_keys;
use crate::error::{Result, StoreError};
use crate::sql::statement;
use crate::time::to_ms;

/// What isn't an office's: kept once, or only for as long as somebody is signed in.
const NOT_COPIED: [&str; 7] =
    ["office_changes", "office_keys", "channel_states", "sessions", "link_tokens", "kept_forms", "sent_before"];

/// Columns by which something is found, or kept single, over all offices.
const SINGLE: [&str; 3] = ["dedupe_key", "event_key", "email_index"];

/// Tables and columns of `SQLite`, in the words that [`to_kind`] knows.
const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS kind
    FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text AS kind
    FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position";

/// Stands in each copied id. The number alone would, of many thousand ids, now and then be what an id has there already.
const MARK: &str = "ba5e";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Uuid,
    Bytes,
    Other,
}

struct Column {
    name: String,
    kind: Kind,
}

impl Store {
    /// Copies an office so many times; `told` hears how many there are so far.
    pub async fn add_neighbours(&self, office: OfficeId, count: u16, mut told: impl FnMut(u16)) -> Result<()> {
        let tables = self.tables().await?;
        for n in 1..=count {
            let tx = self.writing().begin().await?;
            for (table, columns) in &tables {
                let Some(rows) = rows_of(table, columns) else { continue };
                let names: Vec<_> = columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
                let values: Vec<_> = columns.iter().map(|column| self.copied(column, n)).collect();
                let (names, values) = (names.join(", "), values.join(", "));
                let sql = format!("INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {rows}");
                tx.execute_raw(statement(&tx, &sql, [office.0.into()])).await?;
            }
            let id = neighbour(office.0, n);
            let key = office_keys::ActiveModel {
                office_id: Set(id),
                wrapped: Set(self.master().wrap(id, &self.ambient().bytes(), self.ambient())),
                created_at: Set(to_ms(self.ambient().now())),
            };
            office_keys::Entity::insert(key).exec_without_returning(&tx).await?;
            tx.commit().await?;
            told(n);
        }
        self.settle().await
    }

    /// Writes down what still has to be, and brings what the database knows of its tables' sizes up to date, which otherwise
    /// happens some minutes later: for measuring after much was written.
    pub async fn settle(&self) -> Result<()> {
        self.settle_file().await?;
        // SQLite has no such figures here, as it has none in an office: plans that hang on them would be others.
        if !self.is_sqlite() {
            self.writing().execute_unprepared("VACUUM ANALYZE").await?;
        }
        Ok(())
    }

    async fn tables(&self) -> Result<Vec<(String, Vec<Column>)>> {
        let sql = if self.is_sqlite() { SQLITE_COLUMNS } else { POSTGRES_COLUMNS };
        let rows = self.db().query_all_raw(Statement::from_string(self.db().get_database_backend(), sql)).await?;
        let mut tables: Vec<(String, Vec<Column>)> = Vec::new();
        for row in rows {
            let (table, name): (String, String) = (row.try_get("", "table_name")?, row.try_get("", "column_name")?);
            let kind = to_kind(&row.try_get::<String>("", "kind")?);
            match tables.last_mut().filter(|(last, _)| *last == table) {
                Some((_, columns)) => columns.push(Column { name, kind }),
                None => tables.push((table, vec![Column { name, kind }])),
            }
        }
        if tables.is_empty() {
            return Err(StoreError::NotFound { what: "tables" });
        }
        Ok(tables)
    }

    /// The column's value in the n-th copy: see [`neighbour`].
    fn copied(&self, column: &Column, n: u16) -> String {
        let name = format!("\"{}\"", column.name);
        let is_single = SINGLE.contains(&column.name.as_str());
        match (column.kind, self.is_sqlite()) {
            (Kind::Uuid, true) => {
                format!("CAST(substr({name}, 1, 10) || X'{n:04x}{MARK}' || substr({name}, 15) AS BLOB)")
            }
            (Kind::Uuid, false) => format!("overlay({name}::text placing '{n:04x}{MARK}' from 25 for 8)::uuid"),
            (Kind::Bytes, true) if is_single => format!("CAST(X'{n:04x}' || substr({name}, 3) AS BLOB)"),
            (Kind::Bytes, false) if is_single => format!("overlay({name} placing '\\x{n:04x}'::bytea from 1 for 2)"),
            (Kind::Other, _) if is_single => format!("{name} || '-{n}'"),
            _ => name,
        }
    }
}

/// The n-th copy's id: of its random bytes the eleventh and twelfth become the number, the next two the mark.
fn neighbour(id: Uuid, n: u16) -> Uuid {
    let mut bytes = id.into_bytes();
    bytes[10..12].copy_from_slice(&n.to_be_bytes());
    bytes[12..14].copy_from_slice(&[0xba, 0x5e]);
    Uuid::from_bytes(bytes)
}

/// Which rows of a table are those of office `$1`; `None` for a table that isn't copied.
fn rows_of(table: &str, columns: &[Column]) -> Option<&'static str> {
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    match table {
        "offices" => Some("id = $1"),
        "send_attempts" => Some("delivery_id IN (SELECT id FROM deliveries WHERE office_id = $1)"),
        _ if NOT_COPIED.contains(&table) || !has("office_id") => None,
        _ => Some("office_id = $1"),
    }
}

fn to_kind(kind: &str) -> Kind {
    match kind {
        "uuid" | "uuid_text" => Kind::Uuid,
        "blob" | "bytea" => Kind::Bytes,
        _ => Kind::Other,
    }
}

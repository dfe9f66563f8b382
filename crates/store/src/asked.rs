//! What is asked of the database: how often, and for measuring which statements look at more than they need.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::connect::Store;
use crate::error::Result;
use crate::sql::statement;

/// Tables with a row for each office, channel or switch: these may be read whole.
const SHORT: [&str; 6] = ["offices", "office_keys", "channel_states", "channel_pace", "halts", "restores"];

/// What few rows are found by: an id, a key or an index made of one, or the name of a switch.
const FEW: [&str; 6] = ["id=?", "index=?", "key=?", "hash=?", "ref=?", "scope=?"];

/// The statements of one store.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    count: Arc<AtomicU64>,
    /// Their texts, without values; kept only once somebody asks for it.
    texts: Arc<OnceLock<Mutex<BTreeSet<String>>>>,
}

impl Asked {
    /// Hears of every statement of a connection.
    pub(crate) fn hear(&self, db: &mut DatabaseConnection) {
        let asked = self.clone();
        db.set_metric_callback(move |info| {
            asked.count.fetch_add(1, Ordering::Relaxed);
            let Some(texts) = asked.texts.get() else { return };
            let mut texts = texts.lock().unwrap_or_else(PoisonError::into_inner);
            if !texts.contains(&info.statement.sql) {
                texts.insert(info.statement.sql.clone());
            }
        });
    }
}

impl Store {
    /// How many statements this store has asked of the database since it was opened, without beginning and ending units of
    /// work. A page whose number of statements grows with its rows asks in a loop.
    pub fn statements(&self) -> u64 {
        self.asked().count.load(Ordering::Relaxed)
    }

    /// From now on the texts of statements are kept, for [`Store::wide_statements`]. For measuring.
    pub fn keep_statements(&self) {
        self.asked().texts.get_or_init(Mutex::default);
    }

    /// Statements that `SQLite` answers by reading a whole table, or the rows of all offices that have a certain state, each with
    /// the step of its plan: their time grows with who else is in the database. Of those asked since [`Store::keep_statements`];
    /// none on `PostgreSQL`, whose plans hang on what its tables hold.
    pub async fn wide_statements(&self) -> Result<Vec<(String, String)>> {
        let texts = self.asked().texts.get().map(|texts| texts.lock().unwrap_or_else(PoisonError::into_inner).clone());
        let mut wide = Vec::new();
        if !self.is_sqlite() {
            return Ok(wide);
        }
        for sql in texts.unwrap_or_default() {
            let plan = statement(self.db(), &format!("EXPLAIN QUERY PLAN {sql}"), []);
            for row in self.db().query_all_raw(plan).await? {
                let step: String = row.try_get("", "detail")?;
                if is_wide(&step) {
                    wide.push((sql.clone(), step));
                }
            }
        }
        Ok(wide)
    }
}

fn is_wide(step: &str) -> bool {
    let mut words = step.split_whitespace();
    // What follows is a table's name, or how many rows are written.
    match (words.next(), words.next()) {
        (Some("SCAN"), Some(table)) => !SHORT.contains(&table) && !table.ends_with("-ROW"),
        (Some("SEARCH"), Some(_)) => !FEW.iter().any(|column| step.contains(column)),
        _ => false,
    }
}

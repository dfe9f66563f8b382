//! What can go wrong in the store, without personal data in any text.

use sea_orm::DbErr;
use uuid::Uuid;

/// The store's result.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or couldn't be reached. The cause names statements' shapes, never bound values.
    #[error("the database could not do this")]
    Database(#[source] DbErr),
    /// A row makes no sense to this version of the program.
    #[error("row {id} of {table} has an unreadable {column}")]
    Corrupt {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Row.
        id: Uuid,
    },
    /// Sealed text didn't open: wrong key, or bytes that were moved or changed.
    #[error("sealed {column} of {table} row {id} could not be opened; is this the right key file?")]
    Sealed {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Row.
        id: Uuid,
    },
    /// Something with the same key is there already.
    #[error("{what} is there already")]
    Duplicate {
        /// What.
        what: &'static str,
    },
    /// A change that the present state doesn't allow.
    #[error("{what} can't be done in the present state")]
    Refused {
        /// What.
        what: &'static str,
    },
    /// A note that says nothing or too much.
    #[error(transparent)]
    Note(#[from] bansou_core::note::NoteError),
    /// A step that a sign doesn't allow.
    #[error(transparent)]
    Sign(#[from] bansou_core::sign::SignStepError),
    /// A request in which something is missing.
    #[error(transparent)]
    Request(#[from] bansou_core::escalation::RequestError),
    /// No consent covers what should be told; silence is never consent.
    #[error("no consent covers this: {0}")]
    NotCovered(bansou_core::consent::NotCovered),
    /// The row to change isn't there, or belongs to another office.
    #[error("{what} not found")]
    NotFound {
        /// What.
        what: &'static str,
    },
    /// Too much waits for the database, or it went away while somebody else wrote for us too.
    #[error("the database is busy; try again")]
    Busy,
    /// The database isn't set up as the program needs it.
    #[error("the database isn't ready: {0}")]
    NotReady(String),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))) {
            return Self::Duplicate { what: "a row" };
        }
        Self::Database(error)
    }
}

impl StoreError {
    /// Whether trying again later may help: the database was busy or away.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::Database(DbErr::ConnectionAcquire(_) | DbErr::Conn(_) | DbErr::Exec(_) | DbErr::Query(_))
        )
    }
}

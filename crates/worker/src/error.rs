//! What can go wrong in a job.

use bansou_store::StoreError;

/// What can go wrong in a job; the next run of the same job tries again.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A fault of ours at one row: what it was in the middle of is undone.
    #[error("the work {0}")]
    Broke(Broke),
}

/// How work of ours breaks off without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broke {
    /// It panicked.
    #[error("panicked")]
    Panicked,
    /// It didn't end in time.
    #[error("didn't end in time")]
    Hung,
}

impl Broke {
    /// Its code in an attempt's row.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Panicked => "panic",
            Self::Hung => "hang",
        }
    }
}

impl WorkError {
    /// Whether trying again later may help.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_temporary())
    }
}

/// A job's result.
pub type Result<T, E = WorkError> = std::result::Result<T, E>;

//! What can go wrong in a job.

use bansou_store::StoreError;

/// What can go wrong in a job; the next run of the same job tries again.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl WorkError {
    /// Whether trying again later may help.
    pub fn is_temporary(&self) -> bool {
        let Self::Store(error) = self;
        error.is_temporary()
    }
}

/// A job's result.
pub type Result<T> = std::result::Result<T, WorkError>;

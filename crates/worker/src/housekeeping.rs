//! Housekeeping: what is needed only for a while goes away.

use crate::engine::Engine;
use crate::error::Result;

impl Engine {
    /// Prunes old sessions, form keys, throttles and links; returns how many rows went.
    pub async fn housekeeping(&self) -> Result<u64> {
        if let Some(journal) = &self.journal
            && let Err(error) = journal.prune(self.now()).await
        {
            tracing::warn!(error = %error, "old files of the send journal can't be deleted");
        }
        Ok(self.parts.store.prune_short_lived().await?)
    }
}

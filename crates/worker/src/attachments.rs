//! Pictures and voices of messages, fetched where LINE keeps them and kept here: LINE deletes them after a while.
//!
//! Whoever wrote is never kept waiting by this: the message, its effect and our answer don't need it, and nothing here runs
//! inside their units of work. Claim and commit; fetch; record while the row still waits. What a fetch comes to, and how often
//! it may be tried, stands with the claim (`store/attachments.rs`).

use bansou_channels::Content;
use bansou_core::attachment::{AttachmentState, sniff};
use bansou_core::ids::OfficeId;
use bansou_store::Fetch;
use futures_util::future::join_all;

use crate::engine::{Engine, cause, kept};
use crate::error::Result;

/// Fetched at the same time: each may hold ten megabytes in memory.
const TOGETHER: u64 = 4;

impl Engine {
    /// Fetches what waits to be fetched; returns how many were asked for.
    pub async fn attachments(&self) -> Result<u64> {
        let offices = self.parts.store.offices_with_fetches(self.now()).await?;
        Ok(self.for_each(offices, "attachments", |engine, office| Box::pin(engine.fetch_for(office))).await)
    }

    async fn fetch_for(&self, office: OfficeId) -> Result<u64> {
        let mut asked = 0;
        while !self.is_stopping() {
            let tx = self.parts.store.begin(office).await?;
            let fetches = tx.claim_fetches(TOGETHER).await?;
            tx.save().await?;
            if fetches.is_empty() {
                break;
            }
            asked += fetches.len() as u64;
            // One picture's trouble stays its own (P13): its next try stands already.
            for done in join_all(fetches.iter().map(|fetch| kept(self.fetch(office, fetch)))).await {
                if let Err(error) = done {
                    tracing::error!(%office, error = %error, cause = cause(&error), "an attachment couldn't be kept");
                }
            }
        }
        Ok(asked)
    }

    async fn fetch(&self, office: OfficeId, fetch: &Fetch) -> Result<()> {
        let content = match self.channel(&fetch.channel_id) {
            Some(channel) => channel.content(&fetch.provider_ref).await.unwrap_or(Content::Gone),
            // Configured again tomorrow, perhaps.
            None => Content::TryLater { code: "no_channel".to_owned() },
        };
        let (result, code) = (content.word(), if let Content::TryLater { code } = &content { code } else { "" });
        tracing::info!(channel = fetch.channel_id, kind = %fetch.kind, result, code, "an attachment was asked for");
        metrics::counter!("bansou_attachment_fetches_total", "result" => result).increment(1);
        let ended = match content {
            Content::NotYet | Content::TryLater { .. } => return Ok(()),
            Content::Bytes(bytes) => match sniff(fetch.kind, &bytes) {
                Some(what) => {
                    let tx = self.parts.store.begin(office).await?;
                    tx.keep_attachment(fetch.message, what, &bytes).await?;
                    return Ok(tx.save().await?);
                }
                None => AttachmentState::NotShown,
            },
            Content::Gone => AttachmentState::Gone,
            Content::TooLarge => AttachmentState::TooLarge,
        };
        let tx = self.parts.store.begin(office).await?;
        tx.end_attachment(fetch.message, ended).await?;
        Ok(tx.save().await?)
    }
}

//! LINE's monthly allowance, asked for so that staff see it coming to its end.

use bansou_channels::Channel;
use bansou_store::ChannelQuota;

use crate::engine::Engine;
use crate::error::Result;

impl Engine {
    /// Asks LINE what is used of the month; returns how many answers came. Without an answer the last one stands, with its
    /// time. Channels belong to the first office.
    pub async fn quotas(&self) -> Result<u64> {
        let Some(office) = self.parts.store.offices().await?.into_iter().next() else { return Ok(0) };
        let mut answers = 0;
        for channel in &self.parts.channels {
            let Channel::Line(line) = channel else { continue };
            let quota = match line.quota().await {
                Ok(quota) => quota,
                Err(error) => {
                    tracing::warn!(channel = channel.id(), error = %error, "LINE didn't say what is left of the month");
                    continue;
                }
            };
            let tx = self.parts.store.begin(office.id).await?;
            let quota = ChannelQuota { used: quota.used, limit: quota.limit, at: self.now() };
            tx.put_quota(channel.id(), &quota).await?;
            tx.save().await?;
            answers += 1;
        }
        Ok(answers)
    }
}

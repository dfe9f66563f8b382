//! The name that a stranger shows on LINE, so that staff can tell who wrote.

use bansou_channels::{Address, Channel};
use bansou_core::ids::OfficeId;
use bansou_store::sender;

use crate::engine::Engine;
use crate::error::Result;

/// Strangers asked about in one round.
const ROUND: u64 = 20;

impl Engine {
    /// Asks LINE once per event of a stranger. Without an answer it is asked again when another stranger writes.
    pub(super) async fn ask_names(&self, office: OfficeId) -> Result<()> {
        let tx = self.parts.store.read(office).await?;
        let waiting = tx.strangers_to_ask(ROUND).await?;
        drop(tx);
        for event in waiting {
            let Some((_, user)) = sender(&event.body) else { continue };
            let Some(Channel::Line(line)) = self.channel(&event.channel_id) else { continue };
            // No unit of work is open while LINE is asked. When it doesn't answer, the others aren't waited for either.
            let Ok(profile) = line.profile(&Address::new(user)).await else { break };
            let tx = self.parts.store.begin(office).await?;
            tx.note_sender_name(event.id, profile.as_ref().map(|profile| profile.display_name.as_str())).await?;
            tx.save().await?;
        }
        Ok(())
    }
}

//! One history from its first step to its verdict, and the shortest one that fails in the same way.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bansou_channels::SimulatorFault;

use super::oracle::Violation;
use super::play::Player;
use super::stage::{Template, channel_word};
use super::step::Step;
use crate::failure::{Done, Failure};

/// So long a failing history is made shorter.
const SHRINK_FOR: Duration = Duration::from_mins(1);
/// A step that takes longer never ends: somebody waits for what nobody will give.
const A_STEP: Duration = Duration::from_mins(5);

/// What one history has come to.
#[derive(Default)]
pub(super) struct Verdict {
    pub(super) violations: Vec<Violation>,
    /// Steps played until the first violation showed, or all.
    pub(super) played: usize,
    pub(super) sent: BTreeMap<&'static str, u64>,
    pub(super) faults: BTreeMap<SimulatorFault, u64>,
    pub(super) mishaps: BTreeMap<String, u64>,
    pub(super) statements: u64,
}

/// Plays steps on a fresh copy. It ends at the first violation: what follows would only echo it.
pub(super) async fn play(template: &Template, seed: u64, steps: &[Step]) -> Done<Verdict> {
    let mut player = Player::begin(template, seed).await?;
    let mut taken = 0;
    for step in steps {
        taken += 1;
        let done = tokio::time::timeout(A_STEP, player.step(*step)).await;
        let done = done.unwrap_or_else(|_| Err(Failure::failed("it never ends")));
        done.map_err(|failure| Failure::failed(format!("step {taken} ({step}): {failure}")))?;
        if !player.oracle.violations.is_empty() {
            break;
        }
    }
    if player.oracle.violations.is_empty() {
        let done = player.judge().await;
        done.map_err(|failure| Failure::failed(format!("the verdict: {failure}")))?;
    }
    let mut verdict = Verdict {
        violations: std::mem::take(&mut player.oracle.violations),
        played: taken,
        faults: player.stage.inbox.faults(),
        mishaps: std::mem::take(&mut player.mishaps),
        statements: player.stage.store.statements(),
        ..Verdict::default()
    };
    for message in &player.oracle.ledger {
        *verdict.sent.entry(channel_word(message)).or_default() += 1;
    }
    player.clear().await?;
    Ok(verdict)
}

/// Leaves out steps as long as the same promise is broken in the same way without them.
pub(super) async fn shrink(template: &Template, seed: u64, steps: &[Step], verdict: &Verdict) -> Done<Vec<Step>> {
    let Some(kind) = verdict.violations.first().map(Violation::kind) else { return Ok(Vec::new()) };
    let begun = Instant::now();
    let mut left = steps[..verdict.played.min(steps.len())].to_vec();
    let mut piece = left.len() / 2;
    while piece > 0 && begun.elapsed() < SHRINK_FOR {
        let (mut at, before) = (0, left.len());
        while at < left.len() && begun.elapsed() < SHRINK_FOR {
            let mut fewer = left.clone();
            fewer.drain(at..(at + piece).min(left.len()));
            let again = play(template, seed, &fewer).await?;
            if again.violations.iter().any(|violation| violation.kind() == kind) {
                fewer.truncate(again.played);
                left = fewer;
            } else {
                at += piece;
            }
        }
        // Another round of the same size where it has helped; what was needed before may not be any more.
        if left.len() == before {
            piece /= 2;
        } else {
            piece = piece.min(left.len() / 2).max(1);
        }
    }
    Ok(left)
}

//! How many people are left on Today, beside its name in the menu: as many as the page says that its link opens. What the page knows by
//! looking at everything that asks for a hand isn't looked for on every other page: it is remembered until something changes in the office,
//! and no longer than a minute, because time alone makes things due.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bansou_core::ids::StaffId;
use bansou_store::Tx;

use crate::areas::today;
use crate::errors::Failure;
use crate::signed::Signed;

/// What was counted last, by reader.
#[derive(Debug, Default)]
pub(crate) struct LeftToday(Mutex<HashMap<StaffId, (Moment, u32)>>);

/// Of what the number holds: so many changes, and this minute.
type Moment = (i64, i64);

impl LeftToday {
    /// The number beside Today. On a page that refuses a form `tx` holds what may never be so: nothing of it is remembered.
    pub(crate) async fn get(&self, signed: &Signed, tx: &Tx, may_remember: bool) -> Result<u32, Failure> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&signed.staff.id).copied();
        if let Some((_, left)) = known.filter(|(moment, _)| *moment == now(signed)) {
            return Ok(left);
        }
        let left = today::left(signed, tx).await?;
        if may_remember {
            self.remember(signed, left);
        }
        Ok(u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// The page itself has counted.
    pub(crate) fn remember(&self, signed: &Signed, left: usize) {
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(signed.staff.id, (now(signed), left));
    }
}

/// Changes as they were before anything of this page was read: what is remembered may be newer, never older.
fn now(signed: &Signed) -> Moment {
    (signed.changes, signed.now().timestamp().div_euclid(60))
}

//! The office's accounts.

use std::collections::HashMap;

use bansou_core::ids::StaffId;
use bansou_core::staff::Role;
use bansou_store::Tx;

use crate::errors::Failure;
use crate::form::FormState;
use crate::pages::settings::staff::{PasswordLink, StaffForm, StaffPage, StaffRow};
use crate::signed::{Admin, Answer, Signed};

pub(super) async fn list(Admin(signed): Admin) -> Answer {
    let tx = signed.read().await?;
    let page = staff_page(&signed, &tx, FormState::new(StaffForm::empty()), None).await?;
    signed.page(&tx, &page).await
}

/// The accounts with a form, and a link that was just made.
pub(crate) async fn staff_page(
    signed: &Signed,
    tx: &Tx,
    form: FormState<StaffForm>,
    link: Option<PasswordLink>,
) -> Result<StaffPage, Failure> {
    let mut caseload: HashMap<StaffId, u32> = HashMap::new();
    for staff in tx.graduates().await?.into_iter().filter_map(|graduate| graduate.staff) {
        *caseload.entry(staff).or_default() += 1;
    }
    let mut staff: Vec<StaffRow> = tx
        .staff()
        .await?
        .into_iter()
        .map(|member| StaffRow {
            id: member.id.to_string(),
            name: member.profile.name,
            email: member.profile.email,
            role: member.role,
            is_disabled: member.disabled_at.is_some(),
            is_waiting: member.password_hash.is_none(),
            is_me: member.id == signed.staff.id,
            caseload: caseload.get(&member.id).copied().unwrap_or_default(),
        })
        .collect();
    staff.sort_by_key(|row| row.is_disabled);
    Ok(StaffPage { staff, form, roles: Role::ALL, link })
}

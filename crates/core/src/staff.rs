//! Staff and their roles.

use serde::{Deserialize, Serialize};

crate::codes! {
    /// What a member of staff may do; each role may do what the one before may.
    Role {
        /// Contact, notes, signs, requests.
        Staff = "staff",
        /// Also retention figures, every caseload, stopping the office's sending.
        Manager = "manager",
        /// Also settings, staff accounts, channels.
        Admin = "admin",
    }
}

impl Role {
    /// Whether this role includes what `needed` may do.
    pub fn includes(self, needed: Role) -> bool {
        self >= needed
    }
}

/// What is known of a member of staff; stored encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffProfile {
    /// The name graduates and colleagues see.
    pub name: String,
    /// The address to sign in with.
    pub email: String,
}

impl StaffProfile {
    /// The name by which they call themselves in messages: the family name, where it is set apart by a space.
    pub fn family_name(&self) -> &str {
        self.name.split([' ', '\u{3000}']).next().unwrap_or(&self.name)
    }
}

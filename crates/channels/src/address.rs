//! Where a message goes: a LINE user id, a phone number in E.164, or an e-mail address.

use std::fmt;

/// An address at a provider. It names a person, so `Debug` shows nothing of it and there is no `Display`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(String);

impl Address {
    /// Wraps an address that core has already parsed, or one that a provider sent.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The address itself, for the request that needs it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_nothing() {
        assert_eq!(format!("{:?}", Address::new("+819000000000")), "Address(…)");
    }
}

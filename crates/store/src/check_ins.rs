//! The ledger of check-ins.

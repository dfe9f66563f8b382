//! CheckIn: the ledger row.

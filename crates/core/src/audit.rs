//! Audit entries and their hash chain.

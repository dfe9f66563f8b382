//! bansou-store

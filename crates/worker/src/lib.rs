//! bansou-worker

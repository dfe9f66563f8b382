//! bansou

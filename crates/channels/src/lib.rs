//! bansou-channels

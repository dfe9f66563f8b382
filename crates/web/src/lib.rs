//! bansou-web

//! Staff and their roles.

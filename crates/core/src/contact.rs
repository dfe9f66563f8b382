//! Addresses of a person and whether they can be reached there.

//! One id type per noun.

//! The engine's jobs.

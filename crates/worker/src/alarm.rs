//! apalis wakes the engine.

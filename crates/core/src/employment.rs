//! Employment: one placement episode.

//! Japanese holidays and an office's closure days.

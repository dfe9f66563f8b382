//! What becomes of a check-in that an outage made late.

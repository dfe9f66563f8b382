//! Channels against fault-injecting fakes and the official contracts.

//! The one decision: may this be sent now, and if not, when and why.

//! Consent: who may be told what, by which means, until when.

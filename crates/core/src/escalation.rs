//! Escalation: one small request to an employer.

//! Office: the tenant.

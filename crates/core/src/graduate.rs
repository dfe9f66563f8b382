//! Graduate: the person the office stays beside.

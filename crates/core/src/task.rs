//! Task: something a member of staff has to do.

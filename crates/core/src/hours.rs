//! Weekly hours of an office or a person.

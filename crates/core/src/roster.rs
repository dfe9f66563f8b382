//! Rows of a roster file, parsed field by field.

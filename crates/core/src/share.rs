//! Share: what was given to whom, word for word.

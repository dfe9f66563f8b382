//! Small signs, crisis words and opt-outs found in a text, with their quotes.

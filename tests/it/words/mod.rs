//! Every string exists in every language.

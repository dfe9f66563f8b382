//! Thread and Message: everything said with one graduate.

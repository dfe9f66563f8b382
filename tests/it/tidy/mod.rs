//! The rooms and arrows of DESIGN.md hold.

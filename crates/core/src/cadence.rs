//! When a person is contacted next, and why.

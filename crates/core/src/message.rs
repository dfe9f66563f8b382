//! Messages to graduates: templates, choices and lengths.

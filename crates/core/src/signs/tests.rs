//! What the classifier finds.

//! Why a command ended badly, and with which status.

use std::fmt::Display;

use bansou_store::StoreError;

use crate::config::ConfigError;

/// Why a command ended badly.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Wrong usage or configuration: status 2, with the argument or field named.
    #[error("{0}")]
    Usage(String),
    /// The work failed: status 1.
    #[error("{0}")]
    Failed(String),
    /// Everything is said already, e.g. as a list of bad rows: status 1.
    #[error("")]
    Said,
}

/// A command's result.
pub type Done<T = ()> = Result<T, Failure>;

impl Failure {
    /// Wrong usage, in words.
    pub fn usage(words: impl Display) -> Self {
        Self::Usage(words.to_string())
    }

    /// Failed work, in words.
    pub fn failed(words: impl Display) -> Self {
        Self::Failed(words.to_string())
    }

    /// The process's exit status.
    pub fn status(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Failed(_) | Self::Said => 1,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Failed(with_causes(&error))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::failed(error)
    }
}

/// An error and its causes in one line.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    let mut text = error.to_string();
    for cause in causes.map(ToString::to_string).filter(|cause| !cause.is_empty()) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

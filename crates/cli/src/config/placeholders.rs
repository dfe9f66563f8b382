//! Values that were copied from the examples and never filled in: `channel_secret = "…"`.

use toml::{Table, Value};

use super::ConfigError;

/// What stands in the examples where a value of one's own belongs.
const MARK: char = '…';

/// What anybody may be called.
const NAMES: [&str; 2] = ["name", "from_name"];

/// Refuses a table in which a placeholder is left, and names the field; what else stands in the value may be half a secret.
pub(super) fn refuse(all: &Table) -> Result<(), ConfigError> {
    match all.iter().find_map(|(key, value)| left_in(key, key, value)) {
        Some(field) => Err(ConfigError::new(&field, PROBLEM)),
        None => Ok(()),
    }
}

/// The same for the text of a secret's file.
pub(super) fn refuse_in_file(field: &str, text: &str) -> Result<(), ConfigError> {
    if text.contains(MARK) { Err(ConfigError::new(field, PROBLEM)) } else { Ok(()) }
}

const PROBLEM: &str = "still holds the example's placeholder (…); put the real value in its place";

fn left_in(place: &str, key: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (text.contains(MARK) && !NAMES.contains(&key)).then(|| place.to_owned()),
        Value::Table(table) => table.iter().find_map(|(key, value)| left_in(&format!("{place}.{key}"), key, value)),
        Value::Array(list) => list.iter().enumerate().find_map(|(index, value)| match value {
            // A channel is named by its id, as in every other error.
            Value::Table(one) => {
                let id = one.get("id").and_then(Value::as_str).map_or_else(|| index.to_string(), str::to_owned);
                left_in(&format!("{place}.{id}"), key, value)
            }
            _ => left_in(place, key, value),
        }),
        _ => None,
    }
}

//! Laying one source of settings over another: the program's defaults, the file, the environment.
//!
//! `BANSOU__SECTION__KEY` sets a key of a section. A channel is named by its id with `_` for `-`
//! (`BANSOU__CHANNELS__LINE_MAIN__CHANNEL_SECRET`) or by its place from 0; the place after the last one makes a new channel.
//! A secret given as a file takes the place of one given as text in an earlier layer, and the other way round.

use toml::{Table, Value};

use super::ConfigError;

/// What a variable's name begins with.
const PREFIX: &str = "BANSOU__";

/// Lays `over` on `base`: tables are joined, everything else is replaced.
pub(super) fn lay_over(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above),
            (_, value) => put(base, &key, value),
        }
    }
}

/// Lays the environment's variables over the settings.
pub(super) fn lay_environment<'a>(
    base: &mut Table,
    variables: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<(), ConfigError> {
    let mut ours: Vec<(&str, &str)> =
        variables.into_iter().filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?, value))).collect();
    // In order of name, so that channel 0 is made before channel 1 whatever order the system lists them in.
    ours.sort_unstable();
    for (name, text) in ours {
        let refuse = |problem: &str| ConfigError::new(&format!("{PREFIX}{name}"), problem);
        let parts: Vec<String> = name.split("__").map(str::to_lowercase).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match parts.as_slice() {
            [key] => put_text(base, key, text)?,
            ["channels", which, key] => put_text(channel(base, which).map_err(|words| refuse(&words))?, key, text)?,
            [section, key] => match base.entry(*section).or_insert_with(|| Value::Table(Table::new())) {
                Value::Table(section) => put_text(section, key, text)?,
                _ => return Err(refuse("that is no section")),
            },
            _ => return Err(refuse("write BANSOU__SECTION__KEY, or BANSOU__CHANNELS__ID__KEY for a channel")),
        }
    }
    Ok(())
}

fn channel<'a>(base: &'a mut Table, which: &str) -> Result<&'a mut Table, String> {
    let Value::Array(channels) = base.entry("channels").or_insert_with(|| Value::Array(Vec::new())) else {
        return Err("channels must be written as [[channels]]".to_owned());
    };
    let known = |channel: &Value| channel.get("id").and_then(Value::as_str).is_some_and(|id| env_name(id) == which);
    let index = match which.parse::<usize>() {
        Ok(index) => index,
        Err(_) => {
            channels.iter().position(known).ok_or("there is no channel of this id; a new one is named by its place")?
        }
    };
    if index > channels.len() {
        return Err(format!("there are {} channels; the next new one has the place {0}", channels.len()));
    }
    if index == channels.len() {
        channels.push(Value::Table(Table::new()));
    }
    channels[index].as_table_mut().ok_or_else(|| "that is no channel".to_owned())
}

/// How a channel's id is written in a variable's name.
fn env_name(id: &str) -> String {
    id.to_lowercase().replace('-', "_")
}

fn put_text(table: &mut Table, key: &str, text: &str) -> Result<(), ConfigError> {
    // What kind of value is meant is told by the default; a text that looks like a number stays a text.
    let value = match table.get(key) {
        Some(Value::Integer(_)) => {
            text.parse().map(Value::Integer).map_err(|_| ConfigError::new(key, "must be a whole number"))?
        }
        _ if text.starts_with('[') => {
            let list: Table = format!("list = {text}").parse().map_err(|_| ConfigError::new(key, "is no list"))?;
            list.get("list").cloned().unwrap_or(Value::Array(Vec::new()))
        }
        _ => Value::String(text.to_owned()),
    };
    put(table, key, value);
    Ok(())
}

fn put(table: &mut Table, key: &str, value: Value) {
    match key.strip_suffix("_file") {
        Some(stem) => table.remove(stem),
        None => table.remove(&format!("{key}_file")),
    };
    table.insert(key.to_owned(), value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn a_later_layer_changes_only_what_it_names() {
        let mut base = table("[web]\nbind = 'a'\npublic_url = 'b'\n[worker]\nbatch = 1");
        lay_over(&mut base, table("[web]\nbind = 'c'"));
        assert_eq!(base, table("[web]\nbind = 'c'\npublic_url = 'b'\n[worker]\nbatch = 1"));
    }

    #[test]
    fn the_environment_sets_keys_numbers_and_channels_by_id_or_place() {
        let mut base = table("environment = 'x'\n[worker]\nbatch = 1\n[[channels]]\nid = 'line-main'\nkind = 'line'");
        let variables = [
            ("BANSOU__ENVIRONMENT", "production"),
            ("BANSOU__WORKER__BATCH", "20"),
            ("BANSOU__CHANNELS__LINE_MAIN__CHANNEL_SECRET", "0123"),
            ("BANSOU__CHANNELS__1__ID", "sms"),
            ("BANSOU__CHANNELS__1__AUTH_TOKEN", "[\"a\", \"b\"]"),
            ("PATH", "/bin"),
        ];
        lay_environment(&mut base, variables).unwrap();
        let wanted = "environment = 'production'\n[worker]\nbatch = 20\n\
            [[channels]]\nid = 'line-main'\nkind = 'line'\nchannel_secret = '0123'\n[[channels]]\nid = 'sms'\nauth_token = ['a', 'b']";
        assert_eq!(base, table(wanted));
    }

    #[test]
    fn a_variable_that_means_nothing_is_named() {
        for (name, value) in [
            ("BANSOU__CHANNELS__NOBODY__FROM", "x"),
            ("BANSOU__CHANNELS__1__FROM", "x"),
            ("BANSOU__A__B__C", "x"),
            ("BANSOU__WORKER__BATCH", "many"),
        ] {
            let error = lay_environment(&mut table("[worker]\nbatch = 1"), [(name, value)]).unwrap_err().to_string();
            assert!(error.contains(name) || error.contains("batch"), "{error}");
        }
    }

    #[test]
    fn a_secret_as_a_file_takes_the_place_of_one_as_text() {
        let mut base = table("[database]\nurl = 'sqlite://x'");
        lay_over(&mut base, table("[database]\nurl_file = 'secret'"));
        assert_eq!(base, table("[database]\nurl_file = 'secret'"));
        lay_over(&mut base, table("[database]\nurl = 'y'"));
        assert_eq!(base, table("[database]\nurl = 'y'"));
    }
}

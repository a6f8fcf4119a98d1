//! Git's variables of the environment, as a hook finds them.
#![expect(clippy::disallowed_methods, reason = "the only place where Git's variables are read")]

use std::path::PathBuf;

/// Returns the index that the running command works on (`GIT_INDEX_FILE`).
pub fn index_file() -> Option<PathBuf> {
    std::env::var_os("GIT_INDEX_FILE").filter(|file| !file.is_empty()).map(PathBuf::from)
}

/// Returns the editor that Git would start; `git commit` sets it to `:` for hooks where none will be.
pub fn editor() -> Option<String> {
    std::env::var("GIT_EDITOR").ok()
}

/// Returns the author's date as the running command exports it, `@SECONDS ZONE`.
pub fn author_date() -> Option<String> {
    std::env::var("GIT_AUTHOR_DATE").ok()
}

/// Returns what a running sequence calls its steps, as `rebase (pick)`.
pub fn reflog_action() -> Option<String> {
    std::env::var("GIT_REFLOG_ACTION").ok()
}

/// Returns the configuration that `git -c` gave to this command, each word in quotes.
pub(super) fn config_parameters() -> Option<String> {
    std::env::var("GIT_CONFIG_PARAMETERS").ok()
}

/// Returns the pairs of `GIT_CONFIG_COUNT`, `GIT_CONFIG_KEY_n` and `GIT_CONFIG_VALUE_n`.
pub(super) fn config_pairs() -> Vec<(String, Option<String>)> {
    let count = std::env::var("GIT_CONFIG_COUNT").ok().and_then(|text| text.parse::<u16>().ok());
    let pair = |number| {
        let key = std::env::var(format!("GIT_CONFIG_KEY_{number}")).ok()?;
        Some((key, std::env::var(format!("GIT_CONFIG_VALUE_{number}")).ok()))
    };
    (0..count.unwrap_or(0)).map_while(pair).collect()
}

/// Returns the committer's name and mail, where the environment gives one of them.
pub(super) fn committer() -> (Option<String>, Option<String>) {
    let given = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    (given("GIT_COMMITTER_NAME"), given("GIT_COMMITTER_EMAIL"))
}

/// Returns the author's name and mail, as `git commit` exports them for its hooks.
pub fn author() -> (Option<String>, Option<String>) {
    (std::env::var("GIT_AUTHOR_NAME").ok(), std::env::var("GIT_AUTHOR_EMAIL").ok())
}

/// Says whether Git itself follows no replaced objects (`GIT_NO_REPLACE_OBJECTS`, set by `--no-replace-objects` too).
pub fn ignores_replacements() -> bool {
    std::env::var_os("GIT_NO_REPLACE_OBJECTS").is_some()
}

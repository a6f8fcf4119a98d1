//! Configuration of one command: `git -c KEY=VALUE`, and `GIT_CONFIG_COUNT` with its pairs.
//!
//! Git hands it to hooks by the environment, and libgit2 does not read it.

use crate::git::environment;

/// Finds the value of a key, which stands above all files; a key without a value is `true`.
pub(super) fn find(key: &str) -> Option<String> {
    let parameters = environment::config_parameters().unwrap_or_default();
    let last = |pairs: Vec<(String, Option<String>)>| {
        let found = pairs.into_iter().rev().find(|(name, _)| is_same_key(name, key));
        found.map(|(_, value)| value.unwrap_or_else(|| "true".to_owned()))
    };
    last(parse(&parameters)).or_else(|| last(environment::config_pairs()))
}

/// Reads a value as Git reads one that is true or false; `None` for any other text.
pub(super) fn as_bool(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some(true),
        "false" | "no" | "off" | "" => Some(false),
        number => number.parse::<i64>().ok().map(|number| number != 0),
    }
}

/// Section and name match in any case, what stands between them only as it is.
fn is_same_key(one: &str, other: &str) -> bool {
    let parts = |key: &str| {
        let (section, rest) = key.split_once('.')?;
        let (middle, name) = rest.rsplit_once('.').unwrap_or(("", rest));
        Some((section.to_ascii_lowercase(), middle.to_owned(), name.to_ascii_lowercase()))
    };
    parts(one).is_some_and(|one| Some(one) == parts(other))
}

/// Reads `'KEY'='VALUE'`, again and again; before Git 2.31 it was `'KEY=VALUE'`.
fn parse(parameters: &str) -> Vec<(String, Option<String>)> {
    let mut pairs = Vec::new();
    let mut rest = parameters.trim_start();
    while let Some((word, after)) = unquote(rest) {
        rest = after.trim_start();
        if let Some(quoted) = after.strip_prefix('=') {
            let (value, after) = unquote(quoted).map_or((None, quoted), |(v, a)| (Some(v), a));
            rest = after.trim_start();
            pairs.push((word, value));
        } else if let Some((key, value)) = word.split_once('=') {
            pairs.push((key.to_owned(), Some(value.to_owned())));
        } else {
            pairs.push((word, None));
        }
    }
    pairs
}

/// Reads one word in single quotes, in which `'\''` and `'\!'` stand for the middle one.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('\'')?;
    let mut word = String::new();
    loop {
        let end = rest.find('\'')?;
        word.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        let escaped = rest.strip_prefix('\\').and_then(|rest| {
            let character = rest.chars().next().filter(|c| matches!(c, '\'' | '!'))?;
            Some((character, rest[1..].strip_prefix('\'')?))
        });
        let Some((character, after)) = escaped else { return Some((word, rest)) };
        word.push(character);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_parameters_are_read() {
        let pair = |key: &str, value: &str| (key.to_owned(), Some(value.to_owned()));
        assert_eq!(
            parse(r"'core.commentchar'=';' 'a.b'='it'\''s so'\!'' 'c.d=e=f' 'g.h' 'i.j'="),
            [
                pair("core.commentchar", ";"),
                pair("a.b", "it's so!"),
                pair("c.d", "e=f"),
                ("g.h".to_owned(), None),
                ("i.j".to_owned(), None),
            ]
        );
        assert_eq!(parse("'torn"), []);
    }

    #[test]
    fn only_the_middle_of_a_key_has_a_case() {
        assert!(is_same_key("CORE.commentchar", "core.commentChar"));
        assert!(is_same_key("model.agent.X.phase", "model.agent.X.Phase"));
        assert!(!is_same_key("model.agent.x.phase", "model.agent.X.phase"));
        assert!(!is_same_key("model.phase", "model.agent.phase"));
    }

    #[test]
    fn truth_is_spelled_as_in_git() {
        assert_eq!(as_bool("ON"), Some(true));
        assert_eq!(as_bool("0"), Some(false));
        assert_eq!(as_bool(""), Some(false));
        assert_eq!(as_bool("maybe"), None);
    }
}

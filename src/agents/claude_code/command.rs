//! Commands that a person types with a slash in front.

/// Returns the command that a prompt in a session file ran: `<command-name>/x</command-name>`, or `/x` alone.
pub(super) fn named(prompt: &str) -> Option<&str> {
    const OPEN: &str = "<command-name>";
    let name = match prompt.find(OPEN) {
        Some(start) => prompt[start + OPEN.len()..].split('<').next()?,
        None => prompt.split_whitespace().next().filter(|word| word.starts_with('/'))?,
    };
    let name = name.trim().trim_start_matches('/');
    // A path is none.
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b":-_.".contains(&byte);
    (!name.is_empty() && name.len() <= 64 && name.bytes().all(is_name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_found_in_a_prompt() {
        let asked = "<command-message>x</command-message>\n<command-name>/x:y</command-name>";
        assert_eq!(named(asked), Some("x:y"));
        assert_eq!(named("/code-review main"), Some("code-review"));
        assert_eq!(named("please run /code-review"), None);
        assert_eq!(named("/"), None);
        assert_eq!(named("/home/ada/notes.md says it"), None);
    }
}

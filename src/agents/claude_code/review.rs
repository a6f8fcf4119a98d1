//! Names of commands, skills and helpers that read a change.

/// Tells a name that says review: `code-review`, `/security-review`, `reviewer`, `simplify`.
///
/// Such a one only read the change: what it found is not known here.
pub(super) fn is_review(name: &str) -> bool {
    let name = name.trim_start_matches('/').to_ascii_lowercase();
    // A preview is none.
    let mut found = name.match_indices("review");
    found.any(|(start, _)| !name[..start].ends_with('p')) || name == "simplify"
}

/// Returns the command that a prompt in a session file ran: `<command-name>/x</command-name>`, or `/x` alone.
pub(super) fn command(prompt: &str) -> Option<&str> {
    const OPEN: &str = "<command-name>";
    let name = match prompt.find(OPEN) {
        Some(start) => prompt[start + OPEN.len()..].split('<').next()?,
        None => prompt.split_whitespace().next().filter(|word| word.starts_with('/'))?,
    };
    let name = name.trim().trim_start_matches('/');
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_review_or_not() {
        for name in
            ["code-review", "/security-review", "reviewer", "myreview", "Review", "simplify"]
        {
            assert!(is_review(name), "{name}");
        }
        for name in ["preview", "Plan", "general-purpose", "", "simplify-names", "previewer"] {
            assert!(!is_review(name), "{name}");
        }
    }

    #[test]
    fn a_command_is_found_in_a_prompt() {
        let asked = "<command-message>x</command-message>\n<command-name>/x:y</command-name>";
        assert_eq!(command(asked), Some("x:y"));
        assert_eq!(command("/code-review main"), Some("code-review"));
        assert_eq!(command("please run /code-review"), None);
        assert_eq!(command("/"), None);
    }
}

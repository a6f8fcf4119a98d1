//! Author and committer of a commit.

/// A name and an address as they stand in a commit, borrowed from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Identity<'a> {
    /// The name before the angle brackets, trimmed.
    pub name: &'a str,
    /// The address without its angle brackets; empty where there is none.
    pub mail: &'a str,
}

impl<'a> Identity<'a> {
    /// Reads `Name <mail>`, anything after the closing bracket left aside.
    pub fn parse(text: &'a str) -> Self {
        match text.split_once('<') {
            Some((name, rest)) => Self {
                name: name.trim(),
                mail: rest.split_once('>').map_or(rest, |(mail, _)| mail).trim(),
            },
            None => Self { name: text.trim(), mail: "" },
        }
    }
}

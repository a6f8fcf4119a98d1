//! A commit as it stands in the object database, taken apart and not yet decoded.

use std::borrow::Cow;

use crate::git::text::decode;
use crate::provenance::{CommitId, CommitText, Identity};

/// One commit, borrowed from the buffer that it was inflated into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCommit<'a> {
    /// Its id.
    pub id: CommitId,
    /// Who wrote the change.
    pub author: RawIdentity<'a>,
    /// Who made the commit.
    pub committer: RawIdentity<'a>,
    /// The `encoding` header.
    pub encoding: Option<&'a str>,
    /// The message, byte by byte.
    pub message: &'a [u8],
    /// The id of the tree of files, as the header has it.
    tree: &'a [u8],
    /// The lines of the parents, as `parent ID\n`.
    parent_lines: &'a [u8],
}

/// A person and a time, as a commit's header has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RawIdentity<'a> {
    /// The name.
    pub name: &'a [u8],
    /// The address.
    pub mail: &'a [u8],
    /// Seconds since 1970; 0 where the header is damaged.
    pub seconds: i64,
    /// The offset from UTC in minutes.
    pub offset_minutes: i32,
}

/// The text of a commit, decoded to UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedCommit<'a> {
    author: [Cow<'a, str>; 2],
    committer: [Cow<'a, str>; 2],
    /// The whole message.
    pub message: Cow<'a, str>,
}

impl<'a> RawCommit<'a> {
    /// Takes a commit object apart; `None` if it has no author, committer or end of the header.
    pub fn parse(id: CommitId, object: &'a [u8]) -> Option<Self> {
        let (tree, mut rest) = line_after(object, b"tree ")?;
        let parents_start = rest;
        while let Some((_, after)) = line_after(rest, b"parent ") {
            rest = after;
        }
        let parent_lines = &parents_start[..parents_start.len() - rest.len()];
        let (author, after) = line_after(rest, b"author ")?;
        let (committer, mut rest) = line_after(after, b"committer ")?;
        let mut encoding = None;
        while !rest.is_empty() && !rest.starts_with(b"\n") {
            if let Some((value, after)) = line_after(rest, b"encoding ") {
                encoding = std::str::from_utf8(value).ok();
                rest = after;
            } else {
                rest = line_after(rest, b"")?.1;
            }
        }
        Some(Self {
            id,
            author: RawIdentity::parse(author),
            committer: RawIdentity::parse(committer),
            encoding,
            message: rest.get(1..).unwrap_or_default(),
            tree,
            parent_lines,
        })
    }

    /// Returns the tree of files; `None` where the header is damaged.
    pub fn tree(&self) -> Option<CommitId> {
        std::str::from_utf8(self.tree).ok()?.parse().ok()
    }

    /// Returns the parents, the first first; a damaged line ends the list.
    pub fn parents(&self) -> impl Iterator<Item = CommitId> + use<'a> {
        self.parent_lines.split(|byte| *byte == b'\n').map_while(|line| {
            std::str::from_utf8(line.strip_prefix(b"parent ")?).ok()?.parse().ok()
        })
    }

    /// Decodes names and message to UTF-8, without copying where they are UTF-8 already.
    pub fn decode(&self) -> DecodedCommit<'a> {
        let text = |bytes| decode(bytes, self.encoding);
        DecodedCommit {
            author: [text(self.author.name), text(self.author.mail)],
            committer: [text(self.committer.name), text(self.committer.mail)],
            message: text(self.message),
        }
    }
}

impl<'a> RawIdentity<'a> {
    /// Reads `Name <mail> SECONDS +HHMM` and forgives what is missing.
    fn parse(line: &'a [u8]) -> Self {
        let Some(open) = memchr::memchr(b'<', line) else {
            return Self { name: line.trim_ascii(), ..Self::default() };
        };
        let after = &line[open + 1..];
        let mail = &after[..memchr::memchr(b'>', after).unwrap_or(after.len())];
        let date = memchr::memrchr(b'>', after).map_or(&b""[..], |close| &after[close + 1..]);
        let mut words = std::str::from_utf8(date).unwrap_or_default().split_ascii_whitespace();
        let seconds = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        let zone = words.next().and_then(|word| word.parse::<i32>().ok()).unwrap_or(0);
        Self {
            name: line[..open].trim_ascii(),
            mail: mail.trim_ascii(),
            seconds,
            offset_minutes: zone / 100 * 60 + zone % 100,
        }
    }
}

impl DecodedCommit<'_> {
    /// Returns what a reader of marks is shown.
    pub fn text(&self) -> CommitText<'_> {
        CommitText {
            author: Identity { name: &self.author[0], mail: &self.author[1] },
            committer: Identity { name: &self.committer[0], mail: &self.committer[1] },
            message: &self.message,
        }
    }

    /// Returns the first line of the message that is not blank.
    pub fn subject(&self) -> &str {
        self.message.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim()
    }
}

/// Returns the rest of the first line after a prefix, and what follows that line.
fn line_after<'a>(bytes: &'a [u8], prefix: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let rest = bytes.strip_prefix(prefix)?;
    let end = memchr::memchr(b'\n', rest)?;
    Some((&rest[..end], &rest[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> CommitId {
        "0123456789abcdef0123456789abcdef01234567".parse().unwrap()
    }

    #[test]
    fn a_signed_merge_in_latin_1_is_taken_apart() {
        let object = b"tree 0123456789abcdef0123456789abcdef01234567\n\
            parent 1123456789abcdef0123456789abcdef01234567\n\
            parent 2123456789abcdef0123456789abcdef01234567\n\
            author J\xf6 <jo@example.com> 1700000000 -0230\n\
            committer C <c@example.com> 1700000001 +0100\n\
            encoding ISO-8859-1\n\
            gpgsig -----BEGIN\n encoding UTF-8\n -----END\n\
            \nCaf\xe9\n\nBody\n";
        let commit = RawCommit::parse(id(), object).unwrap();
        assert_eq!(commit.parents().count(), 2);
        assert_eq!((commit.author.seconds, commit.author.offset_minutes), (1_700_000_000, -150));
        assert_eq!(commit.message, b"Caf\xe9\n\nBody\n");
        let decoded = commit.decode();
        assert_eq!(decoded.subject(), "Café");
        assert_eq!(decoded.text().author, Identity { name: "Jö", mail: "jo@example.com" });
    }

    #[test]
    fn an_empty_message_and_a_broken_identity_do_not_fail() {
        let object = b"tree 01\nauthor nobody\ncommitter A <b\n";
        let commit = RawCommit::parse(id(), object).unwrap();
        assert_eq!(commit.author.name, b"nobody");
        assert_eq!(commit.committer.mail, b"b");
        assert_eq!(commit.message, b"");
        assert!(RawCommit::parse(id(), b"tree 01\n\nmessage").is_none());
    }
}

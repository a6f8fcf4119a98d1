//! Trailers as Git finds them: the last paragraph of a message, by the rules of `git interpret-trailers`.

/// The line below which Git keeps nothing of a message, after the comment string and a blank.
const SCISSORS: &str = "------------------------ >8 ------------------------";

/// The comment string of Git's default configuration.
const DEFAULT_COMMENT: &str = "#";

/// Lines that Git itself writes. One of them lets a block hold other lines than trailers.
const MADE_BY_GIT: [&str; 2] = ["Signed-off-by: ", "(cherry picked from commit "];

/// One trailer of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trailer {
    /// The key, without blanks around it, spelled as in the message.
    pub key: String,
    /// The value on one line: continuation lines are joined with one blank.
    pub value: String,
    /// The line of the message where the trailer starts, from 1.
    pub line: usize,
}

/// Returns the trailers of a message, in order.
///
/// Finds what `git interpret-trailers --parse --no-divider` prints with default configuration:
/// trailers stand in the last paragraph, which is not the first. All its lines are trailers, or
/// one is made by Git and at least a quarter are trailers. Comment lines, blank lines and an old
/// `Conflicts:` list at the end are passed over.
pub fn parse_trailers(message: &str) -> Vec<Trailer> {
    // Git reads the message as a C string.
    let text = message.split('\0').next().unwrap_or_default();
    let lines: Vec<&str> = text.split_inclusive('\n').map(without_newline).collect();
    let end = lines.iter().position(|line| is_scissors(line, DEFAULT_COMMENT));
    find_block(&lines[..end.unwrap_or(lines.len())], Some(DEFAULT_COMMENT))
        .map(|block| block.entries.into_iter().map(|entry| entry.trailer).collect())
        .unwrap_or_default()
}

/// A block of trailers within lines; `end` is the first line that no longer belongs to it.
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) entries: Vec<Entry>,
}

/// A trailer in a block, with the lines that it covers, from 0, the last one excluded.
pub(super) struct Entry {
    pub(super) trailer: Trailer,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// Finds the block of trailers in lines without their `\n`; `None` where Git sees none.
///
/// With `comment`, lines that start with it count as absent, as in a file not yet cleaned.
pub(super) fn find_block(lines: &[&str], comment: Option<&str>) -> Option<Block> {
    let is_comment = |line: &str| comment.is_some_and(|comment| line.starts_with(comment));
    let end = end_of_message(lines, is_comment);
    let lines = &lines[..end];
    let start = block_start(lines, is_comment)?;
    Some(Block { start, end, entries: entries(lines, start, is_comment) })
}

/// Whether a line is the scissors line that `git commit -v` and `--cleanup=scissors` write.
pub(super) fn is_scissors(line: &str, comment: &str) -> bool {
    line.strip_prefix(comment).and_then(|rest| rest.strip_prefix(' ')) == Some(SCISSORS)
}

/// Whether a line holds nothing but what Git takes for white space.
pub(super) fn is_blank(line: &str) -> bool {
    line.chars().all(is_space)
}

/// White space as Git's own `isspace` sees it, whatever the locale.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

/// Returns a line without its final `\n`; a `\r` stays.
pub(super) fn without_newline(line: &str) -> &str {
    line.strip_suffix('\n').unwrap_or(line)
}

/// Returns where the message ends for Git: before a run of comments, empty lines and `Conflicts:`.
fn end_of_message(lines: &[&str], is_comment: impl Fn(&str) -> bool) -> usize {
    // A run that starts at the very first line is not seen by Git, so 0 can mean "no run".
    let mut run = 0;
    let mut in_conflicts = false;
    for (index, line) in lines.iter().enumerate() {
        let starts_conflicts = *line == "Conflicts:";
        if starts_conflicts || line.is_empty() || is_comment(line) {
            in_conflicts |= starts_conflicts;
            if run == 0 {
                run = index;
            }
        } else if !(in_conflicts && line.starts_with('\t')) && run != 0 {
            run = 0;
            in_conflicts = false;
        }
    }
    if run == 0 { lines.len() } else { run }
}

/// Walks up from the end to the blank line above the last paragraph and judges its lines.
fn block_start(lines: &[&str], is_comment: impl Fn(&str) -> bool) -> Option<usize> {
    let title_end = lines.iter().position(|line| !is_comment(line) && is_blank(line))?;
    let mut trailers = 0_usize;
    let mut others = 0_usize;
    // Indented lines belong to the trailer above them, or to the text if no trailer is there.
    let mut indented = 0_usize;
    let mut made_by_git = false;
    let mut seen_text = false;
    for index in (title_end..lines.len()).rev() {
        let line = lines[index];
        if is_comment(line) {
            others += indented;
            indented = 0;
        } else if is_blank(line) {
            if !seen_text {
                continue;
            }
            others += indented;
            let is_block = (made_by_git && trailers * 3 >= others) || (trailers > 0 && others == 0);
            return is_block.then_some(index + 1);
        } else {
            seen_text = true;
            if MADE_BY_GIT.iter().any(|prefix| line.starts_with(prefix)) {
                made_by_git = true;
                trailers += 1;
                indented = 0;
            } else if separator(line).is_some() {
                trailers += 1;
                indented = 0;
            } else if line.starts_with(is_space) {
                indented += 1;
            } else {
                others += 1 + indented;
                indented = 0;
            }
        }
    }
    None
}

fn entries(lines: &[&str], start: usize, is_comment: impl Fn(&str) -> bool) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut open = false;
    for (index, line) in lines.iter().enumerate().skip(start) {
        if line.is_empty() || line.starts_with(is_space) {
            if let Some(entry) = entries.last_mut().filter(|_| open) {
                entry.trailer.value.push(' ');
                entry.trailer.value.push_str(line.trim_start_matches(is_space));
                if !is_blank(line) {
                    entry.last = index + 1;
                }
            }
            continue;
        }
        let colon = if is_comment(line) { None } else { separator(line) };
        open = colon.is_some();
        if let Some(colon) = colon {
            let trailer = Trailer {
                key: line[..colon].trim_matches(is_space).to_owned(),
                value: line[colon + 1..].to_owned(),
                line: index + 1,
            };
            entries.push(Entry { trailer, first: index, last: index + 1 });
        }
    }
    for entry in &mut entries {
        let value = entry.trailer.value.trim_matches(is_space).to_owned();
        entry.trailer.value = value;
    }
    entries
}

/// Returns the place of the `:` after a key: letters, digits and `-`, then perhaps blanks.
pub(super) fn separator(line: &str) -> Option<usize> {
    let key = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    let blanks = line[key..].find(|c| c != ' ' && c != '\t')?;
    (key > 0 && line[key + blanks..].starts_with(':')).then_some(key + blanks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(message: &str) -> Vec<String> {
        parse_trailers(message)
            .into_iter()
            .map(|trailer| format!("{}|{}|{}", trailer.line, trailer.key, trailer.value))
            .collect()
    }

    #[test]
    fn the_last_paragraph_is_read_and_never_the_first() {
        assert_eq!(parsed("fix: thing\n"), [""; 0]);
        assert_eq!(parsed("fix\n\nbody\n\nModel: A (review)\n"), ["5|Model|A (review)"]);
        assert_eq!(parsed("fix\n\nModel: A\n\nbody\n"), [""; 0]);
        assert_eq!(parsed("fix\n\nModel: A\n\n# note\n\n"), ["3|Model|A"]);
    }

    #[test]
    fn other_lines_need_one_made_by_git_and_a_quarter_of_trailers() {
        assert_eq!(parsed("s\n\nprose here\nModel: A\n"), [""; 0]);
        let quarter = "s\n\none\ntwo\nthree\nSigned-off-by: A <a@b>\n";
        assert_eq!(parsed(quarter), ["6|Signed-off-by|A <a@b>"]);
        assert_eq!(parsed("s\n\none\ntwo\nthree\nfour\nSigned-off-by: A <a@b>\n"), [""; 0]);
        let picked = "s\n\nModel : A\nprose\n(cherry picked from commit 12)\n";
        assert_eq!(parsed(picked), ["3|Model|A"]);
    }

    #[test]
    fn continuation_lines_are_joined() {
        assert_eq!(parsed("s\n\nModel: A\n  (review)\n\tlate\n"), ["3|Model|A (review) late"]);
        assert_eq!(parsed("s\n\nModel:\n  A\n"), ["3|Model|A"]);
    }

    #[test]
    fn nothing_below_the_scissors_counts() {
        let text = format!("s\n\nA: b\n# {SCISSORS}\nC: d\n");
        assert_eq!(parsed(&text), ["3|A|b"]);
    }

    #[test]
    fn a_key_is_letters_digits_and_hyphens() {
        assert_eq!(separator("Co-authored-by: x"), Some(14));
        assert_eq!(separator("Key \t: x"), Some(5));
        assert_eq!(separator("two words: x"), None);
        assert_eq!(separator(": x"), None);
        assert_eq!(separator(" a: x"), None);
        assert_eq!(separator("schlüssel: x"), None);
    }
}

//! The message file that Git hands to its hooks (`COMMIT_EDITMSG`), before Git cleans it up.

use super::trailer::{Block, find_block, is_blank, is_scissors, is_space, without_newline};

/// How Git will clean the message, as `commit --cleanup` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cleanup {
    /// Comment lines go, white space is trimmed: the default where an editor was open.
    #[default]
    Strip,
    /// White space is trimmed, comment lines stay: the default without an editor.
    Whitespace,
    /// Nothing changes.
    Verbatim,
    /// As `Whitespace`, and the scissors line and all below it go.
    Scissors,
}

/// What Git's configuration and command line say about cleaning a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanupRules {
    /// Which clean-up Git will do.
    pub mode: Cleanup,
    /// What a comment line starts with: `core.commentString`, one or more characters.
    pub comment: String,
}

impl Default for CleanupRules {
    fn default() -> Self {
        Self { mode: Cleanup::Strip, comment: "#".to_owned() }
    }
}

/// Returns the comment string that Git chose for a message file under `core.commentChar=auto`.
///
/// Git takes the first of `#;@!$%^&|:` that starts no line of the message, and writes its hints with
/// it; so the scissors line or the run of hints at the end tells. `None` where there is neither.
pub fn detect_comment(text: &str) -> Option<String> {
    let candidate = |line: &str| line.chars().next().filter(|c| "#;@!$%^&|:".contains(*c));
    let lines: Vec<&str> = text.lines().collect();
    let of_scissors = lines.iter().find_map(|line| {
        candidate(line).filter(|comment| is_scissors(line, comment.encode_utf8(&mut [0; 4])))
    });
    let of_hints = || {
        let last = lines.iter().rev().find(|line| !is_blank(line))?;
        let rest = &last[candidate(last)?.len_utf8()..];
        (rest.is_empty() || rest.starts_with(is_space)).then(|| candidate(last)).flatten()
    };
    of_scissors.or_else(of_hints).map(String::from)
}

/// The text of a message file, with what Git will make of it.
#[derive(Debug, Clone)]
pub struct MessageFile<'a> {
    rules: CleanupRules,
    /// All lines, each with its line ending.
    lines: Vec<&'a str>,
    /// The scissors line, or the number of lines. Git keeps nothing from here on.
    cut: usize,
    /// The lines that the clean-up keeps, by their place in `lines`; no blank ones at either end.
    kept: Vec<usize>,
}

impl<'a> MessageFile<'a> {
    /// Reads the text of a message file.
    pub fn new(text: &'a str, rules: &CleanupRules) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        // In every mode: `commit -v` cuts there too, and `%(trailers)` reads no further.
        let cut = lines
            .iter()
            .position(|line| {
                !rules.comment.is_empty() && is_scissors(without_newline(line), &rules.comment)
            })
            .unwrap_or(lines.len());
        Self::with_cut(lines, cut, rules)
    }

    fn with_cut(lines: Vec<&'a str>, cut: usize, rules: &CleanupRules) -> Self {
        let strips = rules.mode == Cleanup::Strip && !rules.comment.is_empty();
        let mut kept: Vec<usize> = (0..cut)
            .filter(|index| !(strips && lines[*index].starts_with(&rules.comment)))
            .skip_while(|index| is_blank(lines[*index]))
            .collect();
        while kept.last().is_some_and(|index| is_blank(lines[*index])) {
            kept.pop();
        }
        Self { rules: rules.clone(), lines, cut, kept }
    }

    /// Returns the message as Git will store it.
    pub fn cleaned(&self) -> String {
        if self.rules.mode == Cleanup::Verbatim {
            return self.lines[..self.cut].concat();
        }
        let mut cleaned = String::new();
        let mut blank_before = false;
        for index in &self.kept {
            let line = self.lines[*index].trim_end_matches(is_space);
            if line.is_empty() {
                blank_before = true;
                continue;
            }
            if std::mem::take(&mut blank_before) {
                cleaned.push('\n');
            }
            cleaned.push_str(line);
            cleaned.push('\n');
        }
        cleaned
    }

    /// Whether Git will refuse the message as empty: nothing but blanks and `Signed-off-by` lines.
    pub fn is_empty(&self) -> bool {
        let cleaned = self.cleaned();
        (self.rules.mode != Cleanup::Verbatim || cleaned.is_empty()) && rest_is_empty(&cleaned)
    }

    /// Whether Git will refuse the message as an unchanged template.
    ///
    /// As in Git, a template with only `Signed-off-by` lines after it counts as unchanged, and one
    /// that is empty or kept verbatim never does.
    pub fn is_template(&self, template: &str) -> bool {
        let cleaned = self.cleaned();
        if template.is_empty() || (self.rules.mode == Cleanup::Verbatim && !cleaned.is_empty()) {
            return false;
        }
        // The template is cleaned whole; a scissors line in it means nothing to Git.
        let lines: Vec<&str> = template.split_inclusive('\n').collect();
        let template = MessageFile::with_cut(lines.clone(), lines.len(), &self.rules).cleaned();
        rest_is_empty(cleaned.strip_prefix(&template).unwrap_or(&cleaned))
    }

    /// Returns the line ending of the message: that of its first line, `\n` where there is none.
    pub fn line_ending(&self) -> &'static str {
        let first = self.kept.first().or(Some(&0)).and_then(|index| self.lines.get(*index));
        if first.is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" }
    }

    /// Returns the whole text of the file, as it was given.
    pub fn text(&self) -> String {
        self.lines.concat()
    }

    /// Returns the block of trailers, its lines being places in `kept`.
    ///
    /// Takes no line for a comment. Comments that the clean-up removes are gone from `kept`; one that
    /// stays is a comment for some settings only, and the block has to be one for every reader.
    pub(super) fn block(&self) -> Option<Block> {
        let trimmed: Vec<&str> = self.kept.iter().map(|index| self.content(*index)).collect();
        find_block(&trimmed, None)
    }

    /// Returns the places of the kept lines in `lines()`.
    pub(super) fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// Returns all lines, each with its ending.
    pub(super) fn lines(&self) -> &[&'a str] {
        &self.lines
    }

    pub(super) fn rules(&self) -> &CleanupRules {
        &self.rules
    }

    fn content(&self, index: usize) -> &'a str {
        match self.rules.mode {
            Cleanup::Verbatim => without_newline(self.lines[index]),
            _ => self.lines[index].trim_end_matches(is_space),
        }
    }
}

/// Whether a cleaned text holds nothing but blanks and `Signed-off-by` lines.
fn rest_is_empty(text: &str) -> bool {
    text.lines().all(|line| is_blank(line) || line.starts_with("Signed-off-by: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUT: &str = "# ------------------------ >8 ------------------------\n";

    fn rules(mode: Cleanup, comment: &str) -> CleanupRules {
        CleanupRules { mode, comment: comment.to_owned() }
    }

    fn cleaned(text: &str, mode: Cleanup) -> String {
        MessageFile::new(text, &rules(mode, "#")).cleaned()
    }

    #[test]
    fn each_mode_cleans_as_git_does() {
        let text = "\n# hint\nfix  \n\n\n# hint\n\nbody\t\r\n\n# end\n";
        assert_eq!(cleaned(text, Cleanup::Strip), "fix\n\nbody\n");
        assert_eq!(cleaned(text, Cleanup::Whitespace), "# hint\nfix\n\n# hint\n\nbody\n\n# end\n");
        assert_eq!(cleaned(text, Cleanup::Verbatim), text);
        let verbose = format!("fix\n{CUT}# note\ndiff --git a b\n");
        assert_eq!(cleaned(&verbose, Cleanup::Strip), "fix\n");
        assert_eq!(cleaned(&verbose, Cleanup::Scissors), "fix\n");
    }

    #[test]
    fn a_message_of_blanks_comments_and_sign_offs_is_empty() {
        let is_empty = |text, mode| MessageFile::new(text, &rules(mode, "#")).is_empty();
        assert!(is_empty("", Cleanup::Strip));
        assert!(is_empty("\n# hint\n", Cleanup::Strip));
        assert!(is_empty("\nSigned-off-by: A <a@b>\n# hint\n", Cleanup::Strip));
        assert!(!is_empty("\n# hint\n", Cleanup::Whitespace));
        assert!(!is_empty("\n", Cleanup::Verbatim));
        assert!(is_empty("", Cleanup::Verbatim));
        assert!(!is_empty("Signed-off-by:A\n", Cleanup::Strip));
        assert!(is_empty(&format!("{CUT}diff\n"), Cleanup::Strip));
    }

    #[test]
    fn a_template_is_untouched_when_only_sign_offs_follow() {
        let template = "area: \n\n# say why\nWhy:\n";
        let is_template =
            |text, mode| MessageFile::new(text, &rules(mode, "#")).is_template(template);
        assert!(is_template("area:\n\nWhy:\n# hint\n", Cleanup::Strip));
        assert!(is_template("area: \n\nWhy:\n\nSigned-off-by: A <a@b>\n", Cleanup::Strip));
        assert!(!is_template("area: \n\nWhy: so\n", Cleanup::Strip));
        assert!(!is_template(template, Cleanup::Verbatim));
        let text = MessageFile::new("fix\n", &CleanupRules::default()).is_template("");
        assert!(!text);
    }

    #[test]
    fn the_comment_string_is_found_at_the_end() {
        let found = |text: &str| detect_comment(text);
        assert_eq!(found("fix\n\n; Please enter\n;\n;\tmodified: a\n"), Some(";".into()));
        assert_eq!(found("# title\n\n; Please\n;\n"), Some(";".into()));
        assert_eq!(found("fix\n\n#123 is done\n"), None);
        assert_eq!(found("fix\n"), None);
        let verbose = "fix\n@ ------------------------ >8 ------------------------\n+# x\n";
        assert_eq!(found(verbose), Some("@".into()));
    }

    #[test]
    fn the_line_ending_is_that_of_the_first_line() {
        let ending =
            |text: &'static str| MessageFile::new(text, &CleanupRules::default()).line_ending();
        assert_eq!(ending("fix\r\n\r\n# hint\n"), "\r\n");
        assert_eq!(ending("fix\n"), "\n");
        assert_eq!(ending(""), "\n");
    }
}

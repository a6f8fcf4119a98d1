//! Puts trailers into a message file and takes them out, leaving every other byte as it was.

use super::message::MessageFile;
use super::trailer::{Entry, is_blank, is_space, separator};

impl MessageFile<'_> {
    /// Returns the text of the file with whole-line trailers added to and removed from its block.
    ///
    /// `add` goes to the end of the block, or into a new paragraph after the message; a trailer that
    /// the block already has (same value, same key but for case) is not repeated. `remove` names
    /// trailers of the block by exact key and value; a block that becomes empty leaves no blank lines.
    /// Git will read the result's trailers, ours among them. A message that Git would refuse as
    /// empty is returned as it is: with a trailer it would be committed.
    pub fn with_trailers(&self, add: &[String], remove: &[String]) -> String {
        let text = self.without(remove);
        MessageFile::new(&text, self.rules()).with(add)
    }

    fn with(&self, add: &[String]) -> String {
        let first = |index: &usize| self.lines()[*index].starts_with("Signed-off-by: ");
        let kept = self.kept();
        let Some(mut last) = kept
            .last()
            .copied()
            .filter(|_| !kept.iter().all(|index| is_blank(self.lines()[*index]) || first(index)))
        else {
            return self.text();
        };
        let block = self.block();
        let mut present: Vec<(String, String)> = Vec::new();
        if let Some(block) = &block {
            let end = (block.start..block.end).rfind(|place| !is_blank(self.lines()[kept[*place]]));
            last = end.map_or(last, |place| kept[place]);
            present.extend(block.entries.iter().map(|entry| {
                (entry.trailer.key.to_ascii_lowercase(), entry.trailer.value.clone())
            }));
        }
        let mut new_lines: Vec<&str> = Vec::new();
        for line in add.iter().map(|line| line.trim_matches(is_space)) {
            let (key, value) = key_and_value(line);
            let trailer = (key.to_ascii_lowercase(), value.to_owned());
            if !line.is_empty() && !present.contains(&trailer) {
                present.push(trailer);
                new_lines.push(line);
            }
        }
        if new_lines.is_empty() {
            return self.text();
        }
        let ending = self.line_ending();
        let mut text = self.lines()[..=last].concat();
        // Every line of ours ends as the line before it did, so a text without a last newline stays so.
        let is_open = !text.ends_with('\n');
        let separator = if block.is_none() { ending } else { "" };
        if is_open {
            text.push_str(ending);
        }
        text.push_str(separator);
        text.push_str(&new_lines.join(ending));
        if !is_open {
            text.push_str(ending);
        }
        text.push_str(&self.lines()[last + 1..].concat());
        text
    }

    fn without(&self, remove: &[String]) -> String {
        let Some(block) = self.block() else { return self.text() };
        let kept = self.kept();
        let is_unwanted = |entry: &&Entry| {
            remove.iter().any(|line| {
                key_and_value(line.trim_matches(is_space))
                    == (entry.trailer.key.as_str(), entry.trailer.value.as_str())
            })
        };
        let mut gone = vec![false; self.lines().len()];
        for entry in block.entries.iter().filter(is_unwanted) {
            for place in entry.first..entry.last {
                gone[kept[place]] = true;
            }
        }
        if !gone.contains(&true) {
            return self.text();
        }
        let is_left = |place: &usize| !gone[kept[*place]] && !is_blank(self.lines()[kept[*place]]);
        if !(block.start..block.end).any(|place| is_left(&place)) {
            for place in (0..block.start).rev() {
                if !is_blank(self.lines()[kept[place]]) {
                    break;
                }
                gone[kept[place]] = true;
            }
        }
        let mut text: String = self
            .lines()
            .iter()
            .zip(&gone)
            .filter(|(_, gone)| !**gone)
            .map(|(line, _)| *line)
            .collect();
        if self.lines().last().is_some_and(|line| !line.ends_with('\n')) && text.ends_with('\n') {
            text.truncate(
                text.strip_suffix("\r\n").or(text.strip_suffix('\n')).map_or(0, str::len),
            );
        }
        text
    }
}

/// Splits a whole-line trailer; a line without a key is its own value.
fn key_and_value(line: &str) -> (&str, &str) {
    match separator(line) {
        Some(colon) => {
            (line[..colon].trim_end_matches(is_space), line[colon + 1..].trim_matches(is_space))
        }
        None => ("", line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::message::{Cleanup, CleanupRules};
    use crate::provenance::trailer::parse_trailers;

    const PLAN: &str = "Model: Opus 5.5 (architecture)";
    const WORK: &str = "Model: Sonnet 5.5 (implementation)";
    const CUT: &str = "# ------------------------ >8 ------------------------\n";

    fn edit(text: &str, mode: Cleanup, comment: &str, add: &[&str], remove: &[&str]) -> String {
        let rules = CleanupRules { mode, comment: comment.to_owned() };
        let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let once = MessageFile::new(text, &rules).with_trailers(&own(add), &own(remove));
        let again = MessageFile::new(&once, &rules).with_trailers(&own(add), &own(remove));
        assert_eq!(once, again, "a second run changes {text:?}");
        once
    }

    /// `{P}` and `{W}` stand for the two trailers, `{C}` for the scissors line.
    fn fill(text: &str) -> String {
        text.replace("{P}", PLAN).replace("{W}", WORK).replace("{C}", CUT)
    }

    const ADDED: &[(&str, &str)] = &[
        ("fix\n", "fix\n\n{P}\n"),
        ("fix", "fix\n\n{P}"),
        ("fix: thing\n", "fix: thing\n\n{P}\n"),
        ("Model: thing\n", "Model: thing\n\n{P}\n"),
        ("Signed-off-by: me\nfix\n", "Signed-off-by: me\nfix\n\n{P}\n"),
        ("\n\nfix: thing\n", "\n\nfix: thing\n\n{P}\n"),
        ("\n# hint\n\nfix: thing\n", "\n# hint\n\nfix: thing\n\n{P}\n"),
        ("fix: a\nb: c\n", "fix: a\nb: c\n\n{P}\n"),
        ("fix\n\nbody\n", "fix\n\nbody\n\n{P}\n"),
        ("fix\n\nbody", "fix\n\nbody\n\n{P}"),
        ("fix\n\nbody\n\n\n", "fix\n\nbody\n\n{P}\n\n\n"),
        ("fix\n\nA: b\n", "fix\n\nA: b\n{P}\n"),
        ("fix\n\nA: b", "fix\n\nA: b\n{P}"),
        ("fix\n\nA: b\n\n", "fix\n\nA: b\n{P}\n\n"),
        ("fix\n\nA: b\n  c\n", "fix\n\nA: b\n  c\n{P}\n"),
        ("fix\n\nA: b\n# hint\nC: d\n", "fix\n\nA: b\n# hint\nC: d\n{P}\n"),
        ("fix\n\nsee http://a.b\nhttp://c.d\n", "fix\n\nsee http://a.b\nhttp://c.d\n\n{P}\n"),
        ("fix\n\nhttp://c.d\n", "fix\n\nhttp://c.d\n{P}\n"),
        ("fix\n\nprose\nA: b\n", "fix\n\nprose\nA: b\n\n{P}\n"),
        ("fix\n\nprose\nSigned-off-by: a\n", "fix\n\nprose\nSigned-off-by: a\n{P}\n"),
        ("fix\n\na\nb\nc\nd\nSigned-off-by: a\n", "fix\n\na\nb\nc\nd\nSigned-off-by: a\n\n{P}\n"),
        ("fix\n\n(cherry picked from commit 1)\n", "fix\n\n(cherry picked from commit 1)\n{P}\n"),
        ("fix\n\n  only indented\n", "fix\n\n  only indented\n\n{P}\n"),
        ("fix\n\nA: b\n---\n", "fix\n\nA: b\n---\n\n{P}\n"),
        ("fix\n\nbody\n---\nmore\n", "fix\n\nbody\n---\nmore\n\n{P}\n"),
        ("fix\n\nbody\n---\n\nA: b\n", "fix\n\nbody\n---\n\nA: b\n{P}\n"),
        ("fix\n\n# hint\n#\n", "fix\n\n{P}\n\n# hint\n#\n"),
        ("fix\n# hint\n", "fix\n\n{P}\n# hint\n"),
        ("fix\n# hint\nA: b\n", "fix\n# hint\nA: b\n\n{P}\n"),
        ("fix\n\nA: b\n\n# hint\n", "fix\n\nA: b\n{P}\n\n# hint\n"),
        ("fix\n{C}diff\n+A: b\n", "fix\n\n{P}\n{C}diff\n+A: b\n"),
        ("fix\n\nA: b\n\n# x\n{C}\nA: b\n", "fix\n\nA: b\n{P}\n\n# x\n{C}\nA: b\n"),
        ("fix\r\n\r\nbody\r\n", "fix\r\n\r\nbody\r\n\r\n{P}\r\n"),
        ("fix\r\n\r\nA: b\r\n\r\n# hint\n", "fix\r\n\r\nA: b\r\n{P}\r\n\r\n# hint\n"),
        ("fix\r\n\r\nbody", "fix\r\n\r\nbody\r\n\r\n{P}"),
        ("fix\n\n{P}\n", "fix\n\n{P}\n"),
        ("fix\n\nmodel:   Opus 5.5 (architecture)\n", "fix\n\nmodel:   Opus 5.5 (architecture)\n"),
        ("fix\n\nModel: Opus 5.5\n (architecture)\n", "fix\n\nModel: Opus 5.5\n (architecture)\n"),
        ("fix\n\n{P}\n\nbody\n", "fix\n\n{P}\n\nbody\n\n{P}\n"),
        ("fix\n\n{W}\nA: b\n", "fix\n\n{W}\nA: b\n{P}\n"),
        ("fix\n\nA: b\n\nConflicts:\n\tfile\n", "fix\n\nA: b\n{P}\n\nConflicts:\n\tfile\n"),
        ("fix\n\nbody\n\nConflicts:\n\tfile\n", "fix\n\nbody\n\nConflicts:\n\tfile\n\n{P}\n"),
        ("f\u{fc}r\n\n\u{e4}: b\n", "f\u{fc}r\n\n\u{e4}: b\n\n{P}\n"),
        ("", ""),
        ("\n# hint\n", "\n# hint\n"),
        ("Signed-off-by: a\n\n# hint\n", "Signed-off-by: a\n\n# hint\n"),
    ];

    #[test]
    fn a_trailer_is_added_where_git_reads_it() {
        for (before, after) in ADDED {
            let (before, after) = (fill(before), fill(after));
            assert_eq!(edit(&before, Cleanup::Strip, "#", &[PLAN], &[]), after, "{before:?}");
            if after != before {
                let trailers = parse_trailers(&after);
                assert!(trailers.iter().any(|t| t.value == "Opus 5.5 (architecture)"), "{after:?}");
            }
        }
    }

    #[test]
    fn lines_that_stay_are_content_in_the_other_modes() {
        let rows: &[(Cleanup, &str, &str, &str)] = &[
            (Cleanup::Verbatim, "#", "fix\n\n# end\n", "fix\n\n# end\n\n{P}\n"),
            (Cleanup::Verbatim, "#", "fix\n\nA: b\n# end\n", "fix\n\nA: b\n# end\n\n{P}\n"),
            (Cleanup::Whitespace, "#", "fix\n\n#12 done\n", "fix\n\n#12 done\n\n{P}\n"),
            (Cleanup::Scissors, "#", "fix\n\n# a\n{C}# b\n", "fix\n\n# a\n\n{P}\n{C}# b\n"),
            (Cleanup::Verbatim, "#", "# fix\n", "# fix\n\n{P}\n"),
            (Cleanup::Strip, ";", "fix\n\n# a\n; b\n", "fix\n\n# a\n\n{P}\n; b\n"),
            (Cleanup::Strip, "//", "fix\n\nA: b\n// c\n", "fix\n\nA: b\n{P}\n// c\n"),
            (Cleanup::Strip, "", "fix\n# a\n", "fix\n# a\n\n{P}\n"),
        ];
        for (mode, comment, before, after) in rows {
            let (before, after) = (fill(before), fill(after));
            assert_eq!(edit(&before, *mode, comment, &[PLAN], &[]), after, "{before:?}");
        }
    }

    #[test]
    fn trailers_are_taken_out_with_all_their_lines() {
        let rows: &[(&str, &str)] = &[
            ("fix\n\n{P}\n", "fix\n"),
            ("fix\n\n{P}", "fix"),
            ("fix\n\n{P}\n\n# hint\n", "fix\n\n# hint\n"),
            ("fix\n\nbody\n\n\n{P}\n\n", "fix\n\nbody\n\n"),
            ("fix\n\n{P}\n{W}\n", "fix\n\n{W}\n"),
            ("fix\n\nA: b\n{P}\nC: d\n", "fix\n\nA: b\nC: d\n"),
            ("fix\n\nA: b\n{P}", "fix\n\nA: b"),
            ("fix\n\nModel: Opus 5.5\n (architecture)\nA: b\n", "fix\n\nA: b\n"),
            ("fix\r\n\r\n{P}\r\n", "fix\r\n"),
            ("fix\n\nmodel: Opus 5.5 (architecture)\n", "fix\n\nmodel: Opus 5.5 (architecture)\n"),
            ("fix\n\n{P}\n\nbody\n", "fix\n\n{P}\n\nbody\n"),
            ("{P}\n", "{P}\n"),
        ];
        for (before, after) in rows {
            let (before, after) = (fill(before), fill(after));
            assert_eq!(edit(&before, Cleanup::Strip, "#", &[], &[PLAN]), after, "{before:?}");
        }
    }

    #[test]
    fn a_block_that_removal_unmakes_is_followed_by_a_new_one() {
        let before = fill("fix\n\na\nb\nc\nd\ne\nSigned-off-by: a\n{P}\n");
        let after = edit(&before, Cleanup::Strip, "#", &[WORK], &[PLAN]);
        assert_eq!(after, fill("fix\n\na\nb\nc\nd\ne\nSigned-off-by: a\n\n{W}\n"));
    }

    #[test]
    fn a_trailer_named_twice_is_added_once() {
        let after = edit("fix\n", Cleanup::Strip, "#", &[PLAN, WORK, PLAN], &[]);
        assert_eq!(after, fill("fix\n\n{P}\n{W}\n"));
    }
}

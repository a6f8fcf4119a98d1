//! A commit and its record, drawn so that they can be compared whole.

use std::fmt::Write as _;

use serde_json::Value;

use super::Sandbox;

impl Sandbox {
    /// Returns the message of a commit, as it is.
    pub(crate) fn message(&self, revision: &str) -> String {
        let text = self.ok(&["log", "-1", "--format=%B", revision]);
        text.strip_suffix('\n').unwrap_or(&text).to_owned()
    }

    /// Returns the `Model:` trailers that Git finds in the message of a commit, without their key.
    pub(crate) fn trailers(&self, revision: &str) -> Vec<String> {
        let format = "--format=%(trailers:key=Model,valueonly,unfold)";
        let text = self.ok(&["log", "-1", format, revision]);
        text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// Returns the id of a commit.
    pub(crate) fn id(&self, revision: &str) -> String {
        self.ok(&["rev-parse", "--verify", "-q", &format!("{revision}^{{commit}}")])
            .trim()
            .to_owned()
    }

    /// Returns the note of a commit; `None` where there is none.
    pub(crate) fn find_note(&self, revision: &str) -> Option<Value> {
        let output = self.here().start("git", &["notes", "--ref=model", "show", revision]);
        let text = String::from_utf8(output.stdout).expect("a note is UTF-8");
        output.status.success().then(|| serde_json::from_str(&text).expect("a note is JSON"))
    }

    /// Returns the note of a commit, which must have one.
    pub(crate) fn note(&self, revision: &str) -> Value {
        self.find_note(revision).unwrap_or_else(|| panic!("{revision} has a note"))
    }

    /// Returns whose each line of a file is that the commit adds: `Opus 5.5`, `human` or `unknown`, and the line.
    pub(crate) fn origins(&self, revision: &str, path: &str) -> Vec<String> {
        let note = self.note(revision);
        let added = self.added_lines(revision);
        let own = added.into_iter().filter(|(file, ..)| file == path);
        own.map(|(_, number, text)| format!("{}: {text}", whose(&note, path, number))).collect()
    }

    /// Draws a commit: its message, its record, and whose each line is that it adds.
    ///
    /// A `Model:` trailer in the message that the note does not call ours is *typed*; one that the note calls ours
    /// and that is not in the message is *lost*.
    pub(crate) fn drawn(&self, revision: &str) -> String {
        let mut drawing = String::new();
        for line in self.message(revision).trim_end_matches('\n').split('\n') {
            let _ = writeln!(drawing, "{}", format!("| {line}").trim_end());
        }
        match self.find_note(revision) {
            Some(note) => self.draw_record(revision, &note, &mut drawing),
            None => drawing.push_str("no note\n"),
        }
        self.normal(&drawing)
    }

    fn draw_record(&self, revision: &str, note: &Value, drawing: &mut String) {
        assert_eq!(note["vcs"]["revision"], Value::from(self.id(revision)), "{note}");
        let ours = &note["metadata"]["git-model"];
        drawing.push_str(text(&ours["operation"]));
        for source in list(&ours["sources"]) {
            let _ = write!(drawing, " {}", text(source));
        }
        drawing.push('\n');
        for one in list(&ours["contributions"]) {
            let _ = writeln!(drawing, "{}", contribution(one));
        }
        let unknown = counts(&ours["unknown"]);
        if unknown != "+0 -0" {
            let _ = writeln!(drawing, "unknown {unknown}");
        }
        let there = self.trailers(revision);
        let written =
            list(&ours["trailers"]).iter().map(|line| text(line).replacen("Model: ", "", 1));
        let written = written.collect::<Vec<_>>();
        for line in there.iter().filter(|line| !written.contains(line)) {
            let _ = writeln!(drawing, "typed {line}");
        }
        for line in written.iter().filter(|line| !there.contains(line)) {
            let _ = writeln!(drawing, "lost {line}");
        }
        let mut last = String::new();
        for (path, number, content) in self.added_lines(revision) {
            if path != last {
                let _ = writeln!(drawing, "{path}");
                last.clone_from(&path);
            }
            let _ = writeln!(drawing, "  {}: {content}", whose(note, &path, number));
        }
    }

    /// Lists the lines that a commit adds as Git finds them; of a merge, those that no parent has.
    pub(crate) fn added_lines(&self, revision: &str) -> Vec<(String, u64, String)> {
        let format = [
            "-c",
            "core.quotePath=false",
            "show",
            "--format=",
            "--cc",
            "-U0",
            "-M",
            "--histogram",
            "--no-color",
        ];
        let plain =
            ["--no-ext-diff", "--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/"];
        let diff = self.ok(&[&format[..], &plain, &[revision]].concat());
        let parents = self.ok(&["log", "-1", "--format=%P", revision]).split_whitespace().count();
        added_in(&diff, parents)
    }
}

/// Lists the lines that a patch adds, of a merge those that no parent has: path, number and text.
pub(crate) fn added_in(diff: &str, parents: usize) -> Vec<(String, u64, String)> {
    let signs = "+".repeat(parents.max(1));
    let mut lines = Vec::new();
    let (mut path, mut number, mut in_hunk) = (String::new(), 0, false);
    for line in diff.lines() {
        if line.starts_with("diff ") {
            in_hunk = false;
        } else if let Some(name) = line.strip_prefix("+++ ").filter(|_| !in_hunk) {
            // Git ends a name that has a blank with a tab.
            let name = name.trim_end_matches('\t');
            name.strip_prefix("b/").unwrap_or(name).clone_into(&mut path);
        } else if line.starts_with("@@") {
            in_hunk = true;
            number = first_line(line);
        } else if let Some(text) = line.strip_prefix(&signs).filter(|_| in_hunk) {
            lines.push((path.clone(), number, text.to_owned()));
            number += 1;
        } else if line.starts_with('\\') {
            // `\ No newline at end of file` is no line.
        } else if in_hunk && !line.get(..signs.len()).is_some_and(|signs| signs.contains('-')) {
            number += 1;
        }
    }
    lines
}

/// Reads the number behind the last `+` of `@@ -1 +2,3 @@`.
fn first_line(hunk: &str) -> u64 {
    let word = hunk.split(' ').find(|word| word.starts_with('+')).expect("a hunk has a new side");
    let digits = word[1..].split(',').next().unwrap_or_default();
    digits.parse().expect("a hunk begins at a line")
}

/// Finds who has a line by the note's ranges.
pub(crate) fn whose(note: &Value, path: &str, line: u64) -> String {
    let mut found = Vec::new();
    for file in list(&note["files"]).iter().filter(|file| file["path"] == path) {
        for conversation in list(&file["conversations"]) {
            let has_line = list(&conversation["ranges"]).iter().any(|range| {
                let bound = |name: &str| range[name].as_u64().expect("a range has two numbers");
                (bound("start_line")..=bound("end_line")).contains(&line)
            });
            if has_line {
                let url = text(&conversation["url"]);
                let place = url.rsplit(':').next().and_then(|place| place.parse::<usize>().ok());
                let place = place.expect("a conversation points to a contribution");
                found.push(name(&note["metadata"]["git-model"]["contributions"][place]));
            }
        }
    }
    if found.is_empty() { "unknown".to_owned() } else { found.join(" and ") }
}

fn name(contribution: &Value) -> String {
    match text(&contribution["kind"]) {
        "model" => text(&contribution["name"]).to_owned(),
        kind => kind.to_owned(),
    }
}

fn contribution(one: &Value) -> String {
    let phase = one["phase"].as_str().map(|phase| format!(" ({phase})")).unwrap_or_default();
    format!("{}{phase} {} {}", name(one), text(&one["grade"]), counts(&one["lines"]))
}

fn counts(lines: &Value) -> String {
    format!("+{} -{}", lines["added"], lines["deleted"])
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

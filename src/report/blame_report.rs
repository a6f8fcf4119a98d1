//! What `git model blame` says: for each line of a file its commit, who wrote it, and how that is known.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use serde::Serialize;

use crate::format::{
    Block, Cell, Column, ListedLine, Listing, Report, Table, printable, thousands, to_json,
};
use crate::history::{Basis, Blame, FileLine};
use crate::provenance::CommitId;
use crate::report::OriginJson;
use crate::report::line_words::{LineWords, WHOLE_COMMIT, tints};

/// The version of the JSON document.
const SCHEMA: &str = "git-model/blame/1";

/// The id of lines that are not committed.
const NO_COMMIT: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A file with the origin of each line.
#[derive(Debug, Clone)]
pub struct BlameReport {
    /// The path from the top of the repository.
    pub path: String,
    /// Its lines.
    pub blame: Blame,
    /// How they are shown.
    pub view: BlameView,
}

/// How the lines are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlameView {
    /// How many digits of an id people see.
    pub digits: usize,
    /// Count the lines of each origin below the file.
    pub counts: bool,
}

impl BlameReport {
    fn listing(&self) -> Listing {
        let words: Vec<_> = self.blame.origins.iter().map(LineWords::of).collect();
        let tints = tints(&self.blame.origins);
        let has_ends = self.blame.lines().any(|line| line.is_end);
        let line = |line: FileLine<'_>| {
            let LineWords { who, phase, grade } = words[line.origin].clone();
            let id = self.short(&line);
            // As in Git, a line from where the search ended is marked, and the others keep the place.
            let id = match (has_ends, line.is_end) {
                (false, _) => id,
                (true, true) => format!("^{id}"),
                (true, false) => format!("{id} "),
            };
            ListedLine {
                cells: vec![id, who, phase, grade, line.number.to_string()],
                tint: tints[line.origin],
                text: line.text().into_owned(),
            }
        };
        let columns = vec![
            Column::left("Commit"),
            Column::left("Who"),
            Column::left("Phase"),
            Column::left("Known as"),
            Column::right("Line"),
            Column::left("Text"),
        ];
        Listing { columns, lines: self.blame.lines().map(line).collect() }
    }

    fn short(&self, line: &FileLine<'_>) -> String {
        let digits = self.view.digits;
        let Some(commit) = line.commit else { return NO_COMMIT[..digits.min(40)].to_owned() };
        let mut id = commit.to_string();
        id.truncate(digits);
        id
    }

    /// Says what the lines cannot say in their place.
    fn remarks(&self) -> Vec<Block> {
        let mut remarks = Vec::new();
        if self.blame.origins.iter().any(|one| one.basis == Basis::Commit) {
            remarks.push(Block::Footnote(WHOLE_COMMIT.to_owned()));
        }
        // In the order of the file, each once.
        let mut commits: Vec<CommitId> = Vec::new();
        let mut seen = HashSet::new();
        let mut lines = 0;
        for line in self.blame.lines() {
            if self.blame.origins[line.origin].basis == Basis::Several {
                lines += 1;
                commits.extend(line.commit.filter(|commit| seen.insert(*commit)));
            }
        }
        if let [first, rest @ ..] = commits.as_slice() {
            let unknown = if lines == 1 {
                "1 line".to_owned()
            } else {
                format!("{} lines", thousands(lines))
            };
            let others = match rest.len() {
                0 => format!("{} says", first.short()),
                1 => format!("{} and 1 more commit say", first.short()),
                more => format!("{} and {more} more commits say", first.short()),
            };
            remarks.push(Block::Footnote(format!(
                "{unknown} unknown: {others} who wrote, and not which lines; git model show {}",
                first.short()
            )));
        }
        remarks
    }

    fn counts(&self) -> Table {
        let mut counts: HashMap<LineWords, u64> = HashMap::new();
        let words: Vec<_> = self.blame.origins.iter().map(LineWords::of).collect();
        let mut of_places = vec![0_u64; words.len()];
        self.blame.lines().for_each(|line| of_places[line.origin] += 1);
        for (words, count) in words.into_iter().zip(of_places) {
            *counts.entry(words).or_default() += count;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|(one, left), (other, right)| right.cmp(left).then_with(|| one.cmp(other)));
        let columns = vec![
            Column::left("Who"),
            Column::left("Phase"),
            Column::left("Known as"),
            Column::right("lines"),
        ];
        let row = |(words, count): (LineWords, u64)| {
            let texts = [words.who, words.phase, words.grade].map(Cell::Text);
            texts.into_iter().chain([Cell::Number(count)]).collect()
        };
        Table { columns, rows: counts.into_iter().map(row).collect() }
    }

    /// Writes what `git blame --porcelain` does, with the origin among the headers of each line.
    pub fn write_porcelain(&self, out: &mut dyn Write) -> io::Result<()> {
        let headers: Vec<_> = self.blame.origins.iter().map(origin_headers).collect();
        for line in self.blame.lines() {
            out.write_all(line.headers)?;
            out.write_all(headers[line.origin].as_bytes())?;
            out.write_all(b"\t")?;
            out.write_all(line.bytes)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// Returns the header lines of an origin, in the words of its JSON.
fn origin_headers(line: &crate::history::LineOrigin) -> String {
    let fields = OriginJson::from(&line.origin);
    let fields = fields.fields().chain([("basis", line.basis.as_str())]);
    let line =
        |(name, value): (&str, &str)| ["origin-", name, " ", &printable(value), "\n"].concat();
    fields.map(line).collect()
}

#[derive(Serialize)]
struct BlameJson<'a> {
    schema: &'static str,
    path: &'a str,
    lines: Vec<LineJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    line: u32,
    commit: Option<CommitId>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    boundary: bool,
    original_path: &'a str,
    original_line: u32,
    origin: OriginJson<'a>,
    basis: &'static str,
    text: std::borrow::Cow<'a, str>,
}

impl Report for BlameReport {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Listing(self.listing())];
        blocks.extend(self.remarks());
        if self.view.counts {
            blocks.push(Block::Table(self.counts()));
        }
        blocks
    }

    fn json(&self) -> String {
        let lines = self.blame.lines().map(|line| {
            let origin = &self.blame.origins[line.origin];
            LineJson {
                line: line.number,
                commit: line.commit,
                boundary: line.is_end,
                original_path: line.original_path,
                original_line: line.original_number,
                origin: OriginJson::from(&origin.origin),
                basis: origin.basis.as_str(),
                text: line.text(),
            }
        });
        to_json(&BlameJson { schema: SCHEMA, path: &self.path, lines: lines.collect() })
    }

    fn table(&self) -> Table {
        let titles = ["Commit", "Who", "Phase", "Known as", "Basis"].map(Column::left);
        let columns = titles.into_iter().chain([Column::right("Line"), Column::left("Text")]);
        let words: Vec<_> = self.blame.origins.iter().map(LineWords::of).collect();
        let rows = self.blame.lines().map(|line| {
            let LineWords { who, phase, grade } = words[line.origin].clone();
            let absent = |word: String| if word == "-" { String::new() } else { word };
            let (phase, grade) = (absent(phase), absent(grade));
            let commit = line.commit.map_or_else(String::new, |commit| commit.to_string());
            let basis = self.blame.origins[line.origin].basis.as_str().to_owned();
            let grade = grade.trim_end_matches('*').to_owned();
            let texts = [commit, who, phase, grade, basis].map(Cell::Text).into_iter();
            let last = [Cell::Number(line.number.into()), Cell::Text(line.text().into_owned())];
            texts.chain(last).collect()
        });
        Table { columns: columns.collect(), rows: rows.collect() }
    }
}

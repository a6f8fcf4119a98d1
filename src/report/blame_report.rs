//! What `git model blame` says: for each line of a file its commit, who wrote it, and how that is known.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use serde::Serialize;

use crate::format::{
    Block, Cell, Column, Fact, ListedLine, Listing, Report, Table, printable, thousands, to_json,
};
use crate::history::{Basis, Blame, FileLine};
use crate::provenance::{CommitId, FollowedPlan, Plan, PlanId};
use crate::report::OriginJson;
use crate::report::line_words::{LineWords, WHOLE_COMMIT, tints};
use crate::report::plan_words::{FollowedJson, followed_json, followed_words};

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
    /// The plans that the commits of its lines followed, where they are asked for.
    pub plans: Option<BlamedPlans>,
}

/// The plans behind the lines of a file.
#[derive(Debug, Clone, Default)]
pub struct BlamedPlans {
    /// What each commit followed; commits that followed none left out.
    pub of_commits: HashMap<CommitId, Vec<FollowedPlan>>,
    /// Those of them that are in this repository.
    pub here: HashMap<PlanId, Plan>,
}

impl BlamedPlans {
    /// Returns the ids of the plans behind a line, joined by commas.
    fn ids(&self, line: &FileLine<'_>) -> Option<String> {
        let followed = self.of_commits.get(&line.commit?)?;
        let ids = followed.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>();
        (!ids.is_empty()).then(|| ids.join(","))
    }

    /// Returns each plan and version once, in the order of the lines.
    fn met<'p>(&'p self, blame: &Blame) -> Vec<&'p FollowedPlan> {
        let mut met = Vec::<&FollowedPlan>::new();
        for commit in blame.lines().filter_map(|line| line.commit) {
            for plan in self.of_commits.get(&commit).into_iter().flatten() {
                if !met.iter().any(|one| one.id == plan.id && one.version == plan.version) {
                    met.push(plan);
                }
            }
        }
        met
    }
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
            let mut cells = vec![id, who, phase, grade];
            cells.extend(
                self.plans.as_ref().map(|plans| plans.ids(&line).unwrap_or_else(|| "-".to_owned())),
            );
            cells.push(line.number.to_string());
            ListedLine { cells, tint: tints[line.origin], text: line.text().into_owned() }
        };
        let columns = ["Commit", "Who", "Phase", "Known as"].map(Column::left).into_iter();
        let plan = self.plans.as_ref().map(|_| Column::left("Plan"));
        let columns = columns.chain(plan);
        let columns = columns.chain([Column::right("Line"), Column::left("Text")]).collect();
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

    /// Says what each plan behind the lines is.
    fn plan_facts(&self) -> Option<Block> {
        let plans = self.plans.as_ref()?;
        let lines = plans
            .met(&self.blame)
            .into_iter()
            .flat_map(|followed| followed_words(followed, plans.here.get(&followed.id)))
            .collect::<Vec<_>>();
        (!lines.is_empty()).then(|| Block::Facts(vec![Fact { label: "Plans".to_owned(), lines }]))
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
            if let Some(ids) = self.plans.as_ref().and_then(|plans| plans.ids(&line)) {
                writeln!(out, "plan {ids}")?;
            }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    plans: Option<Vec<FollowedJson<'a>>>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    text: std::borrow::Cow<'a, str>,
}

impl Report for BlameReport {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Listing(self.listing())];
        blocks.extend(self.remarks());
        blocks.extend(self.plan_facts());
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
                plan: self.plans.as_ref().and_then(|plans| plans.ids(&line)),
                text: line.text(),
            }
        });
        let plans = self.plans.as_ref().map(|plans| followed_json(plans.met(&self.blame)));
        to_json(&BlameJson { schema: SCHEMA, path: &self.path, lines: lines.collect(), plans })
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

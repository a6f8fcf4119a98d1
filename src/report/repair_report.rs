//! What `git model repair` says: of each commit, what its record was rebuilt from.

use serde::Serialize;

use crate::capture::{Rebuilt, Repaired, Way};
use crate::format::{Block, Cell, Column, Fact, Report, Table, counted, to_json};
use crate::provenance::{CommitId, Origin};
use crate::report::OriginJson;

/// The version of the JSON document.
const SCHEMA: &str = "git-model/repair/1";

/// What became of the commits of a range.
#[derive(Debug, Clone)]
pub struct RepairReport {
    /// The range, as it was named.
    pub range: String,
    /// Whether nothing was written.
    pub is_dry: bool,
    /// The commits, oldest first.
    pub repaired: Vec<(RepairedCommit, Repaired)>,
}

/// A commit, as it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairedCommit {
    /// Its id.
    pub id: CommitId,
    /// The first line of its message.
    pub subject: String,
}

#[derive(Serialize)]
struct RepairJson<'a> {
    schema: &'static str,
    range: &'a str,
    dry_run: bool,
    commits: Vec<CommitJson<'a>>,
}

#[derive(Serialize)]
struct CommitJson<'a> {
    commit: CommitId,
    subject: &'a str,
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<&'a [CommitId]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unrecorded: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alternatives: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    origins: Vec<PartJson<'a>>,
}

#[derive(Serialize)]
struct PartJson<'a> {
    origin: OriginJson<'a>,
    lines: crate::provenance::LineCounts,
}

impl RepairReport {
    fn count(&self, wanted: impl Fn(&Repaired) -> bool) -> usize {
        self.repaired.iter().filter(|(_, repaired)| wanted(repaired)).count()
    }

    fn headline(&self) -> String {
        let rebuilt = self.count(|one| matches!(one, Repaired::Rebuilt(_)));
        let what = if self.is_dry { "to be rebuilt" } else { "rebuilt" };
        let mut parts = vec![format!("{} {what}", counted(rebuilt, "record"))];
        for (number, words) in [
            (self.count(|one| *one == Repaired::Recorded), "recorded before"),
            (self.count(|one| *one == Repaired::Merge), "merged whole (their commits count)"),
            (self.count(|one| *one == Repaired::NotFound), "made of nothing that is here"),
        ] {
            if number > 0 {
                parts.push(format!("{number} {words}"));
            }
        }
        format!("{}: {}", self.range, parts.join(", "))
    }
}

impl Report for RepairReport {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Sentence(self.headline())];
        let mut facts = Vec::new();
        for (commit, repaired) in &self.repaired {
            let lines = match repaired {
                Repaired::Recorded | Repaired::Merge => continue,
                Repaired::NotFound => vec![
                    commit.subject.clone(),
                    "no commit found that it was made of; its message counts".to_owned(),
                ],
                Repaired::Rebuilt(rebuilt) => {
                    let mut lines = vec![commit.subject.clone(), sentence(rebuilt)];
                    lines.extend(doubts(rebuilt));
                    lines
                }
            };
            facts.push(Fact { label: commit.id.short(), lines });
        }
        if !facts.is_empty() {
            blocks.push(Block::Facts(facts));
        }
        blocks
    }

    fn json(&self) -> String {
        let commits = self.repaired.iter().map(|(commit, repaired)| {
            let rebuilt = match repaired {
                Repaired::Rebuilt(rebuilt) => Some(rebuilt),
                _ => None,
            };
            let parts = rebuilt.iter().flat_map(|rebuilt| &rebuilt.record.contributions);
            CommitJson {
                commit: commit.id,
                subject: &commit.subject,
                result: word(repaired),
                by: rebuilt.map(|rebuilt| rebuilt.way.as_str()),
                sources: rebuilt.map(|rebuilt| rebuilt.record.sources.as_slice()),
                unrecorded: rebuilt.map(|rebuilt| rebuilt.unrecorded),
                alternatives: rebuilt.map(|rebuilt| rebuilt.alternatives),
                origins: parts
                    .map(|one| PartJson { origin: OriginJson::from(&one.origin), lines: one.lines })
                    .collect(),
            }
        });
        to_json(&RepairJson {
            schema: SCHEMA,
            range: &self.range,
            dry_run: self.is_dry,
            commits: commits.collect(),
        })
    }

    fn table(&self) -> Table {
        let columns = ["commit", "result", "by", "subject"].map(Column::left).to_vec();
        let rows = self.repaired.iter().map(|(commit, repaired)| {
            let by = match repaired {
                Repaired::Rebuilt(rebuilt) => rebuilt.way.as_str(),
                _ => "",
            };
            let id = commit.id.to_string();
            [id.as_str(), word(repaired), by, &commit.subject]
                .map(|text| Cell::Text(text.to_owned()))
                .to_vec()
        });
        Table { columns, rows: rows.collect() }
    }
}

fn word(repaired: &Repaired) -> &'static str {
    match repaired {
        Repaired::Recorded => "recorded",
        Repaired::Merge => "merge",
        Repaired::NotFound => "not-found",
        Repaired::Rebuilt(_) => "rebuilt",
    }
}

/// Says what a record was rebuilt from, and what is known by it.
fn sentence(rebuilt: &Rebuilt) -> String {
    let Rebuilt { record, way, .. } = rebuilt;
    let way = match way {
        Way::Tree => "same files",
        Way::Patch => "same change",
        Way::Number => "its number is in the message",
        Way::Author => "same author and time",
        Way::Lines => "most of its lines",
    };
    let sources = match record.sources.len() {
        1 => "1 commit".to_owned(),
        number => format!("{number} commits"),
    };
    let known = record.contributions.iter().map(|one| one.lines.changed()).sum::<u32>();
    let all = known + record.unknown.changed();
    let mut names = Vec::new();
    for one in &record.contributions {
        let name = match &one.origin {
            Origin::Model { model, phase: Some(phase), grade, .. } => {
                format!("{} ({phase}) {}", model.display(), grade.as_str())
            }
            Origin::Model { model, grade, .. } => format!("{} {}", model.display(), grade.as_str()),
            Origin::Human => "human".to_owned(),
            Origin::Unknown => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        names.push("nobody is named".to_owned());
    }
    format!("from {sources} ({way}): {known} of {all} lines known; {}", names.join(", "))
}

/// Says what makes a record less than sure.
fn doubts(rebuilt: &Rebuilt) -> Vec<String> {
    let mut doubts = Vec::new();
    if rebuilt.unrecorded > 0 {
        let them = match (rebuilt.unrecorded, rebuilt.record.sources.len()) {
            (1, 1) => "it has".to_owned(),
            (1, _) => "1 of them has".to_owned(),
            (number, all) if number == all => "they have".to_owned(),
            (number, _) => format!("{number} of them have"),
        };
        doubts.push(format!("{them} no record here: inferred from the message, else unknown"));
    }
    if rebuilt.alternatives > 1 {
        doubts.push(format!(
            "{} ways it may have been made: what they differ in is unknown",
            rebuilt.alternatives
        ));
    }
    doubts
}

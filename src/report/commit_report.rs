//! What `git model show` says of one commit: who had which part, how that is known, and which lines.

use chrono::DateTime;
use serde::Serialize;

use crate::format::{Block, Cell, Column, Fact, Report, Table, to_json};
use crate::history::{Basis, Class, CommitReading};
use crate::provenance::{
    Claim, CommitId, CommitRecord, ForeignNote, LineCounts, Mark, Operation, Origin, PlanId,
    ReadBy, Recorder,
};
use crate::report::OriginJson;
use crate::report::commit_files::{
    FileJson, FileLines, FileLinesJson, counts_json, files_json, ranges, table,
};
use crate::report::line_words::WHOLE_COMMIT;
use crate::report::plan_words::{FollowedJson, followed_json};
use crate::report::review_words::{ReviewJson, review_facts};
use crate::report::usage::{self, UsageJson};

/// One commit with all that is known of it.
#[derive(Debug, Clone)]
pub struct CommitReport {
    /// Its id.
    pub commit: CommitId,
    /// `Name <mail>` of the author.
    pub author: String,
    /// When it was written: seconds since 1970 and the offset from UTC in minutes.
    pub author_time: (i64, i32),
    /// The first line of the message.
    pub subject: String,
    /// The note, where there is one that can be read.
    pub record: Option<CommitRecord>,
    /// What other tools noted about it.
    pub foreign: Vec<ForeignNote>,
    /// The words in the commit that name a model or a tool.
    pub marks: Vec<Mark>,
    /// What all of it comes to.
    pub reading: CommitReading,
    /// What is said of the plans that it followed, a line each.
    pub plans: Vec<String>,
    /// The added lines of each file by their origin, where anything is known of them.
    pub lines: Vec<FileLines>,
    /// The remote that may have the record, where none is here.
    pub unasked: Option<String>,
}

/// The version of the JSON document.
const SCHEMA: &str = "git-model/show/1";

impl CommitReport {
    fn date(&self) -> String {
        let offset = chrono::FixedOffset::east_opt(self.author_time.1 * 60);
        let utc = DateTime::from_timestamp(self.author_time.0, 0).unwrap_or_default();
        match offset {
            Some(offset) => utc.with_timezone(&offset).format("%Y-%m-%d %H:%M %z").to_string(),
            None => utc.format("%Y-%m-%d %H:%M +0000").to_string(),
        }
    }

    fn parts(&self) -> Option<Table> {
        let columns = vec![
            Column::left("Who"),
            Column::left("Phase"),
            Column::left("Known as"),
            Column::right("added"),
            Column::right("deleted"),
        ];
        let row = |name: &str, phase: &str, known: &str, lines: LineCounts| {
            vec![
                Cell::Text(name.to_owned()),
                Cell::Text(phase.to_owned()),
                Cell::Text(known.to_owned()),
                Cell::Number(u64::from(lines.added)),
                Cell::Number(u64::from(lines.deleted)),
            ]
        };
        let mut rows = Vec::new();
        if let Some(record) = &self.record {
            for one in &record.contributions {
                rows.push(match &one.origin {
                    Origin::Model { model, phase, grade, .. } => {
                        let phase = phase.as_ref().map_or("not said", |phase| phase.as_str());
                        row(model.display(), phase, grade.as_str(), one.lines)
                    }
                    Origin::Human => row("human", "-", "declared", one.lines),
                    Origin::Unknown => row("unknown", "-", "-", one.lines),
                });
            }
        }
        if rows.is_empty() {
            // Without a record, or where it knows nobody, the weaker sources speak.
            for part in &self.reading.parts {
                let phase = part.phase.as_ref().map_or("not said", |phase| phase.as_str());
                rows.push(row(
                    part.model.display(),
                    phase,
                    part.grade.as_str(),
                    LineCounts::default(),
                ));
            }
        }
        if let Some(record) = &self.record
            && (record.unknown.changed() > 0 || rows.is_empty())
        {
            rows.push(row("unknown", "-", "-", record.unknown));
        }
        (!rows.is_empty()).then_some(Table { columns, rows })
    }

    fn facts(&self) -> Vec<Fact> {
        let mut facts = vec![Fact::new("Record", self.recorded())];
        if !self.plans.is_empty() {
            facts.push(Fact { label: "Plan".to_owned(), lines: self.plans.clone() });
        }
        facts.extend(self.surroundings());
        if let Some(tool) = &self.reading.tool {
            facts.push(Fact::new("Tool", format!("{tool}, no model named")));
        }
        let notes = self.foreign.iter().map(|note| {
            let claims: Vec<_> = note.claims.iter().map(claim_words).collect();
            format!("note in {}: {}", note.reference, claims.join("; "))
        });
        let marks = self.marks.iter().map(|mark| match mark.line {
            0 => format!("author or committer: {}", mark.text),
            line => format!("message, line {line}: {}", mark.text),
        });
        let lines: Vec<String> = notes.chain(marks).collect();
        if !lines.is_empty() {
            facts.push(Fact { label: "Evidence".to_owned(), lines });
        }
        if !self.reading.mismatches.is_empty() {
            let names = self
                .reading
                .mismatches
                .iter()
                .map(|model| model.display().to_owned())
                .collect::<Vec<_>>();
            facts.push(Fact::new(
                "Mismatch",
                format!("also named, and not in the record: {}", names.join(", ")),
            ));
        }
        if let Some(record) = &self.record {
            if !record.sources.is_empty() {
                let ids = record.sources.iter().map(CommitId::short).collect::<Vec<_>>().join(", ");
                facts.push(Fact::new("From", format!("{} {ids}", operation(record.operation))));
            }
            if !record.read_by.is_empty() {
                let lines = record.read_by.iter().map(read_by).collect();
                facts.push(Fact { label: "Read by".to_owned(), lines });
            }
            facts.extend(review_facts(record));
            facts.extend(usage::fact(&record.usage));
            facts.extend(ranges(record));
        }
        facts
    }

    fn has_commit_wide_lines(&self) -> bool {
        let mut counts = self.lines.iter().flat_map(|file| &file.counts);
        table(&self.lines).is_some() && counts.any(|(line, _)| line.basis == Basis::Commit)
    }

    /// Says which agents drove the models, in which sessions, and which model answered in place of another.
    fn surroundings(&self) -> Vec<Fact> {
        let Some(record) = &self.record else { return Vec::new() };
        let (mut agents, mut asked) = (Vec::new(), Vec::new());
        for one in &record.contributions {
            let Origin::Model { model, phase, agent, .. } = &one.origin else { continue };
            let phase = phase.as_ref().map(|phase| format!(" ({phase})")).unwrap_or_default();
            let part = format!("{}{phase}", model.display());
            match (agent, &one.session) {
                (Some(agent), Some(session)) => {
                    agents.push(format!("{agent}, session {session}: {part}"));
                }
                (Some(agent), None) => agents.push(format!("{agent}: {part}")),
                (None, Some(session)) => agents.push(format!("session {session}: {part}")),
                (None, None) => {}
            }
            if let Some(requested) = &one.requested {
                asked.push(format!("{} was asked, {part} answered", requested.display()));
            }
        }
        let fact = |label: &str, mut lines: Vec<String>| {
            lines.dedup();
            (!lines.is_empty()).then(|| Fact { label: label.to_owned(), lines })
        };
        fact("Agents", agents).into_iter().chain(fact("Asked", asked)).collect()
    }

    fn recorded(&self) -> String {
        match (&self.record, self.reading.class) {
            (Some(record), _) => match record.recorder {
                Recorder::Hook => "by a hook, at the commit".to_owned(),
                Recorder::Record => "by hand, after the commit".to_owned(),
                Recorder::Repair => "by a repair, from the commits it was made of".to_owned(),
                Recorder::Other => "after the commit".to_owned(),
            },
            (None, Class::Recorded(_)) if !self.foreign.is_empty() => {
                "none of ours; the note of another tool says it".to_owned()
            }
            (None, Class::Recorded(_)) => match &self.unasked {
                Some(remote) => {
                    format!("not here, trailers tell; ask {remote}: git model sync --fetch-only")
                }
                None => "none; the trailers say it".to_owned(),
            },
            (None, Class::MarksOnly) if !self.foreign.is_empty() => {
                "none of ours; the note of another tool names no model".to_owned()
            }
            (None, Class::MarksOnly) => {
                "none; inferred from marks, may name the wrong model".to_owned()
            }
            (None, _) if self.reading.bot => "none; the author is a bot that is no AI".to_owned(),
            (None, _) => format!(
                "none, and no mark: unknown (git model record {} --model M)",
                self.commit.short()
            ),
        }
    }
}

/// Says a claim in the words of the note: tool and model, as far as they are named.
fn claim_words(claim: &Claim) -> String {
    let model = claim.model.as_ref().map(crate::provenance::ModelName::raw);
    let words: Vec<&str> = claim.tool.as_deref().into_iter().chain(model).collect();
    words.join(", ")
}

fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Commit => "out of",
        Operation::Amend => "amended from",
        Operation::Merge => "merged from",
        Operation::Squash => "squashed from",
        Operation::CherryPick => "picked from",
        Operation::Revert => "reverted to",
        Operation::Rebase => "rebased from",
        Operation::Apply | Operation::Other => "made from",
    }
}

#[derive(Serialize)]
struct ShowJson<'a> {
    schema: &'static str,
    commit: CommitId,
    author: &'a str,
    date: String,
    subject: &'a str,
    recorded: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    recorder: Option<Recorder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<Operation>,
    sources: &'a [CommitId],
    parts: Vec<PartJson<'a>>,
    unknown: LineCounts,
    trailers: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    usage: Vec<UsageJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    read_by: Vec<ReadByJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reviews: Vec<ReviewJson<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    review_skipped: bool,
    files: Vec<FileJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    plans: Vec<FollowedJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unclear_plans: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<FileLinesJson<'a>>,
    notes: Vec<NoteJson<'a>>,
    marks: Vec<MarkJson<'a>>,
    mismatches: Vec<&'a str>,
}

#[derive(Serialize)]
struct PartJson<'a> {
    origin: OriginJson<'a>,
    /// The id of the model that was asked for, where another one answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    requested: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<LineCounts>,
}

/// A review that read the change.
#[derive(Serialize)]
struct ReadByJson<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    agent: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
}

/// What another tool noted: one claim of one note.
#[derive(Serialize)]
struct NoteJson<'a> {
    reference: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
}

#[derive(Serialize)]
struct MarkJson<'a> {
    kind: &'static str,
    text: &'a str,
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<&'a str>,
    grade: &'static str,
}

impl Report for CommitReport {
    fn blocks(&self) -> Vec<Block> {
        let headline = format!("{} {}", self.commit.short(), self.subject);
        let mut blocks = vec![
            Block::Sentence(headline),
            Block::Facts(vec![
                Fact::new("Author", self.author.clone()),
                Fact::new("Date", self.date()),
            ]),
        ];
        blocks.extend(self.parts().map(Block::Table));
        blocks.extend(table(&self.lines).map(Block::Table));
        if self.has_commit_wide_lines() {
            blocks.push(Block::Footnote(WHOLE_COMMIT.to_owned()));
        }
        blocks.push(Block::Facts(self.facts()));
        blocks
    }

    fn json(&self) -> String {
        let record = self.record.as_ref();
        let parts = match record {
            Some(record) if !record.contributions.is_empty() => record
                .contributions
                .iter()
                .map(|one| PartJson {
                    origin: OriginJson::from(&one.origin),
                    requested: one.requested.as_ref().map(crate::provenance::ModelName::id),
                    session: one.session.as_deref(),
                    lines: Some(one.lines),
                })
                .collect(),
            _ => self
                .reading
                .parts
                .iter()
                .map(|part| PartJson {
                    origin: OriginJson::from(part),
                    requested: None,
                    session: None,
                    lines: None,
                })
                .collect(),
        };
        to_json(&ShowJson {
            schema: SCHEMA,
            commit: self.commit,
            author: &self.author,
            date: self.date(),
            subject: &self.subject,
            recorded: record.is_some(),
            recorder: record.map(|record| record.recorder),
            operation: record.map(|record| record.operation),
            sources: record.map_or(&[], |record| &record.sources),
            parts,
            unknown: record.map(|record| record.unknown).unwrap_or_default(),
            trailers: record.map_or(&[], |record| &record.trailers),
            usage: record
                .map_or(Vec::new(), |record| record.usage.iter().map(UsageJson::from).collect()),
            read_by: record
                .map_or(Vec::new(), |record| record.read_by.iter().map(read_by_json).collect()),
            reviews: record
                .map_or(Vec::new(), |record| record.reviews.iter().map(ReviewJson::from).collect()),
            review_skipped: record.is_some_and(|record| record.skips_review),
            files: record.map_or(Vec::new(), files_json),
            plans: record.map_or(Vec::new(), |record| followed_json(&record.plans)),
            unclear_plans: record.map_or(Vec::new(), |record| {
                record.unclear_plans.iter().map(PlanId::as_str).collect()
            }),
            lines: counts_json(&self.lines),
            notes: self.foreign.iter().flat_map(note_json).collect(),
            marks: self.marks.iter().map(mark_json).collect(),
            mismatches: self
                .reading
                .mismatches
                .iter()
                .map(crate::provenance::ModelName::id)
                .collect(),
        })
    }

    fn table(&self) -> Table {
        // Named as the fields are, and not as on the screen.
        let [who, phase, grade] = ["who", "phase", "grade"].map(Column::left);
        let [added, deleted] = ["added", "deleted"].map(Column::right);
        let rows = self.parts().map_or(Vec::new(), |parts| parts.rows);
        Table { columns: vec![who, phase, grade, added, deleted], rows }
    }
}

fn note_json(note: &ForeignNote) -> impl Iterator<Item = NoteJson<'_>> {
    note.claims.iter().map(|claim| NoteJson {
        reference: note.reference,
        tool: claim.tool.as_deref(),
        model: claim.model.as_ref().map(crate::provenance::ModelName::id),
    })
}

fn mark_json(mark: &Mark) -> MarkJson<'_> {
    MarkJson {
        kind: mark.kind,
        text: &mark.text,
        line: mark.line,
        tool: mark.tool,
        model: mark.model.as_ref().map(crate::provenance::ModelName::id),
        phase: mark.phase.as_ref().map(crate::provenance::Phase::as_str),
        grade: mark.grade.as_str(),
    }
}

fn read_by_json(read: &ReadBy) -> ReadByJson<'_> {
    ReadByJson {
        name: &read.name,
        model: read.model.as_ref().map(crate::provenance::ModelName::id),
        agent: &read.agent,
        session: read.session.as_deref(),
    }
}

/// Says who read a change without giving a verdict.
fn read_by(read: &ReadBy) -> String {
    let model = read.model.as_ref().map_or("a model that nobody named", |model| model.display());
    format!("{model}, {}, in {}", read.name, read.agent)
}

//! What `git model status` says: who works, what the next commit would say, and whether recording works.

use serde::Serialize;

use crate::capture::Pending;
use crate::format::{Block, Cell, Column, Fact, Report, Table, counted, to_json};
use crate::provenance::{LineCounts, Origin, Phase};
use crate::report::OriginJson;
use crate::report::status_plan::{
    self, Due, DueJson, MistakeJson, MistakeLine, PlanStatus, PlanStatusJson, phase_of,
};

/// The state of one worktree.
#[derive(Debug, Clone, Default)]
pub struct StatusReport {
    /// The branch, or `a detached HEAD`.
    pub branch: String,
    /// The plan that the work is about.
    pub plan: Option<PlanStatus>,
    /// Whose turn it is.
    pub due: Option<Due>,
    /// What went wrong in who does what.
    pub mistakes: Vec<MistakeLine>,
    /// What the next commit would say; `None` where nothing is staged.
    pub next: Option<NextCommit>,
    /// What agents told and no commit used yet.
    pub pending: Pending,
    /// Who is declared, in words.
    pub declared: String,
    /// Who is declared, for programs.
    pub declared_origin: Option<Origin>,
    /// Whether the hooks record, in words, a line each.
    pub recording: Vec<String>,
    /// Records that wait for their reference, damaged lines and the like.
    pub remarks: Vec<String>,
}

/// What the next commit would say, as things are staged now.
#[derive(Debug, Clone, Default)]
pub struct NextCommit {
    /// How many files are staged.
    pub files: usize,
    /// The trailers that it would get.
    pub trailers: Vec<String>,
    /// Who has how many lines of it.
    pub parts: Vec<(Origin, LineCounts)>,
    /// How it stands with its review; `None` where nobody has to do with reviews.
    pub review: Option<ReviewStanding>,
}

/// How it stands with the review of what is staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewStanding {
    /// `pass`, `block`, `not-run`; `stale` where only another tree was reviewed, `none` where nothing was.
    pub state: &'static str,
    /// It in a sentence.
    pub text: String,
}

/// The version of the JSON document.
const SCHEMA: &str = "git-model/status/1";

#[derive(Serialize)]
struct StatusJson<'a> {
    schema: &'static str,
    branch: &'a str,
    plan: Option<PlanStatusJson<'a>>,
    next: Option<NextJson<'a>>,
    due: Option<DueJson<'a>>,
    pending: PendingJson,
    declared: Option<OriginJson<'a>>,
    recording: &'a [String],
    remarks: &'a [String],
    mistakes: Vec<MistakeJson<'a>>,
}

#[derive(Serialize)]
struct PendingJson {
    calls: usize,
    files: usize,
    without_model: usize,
}

#[derive(Serialize)]
struct NextJson<'a> {
    files: usize,
    trailers: &'a [String],
    origins: Vec<PartJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<&'static str>,
}

#[derive(Serialize)]
struct PartJson<'a> {
    origin: OriginJson<'a>,
    lines: LineCounts,
}

impl StatusReport {
    /// Says where we are, in which phase, and whose turn it is.
    fn headline(&self) -> String {
        let mut headline = format!("On {}", self.branch);
        if let Some(plan) = &self.plan {
            headline.extend([": ", phase_of(&plan.plan).as_str()]);
        }
        if let Some(due) = &self.due {
            let mark = if self.plan.is_some() { "; " } else { ": " };
            headline.extend([mark, "due now: ", &due.words()]);
        }
        headline
    }

    /// Says what agents told that is not committed; `None` for nothing.
    fn pending_fact(&self) -> Option<Fact> {
        let Pending { calls, files, without_model, .. } = self.pending;
        let mut text = format!("{} of {}", counted(calls, "edit"), counted(files, "file"));
        if without_model > 0 {
            text = format!("{text}; no model is known yet for {without_model}");
        }
        (calls > 0).then(|| Fact::new("By agents", text))
    }

    fn next_facts(&self) -> Fact {
        let Some(next) = &self.next else { return Fact::new("Next commit", "nothing is staged") };
        let mut total = LineCounts::default();
        next.parts.iter().for_each(|(_, lines)| total.add(*lines));
        let files =
            if next.files == 1 { "1 file".to_owned() } else { format!("{} files", next.files) };
        let mut lines = vec![format!("staged: {files}, +{} -{}", total.added, total.deleted)];
        lines.extend(next.trailers.iter().cloned());
        for (origin, counts) in &next.parts {
            let name = match origin {
                Origin::Unknown => "unknown",
                Origin::Human => "human (no trailer)",
                Origin::Model { model, phase: Some(Phase::Advice), .. } => {
                    lines.push(format!("{}: advice (no trailer)", model.display()));
                    continue;
                }
                Origin::Model { model, grade, .. } if counts.changed() > 0 => {
                    let (added, deleted) = (counts.added, counts.deleted);
                    let grade = grade.as_str();
                    lines.push(format!("{}: +{added} -{deleted}, {grade}", model.display()));
                    continue;
                }
                Origin::Model { .. } => continue,
            };
            lines.push(format!("{name}: +{} -{}", counts.added, counts.deleted));
        }
        lines.extend(next.review.iter().map(|review| review.text.clone()));
        Fact { label: "Next commit".to_owned(), lines }
    }
}

impl Report for StatusReport {
    fn blocks(&self) -> Vec<Block> {
        let mut facts = vec![
            self.next_facts(),
            Fact::new("Declared", self.declared.clone()),
            Fact { label: "Recording".to_owned(), lines: self.recording.clone() },
        ];
        if let Some(pending) = self.pending_fact() {
            facts.insert(1, pending);
        }
        if let Some(plan) = &self.plan {
            facts.insert(0, plan.fact());
        }
        if !self.mistakes.is_empty() {
            facts.push(status_plan::mistakes(&self.mistakes));
        }
        if !self.remarks.is_empty() {
            facts.push(Fact { label: "Look at".to_owned(), lines: self.remarks.clone() });
        }
        vec![Block::Sentence(self.headline()), Block::Facts(facts)]
    }

    fn json(&self) -> String {
        to_json(&StatusJson {
            schema: SCHEMA,
            branch: &self.branch,
            plan: self.plan.as_ref().map(PlanStatusJson::from),
            next: self.next.as_ref().map(|next| NextJson {
                files: next.files,
                trailers: &next.trailers,
                origins: next
                    .parts
                    .iter()
                    .map(|(origin, lines)| PartJson {
                        origin: OriginJson::from(origin),
                        lines: *lines,
                    })
                    .collect(),
                review: next.review.as_ref().map(|review| review.state),
            }),
            due: self.due.as_ref().map(DueJson::from),
            pending: PendingJson {
                calls: self.pending.calls,
                files: self.pending.files,
                without_model: self.pending.without_model,
            },
            declared: self.declared_origin.as_ref().map(OriginJson::from),
            recording: &self.recording,
            remarks: &self.remarks,
            mistakes: self.mistakes.iter().map(MistakeJson::from).collect(),
        })
    }

    fn table(&self) -> Table {
        let columns = vec![Column::left("what"), Column::left("value")];
        let row = |what: &str, value: &str| {
            vec![Cell::Text(what.to_owned()), Cell::Text(value.to_owned())]
        };
        let mut rows = vec![row("branch", &self.branch), row("declared", &self.declared)];
        rows.extend(self.plan.iter().map(|plan| row("plan", plan.plan.id.as_str())));
        rows.extend(self.due.iter().map(|due| row("due", &due.words())));
        rows.extend(self.mistakes.iter().map(|one| row("mistake", &one.text)));
        rows.extend(
            self.next.iter().flat_map(|next| &next.trailers).map(|trailer| row("trailer", trailer)),
        );
        rows.extend(self.recording.iter().map(|line| row("recording", line)));
        Table { columns, rows }
    }
}

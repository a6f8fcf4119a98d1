//! What `git model review` says: the verdict, each finding at its line, the plan, and what was left out.

use crate::format::{Block, Cell, Column, Fact, ListedLine, Listing, Report, Table, Tint};
use crate::provenance::{Drift, FindingCounts, Grade, PlanId, Verdict};
use crate::report::review_words::{counts_words, strength_words};
use crate::report::{review_github, review_json, review_sarif};
use crate::review::{Finding, FindingState, Outcome, PlanItem, PlanStatus};

/// Files that were left out and are named.
const LEFT_OUT_NAMED: usize = 8;

/// The outcome of a review.
#[derive(Debug, Clone)]
pub struct ReviewReport {
    outcome: Outcome,
    /// What was reviewed, in a sentence: `the staged change`.
    what: String,
    plan: Option<PlanId>,
    /// It was answered before, and nobody was asked now.
    is_kept: bool,
}

impl ReviewReport {
    /// Makes a report of an outcome and of what it is about.
    pub fn new(outcome: Outcome, what: &str) -> Self {
        Self { outcome, what: what.to_owned(), plan: None, is_kept: false }
    }

    /// Names the plan that the change was held against.
    #[must_use]
    pub fn with_plan(self, plan: Option<PlanId>) -> Self {
        Self { plan, ..self }
    }

    /// Says that it was answered before.
    #[must_use]
    pub fn kept(self) -> Self {
        Self { is_kept: true, ..self }
    }

    pub(super) fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    pub(super) fn plan(&self) -> Option<&PlanId> {
        self.plan.as_ref()
    }

    pub(super) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Says what it came to, in one sentence.
    pub fn headline(&self) -> String {
        let Outcome { verdict, reviewer, findings, reason, .. } = &self.outcome;
        let (name, what) = (reviewer.display(), &self.what);
        match verdict {
            Verdict::Pass if findings.is_empty() => {
                format!("pass: {name} has nothing against {what}")
            }
            Verdict::Pass => {
                let mut counts = FindingCounts::default();
                for finding in findings {
                    counts.count(finding.severity);
                }
                format!(
                    "pass: {name} has nothing against {what} that blocks ({})",
                    counts_words(counts)
                )
            }
            Verdict::Block => {
                let reason = reason.as_deref().unwrap_or("something stands against the change");
                format!("blocked by {name}: {reason}")
            }
            Verdict::NotRun => {
                let reason = reason.as_deref().unwrap_or("it did not come to its end");
                format!("not reviewed: {reason}")
            }
        }
    }

    /// Returns the command that sends the plan back, where the change contradicts it.
    pub fn escalation(&self) -> Option<String> {
        let reason = self.outcome.escalate.as_deref()?;
        let plan = self.plan.as_ref().map_or(String::new(), |id| format!(" {id}"));
        // In a shell a quote ends the word, and goes on after it.
        let reason = reason.replace('\'', r"'\''");
        Some(format!("git model escalate{plan} --reason '{reason}'"))
    }

    /// Returns it as a SARIF document.
    pub fn sarif(&self) -> String {
        review_sarif::document(self)
    }

    /// Returns it as commands of a GitHub workflow, a line each.
    pub fn github(&self) -> String {
        review_github::commands(self)
    }

    fn facts(&self) -> Vec<Fact> {
        let outcome = &self.outcome;
        let mut facts = Vec::new();
        let by = &outcome.by;
        let mut reviewer = vec![format!(
            "{}, {by}, {}",
            outcome.reviewer.display(),
            strength_words(outcome.strength)
        )];
        if let Some(requested) = &outcome.requested {
            reviewer.push(format!("{} was asked, and this one answered", requested.display()));
        }
        if outcome.grade != Grade::Observed {
            reviewer.push("imported: nobody here saw the review".to_owned());
        }
        if self.is_kept {
            reviewer.push("answered before; nobody was asked now".to_owned());
        }
        facts.push(Fact { label: "Reviewer".to_owned(), lines: reviewer });
        facts.extend(self.plan_fact());
        if outcome.rounds > 1 {
            let fixed = match outcome.fixed.total() {
                0 => String::new(),
                _ => format!("; fixed since: {}", counts_words(outcome.fixed)),
            };
            facts.push(Fact::new("Round", format!("{}{fixed}", outcome.rounds)));
        }
        if !outcome.warnings.is_empty() {
            facts.push(Fact { label: "Look at".to_owned(), lines: outcome.warnings.clone() });
        }
        facts.extend(self.left_out());
        let set_aside = outcome.refuted.iter().map(set_aside).collect::<Vec<_>>();
        if !set_aside.is_empty() {
            facts.push(Fact { label: "Set aside".to_owned(), lines: set_aside });
        }
        if outcome.verdict != Verdict::NotRun {
            facts.push(Fact::new("Tree", outcome.tree.short()));
        }
        let tokens = outcome.tokens;
        let read = tokens.input + tokens.cache_read + tokens.cache_write;
        if read + tokens.output > 0 {
            facts.push(Fact::new("Tokens", format!("{read} read, {} written", tokens.output)));
        }
        facts
    }

    fn plan_fact(&self) -> Option<Fact> {
        let outcome = &self.outcome;
        if outcome.plan.is_empty() {
            return None;
        }
        let count = |status| outcome.plan.iter().filter(|item| item.status == status).count();
        let parts =
            PlanStatus::ALL.iter().rev().map(|status| (count(*status), status_words(*status)));
        let parts = parts.filter(|(number, _)| *number > 0);
        let parts = parts.map(|(number, words)| format!("{number} {words}")).collect::<Vec<_>>();
        let id = self.plan.as_ref().map_or(String::new(), |id| format!("{id}: "));
        let mut lines = vec![format!("{id}{}", parts.join(", "))];
        let open = outcome.plan.iter().filter(|item| item.status != PlanStatus::Done);
        lines.extend(open.map(item_words));
        if outcome.drift != Drift::None {
            lines.push(format!("{} drift", outcome.drift.as_str()));
        }
        Some(Fact { label: "Plan".to_owned(), lines })
    }

    fn left_out(&self) -> Option<Fact> {
        let left_out = &self.outcome.left_out;
        let named = left_out.iter().take(LEFT_OUT_NAMED);
        let mut lines = named.map(|one| format!("{}: {}", one.path, one.why)).collect::<Vec<_>>();
        let more = left_out.len().saturating_sub(LEFT_OUT_NAMED);
        lines.extend((more > 0).then(|| format!("{more} more")));
        (!lines.is_empty()).then(|| Fact { label: "Not read".to_owned(), lines })
    }
}

impl Report for ReviewReport {
    fn blocks(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Sentence(self.headline())];
        for finding in &self.outcome.findings {
            blocks.push(Block::Sentence(headline_of(finding)));
            blocks.push(Block::Listing(excerpt(finding)));
            blocks.push(Block::Facts(facts_of(finding)));
        }
        blocks.push(Block::Facts(self.facts()));
        if let Some(command) = self.escalation() {
            blocks.push(Block::Sentence(
                "the change contradicts the plan; to send the plan back:".to_owned(),
            ));
            blocks.push(Block::Verbatim(format!("  {command}")));
        }
        blocks
    }

    fn json(&self) -> String {
        review_json::document(self)
    }

    fn table(&self) -> Table {
        let columns = ["path", "line", "severity", "state", "title"].map(Column::left).to_vec();
        let row = |finding: &Finding| {
            vec![
                Cell::Text(finding.path.clone()),
                Cell::Text(finding.start_line.to_string()),
                Cell::Text(finding.severity.as_str().to_owned()),
                Cell::Text(finding.state.as_str().to_owned()),
                Cell::Text(finding.title.clone()),
            ]
        };
        Table { columns, rows: self.outcome.findings.iter().map(row).collect() }
    }
}

/// Begins with the place, so that a terminal makes a link of it.
fn headline_of(finding: &Finding) -> String {
    let Finding { path, start_line, severity, title, blocks, .. } = finding;
    let blocks = if *blocks { ", blocks" } else { "" };
    format!("{path}:{start_line}: {}{blocks}: {title}", severity.as_str())
}

/// The quoted code with its line numbers; deleted code has none of its own.
fn excerpt(finding: &Finding) -> Listing {
    let line = |(text, number): (&str, u32)| {
        let number = if finding.is_deleted_code { "-".to_owned() } else { number.to_string() };
        ListedLine { cells: vec![format!("  {number}")], tint: Tint::Faint, text: text.to_owned() }
    };
    let lines = finding.quote.lines().zip(finding.start_line..);
    Listing {
        columns: vec![Column::right("Line"), Column::left("Text")],
        lines: lines.map(line).collect(),
    }
}

fn facts_of(finding: &Finding) -> Vec<Fact> {
    let mut facts = vec![Fact::new("  Why", finding.why.clone())];
    facts.extend(finding.plan_line.iter().map(|line| Fact::new("  Plan", line.clone())));
    facts.extend(finding.suggestion.iter().map(|text| Fact::new("  Try", text.clone())));
    let checked = match &finding.state {
        FindingState::Confirmed => return facts,
        FindingState::Imported => "not checked here".to_owned(),
        state => format!("{}: {}", state.as_str(), state.why().unwrap_or("no reason given")),
    };
    facts.push(Fact::new("  Check", checked));
    facts
}

fn set_aside(finding: &Finding) -> String {
    let Finding { path, start_line, title, state, .. } = finding;
    let why = state.why().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{path}:{start_line}: {title} ({}{why})", state.as_str())
}

fn status_words(status: PlanStatus) -> &'static str {
    match status {
        PlanStatus::Done => "done",
        PlanStatus::Partial => "done in part",
        PlanStatus::Missing => "missing",
        PlanStatus::Contradicted => "contradicted",
        PlanStatus::OutOfScope => "not asked for",
    }
}

fn item_words(item: &PlanItem) -> String {
    let place = item.place.as_ref().map(|(path, line)| format!(" ({path}:{line})"));
    let why = item.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    let place = place.unwrap_or_default();
    format!("{}: \"{}\"{place}{why}", status_words(item.status), item.item)
}

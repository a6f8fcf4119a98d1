//! The outcome of a review as SARIF 2.1.0, for hosts that show findings beside the code.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::format::to_json;
use crate::provenance::{Severity, Verdict};
use crate::report::ReviewReport;
use crate::review::{Finding, PlanItem, PlanStatus};

/// Where the schema stands, as every SARIF document says it.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    invocations: [Invocation; 1],
    results: Vec<SarifResult>,
    column_kind: &'static str,
    properties: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message>,
}

#[derive(Serialize)]
struct Properties {
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<f64>,
    state: &'static str,
    blocks: bool,
}

const FINDING: (&str, &str) =
    ("review/finding", "The reviewing model found something wrong with the change");
const CONTRADICTION: (&str, &str) =
    ("review/plan-contradicted", "The change does what its approved plan rules out");

/// Writes the whole document.
pub(super) fn document(report: &ReviewReport) -> String {
    let outcome = report.outcome();
    let rule = |(id, text): (&'static str, &str)| Rule {
        id,
        short_description: Message { text: text.to_owned() },
    };
    let contradictions = outcome.plan.iter().filter(|item| item.status == PlanStatus::Contradicted);
    let mut notes = outcome.warnings.iter().map(|text| note("warning", text)).collect::<Vec<_>>();
    notes.extend(
        outcome
            .left_out
            .iter()
            .map(|one| note("note", &format!("not read: {}: {}", one.path, one.why))),
    );
    if outcome.verdict == Verdict::NotRun {
        notes.push(note("error", &report.headline()));
    }
    let properties = [
        ("verdict", outcome.verdict.as_str().to_owned()),
        ("reviewer", outcome.reviewer.id().to_owned()),
        ("tree", outcome.tree.to_string()),
        ("drift", outcome.drift.as_str().to_owned()),
    ];
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "git-model",
                version: env!("CARGO_PKG_VERSION"),
                rules: vec![rule(FINDING), rule(CONTRADICTION)],
            },
        },
        invocations: [Invocation {
            execution_successful: outcome.verdict != Verdict::NotRun,
            tool_execution_notifications: notes,
        }],
        results: outcome
            .findings
            .iter()
            .map(SarifResult::of_finding)
            .chain(contradictions.map(SarifResult::of_item))
            .collect(),
        column_kind: "unicodeCodePoints",
        properties: properties.into_iter().collect(),
    };
    to_json(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

fn note(level: &'static str, text: &str) -> Notification {
    Notification { level, message: Message { text: text.to_owned() } }
}

impl SarifResult {
    fn of_finding(finding: &Finding) -> Self {
        let mut text = format!("{}: {}", finding.title, finding.why);
        if let Some(suggestion) = &finding.suggestion {
            text = format!("{text}\n\nTry: {suggestion}");
        }
        let snippet = Message { text: finding.quote.clone() };
        Self {
            rule_id: FINDING.0,
            level: level(finding.severity, finding.blocks),
            message: Message { text },
            locations: vec![Location::new(
                &finding.path,
                finding.start_line,
                Some(finding.end_line),
                Some(snippet).filter(|_| !finding.is_deleted_code),
            )],
            properties: Properties {
                severity: Some(finding.severity.as_str()),
                confidence: Some(finding.confidence),
                state: finding.state.as_str(),
                blocks: finding.blocks,
            },
        }
    }

    fn of_item(item: &PlanItem) -> Self {
        let why = item.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        let place = item.place.iter();
        Self {
            rule_id: CONTRADICTION.0,
            level: if item.blocks { "error" } else { "warning" },
            message: Message { text: format!("the plan says \"{}\"{why}", item.item) },
            locations: place.map(|(path, line)| Location::new(path, *line, None, None)).collect(),
            properties: Properties {
                severity: None,
                confidence: None,
                state: item
                    .state
                    .as_ref()
                    .map_or("not-checked", crate::review::FindingState::as_str),
                blocks: item.blocks,
            },
        }
    }
}

impl Location {
    fn new(path: &str, start: u32, end: Option<u32>, snippet: Option<Message>) -> Self {
        // Lines count from 1, and an end before the start is none.
        let start_line = start.max(1);
        Self {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(path) },
                region: Region {
                    start_line,
                    end_line: end.filter(|end| *end >= start_line),
                    snippet,
                },
            },
        }
    }
}

fn level(severity: Severity, blocks: bool) -> &'static str {
    match severity {
        _ if blocks => "error",
        Severity::Critical | Severity::High | Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// Writes a path as a relative reference, with everything but its plainest letters in percent.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            uri.push(char::from(byte));
        } else {
            let digit = |value: u8| char::from(b"0123456789ABCDEF"[usize::from(value & 15)]);
            uri.extend(['%', digit(byte >> 4), digit(byte)]);
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_more_than_a_path() {
        assert_eq!(uri("src/a b#é?.rs"), "src/a%20b%23%C3%A9%3F.rs");
        assert_eq!(uri("c:x"), "c%3Ax");
    }
}

//! SARIF 2.1.0, in which other reviewers and checkers tell what they found.

use serde::Deserialize;
use serde_json::Value;

use crate::provenance::Severity;
use crate::review::answer::{Found, RawFinding};
use crate::review::import::{ImportError, Said};
use crate::review::text::{one_line, paragraph};

/// From this `security-severity` on a result is critical, as hosts of code take it.
const CRITICAL: f64 = 9.0;

/// From this `security-severity` on a result is high.
const HIGH: f64 = 7.0;

/// From this `security-severity` on a result is medium.
const MEDIUM: f64 = 4.0;

/// The longest title, in characters.
const TITLE: usize = 120;

/// The longest text, in characters.
const TEXT: usize = 1_200;

#[derive(Deserialize)]
struct Log {
    version: String,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    /// Absent where the results lie elsewhere.
    results: Option<Vec<SarifResult>>,
    #[serde(default)]
    invocations: Vec<Invocation>,
}

#[derive(Deserialize, Default)]
struct Tool {
    #[serde(default)]
    driver: Driver,
}

#[derive(Deserialize, Default)]
struct Driver {
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    #[serde(default)]
    short_description: Option<Message>,
    #[serde(default)]
    default_configuration: Option<Configuration>,
    #[serde(default)]
    properties: Properties,
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    level: Option<String>,
}

#[derive(Deserialize, Default)]
struct Properties {
    #[serde(default, rename = "security-severity")]
    security_severity: Option<Value>,
    /// What we write ourselves.
    #[serde(default)]
    severity: Option<String>,
    #[serde(default)]
    confidence: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    #[serde(default = "yes")]
    execution_successful: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    #[serde(default)]
    rule_id: Option<String>,
    #[serde(default)]
    rule_index: Option<i64>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    level: Option<String>,
    message: Message,
    #[serde(default)]
    locations: Vec<Location>,
    #[serde(default)]
    rank: Option<f64>,
    #[serde(default)]
    suppressions: Vec<Value>,
    #[serde(default)]
    baseline_state: Option<String>,
    #[serde(default)]
    properties: Properties,
}

#[derive(Deserialize, Default)]
struct Message {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    markdown: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(default)]
    physical_location: Option<PhysicalLocation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    #[serde(default)]
    artifact_location: Option<ArtifactLocation>,
    #[serde(default)]
    region: Option<Region>,
}

#[derive(Deserialize)]
struct ArtifactLocation {
    #[serde(default)]
    uri: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Region {
    #[serde(default)]
    start_line: Option<u32>,
    #[serde(default)]
    end_line: Option<u32>,
    #[serde(default)]
    snippet: Option<Message>,
}

/// Says whether a value is SARIF, of whatever version.
pub(super) fn is_sarif(value: &Value) -> bool {
    value.get("runs").is_some()
}

/// Reads what all runs found.
///
/// Left out is what passed, what was there before (`baselineState`), and what was suppressed.
pub(super) fn read(value: &Value) -> Result<Said, ImportError> {
    let log = Log::deserialize(value)
        .map_err(|error| ImportError::Unreadable { problem: error.to_string() })?;
    if !log.version.starts_with("2.1.") {
        let problem = format!("it is SARIF {}", one_line(&log.version, 20));
        return Err(ImportError::UnknownForm { problem });
    }
    let mut findings = Vec::new();
    for run in log.runs {
        if run.invocations.iter().any(|invocation| !invocation.execution_successful) {
            return Err(ImportError::NotCompleted { reason: None });
        }
        let Some(results) = run.results else {
            let reason = Some("a run has no results".to_owned());
            return Err(ImportError::NotCompleted { reason });
        };
        let rules = run.tool.driver.rules;
        findings.extend(results.into_iter().filter(counts).map(|one| finding(one, &rules)));
    }
    Ok(Said { found: Found { findings, plan: Vec::new() }, blocks: false })
}

fn counts(result: &SarifResult) -> bool {
    let is_fail = result.kind.as_deref().is_none_or(|kind| kind == "fail");
    let is_old = matches!(result.baseline_state.as_deref(), Some("unchanged" | "absent"));
    is_fail && !is_old && result.suppressions.is_empty()
}

fn finding(result: SarifResult, rules: &[Rule]) -> RawFinding {
    let by_index = result.rule_index.and_then(|at| rules.get(usize::try_from(at).ok()?));
    let rule = by_index
        .or_else(|| rules.iter().find(|rule| Some(rule.id.as_str()) == result.rule_id.as_deref()));
    let severity = severity(&result, rule);
    let why = text(&result.message).unwrap_or_default();
    let short = rule.and_then(|rule| rule.short_description.as_ref()).and_then(text);
    let title = short.filter(|title| !title.is_empty()).unwrap_or_else(|| why.clone());
    let place = result.locations.into_iter().find_map(|location| location.physical_location);
    let (uri, region) = place.map_or((None, None), |place| {
        (place.artifact_location.and_then(|artifact| artifact.uri), place.region)
    });
    let region = region.unwrap_or_default();
    let start_line = region.start_line.unwrap_or(0);
    let quote = region.snippet.and_then(|snippet| snippet.text).unwrap_or_default();
    let rank = result.rank.filter(|rank| (0.0..=100.0).contains(rank)).map(|rank| rank / 100.0);
    RawFinding {
        title: one_line(&title, TITLE),
        why: paragraph(&why, TEXT),
        severity,
        // Who reports a failure without a rank is sure of it.
        confidence: result.properties.confidence.or(rank).unwrap_or(1.0).clamp(0.0, 1.0),
        path: path(&uri.unwrap_or_default()),
        start_line,
        end_line: region.end_line.unwrap_or(start_line).max(start_line),
        quote,
        suggestion: None,
        plan_line: None,
    }
}

fn text(message: &Message) -> Option<String> {
    message.text.clone().or_else(|| message.markdown.clone())
}

fn severity(result: &SarifResult, rule: Option<&Rule>) -> Severity {
    let properties = [Some(&result.properties), rule.map(|rule| &rule.properties)];
    let properties = || properties.iter().flatten();
    let said =
        properties().find_map(|one| crate::review::answer::severity(one.severity.as_deref()?));
    let number = properties().find_map(|one| match one.security_severity.as_ref()? {
        Value::String(text) => text.parse::<f64>().ok(),
        other => other.as_f64(),
    });
    let by_number = number.map(|number| match number {
        number if number >= CRITICAL => Severity::Critical,
        number if number >= HIGH => Severity::High,
        number if number >= MEDIUM => Severity::Medium,
        _ => Severity::Low,
    });
    let level = || {
        let of_rule = rule.and_then(|rule| rule.default_configuration.as_ref()?.level.as_deref());
        match result.level.as_deref().or(of_rule) {
            Some("error") => Severity::High,
            Some("note" | "none") => Severity::Low,
            _ => Severity::Medium,
        }
    };
    said.or(by_number).unwrap_or_else(level)
}

/// Returns the path of an address, which is relative to the top and may have escapes.
fn path(uri: &str) -> String {
    let bare = uri.strip_prefix("file:///").unwrap_or(uri);
    let mut bytes = Vec::with_capacity(bare.len());
    let mut rest = bare.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *byte == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(*byte));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    crate::git::quoted_path(&bytes, crate::review::text::is_hidden)
}

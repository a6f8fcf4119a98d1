//! What a reviewer answered, checked at the door.
//!
//! An answer is taken whole or not at all: a finding that cannot be read may be the one that matters.

use serde::Deserialize;
use serde_json::Value;

use crate::provenance::Severity;
use crate::review::PlanStatus;
use crate::review::text::{one_line, paragraph};

/// The longest title, in characters.
const TITLE: usize = 120;

/// The longest explanation, in characters.
const TEXT: usize = 1_200;

/// The longest quoted code, in characters.
const QUOTE: usize = 4_000;

/// More findings, or items of the plan, are no answer.
const MOST: usize = 500;

/// All that a reviewer found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub(super) findings: Vec<RawFinding>,
    pub(super) plan: Vec<RawItem>,
}

/// A finding as the reviewer gave it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawFinding {
    pub(super) title: String,
    pub(super) why: String,
    pub(super) severity: Severity,
    pub(super) confidence: f64,
    pub(super) path: String,
    pub(super) start_line: u32,
    pub(super) end_line: u32,
    /// Empty where another reviewer gave no code, only lines.
    pub(super) quote: String,
    pub(super) suggestion: Option<String>,
    pub(super) plan_line: Option<String>,
}

/// An item of the plan as the reviewer gave it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawItem {
    pub(super) item: String,
    pub(super) status: PlanStatus,
    pub(super) why: Option<String>,
    pub(super) path: Option<String>,
    pub(super) quote: Option<String>,
}

/// Whether a finding stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refutation {
    pub(super) is_refuted: bool,
    pub(super) why: String,
}

#[derive(Deserialize)]
struct FoundWire {
    findings: Vec<FindingWire>,
    #[serde(default)]
    plan: Vec<ItemWire>,
}

#[derive(Deserialize)]
struct FindingWire {
    title: String,
    #[serde(default)]
    why: String,
    severity: String,
    confidence: f64,
    path: String,
    #[serde(default)]
    start_line: Option<f64>,
    #[serde(default)]
    end_line: Option<f64>,
    #[serde(default)]
    quote: String,
    #[serde(default)]
    suggestion: Option<String>,
    #[serde(default)]
    plan_line: Option<String>,
}

#[derive(Deserialize)]
struct ItemWire {
    item: String,
    status: String,
    #[serde(default)]
    why: Option<String>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    quote: Option<String>,
}

#[derive(Deserialize)]
struct RefutationWire {
    refuted: bool,
    why: String,
}

/// Reads what a reviewer found; the error says what is wrong with it.
pub(super) fn found(value: &Value) -> Result<Found, String> {
    let wire = FoundWire::deserialize(value).map_err(|error| error.to_string())?;
    if wire.findings.len() > MOST || wire.plan.len() > MOST {
        return Err(format!("more than {MOST} findings"));
    }
    Ok(Found {
        findings: wire.findings.into_iter().map(finding).collect::<Result<_, _>>()?,
        plan: wire.plan.into_iter().map(item).collect::<Result<_, _>>()?,
    })
}

/// Reads whether a finding stands.
pub(super) fn refutation(value: &Value) -> Result<Refutation, String> {
    let wire = RefutationWire::deserialize(value).map_err(|error| error.to_string())?;
    Ok(Refutation { is_refuted: wire.refuted, why: paragraph(&wire.why, TEXT) })
}

/// Reads the word for a severity, in any case.
pub(super) fn severity(word: &str) -> Option<Severity> {
    let all = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];
    all.into_iter().find(|one| word.trim().eq_ignore_ascii_case(one.as_str()))
}

fn finding(wire: FindingWire) -> Result<RawFinding, String> {
    let unknown = || format!("no severity: {}", one_line(&wire.severity, TITLE));
    let severity = severity(&wire.severity).ok_or_else(unknown)?;
    let start_line = line(wire.start_line);
    Ok(RawFinding {
        title: one_line(&wire.title, TITLE),
        why: paragraph(&wire.why, TEXT),
        severity,
        confidence: confidence(wire.confidence),
        path: wire.path.trim().to_owned(),
        start_line,
        end_line: line(wire.end_line).max(start_line),
        quote: wire.quote.chars().take(QUOTE).collect(),
        suggestion: text(wire.suggestion),
        plan_line: text(wire.plan_line),
    })
}

fn item(wire: ItemWire) -> Result<RawItem, String> {
    let word = wire.status.trim().to_ascii_lowercase().replace('_', "-");
    let unknown = || format!("no status: {}", one_line(&wire.status, TITLE));
    Ok(RawItem {
        item: one_line(&wire.item, TEXT),
        status: PlanStatus::parse(&word).ok_or_else(unknown)?,
        why: text(wire.why),
        path: wire.path.map(|path| path.trim().to_owned()).filter(|path| !path.is_empty()),
        quote: wire.quote.filter(|quote| !quote.trim().is_empty()),
    })
}

/// Returns a text that says something.
fn text(text: Option<String>) -> Option<String> {
    text.map(|text| paragraph(&text, TEXT)).filter(|text| !text.trim().is_empty())
}

/// Returns a confidence from 0 to 1; numbers from 2 to 100 are taken for percent.
fn confidence(said: f64) -> f64 {
    let part = if (2.0..=100.0).contains(&said) { said / 100.0 } else { said };
    if part.is_nan() { 0.0 } else { part.clamp(0.0, 1.0) }
}

/// Returns the number of a line; 0 where none was given.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped")]
fn line(said: Option<f64>) -> u32 {
    said.unwrap_or(0.0).clamp(0.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Found, String> {
        found(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn numbers_are_brought_into_their_range_and_texts_cleaned() {
        let found = read(
            r#"{"findings":[{"title":"a\u001b[1m\nb","why":"w","severity":"High","confidence":95,"path":" a.rs ",
            "start_line":-3,"end_line":2.0,"quote":"x","suggestion":" ","plan_line":null}],
            "plan":[{"item":"i","status":"out_of_scope","quote":""}]}"#,
        )
        .unwrap();
        let finding = &found.findings[0];
        assert_eq!((finding.title.as_str(), finding.path.as_str()), ("a[1m b", "a.rs"));
        assert_eq!((finding.start_line, finding.end_line), (0, 2));
        assert!((finding.confidence - 0.95).abs() < 1e-9);
        assert_eq!((&finding.suggestion, &found.plan[0].quote), (&None, &None));
        assert_eq!(found.plan[0].status, PlanStatus::OutOfScope);
    }

    #[test]
    fn one_finding_that_cannot_be_read_spoils_the_answer() {
        let finding = |severity: &str, confidence: &str| {
            format!(
                r#"{{"title":"t","severity":"{severity}","confidence":{confidence},"path":"p","quote":"q"}}"#
            )
        };
        let both = |second: &str| format!(r#"{{"findings":[{},{second}]}}"#, finding("low", "1"));
        assert!(read(&both(&finding("low", "0.5"))).is_ok());
        assert!(read(&both(&finding("blocker", "0.5"))).is_err());
        assert!(read(&both(&finding("low", "\"sure\""))).is_err());
        assert!(read(&both("{}")).is_err());
        assert!(read("[]").is_err() && read("{}").is_err() && read("\"pass\"").is_err());
    }

    #[test]
    fn a_refutation_needs_both_its_fields() {
        let read = |text: &str| refutation(&serde_json::from_str(text).unwrap());
        assert!(read(r#"{"refuted":true,"why":"it is checked"}"#).unwrap().is_refuted);
        assert!(read(r#"{"refuted":"false","why":""}"#).is_err());
        assert!(read(r#"{"refuted":true}"#).is_err());
    }
}

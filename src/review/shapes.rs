//! The shapes in which a reviewer answers: closed JSON schemas without ranges, which every provider takes.

use crate::backends::Shape;

/// What the reviewer finds.
pub(super) const FIND: Shape = Shape { name: "review_findings", schema: FIND_SCHEMA };

/// Whether a finding stands.
pub(super) const REFUTE: Shape = Shape { name: "review_refutation", schema: REFUTE_SCHEMA };

const FIND_SCHEMA: &str = r#"{
  "type": "object",
  "additionalProperties": false,
  "required": ["findings", "plan"],
  "properties": {
    "findings": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["title", "why", "severity", "confidence", "path", "start_line", "end_line", "quote", "suggestion", "plan_line"],
        "properties": {
          "title": {"type": "string"},
          "why": {"type": "string"},
          "severity": {"type": "string", "enum": ["critical", "high", "medium", "low"]},
          "confidence": {"type": "number"},
          "path": {"type": "string"},
          "start_line": {"type": "integer"},
          "end_line": {"type": "integer"},
          "quote": {"type": "string"},
          "suggestion": {"type": ["string", "null"]},
          "plan_line": {"type": ["string", "null"]}
        }
      }
    },
    "plan": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["item", "status", "why", "path", "quote"],
        "properties": {
          "item": {"type": "string"},
          "status": {"type": "string", "enum": ["done", "partial", "missing", "contradicted", "out-of-scope"]},
          "why": {"type": ["string", "null"]},
          "path": {"type": ["string", "null"]},
          "quote": {"type": ["string", "null"]}
        }
      }
    }
  }
}"#;

const REFUTE_SCHEMA: &str = r#"{
  "type": "object",
  "additionalProperties": false,
  "required": ["refuted", "why"],
  "properties": {
    "refuted": {"type": "boolean"},
    "why": {"type": "string"}
  }
}"#;

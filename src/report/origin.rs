//! An origin as every JSON document writes it.

use serde::Serialize;

use crate::history::Part;
use crate::provenance::Origin;

/// An origin on the wire; everything but `kind` is absent unless `kind` is `model`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OriginJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<&'static str>,
}

impl<'a> OriginJson<'a> {
    /// Returns the names of its fields that are there, with their values, in the order of the document.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&'static str, &'a str)> {
        [
            ("kind", Some(self.kind)),
            ("model", self.model),
            ("name", self.name),
            ("phase", self.phase),
            ("agent", self.agent),
            ("grade", self.grade),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    /// A person, by declaration.
    pub const HUMAN: Self = Self::bare("human");

    /// Nothing is known.
    pub const UNKNOWN: Self = Self::bare("unknown");

    const fn bare(kind: &'static str) -> Self {
        Self { kind, model: None, name: None, phase: None, agent: None, grade: None }
    }
}

impl<'a> From<&'a Part> for OriginJson<'a> {
    fn from(part: &'a Part) -> Self {
        Self {
            kind: "model",
            model: Some(part.model.id()),
            name: Some(part.model.display()),
            phase: part.phase.as_ref().map(crate::provenance::Phase::as_str),
            agent: part.agent.as_deref(),
            grade: Some(part.grade.as_str()),
        }
    }
}

impl<'a> From<&'a Origin> for OriginJson<'a> {
    fn from(origin: &'a Origin) -> Self {
        match origin {
            Origin::Model { model, phase, agent, grade } => Self {
                kind: "model",
                model: Some(model.id()),
                name: Some(model.display()),
                phase: phase.as_ref().map(crate::provenance::Phase::as_str),
                agent: agent.as_deref(),
                grade: Some(grade.as_str()),
            },
            Origin::Human => Self::HUMAN,
            Origin::Unknown => Self::UNKNOWN,
        }
    }
}

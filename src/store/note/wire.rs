//! The words of a note on the wire, apart from the types we think with.

use serde::{Deserialize, Serialize};

use crate::provenance::{
    ApprovedBy, CommitId, CommitRecord, Contribution, FileAttribution, FollowedPlan, Grade,
    LineCounts, ModelName, Operation, Origin, Phase, ReadBy, Recorder,
};
use crate::store::KeptUsage;

/// An Agent Trace record.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Trace {
    version: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    pub(super) timestamp: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) vcs: Option<Vcs>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tool: Option<Tool>,
    pub(super) files: Vec<File>,
    #[serde(default)]
    pub(super) metadata: Metadata,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Vcs {
    #[serde(rename = "type")]
    kind: String,
    pub(super) revision: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Tool {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) conversations: Vec<Conversation>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Conversation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) contributor: Option<Contributor>,
    pub(super) ranges: Vec<Range>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Contributor {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) model_id: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Range {
    pub(super) start_line: u32,
    pub(super) end_line: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) contributor: Option<Contributor>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Metadata {
    #[serde(default, rename = "git-model", skip_serializing_if = "Option::is_none")]
    pub(super) ours: Option<Ours>,
}

/// Our part of a note, schema 1.0.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ours {
    pub(super) schema: String,
    #[serde(default)]
    pub(super) recorder: Recorder,
    #[serde(default)]
    pub(super) operation: Operation,
    #[serde(default)]
    pub(super) contributions: Vec<ContributionWire>,
    #[serde(default)]
    pub(super) unknown: LineCounts,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) trailers: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) mismatches: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) read_by: Vec<ReadByWire>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) usage: Vec<KeptUsage>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) plans: Vec<PlanWire>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) unclear_plans: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) sources: Vec<CommitId>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) ranges_left_out: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ContributionWire {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The spelling as met, where it says more than the id (an effort, a context, a date).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requested: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(default = "unknown_grade")]
    grade: Grade,
    #[serde(default)]
    lines: LineCounts,
}

/// A review that read the change.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReadByWire {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    agent: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

impl ReadByWire {
    fn new(read: &ReadBy) -> Self {
        Self {
            name: read.name.clone(),
            model: read.model.as_ref().map(|model| model.id().to_owned()),
            agent: read.agent.clone(),
            session: read.session.clone(),
        }
    }

    pub(super) fn into_read_by(self) -> ReadBy {
        let model = self.model.as_deref().and_then(|name| ModelName::parse(name).ok());
        ReadBy { name: self.name, model, agent: self.agent, session: self.session }
    }
}

/// A plan that was followed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PlanWire {
    id: String,
    version: u32,
    hash: CommitId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    approved_by: Option<ApprovedBy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    steps: Option<String>,
    grade: Grade,
}

impl PlanWire {
    fn new(plan: &FollowedPlan) -> Self {
        Self {
            id: plan.id.to_string(),
            version: plan.version,
            hash: plan.hash,
            approved_by: plan.approved_by,
            steps: plan.steps.as_ref().map(ToString::to_string),
            grade: plan.grade,
        }
    }

    /// `None` where the id is none.
    pub(super) fn into_followed(self) -> Option<FollowedPlan> {
        Some(FollowedPlan {
            id: self.id.parse().ok()?,
            version: self.version,
            hash: self.hash,
            approved_by: self.approved_by,
            steps: self.steps.and_then(|text| text.parse().ok()),
            grade: self.grade,
        })
    }
}

fn unknown_grade() -> Grade {
    Grade::Unknown
}

impl Trace {
    pub(super) fn new(commit: CommitId, record: &CommitRecord, timestamp: &str) -> Self {
        let contributors =
            record.contributions.iter().map(|one| Contributor::of(&one.origin)).collect::<Vec<_>>();
        Self {
            version: "0.1.0".to_owned(),
            id: uuid(commit, timestamp),
            timestamp: timestamp.to_owned(),
            vcs: Some(Vcs { kind: "git".to_owned(), revision: commit.to_string() }),
            tool: Some(Tool {
                name: "git-model".to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            }),
            files: record.files.iter().map(|file| File::new(file, &contributors)).collect(),
            metadata: Metadata { ours: Some(Ours::new(record)) },
        }
    }
}

impl Ours {
    fn new(record: &CommitRecord) -> Self {
        Self {
            schema: super::SCHEMA.to_owned(),
            recorder: record.recorder,
            operation: record.operation,
            contributions: record.contributions.iter().map(ContributionWire::new).collect(),
            unknown: record.unknown,
            trailers: record.trailers.clone(),
            mismatches: record.mismatches.iter().map(|model| model.id().to_owned()).collect(),
            read_by: record.read_by.iter().map(ReadByWire::new).collect(),
            usage: record.usage.iter().map(KeptUsage::of).collect(),
            plans: record.plans.iter().map(PlanWire::new).collect(),
            unclear_plans: record.unclear_plans.iter().map(ToString::to_string).collect(),
            sources: record.sources.clone(),
            ranges_left_out: false,
        }
    }
}

impl ContributionWire {
    fn new(contribution: &Contribution) -> Self {
        let mut wire = Self {
            kind: "human".to_owned(),
            model: None,
            name: None,
            raw: None,
            requested: contribution.requested.as_ref().map(|model| model.id().to_owned()),
            phase: None,
            agent: None,
            session: contribution.session.clone(),
            grade: Grade::Declared,
            lines: contribution.lines,
        };
        match &contribution.origin {
            Origin::Model { model, phase, agent, grade } => {
                "model".clone_into(&mut wire.kind);
                wire.model = Some(model.id().to_owned());
                wire.name = Some(model.display().to_owned());
                wire.raw = Some(model.raw().to_owned())
                    .filter(|raw| raw != model.id() && raw != model.display());
                wire.phase.clone_from(phase);
                wire.agent.clone_from(agent);
                wire.grade = *grade;
            }
            Origin::Human => {}
            Origin::Unknown => {
                "unknown".clone_into(&mut wire.kind);
                wire.grade = Grade::Unknown;
            }
        }
        wire
    }

    /// `None` for a model without a name.
    pub(super) fn into_contribution(self) -> Option<Contribution> {
        let origin = match self.kind.as_str() {
            "model" => {
                // The raw spelling also tells effort and context; the id is what counts if they disagree.
                let id = ModelName::parse(self.model.as_deref()?).ok()?;
                let raw = self.raw.as_deref().and_then(|raw| ModelName::parse(raw).ok());
                let model = raw.filter(|raw| raw.id() == id.id()).unwrap_or(id);
                Origin::Model { model, phase: self.phase, agent: self.agent, grade: self.grade }
            }
            "human" => Origin::Human,
            _ => Origin::Unknown,
        };
        let requested = self.requested.as_deref().and_then(|name| ModelName::parse(name).ok());
        Some(Contribution { origin, requested, session: self.session, lines: self.lines })
    }
}

impl Contributor {
    fn of(origin: &Origin) -> Self {
        match origin {
            Origin::Model { model, .. } => {
                Self { kind: "ai".to_owned(), model_id: Some(model.provider_model_id()) }
            }
            Origin::Human => Self { kind: "human".to_owned(), model_id: None },
            Origin::Unknown => Self { kind: "unknown".to_owned(), model_id: None },
        }
    }
}

impl File {
    fn new(file: &FileAttribution, contributors: &[Contributor]) -> Self {
        let conversation = |place: usize| {
            let own = file.ranges.iter().filter(|range| range.contribution == place);
            let ranges = own
                .map(|range| Range {
                    start_line: range.start,
                    end_line: range.end,
                    contributor: None,
                })
                .collect::<Vec<_>>();
            let contributor = &contributors[place];
            Conversation {
                url: Some(url_of_contribution(place)),
                contributor: Some(Contributor {
                    kind: contributor.kind.clone(),
                    model_id: contributor.model_id.clone(),
                }),
                ranges,
            }
        };
        let conversations = (0..contributors.len())
            .map(conversation)
            .filter(|one| !one.ranges.is_empty())
            .collect();
        Self { path: file.path.clone(), conversations }
    }
}

const URL_PREFIX: &str = "urn:git-model:contribution:";

fn url_of_contribution(place: usize) -> String {
    format!("{URL_PREFIX}{place}")
}

/// Returns the place in the list of contributions that a conversation points to.
pub(super) fn contribution_of_url(url: &str) -> Option<usize> {
    url.strip_prefix(URL_PREFIX)?.parse().ok()
}

/// Makes an id for the record from what it is about: version 8 of RFC 9562, whose bits are the maker's own.
fn uuid(commit: CommitId, timestamp: &str) -> String {
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&commit.as_bytes()[..16]);
    let sum = crc32fast::hash(timestamp.as_bytes()).to_be_bytes();
    for (byte, other) in bytes[12..].iter_mut().zip(sum) {
        *byte ^= other;
    }
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let number = u128::from_be_bytes(bytes);
    let hex = format!("{number:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

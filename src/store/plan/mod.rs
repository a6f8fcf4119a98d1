//! Plans: each a ledger under `refs/model/plans/`, whose commits hold `plan.md` (the text) and `plan.json` (the story).
//!
//! Title, state, models and version also stand as trailers of each commit, so that a list reads one object per plan.

use chrono::{DateTime, Utc};

use crate::git::{Appended, LedgerEntry, Repo};
use crate::provenance::{
    CommitId, ModelName, Plan, PlanId, PlanState, Scope, Trailer, clean_title, parse_trailers,
};
use crate::store::Error;

mod follow;
#[cfg(test)]
mod tests;
mod wire;

pub use follow::Following;

/// Where plans stand.
pub const FOLDER: &str = "refs/model/plans/";

/// The version of `plan.json`; readers accept newer ones with the same first number.
pub const SCHEMA: &str = "1.0";

/// The fewest digits that name a plan.
const FEWEST_DIGITS: usize = 4;

/// The largest `plan.json` or `plan.md` that is read, in bytes.
const READ_LIMIT: usize = 16 << 20;

/// The plans of a repository.
#[derive(Clone, Copy)]
pub struct Plans<'r> {
    repo: &'r Repo,
}

/// A plan as it stood when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPlan {
    /// The plan.
    pub plan: Plan,
    /// The commit that it was read from.
    pub tip: CommitId,
    /// The version of its file, where it is newer than ours: such a plan is read and never written.
    pub newer: Option<String>,
}

/// A plan in a list: what its last commit's trailers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPlan {
    /// Its id.
    pub id: PlanId,
    /// What is said of it; `None` where the commit does not say it.
    pub head: Option<PlanHead>,
}

/// What a list says of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanHead {
    /// One line.
    pub title: String,
    /// Where it stands.
    pub state: PlanState,
    /// The version.
    pub version: u32,
    /// The model that planned.
    pub planner: Option<ModelName>,
    /// The model that it was handed to.
    pub implementer: Option<ModelName>,
    /// The steps that are approved, or handed off where it is being implemented; `None` for all or nothing.
    pub steps: Option<String>,
    /// When something last happened to it.
    pub changed: DateTime<Utc>,
}

impl<'r> Plans<'r> {
    /// Names the plans of a repository; nothing is read.
    pub fn of(repo: &'r Repo) -> Self {
        Self { repo }
    }

    /// Counts them; no object is read.
    pub fn count(self) -> Result<usize, Error> {
        Ok(self.repo.ledgers(FOLDER)?.len())
    }

    /// Lists all plans, the one that changed last first; those whose commit cannot be read come last.
    pub fn list(self) -> Result<Vec<ListedPlan>, Error> {
        let tips = self.repo.ledger_tips(FOLDER)?;
        let listed = tips.into_iter().filter_map(|tip| {
            let id = tip.name.parse().ok()?;
            Some(ListedPlan { id, head: tip.message.as_deref().and_then(PlanHead::parse) })
        });
        let mut listed = listed.collect::<Vec<_>>();
        let time = |plan: &ListedPlan| plan.head.as_ref().map(|head| head.changed);
        listed.sort_by(|one, other| (time(other), &one.id).cmp(&(time(one), &other.id)));
        Ok(listed)
    }

    /// Finds a plan by its id, or the first digits of it.
    pub fn find(self, word: &str) -> Result<PlanId, Error> {
        let wanted = word.to_ascii_lowercase();
        let unknown = || Error::UnknownPlan { word: word.escape_debug().to_string() };
        if wanted.len() < FEWEST_DIGITS {
            return Err(unknown());
        }
        let names = self.repo.ledgers(FOLDER)?.into_iter();
        let mut found = names
            .filter(|(name, _)| name.starts_with(&wanted))
            .filter_map(|(name, _)| name.parse::<PlanId>().ok())
            .collect::<Vec<_>>();
        match found.len() {
            0 => Err(unknown()),
            1 => Ok(found.remove(0)),
            _ => Err(Error::AmbiguousPlan {
                word: word.escape_debug().to_string(),
                candidates: found,
            }),
        }
    }

    /// Reads a plan; `None` where there is none of this id.
    pub fn read(self, id: &PlanId) -> Result<Option<KeptPlan>, Error> {
        let Some(tip) = self.repo.reference(&reference(id))? else { return Ok(None) };
        self.read_at(id, tip).map(Some)
    }

    /// Reads a plan as it stands at one of its commits.
    pub fn read_at(self, id: &PlanId, tip: CommitId) -> Result<KeptPlan, Error> {
        let damaged = |reason: String| Error::DamagedPlan { id: id.clone(), reason };
        let file = |name: &str| {
            let bytes = self.repo.ledger_file(tip, name);
            let bytes = bytes.map_err(|error| damaged(error.to_string()))?;
            let bytes = bytes.ok_or_else(|| damaged(format!("it has no {name}")))?;
            match bytes.len() {
                length if length > READ_LIMIT => Err(damaged(format!("{name} has {length} bytes"))),
                _ => Ok(bytes),
            }
        };
        let (json, text) = (file("plan.json")?, file("plan.md")?);
        let hash = self.repo.hash(&text).ok_or_else(|| damaged("plan.md has no id".to_owned()))?;
        let text =
            String::from_utf8(text).map_err(|_| damaged("plan.md is not UTF-8".to_owned()))?;
        let (plan, newer) = wire::parse(id, &json, text, hash)?;
        Ok(KeptPlan { plan, tip, newer })
    }

    /// Returns a text that a plan once had, by its hash; `None` where it is not here.
    pub fn text(self, hash: CommitId) -> Option<String> {
        String::from_utf8(self.repo.blob(hash).ok()?).ok()
    }

    /// Returns the hash of a text: the id that Git gives to it as a file.
    pub fn hash(self, text: &str) -> Option<CommitId> {
        self.repo.hash(text.as_bytes())
    }

    /// Makes a plan under an id that nobody has.
    ///
    /// The id comes from `seed`, which should differ from plan to plan.
    pub fn create(self, seed: &[u8], make: impl Fn(PlanId) -> Plan) -> Result<KeptPlan, Error> {
        let mut attempt = xxhash_rust::xxh3::xxh3_64(seed);
        loop {
            let low = u32::try_from(attempt & u64::from(u32::MAX)).unwrap_or_default();
            attempt = attempt.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
            let Some(id) = PlanId::from_number(low) else { continue };
            if self.repo.reference(&reference(&id))?.is_some() {
                continue;
            }
            if let Some(kept) = self.append((None, None), make(id), "new")? {
                return Ok(kept);
            }
        }
    }

    /// Makes a plan under an id that its source gives; `None` where there is one already.
    pub fn create_as(self, plan: Plan) -> Result<Option<KeptPlan>, Error> {
        self.append((None, None), plan, "new")
    }

    /// Writes a plan in place of what was read; `what` says in a word or two what happened.
    ///
    /// `None` where somebody else changed the plan since: nothing was written then.
    pub fn save(self, read: &KeptPlan, plan: Plan, what: &str) -> Result<Option<KeptPlan>, Error> {
        match &read.newer {
            Some(found) => {
                Err(Error::NewerPlan { id: plan.id, found: found.clone(), known: SCHEMA })
            }
            None => self.append((Some(read.tip), None), plan, what),
        }
    }

    /// Writes what became of a plan that was changed here and elsewhere: both stories come before it.
    ///
    /// `None` where somebody else changed the plan since: nothing was written then.
    pub fn join(
        self,
        read: &KeptPlan,
        other: CommitId,
        plan: Plan,
    ) -> Result<Option<KeptPlan>, Error> {
        self.append((Some(read.tip), Some(other)), plan, "joined")
    }

    fn append(
        self,
        (seen, joins): (Option<CommitId>, Option<CommitId>),
        plan: Plan,
        what: &str,
    ) -> Result<Option<KeptPlan>, Error> {
        let json = wire::render(&plan);
        let files = [("plan.json", json.as_bytes()), ("plan.md", plan.text.as_bytes())];
        let message = message(&plan, what);
        let entry = LedgerEntry { files: &files, message: &message, joins };
        Ok(match self.repo.append_to_ledger(&reference(&plan.id), seen, entry)? {
            Appended::Done(tip) => Some(KeptPlan { plan, tip, newer: None }),
            Appended::Moved => None,
        })
    }
}

/// Returns the full name of a plan's reference.
pub fn reference(id: &PlanId) -> String {
    format!("{FOLDER}{id}")
}

/// Returns the id of a plan that an agent's session made: the same each time it is met.
pub fn id_of_session(agent: &str, session: &str, text: &str) -> PlanId {
    let mut number = xxhash_rust::xxh3::xxh3_64(format!("{agent}\0{session}\0{text}").as_bytes());
    loop {
        let low = u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
        if let Some(id) = PlanId::from_number(low) {
            return id;
        }
        number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
    }
}

/// Returns the message of a plan's commit: what happened, and the trailers for lists.
fn message(plan: &Plan, what: &str) -> String {
    let changed = DateTime::<Utc>::from_timestamp(plan.changed(), 0).unwrap_or_default();
    let mut message = format!("plan: {what}\n\n");
    let mut add = |key: &str, value: &str| {
        message.extend(["Plan-", key, ": ", value, "\n"]);
    };
    add("Title", &clean_title(&plan.title));
    add("State", plan.state.as_str());
    add("Version", &plan.version.to_string());
    if let Some(planner) = &plan.planner {
        add("Model", planner.model.id());
    }
    if let Some(implementer) = plan.implementer() {
        add("Implementer", implementer.id());
    }
    let scope = match plan.state {
        PlanState::Approved => plan.approved(),
        PlanState::Implementing => plan.handed_off(),
        _ => None,
    };
    if let Some(Scope::Part(steps)) = scope {
        add("Steps", &steps.to_string());
    }
    add("Changed", &changed.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    message
}

impl PlanHead {
    /// Reads the trailers of a plan's commit; `None` where one that each has is missing.
    fn parse(message: &str) -> Option<Self> {
        let trailers = parse_trailers(message);
        let find = |key: &str| {
            let is_it = |trailer: &&Trailer| trailer.key.strip_prefix("Plan-") == Some(key);
            trailers.iter().find(is_it).map(|trailer| trailer.value.as_str())
        };
        let model = |key: &str| find(key).and_then(|name| ModelName::parse(name).ok());
        Some(Self {
            title: find("Title")?.to_owned(),
            state: PlanState::parse(find("State")?)?,
            version: find("Version")?.parse().ok()?,
            planner: model("Model"),
            implementer: model("Implementer"),
            steps: find("Steps").map(str::to_owned),
            changed: DateTime::parse_from_rfc3339(find("Changed")?).ok()?.to_utc(),
        })
    }
}

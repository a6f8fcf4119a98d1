//! Settings: Git's configuration under `model.*`, and our own variables of the environment.
#![expect(clippy::disallowed_methods, reason = "the only place where our own variables are read")]

use crate::agents::{self, Surroundings};
use crate::git::{self, Repo};
use crate::provenance::{MistakeKind, ModelName, Phase};

mod asking;

pub use asking::{Around, RoleError, RoleSetting};

/// How long a declaration holds if `model.useExpires` says nothing: 12 hours.
const USE_EXPIRES_SECONDS: i64 = 12 * 3600;

/// How a trailer names a model (`model.trailerName`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrailerName {
    /// `Opus 5.5`
    #[default]
    Display,
    /// `Opus`
    Family,
    /// `claude-opus-5-5`
    Id,
}

/// What the message says (`model.convention`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Convention {
    /// `Model: Opus 5.5 (architecture)`
    #[default]
    Model,
    /// Nothing; the note alone records.
    None,
    /// One that this version cannot write; nothing is written rather than the wrong thing.
    Unsupported(String),
}

/// What becomes of the trailers that agents write by themselves (`model.agentTrailers`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AgentTrailers {
    /// They stay, also where they name another model than the evidence.
    #[default]
    Keep,
    /// Those that name another model get the name of the one that wrote.
    Correct,
    /// They go where our own trailers stand in their place.
    Replace,
    /// They go.
    Drop,
}

/// When records are synced without being asked (`model.sync`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SyncAt {
    /// Only when somebody types it.
    #[default]
    Never,
    /// Before each push, with the remote that is pushed to.
    Push,
}

/// What a model is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It plans (`model.planner`).
    Planner,
    /// It carries plans out (`model.implementer`).
    Implementer,
    /// It reads what was written (`model.reviewer`).
    Reviewer,
}

impl Role {
    /// Returns the key of Git's configuration.
    pub fn key(self) -> &'static str {
        match self {
            Self::Planner => "model.planner",
            Self::Implementer => "model.implementer",
            Self::Reviewer => "model.reviewer",
        }
    }
}

/// Who works, as `GIT_MODEL` and `GIT_MODEL_PHASE` say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvironmentSays {
    /// Neither is set.
    Nothing,
    /// `GIT_MODEL=human`
    Human,
    /// `GIT_MODEL=MODEL`, perhaps with a phase.
    Model(ModelName, Option<Phase>),
    /// `GIT_MODEL_PHASE` alone.
    PhaseOnly(Phase),
    /// One of them cannot be used; the text says which and why.
    Unusable(String),
}

/// The settings of one repository.
pub struct Settings<'r> {
    repo: &'r Repo,
}

impl<'r> Settings<'r> {
    /// Reads the settings of a repository, each when it is asked for.
    pub fn of(repo: &'r Repo) -> Self {
        Self { repo }
    }

    /// Returns how trailers name a model; a value that is none of the three counts as `display`.
    pub fn trailer_name(&self) -> Result<TrailerName, git::Error> {
        Ok(match self.repo.setting("model.trailerName")?.as_deref() {
            Some("family") => TrailerName::Family,
            Some("id") => TrailerName::Id,
            _ => TrailerName::Display,
        })
    }

    /// Says whether trailers name the effort.
    pub fn trailer_effort(&self) -> Result<bool, git::Error> {
        Ok(self.repo.setting_bool("model.trailerEffort")?.unwrap_or(false))
    }

    /// Returns the convention of messages.
    pub fn convention(&self) -> Result<Convention, git::Error> {
        Ok(match self.repo.setting("model.convention")?.as_deref() {
            None | Some("model") => Convention::Model,
            Some("none") => Convention::None,
            Some(other) => Convention::Unsupported(other.to_owned()),
        })
    }

    /// Returns what becomes of agents' own trailers; a value that is none of the four counts as `keep`.
    pub fn agent_trailers(&self) -> Result<AgentTrailers, git::Error> {
        Ok(match self.repo.setting("model.agentTrailers")?.as_deref() {
            Some("correct") => AgentTrailers::Correct,
            Some("replace") => AgentTrailers::Replace,
            Some("drop") => AgentTrailers::Drop,
            _ => AgentTrailers::Keep,
        })
    }

    /// Returns the phase in which a command, skill or helper of an agent works (`model.agent.NAME.phase`), if one is set.
    ///
    /// What is no word counts as not set.
    pub fn helper_phase(&self, name: &str) -> Result<Option<Phase>, git::Error> {
        let value = self.repo.setting(&format!("model.agent.{name}.phase"))?;
        Ok(value.as_deref().and_then(Phase::parse))
    }

    /// Says whether a mistake in sharing work is told (`model.mistake.*`).
    pub fn tells(&self, kind: MistakeKind) -> Result<bool, git::Error> {
        Ok(self.repo.setting_bool(kind.key())?.unwrap_or(true))
    }

    /// Says whether messages name the plans that commits followed (`model.plan.trailer`), as where plans are shared.
    pub fn plan_trailer(&self) -> Result<bool, git::Error> {
        Ok(self.repo.setting_bool("model.plan.trailer")?.unwrap_or(false))
    }

    /// Says whether plans travel with records (`model.syncPlans`).
    pub fn sync_plans(&self) -> Result<bool, git::Error> {
        Ok(self.repo.setting_bool("model.syncPlans")?.unwrap_or(false))
    }

    /// Returns when records are synced without being asked (`model.sync`); anything but `push` counts as `off`.
    pub fn sync_at(&self) -> Result<SyncAt, git::Error> {
        Ok(match self.repo.setting("model.sync")?.as_deref() {
            Some("push") => SyncAt::Push,
            _ => SyncAt::Never,
        })
    }

    /// Says whether the line after a commit is unwanted.
    pub fn quiet(&self) -> Result<bool, git::Error> {
        Ok(self.repo.setting_bool("model.quiet")?.unwrap_or(false))
    }

    /// Returns for how many seconds a declaration holds; `None`: until it is cleared.
    ///
    /// `model.useExpires` is a number with `m`, `h` or `d`, or `never`; anything else counts as 12 hours.
    pub fn use_expires(&self) -> Result<Option<i64>, git::Error> {
        let value = self.repo.setting("model.useExpires")?;
        Ok(match value.as_deref() {
            Some("never") => None,
            Some(text) => Some(parse_duration(text).unwrap_or(USE_EXPIRES_SECONDS)),
            None => Some(USE_EXPIRES_SECONDS),
        })
    }

    /// Returns the model that has a role, as the user's own configuration names it; never the repository's.
    ///
    /// A backend before it (`claude:opus`) says who is to ask the model, and is left out. What names no model counts as
    /// not set; [`Settings::role_setting`] tells of it.
    pub fn role(&self, role: Role) -> Result<Option<ModelName>, git::Error> {
        match self.role_setting(role) {
            Ok(setting) => Ok(setting.map(|setting| setting.model)),
            Err(RoleError::NotAModel { .. }) => Ok(None),
            Err(RoleError::Git(error)) => Err(error),
        }
    }

    /// Returns the comment string of commit messages, `#` if nothing says otherwise; `None` for `auto`.
    pub fn comment(&self) -> Result<Option<String>, git::Error> {
        // Git reads the one that stands last; core.commentString is known from 2.45 on.
        let text = match self.repo.setting("core.commentString")? {
            Some(text) => text,
            None => self.repo.setting("core.commentChar")?.unwrap_or_else(|| "#".to_owned()),
        };
        Ok(Some(text).filter(|text| text != "auto"))
    }

    /// Returns how Git cleans messages up where the command does not say (`commit.cleanup`).
    pub fn cleanup(&self) -> Result<Option<String>, git::Error> {
        self.repo.setting("commit.cleanup")
    }
}

fn parse_duration(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => return None,
    };
    number.parse::<u32>().ok().map(|number| i64::from(number) * seconds)
}

/// Reads `GIT_MODEL` and `GIT_MODEL_PHASE`; an empty one counts as unset.
pub fn environment() -> EnvironmentSays {
    let variable =
        |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    read_environment(variable("GIT_MODEL"), variable("GIT_MODEL_PHASE"))
}

/// Returns the home folder, and the variables of the environment that adapters of agents ask for.
pub fn surroundings() -> Surroundings {
    let names = agents::ALL.iter().flat_map(|agent| agent.variables()).copied();
    let names = names.chain(agents::ambient_variables());
    let read = |name: &str| Some((name.to_owned(), std::env::var(name).ok()?));
    Surroundings {
        home: std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
        variables: names.filter_map(read).collect(),
    }
}

fn read_environment(model: Option<String>, phase: Option<String>) -> EnvironmentSays {
    let given = |value: Option<String>| value.filter(|text| !text.trim().is_empty());
    let phase = match given(phase) {
        None => None,
        Some(text) => match Phase::parse(&text) {
            Some(Phase::Review) => {
                return EnvironmentSays::Unusable("GIT_MODEL_PHASE cannot be `review`".to_owned());
            }
            Some(phase) => Some(phase),
            None => {
                return EnvironmentSays::Unusable(
                    "GIT_MODEL_PHASE is not the name of a phase".to_owned(),
                );
            }
        },
    };
    match (given(model), phase) {
        (None, None) => EnvironmentSays::Nothing,
        (None, Some(phase)) => EnvironmentSays::PhaseOnly(phase),
        (Some(name), _) if name.trim() == "human" => EnvironmentSays::Human,
        (Some(name), phase) => match ModelName::parse(&name) {
            Ok(model) => EnvironmentSays::Model(model, phase),
            Err(error) => EnvironmentSays::Unusable(format!("GIT_MODEL cannot be used: {error}")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        assert_eq!(parse_duration("90m"), Some(5400));
        assert_eq!(parse_duration("2d"), Some(172_800));
        assert_eq!(parse_duration("12"), None);
        assert_eq!(parse_duration(""), None);
        assert_eq!(parse_duration("é"), None);
    }

    #[test]
    fn a_review_is_never_declared_by_the_environment() {
        let said = read_environment(Some("Opus".into()), Some("review".into()));
        assert!(matches!(said, EnvironmentSays::Unusable(_)));
        assert_eq!(read_environment(Some(" ".into()), None), EnvironmentSays::Nothing);
        assert_eq!(read_environment(Some("human".into()), None), EnvironmentSays::Human);
    }
}

//! Who is declared to work at this moment: by the environment, else by `git model use`.

use chrono::{DateTime, Utc};

use crate::provenance::{Grade, ModelName, Origin, Phase};
use crate::settings::{self, EnvironmentSays};
use crate::store::{Declared, Entry, Standing};

/// What is declared here and now, and why nothing is if so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredNow {
    /// Who; `None` if nobody.
    pub who: Option<Declared>,
    /// What `git model use` says on this branch.
    pub standing: Standing,
    /// Whether the environment said it.
    pub by_environment: bool,
    /// What is wrong with the environment's variables, if something is.
    pub complaint: Option<String>,
}

/// Finds who is declared on a branch; the environment wins over `use`.
pub fn declared_now(entries: &[Entry], branch: Option<&str>, now: DateTime<Utc>) -> DeclaredNow {
    decide(settings::environment(), Standing::on(entries, branch, now))
}

fn decide(environment: EnvironmentSays, standing: Standing) -> DeclaredNow {
    let used = match &standing {
        Standing::Holds(declaration) => declaration.who.clone(),
        _ => None,
    };
    let by_environment =
        !matches!(environment, EnvironmentSays::Nothing | EnvironmentSays::Unusable(_));
    let mut complaint = None;
    let who = match environment {
        EnvironmentSays::Nothing => used,
        EnvironmentSays::Human => Some(Declared::Human),
        EnvironmentSays::Model(model, phase) => {
            let phase = phase.unwrap_or(Phase::Implementation);
            Some(Declared::Model { name: model.raw().to_owned(), phase })
        }
        EnvironmentSays::PhaseOnly(phase) => match used {
            Some(Declared::Model { name, .. }) => Some(Declared::Model { name, phase }),
            other => other,
        },
        EnvironmentSays::Unusable(reason) => {
            complaint = Some(reason);
            used
        }
    };
    DeclaredNow { who, standing, by_environment, complaint }
}

/// Returns the origin that a declaration gives to lines; `None` if its name is no name.
pub fn declared_origin(declared: &Declared) -> Option<Origin> {
    match declared {
        Declared::Human => Some(Origin::Human),
        Declared::Model { name, phase } => Some(Origin::Model {
            model: ModelName::parse(name).ok()?,
            phase: Some(phase.clone()),
            agent: None,
            grade: Grade::Declared,
        }),
    }
}

/// Returns the declaration that would give this origin; `None` for the unknown.
pub(super) fn declared_of(origin: &Origin) -> Option<Declared> {
    match origin {
        Origin::Human => Some(Declared::Human),
        Origin::Model { model, phase, .. } => Some(Declared::Model {
            name: model.raw().to_owned(),
            phase: phase.clone().unwrap_or(Phase::Implementation),
        }),
        Origin::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Declaration;

    fn holds(who: Declared) -> Standing {
        Standing::Holds(Declaration { branch: None, who: Some(who), at: 0, expires: None })
    }

    fn opus(phase: Phase) -> Declared {
        Declared::Model { name: "Opus 5.5".into(), phase }
    }

    #[test]
    fn the_environment_wins_and_a_phase_alone_changes_the_phase() {
        let used = holds(opus(Phase::Implementation));
        let human = decide(EnvironmentSays::Human, used.clone());
        assert_eq!((human.who, human.by_environment), (Some(Declared::Human), true));
        let phase = decide(EnvironmentSays::PhaseOnly(Phase::Architecture), used.clone());
        assert_eq!(phase.who, Some(opus(Phase::Architecture)));
        let wrong = decide(EnvironmentSays::Unusable("no".into()), used);
        assert_eq!(
            (wrong.who, wrong.complaint),
            (Some(opus(Phase::Implementation)), Some("no".into()))
        );
    }
}

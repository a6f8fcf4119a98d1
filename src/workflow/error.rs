//! Why a plan does not go its way.

use crate::provenance::{PlanId, PlanState, Steps};
use crate::{git, store};

/// What stands against a step of the workflow; some are answers, others failures, see [`Error::is_answer`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no text.
    #[error("the plan is empty")]
    EmptyText,
    /// The text is not UTF-8, or no text at all.
    #[error("the plan is not UTF-8 text (line {line})")]
    NotText {
        /// Where, from 1.
        line: usize,
    },
    /// The text is too large.
    #[error("the plan has {bytes} bytes, more than {limit}")]
    TooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        limit: usize,
    },
    /// Nobody has approved this text.
    #[error("the plan {id} is not approved: it is {}", in_words(*state))]
    NotApproved {
        /// The plan.
        id: PlanId,
        /// Where it stands.
        state: PlanState,
    },
    /// Some steps are not approved.
    #[error("{} of the plan {id} {} not approved", steps.in_words(), if steps.numbers().count() == 1 { "is" } else { "are" })]
    StepsNotApproved {
        /// The plan.
        id: PlanId,
        /// The steps.
        steps: Steps,
    },
    /// The plan went back to its planner and its text is still the same.
    #[error("the text of the plan {id} is the one that was sent back: {reason}")]
    SameText {
        /// The plan.
        id: PlanId,
        /// Why it was sent back.
        reason: String,
    },
    /// Nothing more is to come of the plan.
    #[error("the plan {id} is {} already", state.as_str())]
    Over {
        /// The plan.
        id: PlanId,
        /// Where it stands.
        state: PlanState,
    },
    /// A draft has nothing to be corrected.
    #[error("the plan {id} is {}: there is nothing to send back", in_words(*state))]
    NothingToCorrect {
        /// The plan.
        id: PlanId,
        /// Where it stands.
        state: PlanState,
    },
    /// The plan has fewer steps.
    #[error("the plan {id} has {number} steps, and no step {step}")]
    NoSuchStep {
        /// The plan.
        id: PlanId,
        /// How many it has.
        number: usize,
        /// The one that was asked for.
        step: u32,
    },
    /// The plan has no steps that could be named.
    #[error("the plan {id} has no numbered steps")]
    NoSteps {
        /// The plan.
        id: PlanId,
    },
    /// Somebody changed the text since it was read.
    #[error("the text of the plan {id} was changed by somebody else in the meantime")]
    TextChanged {
        /// The plan.
        id: PlanId,
    },
    /// Others keep changing the plan.
    #[error("others keep changing the plan {id}")]
    KeepsChanging {
        /// The plan.
        id: PlanId,
    },
    /// A plan could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Git failed.
    #[error(transparent)]
    Git(#[from] git::Error),
}

impl Error {
    /// Says whether it ran and the answer is no.
    pub fn is_answer(&self) -> bool {
        matches!(
            self,
            Self::NotApproved { .. }
                | Self::StepsNotApproved { .. }
                | Self::SameText { .. }
                | Self::Over { .. }
                | Self::NothingToCorrect { .. }
                | Self::TextChanged { .. }
        )
    }
}

fn in_words(state: PlanState) -> String {
    match state {
        PlanState::Draft => "a draft".to_owned(),
        other => other.as_str().to_owned(),
    }
}

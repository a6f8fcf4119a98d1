//! What a way to ask a model can do.

use serde_json::Value;

use crate::provenance::{ModelName, Tokens};

/// A shape that an answer must have, as a closed JSON schema: every object without further fields, every key required.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// A name of letters and `_`, as providers want one.
    pub name: &'static str,
    /// The JSON schema.
    pub schema: &'static str,
}

/// A part of what is sent: those that stay the same from question to question come first, so that providers cache them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The text.
    pub text: String,
    /// The same text will be sent again with the next question.
    pub is_repeated: bool,
}

/// A question to a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The model, as the backend is to name it.
    pub model: ModelName,
    /// What the model is told of its task.
    pub system: String,
    /// What it is to read.
    pub parts: Vec<Part>,
    /// The shape of the answer; `None` for free text.
    pub shape: Option<Shape>,
    /// The most tokens that it may write.
    pub most_output: u32,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The answer: of the shape that was asked for, else a string.
    pub value: Value,
    /// The model that answered, as the backend says; the one asked where it says nothing.
    pub model: ModelName,
    /// What it cost.
    pub tokens: Tokens,
}

/// Why there is no answer. None of these is ever taken for one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The model refused.
    #[error("the model refused{}", of(.category.as_deref()))]
    Refused {
        /// What the provider says it refused.
        category: Option<String>,
    },
    /// The answer was cut off: too many tokens, or the context was full.
    #[error("the answer was cut off ({reason})")]
    CutOff {
        /// The provider's word for it.
        reason: String,
    },
    /// There is no answer in the reply.
    #[error("the reply holds no answer")]
    Empty,
    /// The answer is not JSON, or not of the shape.
    #[error("the answer is not of the shape that was asked for: {problem}")]
    WrongShape {
        /// What is wrong.
        problem: String,
    },
    /// The reply itself cannot be read.
    #[error("the reply cannot be read: {problem}")]
    BadReply {
        /// What is wrong.
        problem: String,
    },
    /// There is no key, or it is not accepted.
    #[error("{host} does not accept the key{}", of(.from.as_deref()))]
    NotAllowed {
        /// Who said so.
        host: String,
        /// Where the key came from, never the key.
        from: Option<String>,
    },
    /// Nobody is logged in with the program.
    #[error("nobody is logged in with the program `{program}`")]
    NotLoggedIn {
        /// Its name.
        program: String,
    },
    /// The backend does not know the model.
    #[error("{host} knows no model `{model}`")]
    NoSuchModel {
        /// Who said so.
        host: String,
        /// The model.
        model: String,
    },
    /// The request itself is not accepted: too long, a setting that the model does not know.
    #[error("{host} does not accept the request: {problem}")]
    NotAccepted {
        /// Who said so.
        host: String,
        /// What it says, cleaned and short.
        problem: String,
    },
    /// It points elsewhere, and nobody follows: the key and the text were meant for this host.
    #[error("{host} points to another address, which is not followed")]
    Redirected {
        /// Who pointed.
        host: String,
    },
    /// Too much was asked of it in too short a time.
    #[error("{host} is asked too often")]
    TooOften {
        /// Who said so.
        host: String,
    },
    /// No more money may be spent.
    #[error("the spend limit at {host} is reached")]
    SpendLimit {
        /// Who said so.
        host: String,
    },
    /// It failed by itself.
    #[error("{host} failed ({status})")]
    Broken {
        /// Who failed.
        host: String,
        /// The status, in digits or words.
        status: String,
    },
    /// Nothing answered within the time.
    #[error("no answer within {seconds} s")]
    TooLate {
        /// The time, in seconds.
        seconds: u64,
    },
    /// It cannot be reached, or is not installed.
    #[error("{what} cannot be reached: {problem}")]
    NotThere {
        /// The host or the program.
        what: String,
        /// What is wrong.
        problem: String,
    },
    /// The user stopped it.
    #[error("stopped")]
    Stopped,
}

fn of(what: Option<&str>) -> String {
    what.map(|what| format!(" ({what})")).unwrap_or_default()
}

/// Somebody who answers questions. What is asked is asked one by one.
pub trait Ask {
    /// Asks a question and waits for the answer.
    fn ask(&self, question: &Question) -> Result<Answer, Failure>;

    /// Returns exactly what would be sent, without keys, for `--dry-run`: where to, and the body.
    fn would_send(&self, question: &Question) -> (String, String);
}

//! A reviewer that answers as it is written.

use std::cell::RefCell;
use std::collections::VecDeque;

use git_model::backends::{Answer, Ask, Failure, Question};
use git_model::provenance::{ModelName, Tokens};

use crate::case::Scripted;

/// Answers one by one; when there are no more, it fails.
pub(crate) struct Script {
    answers: RefCell<VecDeque<Scripted>>,
    asked: RefCell<Vec<Question>>,
}

impl Script {
    pub(crate) fn new(answers: &[Scripted]) -> Self {
        let answers = answers.iter().cloned().collect();
        Self { answers: RefCell::new(answers), asked: RefCell::default() }
    }

    /// Returns how many answers nobody asked for.
    pub(crate) fn left(&self) -> usize {
        self.answers.borrow().len()
    }

    /// Returns how often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.borrow().len()
    }
}

impl Ask for Script {
    fn ask(&self, question: &Question) -> Result<Answer, Failure> {
        self.asked.borrow_mut().push(question.clone());
        let none = Failure::Broken { host: "the script".to_owned(), status: "no more".to_owned() };
        match self.answers.borrow_mut().pop_front().ok_or(none)? {
            Scripted::Failure(failure) => Err(failure),
            Scripted::Answer { model, json } => {
                let model = model.map(|name| ModelName::parse(&name).expect("a model"));
                let value = serde_json::from_str(&json);
                Ok(Answer {
                    value: value.unwrap_or(serde_json::Value::String(json)),
                    model: model.unwrap_or_else(|| question.model.clone()),
                    tokens: Tokens { input: 1000, output: 100, ..Tokens::default() },
                })
            }
        }
    }

    fn would_send(&self, question: &Question) -> (String, String) {
        ("the script".to_owned(), question.system.clone())
    }
}

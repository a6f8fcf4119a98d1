//! The ways to ask a model: providers' interfaces, and the programs of agents.

mod backend;

pub use backend::{Answer, Ask, Failure, Part, Question, Shape};

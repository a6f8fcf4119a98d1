//! The ways to ask a model: providers' interfaces, and the programs of agents.

mod anthropic;
mod api;
mod backend;
mod choose;
mod claude;
pub mod client;
mod codex;
mod gemini;
mod gemini_cli;
mod openai;
mod openai_compatible;
mod opencode;
mod own_folder;
mod program;
mod shape;
mod stream;
mod watch;
mod way;

pub use backend::{Answer, Ask, Failure, Part, Question, Shape};
pub use choose::{ChoiceError, Chosen, Goes, choose};
pub use program::REVIEWING;
pub use shape::check;
pub use watch::{Asking, Watch};
pub use way::{
    Backend, Complaint, Configured, Dialect, Key, Manner, Program, Reply, SetUp, Surroundings, Way,
    answering_model, clean_text, clean_word, provider_name,
};

/// All ways, interfaces before programs; of those that serve one vendor the first that is set up is taken.
pub static ALL: &[&dyn Backend] = &[
    &anthropic::Anthropic,
    &openai::OpenAi,
    &gemini::Gemini,
    &openai_compatible::OpenAiCompatible,
    &claude::Claude,
    &codex::Codex,
    &gemini_cli::GeminiCli,
    &opencode::OpenCode,
];

/// Returns the two shortest ways to set something up: the first interface, and the first program.
pub fn shortest_ways() -> Vec<SetUp> {
    let first = |is_program: bool| {
        let mut ways = ALL.iter().filter(|one| matches!(one.way(), Way::Program(_)) == is_program);
        ways.next().map(|one| one.set_up())
    };
    [first(false), first(true)].into_iter().flatten().collect()
}

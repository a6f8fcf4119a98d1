//! What is around the user of a test: settings, variables and programs that stand nowhere else.

use std::path::PathBuf;

use git_model::backends::{
    self, Answer, ChoiceError, Chosen, Configured, Failure, Manner, Part, Question, Shape,
    Surroundings, Watch,
};
use git_model::provenance::ModelName;

/// The key of the tests.
pub(crate) const KEY: &str = "test-key-0123456789abcdef";

/// The shape of the tests.
pub(crate) const VERDICT: Shape = Shape {
    name: "verdict",
    schema: r#"{"type":"object","properties":{"verdict":{"type":"string","enum":["fine","bad"]},"line":{"type":["integer","null"]}},"required":["verdict","line"],"additionalProperties":false}"#,
};

/// What is around.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    pub(crate) configured: Vec<(&'static str, Configured)>,
    pub(crate) variables: Vec<(&'static str, String)>,
    pub(crate) credentials: Vec<(String, String)>,
    pub(crate) programs: Vec<&'static str>,
}

impl Around {
    /// A backend of the user's that stands at another address, with the key of the tests.
    pub(crate) fn at(name: &'static str, url: &str) -> Self {
        let configured = Configured {
            url: Some(url.to_owned()),
            key_variable: Some("TEST_KEY".to_owned()),
            kind: None,
        };
        Self {
            configured: vec![(name, configured)],
            variables: vec![("TEST_KEY", KEY.to_owned())],
            ..Self::default()
        }
    }

    /// Chooses for a model.
    pub(crate) fn choose(
        &self,
        backend: Option<&str>,
        model: &str,
        seconds: u64,
    ) -> Result<Chosen, ChoiceError> {
        self.choose_with(backend, model, manner(seconds))
    }

    pub(crate) fn choose_with(
        &self,
        backend: Option<&str>,
        model: &str,
        manner: Manner,
    ) -> Result<Chosen, ChoiceError> {
        backends::choose(backend, &ModelName::parse(model).unwrap(), manner, self)
    }
}

pub(crate) fn manner(seconds: u64) -> Manner {
    Manner { seconds, watch: Watch::new(), reads: None }
}

impl Surroundings for Around {
    fn configured(&self, name: &str) -> Configured {
        let found = self.configured.iter().find(|(known, _)| *known == name);
        found.map(|(_, configured)| configured.clone()).unwrap_or_default()
    }

    fn variable(&self, name: &str) -> Option<String> {
        let found = self.variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }

    fn credential(&self, url: &str) -> Option<String> {
        let found = self.credentials.iter().find(|(known, _)| url.starts_with(known));
        found.map(|(_, key)| key.clone())
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        let is_there = self.programs.contains(&name);
        is_there.then(|| PathBuf::from("/opt/agents").join(name))
    }

    fn home(&self) -> Option<PathBuf> {
        None
    }

    fn proxy(&self) -> Option<String> {
        None
    }
}

/// The question of the tests: two parts, of which the first is sent again and again.
pub(crate) fn question(model: &str) -> Question {
    let part = |text: &str, is_repeated| Part { text: text.to_owned(), is_repeated };
    Question {
        model: ModelName::parse(model).unwrap(),
        system: "You read a change.".to_owned(),
        parts: vec![part("The rules.", true), part("The change.", false)],
        shape: Some(VERDICT),
        most_output: 4000,
    }
}

/// Says in a line what came of a question.
pub(crate) fn outcome(result: &Result<Answer, Failure>) -> String {
    match result {
        Ok(answer) => {
            let tokens = answer.tokens;
            format!(
                "answer {} by {}, {}+{}+{} in, {} out",
                answer.value,
                answer.model.id(),
                tokens.input,
                tokens.cache_read,
                tokens.cache_write,
                tokens.output
            )
        }
        Err(failure) => {
            let debug = format!("{failure:?}");
            let name = debug.split([' ', '{', '(']).next().unwrap_or_default().to_owned();
            format!("{name}: {failure}")
        }
    }
}

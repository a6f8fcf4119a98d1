//! The program `opencode`, as somebody who reads and answers. It asks whatever provider the user has set up in it.
//!
//! Seen with 1.18.33: its agent `plan` alone wrote files and ran commands where the repository's `opencode.json` allowed
//! it. So everything is denied but reading, in the settings that come last, and it runs in its own folder, where none
//! of the repository's lie. It does not tell which model answered.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::backend::{Ask, Failure, Question};
use super::program::{
    Asker, Call, Heard, Place, Printed, Speech, failure_of_status, whole_text_with_shape,
};
use super::way::{Backend, Manner, Program, Reply, SetUp, Surroundings, Way, clean_text};
use crate::provenance::{ModelName, Tokens};

/// The name of the program, and of the way.
const NAME: &str = "opencode";

/// The program `opencode`.
pub(super) struct OpenCode;

impl Backend for OpenCode {
    fn name(&self) -> &'static str {
        NAME
    }

    fn vendor(&self) -> Option<&'static str> {
        None
    }

    fn way(&self) -> Way {
        Way::Program(&OpenCode)
    }

    fn set_up(&self) -> SetUp {
        SetUp {
            name: NAME,
            command: "npm install -g opencode-ai && opencode auth login",
            model: "PROVIDER/MODEL",
        }
    }
}

impl Program for OpenCode {
    fn command(&self) -> &'static str {
        NAME
    }

    fn agent(&self) -> &'static str {
        "opencode"
    }

    fn at_terminal(&self, model: &ModelName, text: &str) -> Vec<String> {
        ["--model", &full_name(model), "--prompt", text].map(str::to_owned).to_vec()
    }

    fn open(&self, program: PathBuf, manner: Manner, around: &dyn Surroundings) -> Box<dyn Ask> {
        Asker::open(&Self, program, manner, around)
    }
}

impl Speech for OpenCode {
    fn name(&self) -> &'static str {
        NAME
    }

    fn keys(&self) -> &'static [&'static str] {
        // It may ask any vendor; which one, its own settings say.
        &[
            "ANTHROPIC_API_KEY",
            "OPENAI_API_KEY",
            "GEMINI_API_KEY",
            "GOOGLE_API_KEY",
            "OPENROUTER_API_KEY",
        ]
    }

    fn call(&self, question: &Question, place: &Place<'_>) -> Call {
        // The title is given so that no model is asked for one.
        let mut args: Vec<String> = [
            "run",
            "--format",
            "json",
            "--pure",
            "--agent",
            "plan",
            "--title",
            "git-model",
            "--model",
        ]
        .map(str::to_owned)
        .to_vec();
        args.push(full_name(&question.model));
        let mut permission = json!({"*": "deny"});
        if let Some(folder) = place.reads {
            let below = format!("{}/**", folder.display());
            permission = json!({
                "*": "deny", "read": "allow", "grep": "allow", "glob": "allow", "list": "allow",
                "external_directory": {"*": "deny", below: "allow"},
            });
        }
        let settings = json!({
            "permission": permission,
            "agent": {"plan": {"permission": permission}},
            "share": "disabled",
            "autoupdate": false,
            "snapshot": false,
        });
        let mut variables = vec![("OPENCODE_CONFIG_CONTENT", settings.to_string())];
        for name in [
            "OPENCODE_DISABLE_PROJECT_CONFIG",
            "OPENCODE_DISABLE_AUTOUPDATE",
            "OPENCODE_DISABLE_LSP_DOWNLOAD",
        ] {
            variables.push((name, "1".to_owned()));
        }
        let stdin = whole_text_with_shape(question, place);
        Call { args, stdin, files: Vec::new(), variables }
    }

    fn hear(&self, line: &str) -> Heard {
        let Ok(line) = serde_json::from_str::<Value>(line) else { return Heard::Dropped };
        match line["type"].as_str() {
            Some("tool_use") => {
                let tool = line["part"]["tool"].as_str().unwrap_or_default();
                let path = line["part"]["state"]["input"]["filePath"].as_str().unwrap_or_default();
                Heard::Does(clean_text(&format!("{tool} {path}")))
            }
            _ => Heard::Kept,
        }
    }

    fn read(&self, printed: &Printed<'_>, question: &Question) -> Result<Reply, Failure> {
        let mut text = String::new();
        let mut tokens = Tokens::default();
        let mut reason = None;
        for line in printed.json_lines() {
            let part = &line["part"];
            match line["type"].as_str() {
                // An answer follows each step; the text of the last one is the answer.
                Some("step_start") => text.clear(),
                Some("text") => text.push_str(part["text"].as_str().unwrap_or_default()),
                Some("step_finish") => {
                    tokens.add(tokens_of(&part["tokens"]));
                    reason = part["reason"].as_str().map(str::to_owned);
                }
                Some("error") => return Err(failure(&line["error"], question)),
                _ => {}
            }
        }
        match reason.as_deref() {
            None => Err(printed.silence(NAME)),
            Some(reason @ ("length" | "content-filter" | "error")) => match reason {
                "length" => Err(Failure::CutOff { reason: reason.to_owned() }),
                "error" => {
                    Err(Failure::Broken { host: NAME.to_owned(), status: reason.to_owned() })
                }
                _ => Err(Failure::Refused { category: Some(reason.to_owned()) }),
            },
            Some(_) => Ok(Reply { text, model: None, tokens }),
        }
    }
}

/// Returns a model as `PROVIDER/MODEL`, as the user wrote it or by its vendor.
fn full_name(model: &ModelName) -> String {
    if model.raw().contains('/') { model.raw().to_owned() } else { model.provider_model_id() }
}

fn tokens_of(usage: &Value) -> Tokens {
    let number = |value: &Value| value.as_u64().unwrap_or(0);
    Tokens {
        input: number(&usage["input"]),
        output: number(&usage["output"]) + number(&usage["reasoning"]),
        cache_read: number(&usage["cache"]["read"]),
        cache_write: number(&usage["cache"]["write"]),
    }
}

/// Says what an error comes to.
fn failure(error: &Value, question: &Question) -> Failure {
    let host = NAME.to_owned();
    let data = &error["data"];
    let said = data["message"].as_str().unwrap_or_default();
    if let Some(status) = data["statusCode"].as_u64() {
        let said = data["responseBody"].as_str().filter(|_| said.is_empty()).unwrap_or(said);
        return failure_of_status(NAME, status, said, question);
    }
    match error["name"].as_str() {
        Some("ProviderAuthError") => Failure::NotLoggedIn { program: host },
        Some("ProviderModelNotFoundError") => {
            Failure::NoSuchModel { host, model: full_name(&question.model) }
        }
        Some("MessageOutputLengthError") => Failure::CutOff { reason: "length".to_owned() },
        Some("MessageAbortedError") => Failure::Stopped,
        name => {
            let status = clean_text(&format!("{}: {said}", name.unwrap_or("an error")));
            Failure::Broken { host, status }
        }
    }
}

#[cfg(test)]
mod tests;

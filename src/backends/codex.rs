//! The program `codex` (OpenAI's Codex), as somebody who reads and answers.
//!
//! Seen with 0.169.0: in the sandbox `read-only` its commands can read the whole machine and write nothing, patches are
//! refused, and there is no network; without its shell it can do nothing at all. It leaves the user's configuration
//! aside (`--ignore-user-config`), and `--json` tells which model answered only where the provider chose another.

use std::path::PathBuf;

use serde_json::Value;

use super::backend::{Ask, Failure, Question};
use super::program::{
    Asker, Call, Heard, Place, Printed, Speech, failure_of_status, holds, is_about_money,
    whole_text,
};
use super::way::{
    Backend, Manner, Program, Reply, SetUp, Surroundings, Way, clean_text, provider_name,
};
use crate::provenance::{ModelName, Tokens};

/// The name of the program, and of the way.
const NAME: &str = "codex";

/// The file with the schema of the answer, in the program's own folder.
const SCHEMA: &str = "schema.json";

/// What is switched off: tools that reach further than reading, and what the user has installed. A name that another
/// version does not know is left aside by it.
const SWITCHED_OFF: &[&str] = &[
    "apps",
    "browser_use",
    "computer_use",
    "goals",
    "hooks",
    "image_generation",
    "memories",
    "multi_agent",
    "plugins",
    "remote_plugin",
    "skill_mcp_dependency_install",
    "tool_suggest",
    "view_image",
];

/// What is switched off besides where nothing is to be read.
const SHELLS: &[&str] = &["shell_tool", "unified_exec"];

/// The program `codex`.
pub(super) struct Codex;

impl Backend for Codex {
    fn name(&self) -> &'static str {
        NAME
    }

    fn vendor(&self) -> Option<&'static str> {
        Some("openai")
    }

    fn way(&self) -> Way {
        Way::Program(&Codex)
    }

    fn set_up(&self) -> SetUp {
        SetUp {
            name: NAME,
            command: "npm install -g @openai/codex && codex login",
            model: "gpt-6-astra",
        }
    }
}

impl Program for Codex {
    fn command(&self) -> &'static str {
        NAME
    }

    fn agent(&self) -> &'static str {
        "codex"
    }

    fn at_terminal(&self, model: &ModelName, text: &str) -> Vec<String> {
        ["--model", provider_name(model), text].map(str::to_owned).to_vec()
    }

    fn open(&self, program: PathBuf, manner: Manner, around: &dyn Surroundings) -> Box<dyn Ask> {
        Asker::open(&Self, program, manner, around)
    }
}

impl Speech for Codex {
    fn name(&self) -> &'static str {
        NAME
    }

    fn keys(&self) -> &'static [&'static str] {
        &["OPENAI_API_KEY", "CODEX_API_KEY"]
    }

    fn call(&self, question: &Question, place: &Place<'_>) -> Call {
        let mut args: Vec<String> = [
            "exec",
            "--json",
            "--color",
            "never",
            "--sandbox",
            "read-only",
            "--ephemeral",
            "--ignore-user-config",
            "--ignore-rules",
            "--skip-git-repo-check",
            "--model",
            provider_name(&question.model),
        ]
        .map(str::to_owned)
        .to_vec();
        let shells = if place.reads.is_some() { &[] } else { SHELLS };
        let off = SWITCHED_OFF.iter().chain(shells);
        let mut settings: Vec<String> = off.map(|name| format!("features.{name}=false")).collect();
        settings.push("web_search=\"disabled\"".to_owned());
        // Its commands see neither keys nor anything else of our environment but the path and the home folder.
        settings.push("shell_environment_policy.inherit=\"core\"".to_owned());
        if let Some(effort) = question.model.effort() {
            settings.push(format!("model_reasoning_effort=\"{effort}\""));
        }
        if let Some(url) = place.url {
            settings.push("model_provider=\"own\"".to_owned());
            settings.push(format!(
                "model_providers.own={{name=\"own\",base_url={},wire_api=\"responses\",env_key=\"OPENAI_API_KEY\",supports_websockets=false}}",
                Value::from(url)
            ));
        }
        args.extend(settings.into_iter().flat_map(|one| ["-c".to_owned(), one]));
        let mut files = Vec::new();
        if let Some(shape) = question.shape {
            args.extend([
                "--output-schema".to_owned(),
                place.folder.join(SCHEMA).display().to_string(),
            ]);
            files.push((SCHEMA, shape.schema.to_owned()));
        }
        args.push("-".to_owned());
        Call { args, stdin: whole_text(question, place), files, variables: Vec::new() }
    }

    fn hear(&self, line: &str) -> Heard {
        let Ok(line) = serde_json::from_str::<Value>(line) else { return Heard::Dropped };
        let item = &line["item"];
        match (line["type"].as_str(), item["type"].as_str()) {
            (Some("item.started"), Some("command_execution")) => {
                let command = clean_text(item["command"].as_str().unwrap_or_default());
                Heard::Does(format!("runs {command}"))
            }
            // What its commands printed is of no use here.
            (Some("item.completed"), Some("agent_message" | "error"))
            | (Some("turn.completed" | "turn.failed"), _) => Heard::Kept,
            _ => Heard::Dropped,
        }
    }

    fn read(&self, printed: &Printed<'_>, question: &Question) -> Result<Reply, Failure> {
        let mut text = String::new();
        let mut model = None;
        let mut usage = None;
        for mut line in printed.json_lines() {
            let item = &line["item"];
            match (line["type"].as_str(), item["type"].as_str()) {
                (Some("item.completed"), Some("agent_message")) => {
                    item["text"].as_str().unwrap_or_default().clone_into(&mut text);
                }
                (Some("item.completed"), Some("error")) => {
                    let said = item["message"].as_str().unwrap_or_default();
                    model = rerouted(said).map(str::to_owned).or(model);
                }
                (Some("turn.failed"), _) => {
                    let said = line["error"]["message"].as_str().unwrap_or_default();
                    return Err(failure(said, question));
                }
                (Some("turn.completed"), _) => usage = Some(line["usage"].take()),
                _ => {}
            }
        }
        let Some(usage) = usage else { return Err(printed.silence(NAME)) };
        Ok(Reply { text, model, tokens: tokens(&usage) })
    }
}

/// Returns the model that the provider chose in place of the one that was asked, where a notice says so:
/// `model rerouted: gpt-5.5 -> gpt-5.4-mini (HighRiskCyberActivity)`.
fn rerouted(notice: &str) -> Option<&str> {
    let (_, to) = notice.strip_prefix("model rerouted: ")?.split_once(" -> ")?;
    to.split_whitespace().next()
}

fn tokens(usage: &Value) -> Tokens {
    let number = |name: &str| usage[name].as_u64().unwrap_or(0);
    let cached = number("cached_input_tokens");
    Tokens {
        input: number("input_tokens").saturating_sub(cached),
        output: number("output_tokens"),
        cache_read: cached,
        cache_write: number("cache_write_input_tokens"),
    }
}

/// Says what a turn comes to that failed; there are only words for people.
fn failure(said: &str, question: &Question) -> Failure {
    let host = NAME.to_owned();
    if let Some((_, reason)) = said.split_once("Incomplete response returned, reason: ") {
        return match reason {
            "content_filter" => Failure::Refused { category: Some(reason.to_owned()) },
            _ => Failure::CutOff { reason: clean_text(reason) },
        };
    }
    if holds(said, &["context window"]) {
        return Failure::CutOff { reason: "the question is too long".to_owned() };
    }
    if is_about_money(said) {
        return Failure::SpendLimit { host };
    }
    if holds(
        said,
        &[
            "missing environment variable",
            "not logged in",
            "missing bearer",
            "sign in again",
            "log in again",
        ],
    ) {
        return Failure::NotLoggedIn { program: host };
    }
    if holds(
        said,
        &[
            "model_not_found",
            "does not exist",
            "model is not supported",
            "not supported when using codex",
        ],
    ) {
        return Failure::NoSuchModel { host, model: question.model.raw().to_owned() };
    }
    match status_in(said) {
        Some(status) => failure_of_status(NAME, status, said, question),
        None => Failure::Broken { host, status: clean_text(said) },
    }
}

/// Returns the status that a text names: `unexpected status 401 Unauthorized: ...`.
fn status_in(said: &str) -> Option<u64> {
    let (_, rest) = said.split_once("status ").or_else(|| said.split_once("status: "))?;
    rest.trim_start().split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests;

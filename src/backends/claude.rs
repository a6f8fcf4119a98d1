//! The program `claude` (Claude Code), as somebody who reads and answers.
//!
//! Seen with 2.1.330: `--restricted` confines its file tools to the folders that are named and leaves every settings
//! file aside, `--tools` gives it those tools and no others, also in helpers that it starts, and `--safe-mode` leaves
//! out what a repository tells agents. The model that answered stands in each message, while the totals at the end name
//! the one that was asked.

use std::path::PathBuf;

use serde_json::Value;

use super::backend::{Ask, Failure, Question};
use super::program::{
    Asker, Call, Heard, Place, Printed, Speech, failure_of_status, holds, is_about_money,
    parts_text, system_text,
};
use super::way::{
    Backend, Manner, Program, Reply, SetUp, Surroundings, Way, clean_text, provider_name,
};
use crate::provenance::{ModelName, Tokens};

/// The name of the program, and of the way.
const NAME: &str = "claude";

/// The tools that read. None of them starts a program or writes.
const READING_TOOLS: &str = "Read,Grep,Glob";

/// What Claude Code calls the model of its own messages: no model.
const SYNTHETIC: &str = "<synthetic>";

/// The program `claude`.
pub(super) struct Claude;

impl Backend for Claude {
    fn name(&self) -> &'static str {
        NAME
    }

    fn vendor(&self) -> Option<&'static str> {
        Some("anthropic")
    }

    fn way(&self) -> Way {
        Way::Program(&Claude)
    }

    fn set_up(&self) -> SetUp {
        SetUp {
            name: NAME,
            command: "npm install -g @anthropic-ai/claude-code && claude auth login",
            model: "opus",
        }
    }
}

impl Program for Claude {
    fn command(&self) -> &'static str {
        NAME
    }

    fn agent(&self) -> &'static str {
        "claude-code"
    }

    fn at_terminal(&self, model: &ModelName, text: &str) -> Vec<String> {
        ["--model", provider_name(model), text].map(str::to_owned).to_vec()
    }

    fn open(&self, program: PathBuf, manner: Manner, around: &dyn Surroundings) -> Box<dyn Ask> {
        Asker::open(&Self, program, manner, around)
    }
}

impl Speech for Claude {
    fn name(&self) -> &'static str {
        NAME
    }

    fn keys(&self) -> &'static [&'static str] {
        &["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"]
    }

    fn call(&self, question: &Question, place: &Place<'_>) -> Call {
        let mut args: Vec<String> = [
            "-p",
            "--output-format",
            "stream-json",
            "--verbose",
            "--restricted",
            "--safe-mode",
            "--permission-prompts",
            "none",
            "--strict-mcp-config",
            "--setting-sources",
            "",
            "--no-session-persistence",
            "--tools",
            if place.reads.is_some() { READING_TOOLS } else { "" },
            "--model",
            provider_name(&question.model),
        ]
        .map(str::to_owned)
        .to_vec();
        if let Some(folder) = place.reads {
            args.extend(["--add-dir".to_owned(), folder.display().to_string()]);
        }
        if let Some(effort) = question.model.effort() {
            args.extend(["--effort".to_owned(), effort.to_owned()]);
        }
        match question.shape {
            Some(shape) => args.extend(["--json-schema".to_owned(), shape.schema.to_owned()]),
            None => args.push("--include-partial-messages".to_owned()),
        }
        args.extend(["--system-prompt".to_owned(), system_text(question, place)]);
        let quiet = ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_AUTOUPDATER"];
        let mut variables: Vec<_> = quiet.map(|name| (name, "1".to_owned())).to_vec();
        // It would go on trying for minutes, and the time would be over before it says why.
        variables.push(("CLAUDE_CODE_MAX_RETRIES", "2".to_owned()));
        variables.extend(place.url.map(|url| ("ANTHROPIC_BASE_URL", url.to_owned())));
        Call { args, stdin: parts_text(question), files: Vec::new(), variables }
    }

    fn hear(&self, line: &str) -> Heard {
        let Ok(line) = serde_json::from_str::<Value>(line) else { return Heard::Dropped };
        match line["type"].as_str() {
            Some("result") => Heard::Kept,
            Some("assistant") => tool_of(&line["message"]).map_or(Heard::Kept, Heard::Does),
            Some("stream_event") => match line["event"]["delta"]["text"].as_str() {
                Some(text) => Heard::Says(text.to_owned()),
                None => Heard::Dropped,
            },
            // What its tools found is of no use here, and is the largest part of what it prints.
            _ => Heard::Dropped,
        }
    }

    fn read(&self, printed: &Printed<'_>, question: &Question) -> Result<Reply, Failure> {
        let mut model = None;
        let mut category = None;
        let mut result = None;
        for line in printed.json_lines() {
            let message = &line["message"];
            match line["type"].as_str() {
                Some("assistant") => {
                    let said = message["model"].as_str().filter(|model| *model != SYNTHETIC);
                    model = said.map(str::to_owned).or(model);
                    let stopped = message["stop_details"]["category"].as_str();
                    category = stopped.map(str::to_owned).or(category);
                }
                Some("result") => result = Some(line),
                _ => {}
            }
        }
        let Some(result) = result else { return Err(printed.silence(NAME)) };
        if result["stop_reason"] == "refusal" {
            return Err(Failure::Refused { category: category.map(|text| clean_text(&text)) });
        }
        if result["is_error"] == true || result["subtype"] != "success" {
            return Err(failure(&result, question));
        }
        if matches!(
            result["stop_reason"].as_str(),
            Some("max_tokens" | "model_context_window_exceeded")
        ) {
            let reason = result["stop_reason"].as_str().unwrap_or_default().to_owned();
            return Err(Failure::CutOff { reason });
        }
        let text = match &result["structured_output"] {
            Value::Null => result["result"].as_str().unwrap_or_default().to_owned(),
            value => value.to_string(),
        };
        Ok(Reply { text, model, tokens: tokens(&result["usage"]) })
    }
}

/// Returns what a message says that the model does: the last tool that it calls.
fn tool_of(message: &Value) -> Option<String> {
    let call = message["content"].as_array()?.iter().rfind(|block| block["type"] == "tool_use")?;
    let input = &call["input"];
    let word = |name: &str| input[name].as_str().map(clean_text);
    Some(match call["name"].as_str()? {
        "Read" => format!("reads {}", word("file_path")?),
        "Grep" => format!("looks for {}", word("pattern")?),
        "Glob" => format!("lists {}", word("pattern")?),
        _ => return None,
    })
}

fn tokens(usage: &Value) -> Tokens {
    let number = |name: &str| usage[name].as_u64().unwrap_or(0);
    Tokens {
        input: number("input_tokens"),
        output: number("output_tokens"),
        cache_read: number("cache_read_input_tokens"),
        cache_write: number("cache_creation_input_tokens"),
    }
}

/// Says what a result comes to that is none.
fn failure(result: &Value, question: &Question) -> Failure {
    let errors = result["errors"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let errors = errors.collect::<Vec<_>>().join("; ");
    let said = result["result"].as_str().filter(|text| !text.is_empty()).unwrap_or(&errors);
    let host = NAME.to_owned();
    match result["subtype"].as_str() {
        Some("error_max_budget_usd") => return Failure::SpendLimit { host },
        Some("error_max_turns") => return Failure::CutOff { reason: "too many turns".to_owned() },
        Some("error_max_structured_output_retries") => {
            return Failure::WrongShape { problem: clean_text(said) };
        }
        _ => {}
    }
    if let Some(status) = result["api_error_status"].as_u64() {
        return failure_of_status(NAME, status, said, question);
    }
    match result["api_error"].as_str() {
        Some("max_output_tokens") => {
            return Failure::CutOff { reason: "max_output_tokens".to_owned() };
        }
        Some("connection_failed") => {
            return Failure::NotThere {
                what: "the provider".to_owned(),
                problem: clean_text(said),
            };
        }
        _ => {}
    }
    if holds(said, &["not logged in", "/login", "invalid api key"]) {
        return Failure::NotLoggedIn { program: host };
    }
    if holds(said, &["prompt is too long"]) {
        return Failure::CutOff { reason: "the question is too long".to_owned() };
    }
    if is_about_money(said) {
        return Failure::SpendLimit { host };
    }
    Failure::Broken { host, status: clean_text(said) }
}

#[cfg(test)]
mod tests;

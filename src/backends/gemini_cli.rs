//! The program `gemini` (Gemini CLI), as somebody who reads and answers.
//!
//! Seen with 0.61.0: the approval mode `plan` still offers tools that write below the home folder and start helpers, so
//! a policy of our own takes away all but reading. It runs in its own folder and includes the repository, since it reads
//! `.env` and `.gemini/` where it stands. It does not tell where an answer was cut off: a shape catches that, free text
//! does not.

use std::path::PathBuf;

use serde_json::Value;

use super::backend::{Ask, Failure, Question};
use super::program::{
    Asker, Call, Place, Printed, Speech, holds, is_about_money, whole_text_with_shape,
};
use super::way::{
    Backend, Manner, Program, Reply, SetUp, Surroundings, Way, clean_text, provider_name,
};
use crate::provenance::{ModelName, Tokens};

/// The name of the way; the program is called `gemini`.
const NAME: &str = "gemini-cli";

/// The name of the program.
const PROGRAM: &str = "gemini";

/// The file with the policy, in the program's own folder.
const POLICY: &str = "policy.toml";

/// Everything is taken away, and reading given back; the higher number counts.
const DENY_ALL: &str = "[[rule]]\ntoolName = \"*\"\ndecision = \"deny\"\npriority = 998\n";
const ALLOW_READING: &str = "\n[[rule]]\ntoolName = [\"read_file\", \"read_many_files\", \"list_directory\", \"glob\", \"grep_search\"]\ndecision = \"allow\"\npriority = 999\n";

/// The program `gemini`.
pub(super) struct GeminiCli;

impl Backend for GeminiCli {
    fn name(&self) -> &'static str {
        NAME
    }

    fn vendor(&self) -> Option<&'static str> {
        Some("google")
    }

    fn way(&self) -> Way {
        Way::Program(&GeminiCli)
    }

    fn set_up(&self) -> SetUp {
        SetUp {
            name: NAME,
            command: "npm install -g @google/gemini-cli && gemini",
            model: "gemini-3.1-pro-preview",
        }
    }
}

impl Program for GeminiCli {
    fn command(&self) -> &'static str {
        PROGRAM
    }

    fn agent(&self) -> &'static str {
        "gemini-cli"
    }

    fn at_terminal(&self, model: &ModelName, text: &str) -> Vec<String> {
        ["--model", provider_name(model), "--prompt-interactive", text].map(str::to_owned).to_vec()
    }

    fn open(&self, program: PathBuf, manner: Manner, around: &dyn Surroundings) -> Box<dyn Ask> {
        Asker::open(&Self, program, manner, around)
    }
}

impl Speech for GeminiCli {
    fn name(&self) -> &'static str {
        NAME
    }

    fn keys(&self) -> &'static [&'static str] {
        &["GEMINI_API_KEY", "GOOGLE_API_KEY"]
    }

    fn call(&self, question: &Question, place: &Place<'_>) -> Call {
        let policy = place.folder.join(POLICY).display().to_string();
        let mut args: Vec<String> = [
            "--output-format",
            "json",
            "--approval-mode",
            "plan",
            "--policy",
            &policy,
            "--extensions",
            "none",
            "--allowed-mcp-server-names",
            "none",
            "--skip-trust",
            "--model",
            provider_name(&question.model),
        ]
        .map(str::to_owned)
        .to_vec();
        let mut rules = DENY_ALL.to_owned();
        if let Some(folder) = place.reads {
            args.extend(["--include-directories".to_owned(), folder.display().to_string()]);
            rules.push_str(ALLOW_READING);
        }
        let url = place.url.map(|url| ("GOOGLE_GEMINI_BASE_URL", url.to_owned()));
        Call {
            args,
            stdin: whole_text_with_shape(question, place),
            files: vec![(POLICY, rules)],
            variables: url.into_iter().collect(),
        }
    }

    fn read(&self, printed: &Printed<'_>, question: &Question) -> Result<Reply, Failure> {
        let reply: Value = match serde_json::from_str(printed.stdout.trim()) {
            Ok(reply) => reply,
            Err(_) if printed.code == Some(0) => return Err(printed.silence(NAME)),
            Err(_) => return Err(failure(printed, question)),
        };
        if !reply["error"].is_null() || printed.code != Some(0) {
            return Err(failure(printed, question));
        }
        let text = reply["response"].as_str().unwrap_or_default().to_owned();
        let models = reply["stats"]["models"].as_object();
        let main =
            models.into_iter().flatten().filter(|(_, use_of)| use_of["roles"]["main"].is_object());
        let main: Vec<_> = main.collect();
        let asked = provider_name(&question.model);
        // Where it falls back to another model it stays there for the rest of the session.
        let answered = main.iter().find(|(name, _)| *name != asked).or_else(|| main.first());
        let model = answered.map(|(name, _)| (*name).clone());
        let mut tokens = Tokens::default();
        for (_, use_of) in main {
            tokens.add(tokens_of(&use_of["tokens"]));
        }
        Ok(Reply { text, model, tokens })
    }
}

fn tokens_of(usage: &Value) -> Tokens {
    let number = |name: &str| usage[name].as_u64().unwrap_or(0);
    Tokens {
        input: number("input"),
        output: number("candidates") + number("thoughts"),
        cache_read: number("cached"),
        cache_write: 0,
    }
}

/// Says what went wrong; it tells that on standard error, as JSON or in words for people.
fn failure(printed: &Printed<'_>, question: &Question) -> Failure {
    let host = NAME.to_owned();
    let said = format!("{}\n{}", printed.stdout, printed.stderr);
    if holds(&said, &["modelnotfounderror", "is not found for api version"]) {
        return Failure::NoSuchModel { host, model: question.model.raw().to_owned() };
    }
    if holds(&said, &["api key not valid", "api_key_invalid", "permission_denied"]) {
        return Failure::NotAllowed { host, from: None };
    }
    // 41 is its own exit code for this.
    if printed.code == Some(41) || holds(&said, &["auth method", "unauthenticated"]) {
        return Failure::NotLoggedIn { program: PROGRAM.to_owned() };
    }
    if holds(&said, &["daily quota", "terminalquotaerror"]) || is_about_money(&said) {
        return Failure::SpendLimit { host };
    }
    if holds(&said, &["resource_exhausted", "\"code\": 429", "\"code\":429", "rate limit"]) {
        return Failure::TooOften { host };
    }
    match printed.code {
        Some(code) if !holds(&said, &["unknown argument"]) => {
            let line = printed.stderr.lines().find(|line| holds(line, &["error"]));
            let status = format!("exit code {code}: {}", clean_text(line.unwrap_or_default()));
            Failure::Broken { host, status }
        }
        _ => printed.silence(NAME),
    }
}

#[cfg(test)]
mod tests;

//! Servers that speak OpenAI's older interface: Ollama, llama.cpp, vLLM, LM Studio, OpenRouter and others.
//!
//! What they can do varies. So each answer is held against the shape here, a server that knows no schemas is told the
//! shape in words, and a wrong answer is sent back once.

use serde_json::{Value, json};

use super::backend::{Failure, Question};
use super::shape::schema;
use super::stream::add_text;
use super::way::{Backend, Complaint, Dialect, Reply, SetUp, Way, clean_word};
use crate::provenance::Tokens;

/// Servers that speak OpenAI's older interface.
pub(super) struct OpenAiCompatible;

/// The longest wrong answer that is sent back, in bytes.
const WRONG_LIMIT: usize = 16 << 10;

impl Backend for OpenAiCompatible {
    fn name(&self) -> &'static str {
        "openai-compatible"
    }

    fn vendor(&self) -> Option<&'static str> {
        None
    }

    fn way(&self) -> Way {
        Way::Api(&OpenAiCompatible)
    }

    fn set_up(&self) -> SetUp {
        SetUp {
            name: self.name(),
            command: "git config --global model.backend.openai-compatible.url http://127.0.0.1:11434/v1",
            model: "MODEL",
        }
    }
}

impl Dialect for OpenAiCompatible {
    fn url(&self) -> Option<&'static str> {
        None
    }

    fn key_variable(&self) -> Option<&'static str> {
        None
    }

    fn key_header(&self) -> (&'static str, &'static str) {
        ("authorization", "Bearer ")
    }

    fn path(&self, _model: &str) -> Vec<String> {
        ["chat", "completions"].map(str::to_owned).to_vec()
    }

    fn body(&self, question: &Question, model: &str) -> Value {
        let mut body = plain_body(question, model, &question.system);
        if let Some(shape) = &question.shape {
            body["response_format"] = json!({
                "type": "json_schema",
                "json_schema": {"name": shape.name, "schema": schema(shape), "strict": true},
            });
        } else {
            body["stream"] = json!(true);
            body["stream_options"] = json!({"include_usage": true});
        }
        body
    }

    fn fold<'e>(&self, event: &'e Value, whole: &mut Value) -> Option<&'e str> {
        if whole.is_null() {
            *whole = json!({"choices": [{"message": {}}]});
        }
        for name in ["usage", "model", "error"] {
            if let Some(value) = event.get(name).filter(|value| !value.is_null()) {
                whole[name] = value.clone();
            }
        }
        let choice = event["choices"].get(0)?;
        if let Some(reason) = choice.get("finish_reason").filter(|reason| !reason.is_null()) {
            whole["choices"][0]["finish_reason"] = reason.clone();
        }
        if let Some(text) = choice["delta"]["refusal"].as_str() {
            add_text(&mut whole["choices"][0]["message"]["refusal"], text);
        }
        let text = choice["delta"]["content"].as_str()?;
        add_text(&mut whole["choices"][0]["message"]["content"], text);
        Some(text)
    }

    fn read(&self, reply: &Value, _question: &Question) -> Result<Reply, Failure> {
        let problem = |problem: &str| Failure::BadReply { problem: problem.to_owned() };
        let choice = reply["choices"].get(0).ok_or(Failure::Empty)?;
        if choice["message"]["refusal"].as_str().is_some_and(|text| !text.is_empty()) {
            return Err(Failure::Refused { category: None });
        }
        match choice["finish_reason"].as_str() {
            Some("stop") => {}
            Some(reason @ "length") => return Err(Failure::CutOff { reason: reason.to_owned() }),
            Some(reason @ "content_filter") => {
                return Err(Failure::Refused { category: Some(reason.to_owned()) });
            }
            Some(other) => {
                return Err(problem(&format!("it stopped for {}", clean_word(other))));
            }
            None => return Err(problem("it does not say how it ended")),
        }
        let usage = &reply["usage"];
        let count = |value: &Value| value.as_u64().unwrap_or(0);
        let cached = count(&usage["prompt_tokens_details"]["cached_tokens"]);
        Ok(Reply {
            text: without_thoughts(choice["message"]["content"].as_str().unwrap_or_default()),
            model: reply["model"].as_str().map(str::to_owned),
            tokens: Tokens {
                input: count(&usage["prompt_tokens"]).saturating_sub(cached),
                output: count(&usage["completion_tokens"]),
                cache_read: cached,
                cache_write: 0,
            },
        })
    }

    fn is_spend_limit(&self, error: &Complaint) -> bool {
        error.says("insufficient_quota") || error.says("billing_hard_limit_reached")
    }

    fn plainer(&self, error: &Complaint, question: &Question, model: &str) -> Option<Value> {
        let shape = question.shape.as_ref()?;
        let told = format!("{} {}", error.message, error.words.join(" ")).to_lowercase();
        let is_about_shape = ["response_format", "json_schema", "schema", "grammar", "structured"]
            .iter()
            .any(|word| told.contains(word));
        (matches!(error.status, 400 | 422 | 500 | 501) && is_about_shape).then(|| {
            let system = format!("{}\n\n{}", question.system, shape_in_words(shape.schema));
            plain_body(question, model, &system)
        })
    }

    fn repair(
        &self,
        wrong: &str,
        problem: &str,
        question: &Question,
        model: &str,
    ) -> Option<Value> {
        let shape = question.shape.as_ref()?;
        if wrong.len() > WRONG_LIMIT {
            return None;
        }
        let system = format!("{}\n\n{}", question.system, shape_in_words(shape.schema));
        let mut body = plain_body(question, model, &system);
        let messages = body["messages"].as_array_mut()?;
        messages.push(json!({"role": "assistant", "content": wrong}));
        messages.push(json!({
            "role": "user",
            "content": format!("That is not of the shape: {problem}. Answer again, with the JSON alone."),
        }));
        Some(body)
    }
}

fn plain_body(question: &Question, model: &str, system: &str) -> Value {
    let text = question.parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>();
    json!({
        "model": model,
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": text.join("\n\n")},
        ],
        "max_tokens": question.most_output,
        "stream": false,
    })
}

fn shape_in_words(schema: &str) -> String {
    format!("Answer with one JSON value of this schema and nothing else:\n{schema}")
}

/// Takes off what a model thought before it answered, where a server leaves that in.
fn without_thoughts(text: &str) -> String {
    let thought = text.trim_start().strip_prefix("<think>");
    let said = thought.and_then(|rest| rest.split_once("</think>"));
    said.map_or(text, |(_, said)| said.trim_start()).to_owned()
}

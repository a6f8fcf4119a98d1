//! OpenAI's Responses interface.

use serde_json::{Value, json};

use super::backend::{Failure, Question};
use super::shape::schema;
use super::way::{Backend, Complaint, Dialect, Reply, SetUp, Way, clean_word};
use crate::provenance::Tokens;

/// OpenAI's Responses interface.
pub(super) struct OpenAi;

impl Backend for OpenAi {
    fn name(&self) -> &'static str {
        "openai"
    }

    fn vendor(&self) -> Option<&'static str> {
        Some("openai")
    }

    fn way(&self) -> Way {
        Way::Api(&OpenAi)
    }

    fn set_up(&self) -> SetUp {
        SetUp { name: self.name(), command: "export OPENAI_API_KEY=...", model: "gpt-6-astra" }
    }
}

impl Dialect for OpenAi {
    fn url(&self) -> Option<&'static str> {
        Some("https://api.openai.com/v1")
    }

    fn key_variable(&self) -> Option<&'static str> {
        Some("OPENAI_API_KEY")
    }

    fn key_header(&self) -> (&'static str, &'static str) {
        ("authorization", "Bearer ")
    }

    fn path(&self, _model: &str) -> Vec<String> {
        vec!["responses".to_owned()]
    }

    fn body(&self, question: &Question, model: &str) -> Value {
        let parts = question.parts.iter();
        let parts = parts.map(|part| json!({"type": "input_text", "text": part.text}));
        let mut body = json!({
            "model": model,
            "instructions": question.system,
            "input": [{"role": "user", "content": parts.collect::<Vec<_>>()}],
            "max_output_tokens": question.most_output,
            // Else it is kept for a month.
            "store": false,
        });
        match &question.shape {
            Some(shape) => {
                body["text"]["format"] = json!({
                    "type": "json_schema", "name": shape.name, "schema": schema(shape), "strict": true,
                });
            }
            None => body["stream"] = json!(true),
        }
        if let Some(effort) = question.model.effort() {
            body["reasoning"]["effort"] = json!(effort);
        }
        body
    }

    fn fold<'e>(&self, event: &'e Value, whole: &mut Value) -> Option<&'e str> {
        match event["type"].as_str()? {
            "response.output_text.delta" => return event["delta"].as_str(),
            // The last one brings the whole once more.
            "response.created"
            | "response.completed"
            | "response.incomplete"
            | "response.failed" => *whole = event["response"].clone(),
            "error" => {
                *whole = json!({"error": {"code": event["code"], "message": event["message"]}});
            }
            _ => {}
        }
        None
    }

    fn read(&self, reply: &Value, _question: &Question) -> Result<Reply, Failure> {
        let problem = |problem: &str| Failure::BadReply { problem: problem.to_owned() };
        match reply["status"].as_str() {
            Some("completed") => {}
            Some("incomplete") => {
                let reason =
                    clean_word(reply["incomplete_details"]["reason"].as_str().unwrap_or(""));
                return Err(match reason.as_str() {
                    "content_filter" => Failure::Refused { category: Some(reason) },
                    _ => Failure::CutOff { reason },
                });
            }
            Some(other) => {
                let code = reply["error"]["code"].as_str().unwrap_or_default();
                let words = [other, code].map(clean_word).join(" ");
                return Err(problem(&format!("it ended as {}", words.trim_end())));
            }
            None => return Err(problem("it does not say how it ended")),
        }
        let output = reply["output"].as_array().ok_or_else(|| problem("it has no output"))?;
        let messages = output.iter().filter(|item| item["type"] == "message");
        let contents = messages.filter_map(|item| item["content"].as_array()).flatten();
        let mut text = String::new();
        for content in contents {
            match content["type"].as_str() {
                Some("refusal") => return Err(Failure::Refused { category: None }),
                Some("output_text") => text.push_str(content["text"].as_str().unwrap_or_default()),
                _ => {}
            }
        }
        let usage = &reply["usage"];
        let count = |value: &Value| value.as_u64().unwrap_or(0);
        let cached = count(&usage["input_tokens_details"]["cached_tokens"]);
        Ok(Reply {
            text,
            model: reply["model"].as_str().map(str::to_owned),
            tokens: Tokens {
                // What was cached is counted among the input.
                input: count(&usage["input_tokens"]).saturating_sub(cached),
                output: count(&usage["output_tokens"]),
                cache_read: cached,
                cache_write: 0,
            },
        })
    }

    fn is_spend_limit(&self, error: &Complaint) -> bool {
        error.says("insufficient_quota") || error.says("billing_hard_limit_reached")
    }
}

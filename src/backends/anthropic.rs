//! Anthropic's Messages interface.

use serde_json::{Value, json};

use super::backend::{Failure, Question};
use super::shape::schema;
use super::stream::add_text;
use super::way::{Backend, Complaint, Dialect, Reply, SetUp, Way, clean_word};
use crate::provenance::Tokens;

/// Anthropic's Messages interface.
pub(super) struct Anthropic;

/// This version refuses `temperature` and its like with 400, and with the models of 2026 forced tools and switched off
/// thinking too: none of them is sent.
const HEADERS: &[(&str, &str)] = &[("anthropic-version", "2026-10-21")];

impl Backend for Anthropic {
    fn name(&self) -> &'static str {
        "anthropic"
    }

    fn vendor(&self) -> Option<&'static str> {
        Some("anthropic")
    }

    fn way(&self) -> Way {
        Way::Api(&Anthropic)
    }

    fn set_up(&self) -> SetUp {
        SetUp {
            name: self.name(),
            command: "export ANTHROPIC_API_KEY=...",
            model: "claude-opus-5-5",
        }
    }
}

impl Dialect for Anthropic {
    fn url(&self) -> Option<&'static str> {
        Some("https://api.anthropic.com")
    }

    fn key_variable(&self) -> Option<&'static str> {
        Some("ANTHROPIC_API_KEY")
    }

    fn key_header(&self) -> (&'static str, &'static str) {
        ("x-api-key", "")
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        HEADERS
    }

    fn path(&self, _model: &str) -> Vec<String> {
        ["v1", "messages"].map(str::to_owned).to_vec()
    }

    fn body(&self, question: &Question, model: &str) -> Value {
        let last_repeated = question.parts.iter().rposition(|part| part.is_repeated);
        let parts = question.parts.iter().enumerate().map(|(at, part)| {
            let mut block = json!({"type": "text", "text": part.text});
            // A mark caches all that stands before it.
            if Some(at) == last_repeated {
                block["cache_control"] = json!({"type": "ephemeral"});
            }
            block
        });
        let mut body = json!({
            "model": model,
            "max_tokens": question.most_output,
            "system": [{"type": "text", "text": question.system}],
            "messages": [{"role": "user", "content": parts.collect::<Vec<_>>()}],
        });
        match &question.shape {
            Some(shape) => {
                body["output_config"]["format"] =
                    json!({"type": "json_schema", "schema": schema(shape)});
            }
            None => body["stream"] = json!(true),
        }
        if let Some(effort) = question.model.effort() {
            body["output_config"]["effort"] = json!(effort);
        }
        body
    }

    fn fold<'e>(&self, event: &'e Value, whole: &mut Value) -> Option<&'e str> {
        let block = event["index"].as_u64().and_then(|index| usize::try_from(index).ok());
        match event["type"].as_str()? {
            "message_start" => *whole = event["message"].clone(),
            "content_block_start" => {
                whole.get_mut("content")?.as_array_mut()?.push(event["content_block"].clone());
            }
            "content_block_delta" => {
                let text = event["delta"]["text"].as_str()?;
                let block = whole.get_mut("content")?.as_array_mut()?.get_mut(block?)?;
                add_text(block.get_mut("text")?, text);
                return Some(text);
            }
            "message_delta" => {
                let whole = whole.as_object_mut()?;
                for (name, value) in event["delta"].as_object()? {
                    whole.insert(name.clone(), value.clone());
                }
                let usage = whole.get_mut("usage")?.as_object_mut()?;
                usage.insert("output_tokens".to_owned(), event["usage"]["output_tokens"].clone());
            }
            "error" => *whole = json!({"error": event["error"]}),
            _ => {}
        }
        None
    }

    fn read(&self, reply: &Value, _question: &Question) -> Result<Reply, Failure> {
        let problem = |problem: &str| Failure::BadReply { problem: problem.to_owned() };
        match reply["stop_reason"].as_str() {
            Some("end_turn" | "stop_sequence") => {}
            Some("refusal") => {
                let category = reply["stop_details"]["category"].as_str().map(clean_word);
                return Err(Failure::Refused { category });
            }
            Some(reason @ ("max_tokens" | "model_context_window_exceeded")) => {
                return Err(Failure::CutOff { reason: reason.to_owned() });
            }
            Some(other) => {
                return Err(problem(&format!("it stopped for {}", clean_word(other))));
            }
            None => return Err(problem("it does not say how it ended")),
        }
        let blocks = reply["content"].as_array().ok_or_else(|| problem("it has no content"))?;
        let text = blocks.iter().find(|block| block["type"] == "text").ok_or(Failure::Empty)?;
        let usage = |name: &str| reply["usage"][name].as_u64().unwrap_or(0);
        Ok(Reply {
            text: text["text"].as_str().unwrap_or_default().to_owned(),
            model: reply["model"].as_str().map(str::to_owned),
            tokens: Tokens {
                input: usage("input_tokens"),
                output: usage("output_tokens"),
                cache_read: usage("cache_read_input_tokens"),
                cache_write: usage("cache_creation_input_tokens"),
            },
        })
    }

    fn is_spend_limit(&self, error: &Complaint) -> bool {
        error.says("enforced_spend_limit_reached")
            || error.says("billing_error")
            // Of an account that was never paid for, the message alone tells.
            || error.status == 400 && error.message.contains("credit balance is too low")
    }
}

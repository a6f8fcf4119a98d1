//! Google's Gemini interface.

use std::time::Duration;

use serde_json::{Value, json};

use super::backend::{Failure, Question};
use super::shape::schema;
use super::way::{Backend, Complaint, Dialect, Reply, SetUp, Way, clean_word};
use crate::provenance::Tokens;

/// Google's Gemini interface.
pub(super) struct Gemini;

impl Backend for Gemini {
    fn name(&self) -> &'static str {
        "gemini"
    }

    fn vendor(&self) -> Option<&'static str> {
        Some("google")
    }

    fn way(&self) -> Way {
        Way::Api(&Gemini)
    }

    fn set_up(&self) -> SetUp {
        SetUp {
            name: self.name(),
            command: "export GEMINI_API_KEY=...",
            model: "gemini-3.1-pro-preview",
        }
    }
}

impl Dialect for Gemini {
    fn url(&self) -> Option<&'static str> {
        Some("https://generativelanguage.googleapis.com/v1beta")
    }

    fn key_variable(&self) -> Option<&'static str> {
        Some("GEMINI_API_KEY")
    }

    // The interface takes the key in the address too, where logs would show it.
    fn key_header(&self) -> (&'static str, &'static str) {
        ("x-goog-api-key", "")
    }

    fn path(&self, model: &str) -> Vec<String> {
        vec!["models".to_owned(), format!("{model}:generateContent")]
    }

    fn stream_path(&self, model: &str) -> (Vec<String>, Option<&'static str>) {
        let path = vec!["models".to_owned(), format!("{model}:streamGenerateContent")];
        (path, Some("alt=sse"))
    }

    fn body(&self, question: &Question, _model: &str) -> Value {
        let parts = question.parts.iter().map(|part| json!({"text": part.text}));
        let mut body = json!({
            "systemInstruction": {"parts": [{"text": question.system}]},
            "contents": [{"role": "user", "parts": parts.collect::<Vec<_>>()}],
            "generationConfig": {"maxOutputTokens": question.most_output},
        });
        if let Some(shape) = &question.shape {
            body["generationConfig"]["responseMimeType"] = json!("application/json");
            body["generationConfig"]["responseJsonSchema"] = schema(shape);
        }
        if let Some(effort) = question.model.effort() {
            body["generationConfig"]["thinkingConfig"] = json!({"thinkingLevel": effort});
        }
        body
    }

    fn fold<'e>(&self, event: &'e Value, whole: &mut Value) -> Option<&'e str> {
        if whole.is_null() {
            *whole = json!({"candidates": [{"content": {"parts": []}}]});
        }
        for name in ["usageMetadata", "modelVersion", "promptFeedback", "error"] {
            if let Some(value) = event.get(name) {
                whole[name] = value.clone();
            }
        }
        let candidate = event["candidates"].get(0)?;
        if let Some(reason) = candidate.get("finishReason") {
            whole["candidates"][0]["finishReason"] = reason.clone();
        }
        let parts = candidate["content"]["parts"].as_array()?;
        whole["candidates"][0]["content"]["parts"].as_array_mut()?.extend(parts.iter().cloned());
        parts.iter().find(|part| !is_thought(part))?["text"].as_str()
    }

    fn read(&self, reply: &Value, _question: &Question) -> Result<Reply, Failure> {
        let problem = |problem: &str| Failure::BadReply { problem: problem.to_owned() };
        if let Some(reason) = reply["promptFeedback"]["blockReason"].as_str() {
            return Err(Failure::Refused { category: Some(clean_word(reason)) });
        }
        let candidate = reply["candidates"].get(0).ok_or(Failure::Empty)?;
        match candidate["finishReason"].as_str() {
            Some("STOP") => {}
            Some(reason @ "MAX_TOKENS") => {
                return Err(Failure::CutOff { reason: reason.to_owned() });
            }
            Some(
                reason @ ("SAFETY" | "RECITATION" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII"),
            ) => {
                return Err(Failure::Refused { category: Some(reason.to_owned()) });
            }
            Some(other) => {
                return Err(problem(&format!("it stopped for {}", clean_word(other))));
            }
            None => return Err(problem("it does not say how it ended")),
        }
        let parts = candidate["content"]["parts"].as_array();
        // Thoughts come in parts of their own.
        let said = parts.into_iter().flatten().filter(|part| !is_thought(part));
        let usage = |name: &str| reply["usageMetadata"][name].as_u64().unwrap_or(0);
        let cached = usage("cachedContentTokenCount");
        Ok(Reply {
            text: said.filter_map(|part| part["text"].as_str()).collect(),
            model: reply["modelVersion"].as_str().map(str::to_owned),
            tokens: Tokens {
                // What was cached is counted among the prompt.
                input: usage("promptTokenCount").saturating_sub(cached),
                output: usage("candidatesTokenCount") + usage("thoughtsTokenCount"),
                cache_read: cached,
                cache_write: 0,
            },
        })
    }

    fn is_spend_limit(&self, error: &Complaint) -> bool {
        error.says("BILLING_DISABLED") || error.says("SPENDING_LIMIT_EXCEEDED")
    }

    fn wait(&self, reply: &Value) -> Option<Duration> {
        let details = reply["error"]["details"].as_array()?;
        let delay = details.iter().find_map(|detail| detail["retryDelay"].as_str())?;
        Duration::try_from_secs_f64(delay.strip_suffix('s')?.parse().ok()?).ok()
    }

    fn is_wrong_key(&self, error: &Complaint) -> bool {
        // A key that does not exist is told with 400.
        matches!(error.status, 401 | 403) || error.says("API_KEY_INVALID")
    }
}

/// Says whether a part is no part of the answer.
fn is_thought(part: &Value) -> bool {
    part.get("thought").is_some_and(|thought| *thought != false)
}

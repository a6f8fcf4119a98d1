//! Asking a provider's interface: one request and its tries, and what a reply means that is no answer.

use std::cell::OnceCell;
use std::time::Duration;

use serde_json::Value;

use super::backend::{Answer, Ask, Failure, Question};
use super::client::{Address, Client, Deadline, Request, Response};
use super::stream::Stream;
use super::way::{Complaint, Dialect, Key, Manner, Reply, clean_text, provider_name};

/// How often a request is sent at most, the first time included.
const TRIES: u32 = 4;

/// How often a connection is tried at most: a host that is not there is seldom there a moment later.
const TRIES_TO_CONNECT: u32 = 2;

/// How long to wait before the second try, where the provider does not say; each later wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// A provider's interface, at one address, with one key.
pub(super) struct Api {
    pub(super) dialect: &'static dyn Dialect,
    pub(super) address: Address,
    pub(super) key: Option<Key>,
    pub(super) proxy: Option<String>,
    pub(super) manner: Manner,
    pub(super) client: OnceCell<Client>,
}

impl Ask for Api {
    fn ask(&self, question: &Question) -> Result<Answer, Failure> {
        let watch = &self.manner.watch;
        let deadline = Deadline::after(self.manner.seconds);
        deadline.check(watch)?;
        watch.count(0);
        let model = provider_name(&question.model);
        let body = self.dialect.body(question, model);
        let reply = match self.exchange(&body, question, deadline)? {
            Ok(reply) => self.read(&reply, question)?,
            Err(complaint) => {
                let plainer = self.dialect.plainer(&complaint, question, model);
                let plainer = plainer.ok_or_else(|| self.failure(&complaint, question))?;
                self.expect(&plainer, question, deadline)?
            }
        };
        let answer = reply.answer(question);
        let Err(Failure::WrongShape { problem }) = &answer else { return answer };
        let Some(repair) = self.dialect.repair(&reply.text, problem, question, model) else {
            return answer;
        };
        let mut repaired = self.expect(&repair, question, deadline)?;
        repaired.tokens.add(reply.tokens);
        repaired.answer(question)
    }

    fn would_send(&self, question: &Question) -> (String, String) {
        let model = provider_name(&question.model);
        let body = serde_json::to_string_pretty(&self.dialect.body(question, model));
        (self.place(question, model).to_string(), body.unwrap_or_default())
    }
}

impl Api {
    fn place(&self, question: &Question, model: &str) -> Address {
        let (path, query) = match question.shape {
            Some(_) => (self.dialect.path(model), None),
            None => self.dialect.stream_path(model),
        };
        self.address.below(&path, query)
    }

    /// Sends a request that must have an answer.
    fn expect(
        &self,
        body: &Value,
        question: &Question,
        deadline: Deadline,
    ) -> Result<Reply, Failure> {
        let reply = self.exchange(body, question, deadline)?;
        let reply = reply.map_err(|complaint| self.failure(&complaint, question))?;
        self.read(&reply, question)
    }

    fn read(&self, reply: &Value, question: &Question) -> Result<Reply, Failure> {
        // Some tell only in a good reply that they failed, others in the middle of one.
        if reply.get("error").is_some_and(|error| !error.is_null()) {
            let complaint = self.told(200, reply);
            let status = match complaint.message.as_str() {
                "" => complaint.words.join(" "),
                message => message.to_owned(),
            };
            return Err(Failure::Broken { host: self.address.host(), status });
        }
        let reply = self.dialect.read(reply, question)?;
        self.manner.watch.count(reply.tokens.input + reply.tokens.output);
        Ok(reply)
    }

    /// Sends a request until there is a reply that trying again would not better.
    fn exchange(
        &self,
        body: &Value,
        question: &Question,
        deadline: Deadline,
    ) -> Result<Result<Value, Complaint>, Failure> {
        let watch = &self.manner.watch;
        let client = self.client()?;
        let address = self.place(question, provider_name(&question.model));
        let headers = self.headers();
        let body = body.to_string();
        let request = Request { address: &address, headers: &headers, body: body.as_bytes() };
        let mut wait = FIRST_WAIT;
        for attempt in 1.. {
            let mut stream = Stream::new(self.dialect, watch);
            let sent = client.post(&request, deadline, watch, &mut |piece| stream.take(piece));
            let mut tries = TRIES;
            let (pause, outcome) = match sent {
                Ok(response) if response.status == 200 => {
                    let whole =
                        if response.is_stream { stream.end() } else { read_json(&response.body) };
                    return whole.map(Ok);
                }
                Ok(response) => {
                    let complaint = self.complaint(&response);
                    if !self.is_worth_another_try(&response, &complaint) {
                        return Ok(Err(complaint));
                    }
                    (complaint.wait, Ok(Err(complaint)))
                }
                // Nothing was answered, so nothing is asked twice.
                Err(failure @ Failure::NotThere { .. }) => {
                    tries = TRIES_TO_CONNECT;
                    (None, Err(failure))
                }
                Err(failure) => return Err(failure),
            };
            let pause = pause.unwrap_or(wait);
            if attempt >= tries || pause >= deadline.left() {
                return outcome;
            }
            client.wait(pause, deadline, watch)?;
            wait *= 2;
        }
        Err(Failure::Empty)
    }

    fn client(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Client::new(&self.address, self.proxy.as_deref())?;
        Ok(self.client.get_or_init(|| client))
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let fixed = self.dialect.headers().iter();
        let mut headers: Vec<_> = fixed.map(|(name, value)| (*name, (*value).to_owned())).collect();
        if let Some(key) = &self.key {
            let (name, before) = self.dialect.key_header();
            headers.push((name, format!("{before}{}", key.expose())));
        }
        headers
    }

    fn is_worth_another_try(&self, response: &Response, complaint: &Complaint) -> bool {
        if self.dialect.is_spend_limit(complaint) {
            return false;
        }
        let is_passing = matches!(response.status, 408 | 409 | 429 | 500..);
        response.should_retry.map_or(is_passing, |should| should && response.status >= 400)
    }

    /// Reads what the provider says of a request that failed: all of them have an object `error`.
    fn complaint(&self, response: &Response) -> Complaint {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or(Value::Null);
        // Gemini's is a list of one where a stream was asked for.
        let body = body.get(0).unwrap_or(&body);
        let told = self.told(response.status, body);
        Complaint { wait: response.wait.or_else(|| self.dialect.wait(body)), ..told }
    }

    fn told(&self, status: u16, body: &Value) -> Complaint {
        let error = body.get("error").unwrap_or(&Value::Null);
        let mut words = Vec::new();
        collect_words(error, &mut words, 0);
        let said = error.as_str().or_else(|| error.get("message")?.as_str()).unwrap_or_default();
        Complaint { status, words, message: self.shown(said), wait: None }
    }

    /// Makes a provider's words fit to be shown: short, one line, and without the key.
    fn shown(&self, text: &str) -> String {
        let text = match &self.key {
            Some(key) => text.replace(key.expose(), "(the key)"),
            None => text.to_owned(),
        };
        clean_text(&text)
    }

    /// Says what a complaint comes to.
    fn failure(&self, complaint: &Complaint, question: &Question) -> Failure {
        let host = self.address.host();
        if self.dialect.is_spend_limit(complaint) {
            return Failure::SpendLimit { host };
        }
        let status = |text: &str| match text {
            "" => complaint.status.to_string(),
            text => format!("{}: {text}", complaint.status),
        };
        match complaint.status {
            300..=399 => Failure::Redirected { host },
            _ if self.dialect.is_wrong_key(complaint) => {
                Failure::NotAllowed { host, from: Some(self.key_source()) }
            }
            // A path that is not there says nothing of the model.
            404 if !complaint.words.is_empty() || !complaint.message.is_empty() => {
                Failure::NoSuchModel { host, model: provider_name(&question.model).to_owned() }
            }
            404 => Failure::Broken { host, status: status("there is nothing at this address") },
            402 => Failure::SpendLimit { host },
            429 => Failure::TooOften { host },
            408 | 409 | 500.. => Failure::Broken { host, status: status(&complaint.message) },
            400..=499 => Failure::NotAccepted { host, problem: status(&complaint.message) },
            _ => Failure::BadReply { problem: format!("its status is {}", complaint.status) },
        }
    }

    fn key_source(&self) -> String {
        match &self.key {
            Some(key) => format!("from {}", key.from),
            None => "none was sent".to_owned(),
        }
    }
}

fn read_json(body: &[u8]) -> Result<Value, Failure> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::Empty);
    }
    serde_json::from_slice(body).map_err(|error| Failure::BadReply {
        problem: match std::str::from_utf8(body) {
            Ok(_) => format!("it is no JSON ({error})"),
            Err(_) => "it is not UTF-8".to_owned(),
        },
    })
}

/// Collects the words for the kind of an error, wherever the provider puts them, but for what it tells a person.
fn collect_words(value: &Value, words: &mut Vec<String>, depth: usize) {
    match value {
        Value::Object(fields) if depth < 4 => {
            for (name, value) in fields.iter().filter(|(name, _)| *name != "message") {
                match value {
                    Value::String(word) if is_kind(name) => words.push(word.clone()),
                    other => collect_words(other, words, depth + 1),
                }
            }
        }
        Value::Array(items) if depth < 4 => {
            for item in items {
                collect_words(item, words, depth + 1);
            }
        }
        _ => {}
    }
}

fn is_kind(name: &str) -> bool {
    matches!(name, "type" | "code" | "status" | "reason" | "error_code")
}

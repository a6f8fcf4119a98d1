//! A reviewer on this machine: a server that speaks OpenAI's older interface and answers as it was told.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::{Output, Sandbox};

/// The server; its thread ends with the test.
pub(crate) struct Reviewer {
    port: u16,
    answers: Arc<Mutex<VecDeque<Value>>>,
    questions: Arc<Mutex<Vec<String>>>,
    pause: Arc<Mutex<Duration>>,
}

impl Reviewer {
    /// Starts a server that gives these answers, one for each question, and then fails.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Value>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let reviewer = Self {
            port: listener.local_addr().expect("an address").port(),
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            questions: Arc::default(),
            pause: Arc::default(),
        };
        let answers = Arc::clone(&reviewer.answers);
        let questions = Arc::clone(&reviewer.questions);
        let pause = Arc::clone(&reviewer.pause);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Some(question) = read(&stream) else { continue };
                questions.lock().expect("a list").push(question);
                std::thread::sleep(*pause.lock().expect("a time"));
                let answer = answers.lock().expect("a list").pop_front();
                write(&stream, answer.as_ref());
            }
        });
        reviewer
    }

    /// Makes it the reviewer Opus 5.5 of whoever's home the sandbox has.
    pub(crate) fn in_home_of(self, sandbox: &Sandbox) -> Self {
        let url = format!("http://127.0.0.1:{}/v1", self.port);
        sandbox.ok(&["config", "--global", "model.backend.openai-compatible.url", &url]);
        let model = "openai-compatible:claude-opus-5-5";
        sandbox.ok(&["config", "--global", "model.reviewer", model]);
        self
    }

    /// Has it take its time for each answer.
    pub(crate) fn slowly(self, pause: Duration) -> Self {
        *self.pause.lock().expect("a time") = pause;
        self
    }

    /// Returns the questions so far, whole.
    pub(crate) fn questions(&self) -> Vec<String> {
        self.questions.lock().expect("a list").clone()
    }

    /// Returns how often it was asked.
    pub(crate) fn asked(&self) -> usize {
        self.questions().len()
    }
}

/// Hides the ports of this machine, which are others in each run.
pub(crate) fn hidden(output: &Output) -> Output {
    let port = regex::Regex::new(r"127\.0\.0\.1:\d+").expect("a pattern");
    let hide = |text: &str| port.replace_all(text, "127.0.0.1:<port>").into_owned();
    Output { stdout: hide(&output.stdout), stderr: hide(&output.stderr), ..*output }
}

/// The answer of a reviewer who finds nothing.
pub(crate) fn nothing() -> Value {
    json!({"findings": [], "plan": []})
}

/// The answer of a reviewer who finds one thing that blocks.
pub(crate) fn finding(path: &str, line: u32, quote: &str, title: &str) -> Value {
    json!({"findings": [{
        "title": title, "why": "The last one is never read.", "severity": "high", "confidence": 0.95,
        "path": path, "start_line": line, "end_line": line, "quote": quote,
        "suggestion": "Count to the end.", "plan_line": null,
    }], "plan": []})
}

/// The answer of a reviewer who cannot refute what it found.
pub(crate) fn stands() -> Value {
    json!({"refuted": false, "why": "It is as it was said."})
}

fn read(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if line.trim().is_empty() {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}

fn write(mut stream: &TcpStream, answer: Option<&Value>) {
    let (status, body) = match answer {
        Some(answer) => (
            "200 OK",
            json!({
                "model": "claude-opus-5-5",
                "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": answer.to_string()}}],
                "usage": {"prompt_tokens": 1200, "completion_tokens": 80},
            }),
        ),
        None => {
            ("400 Bad Request", json!({"error": {"message": "no more answers", "type": "invalid"}}))
        }
    };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    // Whoever asked may have gone.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

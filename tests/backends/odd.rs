//! Replies in which one thing is not as it should be: every place of every recorded reply, one by one.

use git_model::backends::{self, Dialect, Way};
use serde_json::{Value, json};

use crate::around::question;
use crate::replies::recorded;
use crate::server::Act;

const BACKENDS: [&str; 4] = ["anthropic", "openai", "gemini", "openai-compatible"];

fn dialect(name: &str) -> &'static dyn Dialect {
    let found = backends::ALL.iter().find(|one| one.name() == name).expect("it is registered");
    match found.way() {
        Way::Api(dialect) => dialect,
        Way::Program(_) => unreachable!("it is an interface"),
    }
}

/// Returns the values of a recorded reply: one, or the pieces of a stream.
fn values(backend: &str, case: &str) -> Vec<Value> {
    let Act::Reply(bytes) = recorded(backend, case) else { unreachable!() };
    let text = String::from_utf8(bytes).unwrap();
    let (_, body) = text.split_once("\n\n").unwrap();
    if case != "stream" {
        return vec![serde_json::from_str(body).unwrap()];
    }
    let data = body.lines().filter_map(|line| line.strip_prefix("data: "));
    data.filter_map(|data| serde_json::from_str(data).ok()).collect()
}

/// Returns the paths of all places of a value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                places(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Calls a function with a value in which one place is another thing, for every place and several things.
fn each_odd(value: &Value, mut call: impl FnMut(&str, &Value)) -> usize {
    let mut paths = Vec::new();
    places(value, "", &mut paths);
    let things =
        [Value::Null, json!(7), json!(-1.5), json!("x"), json!([]), json!({}), json!([[null]])];
    for path in &paths {
        for thing in &things {
            let mut odd = value.clone();
            *odd.pointer_mut(path).expect("the place is there") = thing.clone();
            call(path, &odd);
        }
    }
    paths.len() * things.len()
}

#[test]
fn an_odd_reply_is_a_failure_or_the_answer_and_never_a_crash() {
    let mut count = 0;
    for backend in BACKENDS {
        let dialect = dialect(backend);
        let question = question("claude-opus-5-5");
        let good = &values(backend, "good")[0];
        let expected = dialect.read(good, &question).unwrap().text;
        count += each_odd(good, |path, odd| {
            let Ok(reply) = dialect.read(odd, &question) else { return };
            // A text that the provider did not send in full is never taken for the answer.
            let is_text = path.ends_with("/text") || path.ends_with("/content");
            let is_fit = is_text || expected.contains(&reply.text);
            assert!(is_fit, "{backend} {path}: {}", reply.text);
            let ends = ["stop_reason", "status", "finishReason", "finish_reason"];
            let is_end = ends.iter().any(|end| path.ends_with(end)) && !path.contains("content");
            assert!(!is_end || backend == "openai" && path != "/status", "{backend} {path}");
        });
    }
    assert!(count > 500, "{count}");
}

#[test]
fn an_odd_piece_of_a_stream_is_never_a_crash() {
    for backend in BACKENDS {
        let dialect = dialect(backend);
        let question = question("claude-opus-5-5");
        let pieces = values(backend, "stream");
        for (at, piece) in pieces.iter().enumerate() {
            each_odd(piece, |_, odd| {
                let mut whole = Value::Null;
                for (number, piece) in pieces.iter().enumerate() {
                    let piece = if number == at { odd } else { piece };
                    dialect.fold(piece, &mut whole);
                }
                let _ = dialect.read(&whole, &question);
            });
        }
    }
}

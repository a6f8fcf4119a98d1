//! Every recorded reply with what comes of it.

use std::fs;
use std::path::PathBuf;

use expect_test::{Expect, expect};

use crate::around::{Around, KEY, outcome, question};
use crate::server::{Act, Server};

fn folder(backend: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "backends", backend].iter().collect()
}

pub(crate) fn recorded(backend: &str, case: &str) -> Act {
    let path = folder(backend).join(format!("{case}.http"));
    Act::Reply(fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Returns the names of all recorded replies of a backend that come in one.
fn cases(backend: &str) -> Vec<String> {
    let files = fs::read_dir(folder(backend)).expect("recorded replies").flatten();
    let mut names: Vec<_> =
        files.filter_map(|file| Some(file.path().file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    names.retain(|name| !name.starts_with("stream"));
    names
}

/// Asks a server that gives one recorded reply again and again, or the good one after the first where trying again helps.
fn ask(backend: &'static str, model: &str, acts: Vec<Act>) -> String {
    let server = Server::start(acts);
    let around = Around::at(backend, &server.url);
    let chosen = around.choose(Some(backend), model, 60).unwrap();
    let result = chosen.ask.ask(&question(model));
    let seen = server.seen();
    for request in &seen {
        let head = request.head.matches(KEY).count();
        assert_eq!(head, 1, "the key stands in one header");
        assert!(!request.head.lines().next().unwrap().contains(KEY), "and not in the address");
        assert!(!String::from_utf8_lossy(&request.body).contains(KEY), "nor in the body");
    }
    let told = outcome(&result);
    assert!(!told.contains(KEY) && !format!("{result:?}").contains(KEY), "{told}");
    assert!(!told.contains(char::is_control), "{told:?}");
    let host = server.url.trim_start_matches("http://");
    format!("{} ({} sent)", told.replace(host, "<server>"), seen.len())
}

fn check_replies(backend: &'static str, model: &str, expected: &Expect) {
    let mut table = String::new();
    for case in cases(backend) {
        let acts = if case == "429" {
            // Without a word on how long to wait.
            vec![recorded(backend, &case), recorded(backend, "good")]
        } else {
            vec![recorded(backend, &case); 4]
        };
        table += &format!("{case}: {}\n", ask(backend, model, acts));
    }
    expected.assert_eq(&table);
}

#[test]
fn replies_of_anthropic() {
    check_replies(
        "anthropic",
        "claude-opus-5-5",
        &expect![[r#"
            401: NotAllowed: <server> does not accept the key (from TEST_KEY) (1 sent)
            404: NoSuchModel: <server> knows no model `claude-opus-5-5` (1 sent)
            429: answer {"line":null,"verdict":"fine"} by claude-opus-5-5, 120+300+40 in, 25 out (2 sent)
            429-late: TooOften: <server> is asked too often (1 sent)
            429-soon: TooOften: <server> is asked too often (4 sent)
            500: Broken: <server> failed (500: Internal server error) (4 sent)
            500-final: Broken: <server> failed (500: Internal server error) (1 sent)
            529: Broken: <server> failed (529: Overloaded) (4 sent)
            context-full: CutOff: the answer was cut off (model_context_window_exceeded) (1 sent)
            empty: Empty: the reply holds no answer (1 sent)
            empty-text: Empty: the reply holds no answer (1 sent)
            good: answer {"line":null,"verdict":"fine"} by claude-opus-5-5, 120+300+40 in, 25 out (1 sent)
            malformed: WrongShape: the answer is not of the shape that was asked for: it is no JSON (EOF while parsing a value at line 1 column 27) (1 sent)
            malformed-reply: BadReply: the reply cannot be read: it is no JSON (control character (\u0000-\u001F) found while parsing a string at line 2 column 0) (1 sent)
            max-tokens: CutOff: the answer was cut off (max_tokens) (1 sent)
            max-tokens-whole: CutOff: the answer was cut off (max_tokens) (1 sent)
            no-credit: SpendLimit: the spend limit at <server> is reached (1 sent)
            no-stop: BadReply: the reply cannot be read: it does not say how it ended (1 sent)
            refusal: Refused: the model refused (cyber) (1 sent)
            refusal-with-text: Refused: the model refused (1 sent)
            spend-limit: SpendLimit: the spend limit at <server> is reached (1 sent)
            too-long: NotAccepted: <server> does not accept the request: 400: prompt is too long: 1250000 tokens > 1000000 maximum (1 sent)
            unknown-stop: BadReply: the reply cannot be read: it stopped for pause_turn (1 sent)
            wrong-schema: WrongShape: the answer is not of the shape that was asked for: line is not of the type integer or null (1 sent)
        "#]],
    );
}

#[test]
fn replies_of_openai() {
    check_replies(
        "openai",
        "gpt-6-astra",
        &expect![[r#"
            401: NotAllowed: <server> does not accept the key (from TEST_KEY) (1 sent)
            404: NoSuchModel: <server> knows no model `gpt-6-astra` (1 sent)
            429: answer {"line":null,"verdict":"fine"} by gpt-6-astra, 120+300+0 in, 25 out (2 sent)
            429-late: TooOften: <server> is asked too often (1 sent)
            429-soon: TooOften: <server> is asked too often (4 sent)
            500: Broken: <server> failed (500: The server had an error while processing your request.) (4 sent)
            500-final: Broken: <server> failed (500: The server had an error while processing your request.) (1 sent)
            529: Broken: <server> failed (529: The engine is overloaded.) (4 sent)
            empty: Empty: the reply holds no answer (1 sent)
            empty-text: Empty: the reply holds no answer (1 sent)
            failed: Broken: <server> failed (The model failed.) (1 sent)
            filtered: Refused: the model refused (content_filter) (1 sent)
            good: answer {"line":null,"verdict":"fine"} by gpt-6-astra, 120+300+0 in, 25 out (1 sent)
            malformed: WrongShape: the answer is not of the shape that was asked for: it is no JSON (EOF while parsing a value at line 1 column 27) (1 sent)
            malformed-reply: BadReply: the reply cannot be read: it is no JSON (control character (\u0000-\u001F) found while parsing a string at line 2 column 0) (1 sent)
            max-tokens: CutOff: the answer was cut off (max_output_tokens) (1 sent)
            refusal: Refused: the model refused (1 sent)
            spend-limit: SpendLimit: the spend limit at <server> is reached (1 sent)
            still-running: BadReply: the reply cannot be read: it ended as in_progress (1 sent)
            too-long: NotAccepted: <server> does not accept the request: 400: Your input exceeds the context window of this model. (1 sent)
            wrong-schema: WrongShape: the answer is not of the shape that was asked for: line is not of the type integer or null (1 sent)
        "#]],
    );
}

#[test]
fn replies_of_gemini() {
    check_replies(
        "gemini",
        "gemini-3.1-pro-preview",
        &expect![[r#"
            401: NotAllowed: <server> does not accept the key (from TEST_KEY) (1 sent)
            404: NoSuchModel: <server> knows no model `gemini-3.1-pro-preview` (1 sent)
            429: answer {"line":null,"verdict":"fine"} by gemini-3.1-pro, 120+300+0 in, 25 out (2 sent)
            429-late: TooOften: <server> is asked too often (1 sent)
            429-soon: TooOften: <server> is asked too often (4 sent)
            500: Broken: <server> failed (500: An internal error has occurred.) (4 sent)
            500-final: Broken: <server> failed (500: An internal error has occurred.) (1 sent)
            529: Broken: <server> failed (503: The model is overloaded. Please try again later.) (4 sent)
            empty: Empty: the reply holds no answer (1 sent)
            empty-text: Empty: the reply holds no answer (1 sent)
            good: answer {"line":null,"verdict":"fine"} by gemini-3.1-pro, 120+300+0 in, 25 out (1 sent)
            malformed: WrongShape: the answer is not of the shape that was asked for: it is no JSON (EOF while parsing a value at line 1 column 27) (1 sent)
            malformed-reply: BadReply: the reply cannot be read: it is no JSON (control character (\u0000-\u001F) found while parsing a string at line 2 column 0) (1 sent)
            max-tokens: CutOff: the answer was cut off (MAX_TOKENS) (1 sent)
            no-candidates: Empty: the reply holds no answer (1 sent)
            no-stop: BadReply: the reply cannot be read: it does not say how it ended (1 sent)
            prompt-blocked: Refused: the model refused (PROHIBITED_CONTENT) (1 sent)
            refusal: Refused: the model refused (SAFETY) (1 sent)
            spend-limit: SpendLimit: the spend limit at <server> is reached (1 sent)
            too-long: NotAccepted: <server> does not accept the request: 400: The input token count exceeds the maximum number of tokens allowed 1048576. (1 sent)
            unknown-stop: BadReply: the reply cannot be read: it stopped for LANGUAGE (1 sent)
            wrong-schema: WrongShape: the answer is not of the shape that was asked for: line is not of the type integer or null (1 sent)
        "#]],
    );
}

#[test]
fn replies_of_a_compatible_server() {
    check_replies(
        "openai-compatible",
        "qwen3-coder:30b",
        &expect![[r#"
            401: NotAllowed: <server> does not accept the key (from TEST_KEY) (1 sent)
            404: NoSuchModel: <server> knows no model `qwen3-coder:30b` (1 sent)
            404-page: Broken: <server> failed (404: there is nothing at this address) (1 sent)
            429: answer {"line":null,"verdict":"fine"} by qwen3-coder:30b, 420+0+0 in, 25 out (2 sent)
            429-late: TooOften: <server> is asked too often (1 sent)
            429-soon: TooOften: <server> is asked too often (4 sent)
            500: Broken: <server> failed (500: llama runner process has terminated) (4 sent)
            500-final: Broken: <server> failed (500: llama runner process has terminated) (1 sent)
            529: Broken: <server> failed (529: Overloaded) (4 sent)
            echoes-key: NotAccepted: <server> does not accept the request: 400: bad header[2J authorization: Bearer (the key) (1 sent)
            empty: Empty: the reply holds no answer (1 sent)
            empty-text: Empty: the reply holds no answer (1 sent)
            error-inside: Broken: <server> failed (Provider returned error) (1 sent)
            fenced: answer {"line":null,"verdict":"fine"} by qwen3-coder:30b, 420+0+0 in, 25 out (1 sent)
            filtered: Refused: the model refused (content_filter) (1 sent)
            good: answer {"line":null,"verdict":"fine"} by qwen3-coder:30b, 420+0+0 in, 25 out (1 sent)
            malformed: WrongShape: the answer is not of the shape that was asked for: it is no JSON (expected value at line 1 column 1) (2 sent)
            malformed-reply: BadReply: the reply cannot be read: it is no JSON (expected value at line 1 column 1) (1 sent)
            max-tokens: CutOff: the answer was cut off (length) (1 sent)
            no-content: Empty: the reply holds no answer (1 sent)
            no-schemas: NotAccepted: <server> does not accept the request: 400: This model does not support response_format json_schema. (2 sent)
            refusal: Refused: the model refused (1 sent)
            spend-limit: SpendLimit: the spend limit at <server> is reached (1 sent)
            too-long: NotAccepted: <server> does not accept the request: 400: the request exceeds the available context size (1 sent)
            unknown-stop: BadReply: the reply cannot be read: it stopped for tool_calls (1 sent)
            wrong-schema: WrongShape: the answer is not of the shape that was asked for: line is not of the type integer or null (2 sent)
        "#]],
    );
}

#[test]
fn every_interface_has_the_same_cases() {
    for backend in ["anthropic", "openai", "gemini", "openai-compatible"] {
        let cases = cases(backend);
        for case in [
            "good",
            "empty",
            "malformed",
            "malformed-reply",
            "wrong-schema",
            "refusal",
            "max-tokens",
            "401",
            "404",
            "429",
            "429-soon",
            "429-late",
            "spend-limit",
            "500",
            "529",
        ] {
            assert!(cases.iter().any(|one| one == case), "{backend}: {case}");
        }
    }
}

#[test]
fn a_server_that_knows_no_schemas_is_told_the_shape_in_words() {
    let backend = "openai-compatible";
    let server = Server::start(vec![recorded(backend, "no-schemas"), recorded(backend, "fenced")]);
    let around = Around::at(backend, &server.url);
    let chosen = around.choose(Some(backend), "qwen3-coder:30b", 60).unwrap();
    let result = chosen.ask.ask(&question("qwen3-coder:30b"));
    let second: serde_json::Value = serde_json::from_slice(&server.seen()[1].body).unwrap();
    assert_eq!(second.get("response_format"), None);
    let expected = expect![[r#"
        answer {"line":null,"verdict":"fine"} by qwen3-coder:30b, 420+0+0 in, 25 out
        You read a change.

        Answer with one JSON value of this schema and nothing else:
        {"type":"object","properties":{"verdict":{"type":"string","enum":["fine","bad"]},"line":{"type":["integer","null"]}},"required":["verdict","line"],"additionalProperties":false}
    "#]];
    expected.assert_eq(&format!(
        "{}\n{}\n",
        outcome(&result),
        second["messages"][0]["content"].as_str().unwrap()
    ));
}

#[test]
fn a_wrong_answer_of_a_compatible_server_is_sent_back_once() {
    let backend = "openai-compatible";
    let acts = vec![recorded(backend, "wrong-schema"), recorded(backend, "good")];
    let server = Server::start(acts);
    let around = Around::at(backend, &server.url);
    let chosen = around.choose(Some(backend), "qwen3-coder:30b", 60).unwrap();
    let result = chosen.ask.ask(&question("qwen3-coder:30b"));
    let second: serde_json::Value = serde_json::from_slice(&server.seen()[1].body).unwrap();
    let messages = second["messages"].as_array().unwrap().iter();
    let messages = messages.map(|one| format!("{}: {}", one["role"], one["content"]));
    let expected = expect![[r#"
        answer {"line":null,"verdict":"fine"} by qwen3-coder:30b, 840+0+0 in, 50 out
        "system": "You read a change.\n\nAnswer with one JSON value of this schema and nothing else:\n{\"type\":\"object\",\"properties\":{\"verdict\":{\"type\":\"string\",\"enum\":[\"fine\",\"bad\"]},\"line\":{\"type\":[\"integer\",\"null\"]}},\"required\":[\"verdict\",\"line\"],\"additionalProperties\":false}"
        "user": "The rules.\n\nThe change."
        "assistant": "{\"verdict\": \"perfect\", \"line\": \"7\"}"
        "user": "That is not of the shape: line is not of the type integer or null. Answer again, with the JSON alone."
    "#]];
    expected.assert_eq(&format!(
        "{}\n{}\n",
        outcome(&result),
        messages.collect::<Vec<_>>().join("\n")
    ));
}

#[test]
fn an_overloaded_provider_is_asked_again_and_answers() {
    for backend in ["anthropic", "openai", "gemini", "openai-compatible"] {
        let acts = ["529", "500", "429-soon", "good"].map(|case| recorded(backend, case));
        let told = ask(backend, "claude-opus-5-5", acts.to_vec());
        assert!(told.starts_with("answer") && told.ends_with("(4 sent)"), "{backend}: {told}");
    }
}

//! Free text that comes piece by piece: it is told as it comes, and counts only as a whole.

use std::sync::{Arc, Mutex};

use expect_test::{Expect, expect};
use git_model::backends::Question;

use crate::around::{Around, KEY, manner, outcome, question};
use crate::replies::recorded;
use crate::server::{Act, Server};

const CASES: [&str; 8] = [
    "stream",
    "stream-cut",
    "stream-error",
    "stream-refusal",
    "stream-broken",
    "stream-odd",
    "good",
    "429-late",
];

fn free_text(model: &str) -> Question {
    Question { shape: None, ..question(model) }
}

/// Asks for free text; returns what came of it and what was told on the way.
fn ask(backend: &'static str, model: &str, act: Act) -> (String, String, Server) {
    let server = Server::start(vec![act]);
    let around = Around::at(backend, &server.url);
    let manner = manner(60);
    let told = Arc::new(Mutex::new(String::new()));
    let listener = Arc::clone(&told);
    manner.watch.listen(move |text| listener.lock().unwrap().push_str(text));
    let watch = manner.watch.clone();
    let chosen = around.choose_with(Some(backend), model, manner).unwrap();
    let result = chosen.ask.ask(&free_text(model));
    let host = server.url.trim_start_matches("http://");
    let outcome = outcome(&result).replace(host, "<server>");
    let told = told.lock().unwrap().clone();
    (format!("{outcome}; {} tokens", watch.tokens()), told, server)
}

fn check(backend: &'static str, model: &str, expected: &Expect) {
    let mut table = String::new();
    for case in CASES {
        let (outcome, told, _) = ask(backend, model, recorded(backend, case));
        table += &format!("{case}: {outcome}; told {told:?}\n");
    }
    expected.assert_eq(&table);
}

#[test]
fn streams_of_anthropic() {
    check(
        "anthropic",
        "claude-opus-5-5",
        &expect![[r##"
        stream: answer "# Cache\n\n1. Größe first\n" by claude-opus-5-5, 120+300+40 in, 25 out; 145 tokens; told "# Cache\n\n1. Größe first\n"
        stream-cut: BadReply: the reply cannot be read: it does not say how it ended; 7 tokens; told "# Cache\n\n1. Größe first\n"
        stream-error: Broken: <server> failed (Overloaded); 7 tokens; told "# Cache\n\n1. Größe first\n"
        stream-refusal: Refused: the model refused (cyber); 7 tokens; told "# Cache\n\n1. Größe first\n"
        stream-broken: BadReply: the reply cannot be read: a piece of it is no JSON (EOF while parsing a string at line 1 column 20); 7 tokens; told "# Cache\n\n1. Größe first\n"
        stream-odd: Empty: the reply holds no answer; 0 tokens; told ""
        good: answer "{\"verdict\": \"fine\", \"line\": null}" by claude-opus-5-5, 120+300+40 in, 25 out; 145 tokens; told ""
        429-late: TooOften: <server> is asked too often; 0 tokens; told ""
    "##]],
    );
}

#[test]
fn streams_of_openai() {
    check(
        "openai",
        "gpt-6-astra",
        &expect![[r##"
        stream: answer "# Cache\n\n1. Größe first\n" by gpt-6-astra, 120+300+0 in, 25 out; 145 tokens; told "# Cache\n\n1. Größe first\n"
        stream-cut: BadReply: the reply cannot be read: it ended as in_progress; 7 tokens; told "# Cache\n\n1. Größe first\n"
        stream-error: Broken: <server> failed (The server had an error.); 7 tokens; told "# Cache\n\n1. Größe first\n"
        stream-refusal: Refused: the model refused (content_filter); 7 tokens; told "# Cache\n\n1. Größe first\n"
        stream-broken: BadReply: the reply cannot be read: a piece of it is no JSON (EOF while parsing a string at line 1 column 14); 7 tokens; told "# Cache\n\n1. Größe first\n"
        stream-odd: BadReply: the reply cannot be read: it does not say how it ended; 0 tokens; told ""
        good: answer "{\"verdict\": \"fine\", \"line\": null}" by gpt-6-astra, 120+300+0 in, 25 out; 145 tokens; told ""
        429-late: TooOften: <server> is asked too often; 0 tokens; told ""
    "##]],
    );
}

#[test]
fn streams_of_gemini() {
    check(
        "gemini",
        "gemini-3.1-pro-preview",
        &expect![[r##"
        stream: answer "# Cache\n\n1. Größe first\n" by gemini-3.1-pro, 120+300+0 in, 25 out; 145 tokens; told "# Cache\n\n1. Größe first\n"
        stream-cut: BadReply: the reply cannot be read: it does not say how it ended; 7 tokens; told "# Cache\n\n1. Größe first\n"
        stream-error: Broken: <server> failed (The model is overloaded.); 4 tokens; told "# Cache\n\n1. Grö"
        stream-refusal: Refused: the model refused (SAFETY); 4 tokens; told "# Cache\n\n1. Grö"
        stream-broken: BadReply: the reply cannot be read: a piece of it is no JSON (EOF while parsing a string at line 1 column 7); 4 tokens; told "# Cache\n\n1. Grö"
        stream-odd: BadReply: the reply cannot be read: it does not say how it ended; 0 tokens; told ""
        good: answer "{\"verdict\": \"fine\", \"line\": null}" by gemini-3.1-pro, 120+300+0 in, 25 out; 145 tokens; told ""
        429-late: TooOften: <server> is asked too often; 0 tokens; told ""
    "##]],
    );
}

#[test]
fn streams_of_a_compatible_server() {
    check(
        "openai-compatible",
        "qwen3-coder:30b",
        &expect![[r##"
            stream: answer "# Cache\n\n1. Größe first\n" by qwen3-coder:30b, 420+0+0 in, 25 out; 445 tokens; told "<think>A cache.</think>\n# Cache\n\n1. Größe first\n"
            stream-cut: BadReply: the reply cannot be read: it does not say how it ended; 13 tokens; told "<think>A cache.</think>\n# Cache\n\n1. Größe first\n"
            stream-error: Broken: <server> failed (Provider returned error); 13 tokens; told "<think>A cache.</think>\n# Cache\n\n1. Größe first\n"
            stream-refusal: Refused: the model refused; 13 tokens; told "<think>A cache.</think>\n# Cache\n\n1. Größe first\n"
            stream-broken: BadReply: the reply cannot be read: a piece of it is no JSON (EOF while parsing a value at line 1 column 6); 13 tokens; told "<think>A cache.</think>\n# Cache\n\n1. Größe first\n"
            stream-odd: BadReply: the reply cannot be read: it does not say how it ended; 0 tokens; told ""
            good: answer "{\"verdict\": \"fine\", \"line\": null}" by qwen3-coder:30b, 420+0+0 in, 25 out; 445 tokens; told ""
            429-late: TooOften: <server> is asked too often; 0 tokens; told ""
        "##]],
    );
}

#[test]
fn free_text_is_asked_for_piece_by_piece() {
    let mut table = String::new();
    for (backend, model) in [
        ("anthropic", "claude-opus-5-5"),
        ("openai", "gpt-6-astra"),
        ("gemini", "gemini-3.1-pro-preview"),
        ("openai-compatible", "qwen3-coder:30b"),
    ] {
        let (_, _, server) = ask(backend, model, recorded(backend, "stream"));
        let seen = server.seen();
        assert_eq!(seen[0].head.matches(KEY).count(), 1);
        let body: serde_json::Value = serde_json::from_slice(&seen[0].body).unwrap();
        let first = seen[0].head.lines().next().unwrap_or_default();
        table += &format!("{first} {} {}\n", body["stream"], body["stream_options"]);
        for field in ["output_config", "text", "response_format"] {
            assert_eq!(body.get(field), None, "{backend}: no shape is asked for");
        }
    }
    expect![[r#"
        POST /v1/messages HTTP/1.1 true null
        POST /responses HTTP/1.1 true null
        POST /models/gemini-3.1-pro-preview:streamGenerateContent?alt=sse HTTP/1.1 null null
        POST /chat/completions HTTP/1.1 true {"include_usage":true}
    "#]]
    .assert_eq(&table);
}

#[test]
fn a_stream_may_be_cut_into_pieces_anywhere() {
    for (backend, model) in [
        ("anthropic", "claude-opus-5-5"),
        ("openai", "gpt-6-astra"),
        ("gemini", "gemini-3.1-pro-preview"),
        ("openai-compatible", "qwen3-coder:30b"),
    ] {
        let Act::Reply(recorded) = recorded(backend, "stream") else { unreachable!() };
        let (whole, told, _) = ask(backend, model, Act::Reply(recorded.clone()));
        let (pieces, told_in_pieces, _) = ask(backend, model, Act::InPieces(recorded));
        assert_eq!((whole, told), (pieces, told_in_pieces), "{backend}");
    }
}

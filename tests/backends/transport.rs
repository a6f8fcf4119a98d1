//! Connections that go wrong, which is the same for every interface.

use std::time::Duration;

use expect_test::expect;
use git_model::backends::{Answer, Failure};
use git_model::clock;

use crate::around::{Around, manner, outcome, question};
use crate::server::{Act, Server};

const BACKENDS: [(&str, &str); 4] = [
    ("anthropic", "claude-opus-5-5"),
    ("openai", "gpt-6-astra"),
    ("gemini", "gemini-3.1-pro-preview"),
    ("openai-compatible", "qwen3-coder:30b"),
];

fn ask(name: &'static str, model: &str, act: &Act, seconds: u64) -> Result<Answer, Failure> {
    let server = Server::start(vec![act.clone(); 4]);
    let around = Around::at(name, &server.url);
    let chosen = around.choose(Some(name), model, seconds).unwrap();
    chosen.ask.ask(&question(model))
}

/// Returns what comes of it, which must be the same for all.
fn of_all(act: &Act, seconds: u64) -> String {
    let results = BACKENDS.map(|(name, model)| outcome(&ask(name, model, act, seconds)));
    assert!(results.iter().all(|one| *one == results[0]), "{results:?}");
    results[0].clone()
}

fn reply(bytes: &[u8]) -> Act {
    Act::Reply([b"HTTP/1.1 200 OK\ncontent-type: application/json\n\n", bytes].concat())
}

#[test]
fn a_connection_that_goes_wrong_is_no_answer() {
    let mut table = String::new();
    for (case, act) in [
        ("cut", Act::Cut),
        ("closed", Act::Close),
        ("huge", Act::Flood),
        ("no HTTP", Act::Babble),
        ("no body", reply(b"")),
        ("not UTF-8", reply(b"{\"id\":\"\xff\xfe\"}")),
        ("a list", reply(b"[]")),
        ("a number", reply(b"7")),
        ("null", reply(b"null")),
        ("deep", reply("[".repeat(1_000_000).as_bytes())),
    ] {
        // `null` and its like are read by each in its own words.
        let told = if matches!(case, "a list" | "a number" | "null") {
            BACKENDS
                .map(|(name, model)| outcome(&ask(name, model, &act, 60)))
                .iter()
                .map(|told| told.split(':').next().unwrap_or_default().to_owned())
                .collect::<Vec<_>>()
                .join(", ")
        } else {
            of_all(&act, 60)
        };
        table += &format!("{case}: {told}\n");
    }
    expect![[r#"
        cut: BadReply: the reply cannot be read: the connection was cut
        closed: BadReply: the reply cannot be read: the connection was cut, or it is no HTTP
        huge: BadReply: the reply cannot be read: it is larger than 16 MiB
        no HTTP: BadReply: the reply cannot be read: the connection was cut, or it is no HTTP
        no body: Empty: the reply holds no answer
        not UTF-8: BadReply: the reply cannot be read: it is not UTF-8
        a list: BadReply, BadReply, Empty, Empty
        a number: BadReply, BadReply, Empty, Empty
        null: BadReply, BadReply, Empty, Empty
        deep: BadReply: the reply cannot be read: it is no JSON (recursion limit exceeded at line 1 column 128)
    "#]].assert_eq(&table);
}

#[test]
fn nothing_waits_longer_than_it_may() {
    for act in [Act::Drip, Act::Silence] {
        let begun = clock::instant();
        let result = ask("anthropic", "claude-opus-5-5", &act, 1);
        assert_eq!(result, Err(Failure::TooLate { seconds: 1 }), "{act:?}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{act:?}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let other = Server::start(vec![]);
    for status in [301, 302, 303, 307, 308] {
        let act = Act::Reply(
            format!("HTTP/1.1 {status} Moved\nlocation: {}/v1/messages\n\n", other.url)
                .into_bytes(),
        );
        for (name, model) in BACKENDS {
            let result = ask(name, model, &act, 60);
            assert!(matches!(result, Err(Failure::Redirected { .. })), "{status}: {result:?}");
        }
    }
    assert_eq!(other.seen().len(), 0, "the key went nowhere else");
}

#[test]
fn a_host_that_is_not_there_is_said_soon() {
    // Of a port that was ours a moment ago nobody listens.
    let url = Server::start(vec![]).url;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_ne!(url, format!("http://127.0.0.1:{port}"));
    let around = Around::at("anthropic", &format!("http://127.0.0.1:{port}"));
    let chosen = around.choose(Some("anthropic"), "claude-opus-5-5", 2).unwrap();
    let result = chosen.ask.ask(&question("claude-opus-5-5"));
    assert!(matches!(result, Err(Failure::NotThere { .. })), "{result:?}");
}

#[test]
fn whoever_waits_may_stop_it() {
    let server = Server::start(vec![Act::Silence]);
    let around = Around::at("openai", &server.url);
    let manner = manner(600);
    let watch = manner.watch.clone();
    let chosen = around.choose_with(Some("openai"), "gpt-6-astra", manner).unwrap();
    let stopper = std::thread::spawn(move || {
        while server.seen().is_empty() {
            std::thread::yield_now();
        }
        watch.stop();
    });
    let result = chosen.ask.ask(&question("gpt-6-astra"));
    stopper.join().unwrap();
    assert_eq!(result, Err(Failure::Stopped));
    // And what is stopped stays stopped.
    assert_eq!(chosen.ask.ask(&question("gpt-6-astra")), Err(Failure::Stopped));
}

//! Who is asked: what the user named, else what is set up; and where keys go.

use expect_test::expect;
use git_model::backends::{ChoiceError, Chosen, Configured};

use crate::around::{Around, KEY, question};
use crate::server::{Act, Server};

fn told(chosen: Result<Chosen, ChoiceError>) -> String {
    match chosen {
        Ok(chosen) => format!("{}: {:?}, reads: {}", chosen.name, chosen.goes, chosen.reads),
        Err(error) => format!("{error:?}"),
    }
}

fn with_keys(names: &[&'static str]) -> Around {
    let variables = names.iter().map(|name| (*name, KEY.to_owned())).collect();
    Around { variables, ..Around::default() }
}

fn configured(url: Option<&str>, key_variable: Option<&str>, kind: Option<&str>) -> Configured {
    let own = |text: Option<&str>| text.map(str::to_owned);
    Configured { url: own(url), key_variable: own(key_variable), kind: own(kind) }
}

#[test]
fn without_a_name_the_vendor_of_the_model_is_asked_where_its_key_is() {
    let around = with_keys(&["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"]);
    let mut table = String::new();
    for model in ["claude-opus-5-5", "gpt-6-astra", "gemini-3.1-pro-preview", "llama3:8b"] {
        table += &format!("{model}: {}\n", told(around.choose(None, model, 60)));
    }
    let nothing = Around::default();
    table += &format!("nothing: {}\n", told(nothing.choose(None, "claude-opus-5-5", 60)));
    expect![[r#"
        claude-opus-5-5: anthropic: Host("api.anthropic.com"), reads: false
        gpt-6-astra: openai: Host("api.openai.com"), reads: false
        gemini-3.1-pro-preview: gemini: Host("generativelanguage.googleapis.com"), reads: false
        llama3:8b: UnknownVendor { model: "llama3:8b" }
        nothing: NothingSetUp { model: "Opus 5.5", ways: [SetUp { name: "anthropic", command: "export ANTHROPIC_API_KEY=...", model: "claude-opus-5-5" }, SetUp { name: "claude", command: "npm install -g @anthropic-ai/claude-code && claude auth login", model: "opus" }] }
    "#]].assert_eq(&table);
}

#[test]
fn a_named_backend_is_taken_or_it_is_said_why_not() {
    let around = Around {
        configured: vec![
            (
                "mine",
                configured(Some("https://llm.example.com/v1"), None, Some("openai-compatible")),
            ),
            ("odd", configured(None, None, Some("telepathy"))),
            ("plain", configured(Some("http://llm.example.com/v1"), None, Some("openai"))),
            ("secret", configured(Some("https://me:pw@llm.example.com/"), None, Some("openai"))),
            ("unset", configured(None, Some("UNSET_KEY"), Some("anthropic"))),
        ],
        ..with_keys(&["ANTHROPIC_API_KEY"])
    };
    let mut table = String::new();
    for name in [
        "anthropic",
        "openai",
        "openai-compatible",
        "mine",
        "odd",
        "plain",
        "secret",
        "unset",
        "none",
    ] {
        table += &format!("{name}: {}\n", told(around.choose(Some(name), "claude-opus-5-5", 60)));
    }
    expect![[r#"
        anthropic: anthropic: Host("api.anthropic.com"), reads: false
        openai: NoKey { host: "api.openai.com", name: "openai", variable: Some("OPENAI_API_KEY") }
        openai-compatible: NoAddress { name: "openai-compatible" }
        mine: mine: Host("llm.example.com"), reads: false
        odd: UnknownName { name: "odd", kind: Some("telepathy") }
        plain: BadAddress { name: "plain", problem: NotEncrypted }
        secret: BadAddress { name: "secret", problem: HoldsSecrets }
        unset: NoKey { host: "api.anthropic.com", name: "api.anthropic.com", variable: Some("UNSET_KEY") }
        none: UnknownName { name: "none", kind: None }
    "#]].assert_eq(&table);
}

#[test]
fn a_key_goes_to_its_own_provider_only() {
    let good = include_bytes!("../fixtures/backends/anthropic/good.http").to_vec();
    let server = Server::start(vec![Act::Reply(good); 3]);
    let key_sent = |around: &Around| {
        let chosen = around.choose(Some("anthropic"), "claude-opus-5-5", 60).unwrap();
        chosen.ask.ask(&question("claude-opus-5-5")).unwrap();
        let seen = server.seen();
        seen[0].head.lines().find(|line| line.starts_with("x-api-key")).map(str::to_owned)
    };
    let elsewhere = |key_variable| Around {
        configured: vec![("anthropic", configured(Some(&server.url), key_variable, None))],
        ..with_keys(&["ANTHROPIC_API_KEY", "OTHER_KEY"])
    };
    // Another address: the provider's variable is not for it.
    assert_eq!(key_sent(&elsewhere(None)), None);
    // Unless the user says so.
    let header = Some(format!("x-api-key: {KEY}"));
    assert_eq!(key_sent(&elsewhere(Some("ANTHROPIC_API_KEY"))), header);
    // Or keeps a key for that address.
    let kept = Around {
        credentials: vec![(server.url.clone(), "kept-key".to_owned())],
        ..elsewhere(None)
    };
    assert_eq!(key_sent(&kept), Some("x-api-key: kept-key".to_owned()));
}

#[test]
fn a_key_stays_at_its_host_whatever_the_path() {
    let around = Around {
        configured: vec![
            ("path", configured(Some("https://api.anthropic.com/x/"), None, Some("anthropic"))),
            ("port", configured(Some("https://api.anthropic.com:8443"), None, Some("anthropic"))),
            ("other", configured(Some("https://api.openai.com/v1"), None, Some("anthropic"))),
        ],
        ..Around::default()
    };
    // At the provider's own host a key is needed and its variable is taken; elsewhere neither.
    for (name, is_own) in [("path", true), ("port", false), ("other", false)] {
        let chosen = around.choose(Some(name), "claude-opus-5-5", 60);
        assert_eq!(matches!(chosen, Err(ChoiceError::NoKey { .. })), is_own, "{name}");
    }
}

#[test]
fn variables_that_name_an_address_are_not_read() {
    let server = Server::start(vec![]);
    let mut around = with_keys(&["ANTHROPIC_API_KEY"]);
    for name in ["ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"] {
        around.variables.push((name, server.url.clone()));
    }
    let chosen = around.choose(None, "claude-opus-5-5", 60).unwrap();
    let (place, _) = chosen.ask.would_send(&question("claude-opus-5-5"));
    assert_eq!(place, "https://api.anthropic.com/v1/messages");
}

#[test]
fn a_key_with_a_line_break_is_refused_without_being_shown() {
    let mut around = with_keys(&[]);
    for key in ["one\ntwo", "one\r\nx-evil: 1", "with blank", "ké", "\u{7f}"] {
        around.variables = vec![("ANTHROPIC_API_KEY", key.to_owned())];
        let error = around.choose(None, "claude-opus-5-5", 60).map(|_| ()).unwrap_err();
        assert_eq!(error, ChoiceError::BadKey { from: "ANTHROPIC_API_KEY".to_owned() });
    }
    // One at the end comes from a file, and is no part of it.
    around.variables = vec![("ANTHROPIC_API_KEY", format!("{KEY}\n"))];
    assert!(around.choose(None, "claude-opus-5-5", 60).is_ok());
}

#[test]
fn a_model_is_named_as_its_provider_names_it() {
    let around = with_keys(&["ANTHROPIC_API_KEY", "GEMINI_API_KEY"]);
    let sent = |backend: &str, model: &str| {
        let chosen = around.choose(Some(backend), model, 60).unwrap();
        let (place, body) = chosen.ask.would_send(&question(model));
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let effort = &body["output_config"]["effort"];
        format!("{} {} {effort}", place.rsplit('/').next().unwrap(), body["model"])
    };
    expect![[r#"
        messages "claude-opus-5-5" null
        messages "claude-opus-5-5" "high"
        messages "claude-haiku-4-5-20251001" null
        messages "claude-sonnet-5-5" null
        gemini-9%2F..%2F..%2Fx%3Fkey=1:generateContent null null"#]]
    .assert_eq(
        &[
            sent("anthropic", "Opus 5.5"),
            sent("anthropic", "claude-opus-5-5 (high)"),
            sent("anthropic", "claude-haiku-4-5-20251001"),
            sent("anthropic", "claude-sonnet-5-5[1m]"),
            sent("gemini", "gemini-9/../../x?key=1"),
        ]
        .join("\n"),
    );
}

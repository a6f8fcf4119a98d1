//! What looks like a secret in text that is about to leave this machine.
//!
//! Well-known forms of keys, blocks of private keys, and assignments whose name and value both look like it. What is
//! found is named by kind, file and line, never by its text.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::review::{ChangedLine, LineKind, Request};

/// Something that looks like a secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret {
    /// The file, or `the plan`, `the notes`, `the message`.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What it looks like: `a private key`.
    pub kind: &'static str,
}

/// A value in an assignment must be at least as mixed as this to be a secret, in bits a character. Words of a language
/// have some 3, random letters and digits 4 and more.
const LEAST_MIXED: f64 = 3.5;

/// Words that stand in values which are none.
const PLACEHOLDERS: &[&str] = &[
    "example",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "your",
    "xxxx",
    "dummy",
    "sample",
    "fake",
    "redacted",
    "insert",
    "replace",
    "todo",
    "foobar",
    "1234567890",
    "abcdef",
    "${",
    "{{",
    "<",
    "process.env",
];

/// The forms that are well known: what it is, and its pattern. A group in it is the part that must not be a placeholder.
const FORMS: &[(&str, &str)] = &[
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----"),
    ("a private key", r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b"),
    ("an access key of AWS", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b"),
    ("a token of GitHub", r"\bgh[pousr]_[A-Za-z0-9]{36,}"),
    ("a token of GitHub", r"\bgithub_pat_[A-Za-z0-9_]{60,}"),
    ("a token of GitLab", r"\bgl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_-]{20,}"),
    ("a key of Anthropic", r"\bsk-ant-[a-z0-9]{2,8}-[A-Za-z0-9_-]{24,}"),
    ("a key of OpenAI", r"\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]*T3BlbkFJ[A-Za-z0-9_-]{16,}"),
    ("a key of OpenAI", r"\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}"),
    ("a key of OpenRouter", r"\bsk-or-v1-[0-9a-f]{64}\b"),
    ("a key of Google", r"\bAIza[0-9A-Za-z_-]{35}"),
    ("a token of Google", r"\bya29\.[0-9A-Za-z_-]{40,}"),
    ("a key of Stripe", r"\b[sr]k_live_[0-9A-Za-z]{20,}"),
    ("a token of Slack", r"\bxox[abeprs]-[0-9A-Za-z-]{20,}"),
    (
        "a webhook of Slack",
        r"hooks\.slack\.com/services/T[0-9A-Z]{8,}/B[0-9A-Z]{8,}/[0-9A-Za-z]{20,}",
    ),
    ("a webhook of Discord", r"discord(?:app)?\.com/api/webhooks/[0-9]{17,}/[0-9A-Za-z_-]{60,}"),
    ("a token of Telegram", r"\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33}\b"),
    ("a token of npm", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a token of PyPI", r"\bpypi-AgE[A-Za-z0-9_-]{50,}"),
    ("a token of crates.io", r"\bcio[A-Za-z0-9]{32}\b"),
    ("a token of Hugging Face", r"\bhf_[A-Za-z]{34}\b"),
    ("a token of DigitalOcean", r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
    ("a key of SendGrid", r"\bSG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}"),
    ("a key of Azure", r"\bAccountKey=[A-Za-z0-9+/]{86}=="),
    ("a token of Vault", r"\bhv[sb]\.[0-9A-Za-z_-]{24,}"),
    (
        "a password in a URL",
        r"\b[a-z][a-z0-9+.-]*://[^\s:/@]+:(?P<value>[^\s:/@]{8,})@(?P<host>[^\s/:]+)",
    ),
];

/// An assignment to a name that tells of a secret.
const ASSIGNMENT: &str = r#"(?i)(?P<name>[a-z0-9_.-]*(?:passw(?:or)?d|passphrase|secret|token|api_?-?key|access_?-?key|private_?-?key|credential)[a-z0-9_-]*)["']?\s*(?::=|=>|=|:)\s*["'`](?P<value>[^"'`\s]{12,})["'`]"#;

static PATTERNS: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    let forms = FORMS.iter().chain([&("a password or key", ASSIGNMENT)]);
    let compile = |pattern| Regex::new(pattern).expect("the patterns are tested");
    forms.map(|(kind, pattern)| (*kind, compile(pattern))).collect()
});

/// Finds what looks like a secret in a text, at most one a line.
pub fn scan(path: &str, text: &str) -> Vec<Secret> {
    let lines = text.lines().zip(1..);
    let found = lines.filter_map(|(text, line)| {
        kind_of(text).map(|kind| Secret { path: path.to_owned(), line, kind })
    });
    found.collect()
}

/// Finds it in all that a review would send.
pub(super) fn secrets_in(request: &Request) -> Vec<Secret> {
    let mut secrets = Vec::new();
    for file in &request.change.files {
        let mut number = 1;
        let found = file.lines().filter_map(|line| {
            number = number_in_new(line, number);
            let kind = kind_of(&line.text)?;
            Some(Secret { path: file.path.clone(), line: number, kind })
        });
        secrets.extend(found);
    }
    let plan = request.plan.as_ref().map(|plan| plan.text.as_str());
    let others = [
        ("the plan", plan),
        ("the notes", request.notes.as_deref()),
        ("the message", request.message.as_deref()),
    ];
    for (name, text) in others {
        secrets.extend(text.into_iter().flat_map(|text| scan(name, text)));
    }
    secrets
}

/// Returns the number of a line in the new version; of a deleted one, that of the line before it.
fn number_in_new(line: &ChangedLine, before: u32) -> u32 {
    if line.kind == LineKind::Deleted { before } else { line.number }
}

fn kind_of(line: &str) -> Option<&'static str> {
    PATTERNS.iter().find_map(|(kind, pattern)| {
        let is_secret = |found: regex::Captures<'_>| {
            let whole = found.get(0).map_or("", |all| all.as_str());
            match (found.name("value"), found.name("host"), found.name("name")) {
                (Some(value), Some(host), _) => is_password(value.as_str(), host.as_str()),
                (Some(value), None, _) => {
                    is_mixed(value.as_str()) && !is_placeholder(value.as_str())
                }
                (None, ..) => !is_placeholder(whole),
            }
        };
        pattern.captures_iter(line).any(is_secret).then_some(*kind)
    })
}

/// Says whether a text shows that it stands for something else.
fn is_placeholder(text: &str) -> bool {
    let text = text.to_lowercase();
    let is_one_letter = text.chars().skip(8).collect::<std::collections::HashSet<_>>().len() <= 2;
    is_one_letter && text.len() > 12 || PLACEHOLDERS.iter().any(|word| text.contains(word))
}

/// Says whether a password in a URL is one: that of a database on this machine is not.
fn is_password(password: &str, host: &str) -> bool {
    let is_here = ["localhost", "127.0.0.1", "0.0.0.0", "[::1]"].contains(&host);
    let top = host.rsplit('.').next().unwrap_or(host);
    let is_shown = host.ends_with("example.com") || top == "test" || top == host;
    let is_variable = password.starts_with(['$', '%', '{', '<']);
    !is_here && !is_shown && !is_variable && !is_placeholder(password) && password != "password"
}

/// Says whether a value looks random: letters and digits, and as mixed as no word is.
fn is_mixed(value: &str) -> bool {
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    let has_letter = value.contains(|c: char| c.is_ascii_alphabetic());
    // Paths, URLs, calls and names with dots are no secrets.
    let is_code = value.contains("://")
        || value.contains(['(', ')', '[', ']', ';', '/', '\\']) && !is_base64(value);
    has_digit && has_letter && !is_code && bits(value) >= LEAST_MIXED
}

fn is_base64(value: &str) -> bool {
    value.len() >= 24 && value.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c))
}

/// Returns the entropy of a text in bits a character.
#[expect(clippy::cast_precision_loss, reason = "a line has few characters")]
fn bits(text: &str) -> f64 {
    let mut counts = HashMap::<char, usize>::new();
    text.chars().for_each(|c| *counts.entry(c).or_default() += 1);
    let length = text.chars().count().max(1) as f64;
    let share = |count: &usize| *count as f64 / length;
    -counts.values().map(|count| share(count) * libm::log2(share(count))).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty-six random letters and digits. The keys are put together here, so that no scanner takes this file for one.
    const RANDOM: &str = "q7Zp2LxV9bTnK4sWcY8mRdH3fJg6uEa1QoPi";

    fn kind(line: &str) -> &'static str {
        kind_of(line).unwrap_or("-")
    }

    #[test]
    fn well_known_keys_are_found() {
        let upper = "Q7ZP2LXV5BTNK4SW";
        for (line, expected) in [
            (format!("-----BEGIN {} KEY-----", "RSA PRIVATE"), "a private key"),
            (format!("-----BEGIN PGP {} BLOCK-----", "PRIVATE KEY"), "a private key"),
            (format!("aws = AKIA{upper}"), "an access key of AWS"),
            (format!("url = https://x:gh{}_{RANDOM}@github.com/a/b", 'p'), "a token of GitHub"),
            (format!("key: sk-{}-api03-{RANDOM}", "ant"), "a key of Anthropic"),
            (format!("sk-{}-{RANDOM}{RANDOM}", "proj"), "a key of OpenAI"),
            (format!("AI{}{}", "za", &RANDOM[..35]), "a key of Google"),
            (format!("xox{}-{RANDOM}", 'b'), "a token of Slack"),
            (format!("//registry/:_authToken=npm{}{RANDOM}", '_'), "a token of npm"),
            (
                format!("DATABASE_URL=postgres://app:{}@db.acme.io/app", &RANDOM[..12]),
                "a password in a URL",
            ),
        ] {
            assert_eq!(kind(&line), expected, "{line}");
        }
    }

    #[test]
    fn an_assignment_needs_a_telling_name_and_a_random_value() {
        let value = &RANDOM[..20];
        assert_eq!(kind(&format!("const API_KEY = \"{value}\";")), "a password or key");
        assert_eq!(kind(&format!("  \"clientSecret\": '{value}',")), "a password or key");
        assert_eq!(kind(&format!("db.password := `{value}`")), "a password or key");
        assert_eq!(kind(&format!("const COLOUR = \"{value}\";")), "-");
    }

    #[test]
    fn what_only_reads_like_a_secret_is_none() {
        for line in [
            "const TOKEN_HEADER: &str = \"x-csrf-token-header\";",
            "let token = read_token(\"config/token.json\");",
            "password = os.environ[\"DATABASE_PASSWORD\"]",
            "API_KEY=\"your-api-key-goes-here-1234\"",
            "secret: \"${SECRET_KEY_1}\"",
            "AKIAIOSFODNN7EXAMPLE",
            "postgres://postgres:postgres@localhost:5432/app",
            "postgres://user:${PASSWORD_1}@db.acme.io/app",
            "https://user:password@example.com/",
            "-----BEGIN PUBLIC KEY-----",
            "password_label = \"Enter password 2 times\"",
            "\"integrity\": \"sha512-abc\"",
            "token_kind = \"refresh_token_v2\"",
            "sk-learn-is-a-library-for-machine-learning-in-python",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ] {
            assert_eq!(kind(line), "-", "{line}");
        }
    }

    #[test]
    fn a_secret_is_named_by_its_line_and_never_by_its_text() {
        let text = format!("a\nnpm{}{RANDOM}\n", '_');
        let found = scan(".npmrc", &text);
        assert_eq!(found, [Secret { path: ".npmrc".to_owned(), line: 2, kind: "a token of npm" }]);
    }
}

//! Our reading of trailers against the Git that is installed.
#![expect(clippy::disallowed_types, reason = "this test starts `git` itself, to compare with it")]

use std::io::Write;
use std::process::{Command, Stdio};

use git_model::provenance::{Cleanup, CleanupRules, MessageFile, parse_trailers};

const SCISSORS: &str = "# ------------------------ >8 ------------------------\n";

/// Runs `git` with no configuration but what Git is built with.
fn git(args: &[&str], input: &str) -> String {
    let nowhere = env!("CARGO_TARGET_TMPDIR");
    let mut child = Command::new("git")
        .args(args)
        .current_dir(nowhere)
        .env("HOME", nowhere)
        .env("XDG_CONFIG_HOME", nowhere)
        .env("GIT_CEILING_DIRECTORIES", nowhere)
        .env("GIT_DIR", format!("{nowhere}/no-repository"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_CONFIG_COUNT")
        .env_remove("GIT_CONFIG_PARAMETERS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git is installed");
    child.stdin.take().expect("stdin is piped").write_all(input.as_bytes()).expect("git reads");
    let output = child.wait_with_output().expect("git ends");
    assert!(output.status.success(), "git {args:?} failed on {input:?}");
    String::from_utf8(output.stdout).expect("git prints UTF-8")
}

fn git_trailers(message: &str) -> String {
    git(&["interpret-trailers", "--parse", "--no-divider"], message)
}

fn our_trailers(message: &str) -> String {
    let lines = parse_trailers(message)
        .into_iter()
        .map(|trailer| trailer.key + ": " + &trailer.value + "\n");
    lines.collect()
}

const MESSAGES: &[&str] = &[
    "",
    "\n",
    "\n\n\n",
    "fix",
    "fix: thing",
    "fix: thing\nA: b\n",
    "fix\nA: b\n",
    "fix\n\nA: b",
    "fix\n\nA: b\n",
    "\nfix: thing\n",
    "\n\nA: b\n",
    "# note\n\nA: b\n",
    "# note\nfix\n\nA: b\n",
    "fix\n \t\nA: b\n",
    "fix\n\nA: b\n\n\n",
    "fix\n\nA: b\n \n\t\n",
    "fix\n\nA: b\n\n \n\n",
    "fix\n\nA: b\n\nC: d\n",
    "fix\n\nbody\nA: b\n",
    "fix\n\nA: b\nbody\n",
    "fix\n\nA: b\n  more\n\tand more\nC: d\n",
    "fix\n\nA: b  \n  more  \n",
    "fix\n\nA:\n  b\n",
    "fix\n\nA:\n",
    "fix\n\nA: \nB:c\nC : d\nD\t :\te\n",
    "fix\n\n  more\nA: b\n",
    "fix\n\nbody\n  more\nSigned-off-by: a\n",
    "fix\n\n  more\n",
    "fix\n\nSigned-off-by: a\none\n",
    "fix\n\none\ntwo\nthree\nSigned-off-by: a\n",
    "fix\n\none\ntwo\nthree\nfour\nSigned-off-by: a\n",
    "fix\n\none\n two\n three\n four\nSigned-off-by: a\n",
    "fix\n\none\ntwo\nSigned-off-by: a\n three\n four\n five\n six\n",
    "fix\n\nSigned-off-by:a\none\n",
    "fix\n\nsigned-off-by: a\none\n",
    "fix\n\n(cherry picked from commit 1)\n",
    "fix\n\none\n(cherry picked from commit 1)\nA: b\n",
    "fix\n\nA: b\n(cherry picked from commit 1)\n  more\nC: d\n",
    "fix\n\nsee http://a.b/c\nhttp://d.e/f\n",
    "fix\n\nhttp://d.e/f\n",
    "fix\n\ntwo words: b\n",
    "fix\n\nA_b: c\n",
    "fix\n\n-: c\n--a: d\n",
    "fix\n\n: c\n",
    "fix\n\nA: b: c\n",
    "fix\n\nA=b\n",
    "fix\n\nBug #43\nA: b\n",
    "fix\n\n\u{e4}: b\nA: b\n",
    "fix\n\nA: \u{e4}\u{1f916}\u{a0}\n",
    "fix\n\nA: b\n# note\n",
    "fix\n\nA: b\n# note\nC: d\n",
    "fix\n\nA: b\n# note\n  more\nC: d\n",
    "fix\n\nA: b\n  more\n# note\n  more\nSigned-off-by: a\n",
    "fix\n\nA: b\n\n# note\n\n# note\n",
    "fix\n\nA: b\n\n# note\n\nbody\n",
    "fix\n\n# C: d\nA: b\n",
    "fix\n\nA: b\n\nConflicts:\n\tone\n\ttwo\n",
    "fix\n\nA: b\n\nConflicts:\n\tone\n\ntext\n",
    "fix\n\nA: b\nConflicts:\n\tone\n",
    "fix\n\nA: b\n\nConflicts: \n\tone\n",
    "Conflicts:\n\tone\n",
    "fix\n\nA: b\n---\n",
    "fix\n\nA: b\n---\nC: d\n",
    "fix\n\n---\n\nA: b\n",
    "fix\n\nA: b\n# ------------------------ >8 ------------------------\nC: d\n",
    "# ------------------------ >8 ------------------------\nfix\n\nC: d\n",
    "fix\n\nA: b\n ------------------------ >8 ------------------------\n",
    "fix\r\n\r\nA: b\r\n",
    "fix\r\n\r\nA: b\r\n  more\r\nC: d\r\n\r\n",
    "fix\r\n\r\nA: b\r\n\r\n# note\r\n",
    "fix\n\nA: b\n\u{c}\n",
    "fix\n\n\u{c}\nA: b\n",
    "fix\n\nA: b\u{b}\n",
    "fix\n\nModel: Opus 5.5 (architecture)\nModel: Sonnet 5.5 (implementation)\n",
];

#[test]
fn parsed_trailers_are_those_of_interpret_trailers() {
    for message in MESSAGES {
        assert_eq!(our_trailers(message), git_trailers(message), "{message:?}");
    }
}

#[test]
fn git_reads_the_trailers_that_we_add() {
    let ours = "Model: Opus 5.5 (review)";
    let modes = [
        (Cleanup::Strip, &["stripspace", "--strip-comments"][..]),
        (Cleanup::Whitespace, &["stripspace"][..]),
        (Cleanup::Scissors, &["stripspace"][..]),
        (Cleanup::Verbatim, &[][..]),
    ];
    let tails = ["", "\n# Please enter a message.\n#\n", SCISSORS];
    for (mode, stripspace) in modes {
        let rules = CleanupRules { mode, ..CleanupRules::default() };
        for message in MESSAGES {
            for tail in tails {
                let before = format!("{message}{tail}");
                let file = MessageFile::new(&before, &rules);
                let after = file.with_trailers(&[ours.to_owned()], &[]);
                let cleaned = MessageFile::new(&after, &rules).cleaned();
                if !stripspace.is_empty() {
                    let until_cut = cut(&after);
                    assert_eq!(cleaned, git(stripspace, until_cut), "{mode:?} {after:?}");
                }
                if after == before {
                    assert!(is_without_text(&file.cleaned()), "{mode:?} {before:?}");
                    continue;
                }
                let trailers = git_trailers(&cleaned);
                assert!(trailers.lines().any(|line| line == ours), "{mode:?} {after:?}");
                let taken = MessageFile::new(&after, &rules).with_trailers(&[], &[ours.to_owned()]);
                assert_eq!(taken, before, "{mode:?} {after:?}");
            }
        }
    }
}

/// What Git keeps of a message file before it cleans it.
fn cut(text: &str) -> &str {
    match text.find(&format!("\n{SCISSORS}")) {
        _ if text.starts_with(SCISSORS) => "",
        Some(place) => &text[..=place],
        None => text,
    }
}

fn is_without_text(cleaned: &str) -> bool {
    cleaned.lines().all(|line| line.trim().is_empty() || line.starts_with("Signed-off-by: "))
}

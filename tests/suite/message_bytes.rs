//! The bytes of a message: line endings, encodings, length.

use expect_test::expect;

use crate::message_text::each_way;
use crate::sandbox::Sandbox;

#[test]
fn line_endings_stay_as_they_are() {
    let ways: &[&[&str]] = &[
        &["commit", "-q", "-F", "message"],
        &["commit", "-q", "-F", "message", "-e"],
        &["commit", "-q", "-F", "message", "--cleanup=verbatim"],
    ];
    expect![[r#"
        $ git commit -q -F message
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message -e
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message --cleanup=verbatim
        | subject\r\n
        | \r\n
        | body\r\n
        | \r\n
        | Model: Opus 5.5 (implementation)\r\n
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&each_way("subject\r\n\r\nbody\r\n", ":", ways));
    expect![[r#"
        $ git commit -q -F message
        | subject\n
        | \n
        | Acked-by: Ada\n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message -e
        | subject\n
        | \n
        | Acked-by: Ada\n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message --cleanup=verbatim
        | subject\r\n
        | \r\n
        | Acked-by: Ada\r\n
        | Model: Opus 5.5 (implementation)\r\n
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&each_way("subject\r\n\r\nAcked-by: Ada\r\n", ":", ways));
    expect![[r#"
        $ git commit -q -F message
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message -e
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message --cleanup=verbatim
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&each_way("subject\n\nbody", ":", ways));
    expect![[r#"
        $ git commit -q -F message
        | subject\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message -e
        | subject\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message --cleanup=verbatim
        | subject\n
        | \n
        | Model: Opus 5.5 (implementation)
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&each_way("subject", ":", ways));
}

#[test]
fn a_message_in_latin_1_keeps_every_byte() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["config", "i18n.commitEncoding", "ISO-8859-1"]);
    sandbox.write("message", b"gr\xfc\xdfe\n\n\xe4rger\n");
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    let invocation = sandbox.here().env("GIT_MODEL", "claude-opus-5-5");
    invocation.ok(&["commit", "-q", "-F", "message"]);
    expect![[r#"
        | gr��e
        |
        | �rger
        |
        | Model: Opus 5.5 (implementation)
        commit
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
    invocation.ok(&["commit", "-q", "--amend", "--no-edit"]);
    expect![[r#"
        | gr��e
        |
        | �rger
        |
        | Model: Opus 5.5 (implementation)
        amend <2>
        Opus 5.5 (implementation) declared +1 -0
        f.txt
          Opus 5.5: four
    "#]]
    .assert_eq(&sandbox.drawn("HEAD"));
}

#[test]
fn a_long_message_is_carried_whole() {
    let sandbox = Sandbox::with_base();
    let message = format!("subject\n\n{}", "a line of words\n".repeat(20_000));
    sandbox.write("message", &message);
    sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
    sandbox.here().env("GIT_MODEL", "claude-opus-5-5").ok(&["commit", "-q", "-F", "message"]);
    assert_eq!(sandbox.message("HEAD"), message + "\nModel: Opus 5.5 (implementation)\n");
}

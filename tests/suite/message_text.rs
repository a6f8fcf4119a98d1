//! What stands in a message besides words: comments, scissors, dashes.

use expect_test::expect;

use crate::sandbox::Sandbox;

const WRITES_SUBJECT: &str = "sed -i '1s/^/subject/' \"$1\"";

/// Commits one more line by Opus with a message file of this content, in each way.
pub(crate) fn each_way(message: &str, editor: &str, ways: &[&[&str]]) -> String {
    let mut drawn = String::new();
    for way in ways {
        let sandbox = Sandbox::with_base();
        sandbox.write("message", message);
        sandbox.stage("f.txt", "one\ntwo\nthree\nfour\n");
        let invocation = sandbox.here().env("GIT_MODEL", "claude-opus-5-5").editor(editor);
        let output = invocation.git(way);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{way:?}");
        drawn += &format!("$ git {}\n", way.join(" "));
        for line in sandbox.message("HEAD").split_inclusive('\n') {
            drawn += &format!("| {}\n", line.escape_debug());
        }
        drawn += &format!("Git reads {:?}\n", sandbox.trailers("HEAD"));
        assert_eq!(sandbox.origins("HEAD", "f.txt"), ["Opus 5.5: four"], "{way:?}");
    }
    drawn
}

#[test]
fn every_cleanup_leaves_a_trailer_that_git_reads() {
    let message = "subject\n\n# heading\nbody\n\n\n# end\n";
    let drawn = each_way(
        message,
        ":",
        &[
            &["commit", "-q", "-F", "message"],
            &["commit", "-q", "-F", "message", "-e"],
            &["commit", "-q", "-F", "message", "--cleanup=strip"],
            &["commit", "-q", "-F", "message", "--cleanup=whitespace"],
            &["commit", "-q", "-F", "message", "--cleanup=verbatim"],
            &["commit", "-q", "-F", "message", "--cleanup=scissors"],
            &["commit", "-q", "-F", "message", "-e", "--cleanup=scissors"],
            &["commit", "-q", "-F", "message", "-e", "--cleanup=verbatim"],
            &["-c", "commit.cleanup=verbatim", "commit", "-q", "-F", "message"],
            &["-c", "commit.cleanup=strip", "commit", "-q", "-F", "message", "--no-verify"],
        ],
    );
    expect![[r#"
        $ git commit -q -F message
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | # end\n
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
        $ git commit -q -F message --cleanup=strip
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message --cleanup=whitespace
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | # end\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message --cleanup=verbatim
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | \n
        | # end\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message --cleanup=scissors
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | # end\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message -e --cleanup=scissors
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | # end\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message -e --cleanup=verbatim
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | \n
        | # end\n
        | \n
        | # Please enter the commit message for your changes. Lines starting\n
        | # with \'#\' will be kept; you may remove them yourself if you want to.\n
        | # An empty message aborts the commit.\n
        | #\n
        | # Author:    Ada Author <ada@example.org>\n
        | #\n
        | # On branch main\n
        | # Changes to be committed:\n
        | #\tmodified:   f.txt\n
        | #\n
        | # Untracked files:\n
        | #\tmessage\n
        | #\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git -c commit.cleanup=verbatim commit -q -F message
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | \n
        | # end\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git -c commit.cleanup=strip commit -q -F message --no-verify
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn what_stands_below_the_scissors_never_counts() {
    let cut = "# ------------------------ >8 ------------------------";
    let message = format!("subject\n\nbody\n{cut}\nModel: Haiku 4.5 (review)\n+x\n");
    let drawn = each_way(
        &message,
        ":",
        &[
            &["commit", "-q", "-F", "message", "-e", "--cleanup=scissors"],
            &["commit", "-q", "-F", "message", "-e", "-v"],
            &["commit", "-q", "-F", "message", "-v", "--cleanup=verbatim", "-e"],
        ],
    );
    expect![[r#"
        $ git commit -q -F message -e --cleanup=scissors
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message -e -v
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message -v --cleanup=verbatim -e
        | subject\n
        | \n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&drawn);
    let drawn = each_way("", WRITES_SUBJECT, &[&["commit", "-q", "--cleanup=scissors"]]);
    expect![[r#"
        $ git commit -q --cleanup=scissors
        | subject\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn another_comment_character_is_known() {
    let message = "subject\n\n# heading\n; aside\nbody\n";
    let drawn = each_way(
        message,
        ":",
        &[
            &["-c", "core.commentChar=;", "commit", "-q", "-F", "message", "-e"],
            &["-c", "core.commentChar=;", "commit", "-q", "-F", "message", "-e", "-v"],
            &["-c", "core.commentChar=auto", "commit", "-q", "-F", "message", "-e"],
            &["-c", "core.commentChar=auto", "commit", "-q", "-F", "message", "-e", "-v"],
            &["-c", "core.commentChar=auto", "commit", "-q", "-F", "message"],
        ],
    );
    expect![[r#"
        $ git -c core.commentChar=; commit -q -F message -e
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git -c core.commentChar=; commit -q -F message -e -v
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git -c core.commentChar=auto commit -q -F message -e
        | subject\n
        | \n
        | # heading\n
        | ; aside\n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git -c core.commentChar=auto commit -q -F message -e -v
        | subject\n
        | \n
        | # heading\n
        | ; aside\n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git -c core.commentChar=auto commit -q -F message
        | subject\n
        | \n
        | # heading\n
        | ; aside\n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&drawn);
    let drawn = each_way(
        "",
        WRITES_SUBJECT,
        &[
            &["-c", "core.commentChar=;", "commit", "-q", "-v"],
            &["-c", "core.commentChar=auto", "commit", "-q"],
            &["-c", "core.commentChar=auto", "commit", "-q", "-v"],
        ],
    );
    expect![[r#"
        $ git -c core.commentChar=; commit -q -v
        | subject\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git -c core.commentChar=auto commit -q
        | subject\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git -c core.commentChar=auto commit -q -v
        | subject\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn a_comment_string_of_two_characters_is_known() {
    if Sandbox::without_hooks().git_version() < (2, 45) {
        return; // core.commentString is new in Git 2.45.
    }
    let drawn = each_way(
        "subject\n\n# heading\n// aside\nbody\n",
        ":",
        &[
            &["-c", "core.commentString=//", "commit", "-q", "-F", "message", "-e"],
            &["-c", "core.commentString=//", "commit", "-q", "-F", "message", "-e", "-v"],
        ],
    );
    expect![[r#"
        $ git -c core.commentString=// commit -q -F message -e
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git -c core.commentString=// commit -q -F message -e -v
        | subject\n
        | \n
        | # heading\n
        | body\n
        | \n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&drawn);
}

#[test]
fn three_dashes_in_the_body_are_text() {
    let message = "subject\n\nabove\n---\nbelow: text\n\nSigned-off-by: Ada <ada@example.org>\n";
    let drawn = each_way(
        message,
        ":",
        &[&["commit", "-q", "-F", "message"], &["commit", "-q", "-F", "message", "-e"]],
    );
    expect![[r#"
        $ git commit -q -F message
        | subject\n
        | \n
        | above\n
        | ---\n
        | below: text\n
        | \n
        | Signed-off-by: Ada <ada@example.org>\n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
        $ git commit -q -F message -e
        | subject\n
        | \n
        | above\n
        | ---\n
        | below: text\n
        | \n
        | Signed-off-by: Ada <ada@example.org>\n
        | Model: Opus 5.5 (implementation)\n
        Git reads ["Opus 5.5 (implementation)"]
    "#]]
    .assert_eq(&drawn);
}

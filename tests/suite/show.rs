//! `git model show`: all that is known of one commit, and its patch by origin.

use expect_test::expect;

use crate::sandbox::{Sandbox, check};

const OPUS: &str = "claude-opus-5-5";

/// Makes a commit that changes two files and a binary, with a note of several models by hand.
fn with_note() -> Sandbox {
    let sandbox = Sandbox::with_base();
    sandbox.commit("g.txt", "a\nb\n", "more");
    sandbox.write("b.bin", b"\0\x01\x02");
    sandbox.write("g.txt", "a\nB\n\x1b[2Jc\n");
    sandbox.write("f.txt", "one\n\tnew\ntwo\n++ x\nend\n");
    sandbox.ok(&["add", "."]);
    sandbox.ok(&[
        "commit",
        "-q",
        "-m",
        "work",
        "-m",
        "Co-Authored-By: Claude <noreply@anthropic.com>",
    ]);
    sandbox.learn("HEAD");
    let part = |fields: &str, added: u32| {
        format!(r#"{{{fields},"lines":{{"added":{added},"deleted":0}}}}"#)
    };
    let observed = r#""kind":"model","grade":"observed","agent":"claude-code","session":"5e55-10""#;
    let parts = [
        part(
            &format!(
                r#"{observed},"model":"claude-opus-5-5","phase":"architecture","requested":"claude-fable-5-2""#
            ),
            0,
        ),
        part(&format!(r#"{observed},"model":"claude-sonnet-5-5","phase":"implementation""#), 2),
        part(
            r#""kind":"model","grade":"declared","model":"gpt-6.1-codex","phase":"implementation""#,
            1,
        ),
        part(r#""kind":"human","grade":"declared""#, 1),
    ];
    let file = |path: &str, ranges: &[(u32, u32)]| {
        let conversations = ranges.iter().map(|(place, line)| {
            format!(
                r#"{{"url":"urn:git-model:contribution:{place}","ranges":[{{"start_line":{line},"end_line":{line}}}]}}"#
            )
        });
        let conversations = conversations.collect::<Vec<_>>().join(",");
        format!(r#"{{"path":"{path}","conversations":[{conversations}]}}"#)
    };
    let files = [file("f.txt", &[(1, 2), (2, 4)]), file("g.txt", &[(1, 2), (3, 3)])];
    let note = format!(
        r#"{{"version":"0.1.0","vcs":{{"type":"git","revision":"{}"}},"files":[{}],
        "metadata":{{"git-model":{{"schema":"1.0","contributions":[{}],"unknown":{{"added":1,"deleted":2}}}}}}}}"#,
        sandbox.id("HEAD"),
        files.join(","),
        parts.join(",")
    );
    sandbox.here().input(note).ok(&["notes", "--ref=model", "add", "-f", "-F", "-"]);
    sandbox
}

#[test]
fn agents_sessions_and_who_answered_in_place_of_another_are_told() {
    let sandbox = with_note();
    check(
        &sandbox.model(&["show"]),
        &expect![[r#"
        <3> work

        Author  Ada Author <ada@example.org>
        Date    <time>

        Who            Phase           Known as  added  deleted
        Opus 5.5       architecture    observed      -        -
        Sonnet 5.5     implementation  observed      2        -
        GPT-6.1 Codex  implementation  declared      1        -
        human          -               declared      1        -
        unknown        -               -             1        2

        File   Who            Phase           Known as  added
        f.txt  Sonnet 5.5     implementation  observed      1
               GPT-6.1 Codex  implementation  declared      1
               unknown        -               -             1
        g.txt  Sonnet 5.5     implementation  observed      1
               human          -               declared      1

        Record    by a hook, at the commit
        Agents    claude-code, session 5e55-10: Opus 5.5 (architecture)
                  claude-code, session 5e55-10: Sonnet 5.5 (implementation)
        Asked     Fable 5.2 was asked, Opus 5.5 (architecture) answered
        Evidence  message, line 3: Co-Authored-By: Claude <noreply@anthropic.com>
        Lines     f.txt: 2 Sonnet 5.5; 4 GPT-6.1 Codex
                  g.txt: 2 Sonnet 5.5; 3 human
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["show", "--format", "json"]),
        &expect![[r#"
        {"schema":"git-model/show/1","commit":"<3>","author":"Ada Author <ada@example.org>","date":"<time>","subject":"work","recorded":true,"recorder":"hook","operation":"commit","sources":[],"parts":[{"origin":{"kind":"model","model":"claude-opus-5-5","name":"Opus 5.5","phase":"architecture","agent":"claude-code","grade":"observed"},"requested":"claude-fable-5-2","session":"5e55-10","lines":{"added":0,"deleted":0}},{"origin":{"kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5","phase":"implementation","agent":"claude-code","grade":"observed"},"session":"5e55-10","lines":{"added":2,"deleted":0}},{"origin":{"kind":"model","model":"gpt-6.1-codex","name":"GPT-6.1 Codex","phase":"implementation","grade":"declared"},"lines":{"added":1,"deleted":0}},{"origin":{"kind":"human"},"lines":{"added":1,"deleted":0}}],"unknown":{"added":1,"deleted":2},"trailers":[],"files":[{"path":"f.txt","ranges":[{"start":2,"end":2,"origin":{"kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5","phase":"implementation","agent":"claude-code","grade":"observed"}},{"start":4,"end":4,"origin":{"kind":"model","model":"gpt-6.1-codex","name":"GPT-6.1 Codex","phase":"implementation","grade":"declared"}}]},{"path":"g.txt","ranges":[{"start":2,"end":2,"origin":{"kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5","phase":"implementation","agent":"claude-code","grade":"observed"}},{"start":3,"end":3,"origin":{"kind":"human"}}]}],"lines":[{"path":"f.txt","origins":[{"origin":{"kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5","phase":"implementation","agent":"claude-code","grade":"observed"},"basis":"line","lines":1},{"origin":{"kind":"model","model":"gpt-6.1-codex","name":"GPT-6.1 Codex","phase":"implementation","grade":"declared"},"basis":"line","lines":1},{"origin":{"kind":"unknown"},"basis":"none","lines":1}]},{"path":"g.txt","origins":[{"origin":{"kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5","phase":"implementation","agent":"claude-code","grade":"observed"},"basis":"line","lines":1},{"origin":{"kind":"human"},"basis":"line","lines":1}]}],"notes":[],"marks":[{"kind":"co-author","text":"Co-Authored-By: Claude <noreply@anthropic.com>","line":3,"tool":"claude-code","grade":"inferred"}],"mismatches":[]}
        exit 0
    "#]],
    );
}

#[test]
fn each_added_line_of_a_patch_has_the_sign_of_its_origin() {
    let sandbox = with_note();
    // Neither the user's taste in patches nor a filter may change what is parsed.
    sandbox.ok(&["config", "diff.noprefix", "true"]);
    sandbox.ok(&["config", "diff.external", "false"]);
    sandbox.ok(&["config", "color.ui", "always"]);
    let output = sandbox.model(&["show", "-p"]);
    let (_, patch) = output.stdout.split_once("\n\nA  ").expect("a legend");
    expect![[r#"
        Sonnet 5.5 (implementation), observed
        B  GPT-6.1 Codex (implementation), declared
        h  human, declared
        ?  unknown

          diff --git a/b.bin b/b.bin
          new file mode 100644
          index 0000000..8352675
          Binary files /dev/null and b/b.bin differ
          diff --git a/f.txt b/f.txt
          index <4>..<5> 100644
          --- a/f.txt
          +++ b/f.txt
          @@ -1,3 +1,5 @@
           one
        A +       new
           two
          -three
        B +++ x
        ? +end
          diff --git a/g.txt b/g.txt
          index <6>..<7> 100644
          --- a/g.txt
          +++ b/g.txt
          @@ -1,2 +1,3 @@
           a
          -b
        A +B
        h +^[[2Jc
    "#]]
    .assert_eq(patch);
}

#[test]
fn a_patch_is_coloured_on_a_terminal() {
    let sandbox = Sandbox::new();
    sandbox.commit_by(OPUS, "f.txt", "one\n", "first");
    let here = sandbox.here().env("TERM", "xterm").env("GIT_PAGER", "sed 's/^/> /'");
    let output = here.run("script", &["-qec", "git model show --patch", "/dev/null"]);
    let shown = output.stdout.replace("\r\n", "\n").replace('\u{1b}', "ESC");
    let (_, patch) = shown.split_once("> \n> ESC[36mA").expect("a legend in colour");
    expect![[r#"
          Opus 5.5 (implementation), declaredESC[m
        > ESC[2m?  unknownESC[m
        > 
        > ESC[1m  diff --git a/f.txt b/f.txtESC[m
        > ESC[1m  new file mode 100644ESC[m
        > ESC[1m  index 0000000..<2>ESC[m
        > ESC[1m  --- /dev/nullESC[m
        > ESC[1m  +++ b/f.txtESC[m
        > ESC[1m  @@ -0,0 +1 @@ESC[m
        > ESC[36mA +oneESC[m
    "#]]
    .assert_eq(patch);
}

#[test]
fn without_a_record_the_patch_says_what_is_known_of_the_whole_commit() {
    let sandbox = Sandbox::without_hooks();
    sandbox.commit("f.txt", "one\n", "x\n\nModel: Opus 5.5 (implementation)");
    sandbox.ok(&["mv", "f.txt", "a b\t.txt"]);
    sandbox.write("a b\t.txt", "one\n\ntwo");
    sandbox.ok(&["add", "."]);
    sandbox.write("c.txt", "");
    sandbox.commit("c.txt", "three\n", "y\n\nModel: Sonnet 5.5 (implementation)");
    check(
        &sandbox.model(&["show", "--patch"]),
        &expect![[r#"
            <2> y

            Author  Ada Author <ada@example.org>
            Date    <time>

            Who         Phase           Known as  added  deleted
            Sonnet 5.5  implementation  declared      -        -

            File      Who         Phase           Known as   added
            a b .txt  Sonnet 5.5  implementation  declared*      2
            c.txt     Sonnet 5.5  implementation  declared*      1
            (* known of the whole commit, not line by line)

            Record    none; the trailers say it
            Evidence  message, line 3: Model: Sonnet 5.5 (implementation)

            A  Sonnet 5.5 (implementation), declared*
            (* known of the whole commit, not line by line)

              diff --git a/f.txt "b/a b\t.txt"
              similarity index 50%
              rename from f.txt
              rename to "a b\t.txt"
              index <3>..<4> 100644
              --- a/f.txt
              +++ "b/a b\t.txt"       
              @@ -1 +1,3 @@
               one
            A +
            A +two
              \ No newline at end of file
              diff --git a/c.txt b/c.txt
              new file mode 100644
              index 0000000..<5>
              --- /dev/null
              +++ b/c.txt
              @@ -0,0 +1 @@
            A +three
            exit 0
        "#]],
    );
}

#[test]
fn a_merge_and_a_document_have_no_patch() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by(OPUS, "g.txt", "x\n", "topic");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit("h.txt", "y\n", "main");
    sandbox.ok(&["merge", "-q", "--no-edit", "topic"]);
    sandbox.learn("HEAD");
    check(
        &sandbox.model(&["show", "-p"]),
        &expect![[r#"
            <4> Merge branch 'topic'

            Author  Ada Author <ada@example.org>
            Date    <time>

            Who      Phase  Known as  added  deleted
            unknown  -      -             -        -

            Record  by a hook, at the commit

            (a merge has a patch for each parent: git show -m <4>)
            exit 0
        "#]],
    );
    check(
        &sandbox.model(&["show", "-p", "--format=json"]),
        &expect![[r#"
        error: a patch is not printed as json
        hint: leave out --patch: the lines of each file are in the document
        exit 2
    "#]],
    );
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_failure() {
    let sandbox = Sandbox::new();
    sandbox.commit_by(OPUS, "f.txt", &"a line\n".repeat(100_000), "x");
    let command = "set -o pipefail; git model show -p | head -c 1000 | wc -c; git model blame f.txt | head -n 1";
    let output = sandbox.here().run("bash", &["-c", command]);
    assert_eq!(
        (output.code, output.stderr.as_str(), output.stdout.lines().next()),
        (0, "", Some("1000"))
    );
}

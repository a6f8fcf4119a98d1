//! `git model blame`: whose each line of a file is.

use std::fs;

use expect_test::expect;

use crate::sandbox::{Sandbox, check};

const OPUS: &str = "claude-opus-5-5";
const SONNET: &str = "claude-sonnet-5-5";

/// What a note says of one contributor: the contribution as JSON, and its ranges in a file.
type NotedPart<'a> = (&'a str, &'a [(u32, u32)]);

/// Writes the note of a commit by hand.
fn observe(sandbox: &Sandbox, revision: &str, path: &str, parts: &[NotedPart<'_>]) {
    let conversation = |(place, (_, ranges)): (usize, &NotedPart<'_>)| {
        let ranges = ranges
            .iter()
            .map(|(start, end)| format!(r#"{{"start_line":{start},"end_line":{end}}}"#));
        format!(
            r#"{{"url":"urn:git-model:contribution:{place}","ranges":[{}]}}"#,
            ranges.collect::<Vec<_>>().join(",")
        )
    };
    let conversations = parts.iter().enumerate().map(conversation).collect::<Vec<_>>().join(",");
    let contributions = parts.iter().map(|(part, _)| *part).collect::<Vec<_>>().join(",");
    let note = format!(
        r#"{{"version":"0.1.0","vcs":{{"type":"git","revision":"{}"}},
        "files":[{{"path":"{path}","conversations":[{conversations}]}}],
        "metadata":{{"git-model":{{"schema":"1.0","contributions":[{contributions}]}}}}}}"#,
        sandbox.id(revision)
    );
    sandbox.here().input(note).ok(&["notes", "--ref=model", "add", "-f", "-F", "-", revision]);
}

const OBSERVED_SONNET: &str = r#"{"kind":"model","model":"claude-sonnet-5-5","phase":"implementation",
    "agent":"claude-code","grade":"observed","lines":{"added":2,"deleted":0}}"#;
const OBSERVED_CODEX: &str = r#"{"kind":"model","model":"gpt-6.1-codex","agent":"codex","grade":"observed",
    "lines":{"added":1,"deleted":0}}"#;

#[test]
fn each_line_has_the_origin_that_its_commit_recorded() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by(OPUS, "f.txt", "zero\none\ntwo\nthree\n", "above");
    sandbox.commit_by(SONNET, "f.txt", "zero\none\n2\n\nthree\nfour\n", "more");
    sandbox.commit_by("human", "f.txt", "by hand\nzero\none\n2\n\nthree\nfour\n", "hand");
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
        <4> human       -               declared  1  by hand
        <2> Opus 5.5    implementation  declared  2  zero
        <1> unknown     -               -         3  one
        <3> Sonnet 5.5  implementation  declared  4  2
        <3> Sonnet 5.5  implementation  declared  5
        <1> unknown     -               -         6  three
        <3> Sonnet 5.5  implementation  declared  7  four
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["blame", "--summary", "-L", "2,+3", "HEAD~1", "--", "f.txt"]),
        &expect![[r#"
            <1> unknown     -               -         2  one
            <3> Sonnet 5.5  implementation  declared  3  2
            <3> Sonnet 5.5  implementation  declared  4

            Who         Phase           Known as  lines
            Sonnet 5.5  implementation  declared      2
            unknown     -               -             1
            exit 0
        "#]],
    );
    check(
        &sandbox.model(&["blame", "--format", "markdown", "-L2,3", "f.txt"]),
        &expect![[r#"
        | Commit | Who | Phase | Known as | Line | Text |
        | --- | --- | --- | --- | ---: | --- |
        | <2> | Opus 5.5 | implementation | declared | 2 | zero |
        | <1> | unknown | - | - | 3 | one |
        exit 0
    "#]],
    );
    let mut csv = sandbox.model(&["blame", "--format", "csv", "-L1,3", "f.txt"]);
    csv.stdout = csv.stdout.replace("\r\n", "\n");
    check(
        &csv,
        &expect![[r#"
            Commit,Who,Phase,Known as,Basis,Line,Text
            <4>,human,,declared,line,1,by hand
            <2>,Opus 5.5,implementation,declared,line,2,zero
            <1>,unknown,,,none,3,one
            exit 0
        "#]],
    );
}

#[test]
fn several_models_of_one_commit_are_told_apart_line_by_line() {
    let sandbox = Sandbox::with_base();
    sandbox.commit("f.txt", "one\na\nb\ntwo\nc\nthree\n", "x");
    observe(
        &sandbox,
        "HEAD",
        "f.txt",
        &[(OBSERVED_SONNET, &[(2, 2)]), (OBSERVED_CODEX, &[(5, 5)])],
    );
    sandbox.commit("f.txt", "new\none\na\nb\ntwo\nc\nthree\n", "y");
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
        <3> unknown        -               -         1  new
        <1> unknown        -               -         2  one
        <2> Sonnet 5.5     implementation  observed  3  a
        <2> unknown        -               -         4  b
        <1> unknown        -               -         5  two
        <2> GPT-6.1 Codex  -               observed  6  c
        <1> unknown        -               -         7  three
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["blame", "--format", "json", "-L3,6", "f.txt"]),
        &expect![[r#"
        {"schema":"git-model/blame/1","path":"f.txt","lines":[{"line":3,"commit":"<2>","original_path":"f.txt","original_line":2,"origin":{"kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5","phase":"implementation","agent":"claude-code","grade":"observed"},"basis":"line","text":"a"},{"line":4,"commit":"<2>","original_path":"f.txt","original_line":3,"origin":{"kind":"unknown"},"basis":"none","text":"b"},{"line":5,"commit":"<1>","original_path":"f.txt","original_line":2,"origin":{"kind":"unknown"},"basis":"none","text":"two"},{"line":6,"commit":"<2>","original_path":"f.txt","original_line":5,"origin":{"kind":"model","model":"gpt-6.1-codex","name":"GPT-6.1 Codex","agent":"codex","grade":"observed"},"basis":"line","text":"c"}]}
        exit 0
    "#]],
    );
    let porcelain = sandbox.model(&["blame", "--porcelain", "-L3,3", "-L6,6", "f.txt"]);
    let ours = porcelain.stdout.lines().filter(|line| line.starts_with(['o', '\t']));
    assert_eq!(
        ours.collect::<Vec<_>>(),
        [
            "origin-kind model",
            "origin-model claude-sonnet-5-5",
            "origin-name Sonnet 5.5",
            "origin-phase implementation",
            "origin-agent claude-code",
            "origin-grade observed",
            "origin-basis line",
            "\ta",
            "origin-kind model",
            "origin-model gpt-6.1-codex",
            "origin-name GPT-6.1 Codex",
            "origin-agent codex",
            "origin-grade observed",
            "origin-basis line",
            "\tc",
        ]
    );
}

#[test]
fn a_renamed_file_is_looked_up_by_the_name_it_had() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by(OPUS, "f.txt", "one\ntwo\nthree\nfour\n", "more");
    sandbox.ok(&["mv", "f.txt", "g.txt"]);
    sandbox.declare(SONNET);
    sandbox.commit("g.txt", "zero\none\ntwo\nthree\nfour\n", "rename");
    check(
        &sandbox.model(&["blame", "g.txt"]),
        &expect![[r#"
            <3> Sonnet 5.5  implementation  declared  1  zero
            <1> unknown     -               -         2  one
            <1> unknown     -               -         3  two
            <1> unknown     -               -         4  three
            <2> Opus 5.5    implementation  declared  5  four
            exit 0
        "#]],
    );
    check(
        &sandbox.model(&["blame", "--format", "json", "-L", "5", "g.txt"]),
        &expect![[r#"
        {"schema":"git-model/blame/1","path":"g.txt","lines":[{"line":5,"commit":"<2>","original_path":"f.txt","original_line":4,"origin":{"kind":"model","model":"claude-opus-5-5","name":"Opus 5.5","phase":"implementation","grade":"declared"},"basis":"line","text":"four"}]}
        exit 0
    "#]],
    );
}

#[test]
fn ranges_have_all_forms_of_git() {
    let sandbox = Sandbox::new();
    let text = "fn one() {\n    1\n}\nfn two() {\n    2\n}\n";
    sandbox.commit_by(OPUS, "f.rs", text, "x");
    sandbox.write(".gitattributes", "*.rs diff=rust\n");
    let numbers = |ranges: &[&str]| {
        let output = sandbox.model(&[&["blame", "--format=csv"], ranges, &["f.rs"]].concat());
        let column = |line: &str| line.split(',').nth(5).unwrap_or(line).to_owned();
        let rows = output.stdout.lines().skip(1).map(column).collect::<Vec<_>>();
        rows.join(" ") + &output.stderr
    };
    assert_eq!(numbers(&["-L", "2,3"]), "2 3");
    assert_eq!(numbers(&["-L5"]), "5 6");
    assert_eq!(numbers(&["-L,2"]), "1 2");
    assert_eq!(numbers(&["-L", "2,+2", "-L6,-1"]), "2 3 6");
    assert_eq!(numbers(&["-L", "/two/,/}/"]), "4 5 6");
    assert_eq!(numbers(&["-L", "1,1", "-L", "/fn/,+1"]), "1 4");
    assert_eq!(numbers(&["-L", "1,1", "-L", "^/fn/,+2"]), "1 2");
    assert_eq!(numbers(&["-L", ":two"]), "4 5 6");
}

#[test]
fn moved_copied_and_reindented_lines_are_followed_on_request() {
    let sandbox = Sandbox::new();
    let long = |word: &str| format!("{word} and so many more words that it is found again\n");
    let [a, b, c, d] = ["alpha", "beta", "gamma", "delta"].map(long);
    sandbox.commit_by(OPUS, "f.txt", &[&a[..], &b, &c, &d].concat(), "first");
    sandbox.commit_by(SONNET, "f.txt", &[&d[..], &a, &b, "  ", &c].concat(), "move and indent");
    let who = |options: &[&str], file: &str| {
        let output = sandbox.model(&[&["blame", "--format=csv"], options, &[file]].concat());
        let name = |line: &str| line.split([',', ' ']).nth(1).unwrap_or(line).to_owned();
        output.stdout.lines().skip(1).map(name).collect::<Vec<_>>().join(" ") + &output.stderr
    };
    assert_eq!(who(&[], "f.txt"), "Sonnet Opus Opus Sonnet");
    assert_eq!(who(&["-w"], "f.txt"), "Sonnet Opus Opus Opus");
    assert_eq!(who(&["-M"], "f.txt"), "Opus Opus Opus Sonnet");
    assert_eq!(who(&["-wM20"], "f.txt"), "Opus Opus Opus Opus");
    assert_eq!(who(&["-M5000"], "f.txt"), "Sonnet Opus Opus Sonnet");
    let ignored = sandbox.id("HEAD");
    assert_eq!(who(&["--ignore-rev", &ignored], "f.txt"), "Opus Opus Opus Opus");
    let list = sandbox.beside("ignored");
    fs::write(&list, format!("{ignored}\n")).unwrap();
    let list = list.display().to_string();
    assert_eq!(who(&["--ignore-revs-file", &list], "f.txt"), "Opus Opus Opus Opus");
    sandbox.ok(&["config", "blame.ignoreRevsFile", &list]);
    assert_eq!(who(&[], "f.txt"), "Opus Opus Opus Opus");
    assert_eq!(who(&["--ignore-revs-file", ""], "f.txt"), "Sonnet Opus Opus Sonnet");
    sandbox.ok(&["config", "--unset", "blame.ignoreRevsFile"]);
    sandbox.commit_by("gpt-6.1-codex", "g.txt", &[&a[..], "  ", &c].concat(), "copy");
    assert_eq!(who(&[], "g.txt"), "GPT-6.1 GPT-6.1");
    assert_eq!(who(&["-C", "-C"], "g.txt"), "Opus Sonnet");
    assert_eq!(who(&["-C20", "-CCw"], "g.txt"), "Opus Opus");
}

#[test]
fn rewritten_commits_bring_their_lines_along() {
    let sandbox = Sandbox::with_base();
    sandbox.ok(&["checkout", "-q", "-b", "topic"]);
    sandbox.commit_by(OPUS, "f.txt", "one\ntwo\nthree\nfour\n", "topic 1");
    sandbox.commit_by(SONNET, "f.txt", "one\ntwo\nthree\nfour\nfive\n", "topic 2");
    sandbox.ok(&["checkout", "-q", "main"]);
    sandbox.commit_by("human", "f.txt", "0\n00\none\ntwo\nthree\n", "main");
    sandbox.ok(&["rebase", "-q", "main", "topic"]);
    sandbox.stage("f.txt", "0\n00\none\ntwo\nthree\nfour\nand\nfive\n");
    sandbox.today().ok(&["commit", "-q", "--amend", "--no-edit"]);
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
            <4> human       -               declared  1  0
            <4> human       -               declared  2  00
            <1> unknown     -               -         3  one
            <1> unknown     -               -         4  two
            <1> unknown     -               -         5  three
            <5> Opus 5.5    implementation  declared  6  four
            <6> Sonnet 5.5  implementation  declared  7  and
            <6> Sonnet 5.5  implementation  declared  8  five
            exit 0
        "#]],
    );
}

#[test]
fn without_a_record_the_whole_commit_speaks_if_it_names_one_writer() {
    let sandbox = Sandbox::without_hooks();
    let mut text = String::new();
    for (number, message) in [
        "nobody",
        "mark\n\nCo-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>",
        "ours\n\nModel: Opus 5.5 (architecture)\nModel: Sonnet 5.5 (implementation)",
        "several\n\nModel: Opus 5.5 (implementation)\nModel: Sonnet 5.5 (implementation)",
        "planned\n\nModel: Opus 5.5 (architecture)",
        "tool\n\nCo-Authored-By: Cursor <cursoragent@cursor.com>",
        "hand\n\nAssisted-by: none",
        "more\n\nModel: Opus 5.5 (implementation)\nModel: Sonnet 5.5 (tests)",
    ]
    .iter()
    .enumerate()
    {
        text += &format!("line {}\n", number + 1);
        sandbox.commit("f.txt", &text, message);
    }
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
            <1> unknown     -               -          1  line 1
            <2> Opus 4.5    -               inferred*  2  line 2
            <3> Sonnet 5.5  implementation  declared*  3  line 3
            <4> unknown     -               -          4  line 4
            <5> unknown     -               -          5  line 5
            <6> unknown     -               -          6  line 6
            <7> unknown     -               -          7  line 7
            <8> unknown     -               -          8  line 8
            (* known of the whole commit, not line by line)
            (2 lines unknown: <4> and 1 more commit say who wrote, and not which lines;
            git model show <4>)
            exit 0
        "#]],
    );
    // Lines from before a range are as old as its end, or older: the message of that commit is not about them.
    check(
        &sandbox.model(&["blame", "-L2,4", "HEAD~5..", "--", "f.txt"]),
        &expect![[r#"
            ^<3> unknown  -  -  2  line 2
            ^<3> unknown  -  -  3  line 3
            <4>  unknown  -  -  4  line 4
            (1 line unknown: <4> says who wrote, and not which lines; git model show
            <4>)
            exit 0
        "#]],
    );
}

#[test]
fn notes_of_other_tools_count_for_their_lines_or_for_the_whole_commit() {
    let sandbox = Sandbox::without_hooks();
    sandbox.commit(
        "f.txt",
        "one\ntwo\nthree\n",
        "x\n\nCo-Authored-By: Cursor <cursoragent@cursor.com>",
    );
    let note = "f.txt\n  1f0c2d3e4b5a6978 1,3\n---\n{\"schema_version\":\"authorship/3.0.0\",\"prompts\":\
        {\"1f0c2d3e4b5a6978\":{\"agent_id\":{\"tool\":\"cursor\",\"id\":\"a\",\"model\":\"claude-opus-4-5\"}}}}";
    sandbox.here().input(note).ok(&["notes", "--ref=ai", "add", "-F", "-", "HEAD"]);
    sandbox.commit("f.txt", "zero\none\ntwo\nthree\n", "y");
    let note = include_str!("../fixtures/notes/agentnote.json");
    sandbox.here().input(note).ok(&["notes", "--ref=agentnote", "add", "-F", "-", "HEAD"]);
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
        <2> GPT-5.4   -  declared*  1  zero
        <1> Opus 4.5  -  declared   2  one
        <1> unknown   -  -          3  two
        <1> Opus 4.5  -  declared   4  three
        (* known of the whole commit, not line by line)
        exit 0
    "#]],
    );
}

#[test]
fn a_record_that_git_copied_to_another_commit_tells_no_lines() {
    let sandbox = Sandbox::with_base();
    sandbox.commit("f.txt", "one\na\ntwo\nb\nthree\n", "x");
    let human = r#"{"kind":"human","grade":"declared","lines":{"added":1,"deleted":0}}"#;
    observe(&sandbox, "HEAD", "f.txt", &[(OBSERVED_SONNET, &[(2, 2)]), (human, &[(4, 4)])]);
    let old = sandbox.id("HEAD");
    sandbox.ok(&["model", "deinit"]);
    sandbox.write("f.txt", "0\none\na\ntwo\nb\nthree\n");
    sandbox.ok(&["commit", "-q", "-a", "--amend", "--no-edit"]);
    sandbox.learn("HEAD");
    sandbox.ok(&["notes", "--ref=model", "copy", "-f", &old, "HEAD"]);
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
            <3> unknown  -  -  1  0
            <1> unknown  -  -  2  one
            <3> unknown  -  -  3  a
            <1> unknown  -  -  4  two
            <3> unknown  -  -  5  b
            <1> unknown  -  -  6  three
            (3 lines unknown: <3> says who wrote, and not which lines; git model show
            <3>)
            exit 0
        "#]],
    );
}

#[test]
fn each_model_has_its_colour_on_a_terminal_and_none_elsewhere() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by(OPUS, "f.txt", "one\nx\ntwo\nthree\n", "x");
    sandbox.commit_by(SONNET, "f.txt", "one\nx\ntwo\nthree\ny\n", "y");
    sandbox.commit_by("human", "f.txt", "one\nx\ntwo\nthree\ny\nz\n", "z");
    let here = |variable: &str, value: &str| {
        let invocation = sandbox.here().env("TERM", "xterm").env("GIT_PAGER", "sed 's/^/> /'");
        let invocation = invocation.env(variable, value);
        let output = invocation.run("script", &["-qec", "git model blame f.txt", "/dev/null"]);
        output.stdout.replace("\r\n", "\n").replace('\u{1b}', "ESC")
    };
    expect![[r#"
        > <1> ESC[2munknown     -               -         1ESC[m  one
        > <2> ESC[36mOpus 5.5    implementation  declared  2ESC[m  x
        > <1> ESC[2munknown     -               -         3ESC[m  two
        > <1> ESC[2munknown     -               -         4ESC[m  three
        > <3> ESC[35mSonnet 5.5  implementation  declared  5ESC[m  y
        > <4> human       -               declared  6  z
    "#]]
    .assert_eq(&here("X", ""));
    expect![[r#"
        > <1> unknown     -               -         1  one
        > <2> Opus 5.5    implementation  declared  2  x
        > <1> unknown     -               -         3  two
        > <1> unknown     -               -         4  three
        > <3> Sonnet 5.5  implementation  declared  5  y
        > <4> human       -               declared  6  z
    "#]]
    .assert_eq(&here("NO_COLOR", "1"));
}

/// Compares our porcelain, without the headers that are ours, with that of Git.
fn assert_same_as_git(sandbox: &Sandbox, folder: &str, arguments: &[&str]) {
    let git = sandbox.at(folder).ok(&[&["blame", "--porcelain"], arguments].concat());
    let ours = sandbox.at(folder).ok(&[&["model", "blame", "--porcelain"], arguments].concat());
    let is_own = |line: &&str| line.starts_with("origin-");
    let (own, theirs): (Vec<_>, Vec<_>) = ours.split_inclusive('\n').partition(is_own);
    assert_eq!(theirs.concat(), git, "{arguments:?}");
    let lines = git.lines().filter(|line| line.starts_with('\t')).count();
    let basis = own.iter().filter(|line| line.starts_with("origin-basis ")).count();
    assert_eq!(basis, lines, "{arguments:?}");
}

#[test]
fn the_commit_of_each_line_is_that_of_git() {
    let sandbox = Sandbox::new();
    let mut lines: Vec<String> = (0..40).map(|number| format!("    line {number}")).collect();
    let mut dice = 7_usize;
    for round in 0..24 {
        for _ in 0..3 {
            dice = (dice * 1_103_515_245 + 12_345) % 2_147_483_648;
            let place = (dice >> 8) % lines.len();
            match dice >> 4 & 3 {
                0 => drop(lines.remove(place)),
                1 => lines.swap(place, 0),
                _ => lines.insert(place, format!("    new {round} {place}")),
            }
        }
        let model = [OPUS, SONNET, "human"][round % 3];
        sandbox.commit_by(model, "f.txt", &(lines.join("\n") + "\n"), &format!("round {round}"));
    }
    for options in [&[][..], &["-M"], &["-w", "-C"], &["-L5,20"], &["HEAD~9..HEAD~2", "--"]] {
        assert_same_as_git(&sandbox, ".", &[options, &["f.txt"]].concat());
    }
    // The history of this project, where it is at hand.
    let own = env!("CARGO_MANIFEST_DIR");
    let is_checkout = sandbox.at(own).git(&["cat-file", "-e", "HEAD:Cargo.toml"]).code == 0;
    for file in ["Cargo.toml", "src/cli/mod.rs", "tests/suite/main.rs"] {
        if is_checkout {
            assert_same_as_git(&sandbox, own, &["-C", "HEAD", "--", file]);
        }
    }
}

//! `git model blame`: odd files, odd places, and what cannot be blamed.

use std::fs;

use expect_test::expect;

use crate::sandbox::{Sandbox, check};

const OPUS: &str = "claude-opus-5-5";
const SONNET: &str = "claude-sonnet-5-5";

#[test]
fn lines_that_are_not_committed_say_so() {
    let sandbox = Sandbox::with_base();
    sandbox.declare(SONNET);
    sandbox.write("f.txt", "one\n2\nthree\n");
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
            <1> unknown     -               -         1  one
            0000000 Sonnet 5.5  implementation  declared  2  2
            <1> unknown     -               -         3  three
            exit 0
        "#]],
    );
    check(
        &sandbox.model(&["blame", "-L2,2", "--format=json", "f.txt"]),
        &expect![[r#"
            {"schema":"git-model/blame/1","path":"f.txt","lines":[{"line":2,"commit":null,"original_path":"f.txt","original_line":2,"origin":{"kind":"model","model":"claude-sonnet-5-5","name":"Sonnet 5.5","phase":"implementation","grade":"declared"},"basis":"not-committed","text":"2"}]}
            exit 0
        "#]],
    );
    check(
        &sandbox.model(&["blame", "-L2,2", "HEAD", "f.txt"]),
        &expect![[r#"
        <1> unknown  -  -  2  two
        exit 0
    "#]],
    );
}

#[test]
fn nothing_in_a_file_steers_a_terminal() {
    let sandbox = Sandbox::new();
    let text =
        b"\tcaf\xe9\r\nred \x1b[31m\rx\r\nreversed \xe2\x80\xae end\r\n\xe6\x97\xa5\tx  \n\nno end";
    sandbox.commit("f.txt", text, "x");
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
        <1> unknown  -  -  1          café
        <1> unknown  -  -  2  red ^[[31m^Mx
        <1> unknown  -  -  3  reversed <U+202E> end
        <1> unknown  -  -  4  日      x  
        <1> unknown  -  -  5
        <1> unknown  -  -  6  no end
        exit 0
    "#]],
    );
    check(
        &sandbox.model(&["blame", "--format=json", "-L1,3", "f.txt"]),
        &expect![[r#"
        {"schema":"git-model/blame/1","path":"f.txt","lines":[{"line":1,"commit":"<1>","original_path":"f.txt","original_line":1,"origin":{"kind":"unknown"},"basis":"none","text":"\tcafé\r"},{"line":2,"commit":"<1>","original_path":"f.txt","original_line":2,"origin":{"kind":"unknown"},"basis":"none","text":"red \u001b[31m\rx\r"},{"line":3,"commit":"<1>","original_path":"f.txt","original_line":3,"origin":{"kind":"unknown"},"basis":"none","text":"reversed \u202e end\r"}]}
        exit 0
    "#]],
    );
}

#[test]
fn subfolders_and_odd_names_are_found() {
    let sandbox = Sandbox::new();
    sandbox.commit_by(OPUS, "a b/\u{e4}\t\"q\".txt", "x\n", "x");
    sandbox.commit_by(SONNET, "HEAD", "x\n", "a file called HEAD");
    sandbox.write("a b/c/d", "");
    let said = |folder: &str, arguments: &[&str]| {
        let output = sandbox.at(folder).git(&[&["model"], arguments].concat());
        output.stdout + &output.stderr
    };
    let json = &["blame", "--format=json", "\u{e4}\t\"q\".txt"];
    let whole = said("a b", json);
    assert!(
        whole.starts_with(r#"{"schema":"git-model/blame/1","path":"a b/ä\t\"q\".txt","lines":[{"#),
        "{whole}"
    );
    assert!(whole.contains(r#""name":"Opus 5.5""#), "{whole}");
    assert_eq!(said("a b/c", &["blame", "--format=json", "../\u{e4}\t\"q\".txt"]), whole);
    assert_eq!(said("a b/c", &[&["-C", "..", "-C", "."], &json[..]].concat()), whole);
    expect![[r#"
        <2> Sonnet 5.5  implementation  declared  1  x
    "#]]
    .assert_eq(&said(".", &["blame", "--", "HEAD"]));
    assert_eq!(said(".", &["blame", "HEAD", "HEAD"]), said(".", &["blame", "HEAD", "--", "HEAD"]));
}

#[test]
fn a_file_before_its_revision_is_understood() {
    let sandbox = Sandbox::with_base();
    sandbox.commit_by(OPUS, "f.txt", "1\n", "x");
    assert_eq!(
        sandbox.model(&["blame", "f.txt", "HEAD~1"]),
        sandbox.model(&["blame", "HEAD~1", "--", "f.txt"])
    );
}

#[test]
fn what_cannot_be_blamed_is_said_with_the_way_out() {
    let sandbox = Sandbox::with_base();
    sandbox.commit("d/g.txt", "x\n", "x");
    sandbox.commit("b.bin", b"a\0b\n", "x");
    sandbox.write("new.txt", "x\n");
    sandbox.write("elsewhere/f.txt", "x\n");
    let mut shown = String::new();
    for words in [
        &["gone.txt"][..],
        &["HEAD~1", "--", "b.bin"],
        &["d"],
        &["new.txt"],
        &["../f.txt"],
        &["b.bin"],
        &["nope", "--", "f.txt"],
        &["HEAD", "HEAD~1", "--", "f.txt"],
        &["-L", "9", "f.txt"],
        &["-L", "/nothing/", "f.txt"],
        &["--ignore-rev=nope", "f.txt"],
        &["--ignore-revs-file=nope", "f.txt"],
        &[],
        &["--", "f.txt", "d/g.txt"],
        &["-Mx", "f.txt"],
        &["--porcelain", "--format", "json", "f.txt"],
    ] {
        let output = sandbox.model(&[&["blame"], words].concat());
        let said = output.stdout + &output.stderr;
        shown += &format!("$ git model blame {}\n{said}{}\n", words.join(" "), output.code);
    }
    expect![[r#"
        $ git model blame gone.txt
        error: there is no file `gone.txt` in HEAD
        hint: list the files: git ls-files
        2
        $ git model blame HEAD~1 -- b.bin
        error: there is no file `b.bin` in HEAD~1
        hint: list the files: git ls-tree -r --name-only HEAD~1
        2
        $ git model blame d
        error: `d` is a folder
        hint: name a file in it; for the whole folder: git model log -- d
        2
        $ git model blame new.txt
        error: Git does not track the file `new.txt`
        hint: add and commit it first
        2
        $ git model blame ../f.txt
        error: `../f.txt` is outside this repository
        hint: go to its repository, or name it: git -C PATH model blame FILE
        2
        $ git model blame b.bin
        error: `b.bin` is a binary file
        hint: its commits: git model log --commits -- b.bin
        2
        $ git model blame nope -- f.txt
        error: there is no commit `nope` here
        hint: list what there is: git log --oneline --all
        2
        $ git model blame HEAD HEAD~1 -- f.txt
        error: cannot blame `f.txt`: More than one commit to dig from HEAD~1 and HEAD?
        2
        $ git model blame -L 9 f.txt
        error: cannot blame `f.txt`: file f.txt has only 3 lines
        2
        $ git model blame -L /nothing/ f.txt
        error: cannot blame `f.txt`: -L parameter 'nothing' starting at line 1: No match
        hint: ranges are START,END, START,+N, /REGEX/ or :FUNCTION; see git help blame
        2
        $ git model blame --ignore-rev=nope f.txt
        error: cannot blame `f.txt`: cannot find revision nope to ignore
        2
        $ git model blame --ignore-revs-file=nope f.txt
        error: cannot blame `f.txt`: could not open object name list: nope
        2
        $ git model blame 
        error: no file is named
        hint: git model blame [REV] [--] FILE
        2
        $ git model blame -- f.txt d/g.txt
        error: one file at a time, and 2 were named
        hint: git model blame [REV] [--] FILE
        2
        $ git model blame -Mx f.txt
        error: unexpected argument '-x' found

          tip: to pass '-x' as a value, use '-- -x'

        Usage: git model blame [OPTIONS] [REV] [--] FILE

        For more information, try '--help'.
        2
        $ git model blame --porcelain --format json f.txt
        error: the argument '--porcelain' cannot be used with '--format <FORMAT>'

        Usage: git model blame [OPTIONS] [REV] [--] FILE

        For more information, try '--help'.
        2
    "#]]
    .assert_eq(&shown);
}

#[test]
fn bare_and_empty_repositories_answer_too() {
    let sandbox = Sandbox::without_hooks();
    sandbox.write("f.txt", "x\n");
    check(
        &sandbox.model(&["blame", "f.txt"]),
        &expect![[r#"
        error: the branch `main` has no commits yet
        hint: make a commit first
        exit 2
    "#]],
    );
    sandbox.commit("f.txt", "x\n", "x\n\nModel: Opus 5.5 (implementation)");
    sandbox.commit("empty", "", "empty");
    check(
        &sandbox.model(&["blame", "empty"]),
        &expect![[r#"
        exit 0
    "#]],
    );
    let bare = sandbox.beside("bare.git");
    sandbox.ok(&["clone", "-q", "--bare", ".", &bare.display().to_string()]);
    check(
        &sandbox.at(&bare).git(&["model", "blame", "HEAD", "--", "f.txt"]),
        &expect![[r#"
        <1> Opus 5.5  implementation  declared*  1  x
        (* known of the whole commit, not line by line)
        exit 0
    "#]],
    );
    let long = sandbox.beside("sha256");
    sandbox.ok(&["init", "-q", "--object-format=sha256", &long.display().to_string()]);
    fs::write(long.join("f.txt"), "x\n").unwrap();
    let message = "x\n\nModel: Opus 5.5 (implementation)";
    sandbox.at(&long).ok(&["add", "f.txt"]);
    sandbox.at(&long).ok(&["commit", "-q", "-m", message]);
    let shown = sandbox.at(&long).git(&["model", "blame", "f.txt"]).stdout;
    let (_, shown) = shown.split_once(' ').unwrap();
    expect![[r#"
        Opus 5.5  implementation  declared*  1  x
        (* known of the whole commit, not line by line)
    "#]]
    .assert_eq(shown);
}

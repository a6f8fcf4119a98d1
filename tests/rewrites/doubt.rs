//! Where two old commits could have given a line, neither is named: the nearer one would be a guess.
//!
//! The lines of these stories are everybody's twins, so that no letter tells the truth: `x` stands for one of `o` and
//! one of `s`.

use expect_test::expect;

use crate::story::rows;

#[test]
fn two_commits_with_one_patch() {
    rows(
        "
        git switch -q -c one
        o f: b1 b2 b3 x
        git commit -q -a -m A --date=@1767200000
        git switch -q -c two base
        s f: b1 b2 b3 x
        git commit -q -a -m A --date=@1767200000
        git switch -q main
        p g: p1
        commit M
        {}
        ",
        &[
            "git cherry-pick one",
            "git cherry-pick two",
            "off: git cherry-pick one; p n: p2; commit N",
            "off: git cherry-pick two; p n: p2; commit N",
            "git merge -q --squash one; git commit -q -m squashed",
            "git switch -q one; git merge -q --no-edit -s ours two; git switch -q main; git merge -q --squash one; git commit -q -m both",
        ],
        &expect![[r#"
            $ git cherry-pick one
            A [Opus 5.5] commit: x=Opus
            A [Sonnet 5.5] commit: x=Sonnet
            M [] commit: p1=? -3=?
            A [Opus 5.5] cherry-pick: x=Opus

            $ git cherry-pick two
            A [Opus 5.5] commit: x=Opus
            A [Sonnet 5.5] commit: x=Sonnet
            M [] commit: p1=? -3=?
            A [Sonnet 5.5] cherry-pick: x=Sonnet

            $ off: git cherry-pick one; p n: p2; commit N
            A [Opus 5.5] commit: x=Opus
            A [Sonnet 5.5] commit: x=Sonnet
            M [] commit: p1=? -3=?
            A [Opus 5.5] no note
            N [] commit: p2=?

            $ off: git cherry-pick two; p n: p2; commit N
            A [Opus 5.5] commit: x=Opus
            A [Sonnet 5.5] commit: x=Sonnet
            M [] commit: p1=? -3=?
            A [Sonnet 5.5] no note
            N [] commit: p2=?

            $ git merge -q --squash one; git commit -q -m squashed
            A [Opus 5.5] commit: x=Opus
            A [Sonnet 5.5] commit: x=Sonnet
            M [] commit: p1=? -3=?
            squashed [Opus 5.5] squash: x=Opus

            $ git switch -q one; git merge -q --no-edit -s ours two; git switch -q main; git merge -q --squash one; git commit -q -m both
            A [Opus 5.5] commit: x=Opus
            A [Sonnet 5.5] commit: x=Sonnet
            Merge branch 'two' into one [] merge:
            M [] commit: p1=? -3=?
            both [Opus 5.5, Sonnet 5.5] squash: x=?

        "#]],
    );
}

#[test]
fn two_lines_of_one_commit_of_which_one_is_left() {
    rows(
        "
        o f: x b1 b2 b3
        s f: x b1 b2 b3 x
        commit A
        {}
        ",
        &[
            "p f: x; git commit -q -a --amend --no-edit",
            "p f: b1 b2 b3 x; git commit -q -a --amend --no-edit",
            "p f: x b1 b2 b3; git commit -q -a --amend --no-edit",
        ],
        &expect![[r#"
            $ p f: x; git commit -q -a --amend --no-edit
            A [] amend: x=? -3=?

            $ p f: b1 b2 b3 x; git commit -q -a --amend --no-edit
            A [Sonnet 5.5] amend: x=Sonnet

            $ p f: x b1 b2 b3; git commit -q -a --amend --no-edit
            A [Opus 5.5] amend: x=Opus

        "#]],
    );
}

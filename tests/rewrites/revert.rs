//! `revert`: what comes back is nobody's of today, and what comes again is whose it was.

use expect_test::expect;

use crate::story::{Story, rows};

#[test]
fn of_each_kind() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        s g: b4 b5 b6 s1
        commit B
        use haiku
        {}
        ",
        &[
            "git revert --no-edit HEAD~1",
            "git revert HEAD~1",
            "git revert -n HEAD~1; git commit -q -m undone",
            "git revert --no-edit HEAD HEAD~1",
            "off: git revert --no-edit HEAD~1; k n: k1; commit N",
            "only post-commit: git revert --no-edit HEAD~1",
            "only commit-msg: git revert --no-edit HEAD~1; k n: k1; commit N",
        ],
        &expect![[r#"
            $ git revert --no-edit HEAD~1
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <2>. [] revert: b2=? -1=?

            $ git revert HEAD~1
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <2>. [] revert: b2=? -1=?

            $ git revert -n HEAD~1; git commit -q -m undone
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            undone [] revert: b2=? -1=?

            $ git revert --no-edit HEAD HEAD~1
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "B" / This reverts commit <3>. [] revert: -1=?
            Revert "A" / This reverts commit <4>. [] revert: b2=? -1=?

            $ off: git revert --no-edit HEAD~1; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <2>. [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ only post-commit: git revert --no-edit HEAD~1
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <2>. [] revert: b2=? -1=?

            $ only commit-msg: git revert --no-edit HEAD~1; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <2>. [] no note
            N [Haiku 4.5] commit: k1=Haiku

        "#]],
    );
}

#[test]
fn of_a_revert() {
    if Story::begin().sandbox.git_version() < (2, 43) {
        return; // This Git has other words for it: `Revert "Revert ..."`, not `Reapply`.
    }
    rows(
        "
        o f: b1 o1 b3
        commit A
        s g: b4 b5 b6 s1
        commit B
        use haiku
        git revert --no-edit HEAD~1
        {}
        ",
        &[
            "git revert --no-edit HEAD",
            "git revert HEAD",
            "k f: k1 b1 b2 b3; commit C; git revert --no-edit HEAD~1",
            "git revert -n HEAD; git commit -q -m back",
            "loses o1; off: git revert --no-edit HEAD; k n: k1; commit N",
        ],
        &expect![[r#"
            $ git revert --no-edit HEAD
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <3>. [] revert: b2=? -1=?
            Reapply "A" / This reverts commit <1>. [Opus 5.5] revert: o1=Opus -1=Opus

            $ git revert HEAD
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <3>. [] revert: b2=? -1=?
            Reapply "A" / This reverts commit <1>. [Opus 5.5] revert: o1=Opus -1=Opus

            $ k f: k1 b1 b2 b3; commit C; git revert --no-edit HEAD~1
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <3>. [] revert: b2=? -1=?
            C [Haiku 4.5] commit: k1=Haiku
            Reapply "A" / This reverts commit <1>. [Opus 5.5] revert: o1=Opus -1=Opus

            $ git revert -n HEAD; git commit -q -m back
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <2>. [] revert: b2=? -1=?
            back [Opus 5.5] revert: o1=Opus -1=Opus

            $ loses o1; off: git revert --no-edit HEAD; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            Revert "A" / This reverts commit <3>. [] revert: b2=? -1=?
            Reapply "A" / This reverts commit <1>. [] no note
            N [Haiku 4.5] commit: k1=Haiku

        "#]],
    );
}

#[test]
fn with_a_conflict() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        p f: b1 p1 b3
        commit C
        use haiku
        !git revert --no-edit HEAD~1
        {}
        ",
        &[
            "s f: b1 b2 s2 b3; git add f; git revert --continue",
            "k f: b1 b2 k2 b3; git add f; git revert --continue",
            "git revert --abort; k n: k1; commit N",
        ],
        &expect![[r#"
            $ s f: b1 b2 s2 b3; git add f; git revert --continue
            A [Opus 5.5] commit: o1=Opus -1=Opus
            C [] commit: p1=? -1=?
            Revert "A" / This reverts commit <1>. [Sonnet 5.5] revert: b2=? s2=Sonnet -1=?

            $ k f: b1 b2 k2 b3; git add f; git revert --continue
            A [Opus 5.5] commit: o1=Opus -1=Opus
            C [] commit: p1=? -1=?
            Revert "A" / This reverts commit <1>. [Haiku 4.5] revert: b2=? k2=Haiku -1=?

            $ git revert --abort; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus -1=Opus
            C [] commit: p1=? -1=?
            N [Haiku 4.5] commit: k1=Haiku

        "#]],
    );
}

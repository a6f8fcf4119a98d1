//! `cherry-pick`: the picked lines keep the models that wrote them.

use expect_test::expect;

use crate::story::rows;

#[test]
fn of_each_kind() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        s g: b4 b5 b6 s1
        commit B
        git switch -q main
        p f: p9 b1 b2 b3
        commit M
        use haiku
        {}
        ",
        &[
            "git cherry-pick topic~1",
            "git cherry-pick -x topic",
            "git cherry-pick -s topic",
            "git cherry-pick -e topic",
            "git cherry-pick main..topic",
            "git cherry-pick --ff topic~1 topic",
            "loses s1; git cherry-pick --no-commit topic; git commit -q -m by_hand",
            "loses o1 s1; git cherry-pick -n topic~1 topic; git commit -q -m both",
            "loses s1; git cherry-pick -n topic; git commit -q -m by_hand",
            "git cherry-pick --allow-empty topic; git cherry-pick --allow-empty --keep-redundant-commits topic",
            "git switch -q -c m2 topic~1; s h: s5; commit side; git merge -q --no-ff -m both topic; git switch -q main; git cherry-pick -m 1 m2",
        ],
        &expect![[r#"
            $ git cherry-pick topic~1
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] cherry-pick: o1=Opus

            $ git cherry-pick -x topic
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            B / (cherry picked from commit <2>) [Sonnet 5.5] cherry-pick: s1=Sonnet

            $ git cherry-pick -s topic
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            B / Signed-off-by: Cora Committer <cora@example.org> [Sonnet 5.5] cherry-pick: s1=Sonnet

            $ git cherry-pick -e topic
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            B [Sonnet 5.5] cherry-pick: s1=Sonnet

            $ git cherry-pick main..topic
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] cherry-pick: o1=Opus
            B [Sonnet 5.5] cherry-pick: s1=Sonnet

            $ git cherry-pick --ff topic~1 topic
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] cherry-pick: o1=Opus
            B [Sonnet 5.5] cherry-pick: s1=Sonnet

            $ loses s1; git cherry-pick --no-commit topic; git commit -q -m by_hand
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            by_hand [] cherry-pick: s1=?

            $ loses o1 s1; git cherry-pick -n topic~1 topic; git commit -q -m both
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            both [] cherry-pick: o1=? s1=?

            $ loses s1; git cherry-pick -n topic; git commit -q -m by_hand
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            by_hand [] cherry-pick: s1=?

            $ git cherry-pick --allow-empty topic; git cherry-pick --allow-empty --keep-redundant-commits topic
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            B [Sonnet 5.5] cherry-pick: s1=Sonnet
            B [Sonnet 5.5] cherry-pick:

            $ git switch -q -c m2 topic~1; s h: s5; commit side; git merge -q --no-ff -m both topic; git switch -q main; git cherry-pick -m 1 m2
            A [Opus 5.5] commit: o1=Opus
            side [Sonnet 5.5] commit: s5=Sonnet
            B [Sonnet 5.5] commit: s1=Sonnet
            both [] merge:
            M [] commit: p9=?
            both [] cherry-pick: s1=Sonnet

        "#]],
    );
}

#[test]
fn with_less_than_all_hooks() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        s g: b4 b5 b6 s1
        commit B
        git switch -q main
        p f: p9 b1 b2 b3
        commit M
        use haiku
        {}
        ",
        &[
            "off: git cherry-pick topic~1; k n: k1; commit N",
            "off: git cherry-pick main..topic; k n: k1; commit N",
            "off: git cherry-pick topic~1; git commit -q --amend -m amended",
            "only post-commit: git cherry-pick topic~1 topic",
            "only prepare-commit-msg,post-commit: git cherry-pick topic~1",
            "only commit-msg: git cherry-pick topic~1; k n: k1; commit N",
        ],
        &expect![[r#"
            $ off: git cherry-pick topic~1; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] cherry-pick: o1=Opus
            N [Haiku 4.5] commit: k1=Haiku

            $ off: git cherry-pick main..topic; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] cherry-pick: o1=Opus
            B [Sonnet 5.5] cherry-pick: s1=Sonnet
            N [Haiku 4.5] commit: k1=Haiku

            $ off: git cherry-pick topic~1; git commit -q --amend -m amended
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            amended [Opus 5.5] amend: o1=Opus

            $ only post-commit: git cherry-pick topic~1 topic
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] cherry-pick: o1=Opus
            B [Sonnet 5.5] cherry-pick: s1=Sonnet

            $ only prepare-commit-msg,post-commit: git cherry-pick topic~1
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] cherry-pick: o1=Opus

            $ only commit-msg: git cherry-pick topic~1; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] cherry-pick: o1=Opus
            N [Haiku 4.5] commit: k1=Haiku

        "#]],
    );
}

#[test]
fn with_a_conflict() {
    rows(
        "
        git switch -q -c topic
        o f: b1 o1 b3 o2
        commit A
        git switch -q main
        p f: b1 p9 b3
        commit M
        use haiku
        !git cherry-pick topic
        {}
        ",
        &[
            "s f: b1 p9 o1 s2 b3 o2; git add f; git cherry-pick --continue",
            "p f: b1 p9 o1 b3 o2; git add f; git cherry-pick --continue",
            "k f: b1 p9 o1 k2 b3 o2; git add f; git cherry-pick --continue",
            "s f: b1 s2 b3 o2; git add f; git commit -q -m resolved",
            "s f: b1 s2 b3 o2; git add f; git commit -q -m resolved --no-verify",
            "only post-commit: s f: b1 s2 b3 o2; git add f; only post-commit: git commit -q -m resolved",
            "s f: b1 s2 b3; git cherry-pick --abort; k n: k1; commit N",
            "git cherry-pick --skip; k n: k1; commit N",
        ],
        &expect![[r#"
            $ s f: b1 p9 o1 s2 b3 o2; git add f; git cherry-pick --continue
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            A [Opus 5.5, Sonnet 5.5] cherry-pick: o1=Opus s2=Sonnet o2=Opus

            $ p f: b1 p9 o1 b3 o2; git add f; git cherry-pick --continue
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            A [Opus 5.5] cherry-pick: o1=Opus o2=Opus

            $ k f: b1 p9 o1 k2 b3 o2; git add f; git cherry-pick --continue
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            A [Opus 5.5, Haiku 4.5] cherry-pick: o1=Opus k2=Haiku o2=Opus

            $ s f: b1 s2 b3 o2; git add f; git commit -q -m resolved
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            resolved [Opus 5.5, Sonnet 5.5] cherry-pick: s2=Sonnet o2=Opus -1=Opus

            $ s f: b1 s2 b3 o2; git add f; git commit -q -m resolved --no-verify
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            resolved [Opus 5.5, Sonnet 5.5] cherry-pick: s2=Sonnet o2=Opus -1=Opus

            $ only post-commit: s f: b1 s2 b3 o2; git add f; only post-commit: git commit -q -m resolved
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            resolved [] cherry-pick: s2=Sonnet o2=Opus -1=Opus

            $ s f: b1 s2 b3; git cherry-pick --abort; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            N [Haiku 4.5] commit: k1=Haiku

            $ git cherry-pick --skip; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            N [Haiku 4.5] commit: k1=Haiku

        "#]],
    );
}

#[test]
fn from_another_clone() {
    rows(
        "
        sh git clone -q . ../clone && cd ../clone && git model init >/dev/null
        in ../clone: o f: b1 b2 b3 o1
        in ../clone: commit A
        in ../clone: s g: b4 b5 b6 s1
        in ../clone: commit B
        p f: p9 b1 b2 b3
        commit M
        git fetch -q ../clone main:theirs
        {}
        ",
        &[
            "git fetch -q ../clone refs/notes/model:refs/notes/theirs; git notes --ref=model merge -q refs/notes/theirs; git cherry-pick theirs~1 theirs",
            "git fetch -q ../clone refs/notes/model:refs/notes/theirs; git notes --ref=model merge -q refs/notes/theirs; git rebase -q main theirs",
        ],
        &expect![[r#"
            $ git fetch -q ../clone refs/notes/model:refs/notes/theirs; git notes --ref=model merge -q refs/notes/theirs; git cherry-pick theirs~1 theirs
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] cherry-pick: o1=Opus
            B [Sonnet 5.5] cherry-pick: s1=Sonnet

            $ git fetch -q ../clone refs/notes/model:refs/notes/theirs; git notes --ref=model merge -q refs/notes/theirs; git rebase -q main theirs
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

        "#]],
    );
}

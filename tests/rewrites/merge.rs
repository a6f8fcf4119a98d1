//! `merge`: only lines that are in no parent are the merger's; `merge --squash` and `pull`.

use expect_test::expect;

use crate::story::rows;

#[test]
fn without_a_conflict() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        git switch -q main
        {}
        ",
        &[
            "git merge -q topic",
            "git merge -q --no-ff -m merged topic",
            "p g: p1; commit M; use haiku; git merge -q -m merged topic",
            "p g: p1; commit M; off: git merge -q -m merged topic; k n: p2; commit N",
            "p g: p1; commit M; git pull -q --no-rebase --no-edit . topic",
            "git switch -q -c two; s g: b4 b5 b6 s1; commit T; git switch -q main; p h: p1; commit M; git merge -q -m octopus topic two",
            "p g: p1; commit M; git merge -q --no-commit topic; s n: s2; git add n; git commit -q -m merged",
            "p g: p1; commit M; git merge -q -s ours -m ours topic",
            "p g: p1; commit M; git merge -q -m merged topic; git commit -q --amend -m other",
        ],
        &expect![[r#"
            $ git merge -q topic
            A [Opus 5.5] commit: o1=Opus

            $ git merge -q --no-ff -m merged topic
            A [Opus 5.5] commit: o1=Opus
            merged [] merge:

            $ p g: p1; commit M; use haiku; git merge -q -m merged topic
            M [] commit: p1=? -3=?
            A [Opus 5.5] commit: o1=Opus
            merged [] merge:

            $ p g: p1; commit M; off: git merge -q -m merged topic; k n: p2; commit N
            M [] commit: p1=? -3=?
            A [Opus 5.5] commit: o1=Opus
            merged [] no note
            N [] commit: p2=?

            $ p g: p1; commit M; git pull -q --no-rebase --no-edit . topic
            M [] commit: p1=? -3=?
            A [Opus 5.5] commit: o1=Opus
            Merge branch 'topic' [] merge:

            $ git switch -q -c two; s g: b4 b5 b6 s1; commit T; git switch -q main; p h: p1; commit M; git merge -q -m octopus topic two
            M [] commit: p1=?
            A [Opus 5.5] commit: o1=Opus
            T [Sonnet 5.5] commit: s1=Sonnet
            octopus [] merge:

            $ p g: p1; commit M; git merge -q --no-commit topic; s n: s2; git add n; git commit -q -m merged
            M [] commit: p1=? -3=?
            A [Opus 5.5] commit: o1=Opus
            merged [Sonnet 5.5] merge: s2=Sonnet

            $ p g: p1; commit M; git merge -q -s ours -m ours topic
            M [] commit: p1=? -3=?
            A [Opus 5.5] commit: o1=Opus
            ours [] merge:

            $ p g: p1; commit M; git merge -q -m merged topic; git commit -q --amend -m other
            M [] commit: p1=? -3=?
            A [Opus 5.5] commit: o1=Opus
            other [] amend:

        "#]],
    );
}

#[test]
fn with_a_conflict() {
    rows(
        "
        git switch -q -c topic
        o f: b1 o1 b3
        commit A
        git switch -q main
        s f: b1 s1 b3
        commit M
        use haiku
        !git merge -q topic
        {}
        ",
        &[
            "o f: b1 s1 o1 o2 b3; git add f; git commit -q --no-edit",
            "o f: b1 s1 o1 o2 b3; git add f; git merge --continue",
            "p f: b1 s1 o1 b3; git add f; git commit -q -m resolved",
            "k f: b1 s1 o1 k2 b3; git add f; git commit -q -m resolved",
            "o f: b1 o2 b3; git add f; git commit -q -m resolved --no-verify",
            "o f: b1 o2 b3; git add f; only post-commit: git commit -q -m resolved",
            "o f: b1 o2 b3; git add f; off: git commit -q -m resolved; use --clear; p n: p1; commit N",
            "git checkout -q --theirs f; git add f; git commit -q -m theirs",
            "git merge --abort; k n: k1; commit N",
        ],
        &expect![[r#"
            $ o f: b1 s1 o1 o2 b3; git add f; git commit -q --no-edit
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus -1=Opus
            Merge branch 'topic' / # Conflicts: / #	f [Opus 5.5] merge: o2=Opus

            $ o f: b1 s1 o1 o2 b3; git add f; git merge --continue
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus -1=Opus
            Merge branch 'topic' [Opus 5.5] merge: o2=Opus

            $ p f: b1 s1 o1 b3; git add f; git commit -q -m resolved
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus -1=Opus
            resolved [] merge:

            $ k f: b1 s1 o1 k2 b3; git add f; git commit -q -m resolved
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus -1=Opus
            resolved [Haiku 4.5] merge: k2=Haiku

            $ o f: b1 o2 b3; git add f; git commit -q -m resolved --no-verify
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus -1=Opus
            resolved [Opus 5.5] merge: o2=Opus

            $ o f: b1 o2 b3; git add f; only post-commit: git commit -q -m resolved
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus -1=Opus
            resolved [] merge: o2=Opus

            $ o f: b1 o2 b3; git add f; off: git commit -q -m resolved; use --clear; p n: p1; commit N
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus -1=Opus
            resolved [] merge: o2=Opus
            N [] commit: p1=?

            $ git checkout -q --theirs f; git add f; git commit -q -m theirs
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus -1=Opus
            theirs [] merge:

            $ git merge --abort; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus -1=Opus
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            N [Haiku 4.5] commit: k1=Haiku

        "#]],
    );
}

#[test]
fn with_lines_that_who_resolves_moves_about() {
    rows(
        "
        git switch -q -c topic
        o f: b1 o1 b3 o2
        commit A
        git switch -q main
        s f: b1 s1 b3
        commit M
        use haiku
        !git merge -q topic
        {}
        git add f
        git merge --continue
        ",
        &["p f: o2 b1 s1 o1 b3", "k f: o2 b1 s1 k1 o1 b3", "s f: o2 b1 o1 s2 s1 b3"],
        &expect![[r#"
            $ p f: o2 b1 s1 o1 b3
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            Merge branch 'topic' [Opus 5.5] merge: o2=Opus

            $ k f: o2 b1 s1 k1 o1 b3
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            Merge branch 'topic' [Haiku 4.5, Opus 5.5] merge: o2=Opus k1=Haiku

            $ s f: o2 b1 o1 s2 s1 b3
            M [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            Merge branch 'topic' [Opus 5.5, Sonnet 5.5] merge: o2=Opus s2=Sonnet

        "#]],
    );
}

#[test]
fn squashed() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        s g: b4 s1 b6
        commit B
        git switch -q main
        p h: p1
        commit M
        use haiku
        {}
        ",
        &[
            "git merge -q --squash topic; git commit -q -m all",
            "git merge -q --squash topic; git commit -q -m all --no-verify",
            "git merge -q --squash topic; k f: b1 b2 b3 o1 k1; git add f; git commit -q -m all",
            "git merge -q --squash topic; s f: b1 b2 b3 o1 s2; git add f; git commit -q -m all",
            "git merge -q --squash topic; git commit -q -m all; git commit -q --amend -m less",
            "only prepare-commit-msg,post-commit: git merge -q --squash topic; only prepare-commit-msg,post-commit: git commit -q -m all",
            "loses o1 s1; git merge -q --squash topic; off: git commit -q -m all; k n: k1; commit N",
            "loses o1 s1; git merge -q --squash topic; only post-commit: git commit -q -m all",
        ],
        &expect![[r#"
            $ git merge -q --squash topic; git commit -q -m all
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            M [] commit: p1=?
            all [Sonnet 5.5, Opus 5.5] squash: o1=Opus s1=Sonnet -1=Sonnet

            $ git merge -q --squash topic; git commit -q -m all --no-verify
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            M [] commit: p1=?
            all [Sonnet 5.5, Opus 5.5] squash: o1=Opus s1=Sonnet -1=Sonnet

            $ git merge -q --squash topic; k f: b1 b2 b3 o1 k1; git add f; git commit -q -m all
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            M [] commit: p1=?
            all [Sonnet 5.5, Haiku 4.5, Opus 5.5] squash: o1=Opus k1=Haiku s1=Sonnet -1=Sonnet

            $ git merge -q --squash topic; s f: b1 b2 b3 o1 s2; git add f; git commit -q -m all
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            M [] commit: p1=?
            all [Sonnet 5.5, Opus 5.5] squash: o1=Opus s2=Sonnet s1=Sonnet -1=Sonnet

            $ git merge -q --squash topic; git commit -q -m all; git commit -q --amend -m less
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            M [] commit: p1=?
            less [Sonnet 5.5, Opus 5.5] amend: o1=Opus s1=Sonnet -1=Sonnet

            $ only prepare-commit-msg,post-commit: git merge -q --squash topic; only prepare-commit-msg,post-commit: git commit -q -m all
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            M [] commit: p1=?
            all [] squash: o1=Opus s1=Sonnet -1=Sonnet

            $ loses o1 s1; git merge -q --squash topic; off: git commit -q -m all; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            M [] commit: p1=?
            all [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ loses o1 s1; git merge -q --squash topic; only post-commit: git commit -q -m all
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            M [] commit: p1=?
            all [] commit: o1=? s1=? -1=?

        "#]],
    );
}

#[test]
fn squashed_over_a_conflict() {
    rows(
        "
        git switch -q -c topic
        o f: b1 o1 b3 o2
        commit A
        git switch -q main
        p f: b1 p9 b3
        commit M
        use human
        !git merge -q --squash topic
        {}
        ",
        &[
            "s f: b1 p9 o1 s2 b3 o2; git add f; git commit -q -m all",
            "h f: b1 p9 o1 h2 b3 o2; git add f; git commit -q -m all",
        ],
        &expect![[r#"
            $ s f: b1 p9 o1 s2 b3 o2; git add f; git commit -q -m all
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            all [Opus 5.5, Sonnet 5.5] squash: o1=Opus s2=Sonnet o2=Opus

            $ h f: b1 p9 o1 h2 b3 o2; git add f; git commit -q -m all
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            M [] commit: p9=? -1=?
            all [Opus 5.5] squash: o1=Opus h2=human o2=Opus

        "#]],
    );
}

//! `rebase` by every backend, and with all hooks, some and none: nobody of today gets a line.

use expect_test::expect;

use crate::story::rows;

#[test]
fn by_each_backend_and_way() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        s g: b4 b5 b6 s1
        commit B
        p f: b1 b2 b3 o1 p1
        commit C
        git switch -q main
        p f: p9 b1 b2 b3
        commit M
        git switch -q topic
        use haiku
        {}
        ",
        &[
            "git rebase -q main",
            "git rebase -q --apply main",
            "git rebase -q -i main",
            "git rebase -q --exec true main",
            "git rebase -q --rebase-merges main",
            "git rebase -q --onto main base",
            "git pull -q --rebase . main",
            "git rebase -q --no-verify main",
            "git rebase -q --reset-author-date main",
            "git rebase -q --ignore-whitespace --apply main",
            "git rebase -q --signoff main",
            "git rebase -q --force-rebase base",
        ],
        &expect![[r#"
            $ git rebase -q main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git rebase -q --apply main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git rebase -q -i main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git rebase -q --exec true main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git rebase -q --rebase-merges main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git rebase -q --onto main base
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git pull -q --rebase . main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git rebase -q --no-verify main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git rebase -q --reset-author-date main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git rebase -q --ignore-whitespace --apply main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ git rebase -q --signoff main
            M [] commit: p9=?
            A / Signed-off-by: Cora Committer <cora@example.org> [Opus 5.5] rebase: o1=Opus
            B / Signed-off-by: Cora Committer <cora@example.org> [Sonnet 5.5] rebase: s1=Sonnet
            C / Signed-off-by: Cora Committer <cora@example.org> [] rebase: p1=?

            $ git rebase -q --force-rebase base
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

        "#]],
    );
}

#[test]
fn without_hooks_is_caught_up_at_the_next_commit() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        s g: b4 b5 b6 s1
        commit B
        p f: b1 b2 b3 o1 p1
        commit C
        git switch -q main
        p f: p9 b1 b2 b3
        commit M
        git switch -q topic
        use haiku
        {}
        ",
        &[
            "off: git rebase -q main; k n: k1; commit N",
            "off: git rebase -q --apply main; k n: k1; commit N",
            "off: git rebase -q main; off: git commit -q --amend -m amended; k n: k1; commit N",
            "off: git rebase -q main; git rebase -q --force-rebase base",
            "off: git rebase -q main; git commit -q --amend -m amended",
            "off: git -c rebase.backend=apply pull -q --rebase . main; k n: k1; commit N",
        ],
        &expect![[r#"
            $ off: git rebase -q main; k n: k1; commit N
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ off: git rebase -q --apply main; k n: k1; commit N
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ off: git rebase -q main; off: git commit -q --amend -m amended; k n: k1; commit N
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            amended [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ off: git rebase -q main; git rebase -q --force-rebase base
            M [] commit: p9=?
            M [] rebase: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ off: git rebase -q main; git commit -q --amend -m amended
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            amended [] amend: p1=?

            $ off: git -c rebase.backend=apply pull -q --rebase . main; k n: k1; commit N
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] no note
            N [Haiku 4.5] commit: k1=Haiku

        "#]],
    );
}

#[test]
fn with_some_hooks() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        s g: b4 b5 b6 s1
        commit B
        p f: b1 b2 b3 o1 p1
        commit C
        git switch -q main
        p f: p9 b1 b2 b3
        commit M
        git switch -q topic
        use haiku
        {}
        ",
        &[
            "only post-rewrite: git rebase -q main",
            "only post-commit: git rebase -q main",
            "only post-commit,post-rewrite: git rebase -q main",
            "only prepare-commit-msg,commit-msg,post-commit: git rebase -q main; k n: k1; commit N",
            "only commit-msg: git rebase -q main; k n: k1; commit N",
            "only post-applypatch: git rebase -q --apply main; k n: k1; commit N",
        ],
        &expect![[r#"
            $ only post-rewrite: git rebase -q main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ only post-commit: git rebase -q main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ only post-commit,post-rewrite: git rebase -q main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ only prepare-commit-msg,commit-msg,post-commit: git rebase -q main; k n: k1; commit N
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ only commit-msg: git rebase -q main; k n: k1; commit N
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ only post-applypatch: git rebase -q --apply main; k n: k1; commit N
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] no note
            N [Haiku 4.5] commit: k1=Haiku

        "#]],
    );
}

#[test]
fn with_other_branches_and_merges() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        git branch middle
        s g: b4 b5 b6 s1
        commit B
        git switch -q main
        p f: p9 b1 b2 b3
        commit M
        git switch -q topic
        use haiku
        {}
        ",
        &[
            "git rebase -q --update-refs main",
            "git switch -q -c side middle; o h: o2; commit S; git switch -q topic; git merge -q --no-edit side; git rebase -q --rebase-merges main",
            "git rebase -q --onto main middle",
            "git rebase -q main middle; git rebase -q --onto middle base topic",
        ],
        &expect![[r#"
            $ git rebase -q --update-refs main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ git switch -q -c side middle; o h: o2; commit S; git switch -q topic; git merge -q --no-edit side; git rebase -q --rebase-merges main
            A [Opus 5.5] commit: o1=Opus
            S [Opus 5.5] commit: o2=Opus
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            S [Opus 5.5] rebase: o2=Opus
            Merge branch 'side' into topic [] rebase:

            $ git rebase -q --onto main middle
            A [Opus 5.5] commit: o1=Opus
            M [] commit: p9=?
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ git rebase -q main middle; git rebase -q --onto middle base topic
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

        "#]],
    );
}

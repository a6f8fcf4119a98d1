//! `rebase` that stops: who resolves has the resolution, and nothing else.

use expect_test::expect;

use crate::story::rows;

#[test]
fn resolved() {
    rows(
        "
        git switch -q -c topic
        o f: b1 o1 b3 o2
        commit A
        s g: b4 b5 b6 s1
        commit B
        git switch -q main
        p f: b1 p9 b3
        commit M
        git switch -q topic
        use haiku
        {}
        ",
        &[
            "!git rebase -q main; s f: b1 p9 o1 s2 b3 o2; git add f; git rebase --continue",
            "!git rebase -q main; s f: b1 s2 b3 o2; git add f; git rebase --continue",
            "!git rebase -q main; p f: b1 p9 o1 p2 b3 o2; git add f; git rebase --continue",
            "!git rebase -q main; s f: b1 p9 o1 s2 b3 o2; git add f; git commit -q --no-edit; git rebase --continue",
            "!git rebase -q main; k f: b1 p9 o1 k2 b3 o2; git add f; git commit -q -m resolved; git rebase --continue",
            "!git rebase -q main; p f: b1 p9 b3 o2; git add f; git rebase --continue",
            "!git rebase -q --apply main; p f: b1 p9 o1 p2 b3 o2; git add f; git rebase --continue",
            "!git rebase -q --apply main; s f: b1 p9 o1 s2 b3 o2; git add f; git rebase --continue",
            "git rebase -q -X theirs main",
            "git rebase -q -X ours main",
        ],
        &expect![[r#"
            $ !git rebase -q main; s f: b1 p9 o1 s2 b3 o2; git add f; git rebase --continue
            M [] commit: p9=? -1=?
            A [Opus 5.5, Sonnet 5.5] rebase: o1=Opus s2=Sonnet o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ !git rebase -q main; s f: b1 s2 b3 o2; git add f; git rebase --continue
            M [] commit: p9=? -1=?
            A [Opus 5.5, Sonnet 5.5] rebase: s2=Sonnet o2=Opus -1=?
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ !git rebase -q main; p f: b1 p9 o1 p2 b3 o2; git add f; git rebase --continue
            M [] commit: p9=? -1=?
            A [Opus 5.5] rebase: o1=Opus p2=? o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ !git rebase -q main; s f: b1 p9 o1 s2 b3 o2; git add f; git commit -q --no-edit; git rebase --continue
            M [] commit: p9=? -1=?
            A / # Conflicts: / #	f [Opus 5.5, Opus 5.5, Sonnet 5.5] rebase: o1=Opus s2=Sonnet o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ !git rebase -q main; k f: b1 p9 o1 k2 b3 o2; git add f; git commit -q -m resolved; git rebase --continue
            M [] commit: p9=? -1=?
            resolved [Opus 5.5, Haiku 4.5] rebase: o1=Opus k2=Haiku o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ !git rebase -q main; p f: b1 p9 b3 o2; git add f; git rebase --continue
            M [] commit: p9=? -1=?
            A [Opus 5.5] rebase: o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ !git rebase -q --apply main; p f: b1 p9 o1 p2 b3 o2; git add f; git rebase --continue
            M [] commit: p9=? -1=?
            A [Opus 5.5] rebase: o1=Opus p2=? o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ !git rebase -q --apply main; s f: b1 p9 o1 s2 b3 o2; git add f; git rebase --continue
            M [] commit: p9=? -1=?
            A [Opus 5.5] rebase: o1=Opus s2=Sonnet o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ git rebase -q -X theirs main
            M [] commit: p9=? -1=?
            A [Opus 5.5] rebase: o1=Opus o2=Opus -1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

            $ git rebase -q -X ours main
            M [] commit: p9=? -1=?
            A [Opus 5.5] rebase: o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

        "#]],
    );
}

#[test]
fn skipped_or_aborted() {
    rows(
        "
        git switch -q -c topic
        o f: b1 o1 b3 o2
        commit A
        s g: b4 b5 b6 s1
        commit B
        git switch -q main
        p f: b1 p9 b3
        commit M
        git switch -q topic
        use haiku
        {}
        ",
        &[
            "!git rebase -q main; s f: b1 s2 b3 o2; git rebase --skip; k n: k1; commit N",
            "!git rebase -q main; s f: b1 s2 b3 o2; git rebase --abort; k n: k1; commit N",
            "!git rebase -q main; git rebase --quit; git switch -q -C topic ORIG_HEAD -f; k n: k1; commit N",
        ],
        &expect![[r#"
            $ !git rebase -q main; s f: b1 s2 b3 o2; git rebase --skip; k n: k1; commit N
            M [] commit: p9=? -1=?
            B [Sonnet 5.5] rebase: s1=Sonnet
            N [Haiku 4.5] commit: k1=Haiku

            $ !git rebase -q main; s f: b1 s2 b3 o2; git rebase --abort; k n: k1; commit N
            M [] commit: p9=? -1=?
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            N [Haiku 4.5] commit: k1=Haiku

            $ !git rebase -q main; git rebase --quit; git switch -q -C topic ORIG_HEAD -f; k n: k1; commit N
            M [] commit: p9=? -1=?
            A [Opus 5.5] commit: o1=Opus o2=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            N [Haiku 4.5] commit: k1=Haiku

        "#]],
    );
}

#[test]
fn with_lines_of_a_commit_that_was_dropped() {
    rows(
        "
        o f: b1 o1 b2 b3
        commit A
        s f: b1 o1 s1 b2 b3
        commit B
        use haiku
        todo 1s/pick/drop/
        {}
        git add f
        git rebase --continue
        ",
        &[
            "!git rebase -q -i base; p f: b1 o1 s1 b2 b3",
            "!git rebase -q -i base; o f: b1 o1 s1 o2 b2 b3",
        ],
        &expect![[r#"
            $ !git rebase -q -i base; p f: b1 o1 s1 b2 b3
            B [Opus 5.5, Sonnet 5.5] rebase: o1=Opus s1=Sonnet

            $ !git rebase -q -i base; o f: b1 o1 s1 o2 b2 b3
            B [Opus 5.5, Sonnet 5.5] rebase: o1=Opus s1=Sonnet o2=Opus

        "#]],
    );
}

#[test]
fn resolved_with_less_than_all_hooks() {
    rows(
        "
        git switch -q -c topic
        o f: b1 o1 b3 o2
        commit A
        s g: b4 b5 b6 s1
        commit B
        git switch -q main
        p f: b1 p9 b3
        commit M
        git switch -q topic
        use haiku
        {}
        ",
        &[
            "off: !git rebase -q main; p f: b1 p9 o1 p2 b3 o2; git add f; off: git rebase --continue; k n: k1; commit N",
            "off: !git rebase -q main; s f: b1 p9 o1 s2 b3 o2; git add f; off: git rebase --continue; k n: k1; commit N",
            "only post-rewrite: !git rebase -q main; p f: b1 p9 o1 p2 b3 o2; git add f; only post-rewrite: git rebase --continue",
        ],
        &expect![[r#"
            $ off: !git rebase -q main; p f: b1 p9 o1 p2 b3 o2; git add f; off: git rebase --continue; k n: k1; commit N
            M [] commit: p9=? -1=?
            A [Opus 5.5] rebase: o1=Opus p2=? o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            N [Haiku 4.5] commit: k1=Haiku

            $ off: !git rebase -q main; s f: b1 p9 o1 s2 b3 o2; git add f; off: git rebase --continue; k n: k1; commit N
            M [] commit: p9=? -1=?
            A [Opus 5.5] rebase: o1=Opus s2=Sonnet o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            N [Haiku 4.5] commit: k1=Haiku

            $ only post-rewrite: !git rebase -q main; p f: b1 p9 o1 p2 b3 o2; git add f; only post-rewrite: git rebase --continue
            M [] commit: p9=? -1=?
            A [Opus 5.5] rebase: o1=Opus p2=? o2=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet

        "#]],
    );
}

#[test]
fn squashed_over_a_conflict() {
    rows(
        "
        git switch -q -c topic
        o f: b1 o1 b3
        commit A
        s f: b1 o1 b3 s1
        commit B
        git switch -q main
        p f: b1 p9 b3
        commit M
        git switch -q topic
        use human
        {}
        ",
        &[
            "todo 2s/pick/squash/; !git rebase -q -i main; s f: b1 p9 o1 s2 b3; git add f; git rebase --continue",
            "todo 2s/pick/fixup/; !git rebase -q -i main; p f: b1 p9 o1 b3; git add f; git rebase --continue",
            "todo 2s/pick/fixup/; !git rebase -q -i main; h f: b1 p9 o1 h1 b3; git add f; git commit -q --no-edit; git rebase --continue",
        ],
        &expect![[r#"
            $ todo 2s/pick/squash/; !git rebase -q -i main; s f: b1 p9 o1 s2 b3; git add f; git rebase --continue
            M [] commit: p9=? -1=?
            A / B [Opus 5.5, Sonnet 5.5, Sonnet 5.5, Opus 5.5] rebase: o1=Opus s2=Sonnet s1=Sonnet

            $ todo 2s/pick/fixup/; !git rebase -q -i main; p f: b1 p9 o1 b3; git add f; git rebase --continue
            M [] commit: p9=? -1=?
            A [Opus 5.5, Sonnet 5.5] rebase: o1=Opus s1=Sonnet

            $ todo 2s/pick/fixup/; !git rebase -q -i main; h f: b1 p9 o1 h1 b3; git add f; git commit -q --no-edit; git rebase --continue
            M [] commit: p9=? -1=?
            A / # Conflicts: / #	f [Opus 5.5, Opus 5.5, Sonnet 5.5] rebase: o1=Opus h1=human s1=Sonnet

        "#]],
    );
}

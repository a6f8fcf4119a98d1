//! `rebase -i`: pick, reword, edit, squash, fixup, drop, reorder, exec and break.

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
            "todo 1s/pick/reword/; editor 1s/^/re_/; git rebase -q -i main",
            "todo s/pick/reword/; editor 1s/^/re_/; git rebase -q -i base",
            "todo 3s/pick/squash/; git rebase -q -i main",
            "todo 2s/pick/squash/; git rebase -q -i main",
            "todo 2s/pick/fixup/; git rebase -q -i main",
            "todo 2,3s/pick/fixup/; git rebase -q -i main",
            "todo 2s/pick/fixup -C/; git rebase -q -i main",
            "todo 2s/pick/fixup -c/; git rebase -q -i main",
            "todo 2s/pick/drop/; git rebase -q -i main",
            "todo 1{h;d};2G; git rebase -q -i main",
            "todo 1abreak; git rebase -q -i main; git rebase --continue",
            "todo 1aexec git commit -q --amend -m exec; git rebase -q -i main",
            "todo 1aexec echo k5 >n && git add n && git commit -q -m exec; git rebase -q -i main",
            "todo 1s/pick/edit/; git rebase -q -i main; s g: s2 b4 b5 b6; git commit -q -a --amend --no-edit; git rebase --continue",
            "todo 1s/pick/edit/; git rebase -q -i main; s g: s2 b4 b5 b6; git add g; git rebase --continue",
            "todo 1s/pick/edit/; git rebase -q -i main; p g: p2 b4 b5 b6; git add g; git rebase --continue",
            "todo 1s/pick/edit/; git rebase -q -i main; s h: s2; commit between; git rebase --continue",
            "todo 1s/pick/edit/; git rebase -q -i main; git reset -q HEAD~1; commit again; git rebase --continue",
            "todo 1s/pick/edit/; git rebase -q -i main; git rebase --abort; k n: k1; commit N",
        ],
        &expect![[r#"
            $ todo 1s/pick/reword/; editor 1s/^/re_/; git rebase -q -i main
            M [] commit: p9=?
            re_A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ todo s/pick/reword/; editor 1s/^/re_/; git rebase -q -i base
            M [] commit: p9=?
            re_A [Opus 5.5] rebase: o1=Opus
            re_B [Sonnet 5.5] rebase: s1=Sonnet
            re_C [] rebase: p1=?

            $ todo 3s/pick/squash/; git rebase -q -i main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B / C [Sonnet 5.5, Sonnet 5.5] rebase: p1=? s1=Sonnet

            $ todo 2s/pick/squash/; git rebase -q -i main
            M [] commit: p9=?
            A / B [Opus 5.5, Sonnet 5.5, Opus 5.5] rebase: o1=Opus s1=Sonnet
            C [] rebase: p1=?

            $ todo 2s/pick/fixup/; git rebase -q -i main
            M [] commit: p9=?
            A [Opus 5.5, Sonnet 5.5] rebase: o1=Opus s1=Sonnet
            C [] rebase: p1=?

            $ todo 2,3s/pick/fixup/; git rebase -q -i main
            M [] commit: p9=?
            A [Opus 5.5, Sonnet 5.5] rebase: o1=Opus p1=? s1=Sonnet

            $ todo 2s/pick/fixup -C/; git rebase -q -i main
            M [] commit: p9=?
            B [Sonnet 5.5, Opus 5.5] rebase: o1=Opus s1=Sonnet
            C [] rebase: p1=?

            $ todo 2s/pick/fixup -c/; git rebase -q -i main
            M [] commit: p9=?
            B [Sonnet 5.5, Opus 5.5] rebase: o1=Opus s1=Sonnet
            C [] rebase: p1=?

            $ todo 2s/pick/drop/; git rebase -q -i main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            C [] rebase: p1=?

            $ todo 1{h;d};2G; git rebase -q -i main
            M [] commit: p9=?
            B [Sonnet 5.5] rebase: s1=Sonnet
            A [Opus 5.5] rebase: o1=Opus
            C [] rebase: p1=?

            $ todo 1abreak; git rebase -q -i main; git rebase --continue
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ todo 1aexec git commit -q --amend -m exec; git rebase -q -i main
            M [] commit: p9=?
            exec [Opus 5.5] amend: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ todo 1aexec echo k5 >n && git add n && git commit -q -m exec; git rebase -q -i main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            exec [Haiku 4.5] commit: k5=Haiku
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ todo 1s/pick/edit/; git rebase -q -i main; s g: s2 b4 b5 b6; git commit -q -a --amend --no-edit; git rebase --continue
            M [] commit: p9=?
            A [Opus 5.5, Sonnet 5.5] rebase: o1=Opus s2=Sonnet
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ todo 1s/pick/edit/; git rebase -q -i main; s g: s2 b4 b5 b6; git add g; git rebase --continue
            M [] commit: p9=?
            A [Sonnet 5.5] rebase: o1=Opus s2=Sonnet
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ todo 1s/pick/edit/; git rebase -q -i main; p g: p2 b4 b5 b6; git add g; git rebase --continue
            M [] commit: p9=?
            A [] rebase: o1=Opus p2=?
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ todo 1s/pick/edit/; git rebase -q -i main; s h: s2; commit between; git rebase --continue
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            between [Sonnet 5.5] rebase: s2=Sonnet
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ todo 1s/pick/edit/; git rebase -q -i main; git reset -q HEAD~1; commit again; git rebase --continue
            M [] commit: p9=?
            again [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ todo 1s/pick/edit/; git rebase -q -i main; git rebase --abort; k n: k1; commit N
            M [] commit: p9=?
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            C [] commit: p1=?
            N [Haiku 4.5] commit: k1=Haiku

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
            "only post-rewrite: todo 2s/pick/fixup/; only post-rewrite: git rebase -q -i main",
            "only post-rewrite: todo s/pick/reword/; only post-rewrite: git rebase -q -i main",
            "off: todo 2s/pick/squash/; off: git rebase -q -i main; k n: k1; commit N",
            "off: todo s/pick/reword/; editor 1s/^/re_/; off: git rebase -q -i main; k n: k1; commit N",
            "off: todo 1{h;d};2G; off: git rebase -q -i main; k n: k1; commit N",
            "only post-commit,post-rewrite: todo 2s/pick/squash/; only post-commit,post-rewrite: git rebase -q -i main",
        ],
        &expect![[r#"
            $ only post-rewrite: todo 2s/pick/fixup/; only post-rewrite: git rebase -q -i main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus s1=Sonnet
            C [] rebase: p1=?

            $ only post-rewrite: todo s/pick/reword/; only post-rewrite: git rebase -q -i main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            C [] rebase: p1=?

            $ off: todo 2s/pick/squash/; off: git rebase -q -i main; k n: k1; commit N
            M [] commit: p9=?
            A / B [Opus 5.5, Sonnet 5.5] rebase: o1=Opus s1=Sonnet
            C [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ off: todo s/pick/reword/; editor 1s/^/re_/; off: git rebase -q -i main; k n: k1; commit N
            M [] commit: p9=?
            re_A [Opus 5.5] rebase: o1=Opus
            re_B [Sonnet 5.5] rebase: s1=Sonnet
            re_C [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ off: todo 1{h;d};2G; off: git rebase -q -i main; k n: k1; commit N
            M [] commit: p9=?
            B [Sonnet 5.5] rebase: s1=Sonnet
            A [Opus 5.5] rebase: o1=Opus
            C [] no note
            N [Haiku 4.5] commit: k1=Haiku

            $ only post-commit,post-rewrite: todo 2s/pick/squash/; only post-commit,post-rewrite: git rebase -q -i main
            M [] commit: p9=?
            A / B [Opus 5.5, Sonnet 5.5] rebase: o1=Opus s1=Sonnet
            C [] rebase: p1=?

        "#]],
    );
}

#[test]
fn by_autosquash() {
    rows(
        "
        git switch -q -c topic
        o f: b1 o1 b3
        commit A
        s g: b4 s1 b6
        commit B
        {}
        use human
        git -c rebase.autoSquash=true rebase -q -i base
        ",
        &[
            "s f: b1 o1 s2 b3; git commit -q -a --fixup=HEAD~1",
            "s f: b1 o1 s2 b3; git commit -q -a --squash=HEAD~1 -m more",
            "p f: b1 o1 p2 b3; git commit -q -a --fixup=HEAD~1",
            "s f: b1 s2 b3; git commit -q -a --fixup=HEAD~1",
            "editor 1,3s/A/new_A/; s f: b1 o1 s2 b3; git commit -q -a --fixup=amend:HEAD~1",
            "use haiku; k f: b1 o1 k2 b3; git commit -q -a --fixup=HEAD~1",
        ],
        &expect![[r#"
            $ s f: b1 o1 s2 b3; git commit -q -a --fixup=HEAD~1
            A [Opus 5.5, Sonnet 5.5] rebase: o1=Opus s2=Sonnet -1=?
            B [Sonnet 5.5] rebase: s1=Sonnet -1=Sonnet

            $ s f: b1 o1 s2 b3; git commit -q -a --squash=HEAD~1 -m more
            A / more [Opus 5.5, Sonnet 5.5, Opus 5.5] rebase: o1=Opus s2=Sonnet -1=?
            B [Sonnet 5.5] rebase: s1=Sonnet -1=Sonnet

            $ p f: b1 o1 p2 b3; git commit -q -a --fixup=HEAD~1
            A [Opus 5.5] rebase: o1=Opus p2=? -1=?
            B [Sonnet 5.5] rebase: s1=Sonnet -1=Sonnet

            $ s f: b1 s2 b3; git commit -q -a --fixup=HEAD~1
            A [Opus 5.5, Sonnet 5.5] rebase: s2=Sonnet -1=?
            B [Sonnet 5.5] rebase: s1=Sonnet -1=Sonnet

            $ editor 1,3s/A/new_A/; s f: b1 o1 s2 b3; git commit -q -a --fixup=amend:HEAD~1
            A [Opus 5.5] commit: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            amend! new_A / new_A [Opus 5.5, Sonnet 5.5] commit: s2=Sonnet

            $ use haiku; k f: b1 o1 k2 b3; git commit -q -a --fixup=HEAD~1
            A [Opus 5.5, Haiku 4.5] rebase: o1=Opus k2=Haiku -1=?
            B [Sonnet 5.5] rebase: s1=Sonnet -1=Sonnet

        "#]],
    );
}

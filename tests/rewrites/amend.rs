//! `commit --amend` in all its forms.

use expect_test::expect;

use crate::story::rows;

#[test]
fn of_the_message_alone() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        s g: b4 b5 b6 s1
        {}
        ",
        &[
            "git commit -q --amend --no-edit",
            "git commit -q --amend -m new_text",
            "git commit -q --amend -m new_text --no-verify",
            "git commit -q --amend --no-edit --reset-author",
            "git commit -q --amend -m new_text --reset-author",
            "git commit -q --amend --no-edit --author=Other<other@example.org>",
            "git commit -q --amend -m new_text --date=2020-02-02T02:02:02Z",
            "editor 1s/^/edited_/; git commit -q --amend",
            "off: git commit -q --amend -m new_text; commit B",
            "only post-rewrite: git commit -q --amend -m new_text",
            "only post-commit: git commit -q --amend -m new_text",
            "only commit-msg: git commit -q --amend -m new_text; commit B",
            "only post-commit,post-rewrite: git commit -q --amend -m new_text",
            "only commit-msg,post-commit: git commit -q --amend -m new_text",
            "only prepare-commit-msg,post-commit: git commit -q --amend -m new_text",
        ],
        &expect![[r#"
            $ git commit -q --amend --no-edit
            A [Opus 5.5] amend: o1=Opus -1=Opus

            $ git commit -q --amend -m new_text
            new_text [Opus 5.5] amend: o1=Opus -1=Opus

            $ git commit -q --amend -m new_text --no-verify
            new_text [Opus 5.5] amend: o1=Opus -1=Opus

            $ git commit -q --amend --no-edit --reset-author
            A [Opus 5.5] amend: o1=Opus -1=Opus

            $ git commit -q --amend -m new_text --reset-author
            new_text [Opus 5.5] amend: o1=Opus -1=Opus

            $ git commit -q --amend --no-edit --author=Other<other@example.org>
            A [Opus 5.5] amend: o1=Opus -1=Opus

            $ git commit -q --amend -m new_text --date=2020-02-02T02:02:02Z
            new_text [Opus 5.5] amend: o1=Opus -1=Opus

            $ editor 1s/^/edited_/; git commit -q --amend
            edited_A [Opus 5.5] amend: o1=Opus -1=Opus

            $ off: git commit -q --amend -m new_text; commit B
            new_text [] amend: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet

            $ only post-rewrite: git commit -q --amend -m new_text
            new_text [] amend: o1=Opus -1=Opus

            $ only post-commit: git commit -q --amend -m new_text
            new_text [] amend: o1=Opus -1=Opus

            $ only commit-msg: git commit -q --amend -m new_text; commit B
            new_text [Opus 5.5] amend: o1=Opus -1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet

            $ only post-commit,post-rewrite: git commit -q --amend -m new_text
            new_text [] amend: o1=Opus -1=Opus

            $ only commit-msg,post-commit: git commit -q --amend -m new_text
            new_text [Opus 5.5] amend: o1=Opus -1=Opus

            $ only prepare-commit-msg,post-commit: git commit -q --amend -m new_text
            new_text [] amend: o1=Opus -1=Opus

        "#]],
    );
}

#[test]
fn with_edits_of_another_model_on_top() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        s f: s1 b1 o1 b3
        git add f
        {}
        ",
        &[
            "git commit -q --amend --no-edit",
            "git commit -q --amend -m new_text",
            "git commit -q --amend --no-edit --no-verify",
            "only post-commit: git commit -q --amend --no-edit",
            "only post-commit,post-rewrite: git commit -q --amend -m new_text",
            "only commit-msg,post-commit: git commit -q --amend -m new_text",
            "only post-rewrite: git commit -q --amend --no-edit",
            "off: git commit -q --amend --no-edit; p g: p2; commit B",
            "off: git commit -q --amend --no-edit; off: git commit -q --amend -m twice; p g: p2; commit B",
        ],
        &expect![[r#"
            $ git commit -q --amend --no-edit
            A [Opus 5.5, Sonnet 5.5] amend: s1=Sonnet o1=Opus -1=Opus

            $ git commit -q --amend -m new_text
            new_text [Opus 5.5, Sonnet 5.5] amend: s1=Sonnet o1=Opus -1=Opus

            $ git commit -q --amend --no-edit --no-verify
            A [Opus 5.5, Sonnet 5.5] amend: s1=Sonnet o1=Opus -1=Opus

            $ only post-commit: git commit -q --amend --no-edit
            A [Opus 5.5] amend: s1=Sonnet o1=Opus -1=Opus

            $ only post-commit,post-rewrite: git commit -q --amend -m new_text
            new_text [] amend: s1=Sonnet o1=Opus -1=Opus

            $ only commit-msg,post-commit: git commit -q --amend -m new_text
            new_text [Opus 5.5, Sonnet 5.5] amend: s1=Sonnet o1=Opus -1=Opus

            $ only post-rewrite: git commit -q --amend --no-edit
            A [Opus 5.5] amend: s1=Sonnet o1=Opus -1=Opus

            $ off: git commit -q --amend --no-edit; p g: p2; commit B
            A [Opus 5.5] amend: s1=Sonnet o1=Opus -1=Opus
            B [] commit: p2=? -3=?

            $ off: git commit -q --amend --no-edit; off: git commit -q --amend -m twice; p g: p2; commit B
            twice [] amend: s1=Sonnet o1=Opus -1=Opus
            B [] commit: p2=? -3=?

        "#]],
    );
}

#[test]
fn with_edits_by_hand_on_top() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        p f: b1 p1 o1 b3
        {}
        ",
        &[
            "git commit -q -a --amend --no-edit",
            "git commit -q -a --amend -m new_text --author=Other<other@example.org>",
            "off: git commit -q -a --amend --no-edit; p g: p2; commit B",
            "only post-rewrite: git commit -q -a --amend --no-edit",
            "git commit -q --amend --no-edit -- f",
        ],
        &expect![[r#"
            $ git commit -q -a --amend --no-edit
            A [Opus 5.5] amend: p1=? o1=Opus -1=Opus

            $ git commit -q -a --amend -m new_text --author=Other<other@example.org>
            new_text [Opus 5.5] amend: p1=? o1=Opus -1=Opus

            $ off: git commit -q -a --amend --no-edit; p g: p2; commit B
            A [Opus 5.5] amend: p1=? o1=Opus -1=Opus
            B [] commit: p2=? -3=?

            $ only post-rewrite: git commit -q -a --amend --no-edit
            A [Opus 5.5] amend: p1=? o1=Opus -1=Opus

            $ git commit -q --amend --no-edit -- f
            A [Opus 5.5] amend: p1=? o1=Opus -1=Opus

        "#]],
    );
}

#[test]
fn with_edits_of_somebody_declared_on_top() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        use {}
        ",
        &[
            "haiku; k f: b1 o1 k1 b3; git commit -q -a --amend --no-edit",
            "human; h f: b1 o1 h1 b3; git commit -q -a --amend --no-edit",
            "haiku; git commit -q --amend -m other; k f: b1 o1 k1 b3; git commit -q -a --amend -m again",
            "haiku; loses k1; k f: b1 o1 k1 b3; only post-commit: git commit -q -a --amend --no-edit",
        ],
        &expect![[r#"
            $ haiku; k f: b1 o1 k1 b3; git commit -q -a --amend --no-edit
            A [Opus 5.5, Haiku 4.5] amend: o1=Opus k1=Haiku -1=Opus

            $ human; h f: b1 o1 h1 b3; git commit -q -a --amend --no-edit
            A [Opus 5.5] amend: o1=Opus h1=human -1=Opus

            $ haiku; git commit -q --amend -m other; k f: b1 o1 k1 b3; git commit -q -a --amend -m again
            again [Opus 5.5, Haiku 4.5] amend: o1=Opus k1=Haiku -1=Opus

            $ haiku; loses k1; k f: b1 o1 k1 b3; only post-commit: git commit -q -a --amend --no-edit
            A [Opus 5.5] amend: o1=Opus k1=? -1=Opus

        "#]],
    );
}

#[test]
fn that_replaces_what_the_commit_had() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        {}
        ",
        &[
            "s f: b1 s1 b3; git commit -q -a --amend --no-edit",
            "p f: b1 p1 b3; git commit -q -a --amend --no-edit",
            "p f: b1 b2 b3; git commit -q -a --amend --no-edit --allow-empty",
            "sh rm f; git commit -q -a --amend --no-edit",
        ],
        &expect![[r#"
            $ s f: b1 s1 b3; git commit -q -a --amend --no-edit
            A [Opus 5.5, Sonnet 5.5] amend: s1=Sonnet -1=Opus

            $ p f: b1 p1 b3; git commit -q -a --amend --no-edit
            A [Opus 5.5] amend: p1=? -1=Opus

            $ p f: b1 b2 b3; git commit -q -a --amend --no-edit --allow-empty
            A [] amend:

            $ sh rm f; git commit -q -a --amend --no-edit
            A [Opus 5.5] amend: -1=Opus -2=?

        "#]],
    );
}

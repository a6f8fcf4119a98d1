//! Work that no commit has yet: stashed, reset, discarded, carried to another branch, committed in pieces.

use expect_test::expect;

use crate::story::rows;

#[test]
fn that_was_stashed() {
    rows(
        "
        o f: b1 o1 b3
        s new: s1 s2
        {}
        ",
        &[
            "git stash push -q -u; git stash pop -q; commit A",
            "git stash push -q -u; p g: p1; commit M; git stash pop -q; commit A",
            "git stash push -q -u; p f: b1 b2 b3 p1; commit M; git stash pop -q; commit A",
            "git stash push -q -u; p f: b1 b2 b3 p1; commit M; git stash apply -q; git stash drop -q; commit A",
            "git stash push -q -u; git stash branch other; commit A",
            "git stash push -q -u; git stash drop -q; p f: b1 p1 b3; commit A",
            "git stash push -q -u; o f: b1 b2 b3 o3; commit M; git stash pop -q; commit A",
            "git stash push -q -- f; commit A; git stash pop -q; commit B",
        ],
        &expect![[r#"
            $ git stash push -q -u; git stash pop -q; commit A
            A [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet s2=Sonnet -1=Opus

            $ git stash push -q -u; p g: p1; commit M; git stash pop -q; commit A
            M [] commit: p1=? -3=?
            A [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet s2=Sonnet -1=Opus

            $ git stash push -q -u; p f: b1 b2 b3 p1; commit M; git stash pop -q; commit A
            M [] commit: p1=?
            A [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet s2=Sonnet -1=Opus

            $ git stash push -q -u; p f: b1 b2 b3 p1; commit M; git stash apply -q; git stash drop -q; commit A
            M [] commit: p1=?
            A [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet s2=Sonnet -1=Opus

            $ git stash push -q -u; git stash branch other; commit A
            A [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet s2=Sonnet -1=Opus

            $ git stash push -q -u; git stash drop -q; p f: b1 p1 b3; commit A
            A [] commit: p1=? -1=?

            $ git stash push -q -u; o f: b1 b2 b3 o3; commit M; git stash pop -q; commit A
            M [Opus 5.5] commit: o3=Opus
            A [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet s2=Sonnet -1=Opus

            $ git stash push -q -- f; commit A; git stash pop -q; commit B
            A [Sonnet 5.5] commit: s1=Sonnet s2=Sonnet
            B [Opus 5.5] commit: o1=Opus -1=Opus

        "#]],
    );
}

#[test]
fn that_a_reset_took_back() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        s f: b1 o1 b3 s1
        commit B
        use haiku
        {}
        ",
        &[
            "git reset -q --soft HEAD~1; git commit -q -m again",
            "git reset -q --soft HEAD~2; git commit -q -m both",
            "git reset -q HEAD~2; commit both",
            "git reset -q --soft HEAD~2; k f: b1 o1 b3 s1 k1; commit more",
            "git reset -q HEAD~1; git stash push -q; git stash pop -q; commit again",
            "git reset -q --keep HEAD~1; k f: b1 o1 k1 b3; commit other",
            "git reset -q --hard HEAD~1; git reset -q --hard HEAD@{1}; git commit -q --amend -m again",
            "git reset -q --soft HEAD~2; only post-commit: git commit -q -m both",
            "git reset -q --soft HEAD~2; git commit -q --no-verify -m both",
        ],
        &expect![[r#"
            $ git reset -q --soft HEAD~1; git commit -q -m again
            A [Opus 5.5] commit: o1=Opus -1=Opus
            again [Sonnet 5.5] commit: s1=Sonnet

            $ git reset -q --soft HEAD~2; git commit -q -m both
            both [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet -1=Opus

            $ git reset -q HEAD~2; commit both
            both [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet -1=Opus

            $ git reset -q --soft HEAD~2; k f: b1 o1 b3 s1 k1; commit more
            more [Opus 5.5, Haiku 4.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet k1=Haiku -1=Opus

            $ git reset -q HEAD~1; git stash push -q; git stash pop -q; commit again
            A [Opus 5.5] commit: o1=Opus -1=Opus
            again [Sonnet 5.5] commit: s1=Sonnet

            $ git reset -q --keep HEAD~1; k f: b1 o1 k1 b3; commit other
            A [Opus 5.5] commit: o1=Opus -1=Opus
            other [Haiku 4.5] commit: k1=Haiku

            $ git reset -q --hard HEAD~1; git reset -q --hard HEAD@{1}; git commit -q --amend -m again
            A [Opus 5.5] commit: o1=Opus -1=Opus
            again [Sonnet 5.5] amend: s1=Sonnet

            $ git reset -q --soft HEAD~2; only post-commit: git commit -q -m both
            both [] commit: o1=Opus s1=Sonnet -1=Opus

            $ git reset -q --soft HEAD~2; git commit -q --no-verify -m both
            both [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet -1=Opus

        "#]],
    );
}

#[test]
fn that_was_discarded() {
    rows(
        "
        o f: b1 o1 b3
        {}
        ",
        &[
            "git checkout -q -- f; p f: b1 p1 b3; commit A",
            "git restore f; p f: b1 b2 b3 p1; commit A",
            "git reset -q --hard; s f: b1 s1 b3; commit A",
            "git add f; git restore --staged --worktree f; p f: b1 p1 b3; commit A",
            "sh rm f; p f: p1 p2 p3; commit A",
        ],
        &expect![[r#"
            $ git checkout -q -- f; p f: b1 p1 b3; commit A
            A [] commit: p1=? -1=?

            $ git restore f; p f: b1 b2 b3 p1; commit A
            A [] commit: p1=?

            $ git reset -q --hard; s f: b1 s1 b3; commit A
            A [Sonnet 5.5] commit: s1=Sonnet -1=?

            $ git add f; git restore --staged --worktree f; p f: b1 p1 b3; commit A
            A [] commit: p1=? -1=?

            $ sh rm f; p f: p1 p2 p3; commit A
            A [] commit: p1=? p2=? p3=? -3=?

        "#]],
    );
}

#[test]
fn that_went_along() {
    rows(
        "
        o f: b1 o1 b3
        {}
        ",
        &[
            "git switch -q -c other; commit A",
            "git switch -q -c other; s f: b1 o1 s1 b3; commit A; git switch -q main; p g: p1; commit B",
            "git add f; git switch -q -c other; git commit -q -m A",
            "git worktree add -q ../wt; in ../wt: s g: b4 s1 b6; in ../wt: commit W; commit A",
            "git mv f moved; commit A",
            "git mv f moved; s moved: b1 o1 b3 s1; commit A",
            "commit A; git mv f moved; commit B; git reset -q --soft HEAD~2; git commit -q -m both",
        ],
        &expect![[r#"
            $ git switch -q -c other; commit A
            A [Opus 5.5] commit: o1=Opus -1=Opus

            $ git switch -q -c other; s f: b1 o1 s1 b3; commit A; git switch -q main; p g: p1; commit B
            A [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet -1=Opus
            B [] commit: p1=? -3=?

            $ git add f; git switch -q -c other; git commit -q -m A
            A [Opus 5.5] commit: o1=Opus -1=Opus

            $ git worktree add -q ../wt; in ../wt: s g: b4 s1 b6; in ../wt: commit W; commit A
            W [Sonnet 5.5] commit: s1=Sonnet -1=Sonnet
            A [Opus 5.5] commit: o1=Opus -1=Opus

            $ git mv f moved; commit A
            A [Opus 5.5] commit: o1=Opus -1=?

            $ git mv f moved; s moved: b1 o1 b3 s1; commit A
            A [Opus 5.5, Sonnet 5.5] commit: o1=Opus s1=Sonnet -1=?

            $ commit A; git mv f moved; commit B; git reset -q --soft HEAD~2; git commit -q -m both
            both [Opus 5.5] commit: o1=Opus -1=Opus

        "#]],
    );
}

#[test]
fn committed_in_pieces() {
    rows(
        "
        o f: o1 b1 b2 b3
        s g: b4 b5 b6 s1
        p f: o1 b1 b2 b3 p1
        {}
        ",
        &[
            "git add g; git commit -q -m G; commit F",
            "git commit -q -m F -- f; commit G",
            "sh printf \"y\\\\nn\\\\n\" | git commit -q -p -m one f; commit two",
            "sh printf \"s\\\\ny\\\\nn\\\\n\" | git add -p f; git commit -q -m one; commit two",
            "git add -A; s f: s9 o1 b1 b2 b3 p1; git commit -q -m staged; commit rest",
        ],
        &expect![[r#"
            $ git add g; git commit -q -m G; commit F
            G [Sonnet 5.5] commit: s1=Sonnet
            F [Opus 5.5] commit: o1=Opus p1=?

            $ git commit -q -m F -- f; commit G
            F [Opus 5.5] commit: o1=Opus p1=?
            G [Sonnet 5.5] commit: s1=Sonnet

            $ sh printf "y\\nn\\n" | git commit -q -p -m one f; commit two
            one [Opus 5.5] commit: o1=Opus p1=?
            two [Sonnet 5.5] commit: s1=Sonnet

            $ sh printf "s\\ny\\nn\\n" | git add -p f; git commit -q -m one; commit two
            one [Opus 5.5] commit: o1=Opus
            two [Sonnet 5.5] commit: p1=? s1=Sonnet

            $ git add -A; s f: s9 o1 b1 b2 b3 p1; git commit -q -m staged; commit rest
            staged [Opus 5.5, Sonnet 5.5] commit: o1=Opus p1=? s1=Sonnet
            rest [Sonnet 5.5] commit: s9=Sonnet

        "#]],
    );
}

#[test]
fn of_a_worktree() {
    rows(
        "
        git worktree add -q -b topic ../wt
        in ../wt: o f: b1 o1 b3
        in ../wt: commit A
        p g: p1
        commit M
        {}
        ",
        &[
            "in ../wt: git rebase -q main",
            "git cherry-pick topic",
            "in ../wt: s f: b1 o1 s1 b3; in ../wt: git commit -q -a --amend --no-edit",
            "in ../wt: git reset -q --soft HEAD~1; in ../wt: git commit -q -m again",
            "git merge -q --squash topic; git commit -q -m all",
            "git worktree remove ../wt; git rebase -q main topic",
        ],
        &expect![[r#"
            $ in ../wt: git rebase -q main
            M [] commit: p1=? -3=?
            A [Opus 5.5] rebase: o1=Opus -1=Opus

            $ git cherry-pick topic
            A [Opus 5.5] commit: o1=Opus -1=Opus
            M [] commit: p1=? -3=?
            A [Opus 5.5] cherry-pick: o1=Opus -1=Opus

            $ in ../wt: s f: b1 o1 s1 b3; in ../wt: git commit -q -a --amend --no-edit
            M [] commit: p1=? -3=?
            A [Opus 5.5, Sonnet 5.5] amend: o1=Opus s1=Sonnet -1=Opus

            $ in ../wt: git reset -q --soft HEAD~1; in ../wt: git commit -q -m again
            M [] commit: p1=? -3=?
            again [Opus 5.5] commit: o1=Opus -1=Opus

            $ git merge -q --squash topic; git commit -q -m all
            A [Opus 5.5] commit: o1=Opus -1=Opus
            M [] commit: p1=? -3=?
            all [Opus 5.5] squash: o1=Opus -1=Opus

            $ git worktree remove ../wt; git rebase -q main topic
            M [] commit: p1=? -3=?
            A [Opus 5.5] rebase: o1=Opus -1=Opus

        "#]],
    );
}

#[test]
fn that_git_stashed_by_itself() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        git switch -q main
        p g: p9 b4 b5 b6
        commit M
        git switch -q topic
        s f: b1 b2 b3 o1 s1
        s n: s2
        {}
        commit N
        ",
        &[
            "git rebase -q --autostash main",
            "git rebase -q --autostash --apply main",
            "git pull -q --rebase --autostash . main",
            "git merge -q --autostash -m merged main",
            "off: git rebase -q --autostash main",
            "git rebase -q --autostash main; o f: b1 b2 b3 o1 s1 o2",
            "git rebase -q --autostash main; use haiku; k f: b1 b2 b3 o1 s1 k1",
        ],
        &expect![[r#"
            $ git rebase -q --autostash main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            N [Sonnet 5.5] commit: s1=Sonnet s2=Sonnet

            $ git rebase -q --autostash --apply main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            N [Sonnet 5.5] commit: s1=Sonnet s2=Sonnet

            $ git pull -q --rebase --autostash . main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            N [Sonnet 5.5] commit: s1=Sonnet s2=Sonnet

            $ git merge -q --autostash -m merged main
            A [Opus 5.5] commit: o1=Opus
            M [] commit: p9=?
            merged [] merge:
            N [Sonnet 5.5] commit: s1=Sonnet s2=Sonnet

            $ off: git rebase -q --autostash main
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            N [Sonnet 5.5] commit: s1=Sonnet s2=Sonnet

            $ git rebase -q --autostash main; o f: b1 b2 b3 o1 s1 o2
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            N [Opus 5.5, Sonnet 5.5] commit: s1=Sonnet o2=Opus s2=Sonnet

            $ git rebase -q --autostash main; use haiku; k f: b1 b2 b3 o1 s1 k1
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            N [Haiku 4.5, Sonnet 5.5] commit: s1=Sonnet k1=Haiku s2=Sonnet

        "#]],
    );
}

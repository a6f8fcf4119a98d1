//! What no message hook sees: `am`, filters, plumbing, hooks that are off.

use expect_test::expect;

use crate::story::{Story, rows};

#[test]
fn of_patches() {
    rows(
        "
        git switch -q -c topic
        o f: b1 b2 b3 o1
        commit A
        s g: b4 b5 b6 s1
        commit B
        sh git format-patch -q -o ../patches base..topic
        git switch -q main
        p f: p9 b1 b2 b3
        commit M
        use haiku
        {}
        ",
        &[
            "git am -q -3 ../patches/0001-A.patch ../patches/0002-B.patch",
            "git am -q -3 ../patches/0001-A.patch",
            "off: git am -q -3 ../patches/0001-A.patch ../patches/0002-B.patch; k n: k1; commit N",
            "git am -q -3 --signoff ../patches/0002-B.patch",
            "loses s1; git apply --index ../patches/0002-B.patch; use --clear; git commit -q -m applied",
            "sh sed -i s/o1/p1/g ../patches/0001-A.patch; git am -q -3 ../patches/0001-A.patch",
        ],
        &expect![[r#"
            $ git am -q -3 ../patches/0001-A.patch ../patches/0002-B.patch
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] apply: o1=Opus
            B [Sonnet 5.5] apply: s1=Sonnet

            $ git am -q -3 ../patches/0001-A.patch
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] apply: o1=Opus

            $ off: git am -q -3 ../patches/0001-A.patch ../patches/0002-B.patch; k n: k1; commit N
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] apply: o1=Opus
            B [Sonnet 5.5] apply: s1=Sonnet
            N [Haiku 4.5] commit: k1=Haiku

            $ git am -q -3 --signoff ../patches/0002-B.patch
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            B / Signed-off-by: Cora Committer <cora@example.org> [Sonnet 5.5] apply: s1=Sonnet

            $ loses s1; git apply --index ../patches/0002-B.patch; use --clear; git commit -q -m applied
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            applied [] commit: s1=?

            $ sh sed -i s/o1/p1/g ../patches/0001-A.patch; git am -q -3 ../patches/0001-A.patch
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] apply: p1=?

        "#]],
    );
}

#[test]
fn of_plain_commits() {
    rows(
        "
        use haiku
        {}
        use --clear
        p g: p8
        commit N
        ",
        &[
            "o f: b1 o1 b3; off: commit A",
            "o f: b1 o1 b3; off: commit A; s f: b1 o1 s1 b3; off: commit B",
            "loses k1; k f: b1 k1 b3; off: commit A",
            "o f: b1 o1 b3; s n: s1; off: git commit -q -a -m A; off: commit B",
            "o f: b1 o1 b3; only post-commit: commit A",
            "o f: b1 o1 b3; only commit-msg: commit A",
            "o f: b1 o1 b3; off: commit A; s f: b1 o1 s1 b3; git commit -q -a --amend --no-edit",
            "o f: b1 o1 b3; off: commit A; off: git commit -q --amend -m A2",
            "o f: b1 o1 b3; off: commit A; s n: s1; off: git commit -q --amend -m A2; s f: b1 o1 s2 b3; git add -A; off: git commit -q --amend -m A3",
            "loses o1; o f: b1 o1 b3; git add f; sh git reset -q --soft $(git commit-tree -p HEAD -m plumbing $(git write-tree))",
        ],
        &expect![[r#"
            $ o f: b1 o1 b3; off: commit A
            A [] commit: o1=Opus -1=Opus
            N [] commit: p8=? -3=?

            $ o f: b1 o1 b3; off: commit A; s f: b1 o1 s1 b3; off: commit B
            A [] commit: o1=Opus -1=Opus
            B [] commit: s1=Sonnet
            N [] commit: p8=? -3=?

            $ loses k1; k f: b1 k1 b3; off: commit A
            A [] no note
            N [] commit: p8=? -3=?

            $ o f: b1 o1 b3; s n: s1; off: git commit -q -a -m A; off: commit B
            A [] commit: o1=Opus -1=Opus
            B [] commit: s1=Sonnet
            N [] commit: p8=? -3=?

            $ o f: b1 o1 b3; only post-commit: commit A
            A [] commit: o1=Opus -1=Opus
            N [] commit: p8=? -3=?

            $ o f: b1 o1 b3; only commit-msg: commit A
            A [Opus 5.5] commit: o1=Opus -1=Opus
            N [] commit: p8=? -3=?

            $ o f: b1 o1 b3; off: commit A; s f: b1 o1 s1 b3; git commit -q -a --amend --no-edit
            A [Opus 5.5, Sonnet 5.5] amend: o1=Opus s1=Sonnet -1=Opus
            N [] commit: p8=? -3=?

            $ o f: b1 o1 b3; off: commit A; off: git commit -q --amend -m A2
            A2 [] amend: o1=Opus -1=Opus
            N [] commit: p8=? -3=?

            $ o f: b1 o1 b3; off: commit A; s n: s1; off: git commit -q --amend -m A2; s f: b1 o1 s2 b3; git add -A; off: git commit -q --amend -m A3
            A3 [] amend: o1=Opus s2=Sonnet s1=Sonnet -1=Opus
            N [] commit: p8=? -3=?

            $ loses o1; o f: b1 o1 b3; git add f; sh git reset -q --soft $(git commit-tree -p HEAD -m plumbing $(git write-tree))
            plumbing [] no note
            N [] commit: p8=? -3=?

        "#]],
    );
}

#[test]
fn of_commits_that_are_left_or_rewritten_before_the_next_one() {
    rows(
        "
        p g: p1
        commit M
        git switch -q -c topic base
        use haiku
        o f: b1 o1 b3
        off: commit A
        {}
        ",
        &[
            "git rebase -q main",
            "git switch -q main; git cherry-pick topic; git branch -q -D topic",
            "git switch -q main; use --clear; p n: p2; commit N",
            "git switch -q main; use --clear; s f: b1 s1 b3; git stash push -q; p n: p2; commit N; git stash pop -q; commit S",
            "git switch -q main; use --clear; s f: b1 s1 b3; git stash push -q; s n: s2; commit N; git stash pop -q; commit S",
        ],
        &expect![[r#"
            $ git rebase -q main
            M [] commit: p1=? -3=?
            A [] rebase: o1=Opus -1=Opus

            $ git switch -q main; git cherry-pick topic; git branch -q -D topic
            M [] commit: p1=? -3=?
            A [] cherry-pick: o1=Opus -1=Opus

            $ git switch -q main; use --clear; p n: p2; commit N
            A [] commit: o1=Opus -1=Opus
            M [] commit: p1=? -3=?
            N [] commit: p2=?

            $ git switch -q main; use --clear; s f: b1 s1 b3; git stash push -q; p n: p2; commit N; git stash pop -q; commit S
            A [] commit: o1=Opus -1=Opus
            M [] commit: p1=? -3=?
            N [] commit: p2=?
            S [Sonnet 5.5] commit: s1=Sonnet -1=?

            $ git switch -q main; use --clear; s f: b1 s1 b3; git stash push -q; s n: s2; commit N; git stash pop -q; commit S
            A [] commit: o1=Opus -1=Opus
            M [] commit: p1=? -3=?
            N [Sonnet 5.5] commit: s2=Sonnet
            S [Sonnet 5.5] commit: s1=Sonnet -1=?

        "#]],
    );
}

#[test]
fn of_filters() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        s g: b4 s1 b6
        commit B
        {}
        p g: p8
        commit N
        ",
        &[
            "sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --msg-filter 'sed 1s/^/filtered_/' base..HEAD >/dev/null 2>&1",
            "sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --env-filter GIT_AUTHOR_NAME=New base..HEAD >/dev/null 2>&1",
            "sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --tree-filter 'echo p7 >p' base..HEAD >/dev/null 2>&1",
        ],
        &expect![[r#"
            $ sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --msg-filter 'sed 1s/^/filtered_/' base..HEAD >/dev/null 2>&1
            filtered_A [Opus 5.5] rebase: o1=Opus -1=Opus
            filtered_B [Sonnet 5.5] rebase: s1=Sonnet -1=Sonnet
            N [] commit: p8=? -3=?

            $ sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --env-filter GIT_AUTHOR_NAME=New base..HEAD >/dev/null 2>&1
            A [Opus 5.5] rebase: o1=Opus -1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet -1=Sonnet
            N [] commit: p8=? -3=?

            $ sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --tree-filter 'echo p7 >p' base..HEAD >/dev/null 2>&1
            A [Opus 5.5] rebase: o1=Opus p7=? -1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet -1=Sonnet
            N [] commit: p8=? -3=?

        "#]],
    );
}

#[test]
fn of_a_replay() {
    if Story::begin().sandbox.git_version() < (2, 44) {
        return; // This Git has no `git replay`.
    }
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
        {}
        p n: p2
        commit N
        ",
        &[
            "git switch -q topic; sh git replay --onto main main..topic | git update-ref --stdin; git reset -q --hard",
            "sh git replay --advance main main..topic | git update-ref --stdin; git reset -q --hard",
            "sh git replay --onto main main..topic | git update-ref --stdin; git switch -q topic",
            "sh git replay --onto main main..topic | git update-ref --stdin; git switch -q topic; git model repair main..",
        ],
        &expect![[r#"
            $ git switch -q topic; sh git replay --onto main main..topic | git update-ref --stdin; git reset -q --hard
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            N [] commit: p2=?

            $ sh git replay --advance main main..topic | git update-ref --stdin; git reset -q --hard
            A [Opus 5.5] commit: o1=Opus
            B [Sonnet 5.5] commit: s1=Sonnet
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            N [] commit: p2=?

            $ sh git replay --onto main main..topic | git update-ref --stdin; git switch -q topic
            M [] commit: p9=?
            A [Opus 5.5] no note
            B [Sonnet 5.5] no note
            N [] commit: p2=?

            $ sh git replay --onto main main..topic | git update-ref --stdin; git switch -q topic; git model repair main..
            M [] commit: p9=?
            A [Opus 5.5] rebase: o1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet
            N [] commit: p2=?

        "#]],
    );
}

#[test]
fn of_an_export_that_is_imported_again() {
    // What `git filter-repo` does, and `git subtree split` in the end.
    rows(
        "
        o f: b1 o1 b3
        commit A
        s sub/g: s1 s2 s3
        commit B
        p g: p7
        commit M
        {}
        p n: p2
        commit N
        ",
        &[
            "sh git fast-export --all | sed /^author/s/example/elsewhere/ | git fast-import --quiet --force; git reset -q --hard",
            "sh git fast-export HEAD -- sub/ | git fast-import --quiet --force; git reset -q --hard",
            "sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --subdirectory-filter sub HEAD >/dev/null 2>&1",
            "loses s1 s2 s3; sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --subdirectory-filter sub HEAD >/dev/null 2>&1; git model repair HEAD",
        ],
        &expect![[r#"
            $ sh git fast-export --all | sed /^author/s/example/elsewhere/ | git fast-import --quiet --force; git reset -q --hard
            A [Opus 5.5] rebase: o1=Opus -1=Opus
            B [Sonnet 5.5] rebase: s1=Sonnet s2=Sonnet s3=Sonnet
            M [] no note
            N [] commit: p2=?

            $ sh git fast-export HEAD -- sub/ | git fast-import --quiet --force; git reset -q --hard
            B [Sonnet 5.5] rebase: s1=Sonnet s2=Sonnet s3=Sonnet
            N [] commit: p2=?

            $ sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --subdirectory-filter sub HEAD >/dev/null 2>&1
            B [Sonnet 5.5] no note
            N [] commit: p2=?

            $ loses s1 s2 s3; sh FILTER_BRANCH_SQUELCH_WARNING=1 git filter-branch -f --subdirectory-filter sub HEAD >/dev/null 2>&1; git model repair HEAD
            B [Sonnet 5.5] rebase: s1=? s2=? s3=?
            N [] commit: p2=?

        "#]],
    );
}

#[test]
fn of_another_repository_as_a_folder() {
    rows(
        "
        o f: b1 o1 b3
        commit A
        sh git checkout -q --orphan lib && git rm -q -rf .
        s l: s1 s2 s3
        commit L
        git switch -q main
        {}
        p n: p2
        commit N
        ",
        &[
            "git merge -q -s ours --no-commit --allow-unrelated-histories lib; git read-tree --prefix=sub/ -u lib; git commit -q -m added",
            "git merge -q -X subtree=sub --allow-unrelated-histories -m merged lib",
        ],
        &expect![[r#"
            $ git merge -q -s ours --no-commit --allow-unrelated-histories lib; git read-tree --prefix=sub/ -u lib; git commit -q -m added
            A [Opus 5.5] commit: o1=Opus -1=Opus
            L [Sonnet 5.5] commit: s1=Sonnet s2=Sonnet s3=Sonnet
            added [] merge:
            N [] commit: p2=?

            $ git merge -q -X subtree=sub --allow-unrelated-histories -m merged lib
            A [Opus 5.5] commit: o1=Opus -1=Opus
            L [Sonnet 5.5] commit: s1=Sonnet s2=Sonnet s3=Sonnet
            merged [] merge:
            N [] commit: p2=?

        "#]],
    );
}

#[test]
fn of_a_commit_that_a_merge_brings() {
    rows(
        "
        o g: o1 o2 b5 o3 b6
        off: commit A
        git switch -q -c topic base
        p n: p1
        commit T
        {}
        p m: p2
        commit N
        ",
        &[
            "git merge -q --no-edit main",
            "p g: b4 p3 b5 b6; git stash push -q; git merge -q --no-edit main",
            "p g: p4 b4 b5 b6; commit P; !git merge -q main; p g: p4 o1 o2 b5 o3 b6; git add g; git commit -q --no-edit",
        ],
        &expect![[r#"
            $ git merge -q --no-edit main
            T [] commit: p1=?
            A [] commit: o1=Opus o2=Opus o3=Opus -1=Opus
            Merge branch 'main' into topic [] merge:
            N [] commit: p2=?

            $ p g: b4 p3 b5 b6; git stash push -q; git merge -q --no-edit main
            T [] commit: p1=?
            A [] commit: o1=Opus o2=Opus o3=Opus -1=Opus
            Merge branch 'main' into topic [] merge:
            N [] commit: p2=?

            $ p g: p4 b4 b5 b6; commit P; !git merge -q main; p g: p4 o1 o2 b5 o3 b6; git add g; git commit -q --no-edit
            T [] commit: p1=?
            P [] commit: p4=?
            A [] commit: o1=Opus o2=Opus o3=Opus -1=Opus
            Merge branch 'main' into topic / # Conflicts: / #	g [] merge:
            N [] commit: p2=?

        "#]],
    );
}

"""`git model log` against `git log --format=%B`, which reads every message and does nothing with it.

The bound: 1.5 times the wall time. More repositories: BENCH_REPOS=PATH:PATH.
"""

import os
from pathlib import Path

import histories
from measure import interleaved, run

BOUND = 1.5
# With a hundredth of the commits start-up is what is measured.
SMOKE_BOUND = 4.0


def _row(sandbox, name, path, rounds):
    def subject(*arguments):
        return lambda: run(arguments, path, sandbox.environment)

    costs = interleaved(
        rounds, {"git": subject("git", "log", "--format=%B"), "ours": subject(sandbox.program, "log")}
    )
    git, ours = costs["git"], costs["ours"]
    return {
        "history": name,
        "git wall ms": round(git.wall * 1000),
        "ours wall ms": round(ours.wall * 1000),
        "wall ratio": round(ours.wall / git.wall, 2),
        "CPU ratio": round(ours.cpu / git.cpu, 2),
        "git MB": round(git.memory / 1024),
        "ours MB": round(ours.memory / 1024),
    }


def benchmark(sandbox, smoke):
    commits = 2_000 if smoke else 100_000
    rounds = 5 if smoke else 11
    rows = []
    for name, notes in (("told", 0), ("told-noted", commits // 5)):
        def make(path, notes=notes):
            histories.told(commits)(sandbox, path)
            if notes:
                histories.add_notes(sandbox, path, notes)

        title = f"{commits:,} commits" + (f", {notes:,} notes" if notes else "")
        rows.append(_row(sandbox, title, sandbox.made(name, make), rounds))
    for path in filter(None, os.environ.get("BENCH_REPOS", "").split(":")):
        rows.append(_row(sandbox, Path(path).name, path, rounds))
    bound = SMOKE_BOUND if smoke else BOUND
    broken = [
        f"log: {row['history']}: {row['wall ratio']} > {bound}" for row in rows if row["wall ratio"] > bound
    ]
    return [("log: against git log --format=%B", rows)], broken

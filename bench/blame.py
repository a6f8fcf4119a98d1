"""`git model blame` against `git blame --porcelain` of the same file, whose commits all have notes.

The bound: 1.5 times the CPU.
"""

import histories
from measure import interleaved, run

BOUND = 1.5
# With a tenth of the commits start-up is what is measured.
SMOKE_BOUND = 6.0


def _row(sandbox, path, title, arguments, rounds):
    def subject(*command):
        return lambda: run((*command, "--", "f.txt"), path, sandbox.environment)

    costs = interleaved(
        rounds,
        {"git": subject("git", "blame", "--porcelain"), "ours": subject(sandbox.program, "blame", *arguments)},
    )
    git, ours = costs["git"], costs["ours"]
    return {
        "file": title,
        "git CPU ms": round(git.cpu * 1000),
        "ours CPU ms": round(ours.cpu * 1000),
        "CPU ratio": round(ours.cpu / git.cpu, 2),
        "wall ratio": round(ours.wall / git.wall, 2),
    }


def benchmark(sandbox, smoke):
    rounds = 5 if smoke else 21
    rows = []
    for lines, commits in ((200, 50),) if smoke else ((2_000, 500), (20_000, 5_000)):
        title = f"{lines:,} lines, {commits:,} commits and notes"
        make = histories.edited(lines, commits)
        path = sandbox.made(f"edited-{commits}", lambda path, make=make: make(sandbox, path))
        # A round of the large file takes half a minute.
        is_large = commits > 1_000
        for arguments in ((),) if is_large else ((), ("--porcelain",)):
            name = " ".join((title, *arguments))
            rows.append(_row(sandbox, path, name, arguments, 3 if is_large else rounds))
    bound = SMOKE_BOUND if smoke else BOUND
    broken = [f"blame: {row['file']}: {row['CPU ratio']} > {bound}" for row in rows if row["CPU ratio"] > bound]
    return [("blame: against git blame --porcelain", rows)], broken

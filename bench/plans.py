"""`git model plan list` with 2,000 plans against `git for-each-ref` with the same fields; loose references, then packed.

The bound: 2 times the CPU. And `git model status --short`, which a prompt waits for: 10 ms.
"""

import subprocess

from measure import interleaved, run

BOUND = 2.0
# With few plans start-up is what is measured.
SMOKE_BOUND = 4.0
SHORT_MS = 10.0
SMOKE_SHORT_MS = 40.0

# What the list shows: id, title, state, version, models, steps, time.
FIELDS = "%(refname:lstrip=3)" + "".join(
    f"%00%(contents:trailers:key=Plan-{key},valueonly)"
    for key in ("Title", "State", "Version", "Model", "Implementer", "Steps", "Changed")
)
COMMAND = ["git", "for-each-ref", f"--format={FIELDS}", "refs/model/plans/"]


def _make(sandbox, path, number):
    """Keeps one plan through the program, and the others as copies of its commit with their own titles."""
    def git(*arguments, given=""):
        done = subprocess.run(
            ["git", *arguments], cwd=path, env=sandbox.environment, input=given, text=True, check=True, capture_output=True
        )
        return done.stdout

    path.mkdir(parents=True, exist_ok=True)
    git("init", "-q")
    text = "# A plan\n\n1. One\n2. Two\n"
    subprocess.run(
        [sandbox.program, "plan", "new", "--model", "Opus 5.5", "-"], cwd=path, env=sandbox.environment, input=text,
        text=True, check=True, capture_output=True,
    )
    first = git("for-each-ref", "--format=%(objectname)", "refs/model/plans/").strip()
    message = git("log", "-1", "--format=%B", first)
    tree = git("rev-parse", f"{first}^{{tree}}").strip()
    updates = []
    for place in range(1, number):
        own = message.replace("Plan-Title: A plan", f"Plan-Title: Plan {place} of many, with a title of usual length")
        commit = git("commit-tree", tree, given=own).strip()
        updates.append(f"create refs/model/plans/{place * 7919 % 2**32 | 0xA0000000:08x} {commit}\n")
    git("update-ref", "--stdin", given="".join(updates))


def _row(sandbox, path, title, rounds):
    costs = interleaved(
        rounds,
        {
            "git": lambda: run(COMMAND, path, sandbox.environment),
            "ours": lambda: run((sandbox.program, "plan", "list"), path, sandbox.environment),
        },
    )
    git, ours = costs["git"], costs["ours"]
    return {
        "plans": title,
        "git CPU ms": round(git.cpu * 1000, 1),
        "ours CPU ms": round(ours.cpu * 1000, 1),
        "CPU ratio": round(ours.cpu / git.cpu, 2),
        "wall ratio": round(ours.wall / git.wall, 2),
    }


def _short_row(sandbox, path, title, rounds):
    costs = interleaved(
        rounds,
        {
            "git": lambda: run(["git", "status", "--porcelain"], path, sandbox.environment),
            "ours": lambda: run((sandbox.program, "status", "--short"), path, sandbox.environment),
        },
    )
    git, ours = costs["git"], costs["ours"]
    return {
        "plans": title,
        "git status CPU ms": round(git.cpu * 1000, 1),
        "ours CPU ms": round(ours.cpu * 1000, 1),
        "wall ms": round(ours.wall * 1000, 1),
    }


def benchmark(sandbox, smoke):
    number = 50 if smoke else 2_000
    path = sandbox.made(f"plans-{number}", lambda path: _make(sandbox, path, number))
    rows = [_row(sandbox, path, f"{number:,}, loose", 5 if smoke else 21)]
    if not smoke:
        subprocess.run(["git", "gc", "-q"], cwd=path, env=sandbox.environment, check=True)
        rows.append(_row(sandbox, path, f"{number:,}, packed", 21))
    bound = SMOKE_BOUND if smoke else BOUND
    broken = [f"plans: {row['plans']}: {row['CPU ratio']} > {bound}" for row in rows if row["CPU ratio"] > bound]
    few = sandbox.made("plans-few", lambda path: _make(sandbox, path, 20))
    rounds = 5 if smoke else 41
    short = [_short_row(sandbox, few, "20, a draft", rounds), _short_row(sandbox, path, f"{number:,}", rounds)]
    limit = SMOKE_SHORT_MS if smoke else SHORT_MS
    broken += [f"status --short: {row['plans']}: {row['ours CPU ms']} ms > {limit}" for row in short if row["ours CPU ms"] > limit]
    return [("plans: list against git for-each-ref", rows), ("plans: git model status --short", short)], broken

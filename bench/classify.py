"""`git model classify` against `git hash-object --stdin`, which reads the same bytes and computes their SHA-1.

The bounds: 50 MB of messages a second of CPU time, on one core; and 8 times the CPU time of git, which holds on
slower machines too. Git's own SHA-1 is plain C without instructions of its own for it, so that it is as fast or as slow
as the machine is.
"""

import json
import random

from histories import WORDS
from measure import interleaved, run

LEAST_MB = 50
BOUND = 8
SMOKE_BOUND = 16
# Of a hundred commits, how many bear marks: an ordinary project, and one that agents write.
SHARES = (0, 10, 40)
NAMES = "Ada Byron,Grace Park,Linus Berg,Wei Chen,Claude Martin,Olu Adeyemi,Ines Costa".split(",")
MODELS = "Opus 4.5,Opus 4.6,Sonnet 4.5,Sonnet 4.6,Haiku 4.5,Opus 4.8 (1M context),Fable 5".split(",")


def _sentence(dice, low, high):
    return " ".join(dice.choice(WORDS) for _ in range(dice.randint(low, high)))


def _mark(dice):
    """Lines as agents leave them, in about the shares in which they are met."""
    kind = dice.random()
    if kind < 0.50:
        return [f"Co-Authored-By: Claude {dice.choice(MODELS)} <noreply@anthropic.com>"]
    if kind < 0.70:
        return [
            "\U0001f916 Generated with [Claude Code](https://claude.com/claude-code)", "",
            "Co-Authored-By: Claude <noreply@anthropic.com>",
        ]
    if kind < 0.80:
        return ["Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>"]
    if kind < 0.85:
        return [f"Assisted-by: Codex:gpt-5.{dice.randint(1, 6)}"]
    if kind < 0.90:
        return [f"Model: {dice.choice(MODELS[:5])} (implementation)"]
    if kind < 0.95:
        return [f"Claude-Session: https://claude.ai/code/session_{dice.getrandbits(60):x}"]
    return ["This change was written with Claude Code, and I reviewed it.", "", "AI-Tool: Codex (gpt-5.5)"]


def _commit(dice, share):
    lines = [_sentence(dice, 3, 9).capitalize()]
    for _ in range(dice.choice((0, 0, 1, 1, 2, 3))):
        lines += ["", *(_sentence(dice, 8, 13) for _ in range(dice.randint(1, 5)))]
    # Words that are near to marks and are none.
    near = dice.random()
    if near < 0.02:
        lines += ["", "Support the gpt-5 model in the Copilot chat."]
    elif near < 0.05:
        lines += ["", "* Apply suggestions from code review"]
    trailers = []
    if dice.random() < 0.2:
        trailers.append(f"Signed-off-by: {dice.choice(NAMES)} <a{dice.randrange(10_000)}@example.com>")
    if dice.random() < 0.1:
        trailers.append(f"Co-authored-by: {dice.choice(NAMES)} <a{dice.randrange(10_000)}@example.com>")
    if dice.random() * 100 < share:
        trailers += _mark(dice)
    who = f"{dice.choice(NAMES)} <a{dice.randrange(10_000)}@example.com>"
    message = "\n".join(lines + (["", *trailers] if trailers else []) + [""])
    return {"author": who, "committer": who, "message": message}


def _stream(path, share, size):
    """Writes commits until their messages have so many bytes, and returns how many these are."""
    dice = random.Random(share)
    written = 0
    with open(path, "w", encoding="utf-8") as file:
        while written < size:
            commit = _commit(dice, share)
            written += len(commit["message"].encode())
            file.write(json.dumps(commit, ensure_ascii=False) + "\n")
    return written


def _row(sandbox, share, size, rounds):
    path = sandbox.folder / f"classify-{share}.jsonl"
    written = _stream(path, share, size)

    def subject(*arguments):
        return lambda: run(arguments, sandbox.folder, sandbox.environment, path)

    costs = interleaved(
        rounds,
        {"git": subject("git", "hash-object", "--stdin"), "ours": subject(sandbox.program, "classify")},
    )
    git, ours = costs["git"], costs["ours"]
    return {
        "commits with marks": f"{share} %",
        "messages MB": round(written / 1e6, 1),
        "git CPU ms": round(git.cpu * 1000),
        "ours CPU ms": round(ours.cpu * 1000),
        "CPU ratio": round(ours.cpu / git.cpu, 1),
        "MB/s of CPU": round(written / 1e6 / ours.cpu),
    }


def benchmark(sandbox, smoke):
    size, rounds = (4_000_000, 5) if smoke else (40_000_000, 11)
    rows = [_row(sandbox, share, size, rounds) for share in SHARES]
    bound = SMOKE_BOUND if smoke else BOUND
    broken = []
    for row in rows:
        name = f"classify: {row['commits with marks']} with marks"
        if row["CPU ratio"] > bound:
            broken.append(f"{name}: {row['CPU ratio']} > {bound}")
        if not smoke and row["MB/s of CPU"] < LEAST_MB:
            broken.append(f"{name}: {row['MB/s of CPU']} MB/s < {LEAST_MB} MB/s")
    return [("classify: against git hash-object --stdin", rows)], broken

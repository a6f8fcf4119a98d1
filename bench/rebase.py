"""What carrying records costs a rebase: 1,000 commits with notes, against as many of the same shims around a program
that does nothing.

The bound: CPU of a rebase with our hooks / CPU of one with empty ones <= 1.3, and 200 MB of memory.
"""

import hooks
import histories
from measure import interleaved, run

BOUND = 1.3
# Few rounds on a busy machine: only what is wrong by its nature shall fail.
SMOKE_BOUND = 1.6
MEMORY_KILOBYTES = 200 * 1024


class Subject(hooks.Subject):
    """A repository whose branch `topic` is rebased again and again, each time from the same state."""

    def rebase(self, folder):
        git = lambda *arguments: self.sandbox.git(self.path, *arguments)
        git("update-ref", "refs/notes/model", "refs/kept/notes")
        git("checkout", "-q", "-B", "topic", "refs/kept/topic")
        self.use(folder)
        cost = run(["git", "rebase", "-q", "main"], self.path, self.sandbox.environment)
        if folder == "ours":
            self.check()
        return cost

    def check(self):
        """Each commit of the rebased branch has a record of its own, of whom its line is."""
        ids = self.sandbox.git(self.path, "rev-list", "main..topic").split()
        noted = self.sandbox.git(self.path, "notes", "--ref=model", "list").split()[1::2]
        missing = set(ids) - set(noted)
        assert not missing, f"{len(missing)} of {len(ids)} commits have no record"
        note = self.sandbox.git(self.path, "notes", "--ref=model", "show", ids[0])
        assert '"added":1' in note and ids[0] in note, note


def benchmark(sandbox, smoke):
    count, rounds = (60, 3) if smoke else (1_000, 5)
    name = f"rebase-{count}"
    subject = Subject(sandbox, sandbox.made(name, lambda path: histories.topic(count)(sandbox, path)))
    costs = interleaved(rounds, {name: lambda name=name: subject.rebase(name) for name in ("none", "empty", "ours")})
    none, empty, ours = (costs[key] for key in ("none", "empty", "ours"))
    ratio = ours.cpu / empty.cpu
    row = {
        "commits": count,
        "without hooks s": round(none.cpu, 2),
        "empty hooks s": round(empty.cpu, 2),
        "ours s": round(ours.cpu, 2),
        "ratio": round(ratio, 2),
        "memory MB": round(ours.memory / 1024),
    }
    bound = SMOKE_BOUND if smoke else BOUND
    broken = [f"rebase: {ratio:.2f} > {bound}"] if ratio > bound else []
    if ours.memory > MEMORY_KILOBYTES:
        broken.append(f"rebase: {ours.memory} KB > {MEMORY_KILOBYTES} KB")
    return [("rebase: commits with notes, CPU", [row])], broken

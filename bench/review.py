"""What the gate adds to a commit whose verdict is there already, against the same hooks without the gate.

The bound: added CPU of the hooks with the gate / added CPU of the hooks without <= 1.5. The reviewer is a server on the
loopback address that finds nothing; it is asked before each measured commit, and must not be asked in one.
"""

import functools
import json
import shutil
import sys
from pathlib import Path

import hooks
import histories
from measure import interleaved

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "programs"))
import openai_server  # noqa: E402

BOUND = 1.5
# Few rounds on a busy machine: only what is wrong by its nature shall fail.
SMOKE_BOUND = 2.0
REVIEWER = "openai-compatible:claude-opus-5-5"
AUTHOR = "claude-sonnet-5-5"
NOTHING_FOUND = {"findings": [], "plan": []}


def reviewer():
    """Starts a server on the loopback address that answers as one who never finds anything."""
    server = openai_server.ScriptedServer([{"text": json.dumps(NOTHING_FOUND)}] * 1_000)
    server.has_helpers = False
    return server


class Subject(hooks.Subject):
    """A repository with our hooks, with and without the gate."""

    def __init__(self, sandbox, path, reviewer):
        self.reviewer = reviewer
        for key, value in (("model.backend.openai-compatible.url", f"{reviewer.address}/v1"), ("model.reviewer", REVIEWER)):
            sandbox.git(path, "config", "--global", key, value)
        super().__init__(sandbox, path)
        sandbox.call([sandbox.program, "use", AUTHOR], path)

    def _make_folders(self):
        super()._make_folders()
        shutil.copytree(self._folder("ours"), self._folder("gated"))
        super().use("gated")
        self.sandbox.call([self.sandbox.program, "review", "--gate", "commit"], self.path)

    def use(self, hooks):
        """Puts a folder of hooks in place; with the gate the staged change is reviewed now."""
        super().use(hooks)
        self.sandbox.git(self.path, "config", "model.review.gate", "commit" if hooks == "gated" else "off")
        if hooks == "gated":
            self.sandbox.call([self.sandbox.program, "review"], self.path)
        self.asked = len(self.reviewer.requests)

    def commit(self, hooks, *options):
        """Commits with one of the folders of hooks; nothing is asked meanwhile, and the verdict is in the record."""
        cost = super().commit(hooks, *options)
        assert len(self.reviewer.requests) == self.asked, f"a commit asked the reviewer ({hooks})"
        if hooks == "gated":
            trailers = self.sandbox.git(self.path, "log", "-1", "--format=%(trailers)")
            assert "(review)" in trailers, trailers
        return cost


def benchmark(sandbox, smoke):
    rounds = 10 if smoke else 60
    server = reviewer()
    path = sandbox.made("reviewed", functools.partial(histories.plain(10, 20), sandbox))
    subject = Subject(sandbox, path, server)
    names = ("none", "ours", "gated")
    costs = interleaved(rounds, {name: lambda name=name: subject.settled(name, subject.commit) for name in names})
    none, ours, gated = (costs[name].cpu * 1000 for name in names)
    ratio = (gated - none) / (ours - none)
    row = {
        "variant": "a verdict is there",
        "commit ms": round(none, 2),
        "hooks add ms": round(ours - none, 2),
        "with the gate ms": round(gated - none, 2),
        "ratio": round(ratio, 2),
    }
    bound = SMOKE_BOUND if smoke else BOUND
    broken = [f"review: {ratio:.2f} > {bound}"] if ratio > bound else []
    return [("review: a commit of three files behind the gate, CPU", [row])], broken

"""What our hooks add to a commit, against the same shims around a program that does nothing.

The bound: added CPU of ours / added CPU of the empty ones <= 3.0. From 1,000 to 50,000 files in the index ours may
grow by a quarter of what git spends on reading it.
"""

import itertools
import os
import re
import shutil

import histories
from measure import interleaved, run

BOUND = 3.0
# Few rounds on a busy machine: only what is wrong by its nature shall fail.
SMOKE_BOUND = 4.0
GROWTH_BOUND = 0.25
EMPTY_PROGRAM = "int main(void) { return 0; }\n"
PLAIN = ["prepare-commit-msg", "commit-msg", "post-commit"]


class Subject:
    """A repository with our hooks, with empty ones, and with none; one folder of hooks is in place at a time."""

    def __init__(self, sandbox, path):
        self.sandbox, self.path = sandbox, path
        self.hooks = path / ".git" / "hooks"
        self.numbers = itertools.count(int(sandbox.git(path, "rev-list", "--count", "main")))
        self._make_folders()
        sandbox.call([sandbox.program, "use", "--clear"], path)

    def _make_folders(self):
        self.hooks.unlink() if self.hooks.is_symlink() else shutil.rmtree(self.hooks, ignore_errors=True)
        for kept in self.hooks.parent.glob("hooks-*"):
            shutil.rmtree(kept)
        self.sandbox.call([self.sandbox.program, "init"], self.path)
        ours = self.hooks.rename(self._folder("ours"))
        self._folder("none").mkdir()
        for number in (1, 2):
            some = self._folder(f"ours-{number}")
            some.mkdir()
            for hook in PLAIN[:number]:
                shutil.copy(ours / hook, some / hook)
        empty = self._folder("empty")
        shutil.copytree(ours, empty)
        program = empty_program(self.sandbox)
        for shim in empty.iterdir():
            text, count = re.subn(r"(?m)^bin=.*$", lambda _: f"bin='{program}'", shim.read_text())
            assert count == 1, shim
            shim.write_text(text)

    def _folder(self, name):
        return self.path / ".git" / f"hooks-{name}"

    def commit(self, hooks, *options):
        """Stages three files and commits them; returns the cost of the commit alone."""
        number = next(self.numbers)
        for file in range(3):
            path = self.path / f"d0/e0/f{file}.txt"
            self.write(hooks, path, f"{number} {hooks} {file}\n" + "a line of text\n" * 20)
        self.sandbox.git(self.path, "add", "d0/e0/f0.txt", "d0/e0/f1.txt", "d0/e0/f2.txt")
        self.use(hooks)
        return run(
            ["git", "commit", "-q", "-m", f"Change {number}", *options], self.path, self.sandbox.environment
        )

    def settled(self, hooks, commit):
        """Has what was committed without our hooks caught up by a commit that is not measured; then measures one."""
        if (self._folder(hooks) / "post-commit").exists() and hooks != "empty":
            Subject.use(self, hooks)
            self.sandbox.git(self.path, "commit", "-q", "--allow-empty", "-m", f"Before {next(self.numbers)}")
        return commit(hooks)

    def use(self, hooks):
        """Puts a folder of hooks in place."""
        self.hooks.unlink(missing_ok=True)
        os.symlink(self._folder(hooks), self.hooks)

    def write(self, _hooks, path, text):
        """Writes a file of the coming commit."""
        path.write_text(text)

    def declare(self):
        self.sandbox.call([self.sandbox.program, "use", "claude-opus-5-5"], self.path)


def empty_program(sandbox):
    """Returns a program that does nothing."""
    program = sandbox.folder / "empty"
    if not program.exists():
        sandbox.call(["cc", "-O2", "-x", "c", "-o", str(program), "-"], input=EMPTY_PROGRAM.encode())
    return program


def _measure(subject, rounds, names=("none", "empty", "ours"), options=()):
    commit = lambda name: subject.commit(name, *options)
    return interleaved(rounds, {name: lambda name=name: subject.settled(name, commit) for name in names})


def measured_row(subject, name, rounds):
    """Measures commits of a subject; returns their row and their costs."""
    costs = _measure(subject, rounds)
    return row_of(name, costs), costs


def _measured_together(subjects, rounds):
    """Measures commits of several subjects in turns, so that they can be compared; returns a row of each."""
    runs = {
        (title, name): lambda one=one, name=name: one.settled(name, one.commit)
        for title, one in subjects.items()
        for name in ("none", "empty", "ours")
    }
    costs = interleaved(rounds, runs)
    return [
        row_of(title, {name: cost for (of, name), cost in costs.items() if of == title}) for title in subjects
    ]


def row_of(name, costs):
    """Makes a row of the costs of commits with no hooks, empty ones and ours."""
    plain, empty, ours = (costs[key].cpu * 1000 for key in ("none", "empty", "ours"))
    return {
        "variant": name,
        "commit ms": round(plain, 2),
        "empty adds ms": round(empty - plain, 2),
        "ours adds ms": round(ours - plain, 2),
        "ratio": round((ours - plain) / (empty - plain), 2),
    }


def _share(row):
    return row["ours adds ms"] - row["empty adds ms"]


def _index_reading(subject, rounds):
    """What git spends on reading the index: the CPU of a command that does little else."""
    read = ["git", "rev-parse", ":d0/e0/f0.txt"]
    cost = interleaved(rounds, {"read": lambda: run(read, subject.path, subject.sandbox.environment)})
    return cost["read"].cpu * 1000


def benchmark(sandbox, smoke):
    rounds = 15 if smoke else 60
    many = 2_000 if smoke else 1_000_000
    small, large = (100, 1_000) if smoke else (1_000, 50_000)

    def subject(name, commits, files, notes=0, packs=1):
        def make(path):
            histories.plain(commits, files, packs)(sandbox, path)
            if notes:
                histories.add_notes(sandbox, path, notes)

        return Subject(sandbox, sandbox.made(name, make))

    rows = []
    few = subject("few", 10, 20)
    costs = _measure(few, rounds * 2, ("none", "empty", "ours", "ours-1", "ours-2"))
    rows.append(row_of("10 commits", costs))
    steps = [costs[name].cpu * 1000 for name in ("none", "ours-1", "ours-2", "ours")]
    share = (costs["empty"].cpu - costs["none"].cpu) * 1000 / 3
    each = [
        {"hook": hook, "adds ms": round(after - before, 2), "an empty one ms": round(share, 2)}
        for hook, before, after in zip(PLAIN, steps, steps[1:])
    ]
    rows.append(row_of("10 commits, amend", _measure(few, rounds, options=("--amend",))))
    few.declare()
    rows.append(row_of("10 commits, declared", _measure(few, rounds)))
    rows.append(row_of(f"{many:,} commits", _measure(subject("many", many, 20), rounds)))
    noted = subject("noted", many, 20, many // 10)
    rows.append(row_of(f"{many:,} commits, {many // 10:,} notes", _measure(noted, rounds)))
    noted.declare()
    rows.append(row_of("the same, declared", _measure(noted, rounds)))
    rows.append(row_of("50 packs", _measure(subject("packs", 10_000, 20, packs=50), rounds)))
    indexed = {files: subject(f"files-{files}", 10, files) for files in (small, large)}
    rows += _measured_together({f"{files:,} files": one for files, one in indexed.items()}, rounds)
    reading = [_index_reading(one, rounds) for one in indexed.values()]
    tables = [("hooks: a commit of three files, CPU", rows), ("hooks: each of ours", each)]
    bound = SMOKE_BOUND if smoke else BOUND
    broken = [f"hooks: {row['variant']}: {row['ratio']} > {bound}" for row in rows if row["ratio"] > bound]
    if smoke:
        # Reading a small index costs less than what a busy machine adds and takes away.
        return tables, broken
    # What empty hooks add grows too (git forks with the index in memory), and that is not ours.
    ours_grew = _share(rows[-1]) - _share(rows[-2])
    git_grew = reading[1] - reading[0]
    growth = {
        "from files": small, "to files": large, "git reads the index, more ms": round(git_grew, 2),
        "ours more ms": round(ours_grew, 2), "ratio": round(ours_grew / git_grew, 2),
    }
    tables.append(("hooks: growth with the index", [growth]))
    if growth["ratio"] > GROWTH_BOUND:
        broken.append(f"hooks: growth with the index: {growth['ratio']} > {GROWTH_BOUND}")
    return tables, broken

"""What the capture of agents' edits costs: at a commit, and in the hooks of the agent.

The bounds: all hooks of a commit <= 4 times of what the same shims around an empty program add, also beside 2,000
sessions of 1 GB; the hook of an edit <= 5 ms of CPU for a file of 100 KB, 10 ms for one of 1 MB; each of the two hooks
around a shell command <= 1.5 times `git status`, both run by a shell, as agents run hooks; 50 MB of memory; the first
commit no slower than the next ones.
"""

import functools
import shutil
import statistics

import hooks
import histories
import sessions
from measure import interleaved, run

COMMIT_BOUND = 4.0
SHELL_BOUND = 1.5
FIRST_BOUND = 1.2
MEMORY_BOUND = 50
EVENT_BOUND = 5.0
# A debug build on a busy machine: only what is wrong by its nature shall fail.
SMOKE_LOOSER = 4.0
# So many new files are committed at once.
EDITED_TOGETHER = 3
# The files whose edit is measured: name, bytes, milliseconds at most.
EDITS = [("10 KB", 10_000, 5.0), ("100 KB", 100_000, 5.0), ("1 MB", 1_000_000, 10.0)]


class Agent:
    """An agent in a repository: a session, and the hooks that it runs."""

    def __init__(self, sandbox, path):
        self.sandbox, self.path = sandbox, path
        self.session = sessions.Session(sandbox, path)
        self._given = sandbox.folder / "payload"

    def run(self, payload):
        """Runs the hook as the agent does, and returns its cost."""
        self._given.write_text(payload)
        command = f"exec '{self.sandbox.program}' agent-hook claude-code"
        return run(["sh", "-c", command], self.path, self.sandbox.environment, self._given)

    def edit(self, path, before):
        """Edits a file; returns what is in it, and the cost of the hook."""
        after, payload = self.session.edit(path, before)
        return after, self.run(payload)

    def shell(self, event, call):
        """Runs a hook before or after a shell command."""
        given = {"command": "make", "description": "Build"}
        more = {"tool_input": given}
        if event == "PostToolUse":
            more["tool_response"] = {"stdout": "done", "stderr": "", "interrupted": False, "isImage": False}
        return self.run(self.session.payload(event, "Bash", call, **more))

    def begin_shell(self):
        return self.session.call("Bash", {"command": "make", "description": "Build"})


class EditedSubject(hooks.Subject):
    """A repository whose commits an agent edits with our hooks in place."""

    def __init__(self, sandbox, path):
        super().__init__(sandbox, path)
        self.agent = Agent(sandbox, path)

    def write(self, hooks_of, path, text):
        if hooks_of != "ours":
            path.write_text(text)
            return
        text = path.read_text()
        for _ in range(2):
            text, _ = self.agent.edit(path, text)

    def commit_without(self, hooks_of):
        """Commits what no agent edited."""
        return hooks.Subject.commit(_Plainly(self), hooks_of)


class _Plainly:
    """A subject whose files are written by nobody of note."""

    def __init__(self, subject):
        self._subject = subject

    def __getattr__(self, name):
        return getattr(self._subject, name)

    def write(self, _, path, text):
        path.write_text(text)


def _again(sandbox, path):
    """Runs `init` as if for the first time; returns its cost."""
    shutil.rmtree(path / ".git" / "model", ignore_errors=True)
    return run([sandbox.program, "init"], path, sandbox.environment)


def _first_commits(subject, rounds):
    """Returns the costs of `init`, and of the first and the second commit after it."""
    costs = {"init": [], "first": [], "second": []}
    for _ in range(rounds):
        hook_folder = subject.hooks.resolve()
        subject.hooks.unlink()
        costs["init"].append(_again(subject.sandbox, subject.path))
        shutil.rmtree(subject.hooks)
        subject.hooks.symlink_to(hook_folder)
        for name in ("first", "second"):
            costs[name].append(subject.commit_without("ours"))
    return costs


def _commits(sandbox, smoke):
    rounds = 10 if smoke else 40
    count, size = (50, 5 << 20) if smoke else (2_000, 1 << 30)

    def subject(name, days_old=None):
        def make(path):
            histories.plain(10, 20)(sandbox, path)
            if days_old is not None:
                sessions.many(sandbox, path, count, size, days_old)

        return EditedSubject(sandbox, sandbox.made(name, make))

    rows, firsts, memory = [], [], {}
    shown = f"{count:,} sessions, {size >> 20} MB"
    subjects = [("no other sessions", "edited", None)]
    subjects += [(f"{shown}, of today", "beside-new", 0), (f"{shown}, a month old", "beside-old", 30)]
    for name, folder, days_old in subjects:
        one = subject(folder, days_old)
        row, costs = hooks.measured_row(one, name, rounds)
        rows.append(row)
        memory[f"commit, {name}"] = costs["ours"].memory
        if name == subjects[0][0]:
            without = one.commit_without
            plain = {key: lambda key=key: one.settled(key, without) for key in ("none", "empty", "ours")}
            rows.append(hooks.row_of("the same, not edited", interleaved(rounds, plain)))
            continue
        costs = _first_commits(one, 3 if smoke else 7)
        cpu = {key: statistics.median(cost.cpu for cost in some) * 1000 for key, some in costs.items()}
        memory[f"first commit, {name}"] = max(cost.memory for cost in costs["first"])
        firsts.append({
            "variant": name, "init ms": round(cpu["init"], 1),
            "init MB": max(cost.memory for cost in costs["init"]) // 1024,
            "first ms": round(cpu["first"], 1), "second ms": round(cpu["second"], 1),
            "ratio": round(cpu["first"] / cpu["second"], 2),
        })
    return rows, firsts, memory


def _edits(sandbox, smoke):
    """The hook of an edit: of a file that was not edited before, and of the same again."""
    rounds = 5 if smoke else 25
    long_file = 20 << 20 if smoke else 500 << 20
    path = sandbox.made("edits", functools.partial(histories.plain(10, 20), sandbox))
    # Of an earlier run, in a sandbox that is kept.
    shutil.rmtree(path / ".git" / "model", ignore_errors=True)
    shutil.rmtree(sessions.folder_of(sandbox, path), ignore_errors=True)
    sandbox.call([sandbox.program, "init"], path)
    rows, memory = [], {}
    for session, size in (("a new session", 0), (f"a session of {long_file >> 20} MB", long_file)):
        agent = Agent(sandbox, path)
        agent.session.fill(size)
        for name, length, _ in EDITS:
            costs = {"first": [], "next": []}
            peak = f"commit of {EDITED_TOGETHER} files of {name}, {session}"
            for number in range(rounds + 1):
                file = path / f"new{number}.rs"
                text, first = agent.edit(file, sessions.source(length, number))
                following = agent.edit(file, text)[1]
                if number > 0:
                    costs["first"].append(first)
                    costs["next"].append(following)
                if number % EDITED_TOGETHER == 0:
                    sandbox.git(path, "add", "--all")
                    done = run(["git", "commit", "-qm", peak], path, sandbox.environment)
                    memory[peak] = max(memory.get(peak, 0), done.memory)
            row = {"file": name, "session": session}
            for which, some in costs.items():
                row[f"{which} edit ms"] = round(statistics.median(cost.cpu for cost in some) * 1000, 2)
            row["MB"] = max(cost.memory for some in costs.values() for cost in some) // 1024
            rows.append(row)
    # One event, and no content: a mode was entered.
    agent = Agent(sandbox, path)

    def event():
        call = agent.session.call("EnterPlanMode", {})
        return agent.run(agent.session.payload("PostToolUse", "EnterPlanMode", call, tool_input={}, tool_response={}))

    given = sandbox.folder / "empty-payload"
    given.write_text("{}")
    command = f"exec '{hooks.empty_program(sandbox)}' agent-hook claude-code"
    nothing = lambda: run(["sh", "-c", command], path, sandbox.environment, given)
    costs = interleaved(rounds * 2, {"one event": event, "an empty program": nothing})
    events = [
        {"process": name, "CPU ms": round(cost.cpu * 1000, 2), "wall ms": round(cost.wall * 1000, 2)}
        for name, cost in costs.items()
    ]
    return rows, events, memory


def _shells(sandbox, smoke):
    rounds = 8 if smoke else 30
    rows, memory = [], {}
    for files in (20, 300) if smoke else (20, 1_000, 50_000):
        path = sandbox.made(f"shell-{files}", functools.partial(histories.plain(10, files), sandbox))
        sandbox.call([sandbox.program, "init"], path)
        agent = Agent(sandbox, path)
        sandbox.git(path, "status")
        changed = path / "d0/e0/f0.txt"
        text = changed.read_text()

        def before():
            call = agent.begin_shell()
            cost = agent.shell("PreToolUse", call)
            agent.shell("PostToolUse", call)
            return cost

        def after():
            call = agent.begin_shell()
            agent.shell("PreToolUse", call)
            return agent.shell("PostToolUse", call)

        def after_change():
            call = agent.begin_shell()
            agent.shell("PreToolUse", call)
            changed.write_text(f"{call}\n{text}")
            cost = agent.shell("PostToolUse", call)
            changed.write_text(text)
            sandbox.git(path, "status")
            return cost

        costs = interleaved(rounds, {
            "status": lambda: run(["git", "status"], path, sandbox.environment),
            "in a shell": lambda: run(["sh", "-c", "git status"], path, sandbox.environment),
            "before": before, "after": after, "after a change": after_change,
        })
        row = {"files": f"{files:,}", "git status ms": round(costs["status"].cpu * 1000, 2)}
        for name in ("in a shell", "before", "after", "after a change"):
            row[f"{name} ms"] = round(costs[name].cpu * 1000, 2)
        for name in ("before", "after", "after a change"):
            row[name] = round(costs[name].cpu / costs["in a shell"].cpu, 2)
            row[f"{name}, no shell"] = round(costs[name].cpu / costs["status"].cpu, 2)
            memory[f"{name} a shell command, {files:,} files"] = costs[name].memory
        rows.append(row)
    return rows, memory


def benchmark(sandbox, smoke):
    looser = SMOKE_LOOSER if smoke else 1.0
    broken = []

    def check(what, value, bound):
        if value > bound * looser:
            broken.append(f"agents: {what}: {value} > {bound * looser}")

    commits, firsts, memory = _commits(sandbox, smoke)
    for row in commits:
        check(f"commit, {row['variant']}", row["ratio"], COMMIT_BOUND)
    for row in firsts:
        check(f"first commit, {row['variant']}", row["ratio"], FIRST_BOUND)
    edits, events, more = _edits(sandbox, smoke)
    memory.update(more)
    bounds = {name: bound for name, _, bound in EDITS}
    for row in edits:
        for which in ("first edit ms", "next edit ms"):
            check(f"{which}, {row['file']}, {row['session']}", row[which], bounds[row["file"]])
        memory[f"edit of {row['file']}, {row['session']}"] = row["MB"] * 1024
    check("one event, CPU ms", events[0]["CPU ms"], EVENT_BOUND)
    shells, more = _shells(sandbox, smoke)
    memory.update(more)
    for row in shells[1:]:  # In the smallest tree most of both is starting a process.
        for name in ("before", "after", "after a change"):
            check(f"{name} a shell command, {row['files']} files", row[name], SHELL_BOUND)
    largest = sorted(memory.items(), key=lambda one: -one[1])[:5]
    peaks = [{"hook": name, "MB": round(kilobytes / 1024, 1)} for name, kilobytes in largest]
    for row in peaks:
        if row["MB"] > MEMORY_BOUND:
            broken.append(f"agents: {row['hook']}: {row['MB']} MB > {MEMORY_BOUND}")
    return [
        ("agents: a commit of three files that an agent edited, CPU", commits),
        ("agents: the first commit after init", firsts),
        ("agents: the hook of an edit, CPU", edits),
        ("agents: one event", events),
        ("agents: the hooks around a shell command, CPU", shells),
        ("agents: the largest memory", peaks),
    ], broken

"""What is played with each program, and what is told of it."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import programs
from programs import PLAN, offered, told
from sandbox import Sandbox

HERE = Path(__file__).resolve().parent
LIMIT_SECONDS = 240
OPEN = []

# A change with an error in it, and what a reviewer says of it.
LOOP = ["fn sum(values: &[u32]) -> u32 {", "    (0..values.len() - 1).map(|at| values[at]).sum()", "}"]
FOUND = {"findings": [{
    "title": "The last value is left out", "why": "The range ends one too early.", "severity": "high",
    "confidence": 0.95, "path": "loop.rs", "start_line": 2, "end_line": 2,
    "quote": "(0..values.len() - 1)", "suggestion": "End at values.len().", "plan_line": None,
}], "plan": []}
STANDS = {"refuted": False, "why": "Nothing adds the last one."}

# What providers answer that is no answer. Codex asks again by itself, so that its server errors would only take time.
ERRORS = {
    "claude": [
        {"status": 401, "type": "authentication_error"}, {"status": 404, "type": "not_found_error"},
        {"status": 400, "type": "invalid_request_error"},
    ],
    "codex": [
        {"status": 401, "type": "invalid_request_error"}, {"status": 404, "type": "not_found"},
        {"status": 429, "type": "insufficient_quota", "code": "insufficient_quota"},
    ],
}


class Case:
    """One case: a program, and what is done with it."""

    def __init__(self, program, kind):
        self.program, self.kind = program, kind
        self.name = f"{program.name}-{kind}"

    def play(self, folder, git_model, path):
        """Plays it in a folder of its own; returns what is to be compared."""
        stage = Stage(self.program, folder, git_model, path)
        try:
            getattr(stage, f"play_{self.kind}")()
            return "".join(stage.lines)
        finally:
            stage.close()


def every():
    """Yields every case."""
    for program in programs.ALL.values():
        for kind in ("plan", "writes", "toolless", "control", "lure", "review"):
            yield Case(program, kind)
        if program.name in ERRORS:
            yield Case(program, "errors")


class Stage:
    """A home, a repository, a folder beside it, and scripted servers."""

    def __init__(self, program, folder, git_model, path):
        self.program, self.path, self.lines = program, path, []
        self.sandbox = Sandbox(folder, git_model, path, LIMIT_SECONDS, program.environment().items())
        OPEN.append(self.sandbox)
        sandbox = self.sandbox
        self.repo, self.outside, self.marks = sandbox.repo, folder / "outside", folder / "marks"
        self.outside.mkdir()
        self.marks.mkdir()
        self._link(path)
        node = shutil.which("node")
        self.environment = {**sandbox.environment, **program.environment()}
        if node:
            self.environment["PATH"] += f":{os.path.dirname(node)}"
        sandbox.git("init", "-q", str(self.repo))
        (self.repo / "a.txt").write_text("alpha\n")
        self.commit("Start")
        self.server = None

    def close(self):
        if self.server:
            self.server.close()
        self.sandbox.close(keep=False)
        OPEN.remove(self.sandbox)

    def commit(self, message):
        self.sandbox.git("add", "-A", folder=self.repo)
        self.sandbox.git("commit", "-q", "-m", message, folder=self.repo)

    def serve(self, turns, model_map=None):
        """Starts the scripted server, and turns the program to it as the user would."""
        if self.server:
            self.server.close()
        self.server = self.program.server(turns, model_map)
        self.program.settle(self.sandbox, self.server.address)
        for key, value in self.program.configured(self.server.address).items():
            self.sandbox.git("config", "--global", key, value, folder=self.repo)

    def _link(self, target):
        place = self.sandbox.folder / "bin" / self.program.command
        place.unlink(missing_ok=True)
        place.symlink_to(target)

    # --- what is done -----------------------------------------------------------------------------------------------

    def play_plan(self):
        """A plan is asked for; it becomes a draft with the model that answered."""
        mapped = {self.program.model: self.program.other_model} if self.program.other_model else {}
        self.serve([{"text": "I look.", "tools": self.attempts()[:1]}, {"text": PLAN}], mapped)
        self.ask()
        self.tell_files()
        shown = json.loads(self.git_model("plan", "show", "--format", "json")[1])["plan"]
        self.line("plan", json.dumps({key: shown.get(key) for key in ("title", "state", "request", "planner")}))

    def play_writes(self):
        """A script that tries to write; nothing may change."""
        self.serve([{"text": "I try.", "tools": self.attempts()}, {"text": PLAN}])
        before = self.files()
        self.ask()
        self.tell_tools()
        self.line("unchanged", self.files() == before)

    def play_toolless(self):
        """The same where there is nothing to be read, as a reviewer is asked: it has no tools at all."""
        self.serve([{"text": "I try.", "tools": self.attempts()}, {"text": PLAN}])
        self.server.has_helpers = False
        bare = self.sandbox.folder / "bare.git"
        self.sandbox.git("clone", "-q", "--bare", str(self.repo), str(bare), folder=self.repo)
        before = self.files()
        self.ask(folder=bare)
        self.tell_tools()
        self.line("unchanged", self.files() == before)

    def play_control(self):
        """The same, but nothing keeps the program from writing: this is what the other case would find."""
        control = self.sandbox.folder / "control"
        control.mkdir()
        changes = {"program": str(self.path), **self.program.control()}
        (control / "control.json").write_text(json.dumps(changes))
        shutil.copy(HERE / "control.py", control / "control.py")
        self._link(control / "control.py")
        self.serve([{"text": "I try.", "tools": self.attempts()}, {"text": PLAN}])
        before = self.files()
        self.ask()
        self.line("unchanged", self.files() == before)
        self.tell_files()

    def play_review(self):
        """A staged change is read by a script that tries to write, finds an error, and cannot refute it."""
        self.git_model("use", self.program.weaker_model)
        (self.repo / "loop.rs").write_text("".join(f"{line}\n" for line in LOOP))
        self.sandbox.git("add", "loop.rs", folder=self.repo)
        answers = [turn for answer in (FOUND, STANDS) for turn in self.program.answers(answer)]
        self.serve([{"text": "I try.", "tools": self.attempts()}, *answers])
        self.server.has_helpers = False
        before = self.files()
        words = ["review", "--model", f"{self.program.name}:{self.program.model}"]
        self.tell(*self.git_model(*words))
        self.tell_tools()
        self.line("unchanged", self.files() == before)
        asked = len(self.server.requests)
        verdict = json.loads(self.git_model(*words, "--format", "json")[1])
        self.line("said again without a question", len(self.server.requests) == asked)
        self.line("verdict", json.dumps({key: verdict.get(key) for key in ("verdict", "reason", "reviewer")}))

    def play_lure(self):
        """A repository with settings of its own, in its files and in its Git configuration: they change nothing."""
        elsewhere = self.program.server([{"text": PLAN}] * 9)
        try:
            self.program.lure(self.repo, self.marks, elsewhere.address)
            self.commit("Lure")
            for key, value in self.program.configured(elsewhere.address).items():
                self.sandbox.git("config", key, value, folder=self.repo)
            self.sandbox.git("config", "model.planner", f"{self.program.name}:lure", folder=self.repo)
            self.serve([{"text": "I try.", "tools": self.attempts()}, {"text": PLAN}])
            before = self.files()
            # As a tool for the environments of projects would set it.
            variables = ("ANTHROPIC_BASE_URL", "OPENAI_BASE_URL", "GOOGLE_GEMINI_BASE_URL")
            self.ask({name: elsewhere.address for name in variables})
            self.line("unchanged", self.files() == before)
            self.line("run by the repository", sorted(os.listdir(self.marks)))
            self.line("asked elsewhere", len(elsewhere.requests))
            sent = json.dumps(self.server.requests)
            self.line("told what the repository tells agents", "LURE" in sent)
        finally:
            elsewhere.close()

    def play_errors(self):
        """What is no answer is an error, and no plan."""
        for error in ERRORS[self.program.name]:
            turn = {"error": error, "errors_for": {self.program.model: error}}
            self.serve([turn])
            self.line("error", error["status"])
            self.ask()
        self.serve([{"text": "half", "stop_reason": "max_tokens", "incomplete": "max_output_tokens"}] * 9)
        self.line("error", "cut off")
        self.ask()
        self.line("plans", json.loads(self.git_model("plan", "list", "--all", "--format", "json")[1])["plans"])

    # --- helpers ----------------------------------------------------------------------------------------------------

    def attempts(self):
        return self.program.attempts(self.repo, self.outside)

    def ask(self, variables=None, folder=None):
        """Asks for a plan and tells what was said."""
        model = f"{self.program.name}:{self.program.model}"
        words = ["plan", "new", "--run", "Cache the index", "--model", model]
        self.tell(*self.git_model(*words, folder=folder, **variables or {}))
        # What it leaves behind where it ran would be found by whoever runs next.
        left = [name for name in os.listdir(self.sandbox.tmp) if name.startswith("git-model-")]
        if left:
            self.line("left behind", left)

    def tell(self, code, said, errors):
        """Tells how a command ended, and what it said."""
        self.line("exit code", code)
        for text in (said, errors):
            # A line that says that it takes its time comes where it does.
            lines = [line for line in self.normal(text).splitlines() if not re.search(r"^asking .*: [0-9]+ s", line)]
            self.lines += [f"| {line}".rstrip() + "\n" for line in lines]

    def git_model(self, *arguments, folder=None, **variables):
        errors = self.sandbox.folder / "errors"
        with open(errors, "wb") as stream:
            child = self.sandbox.start(
                ["git-model", *arguments], folder or self.repo, {**self.environment, **variables},
                stdout=subprocess.PIPE, stderr=stream,
            )
            said, _ = child.communicate(timeout=self.sandbox.left(120))
            self.sandbox.end(child)
        return child.returncode, said.decode("utf-8", "replace"), errors.read_text(errors="replace")

    def line(self, name, value):
        self.lines.append(f"{name}: {self.normal(str(value))}\n")

    def tell_tools(self):
        self.line("offered", ", ".join(offered(self.server.requests)) or "-")
        for text in told(self.server.requests):
            first = self.normal(" ".join(text.split()))
            self.lines.append(f"tool: {first[:200]}\n")

    def files(self):
        """Returns every file inside and beside the repository with its content, but for what Git and we keep."""
        found = {}
        for top in (self.repo, self.outside):
            for folder, folders, names in os.walk(top):
                if ".git" in folders:
                    folders.remove(".git")
                for name in names:
                    path = Path(folder) / name
                    found[str(path.relative_to(self.sandbox.folder))] = path.read_text(errors="replace")
        references = self.sandbox.git("for-each-ref", folder=self.repo).splitlines()
        found["references"] = [line for line in references if "\trefs/model/" not in line]
        for arguments in (["config", "--local", "--list"], ["status", "--porcelain"]):
            found[arguments[0]] = self.sandbox.git(*arguments, folder=self.repo)
        hooks = self.repo / ".git" / "hooks"
        found["hooks"] = sorted(os.listdir(hooks)) if hooks.exists() else []
        return found

    def tell_files(self):
        for path, content in sorted(self.files().items()):
            if path.startswith(("repo/", "outside/")):
                self.line(path, repr(content))

    def normal(self, text):
        """Takes out of a text what is another at each run."""
        text = text.replace(str(self.sandbox.folder), "/test").replace("/private/test", "/test")
        text = re.sub(r"/test/tmp/git-model-[0-9]+-[0-9]+", "/own", text)
        text = re.sub(r"127\.0\.0\.1:[0-9]+", "127.0.0.1:PORT", text)
        text = re.sub(r"\b[0-9a-f]{8}\b(?=[ \n]|$)", "PLAN-ID", text)
        text = re.sub(r"^[0-9]+ s,", "N s,", text, flags=re.M)
        text = re.sub(r"Chunk ID: \w+ Wall time: [0-9.]+", "Chunk ID: ID Wall time: N", text)
        return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "UUID", text)

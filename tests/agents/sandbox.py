"""The folder of one scenario: a home, a repository, an environment of its own, and every process that was started."""

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

# Nothing of these may reach a note, nor the journal.
PERSON = "Ada Park"
ADDRESS = "ada.park@private.example"
API_KEY = "dummy-key-for-a-scripted-server"
CONFIGURATION = f"""[user]
\tname = {PERSON}
\temail = {ADDRESS}
[init]
\tdefaultBranch = main
[maintenance]
\tauto = false
[gc]
\tauto = 0
[advice]
\tdetachedHead = false
"""


class Failure(Exception):
    """The scenario could not be played as it is written."""


class Sandbox:
    """Where one scenario is played; closing it ends what was started and removes the folder."""

    def __init__(self, folder, program, claude, limit_seconds, variables=()):
        self.folder = Path(folder)
        self.home, self.repo, self.tmp = self.folder / "home", self.folder / "repo", self.folder / "tmp"
        self.claude = claude
        self._end = time.monotonic() + limit_seconds
        self._children, self._sockets = [], []
        self._lock = threading.Lock()
        for place in (self.home / ".claude", self.repo, self.tmp, self.folder / "bin"):
            place.mkdir(parents=True)
        for name, target in (("git-model", program), ("claude", claude)):
            (self.folder / "bin" / name).symlink_to(target)
        (self.home / ".gitconfig").write_text(CONFIGURATION)
        path = [str(self.folder / "bin"), "/usr/local/bin", "/usr/bin", "/bin"]
        for tool in ("git", "tmux", "python3"):
            found = shutil.which(tool)
            if found and os.path.dirname(found) not in path:
                path.append(os.path.dirname(found))
        self.environment = {
            "HOME": str(self.home), "PATH": ":".join(path), "TMPDIR": str(self.tmp), "TERM": "xterm-256color",
            "LANG": "C.UTF-8", "SHELL": "/bin/bash", "USER": "ada", "GIT_CONFIG_NOSYSTEM": "1", "GIT_PAGER": "cat",
        }
        self.agent_environment = {
            **self.environment, "ANTHROPIC_API_KEY": API_KEY, "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_TELEMETRY": "1", "DISABLE_ERROR_REPORTING": "1", "DISABLE_AUTOUPDATER": "1",
            **dict(variables),
        }
        self.log = open(self.folder / "log", "ab")

    def settle_agent(self, user_settings):
        """Answers the dialogs that the agent shows to somebody new, and writes the person's settings."""
        trusted = {
            "hasTrustDialogAccepted": True, "hasCompletedProjectOnboarding": True, "projectOnboardingSeenCount": 4,
        }
        folders = [self.repo, Path(f"{self.repo}-wt")]
        (self.home / ".claude.json").write_text(json.dumps({
            "hasCompletedOnboarding": True, "theme": "dark", "numStartups": 3,
            "customApiKeyResponses": {"approved": [API_KEY[-20:]], "rejected": []},
            "projects": {str(folder): trusted for folder in folders},
        }))
        if user_settings:
            (self.home / ".claude" / "settings.json").write_text(json.dumps(user_settings))

    # --- processes --------------------------------------------------------------------------------------------------

    def left(self, at_most):
        """Returns how many seconds a step may still take; fails where the scenario's time is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise Failure("the scenario took too long")
        return min(at_most, left)

    def start(self, arguments, folder=None, environment=None, **streams):
        """Starts a program in a process group of its own."""
        streams = {"stdin": subprocess.DEVNULL, "stdout": self.log, "stderr": self.log, **streams}
        child = subprocess.Popen(
            arguments, cwd=folder or self.repo, env=environment or self.environment, start_new_session=True, **streams,
        )
        with self._lock:
            self._children.append(child)
        return child

    def call(self, arguments, folder=None, environment=None, seconds=60, may_fail=False):
        """Runs a program to its end; returns its exit code and what it printed."""
        child = self.start(arguments, folder, environment, stdout=subprocess.PIPE)
        try:
            printed, _ = child.communicate(timeout=self.left(seconds))
        except subprocess.TimeoutExpired:
            raise Failure(f"took longer than {seconds} s: {arguments}") from None
        finally:
            self.end(child)
        if child.returncode != 0 and not may_fail:
            raise Failure(f"exit code {child.returncode}: {arguments}")
        return child.returncode, printed.decode("utf-8", "replace")

    def end(self, child):
        """Ends a process and what it left behind."""
        with self._lock:
            if child in self._children:
                self._children.remove(child)
                _kill(child)

    def person(self, command, folder=None):
        """Runs a shell command as a person does in another terminal: nothing of an agent is in its environment."""
        self.call(["bash", "-ec", command], folder)

    def git(self, *arguments, folder=None, may_fail=False):
        """Runs git and returns what it printed."""
        return self.call(["git", *arguments], folder, may_fail=may_fail)[1]

    def socket(self):
        """Returns a new place for the socket of a tmux server; short, since the length of such paths is bounded."""
        self._sockets.append(str(self.folder / f"t{len(self._sockets)}"))
        return self._sockets[-1]

    def stop(self):
        """Ends every process that was started; may be called at any moment, and twice."""
        for socket in self._sockets:
            subprocess.run(
                ["tmux", "-S", socket, "kill-server"], env=self.environment, timeout=10, check=False,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
        for child in list(self._children):
            self.end(child)

    def close(self, keep):
        self.stop()
        self.log.close()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def _kill(child):
    """Ends a process group, also where its first process has gone and left others behind."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    if child.poll() is None:
        child.wait(10)

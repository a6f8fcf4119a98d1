"""A folder in which no setting of the person who runs the benchmark can be felt."""

import os
import subprocess
import tempfile
from pathlib import Path

CONFIGURATION = """[user]
\tname = Bench
\temail = bench@example.com
[init]
\tdefaultBranch = main
[maintenance]
\tauto = false
[gc]
\tauto = 0
[advice]
\tdetachedHead = false
"""


class Sandbox:
    """A temporary folder with a home of its own, removed at the end; or one that is kept, to be used again."""

    def __init__(self, program, kept=None):
        self.program = program
        self._temporary = None if kept else tempfile.TemporaryDirectory(prefix="git-model-bench-")
        self.folder = Path(kept or self._temporary.name).resolve()
        home = self.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        (home / "gitconfig").write_text(CONFIGURATION)
        self.environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LC_ALL": "C",
            "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PAGER": "cat",
        }

    def call(self, arguments, folder=None, **options):
        """Runs a program whose cost does not matter; returns what it prints."""
        done = subprocess.run(
            arguments, cwd=folder or self.folder, env=self.environment, check=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options,
        )
        return done.stdout.decode()

    def git(self, folder, *arguments, **options):
        """Runs git in a repository."""
        return self.call(["git", *arguments], folder, **options)

    def made(self, name, make):
        """Returns a repository by its name; makes it with a function if it is not there yet."""
        path = self.folder / name
        if not (path / "made").exists():
            self.call(["git", "init", "-q", str(path)])
            make(path)
            (path / "made").write_text("")
            (path / ".git" / "info" / "exclude").write_text("/made\n")
        return path

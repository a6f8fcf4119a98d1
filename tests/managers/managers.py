"""The managers of hooks: how each is installed, set up with a formatter, and put into a repository."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# Those that run with Node 18; lefthook's package for a platform holds the program itself.
NPM_PACKAGES = ["husky@9.1.7", "lint-staged@15.5.2", "lefthook-{platform}@2.2.2"]
PIP_PACKAGE = "pre-commit==4.7.0"
PLATFORMS = {
    ("Linux", "x86_64"): "linux-x64", ("Linux", "aarch64"): "linux-arm64",
    ("Darwin", "arm64"): "darwin-arm64", ("Darwin", "x86_64"): "darwin-x64",
}
# Makes `let  x` to `let x` in files.
FORMATTER = "#!/bin/sh\nfor file; do sed 's/let  /let /' \"$file\" >\"$file.new\" && cat \"$file.new\" >\"$file\"; rm \"$file.new\"; done\n"


def installed(folder):
    """Returns a folder with all managers in its `bin`, which is made once; ends the program where it cannot be made."""
    platform = PLATFORMS.get((os.uname().sysname, os.uname().machine))
    if platform is None:
        print("error: no package of lefthook for this platform", file=sys.stderr)
        sys.exit(3)
    packages = [package.format(platform=platform) for package in NPM_PACKAGES]
    place = folder / "-".join(["managers", *(name.rpartition("@")[2] for name in packages), PIP_PACKAGE.rpartition("=")[2]])
    if not (place / "bin").exists():
        folder.mkdir(parents=True, exist_ok=True)
        # A folder beside the place, renamed when all is in it, but that Python's environments cannot be moved.
        shutil.rmtree(place, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix="managers-", dir=folder))
        _run("npm", "install", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", fresh, *packages)
        fresh.rename(place)
        _run(sys.executable, "-m", "venv", place / "python")
        _run(place / "python" / "bin" / "pip", "-q", "install", "--disable-pip-version-check", PIP_PACKAGE)
        _link(place, place / "bin.new", platform)
        (place / "bin.new").rename(place / "bin")
    return place


def _run(*words):
    done = subprocess.run([str(word) for word in words], stdout=sys.stderr, timeout=300, check=False)
    if done.returncode != 0:
        print(f"error: {' '.join(map(str, words))} ended with {done.returncode}", file=sys.stderr)
        sys.exit(3)


def _link(place, links, platform):
    modules = place / "node_modules"
    links.mkdir(exist_ok=True)
    for name, target in (
        ("husky", modules / ".bin" / "husky"), ("lint-staged", modules / ".bin" / "lint-staged"),
        ("lefthook", modules / f"lefthook-{platform}" / "bin" / "lefthook"),
        ("pre-commit", place / "python" / "bin" / "pre-commit"), ("node", Path(shutil.which("node") or "node")),
    ):
        (links / name).unlink(missing_ok=True)
        (links / name).symlink_to(target)


class Manager:
    """One manager."""

    name = ""

    def settle(self, repo, tools):
        """Writes what a repository that uses it has committed."""
        (repo / "format").write_text(FORMATTER)
        (repo / "format").chmod(0o755)

    def install(self, sandbox, tools):
        """Puts its hooks in place, as a developer does after cloning."""
        raise NotImplementedError


class Husky(Manager):
    """husky, whose `pre-commit` runs lint-staged: that formats and stages again."""

    name = "husky"

    def settle(self, repo, tools):
        super().settle(repo, tools)
        (repo / "package.json").write_text(json.dumps({"lint-staged": {"*.txt": "./format"}}))
        (repo / ".husky").mkdir()
        (repo / ".husky" / "pre-commit").write_text("lint-staged --quiet\n")

    def install(self, sandbox, tools):
        sandbox.call(["husky"])


class Lefthook(Manager):
    """lefthook, which stages what it fixed."""

    name = "lefthook"

    def settle(self, repo, tools):
        super().settle(repo, tools)
        (repo / "lefthook.yml").write_text(
            "output: [failure]\n"
            "pre-commit:\n  commands:\n    format:\n      glob: '*.txt'\n      run: ./format {staged_files}\n"
            "      stage_fixed: true\n"
        )

    def install(self, sandbox, tools):
        sandbox.call(["lefthook", "install"])


class PreCommit(Manager):
    """pre-commit, which refuses the commit where a hook changed a file."""

    name = "pre-commit"

    def settle(self, repo, tools):
        super().settle(repo, tools)
        (repo / ".pre-commit-config.yaml").write_text(
            "repos:\n- repo: local\n  hooks:\n  - id: format\n    name: format\n    entry: ./format\n"
            "    language: system\n    files: '[.]txt$'\n"
        )

    def install(self, sandbox, tools):
        sandbox.call(["pre-commit", "install"])


ALL = (Husky(), Lefthook(), PreCommit())

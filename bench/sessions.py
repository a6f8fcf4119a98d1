"""Session files of Claude Code, and what its hooks are told, made to measure: the forms are those of 2.1.330."""

import itertools
import json
import os
import re
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path

MODEL = "claude-sonnet-5-5"
# Of a session on disk; what it changed lies in no commit.
BLOCK = 64 << 10

_numbers = itertools.count(time.time_ns())


def folder_of(sandbox, worktree):
    """Returns the folder with the sessions that were started in a worktree."""
    slug = re.sub(r"[^A-Za-z0-9]", "-", str(worktree))
    assert len(slug) <= 200, slug
    return Path(sandbox.environment["HOME"]) / ".claude" / "projects" / slug


def source(size, seed=0):
    """Returns a text of a size, like a program."""
    lines, length, number = [], 0, seed
    while length < size:
        line = f"    let value_{number} = compute({number * 7919 % 10007}, \"{number * 31 % 977:x}\")?;\n"
        lines.append(line)
        length += len(line)
        number += 1
    return "".join(lines)


def edited(text):
    """Returns a text with another line in its middle, and what the agent's tool says of the change."""
    lines = text.splitlines(keepends=True)
    middle = len(lines) // 2
    old, new = lines[middle], f"    let changed = {next(_numbers)};\n"
    shown = range(max(0, middle - 3), min(len(lines), middle + 4))
    patch = []
    for number in shown:
        if number == middle:
            patch += [f"-{old[:-1]}", f"+{new[:-1]}"]
        else:
            patch.append(f" {lines[number][:-1]}")
    hunk = {
        "oldStart": shown.start + 1, "oldLines": len(shown), "newStart": shown.start + 1, "newLines": len(shown),
        "lines": patch,
    }
    return "".join([*lines[:middle], new, *lines[middle + 1:]]), (old, new, hunk)


class Session:
    """One session of an agent in a worktree: a file that grows, and payloads for hooks."""

    def __init__(self, sandbox, worktree):
        self.sandbox, self.worktree = sandbox, worktree
        self.id = str(uuid.uuid4())
        self.prompt = str(uuid.uuid4())
        self.file = folder_of(sandbox, worktree) / f"{self.id}.jsonl"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self._append(self._said("Make the changes."))

    def fill(self, size):
        """Lets the file grow by about so many bytes of what an agent does all day."""
        with self.file.open("ab") as file:
            _repeat(file, self._day(), size)

    def _day(self):
        block = []
        path = str(self.worktree / "other" / "main.rs")
        text = source(4 << 10)
        while sum(map(len, block)) < BLOCK:
            read = self._called("Read", {"file_path": path}, block)
            shown = {"type": "text", "file": {"filePath": path, "content": source(12 << 10), "numLines": 200}}
            block.append(self._came(read, source(12 << 10), shown))
            _, (old, new, hunk) = edited(text)
            call = self._called("Edit", {"file_path": path, "old_string": old, "new_string": new}, block)
            block.append(self._came(call, "updated", edit_result(path, text, old, new, hunk)))
            block.append(self._said("Go on."))
        return "".join(block).encode()

    def _line(self, kind, message, **more):
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {
            "isSidechain": False, "promptId": self.prompt, "type": kind, "message": message, "timestamp": now, **more,
            "entrypoint": "cli", "cwd": str(self.worktree), "sessionId": self.id, "version": "2.1.330",
        }
        return json.dumps(line, separators=(",", ":")) + "\n"

    def _said(self, text):
        return self._line("user", {"role": "user", "content": text})

    def _called(self, tool, given, lines):
        call = f"toolu_{next(_numbers)}"
        block = {"type": "tool_use", "id": call, "name": tool, "input": given}
        message = {
            "id": f"msg_{next(_numbers)}", "role": "assistant", "model": MODEL, "content": [block],
            "stop_reason": "tool_use", "usage": {"input_tokens": 100, "output_tokens": 25},
        }
        lines.append(self._line("assistant", message, requestedModel=MODEL, effort="medium"))
        return call

    def _came(self, call, text, result):
        content = [{"tool_use_id": call, "type": "tool_result", "content": text}]
        return self._line("user", {"role": "user", "content": content}, toolUseResult=result)

    def _append(self, *lines):
        with self.file.open("a") as file:
            file.write("".join(lines))

    def call(self, tool, given):
        """Writes the line of a call, and returns its id."""
        lines = []
        call = self._called(tool, given, lines)
        self._append(*lines)
        return call

    def edit(self, path, before):
        """Edits a file whose content is known; returns the payload of the hook, whose line is in the file by then."""
        after, (old, new, hunk) = edited(before)
        path.write_text(after)
        given = {"file_path": str(path), "old_string": old, "new_string": new, "replace_all": False}
        call = self.call("Edit", given)
        result = edit_result(str(path), before, old, new, hunk)
        self._append(self._came(call, "updated", result))
        return after, self.payload("PostToolUse", "Edit", call, tool_input=given, tool_response=result)

    def payload(self, event, tool, call, **more):
        """Returns what a hook is given on its standard input."""
        payload = {
            "session_id": self.id, "transcript_path": str(self.file), "cwd": str(self.worktree),
            "prompt_id": self.prompt, "permission_mode": "acceptEdits", "hook_event_name": event, "tool_name": tool,
            **more, "tool_use_id": call,
        }
        return json.dumps(payload, separators=(",", ":"))


def edit_result(path, before, old, new, hunk):
    """Returns what the tool `Edit` gives back."""
    return {
        "filePath": path, "oldString": old, "newString": new, "originalFile": before, "structuredPatch": [hunk],
        "userModified": False, "replaceAll": False,
    }


def many(sandbox, worktree, count, size, days_old=0):
    """Makes session files of a size in all, last written so many days ago."""
    when = time.time() - days_old * 24 * 3600
    block = None
    for _ in range(count):
        session = Session(sandbox, worktree)
        block = block or (session.id.encode(), session._day())
        with session.file.open("ab") as file:
            _repeat(file, block[1].replace(block[0], session.id.encode()), size // count)
        os.utime(session.file, (when, when))


def _repeat(file, block, size):
    lines = block.splitlines(keepends=True)
    written = 0
    for line in itertools.cycle(lines):
        if written >= size:
            return
        file.write(line)
        written += len(line)

"""Many commits without a pause, by two agents at once: each of a turn that changes a file and commits it.

One agent works in the main worktree, one in a linked one; in both the models take turns.
"""

from concurrent.futures import ThreadPoolExecutor

import claude
import recorded
from model_server import ModelServer, Script
from sandbox import Failure

MODELS = [("opus", "claude-opus-5-5", "Opus 5.5"), ("sonnet", "claude-sonnet-5-5", "Sonnet 5.5")]
PROMPTS = ["PROMPT-FIRST", "PROMPT-OTHER"]
LINES = 3
SHOWN = 12


def play(sandbox, count):
    """Makes the commits; returns what is wrong with them, one a line."""
    sandbox.settle_agent(None)
    sandbox.person("git init -q . && git commit -q --allow-empty -m 'Start' && git model init")
    sandbox.person(f"git worktree add -q {sandbox.repo}-wt -b other")
    folders = [str(sandbox.repo), f"{sandbox.repo}-wt"]
    half = count // 2 // (LINES + 1) * (LINES + 1)  # each share begins with a new file
    shares = [range(half), range(half, count)]
    threads = [
        {"name": prompt, "match": prompt, "turns": [turn for number in share for turn in _turns(number, folder)]}
        for prompt, folder, share in zip(PROMPTS, folders, shares)
    ]
    script = Script({"threads": threads}, {})
    server = ModelServer(script, sandbox.person)
    sandbox.agent_environment["ANTHROPIC_BASE_URL"] = server.address
    with ThreadPoolExecutor(len(folders)) as pool:
        list(pool.map(lambda one: _work(sandbox, *one), zip(PROMPTS, folders, shares)))
    server.close()
    if script.left_over():
        raise Failure("; ".join(script.left_over()))
    wrong = list(_wrong_on(sandbox, "main", shares[0])) + list(_wrong_on(sandbox, "other", shares[1]))
    return "\n".join(wrong if len(wrong) <= SHOWN else [*wrong[:SHOWN], f"... {len(wrong)} remarks in all"])


def _work(sandbox, prompt, folder, numbers):
    """Has one agent make its commits."""
    arguments = ["--permission-mode", "acceptEdits", "--model", "haiku", "--allowedTools", "Bash(git *)"]
    host = claude.Host(sandbox, arguments, folder)
    for number in numbers:
        host.control({"subtype": "set_model", "model": MODELS[number % len(MODELS)][0]})
        host.say(f"{prompt} number {number}")
    host.close()


def _turns(number, folder):
    change, _ = _change(number, folder)
    command = f"git add -A && git commit -q -m 'Change {number}'"
    commit = {"name": "Bash", "input": {"command": command, "description": "Commit"}}
    return [{"text": "Now.", "tools": [change, commit]}, {"text": "Done."}]


def _change(number, folder):
    """Returns the call that changes a file, and how many lines it adds and deletes: a new file, then line by line."""
    file, line = f"{folder}/file-{number // (LINES + 1)}.txt", number % (LINES + 1)
    if line == 0:
        content = "".join(f"line {place} of {number}\n" for place in range(1, LINES + 1))
        return {"name": "Write", "input": {"file_path": file, "content": content}}, (LINES, 0)
    edit = {"old_string": f"line {line} of {number - line}\n", "new_string": f"line {line} again, {number}\n"}
    return {"name": "Edit", "input": {"file_path": file, **edit}}, (1, 1)


def _wrong_on(sandbox, branch, numbers):
    commits = sandbox.git("rev-list", "--reverse", branch).split()[1:]
    if len(commits) != len(numbers):
        yield f"{len(commits)} commits on `{branch}` instead of {len(numbers)}"
    for number, commit in zip(numbers, commits):
        yield from (f"change {number}: {problem}" for problem in _wrong_in(sandbox, number, commit))


def _wrong_in(sandbox, number, commit):
    _, model, name = MODELS[number % len(MODELS)]
    _, (added, deleted) = _change(number, "")
    message = sandbox.git("log", "-1", "--format=%B", commit).strip()
    if message != f"Change {number}\n\nModel: {name} (implementation)":
        yield f"the message is {message!r}"
    note = recorded.note_of(sandbox, commit)
    if note is None:
        yield "no note"
        return
    ours = note["metadata"]["git-model"]
    found = [
        (part.get("model"), part.get("phase"), part["grade"], part["lines"]["added"], part["lines"]["deleted"])
        for part in ours["contributions"]
    ]
    if found != [(model, "implementation", "observed", added, deleted)]:
        yield f"the contributions are {found}"
    if ours["unknown"]["added"] or ours["unknown"]["deleted"]:
        yield f"unknown lines: {ours['unknown']}"

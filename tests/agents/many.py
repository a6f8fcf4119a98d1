"""Many commits without a pause: each of a turn that changes a file and commits it, the models taking turns."""

import claude
import recorded
from model_server import ModelServer, Script
from sandbox import Failure

MODELS = [("opus", "claude-opus-5-5", "Opus 5.5"), ("sonnet", "claude-sonnet-5-5", "Sonnet 5.5")]
LINES = 3
SHOWN = 12


def _call(number, repo):
    """Returns the call that changes a file, and the lines that it adds and deletes: a new file, then its lines."""
    file, line = f"{repo}/file-{number // (LINES + 1)}.txt", number % (LINES + 1)
    if line == 0:
        content = "".join(f"line {place} of {number}\n" for place in range(1, LINES + 1))
        return {"name": "Write", "input": {"file_path": file, "content": content}}, (LINES, 0)
    old = f"line {line} of {number - line}"
    edit = {"file_path": file, "old_string": old, "new_string": f"line {line} again, {number}"}
    return {"name": "Edit", "input": edit}, (1, 1)


def _turns(number, repo):
    commit = {"command": f"git add -A && git commit -q -m 'Change {number}'", "description": "Commit"}
    change, _ = _call(number, repo)
    return [{"text": "Now.", "tools": [change, {"name": "Bash", "input": commit}]}, {"text": "Done."}]


def play(sandbox, count):
    """Makes the commits; returns what is wrong with them, one a line."""
    sandbox.settle_agent(None)
    sandbox.person("git init -q . && git commit -q --allow-empty -m 'Start' && git model init")
    turns = [turn for number in range(count) for turn in _turns(number, sandbox.repo)]
    scenario = {"threads": [{"name": "main", "match": "PROMPT-MANY", "turns": turns}]}
    script = Script(scenario, {})
    server = ModelServer(script, sandbox.person)
    sandbox.agent_environment["ANTHROPIC_BASE_URL"] = server.address
    arguments = ["--permission-mode", "acceptEdits", "--model", MODELS[0][0], "--allowedTools", "Bash(git *)"]
    host = claude.Host(sandbox, arguments, None)
    for number in range(count):
        if number:
            host.control({"subtype": "set_model", "model": MODELS[number % len(MODELS)][0]})
        host.say(f"PROMPT-MANY number {number}")
    host.close()
    server.close()
    if script.left_over():
        raise Failure("; ".join(script.left_over()))
    return "\n".join(_shortened(list(_wrong(sandbox, count))))


def _shortened(problems):
    return problems if len(problems) <= SHOWN else [*problems[:SHOWN], f"... and so on; {problems[-1]}"]


def _wrong(sandbox, count):
    commits = sandbox.git("rev-list", "--reverse", "HEAD").split()[1:]
    if len(commits) != count:
        yield f"{len(commits)} commits instead of {count}"
    wrong = 0
    for number, commit in enumerate(commits):
        problems = list(_wrong_in(sandbox, number, commit))
        wrong += bool(problems)
        for problem in problems:
            yield f"commit {number}: {problem}"
    if wrong:
        yield f"{wrong} of {len(commits)} commits are wrong"


def _wrong_in(sandbox, number, commit):
    _, model, name = MODELS[number % len(MODELS)]
    _, (added, deleted) = _call(number, sandbox.repo)
    message = sandbox.git("log", "-1", "--format=%B", commit).strip()
    expected = f"Change {number}\n\nModel: {name} (implementation)"
    if message != expected:
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

"""Reads back what git-model recorded, whole, in a form that is the same in every run."""

import json
import re
from pathlib import Path

from sandbox import ADDRESS, PERSON
from scenario import PLAN, PROMPT

NO_NOTE = "no note"


class Names:
    """Gives stable names to what differs from run to run, in the order in which it is met."""

    def __init__(self, sandbox):
        self._places = {str(sandbox.repo): "REPO", str(sandbox.home): "HOME", str(sandbox.folder): "FOLDER"}
        self._met = {}

    def of(self, kind, value):
        """Returns the name of a value of a kind."""
        known = self._met.setdefault(kind, {})
        return f"{kind} {known.setdefault(value, len(known) + 1)}"

    def all(self, kind):
        """Returns the values of a kind that were met, in that order."""
        return list(self._met.get(kind, {}))

    def text(self, text):
        """Returns a text with stable names in it."""
        for commit, number in self._met.get("commit", {}).items():
            text = text.replace(commit, f"<commit {number}>")
        text = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", lambda it: self.of("session", it[0]), text)
        text = re.sub(r"\bagent-[0-9a-f]{12,}\b", lambda it: self.of("agent", it[0]).replace(" ", "-"), text)
        for place, name in self._places.items():
            text = text.replace(place, name)
        return text


def described(sandbox, commands=()):
    """Describes every commit of every branch with its note, and whose each line is in every worktree.

    What some commands of `git model` print follows.
    """
    names = Names(sandbox)
    lines, seen = [], set()
    branches = sandbox.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()
    branches.sort(key=lambda branch: (branch != "main", branch))
    for branch in branches:
        commits = sandbox.git("rev-list", "--reverse", "--topo-order", branch).split()
        new = [commit for commit in commits if commit not in seen]
        seen.update(new)
        named = [names.of("commit", commit) for commit in commits]
        lines.append(f"branch {names.text(branch)}: {', '.join(named) or 'nothing'}")
        for commit in new:
            lines += ["", *_commit(sandbox, names, commit)]
        lines.append("")
    for worktree in _worktrees(sandbox):
        lines += _worktree(sandbox, names, worktree)
    lines += _plans(sandbox, names)
    lines += _stories(sandbox, names)
    for command in commands:
        said = re.sub(r"\b\d{4}-\d\d(-\d\d)?\b", "DATE", sandbox.git("model", *command.split()))
        lines += ["", f"git model {command}", *(f"  | {line}".rstrip() for line in names.text(said).splitlines())]
    return "\n".join(lines).rstrip() + "\n"


def _commit(sandbox, names, commit):
    message = sandbox.git("log", "-1", "--format=%B", commit).rstrip("\n")
    lines = [names.of("commit", commit)]
    lines += [f"  | {names.text(line)}".rstrip() for line in message.split("\n")]
    note = note_of(sandbox, commit)
    if note is None:
        return [*lines, f"  {NO_NOTE}"]
    ours = dict(note["metadata"]["git-model"])
    ours.pop("schema")
    head = f"{ours.pop('operation')}, by {ours.pop('recorder')}"
    lines.append(f"  note: {head}")
    plans = [_followed(names, plan) for plan in ours.pop("plans", [])]
    parts = ours.pop("contributions")
    lines += [f"  #{number} {_part(names, dict(part))}" for number, part in enumerate(parts)]
    lines.append(f"  unknown: {_counts(ours.pop('unknown'))}")
    lines += [f"  trailer: {trailer}" for trailer in ours.pop("trailers", [])]
    sources = [names.of("commit", source) for source in ours.pop("sources", [])]
    if sources:
        lines.append(f"  sources: {', '.join(sources)}")
    lines += [f"  followed: {plan}" for plan in plans]
    ours.pop("usage", None)  # how much of the session file is written when the commit looks differs from run to run
    lines += [f"  {key}: {names.text(json.dumps(value, sort_keys=True))}" for key, value in sorted(ours.items())]
    for file in sorted(note["files"], key=lambda file: file["path"]):
        lines += [f"  {file['path']} {line}" for line in _ranges(file, parts)]
    return lines


def note_of(sandbox, commit):
    """Returns the note of a commit, or `None`."""
    text = sandbox.git("notes", "--ref=model", "show", commit, may_fail=True)
    return json.loads(text) if text else None


def _part(names, part):
    kind, lines = part.pop("kind"), part.pop("lines")
    words = [part.pop("model"), part.pop("phase", "no phase")] if kind == "model" else [kind]
    part.pop("name", None)
    words += [part.pop("grade"), part.pop("agent", "no agent")]
    words.append(names.of("session", part.pop("session")) if "session" in part else "no session")
    rest = [f"{key} {value if isinstance(value, str) else json.dumps(value)}" for key, value in sorted(part.items())]
    return names.text(", ".join([*words, _counts(lines), *rest]))


def _followed(names, plan):
    """Returns the plan that a commit followed; the hash of its text goes by the text's paths, which differ."""
    approved = f"approved by {plan['approved_by']}" if "approved_by" in plan else "not approved"
    steps = f", steps {plan['steps']}" if "steps" in plan else ""
    return f"{names.of('plan', plan['id'])}, version {plan['version']}, {approved}, {plan['grade']}{steps}"


def _stories(sandbox, names):
    """Returns the plans that are kept in the repository, each with its story."""
    _, printed = sandbox.call(["git", "model", "plan", "list", "--all", "--format", "json"], sandbox.repo)
    lines = []
    plans = {plan["id"]: plan for plan in json.loads(printed)["plans"]}
    known = [plan for plan in names.all("plan") if plan in plans]
    for plan in known + sorted(set(plans) - set(known), key=lambda plan: plans[plan]["changed"]):
        _, printed = sandbox.call(["git", "model", "plan", "show", "--format", "json", plan], sandbox.repo)
        shown = json.loads(printed)
        lines.append(f"{names.of('plan', plan)}: {shown['plan']['state']}, version {shown['plan']['version']}")
        for event in shown["history"]:
            by = event["by"]
            who = "a person" if by["kind"] == "person" else f"automation ({by['agent']})"
            models = [f"{key} {_model(event[key])}" for key in ("planner", "from", "to") if key in event]
            reason = f": {event['reason']}" if "reason" in event else ""
            lines.append(f"  {', '.join([event['what'] + ' by ' + who, *models])}{reason}")
    return lines


def _model(model):
    effort = f" at {model['effort']}" if "effort" in model else ""
    return model.get("model", model["kind"]) + effort


def _counts(counts):
    trivial = f" (trivial {counts['trivial']})" if counts.get("trivial") else ""
    return f"+{counts['added']} -{counts['deleted']}{trivial}"


def _ranges(file, parts):
    """Yields the ranges of a file by their lines, each with its contribution and what other readers see."""
    rows = []
    for conversation in file["conversations"]:
        number = int(conversation["url"].rsplit(":", 1)[1])
        seen = conversation["contributor"]
        other = seen.get("model_id", "")
        agrees = other.endswith("/" + parts[number].get("model", "")) if other else "model" not in parts[number]
        says = f"#{number} {seen['type']}" + ("" if agrees else f", but {other}")
        rows += [(one["start_line"], one["end_line"], says) for one in conversation["ranges"]]
    for start, end, says in sorted(rows):
        yield f"{start}-{end}: {says}" if end > start else f"{start}: {says}"


def _worktrees(sandbox):
    listed = sandbox.git("worktree", "list", "--porcelain").split("\n")
    return [Path(line.removeprefix("worktree ")) for line in listed if line.startswith("worktree ")]


def _worktree(sandbox, names, worktree):
    lines = []
    for path in sorted(sandbox.git("ls-files", "-z", folder=worktree).split("\0")):
        if not path or not (worktree / path).is_file() or b"\0" in (worktree / path).read_bytes():
            continue
        code, printed = sandbox.call(
            ["git", "model", "blame", "--format", "json", path], worktree, may_fail=True,
        )
        lines.append(f"blame {names.text(str(worktree / path))}")
        if code != 0:
            lines.append(f"  exit code {code}")
            continue
        for line in json.loads(printed)["lines"]:
            commit = line.get("commit") or "0"
            commit = "not committed" if set(commit) == {"0"} else names.of("commit", commit)
            lines.append(f"  {line['line']} {commit} {_origin(line['origin'])} | {line['text']}".rstrip())
    return lines


def _origin(origin):
    if origin["kind"] != "model":
        return origin["kind"]
    keys = ("model", "phase", "agent", "grade")
    return " ".join(origin.get(key, f"no-{key}") for key in keys)


def _plans(sandbox, names):
    """Returns what the evidence of the main worktree says about plans: who approved them, what sessions they opened.

    The same fact from a hook and from a session file is told once.
    """
    told = {}
    evidence = sandbox.repo / ".git" / "model" / "evidence"
    for line in evidence.read_text().splitlines() if evidence.exists() else []:
        event = json.loads(line.split(" ", 2)[2])
        session = names.of("session", event["session"]) if "session" in event else None
        if event.get("what") == "plan-approved":
            changed = ", who changed it" if "written" in event else ""
            told[session, event["text"]] = f"plan in {session}: approved by {event['by']}{changed}"
        elif event.get("what") == "opened-with-plan":
            origin = names.of("session", event["from"]) if "from" in event else "nowhere"
            told[session, event["text"]] = f"plan in {session}: from {origin}"
    return list(told.values())


def leaks(sandbox, scenario):
    """Names each place that holds what must stay out of it: prompts, plans, names, addresses, paths of the home."""
    found = []
    texts = {PROMPT: "a prompt", PLAN: "a plan", ADDRESS: "an e-mail address", PERSON: "a person's name"}
    texts.update({text: "what a model said" for text in said(scenario)})
    paths = {str(sandbox.folder): "a path of this machine"}
    address = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
    for commit in sandbox.git("rev-list", "--branches").split():
        where = f"the message of {commit}"
        message = sandbox.git("log", "-1", "--format=%B", commit)
        found += [f"{where}: {what}" for text, what in {**texts, **paths}.items() if text in message]
        where = f"the note of {commit}"
        note = sandbox.git("notes", "--ref=model", "show", commit, may_fail=True)
        found += [f"{where}: {what}" for text, what in {**texts, **paths}.items() if text in note]
        found += [f"{where}: an e-mail address" for _ in address.findall(note)]
    # The journal names the agent's own session files, which lie in the home, and nothing else of the home. Plans stay
    # on this machine and may be kept. What is kept compressed shows a text where it is met first.
    for file in sorted((sandbox.repo / ".git").rglob("model/**/*")):
        if not file.is_file() or "refs" in file.relative_to(sandbox.repo).parts:
            continue
        content = file.read_bytes().decode("utf-8", "replace")
        where = file.relative_to(sandbox.repo)
        kept_out = {text: what for text, what in texts.items() if text != PLAN}
        found += [f"{where}: {what}" for text, what in kept_out.items() if text in content]
        kept = re.sub(re.escape(str(sandbox.home)) + r"/\.claude/(projects|plans)/[^\"\\\s]*", "", content)
        found += [f"{where}: a path of the home" for _ in "1" if str(sandbox.home) in kept]
        found += [f"{where}: an e-mail address" for _ in address.findall(content)]
    return found


def said(scenario):
    """Returns the sentences of the models that are long enough to be looked for."""
    turns = [turn for thread in scenario["threads"] for turn in thread["turns"]]
    return {turn["text"] for turn in turns if len(turn.get("text", "")) >= 12}

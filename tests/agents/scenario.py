"""Plays one scenario.

A scenario is a JSON file:

    "about"          what it shows
    "seconds"        how long it takes, roughly; `run --smoke` leaves out those of more than ten
    "args"           arguments of every start of the agent
    "user_settings"  the person's settings of the agent
    "env"            more variables of the agent's environment
    "agents"         {"NAME": "text"}: definitions of subagents, in the person's home
    "setup"          shell commands in the repository, before `git model init`
    "init"           `false`: not run before the first step, but by a step
    "reviewer"       the model that reviews, by this agent's program: `model.reviewer` of the person
    "tell"           commands of `git model` whose output is compared too
    "threads", "model_map"   what the models say, see model_server.py
    "steps"          one after the other:
        {"run": "PROMPT ...", "args": [...], "in": "folder", "exit": 0}    one `claude -p`
        {"host": [{"say": "PROMPT ..."} | {"control": {...}} | {"person": "..."}], "args": [...]}
        {"open": "NAME", "args": [...]}          the agent in a terminal; the steps that follow go to it
        {"to": "NAME"}                           ... to this one
        {"type": "text"}                         typed, and Enter
        {"keys": ["Enter"], "while": "regex"}    pressed, again while the screen shows it
        {"wait": "regex"} | {"sleep": seconds} | {"exit": "NAME"}
        {"person": "shell command", "in": "folder"}    somebody at another terminal
        {"init": true}                           `git model init`

`${REPO}` and `${HOME}` are places. Every prompt holds `PROMPT-` and every plan `PLAN-`, so that they can be looked
for where they must not be.
"""

import json
import time

import claude
from model_server import ModelServer, Script, filled
from sandbox import Failure

PROMPT, PLAN = "PROMPT-", "PLAN-"


def read(path):
    """Reads a scenario and sees to it that its prompts can be found again."""
    scenario = json.loads(path.read_text(encoding="utf-8"))
    for prompt in prompts(scenario):
        if PROMPT not in prompt:
            raise SystemExit(f"{path.name}: this prompt does not hold `{PROMPT}`: {prompt}")
    return scenario


def prompts(scenario):
    """Returns every text that a person or a model gives to an agent as its work."""
    found = []
    for step in scenario["steps"]:
        found += [step[key] for key in ("run",) if key in step]
        found += [step["type"] for _ in "1" if "type" in step and step["type"][0] not in "/!"]
        found += [one["say"] for one in step.get("host", []) if "say" in one]
    for thread in scenario["threads"]:
        for turn in thread["turns"]:
            found += [tool["input"]["prompt"] for tool in turn.get("tools", []) if "prompt" in tool["input"]]
    return found


class Player:
    """Plays the steps of one scenario in its sandbox."""

    def __init__(self, scenario, sandbox):
        self.sandbox = sandbox
        places = {"REPO": str(sandbox.repo), "HOME": str(sandbox.home)}
        self.script = Script(scenario, places)
        steps = {key: value for key, value in scenario.items() if key not in ("threads", "model_map")}
        self.scenario = filled(steps, places)
        self._terminals, self._terminal = None, None

    def play(self):
        """Plays from the empty folder to the last step; fails unless every scripted turn was used."""
        sandbox, scenario = self.sandbox, self.scenario
        sandbox.settle_agent(scenario.get("user_settings"))
        sandbox.agent_environment.update(scenario.get("env", {}))
        for name, text in scenario.get("agents", {}).items():
            place = sandbox.home / ".claude" / "agents"
            place.mkdir(exist_ok=True)
            (place / f"{name}.md").write_text(text)
        sandbox.person("git init -q . && git commit -q --allow-empty -m 'Start'")
        for command in scenario.get("setup", []):
            sandbox.person(command)
        if scenario.get("init", True):
            self._init()
        server = ModelServer(self.script, sandbox.person)
        sandbox.agent_environment["ANTHROPIC_BASE_URL"] = server.address
        if "reviewer" in scenario:
            for key, value in (("reviewer", scenario["reviewer"]), ("backend.claude.url", server.address)):
                sandbox.git("config", "--global", f"model.{key}", value)
        try:
            for step in scenario["steps"]:
                self._step(step)
            if self._terminals:
                self._terminals.close()
        finally:
            server.close()
        left_over = self.script.left_over()
        if left_over:
            raise Failure("the agent did not follow the script: " + "; ".join(left_over))

    def _init(self):
        self.sandbox.call(["git", "model", "init"])

    def _step(self, step):
        sandbox = self.sandbox
        arguments = [*self.scenario.get("args", []), *step.get("args", [])]
        folder = step.get("in")
        if "init" in step:
            self._init()
        elif "person" in step:
            sandbox.person(step["person"], folder)
        elif "run" in step:
            claude.run_prompt(sandbox, step["run"], arguments, folder, step.get("exit", 0))
        elif "host" in step:
            self._host(step["host"], arguments, folder)
        elif "sleep" in step:
            time.sleep(sandbox.left(step["sleep"]))
        elif "open" in step:
            self._terminals = self._terminals or claude.Terminals(sandbox)
            self._terminals.open(step["open"], arguments, folder)
            self._terminal = step["open"]
        else:
            self._at_terminal(step)

    def _host(self, parts, arguments, folder):
        host = claude.Host(self.sandbox, arguments, folder)
        for part in parts:
            if "say" in part:
                host.say(part["say"])
            elif "control" in part:
                host.control(part["control"])
            else:
                self.sandbox.person(part["person"])
        host.close()

    def _at_terminal(self, step):
        terminals = self._terminals
        if "to" in step:
            self._terminal = step["to"]
        elif "type" in step:
            terminals.type(self._terminal, step["type"])
        elif "keys" in step:
            terminals.keys(self._terminal, step["keys"], step.get("while"))
        elif "wait" in step:
            terminals.wait(self._terminal, step["wait"])
        elif "exit" in step:
            terminals.exit(step["exit"])
        else:
            raise Failure(f"no such step: {step}")

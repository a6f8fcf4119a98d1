"""Claude Code, driven in its three ways: one prompt, a program as the host, a person at the terminal."""

import json
import queue
import re
import shlex
import subprocess
import threading
import time

from sandbox import Failure

WAIT_SECONDS = 60


def run_prompt(sandbox, prompt, arguments, folder, exit_code):
    """Runs `claude -p` to its end."""
    words = [sandbox.claude, "-p", prompt, "--output-format", "stream-json", "--verbose", *arguments]
    code, printed = sandbox.call(words, folder, sandbox.agent_environment, seconds=120, may_fail=True)
    sandbox.log.write(printed.encode())
    if code != exit_code:
        raise Failure(f"claude -p ended with {code}: {prompt}")


class Host:
    """A program that drives the agent by JSON lines, and allows all that the agent asks for."""

    def __init__(self, sandbox, arguments, folder):
        self.sandbox = sandbox
        words = [
            sandbox.claude, "-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose",
            "--permission-prompt-tool", "stdio", *arguments,
        ]
        self._child = sandbox.start(
            words, folder, sandbox.agent_environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for raw in self._child.stdout:
            self.sandbox.log.write(raw)
            line = json.loads(raw)
            request = line.get("request", {})
            if request.get("subtype") == "can_use_tool":
                allowed = {"behavior": "allow", "updatedInput": request.get("input", {})}
                answer = {"subtype": "success", "request_id": line["request_id"], "response": allowed}
                self._send({"type": "control_response", "response": answer})
            self._lines.put(line)
        self._lines.put(None)

    def _send(self, line):
        self._child.stdin.write(json.dumps(line).encode() + b"\n")
        self._child.stdin.flush()

    def _wait(self, is_it, what):
        end = time.monotonic() + self.sandbox.left(WAIT_SECONDS)
        while True:
            try:
                line = self._lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise Failure(f"the host waits in vain for {what}") from None
            if line is None:
                raise Failure(f"the agent ended while the host waited for {what}")
            if is_it(line):
                return

    def say(self, prompt):
        """Sends a prompt and waits until the agent is done with it."""
        message = {"role": "user", "content": prompt}
        self._send({"type": "user", "message": message, "parent_tool_use_id": None, "session_id": ""})
        self._wait(lambda line: line.get("type") == "result", "a result")

    def control(self, request):
        """Asks the agent to change its model or its mode."""
        self._send({"type": "control_request", "request_id": "control", "request": request})
        self._wait(
            lambda line: line.get("type") == "control_response" and line["response"]["request_id"] == "control",
            "an answer to its request",
        )

    def close(self):
        self._child.stdin.close()
        try:
            self._child.wait(self.sandbox.left(30))
        finally:
            self.sandbox.end(self._child)


class Terminals:
    """Terminals of a tmux server of our own, each with an agent in it."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self._socket = sandbox.socket()
        self._open = []

    def _tmux(self, *arguments, may_fail=False):
        words = ["tmux", "-f", "/dev/null", "-S", self._socket, *arguments]
        return self.sandbox.call(words, self.sandbox.folder, seconds=20, may_fail=may_fail)[1]

    def _screen(self, name):
        return self._tmux("capture-pane", "-p", "-t", name, may_fail=True)

    def open(self, name, arguments, folder):
        """Starts the agent in a new terminal and waits for its prompt."""
        variables = [f"{key}={value}" for key, value in self.sandbox.agent_environment.items()]
        # The limit ends the agent also when this program was killed outright.
        limited = ["timeout", "--foreground", "-k", "5", "300"]
        words = ["env", "-i", *variables, *limited, self.sandbox.claude, *arguments]
        size = ["-x", "150", "-y", "50"]
        place = str(folder or self.sandbox.repo)
        self._tmux("new-session", "-d", *size, "-c", place, "-s", name, shlex.join(words))
        self._open.append(name)
        self.wait(name, r"❯")

    def type(self, name, text):
        """Types a line and sends it off."""
        self._tmux("send-keys", "-t", name, "-l", text)
        time.sleep(0.4)
        self._tmux("send-keys", "-t", name, "Enter")

    def keys(self, name, keys, shown):
        """Presses keys; again as long as the screen shows something, since a new dialog may lose a key."""
        for _ in range(10 if shown else 1):
            for key in keys:
                self._tmux("send-keys", "-t", name, key)
                time.sleep(0.3)
            if not shown:
                return
            time.sleep(1)
            if not re.search(shown, self._screen(name)):
                return
        raise Failure(f"the terminal still shows `{shown}`:\n{self._screen(name)}")

    def wait(self, name, shown):
        """Waits until the screen shows something."""
        end = time.monotonic() + self.sandbox.left(WAIT_SECONDS)
        while not re.search(shown, screen := self._screen(name)):
            if time.monotonic() > end:
                raise Failure(f"the terminal does not show `{shown}`:\n{screen}")
            time.sleep(0.2)

    def exit(self, name):
        """Leaves the agent as a person does."""
        self.type(name, "/exit")
        end = time.monotonic() + self.sandbox.left(WAIT_SECONDS)
        while name in self._tmux("list-sessions", "-F", "#S", may_fail=True).split():
            if time.monotonic() > end:
                raise Failure(f"the agent does not leave:\n{self._screen(name)}")
            time.sleep(0.2)
        self._open.remove(name)

    def close(self):
        """Leaves every agent that is still open."""
        for name in list(self._open):
            self.exit(name)

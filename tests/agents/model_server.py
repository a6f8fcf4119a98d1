"""A scripted stand-in for a provider of models, so that a coding agent can be driven without a network.

It speaks the Messages API on the loopback address and answers with what a scenario says, never with a model.
A scenario's `threads` are conversations:

    {"name": "main", "match": "PROMPT-MAIN",   a part of the first message of the conversation
     "captures": {"PLAN_FILE": "regex"},       the first group of its newest match anywhere in the conversation
     "turns": [
       {"text": "...", "tools": [{"name": "Write", "input": {...}}],
        "person": "shell command",             a person does this while the agent waits for the answer
        "errors_for": {"claude-opus-5-5": {"status": 529, "type": "overloaded_error"}},
        "refuse_for": {"claude-opus-5-5": {"text": "...", "tools": [...], "stop_details": {...}}},
        "blocks": [...], "usage": {...},       content before the calls, and tokens, as the API writes them
        "match_last": "..."}]}                 the turn is left out unless the newest message holds this

The turns are given out in order. A repeated request gets its turn again; an error and a refusal use none up.
`${NAME}` stands for a place of the scenario or for a capture. Helpers of the agent (titles, summaries) get a fixed
answer. `model_map` gives the model that answers for the one that was asked.
"""

import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def filled(value, table):
    """Returns a copy of a JSON value in which each `${NAME}` is replaced."""
    if isinstance(value, str):
        return re.sub(r"\$\{([A-Z_]+)\}", lambda found: table.get(found.group(1), found.group(0)), value)
    if isinstance(value, list):
        return [filled(one, table) for one in value]
    if isinstance(value, dict):
        return {key: filled(one, table) for key, one in value.items()}
    return value


def text_of(content):
    """Returns all text in the content of a message, results of tools included."""
    if isinstance(content, str):
        return content
    parts = []
    for block in content or []:
        if block.get("type") == "text":
            parts.append(block.get("text", ""))
        elif block.get("type") == "tool_result":
            parts.append(text_of(block.get("content")))
    return "\n".join(parts)


class Script:
    """Gives out the turns of a scenario."""

    def __init__(self, scenario, places):
        self.threads = scenario["threads"]
        self.model_map = scenario.get("model_map", {})
        self.places = places
        self.requests = []
        self._given = {}
        self._next = {thread["name"]: 0 for thread in self.threads}
        self._lock = threading.Lock()

    def turn(self, messages):
        """Returns the name of a thread, the number of its next turn and the turn; `None` for both without one."""
        users = [text_of(message["content"]) for message in messages if message["role"] == "user"]
        whole = "\n".join(text_of(message["content"]) for message in messages)
        last = text_of(messages[-1]["content"]) if messages else ""
        first = users[0] if users else ""
        thread = next((one for one in self.threads if one["match"] in first), None)
        if thread is None:
            return None, None, {"text": "Done."}
        table = dict(self.places)
        for name, pattern in thread.get("captures", {}).items():
            found = re.findall(pattern, whole)
            if found:
                table[name] = found[-1]
        name, turns = thread["name"], thread["turns"]
        with self._lock:
            number = self._given.get(self._key(name, messages))
            if number is None:
                number = self._next[name]
                while number < len(turns) and turns[number].get("match_last", "") not in last:
                    number += 1
                self._next[name] = number + 1
                self._given[self._key(name, messages)] = number
        if number >= len(turns):
            return name, None, {"text": "Done."}
        return name, number, filled(turns[number], table)

    def take_back(self, name, number, messages):
        """Makes a turn the next one again, because it was not used up."""
        with self._lock:
            self._given.pop(self._key(name, messages), None)
            self._next[name] = number

    @staticmethod
    def _key(name, messages):
        return name, hashlib.sha256(json.dumps(messages, sort_keys=True).encode()).hexdigest()

    def left_over(self):
        """Says which threads still have turns that nobody asked for."""
        return [
            f"thread `{thread['name']}`: {self._next[thread['name']]} of {len(thread['turns'])} turns were used"
            for thread in self.threads
            if self._next[thread["name"]] < len(thread["turns"])
        ]


class ModelServer:
    """Serves a script until it is closed."""

    def __init__(self, script, person):
        self.script = script
        self.person = person
        self._numbers = iter(range(1, 1_000_000))
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body):
        """Returns the status and the document that answer a request."""
        asked, messages = body.get("model", ""), body.get("messages", [])
        model = self.script.model_map.get(asked, asked)
        helper = _helper_text(body)
        if helper is None:
            name, number, turn = self.script.turn(messages)
        else:
            name, number, turn = None, None, {"text": helper}
        with self._lock:
            place = next(self._numbers)
            self.script.requests.append((name, number, asked))
        error = turn.get("errors_for", {}).get(asked)
        refusal = turn.get("refuse_for", {}).get(asked)
        if error or refusal:
            self.script.take_back(name, number, messages)
        elif "person" in turn:
            self.person(turn["person"])
        if error:
            return error["status"], {"type": "error", "error": {"type": error["type"], "message": "scripted"}}
        if refusal:
            turn = {"stop_reason": "refusal", **refusal}
        blocks = [{"type": "text", "text": turn["text"]}] if turn.get("text") else []
        blocks += turn.get("blocks", [])
        for count, tool in enumerate(turn.get("tools", [])):
            call = {"type": "tool_use", "id": f"toolu_{place:020d}{count:04d}"}
            blocks.append({**call, "name": tool["name"], "input": tool["input"]})
        stop = turn.get("stop_reason") or ("tool_use" if turn.get("tools") else "end_turn")
        answer = {"id": f"msg_{place:024d}", "type": "message", "role": "assistant", "model": model}
        answer.update(content=blocks, stop_reason=stop, stop_sequence=None)
        answer["usage"] = {
            "input_tokens": 100, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
            "output_tokens": 25, **turn.get("usage", {}),
        }
        if "stop_details" in turn:
            answer["stop_details"] = turn["stop_details"]
        return 200, answer


def _helper_text(body):
    """Returns the answer to a request of the agent's own that must not use up a turn, or `None`."""
    messages = body.get("messages") or [{}]
    last = text_of(messages[-1].get("content"))
    if body.get("tools") and "CRITICAL: Respond with TEXT ONLY" not in last:
        return None if body.get("max_tokens") != 1 else "scripted"
    if "summar" in last.lower():
        return "<analysis>scripted</analysis>\n<summary>\nScripted summary.\n</summary>"
    return json.dumps({"title": "Scripted title"})


def _events(answer):
    """Yields an answer as the events of a stream."""
    usage = answer["usage"]
    start = {**answer, "content": [], "stop_reason": None, "usage": {**usage, "output_tokens": 1}}
    start.pop("stop_details", None)
    yield {"type": "message_start", "message": start}
    for index, block in enumerate(answer["content"]):
        if block["type"] == "text":
            begun, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": block["text"]}
        elif "input" in block:
            begun = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        else:  # the block of a result comes whole
            begun, delta = block, None
        yield {"type": "content_block_start", "index": index, "content_block": begun}
        if delta:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    ends = {key: answer[key] for key in ("stop_reason", "stop_sequence", "stop_details") if key in answer}
    yield {"type": "message_delta", "delta": ends, "usage": usage}
    yield {"type": "message_stop"}


def _handler_of(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def _send(self, status, document):
            data = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def do_GET(self):
            self._send(200, {"data": [], "has_more": False, "first_id": None, "last_id": None})

        do_HEAD = do_GET

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            path = self.path.split("?")[0]
            if path == "/v1/messages/count_tokens":
                self._send(200, {"input_tokens": len(json.dumps(body)) // 4})
            elif path == "/v1/messages":
                self._answer(body)
            else:
                self._send(404, {"type": "error", "error": {"type": "not_found_error", "message": "no such path"}})

        def _answer(self, body):
            status, answer = server.answer(body)
            try:
                if status != 200 or not body.get("stream"):
                    self._send(status, answer)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True
                for event in _events(answer):
                    self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
                self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    return Handler

"""Scripted stand-ins for the providers of `codex`, `opencode` and `gemini`, on the loopback address.

A script is a list of turns, given out in order to the requests that offer tools or ask for the answer:

    {"text": "...", "tools": [{"name": "exec_command", "input": {...}}],
     "error": {"status": 429, "type": "rate_limit_exceeded"}}      the answer is this error, as often as it is asked

`input` of a tool is an object; for a free-form tool of the Responses API it is a string. A request after the last turn,
and one without tools (a title, a routing question), gets a fixed answer. Bodies that were sent are kept in `requests`.
"""

import gzip
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ScriptedServer:
    """Serves turns until it is closed; speaks Responses, Chat Completions and Gemini's generateContent."""

    def __init__(self, turns, model_map=None):
        self.turns, self.model_map = turns, model_map or {}
        self.requests, self.used = [], 0
        # A request without tools is one of the program's own, for a title or a route, unless there are none at all.
        self.has_helpers = True
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def turn(self, body, is_side):
        """Returns the turn that answers a request, and its number."""
        with self._lock:
            self.requests.append(body)
            number = len(self.requests)
            if is_side and self.has_helpers:
                return {"text": "Scripted title"}, number
            if self.used >= len(self.turns):
                return {"text": "Done."}, number
            turn = self.turns[self.used]
            if "error" not in turn:
                self.used += 1
            return turn, number


def _responses(turn, number, model):
    """Yields the events of the Responses API for one answer."""
    items = []
    if turn.get("text"):
        content = [{"type": "output_text", "text": turn["text"], "annotations": []}]
        items.append({"type": "message", "id": f"msg_{number}", "role": "assistant", "status": "completed",
                      "content": content})
    for count, tool in enumerate(turn.get("tools", [])):
        call = {"status": "completed", "call_id": f"call_{number}_{count}", "name": tool["name"]}
        if isinstance(tool["input"], str):
            items.append({"type": "custom_tool_call", "id": f"ctc_{number}_{count}", **call, "input": tool["input"]})
        else:
            arguments = json.dumps(tool["input"])
            items.append({"type": "function_call", "id": f"fc_{number}_{count}", **call, "arguments": arguments})
    answer = {"id": f"resp_{number}", "object": "response", "created_at": 1, "model": model, "status": "completed",
              "output": items, "error": None, "incomplete_details": None}
    answer["usage"] = {
        "input_tokens": 100, "input_tokens_details": {"cached_tokens": 40}, "output_tokens": 20,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 120,
    }
    if "incomplete" in turn:
        answer.update(status="incomplete", incomplete_details={"reason": turn["incomplete"]})
    begun = {**answer, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    yield "response.created", {"response": begun}
    for index, item in enumerate(items):
        place = {"output_index": index}
        yield "response.output_item.added", {**place, "item": {**item, "status": "in_progress"}}
        if item["type"] == "message":
            text = {"item_id": item["id"], **place, "content_index": 0}
            yield "response.output_text.delta", {**text, "delta": turn["text"]}
            yield "response.output_text.done", {**text, "text": turn["text"]}
        yield "response.output_item.done", {**place, "item": item}
    yield ("response.incomplete" if "incomplete" in turn else "response.completed"), {"response": answer}


def _chat(turn, number, model):
    """Yields the chunks of the Chat Completions API for one answer."""
    calls = [
        {"index": count, "id": f"call_{number}_{count}", "type": "function",
         "function": {"name": tool["name"], "arguments": json.dumps(tool["input"])}}
        for count, tool in enumerate(turn.get("tools", []))
    ]
    whole = {"id": f"chatcmpl-{number}", "object": "chat.completion.chunk", "created": 1, "model": model}
    delta = {"role": "assistant", "content": turn.get("text", "")}
    if calls:
        delta["tool_calls"] = calls
    yield {**whole, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    end = "tool_calls" if calls else turn.get("incomplete", "stop")
    yield {**whole, "choices": [{"index": 0, "delta": {}, "finish_reason": end}]}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    yield {**whole, "choices": [], "usage": usage}


def _whole_chat(turn, number, model):
    """Returns the answer of the Chat Completions API where it is not streamed; it has no calls of tools."""
    message = {"role": "assistant", "content": turn.get("text", "")}
    choice = {"index": 0, "message": message, "finish_reason": turn.get("incomplete", "stop")}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return {"id": f"chatcmpl-{number}", "object": "chat.completion", "created": 1, "model": model, "choices": [choice],
            "usage": usage}


def _gemini(turn, number, model):
    """Returns the answer of Gemini's API."""
    parts = [{"text": turn["text"]}] if turn.get("text") else []
    parts += [{"functionCall": {"name": tool["name"], "args": tool["input"]}} for tool in turn.get("tools", [])]
    content = {"role": "model", "parts": parts or [{"text": ""}]}
    return {
        "candidates": [{"content": content, "finishReason": turn.get("incomplete", "STOP"), "index": 0}],
        "usageMetadata": {"promptTokenCount": 100, "candidatesTokenCount": 20, "totalTokenCount": 120},
        "modelVersion": model, "responseId": f"resp{number}",
    }


def _handler_of(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def _body(self):
            if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
                raw = b""
                while size := int(self.rfile.readline().split(b";")[0].strip() or b"0", 16):
                    raw += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if (self.headers.get("Content-Encoding") or "").lower() == "gzip":
                raw = gzip.decompress(raw)
            return json.loads(raw or b"{}")

        def _send(self, document, status=200):
            data = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, lines, model=""):
            self.send_response(200)
            self.send_header("openai-model", model)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            self.wfile.write("".join(lines).encode())
            self.wfile.flush()

        def do_GET(self):
            self._send({"object": "list", "data": [], "models": []})

        def do_POST(self):
            body, path = self._body(), self.path.split("?")[0]
            try:
                self._answer(body, path)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _answer(self, body, path):
            gemini = re.search(r"/models/([^/:]+):(\w+)$", path)
            if gemini and gemini.group(2) == "countTokens":
                self._send({"totalTokens": 100})
                return
            asked = gemini.group(1) if gemini else body.get("model", "")
            model = server.model_map.get(asked, asked)
            is_chat, is_responses = path.endswith("/chat/completions"), path.endswith("/responses")
            if not (gemini or is_chat or is_responses):
                self._send({"error": {"message": "no such path", "type": "not_found"}}, 404)
                return
            turn, number = server.turn(body, is_side=not is_responses and not body.get("tools"))
            if "error" in turn:
                error = {"message": "scripted", **turn["error"]}
                self._send({"error": {**error, "code": error.get("code", error["status"])}}, error["status"])
            elif is_responses:
                events = enumerate(_responses(turn, number, model))
                self._stream((
                    f"event: {kind}\ndata: {json.dumps({'type': kind, 'sequence_number': place, **event})}\n\n"
                    for place, (kind, event) in events
                ), model)
            elif is_chat and not body.get("stream"):
                self._send(_whole_chat(turn, number, model))
            elif is_chat:
                chunks = [f"data: {json.dumps(chunk)}\n\n" for chunk in _chat(turn, number, model)]
                self._stream([*chunks, "data: [DONE]\n\n"])
            elif gemini.group(2) == "streamGenerateContent":
                self._stream([f"data: {json.dumps(_gemini(turn, number, model))}\n\n"])
            else:
                self._send(_gemini(turn, number, model))

    return Handler

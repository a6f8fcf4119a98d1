"""Why events are appended to a framed file and not put into SQLite: both from Python, one event a run of the store.

Each event is what a process of its own would do: open, write one event, close. The framed file takes a lock, looks
whether the last line is whole, and appends one line with a checksum, as src/store/framed.rs does. A second table has
eight processes that write at once.
"""

import fcntl
import itertools
import json
import multiprocessing
import os
import sqlite3
import statistics
import time
import zlib

BOUND = 1.0
WRITERS = 8
# As in src/store/framed.rs: how often a lock is tried, and how long apart.
LOCK_TRIES, LOCK_PAUSE = 100, 0.01
EVENT = {
    "type": "event", "agent": "claude-code", "session": "2985bfd5-7fbb-44f3-b336-71276f91eb1b", "at": 1764000000000,
    "call": "toolu_000000000000000000020000", "turn": {"model": "claude-sonnet-5-5", "answer": "msg_01"},
    "what": "edited", "files": [{"path": "src/main.rs", "before": {"content": "0" * 32}, "after": {"content": "1" * 32}}],
}


def _framed(path):
    def append(event):
        data = json.dumps(event, separators=(",", ":")).encode()
        with open(path.with_suffix(".lock"), "ab") as lock:
            _lock(lock)
            with open(path, "a+b", buffering=0) as file:
                length = os.fstat(file.fileno()).st_size
                torn = length > 0 and os.pread(file.fileno(), 1, length - 1) != b"\n"
                file.write((b"\n" if torn else b"") + b"1 %08x %s\n" % (zlib.crc32(data), data))

    def read():
        with open(path, "rb") as file:
            events = []
            for line in file:
                _, checksum, data = line.rstrip(b"\n").split(b" ", 2)
                assert int(checksum, 16) == zlib.crc32(data)
                events.append(json.loads(data))
        return events

    return append, read


def _lock(file):
    for _ in range(LOCK_TRIES):
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(LOCK_PAUSE)
    raise TimeoutError


def _sqlite(path, synchronous):
    def opened():
        base = sqlite3.connect(path)
        base.execute("PRAGMA journal_mode=WAL")
        base.execute(f"PRAGMA synchronous={synchronous}")
        return base

    base = opened()
    base.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, data TEXT NOT NULL)")
    base.commit()
    base.close()

    def append(event):
        base = opened()
        base.execute("INSERT INTO events (data) VALUES (?)", (json.dumps(event, separators=(",", ":")),))
        base.commit()
        base.close()

    def read():
        base = opened()
        events = [json.loads(data) for (data,) in base.execute("SELECT data FROM events ORDER BY id")]
        base.close()
        return events

    return append, read


def _write_many(append, writer, count, results):
    lost = 0
    cpu = time.process_time()
    for number in range(count):
        try:
            append({**EVENT, "session": str(writer), "at": number})
        except (sqlite3.OperationalError, TimeoutError):
            lost += 1
    results.put((lost, time.process_time() - cpu))


def _at_once(name, store, each):
    """Lets several processes append at once; returns the row of the store."""
    append, read = store
    results = multiprocessing.SimpleQueue()
    writers = [
        multiprocessing.Process(target=_write_many, args=(append, writer, each, results)) for writer in range(WRITERS)
    ]
    begin = time.perf_counter()
    for writer in writers:
        writer.start()
    done = [results.get() for _ in writers]
    for writer in writers:
        writer.join()
    wall = time.perf_counter() - begin
    return {
        "store": name, "an event, CPU ms": round(sum(cpu for _, cpu in done) * 1000 / (WRITERS * each), 3),
        "wall ms": round(wall * 1000 / (WRITERS * each), 3), "given up": sum(lost for lost, _ in done),
        "found": f"{len(read()):,} of {WRITERS * each:,}",
    }


def benchmark(sandbox, smoke):
    events = 60 if smoke else 1_000
    folder = sandbox.folder / f"store-{time.time_ns()}"
    folder.mkdir()

    def made(name):
        return {
            "framed file": _framed(folder / f"{name}-framed"),
            "SQLite, WAL, synchronous=OFF": _sqlite(folder / f"{name}-off.db", "OFF"),
            "SQLite, WAL, synchronous=NORMAL": _sqlite(folder / f"{name}-normal.db", "NORMAL"),
        }

    stores = made("one")
    costs = {name: [] for name in stores}
    order = itertools.cycle([list(stores), list(reversed(stores))])
    for number in range(events):
        for name in next(order):
            wall, cpu = time.perf_counter(), time.process_time()
            stores[name][0]({**EVENT, "at": number})
            costs[name].append((time.perf_counter() - wall, time.process_time() - cpu))
    rows = []
    for name, (_, read) in stores.items():
        begin = time.process_time()
        assert [event["at"] for event in read()] == list(range(events))
        rows.append({
            "store": name,
            "an event, CPU ms": round(statistics.mean(cpu for _, cpu in costs[name]) * 1000, 3),
            "wall ms": round(statistics.median(wall for wall, _ in costs[name]) * 1000, 3),
            "the slowest in a hundred ms": round(statistics.quantiles((w for w, _ in costs[name]), n=100)[-1] * 1000, 3),
            f"read {events:,}, CPU ms": round((time.process_time() - begin) * 1000, 2),
        })
    framed, *others = [row["an event, CPU ms"] for row in rows]
    broken = [] if framed <= BOUND * min(others) else [f"store: a framed file costs {framed} ms, SQLite {min(others)}"]
    each = events // 10
    at_once = [_at_once(name, store, each) for name, store in made("many").items()]
    total = f"{WRITERS * each:,} of {WRITERS * each:,}"
    if at_once[0]["found"] != total:
        broken.append(f"store: {WRITERS} writers of a framed file: {at_once[0]['found']} events")
    return [("store: one event appended", rows), (f"store: {WRITERS} processes append at once", at_once)], broken

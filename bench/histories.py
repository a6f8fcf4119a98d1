"""Repositories made to measure, by `git fast-import`."""

import random
import subprocess

START = 1_500_000_000
WORDS = (
    "add fix remove the a parser index when while reading of in to with cache test docs update error path "
    "handle missing empty large notes trailer commit branch merge walk tree blob option default value user"
).split()


def _fast_import(sandbox, path, chunks):
    child = subprocess.Popen(
        ["git", "fast-import", "--quiet", "--date-format=raw"], cwd=path, env=sandbox.environment,
        stdin=subprocess.PIPE,
    )
    for chunk in chunks:
        child.stdin.write(chunk)
    child.stdin.close()
    if child.wait() != 0:
        raise SystemExit("git fast-import failed")


def _data(content):
    return b"data %d\n%s\n" % (len(content), content)


def _commit(number, message, mark=None):
    who = b"Writer %d <writer%d@example.com> %d +0000" % (number % 97, number % 97, START + number * 60)
    return (
        b"commit refs/heads/main\n" + (b"mark :%d\n" % mark if mark else b"")
        + b"author %s\ncommitter %s\n" % (who, who) + _data(message)
    )


def _files(count):
    """A hundred files a folder, in folders of a hundred."""
    for number in range(count):
        path = b"d%d/e%d/f%d.txt" % (number // 10_000, number // 100 % 100, number % 100)
        yield b"M 100644 inline %s\n" % path + _data(b"file %d\n" % number + b"a line of text\n" * 20)


def plain(commits, files, packs=1):
    """Returns a maker: a linear history on one tree of files, in packs of equal size, checked out."""

    def make(sandbox, path):
        def chunks(first, end):
            for number in range(first, end):
                yield _commit(number, b"Change %d\n" % number)
                if number == 0:
                    yield from _files(files)
                elif number == first:
                    yield b"from refs/heads/main^0\n"

        for pack in range(packs):
            _fast_import(sandbox, path, chunks(commits * pack // packs, commits * (pack + 1) // packs))
        sandbox.git(path, "reset", "-q", "--hard", "main")

    return make


def told(commits, seed=1):
    """Returns a maker: messages of varied length, one in twelve with a mark of an AI model; now and then a merge."""

    def make(sandbox, path):
        dice = random.Random(seed)

        def sentence(low, high):
            return " ".join(dice.choice(WORDS) for _ in range(dice.randint(low, high)))

        def message():
            lines = [sentence(3, 9).capitalize()]
            for _ in range(dice.choice((0, 0, 1, 1, 2, 3, 6))):
                lines += ["", *(sentence(8, 13) for _ in range(dice.randint(1, 6)))]
            trailers = []
            if dice.random() < 0.3:
                trailers.append("Signed-off-by: Writer <writer@example.com>")
            mark = dice.random()
            if mark < 0.04:
                trailers.append("Co-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>")
            elif mark < 0.06:
                trailers.append("Model: Sonnet 5.5 (implementation)")
            elif mark < 0.08:
                trailers.append("Assisted-by: Codex:gpt-5.5")
            return "\n".join(lines + ([""] + trailers if trailers else []) + [""]).encode()

        def chunks():
            for number in range(1, commits + 1):
                text = _commit(number, message(), mark=number)
                if number > 10 and number % 8 == 0:
                    text += b"from :%d\nmerge :%d\n" % (number - 1, number - dice.randint(2, 9))
                yield text

        _fast_import(sandbox, path, chunks())

    return make


def edited(lines, commits, seed=1):
    """Returns a maker: one file of so many lines, most of them of its later commits, each with a note of its lines."""

    def make(sandbox, path):
        dice = random.Random(seed)
        text = [b"the first line %d of this file" % number for number in range(lines)]
        ranges = []

        def chunks():
            for number in range(commits):
                changed = range(lines) if number == 0 else sorted(dice.sample(range(lines), 5))
                for place in changed if number else ():
                    text[place] = b"line %d as commit %d has it" % (place, number)
                ranges.append([place + 1 for place in changed] if number else [])
                content = b"\n".join(text) + b"\n"
                yield _commit(number, b"Change %d\n" % number) + b"M 100644 inline f.txt\n" + _data(content)

        _fast_import(sandbox, path, chunks())
        sandbox.git(path, "reset", "-q", "--hard", "main")
        ids = sandbox.git(path, "rev-list", "--reverse", "main").split()
        _write_notes(
            sandbox, path,
            (
                (
                    name.encode(),
                    _note(name.encode(), b"f.txt", [(line, line) for line in own])
                )
                for name, own in zip(ids, ranges)
            ),
        )

    return make


def topic(commits):
    """Returns a maker: `topic` with so many commits of a line each in 20 files, each with a note; `main` one ahead.

    `refs/kept/topic` and `refs/kept/notes` are where a rebase begins.
    """

    def make(sandbox, path):
        files = [[b"line %d of file %d" % (line, file) for line in range(200)] for file in range(20)]

        def blob(file):
            return b"M 100644 inline f%d.txt\n" % file + _data(b"\n".join(files[file]) + b"\n")

        def chunks():
            yield _commit(0, b"Base\n", mark=1) + b"".join(blob(file) for file in range(20))
            for number in range(1, commits + 1):
                file = number % 20
                files[file].append(b"written in change %d" % number)
                text = _commit(number, b"Change %d\n\nModel: Opus 5.5 (implementation)\n" % number)
                yield text.replace(b"refs/heads/main", b"refs/heads/topic") + (b"from :1\n" if number == 1 else b"") + blob(file)
            for file in files:
                del file[200:]
                file.insert(0, b"the new first line")
            yield _commit(commits + 1, b"Ahead\n") + blob(0) + blob(1)

        _fast_import(sandbox, path, chunks())
        ids = sandbox.git(path, "rev-list", "--reverse", "main~1..topic").split()
        of_file = [201 + number // 20 - (number % 20 == 0) for number in range(1, commits + 1)]
        _write_notes(
            sandbox, path,
            (
                (name.encode(), _note(name.encode(), b"f%d.txt" % (number % 20), [(line, line)]))
                for number, (name, line) in enumerate(zip(ids, of_file), 1)
            ),
        )
        sandbox.git(path, "checkout", "-q", "main")
        sandbox.git(path, "update-ref", "refs/kept/topic", "topic")
        sandbox.git(path, "update-ref", "refs/kept/notes", "refs/notes/model")

    return make


def add_notes(sandbox, path, count):
    """Adds notes of the newest commits under refs/notes/model, fanned out 2/2."""
    ids = sandbox.git(path, "rev-list", f"--max-count={count}", "main").split()

    _write_notes(
        sandbox, path, ((name.encode(), _note(name.encode(), b"d0/e0/f0.txt", [(1, 9)])) for name in ids)
    )


def _write_notes(sandbox, path, notes):
    """Writes notes, each a commit and its text, under refs/notes/model, fanned out 2/2."""

    def chunks():
        who = b"Writer <writer@example.com> %d +0000" % START
        yield b"commit refs/notes/model\ncommitter %s\n" % who + _data(b"notes\n")
        for name, note in notes:
            yield b"M 100644 inline %s/%s/%s\n" % (name[:2], name[2:4], name[4:]) + _data(note)

    _fast_import(sandbox, path, chunks())


def _note(commit, path, ranges):
    listed = b",".join(b'{"start_line":%d,"end_line":%d}' % pair for pair in ranges)
    return (
        b'{"version":"0.1.0","id":"%s-0000-8000-8000-%s","timestamp":"2026-11-01T10:00:00Z",'
        b'"vcs":{"type":"git","revision":"%s"},"tool":{"name":"git-model","version":"0.1.0"},'
        b'"files":[{"path":"%s","conversations":[{"url":"urn:git-model:contribution:0","contributor":'
        b'{"type":"ai","model_id":"anthropic/claude-opus-5-5"},"ranges":[%s]}]}],'
        b'"metadata":{"git-model":{"schema":"1.0","recorder":"hook","operation":"commit","contributions":'
        b'[{"kind":"model","model":"claude-opus-5-5","name":"Opus 5.5","phase":"implementation","grade":"declared",'
        b'"lines":{"added":9,"deleted":0,"trivial":0}}],"unknown":{"added":0,"deleted":0,"trivial":0}}}}'
        % (commit[:8], commit[8:20], commit, path, listed)
    )

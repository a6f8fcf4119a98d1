#!/usr/bin/env python3
"""Stands in for an agent's program in a control run: starts the real one without what keeps it from writing.

The file `control.json` beside it says which program that is, and what is changed.
"""

import json
import os
import sys
from pathlib import Path

changes = json.loads((Path(__file__).resolve().parent / "control.json").read_text())
arguments, rest = [], sys.argv[1:]
while rest:
    word = rest.pop(0)
    if word in changes["drop"]:
        continue
    if word in changes["drop_with_value"]:
        rest.pop(0)
        continue
    arguments.append(changes["replace"].get(word, word))
os.environ.update(changes["variables"])
os.execv(changes["program"], [changes["program"], *changes["add"], *arguments])

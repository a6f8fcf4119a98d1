"""What a build from nothing costs, as `cargo install` does it, and how large the program is.

The bound: ten minutes of CPU, of which our own crate, optimised as one piece with all others, may take the half. Not part
of the smoke run.
"""

import os
import tempfile
from pathlib import Path

from measure import run

BOUND_SECONDS = 600
PACKAGE = Path(__file__).resolve().parent.parent


def benchmark(_sandbox, smoke):
    if smoke:
        return [], []
    with tempfile.TemporaryDirectory(prefix="git-model-build-") as target:
        # The toolchain and the downloaded crates are the user's own: this is about compiling.
        environment = {**os.environ, "CARGO_TARGET_DIR": target}
        cost = run(["cargo", "build", "--release", "--locked", "--bin", "git-model"], PACKAGE, environment)
        size = (Path(target) / "release" / "git-model").stat().st_size
    row = {"CPU s": round(cost.cpu), "wall s": round(cost.wall), "program MB": round(size / 1e6, 1)}
    broken = [f"build: {row['CPU s']} s > {BOUND_SECONDS} s"] if cost.cpu > BOUND_SECONDS else []
    return [("build: cargo build --release from an empty target", [row])], broken

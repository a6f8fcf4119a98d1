"""The cost of a process with all its descendants, and how costs are put together."""

import os
import statistics
import subprocess
import time
from dataclasses import dataclass


@dataclass
class Cost:
    """What one run cost: seconds, seconds on a processor (user and system), and kilobytes at the peak."""

    wall: float
    cpu: float
    memory: int


def run(arguments, folder, environment, given=os.devnull):
    """Runs a program, throws its output away, and returns its cost; a program that fails ends the benchmark.

    `given` is the file that it reads as standard input. A peak below that of this interpreter cannot be seen: the child begins with our pages.
    """
    with open(given, "rb") as file:
        start = time.perf_counter()
        child = subprocess.Popen(
            arguments, cwd=folder, env=environment, stdin=file, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"`{' '.join(map(str, arguments))}` ended with {child.returncode}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def median(costs):
    """Returns the median of each part."""
    return Cost(
        statistics.median(cost.wall for cost in costs),
        statistics.median(cost.cpu for cost in costs),
        max(cost.memory for cost in costs),
    )


def interleaved(rounds, subjects):
    """Runs each subject (name to function) once a round, each round in another order; returns the medians.

    Neighbours on the machine then disturb all alike. The first round only warms the caches.
    """
    costs = {name: [] for name in subjects}
    names = list(subjects)
    for number in range(rounds + 1):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            cost = subjects[name]()
            if number > 0:
                costs[name].append(cost)
    return {name: median(list_of_costs) for name, list_of_costs in costs.items()}

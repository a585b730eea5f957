"""What `checkpoint=` saves and costs: `python -m benchmarks.checkpoints [rounds ...]`.

RK4 of ten states on 16 rows of data, its value and gradient, on the tape. Each line is a process of
its own: the time of the first call and of the second, and how much its peak of memory grew.
"""

from __future__ import annotations

import subprocess
import sys
from time import perf_counter
from typing import Any

import autograd_bp as bp

STATES, ROWS, STEP = 10, 16, 0.001


def integral(rounds: int, checkpoint: bool) -> Any:
    """A function of a parameter and a start: the sum of the states after so many steps."""

    def rate(w: Any, y: list[Any]) -> list[Any]:
        return [y[(k + 1) % STATES] * w - bp.sin(y[k]) for k in range(STATES)]

    def moved(y: list[Any], slope: list[Any], step: float) -> list[Any]:
        return [u + step * v for u, v in zip(y, slope, strict=True)]

    def total(w: Any, x: Any) -> Any:
        def body(i: Any, y: list[Any]) -> list[Any]:
            a = rate(w, y)
            b = rate(w, moved(y, a, STEP / 2))
            c = rate(w, moved(y, b, STEP / 2))
            d = rate(w, moved(y, c, STEP))
            slopes = zip(y, a, b, c, d, strict=True)
            return [u + STEP / 6 * (p + 2 * q + 2 * r + s) for u, p, q, r, s in slopes]

        start = [x * 0.1 * k for k in range(STATES)]
        return bp.sum(bp.fori(rounds, body, start, checkpoint=checkpoint))

    return total


def peak_mib() -> float:
    """The most memory that this process has had, in MiB."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def measure(rounds: int, checkpoint: bool) -> str:
    """One line of the table."""
    f = bp.compiled(integral(rounds, checkpoint), rows="x", backend="tape")
    rows, before = [k / ROWS for k in range(ROWS)], peak_mib()
    times = []
    for _ in range(2):
        start = perf_counter()
        f.value_and_grad(0.7, rows)
        times.append(perf_counter() - start)
    name = "yes" if checkpoint else "no"
    return f"| {rounds:,} | {name} | {times[0]:.2f} | {times[1]:.2f} | {peak_mib() - before:,.0f} |"


def main(arguments: list[str]) -> None:
    if len(arguments) == 2 and arguments[0].startswith("--one="):
        print(measure(int(arguments[1]), arguments[0] == "--one=yes"))
        return
    print("| rounds | checkpoints | first call, s | second, s | memory, MiB |")
    print("|--:|---|--:|--:|--:|")
    for rounds in arguments or ["1000", "10000"]:
        for name in ("no", "yes"):
            command = [sys.executable, "-m", "benchmarks.checkpoints", f"--one={name}", rounds]
            run = subprocess.run(command, check=True, capture_output=True, text=True)
            print(run.stdout, end="")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Waiting for a layout: how long it may take, and a bar for who has to wait."""

from __future__ import annotations

import subprocess
import sys
from time import monotonic
from typing import Any

NOTICED = 2.0  # seconds; a shorter wait needs no bar
LOOK = 0.1  # seconds between two looks at the program


def estimate(dot: str) -> float:
    """The seconds that a layout takes, roughly: a fifth of a millisecond for each node and,
    since lines have to be kept from crossing, as much again for every 500 of them. A chain takes
    far less.
    """
    nodes = dot.count("\n") / 2  # a line for each node and, about, each edge
    return 2e-4 * nodes * (1.0 + nodes / 500.0)


def run(
    command: list[str], dot: str, timeout: float, environment: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """The program, given DOT text on stdin. Whatever interrupts the waiting ends the program.

    On a terminal, and with tqdm installed, a bar on stderr shows the time against the estimate.

    Raises: subprocess.TimeoutExpired when it takes longer than `timeout` seconds.
    """
    expected = estimate(dot)
    bar = _bar(expected) if expected >= NOTICED and sys.stderr.isatty() else None
    if bar is None:
        return subprocess.run(
            command,
            input=dot.encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            env=environment,
        )
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with bar, subprocess.Popen(command, env=environment, **pipes) as process:
        start = monotonic()
        given: bytes | None = dot.encode()
        try:
            while True:
                try:
                    output, complaints = process.communicate(given, timeout=LOOK)
                except subprocess.TimeoutExpired:
                    given = None  # the program has it, or gets the rest of it
                    spent = monotonic() - start
                    if spent > timeout:
                        raise
                    bar.n = min(spent, expected)
                    bar.refresh()
                    continue
                return subprocess.CompletedProcess(command, process.returncode, output, complaints)
        except BaseException:
            process.kill()
            raise


def _bar(expected: float) -> Any:
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm(
        total=round(expected, 1),
        desc="laying out",
        file=sys.stderr,
        leave=False,
        bar_format="{desc}: {bar} {elapsed}, about {total:.0f} s in all",
    )

"""Running the program that lays out a picture, with a progress bar where it takes long."""

from __future__ import annotations

import subprocess
import sys
from time import monotonic
from typing import Any

MIN_SECONDS_FOR_BAR = 2.0
SECONDS_BETWEEN_UPDATES = 0.1


def estimate(dot: str) -> float:
    """The seconds that a layout takes, roughly: a fifth of a millisecond for each node and as much
    again for every 500 nodes, because lines have to be kept from crossing. A chain takes far less.
    """
    nodes = dot.count("\n") / 2  # a line for each node and, roughly, one for each edge
    return 2e-4 * nodes * (1.0 + nodes / 500.0)


def run(
    command: list[str], dot: str, timeout: float, environment: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run the program with DOT text on stdin. An interrupt of any kind ends the program, too.

    On a terminal, and with tqdm installed, a bar on stderr shows the time so far and the estimate.

    Arguments:
        command: the program and its options.
        dot: the picture in the DOT language.
        timeout: the seconds after which the program is ended.
        environment: the variables of its environment.

    Returns: the completed process, with its output.

    Raises: subprocess.TimeoutExpired when it takes longer than `timeout` seconds.
    """
    expected = estimate(dot)
    bar = _bar(expected) if expected >= MIN_SECONDS_FOR_BAR and sys.stderr.isatty() else None
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
        unsent: bytes | None = dot.encode()
        try:
            while True:
                try:
                    output, complaints = process.communicate(
                        unsent, timeout=SECONDS_BETWEEN_UPDATES
                    )
                except subprocess.TimeoutExpired:
                    unsent = None  # `communicate` sends the rest by itself
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

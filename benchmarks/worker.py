"""One contestant in a process of its own: libraries disturb one another in one process.

Requests and replies are lines of JSON, read from standard input and written to what was
standard output; whatever a library prints goes to standard error.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.model import OFF, OURS, Contestant, Job, find


def main(module: str, key: str) -> None:
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker = Worker(contestant(module, key))
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = getattr(worker, request.pop("do"))(**request)
        except (Exception, RecursionError) as error:
            text = " ".join(str(error).split())
            reply = {"failed": f"{type(error).__name__}: {text:.200}" if text else repr(error)}
        print(json.dumps(reply), file=replies, flush=True)


def contestant(module: str, key: str) -> Contestant:
    return next(each for each in find(module).contestants if each.key == key)


class Worker:
    """Answers requests; each method is one."""

    def __init__(self, contestant: Contestant) -> None:
        self.contestant = contestant
        self.job: Job | None = None
        self.repetitions = 1

    def setup(self, size: Any) -> dict[str, Any]:
        """Prepare a size."""
        if self.contestant.name.startswith(OURS):
            _check_core(pure=bool(self.contestant.environment.get("AUTOGRAD_BP_PURE")))
        self.job = None
        gc.collect()
        self.job = self.contestant.prepare(size)
        return {"units": self.job.units}

    def answer(self) -> dict[str, Any]:
        """The numbers that must agree."""
        return {"answer": {name: float(x) for name, x in self._job().answer().items()}}

    def calibrate(self, seconds: float) -> dict[str, Any]:
        """Find how many repetitions take about so long."""
        self.repetitions = 1
        while True:
            phases = self._timed()
            took = sum(phases.values()) * 1e-9
            if took >= seconds / 4:
                break
            self.repetitions *= 4 if took < seconds / 16 else 2
        total = self.repetitions * self._job().units
        self.repetitions = max(1, round(self.repetitions * seconds / took))
        ns = {phase: each / total for phase, each in phases.items()}
        return {"seconds": took, "repetitions": self.repetitions, "ns": ns}

    def run(self) -> dict[str, Any]:
        """Time one round. Returns nanoseconds per unit, by phase."""
        total = self.repetitions * self._job().units
        return {"ns": {phase: ns / total for phase, ns in self._timed().items()}}

    def weigh(self, nodes: int) -> dict[str, Any]:
        """Bytes per node, by what the process holds more than before."""
        hold = self._job().hold
        if hold is None or resident() == 0:
            return {"bytes": None}
        hold(1000)
        gc.collect()
        before = resident()
        alive = hold(nodes)
        used = resident() - before
        del alive
        return {"bytes": used / nodes}

    def peak(self) -> dict[str, Any]:
        """Bytes that one run takes at most, beside what the process held before."""
        gc.collect()
        before = resident()
        if before == 0 or not forget_peak():
            return {"bytes": None}
        self._job().run()
        return {"bytes": most_resident() - before}

    def _job(self) -> Job:
        assert self.job is not None
        return self.job

    def _timed(self) -> dict[str, int]:
        if self.contestant.collector == OFF:
            gc.collect()
            gc.disable()
        try:
            return timed(self._job(), self.repetitions)
        finally:
            gc.enable()


def timed(job: Job, repetitions: int) -> dict[str, int]:
    """Nanoseconds that so many repetitions take, by phase."""
    if job.phases is not None:
        totals: dict[str, int] = {}
        for _ in range(repetitions):
            for phase, ns in job.phases().items():
                totals[phase] = totals.get(phase, 0) + ns
        return totals
    batch = job.batch or _loop(job.run)
    start = time.perf_counter_ns()
    batch(repetitions)
    return {"all": time.perf_counter_ns() - start}


def _loop(run: Callable[[], Any]) -> Callable[[int], None]:
    def batch(repetitions: int) -> None:
        for _ in range(repetitions):
            run()

    return batch


def resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def forget_peak() -> bool:
    """Begin anew with `most_resident`; False where that cannot be done."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True


def most_resident() -> int:
    """The most bytes that this process held since `forget_peak`."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("/proc/self/status has no VmHWM")


def _check_core(pure: bool) -> None:
    from autograd_bp.core import is_native

    if is_native() == pure:
        raise RuntimeError(f"the {'compiled' if pure else 'interpreted'} core was loaded instead")


if __name__ == "__main__":
    main(*sys.argv[1:])

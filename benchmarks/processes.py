"""Starting workers and talking to them."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.model import Contestant

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
SETTINGS = {**ONE_THREAD, "JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": "1", "PYTHONHASHSEED": "0"}
PATIENCE = 600.0  # seconds for one reply


class FailedError(Exception):
    """A contestant could not do what it was asked; the reason is for the table."""


class Process:
    """A worker, which may crash without taking the benchmarks with it."""

    def __init__(self, module: str, contestant: Contestant) -> None:
        environment = {k: v for k, v in os.environ.items() if k != "AUTOGRAD_BP_PURE"}
        environment.update(SETTINGS)
        environment.update(contestant.environment)
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115, its last line says why it ended
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", module, contestant.key],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=environment,
        )

    def send(self, do: str, **arguments: Any) -> None:
        """Ask, without waiting."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps({"do": do, **arguments}).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise FailedError(self._fate()) from None

    def reply(self, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait for the reply.

        Raises: FailedError with the reason when there is none.
        """
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(patience):
                self.close()
                raise FailedError(f"gave no answer within {patience:.0f} seconds")
        line = self.process.stdout.readline()
        if not line:
            raise FailedError(self._fate())
        reply: dict[str, Any] = json.loads(line)
        if "failed" in reply:
            raise FailedError(reply["failed"])
        return reply

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Ask and wait."""
        self.send(do, **arguments)
        return self.reply()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            with contextlib.suppress(BrokenPipeError):  # what was not sent cannot be sent now
                if stream is not None:
                    stream.close()

    def _fate(self) -> str:
        code = self.process.wait()
        if code < 0:
            name = signal.Signals(-code).name
            return f"the process crashed ({name})"
        return f"the process ended with status {code}: {self._last_words()}"

    def _last_words(self) -> str:
        if self.errors.closed:
            return "nothing was printed"
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        return f"{lines[-1].strip():.200}" if lines else "nothing was printed"

"""Checkpoints: all that a training needs to go on as if nothing had happened.

A checkpoint is one JSON file that appears whole or not at all. Numbers are exact to the last bit,
so the training that goes on from it ends with the weights of one that was never interrupted.
Everything is checked when it is read, and nothing is executed.
"""

from __future__ import annotations

import json
import math
import os
import time
from array import array
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from autograd_bp.errors import DataError, ModelError, OutputError, SettingError
from autograd_bp.files import remove_leftovers, write_atomically
from autograd_bp.nn.module import Module
from autograd_bp.training.checked import MAX_BYTES, list_of, mapping_of, text_of
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.optimisers.base import unpacked
from autograd_bp.training.rows import ArrayRows, Pair
from autograd_bp.training.settings import positive, whole

__all__ = [
    "Checkpoint",
    "checkpoint_of",
    "fingerprint_of_rows",
    "read_checkpoint",
    "require_same",
]

FORMAT, VERSION = "autograd_bp checkpoint", 1
SECONDS = 60.0  # between two checkpoints, by default


class Checkpoint:
    """Where checkpoints are written, and how often.

    Arguments:
        path: the file; each checkpoint takes the place of the last one.
        steps: after so many steps.
        seconds: after so many seconds; 60 where neither is given.
        at_end: whether one is written after the last epoch, from which more epochs may follow.
        force: whether a file that is there already is replaced where a training begins anew.

    Raises: SettingError for settings out of range.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        steps: int | None = None,
        seconds: float | None = None,
        at_end: bool = True,
        force: bool = False,
    ) -> None:
        try:
            self.path = Path(path)
        except TypeError:
            raise SettingError(f"a checkpoint is written to a path, got {path!r:.60}") from None
        self.steps = None if steps is None else whole("steps", steps)
        self.seconds = None if seconds is None else positive("seconds", seconds)
        if steps is None and seconds is None:
            self.seconds = SECONDS
        self.at_end, self.force = at_end, force
        self._step, self._moment = 0, time.monotonic()
        self._rows, self._began = 1, time.monotonic()

    def require_free(self) -> None:
        """Raises OutputError where a training that begins anew would replace a file."""
        if not self.force and self.path.is_file():
            raise OutputError(
                f"the checkpoint {str(self.path)!r} exists already: go on from it with "
                "resume=True, choose another name, or replace it with "
                "Checkpoint(path, force=True)"
            )

    def begin(self, step: int) -> None:
        """Note where a training begins, and remove what an earlier one left that was killed."""
        remove_leftovers(self.path)
        self._step, self._moment = step, time.monotonic()
        self._rows = 1

    def segment(self, step: int) -> int:
        """How many steps may be taken until the next look at the clock or the counter."""
        most = math.inf
        if self.steps is not None:
            most = self.steps - (step - self._step)
        if self.seconds is not None:
            now = time.monotonic()
            if now - self._began < min(0.05, 0.2 * self.seconds):
                self._rows = min(2 * self._rows, 1 << 20)
            elif now - self._began > min(0.2, self.seconds):
                self._rows = max(1, self._rows // 2)
            self._began = now
            most = min(most, self._rows)
        return max(1, int(most))

    def is_due(self, step: int) -> bool:
        """Whether one is to be written after this step."""
        if self.steps is not None and step - self._step >= self.steps:
            return True
        return self.seconds is not None and time.monotonic() - self._moment >= self.seconds

    def write(self, step: int, content: Mapping[str, Any]) -> None:
        """Write one. Raises OutputError where that cannot be, SettingError for a state that is no
        JSON."""
        try:
            text = json.dumps({"format": FORMAT, "version": VERSION, **content})
        except (TypeError, ValueError) as error:
            raise SettingError(
                f"a checkpoint holds numbers, texts, lists and dicts, and a callback or a schedule "
                f"has something else in its state: {error}"
            ) from None
        write_atomically(self.path, text.encode())
        self._step, self._moment = step, time.monotonic()

    def __repr__(self) -> str:
        often = [f"{k}={v:g}" for k in ("steps", "seconds") if (v := getattr(self, k)) is not None]
        return f"Checkpoint({str(self.path)!r}, {', '.join(often)})"


def checkpoint_of(checkpoint: Any) -> Checkpoint | None:
    """Read the user's choice: a Checkpoint, the path of one, or None."""
    if checkpoint is None or isinstance(checkpoint, Checkpoint):
        return checkpoint
    return Checkpoint(checkpoint)


def read_checkpoint(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The content of a checkpoint.

    Raises: ModelError for a file that cannot be read or is none.
    """
    source = str(path)
    try:
        with open(path, "rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ModelError(f"cannot read the checkpoint {source!r}: {reason}") from None
    try:
        content = json.loads(raw.decode())
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{source} is no checkpoint, or damaged ({str(error)[:80]})") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ModelError(f"{source} is no checkpoint: it does not say format {FORMAT!r}")
    if content.get("version") != VERSION:
        raise ModelError(
            f"{source} is of version {content.get('version')!r:.20}, and this release reads "
            f"version {VERSION}: use the release that wrote it, or train again"
        )
    try:
        _check(content)
    except (ModelError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{source} is no sound checkpoint: {error}") from None
    return content


def _check(content: dict[str, Any]) -> None:
    mapping_of("settings", content["settings"])
    text_of("data", content["data"])
    for name in ("optimiser", "schedule", "programs"):
        mapping_of(name, content[name])
    weights = unpacked(content["weights"])
    if not weights:
        raise ModelError("it has no weights")
    for name in ("epoch", "done", "count", "right", "before"):
        number = content.get(name, 0) if name == "before" else content[name]
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            raise ModelError(f"{name} is {number!r:.40}, not a whole number")
    if not isinstance(content["total"], (int, float)):
        raise ModelError("total is no number")
    Random().setstate(_random_state(content["random"]))
    history_from(content["history"])


def require_same(content: Mapping[str, Any], settings: Mapping[str, Any], data: str) -> None:
    """Raises DataError where a checkpoint is of other rows, and SettingError where it is of other
    settings: going on would be another training."""
    if content["data"] != data:
        raise DataError(
            "the rows are not those that the checkpoint was made with (their fingerprints differ): "
            "go on with the same rows, or start again without resume"
        )
    before = content["settings"]
    for name in {**before, **settings}:
        if before.get(name) != json.loads(json.dumps(settings.get(name))):
            raise SettingError(
                f"{name} is {settings.get(name)!r:.80}, and the checkpoint was made with "
                f"{before.get(name)!r:.80}: go on with the same settings, or start again without "
                "resume"
            )


def random_state_of(random: Random) -> list[Any]:
    version, numbers, gauss = random.getstate()
    return [version, list(numbers), gauss]


def _random_state(state: Any) -> tuple[Any, ...]:
    version, numbers, gauss = list_of("random", state, 3)
    return version, tuple(numbers), gauss


def set_random_state(random: Random, state: Any) -> None:
    random.setstate(_random_state(state))


def history_to(history: History) -> list[list[Any]]:
    return [list(epoch) for epoch in history.epochs]


def history_from(epochs: Any) -> list[Epoch]:
    return [Epoch(*list_of("an epoch", epoch)) for epoch in list_of("history", epochs)]


def fingerprint_of_rows(
    rows: Sequence[Pair], held_out: Sequence[Pair], sample_weight: Sequence[float] | None
) -> str:
    """SHA-256 over all numbers of the rows, in their order."""
    digest = sha256()
    for part in (rows, held_out):
        digest.update(f"{len(part)} rows\n".encode())
        if isinstance(part, ArrayRows):
            for table in part.arrays():
                digest.update(repr(table.shape).encode() + table.tobytes())
            continue
        for x, d in part:
            digest.update(_bytes(x) + b"|" + _bytes(d) + b"\n")
    digest.update(b"" if sample_weight is None else _bytes(sample_weight))
    return digest.hexdigest()


def _bytes(numbers: Any) -> bytes:
    try:
        return array("d", numbers).tobytes()
    except (TypeError, ValueError, OverflowError):
        return repr(numbers).encode("utf-8", "surrogatepass")


def names_of(network: Module) -> str:
    """A fingerprint of the names of the parameters: another wiring has others."""
    names = "\n".join(name for name, _ in network.named_parameters())
    return sha256(names.encode("utf-8", "surrogatepass")).hexdigest()[:16]

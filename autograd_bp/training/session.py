"""A whole training session: data in, a model and its proof out. The command line calls this."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

from autograd_bp.errors import SettingError
from autograd_bp.interrupts import interrupts
from autograd_bp.nn.network import Network
from autograd_bp.nn.report import Proof
from autograd_bp.training.ascent import positive, whole
from autograd_bp.training.choosing import require_choice
from autograd_bp.training.dataset import DataSet, Split
from autograd_bp.training.history import History
from autograd_bp.training.loop import evaluate, train
from autograd_bp.training.model import Model
from autograd_bp.training.sources import load
from autograd_bp.training.target import Numbers

__all__ = ["Plan", "Result", "plan"]

MAX_WEIGHTS = 20_000_000
DEFAULT_ROWS = 30_000  # rows to go over in all epochs, when the number of epochs is left out


class Defaults(NamedTuple):
    """The settings of a data set that are used when they are left out."""

    layers: tuple[int, ...]
    rate: float
    epochs: int


KNOWN = {"digits": Defaults((30,), 0.5, 16), "xor": Defaults((6,), 1.0, 600)}


@dataclass(frozen=True)
class Result:
    """The result of a training.

    Attributes:
        model: the trained model.
        history: P and accuracy, epoch by epoch.
        proof: hand-derived γ and Δw compared with autodiff, on the model's example.
        training: mean P and share of right answers on the training rows, at the end.
        held_out: the same on the rows held out; None where there are none.
    """

    model: Model
    history: History
    proof: Proof
    training: tuple[float, float | None]
    held_out: tuple[float, float | None] | None


@dataclass(frozen=True)
class Plan:
    """Checked settings, rows and first weights: everything is checked before training starts.

    `plan` makes it; `run` trains.
    """

    data: DataSet
    split: Split
    network: Network
    settings: dict[str, Any]
    compiled: bool | str = "auto"

    def run(
        self, *, progress: bool = False, keep: Callable[[Model], object] | None = None
    ) -> Result:
        """Train the network; Ctrl-C ends the training early and keeps the weights so far.

        Arguments:
            progress: as for `train`.
            keep: called with the model as soon as it is trained, before anything is judged.
        """
        interrupts.hold()  # until the model is kept, signals are noted where none may stop it
        options = {name: self.settings[name] for name in ("rate", "epochs", "batch", "seed")}
        how: dict[str, Any] = {"compiled": self.compiled}
        history = train(self.network, self.split, progress=progress, **options, **how)
        about = {
            **self.settings,
            "epochs_finished": len(history.epochs),
            "how": history.how,
        }
        model = Model.of(self.network, self.data, self.split, about)
        if keep is not None:
            keep(model)
        interrupts.release(after=1)
        how["judged"] = not isinstance(self.split.target, Numbers)
        training = evaluate(self.network, self.split.training, **how)
        held_out = None
        if self.split.held_out:
            held_out = evaluate(self.network, self.split.held_out, **how)
        about |= {
            "training": _named(training, len(self.split.training)),
            "held_out_rows": held_out and _named(held_out, len(self.split.held_out)),
        }
        model = replace(model, about=about)
        return Result(model, history, model.prove(), training, held_out)


def plan(
    data: str | os.PathLike[str],
    *,
    layers: Sequence[int] | None = None,
    rate: float | None = None,
    epochs: int | None = None,
    batch: int = 1,
    seed: int = 0,
    held_out: float | None = None,
    target: str | None = None,
    task: str = "auto",
    ignore: Collection[str] = (),
    compiled: bool | str = "auto",
) -> Plan:
    """Read the data, check every setting and draw the first weights.

    Arguments:
        data: "digits", "xor", or the path of a CSV file.
        layers: the number of neurons in each hidden layer; none for no hidden layer.
        rate: δ.
        epochs: how often to go over the rows.
        batch: how many rows make a step.
        seed: decides the rows held out, the first weights and the order of the rows.
        held_out: the share of rows held out.
        target: the column with the answers, see `autograd_bp.training.read_csv`.
        task: what the answers are, see there.
        ignore: columns to leave out.
        compiled: whether batches run as compiled programs, see `train`.

    Raises: DataError, SettingError, before anything is trained or written.

    Example:
        >>> from autograd_bp.training import plan
        >>> result = plan("xor", seed=1).run()
        >>> result.training[1], result.proof.ok
        (1.0, True)
    """
    if rate is not None:
        positive("the rate", rate)
    if epochs is not None:
        whole("epochs", epochs)
    whole("batch", batch)
    require_choice(compiled)
    hidden = None if layers is None else [whole("the size of a layer", n) for n in layers]
    loaded = load(data, target=target, task=task, ignore=ignore)
    n_rows = len(loaded.inputs)
    known = KNOWN.get(data) if isinstance(data, str) else None
    known = known or Defaults((10,), 0.5, max(10, min(500, DEFAULT_ROWS // n_rows)))
    split = loaded.split(seed, held_out)
    sizes = [
        len(loaded.columns),
        *(known.layers if hidden is None else hidden),
        split.target.n_outputs,
    ]
    _require_possible(sizes)
    settings = {
        "data": loaded.name,
        "rate": float(known.rate if rate is None else rate),
        "epochs": known.epochs if epochs is None else int(epochs),
        "batch": int(batch),
        "seed": seed,
        "held_out": loaded.held_out if held_out is None else float(held_out),
    }
    return Plan(loaded, split, Network(sizes, seed=seed), settings, compiled)


def _require_possible(sizes: list[int]) -> None:
    weights = sum((n_inputs + 1) * n for n_inputs, n in pairwise(sizes))
    if weights > MAX_WEIGHTS:
        raise SettingError(
            f"a network of layers {sizes} has {weights:,} weights, more than {MAX_WEIGHTS:,}: "
            "choose smaller layers"
        )


def _named(score: tuple[float, float | None], rows: int) -> dict[str, Any]:
    return {"rows": rows, "P": score[0], "accuracy": score[1]}

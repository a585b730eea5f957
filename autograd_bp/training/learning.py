"""How a table is learned by default: with which optimiser, at which rate, for how many epochs.

The choice is that of benchmarks/optimisers.py, which compares them on tables of many kinds.
"""

from __future__ import annotations

from typing import Any

from autograd_bp.errors import SettingError
from autograd_bp.training.history import History
from autograd_bp.training.optimisers.base import Optimiser
from autograd_bp.training.optimisers.names import optimiser as by_name
from autograd_bp.training.schedules import schedule_of
from autograd_bp.training.settings import not_negative, positive, whole

__all__ = [
    "chosen_optimiser",
    "learning_settings",
    "optimiser_facts",
    "optimiser_saved",
    "stopped_facts",
    "train_options",
]

AUTO = "auto"
BEST, BEST_DECAY = "rprop", 0.003
EPOCHS_OF_ALL_ROWS = 200  # of an optimiser that takes a step in each


def chosen_optimiser(
    optimiser: str | Optimiser,
    output: str,
    *,
    rate: float | None,
    epochs: int | None,
    batch: int | str,
) -> str | Optimiser:
    """Choose the optimiser that "auto" means for a kind of output. The outputs of the post are
    learned as in the post, and a rate, a batch or a number of epochs without an optimiser is that
    of ascent.

    Raises: SettingError for an optimiser that is unknown or goes down.
    """
    if isinstance(optimiser, Optimiser):
        if optimiser.minimise:
            raise SettingError("training moves up a performance: leave minimise=True out")
        return optimiser
    if not (isinstance(optimiser, str) and optimiser == AUTO):
        by_name(optimiser, None, rate)  # raises what is wrong with it
        return optimiser
    is_of_ascent = rate is not None or epochs is not None or batch != AUTO
    return "ascent" if is_of_ascent or output == "sigmoid" else BEST


def learning_settings(
    optimiser: str | Optimiser,
    output: str,
    *,
    rate: float | None,
    epochs: int | None,
    batch: int | str,
    decay: float | str,
    rows: int,
    known_rate: float,
    known_epochs: int,
) -> tuple[Optimiser, dict[str, Any]]:
    """The optimiser without parameters, and the settings of a training, where those that were left
    out have their numbers.

    Arguments:
        optimiser: a name, "auto", or one that was made.
        output: the kind of output.
        rate: as given.
        epochs: as given.
        batch: as given.
        decay: as given; "auto" is 0.003 for the optimiser that "auto" chooses, and 0 for others.
        rows: how many are learned from.
        known_rate: δ of ascent, where none is given.
        known_epochs: for optimisers that take a step for a row, or for some rows.

    Raises: SettingError for what is unknown or out of range.
    """
    chosen = chosen_optimiser(optimiser, output, rate=rate, epochs=epochs, batch=batch)
    if isinstance(chosen, Optimiser):
        tool = chosen
        tool.rate = tool.rate if rate is None else rate
    else:
        tool = by_name(chosen, None, rate)
        has_rate = rate is not None or "rate" in chosen.partition(":")[2]
        if tool.name == "ascent" and not has_rate:
            tool.rate = known_rate
    is_chosen = isinstance(optimiser, str) and optimiser == AUTO and tool.name == BEST
    if isinstance(decay, str) and decay == AUTO:
        decay = BEST_DECAY if is_chosen else 0.0
    if epochs is None:
        epochs = EPOCHS_OF_ALL_ROWS if tool.takes_all_rows else known_epochs
    if batch == AUTO and isinstance(batch, str):
        batch = rows if tool.takes_all_rows else 1
    return tool, {
        "rate": tool.rate,
        "epochs": whole("epochs", epochs),
        "batch": whole("batch", batch),
        "decay": not_negative("decay", decay),
    }


def optimiser_facts(optimiser: Optimiser) -> dict[str, Any]:
    """Describe the optimiser in a model file, for readers."""
    return {"name": optimiser.name, **optimiser.settings}


def optimiser_saved(optimiser: Optimiser) -> dict[str, Any]:
    """Save an optimiser in a model file, with its state, so that training can go on."""
    return {"settings": optimiser.settings, "state": optimiser.state_dict()}


def train_options(
    schedule: Any, clip_norm: float | None, clip_value: float | None, patience: int | None
) -> dict[str, Any]:
    """Keywords of `train`, checked, so that nothing is refused after a table was read."""
    schedule_of(schedule)
    for name, setting in (("clip_norm", clip_norm), ("clip_value", clip_value)):
        if setting is not None:
            positive(name, setting)
    if patience is not None:
        whole("patience", patience)
    return {
        "schedule": schedule,
        "clip_norm": clip_norm,
        "clip_value": clip_value,
        "patience": patience,
    }


def stopped_facts(history: History) -> dict[str, Any]:
    """Why a training ended early, where it did."""
    facts: dict[str, Any] = {"stopped": history.stopped} if history.stopped else {}
    return facts | ({"restored_epoch": history.restored} if history.restored else {})

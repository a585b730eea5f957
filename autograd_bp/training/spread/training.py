"""`train` for rows in blocks: what it is given is checked, and handed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd_bp import functions
from autograd_bp.errors import MissingExtraError, SettingError
from autograd_bp.nn.module import Module
from autograd_bp.training.dataset import Split
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.meaning import OUTPUTS, is_number, output_of
from autograd_bp.training.progress import bar_of
from autograd_bp.training.settings import not_negative, whole
from autograd_bp.training.tabular import TableSplit

if TYPE_CHECKING:
    from autograd_bp.training.spread.blocks import Blocks

__all__ = ["BLOCK", "block_size", "train_by_blocks"]

BLOCK = 16_384  # rows
Performance = Callable[[Any, Any], Any]


def block_size(block: Any) -> int:
    """Rows of a block. Raises SettingError for what is no whole number above 0."""
    return BLOCK if block is None else whole("block", block)


def train_by_blocks(
    network: Module,
    data: Any,
    held_out: Any = (),
    *,
    optimiser: Any,
    epochs: int,
    batch: int,
    seed: int,
    performance: Performance | None,
    sample_weight: Any,
    decay: float,
    progress: bool | str,
    on_epoch: Callable[[Epoch], object] | None,
    compiled: bool | str,
    block: int | None,
) -> History:
    """Train a network on rows in blocks, in place; the arguments and the errors are those of
    `train`. `data` may be `Blocks`, too."""
    try:
        from autograd_bp.training.spread.ascending import Settings, ascend_by_blocks
        from autograd_bp.training.spread.blocks import Blocks, blocks_of
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        raise MissingExtraError(
            'rows in blocks need NumPy: pip install "autograd_bp[arrays]"'
        ) from None
    if compiled is False:
        raise SettingError(
            "rows in blocks are computed by a compiled program: compiled=False is for rows in one "
            "list, without block="
        )
    size, judged = block_size(block), None
    if isinstance(data, (Split, TableSplit)):
        performance = performance or OUTPUTS[output_of(data.target)].performance
        judged = not is_number(data.target)
        if sample_weight is None and isinstance(data, TableSplit):
            sample_weight = data.weights
        data, held_out = data.training, data.held_out
    performance = performance or functions.performance
    settings = Settings(
        optimiser,
        whole("epochs", epochs),
        whole("batch", batch),
        seed,
        not_negative("decay", decay),
        _decayed(network),
    )
    blocks = data if isinstance(data, Blocks) else blocks_of(data, size, sample_weight)
    score = None
    if not (isinstance(held_out, (list, tuple)) and not held_out) and len(held_out):
        score = _score_of(network, blocks_of(held_out, size), performance, judged)
    bar = bar_of(blocks.rows, settings.epochs, shown=progress)
    try:
        return ascend_by_blocks(
            network,
            blocks,
            performance,
            settings,
            judged=judged,
            score=score,
            bar=bar,
            on_epoch=None if on_epoch is None else lambda epoch: _is_true(on_epoch(epoch)),
        )
    finally:
        bar.close()


def _score_of(
    network: Module, rows: Blocks, performance: Performance, judged: bool | None
) -> Callable[[], tuple[float, float | None]]:
    """P and the share that is right of rows held out, with the weights as they are then."""
    import numpy as np

    from autograd_bp.training.spread.work import Work

    work = Work.of(network, rows.width, performance, weighted=rows.weighted)
    are_classes = rows.are_classes if judged is None else judged
    parameters, places = network.parameters(), list(range(rows.count))

    def score() -> tuple[float, float | None]:
        sums = rows.sums(work, np.array([w.data for w in parameters]), places)
        P, right = float(sums[:, 0].sum()), float(sums[:, -1].sum())
        return P / rows.rows, right / rows.rows if are_classes else None

    return score


def _decayed(network: Module) -> list[float]:
    """1.0 for each parameter but bias weights."""
    names = [name.rpartition(".")[2] for name, _ in network.named_parameters()]
    return [float(name not in ("bias", "w0")) for name in names]


def _is_true(answer: object) -> bool:
    """True, also NumPy's; a number or a list that a callback happens to return is no answer."""
    return answer is True or (
        getattr(getattr(answer, "dtype", None), "kind", "") == "b" and bool(answer)
    )

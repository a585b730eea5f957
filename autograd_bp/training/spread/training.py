"""`train` for rows in blocks: what it is given is checked, and handed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd_bp import functions
from autograd_bp.errors import MissingExtraError, SettingError
from autograd_bp.nn.module import Module
from autograd_bp.training.dataset import Split
from autograd_bp.training.history import History
from autograd_bp.training.meaning import OUTPUTS, is_number, output_of
from autograd_bp.training.settings import whole
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
    data: Any,
    held_out: Any = (),
    *,
    performance: Performance | None,
    sample_weight: Any,
    progress: bool | str,
    compiled: bool | str,
    block: int | None,
    **settings: Any,
) -> History:
    """Train a network on rows in blocks, in place; the errors are those of `train`.

    Arguments:
        data: as for `train`; also `Blocks`.
        held_out: as for `train`.
        performance: as for `train`.
        sample_weight: as for `train`.
        progress: as for `train`.
        compiled: as for `train`.
        block: as for `train`.
        **settings: the others, as `Course` has them.
    """
    try:
        from autograd_bp.training.spread.ascending import BlockRun
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
    blocks = data if isinstance(data, Blocks) else blocks_of(data, size, sample_weight)
    score = None
    if not (isinstance(held_out, (list, tuple)) and not held_out) and len(held_out):
        network = settings["network"]
        score = _score_of(network, blocks_of(held_out, size), performance, judged)
    run = BlockRun(
        **settings,
        performance=performance,
        judged=blocks.are_classes if judged is None else judged,
        blocks=blocks,
        score=score,
    )
    return run.train(progress)


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

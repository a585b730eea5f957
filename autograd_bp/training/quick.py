"""The loop by compiled programs: the same steps on arrays, a batch in one call.

A program does what the network did when it ran once on Values. So a network is compiled without
being asked only where that is all that it can do: layers of plain neurons, whose activations are
rows of the table, and the performance of the post.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from autograd_bp import functions
from autograd_bp.core import is_native
from autograd_bp.errors import AutogradError, MissingExtraError, SettingError
from autograd_bp.nn.layer import Layer
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network
from autograd_bp.nn.neuron import Neuron, identity
from autograd_bp.primitives import Primitive
from autograd_bp.training.ascent import GradientAscent
from autograd_bp.training.progress import Bar
from autograd_bp.training.target import THRESHOLD

if TYPE_CHECKING:
    from autograd_bp.compiling.modules import Recording

__all__ = ["Quick", "quick"]

Rows = Sequence[tuple[Any, list[Any]]]
Performance = Callable[[Any, Any], Any]

# Orders of magnitude, in seconds, for the decision alone.
RECORDING, RECORDING_A_WEIGHT = 2e-2, 4e-5
A_CALL, A_WEIGHT = 6e-5, 2e-9
EAGER_ROW, EAGER_WEIGHT = 3e-6, 6e-8
SLOWER = 15.0  # the interpreted core
WORTH_IT = 1.5  # how many times faster it must be expected to be


def quick(
    compiled: bool | str, network: Module, rows: Rows, performance: Performance, *,
    passes: int, batch: int, climbing: bool,
) -> tuple[Quick | None, str]:  # fmt: skip
    """What goes over rows by programs, None where that is not to be, and the reason.

    Arguments:
        compiled: True, False or "auto".
        network, performance: what is climbed.
        rows: pairs (x, d).
        passes: how often the rows are gone over.
        batch: how many rows a step takes.
        climbing: whether there are steps; without, rows are only judged.

    Raises: SettingError for another `compiled`; where it is True and that cannot be, the error
        that says why.
    """
    if compiled is not True and compiled is not False and compiled != "auto":
        raise SettingError(f'compiled is True, False or "auto", got {compiled!r:.40}')
    if compiled is False:
        return None, "eager: asked for"
    if compiled is True:
        return Quick(network, rows, performance, climbing), "compiled: asked for"
    reason = _unlike_a_program(network, performance) or _too_little(
        network, len(rows) * passes, -(-len(rows) // batch) * passes, climbing
    )
    if reason is None:
        try:
            return Quick(network, rows, performance, climbing), "compiled: enough rows to pay"
        except AutogradError as error:  # the loop tells it, where it matters
            reason = str(error)
    return None, f"eager: {reason}"


class Quick:
    """Goes over rows by programs.

    Arguments:
        network: the network; its weights are moved.
        rows: pairs (x, d).
        performance: the function of d and the outputs.
        climbing: whether its gradient is needed.

    Raises: DataError when the rows are no numbers; what `Module.compiled` raises.
    """

    def __init__(
        self, network: Module, rows: Rows, performance: Performance, climbing: bool
    ) -> None:
        if find_spec("numpy") is None:
            raise MissingExtraError('compiling needs NumPy: pip install "autograd_bp[arrays]"')
        from autograd_bp.compiling.choosing import Plan
        from autograd_bp.compiling.modules import Recording
        from autograd_bp.compiling.threads import count_of
        from autograd_bp.training.arrays import table_of

        self._table = table_of(rows, network)
        self._recording: Recording = Recording(network, len(rows[0][0]), performance)
        self._require_desired(rows)
        make = self._recording.climbing if climbing else self._recording.judging
        self._plan = Plan(make(summed=True), "auto")
        self._threads = count_of(None)

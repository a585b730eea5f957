"""The choice of compiled programs for the loop: the same steps on arrays, a batch in one call.

A program repeats one run of the network on Values. So "auto" compiles a network only where every
run is the same: layers of plain neurons, whose activations are primitives of the table, and the
performance of the post, or one of those in nn/performances.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from autograd_bp.core import is_native
from autograd_bp.errors import AutogradError, MissingExtraError, SettingError
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network, is_plain
from autograd_bp.nn.performances import is_known

if TYPE_CHECKING:
    from autograd_bp.random.sources import RowNumbers
    from autograd_bp.training.batches import Batches
    from autograd_bp.training.objectives import Objective

__all__ = ["choose_loop", "objective_of", "require_choice"]

Rows = Sequence[tuple[Any, list[Any]]]
Performance = Callable[[Any, Any], Any]

# Orders of magnitude, in seconds, for the decision alone. The backends know the cost of programs.
RECORDING, RECORDING_A_WEIGHT = 2e-2, 4e-5
EAGER_ROW, EAGER_NEURON, EAGER_WEIGHT = 8e-6, 5e-7, 2.2e-8
INTERPRETED_FACTOR = 15.0  # how much slower the interpreted core is
MIN_SPEEDUP = 1.5  # that is expected, or nothing is compiled


def choose_loop(
    compiled: bool | str,
    network: Module,
    rows: Rows,
    performance: Performance,
    *,
    passes: int,
    batch: int,
    with_gradient: bool,
    sample_weight: Sequence[float] | None = None,
    seed: int | None = None,
) -> tuple[Batches | None, str]:
    """The batches of a compiled program, or None for the eager loop, and the reason.

    Arguments:
        compiled: True, False or "auto".
        network: the network.
        performance: the function of d and the outputs.
        rows: pairs (x, d).
        passes: how often the loop goes over the rows.
        batch: how many rows a step takes.
        with_gradient: True for ascent; False where rows are only judged.
        sample_weight: of each row.
        seed: of the random numbers that rows draw; None where they are judged.

    Raises: SettingError for another `compiled`; where it is True and the network cannot be
        compiled, the error with the reason.
    """
    require_choice(compiled)
    if compiled is False:
        return None, "eager: asked for"
    steps = -(-len(rows) // batch) * passes

    def batches() -> Batches:
        if find_spec("numpy") is None:
            raise MissingExtraError('compiling needs NumPy: pip install "autograd_bp[arrays]"')
        from autograd_bp.training.batches import Batches

        at_once = _calls(len(rows) * passes, steps, len(network.parameters()))[1]
        return Batches(
            network,
            rows,
            performance,
            with_gradient,
            at_once=at_once,
            sample_weight=sample_weight,
            seed=seed,
        )

    if compiled is True:
        return batches(), "compiled: asked for"
    reason = _unlike_a_program(network, performance) or _too_little(
        network, len(rows) * passes, steps, with_gradient
    )
    if reason is None:
        try:
            return batches(), "compiled: enough rows to pay"
        except AutogradError as error:  # the eager loop raises it again, if it matters there
            reason = str(error)
    return None, f"eager: {reason}"


def objective_of(
    batches: Batches | None,
    network: Module,
    rows: Rows,
    performance: Performance,
    *,
    sample_weight: Sequence[float] | None,
    decay: float,
    decayed: set[Any],
    free: list[int] | None,
    numbers: RowNumbers | None = None,
) -> Objective:
    """The mean performance of all rows as a function of the weights, by the program that was chosen
    for batches, or row by row where there is none.

    Raises: MissingExtraError without NumPy.
    """
    if find_spec("numpy") is None:
        raise MissingExtraError('this optimiser needs NumPy: pip install "autograd_bp[arrays]"')
    import numpy as np

    from autograd_bp.training.objectives import CompiledRows, EagerRows, Objective

    parameters = network.parameters()
    ways: CompiledRows | EagerRows
    if batches is None:
        ways = EagerRows(network, rows, performance, sample_weight, numbers)
    else:
        arrays = batches.arrays(sample_weight)
        ways = CompiledRows(batches, network, arrays, performance, batches.settle())
    return Objective(
        ways,
        len(rows),
        performance,
        weights=np.array([w.data for w in parameters]),
        decay=decay * np.array([w in decayed for w in parameters], dtype=float),
        free=free,
    )


def require_choice(compiled: bool | str) -> None:
    """Raises SettingError for anything but True, False and "auto"."""
    if compiled is not True and compiled is not False and compiled != "auto":
        raise SettingError(f'compiled is True, False or "auto", got {compiled!r:.40}')


def _unlike_a_program(network: Any, performance: Performance) -> str | None:
    """Why the next run of the network might differ from the first; None where it cannot."""
    if not is_known(performance):
        return "a performance of the user's own is compiled when asked (compiled=True)"
    if type(network) is not Network:
        return f"a {type(network).__name__} is compiled when asked (compiled=True)"
    if not is_plain(network):
        return "it has neurons of the user's own, which are compiled when asked (compiled=True)"
    if find_spec("numpy") is None:
        return 'NumPy is not installed (pip install "autograd_bp[arrays]")'
    return None


def _too_little(network: Any, rows: int, steps: int, with_gradient: bool) -> str | None:
    """Why compiling is not worth it; None where it is. This is decided by counts and not by a
    clock, so that the same call takes the same path in every run."""
    weights = len(network.parameters())
    neurons = sum(len(layer.neurons) for layer in network.layers)
    row = EAGER_ROW + EAGER_NEURON * neurons + EAGER_WEIGHT * weights
    eager = rows * row * (1.0 if is_native() else INTERPRETED_FACTOR)
    recording = RECORDING + RECORDING_A_WEIGHT * weights
    if not with_gradient:
        eager, recording = 0.4 * eager, 0.4 * recording
    # The compiler is not even loaded where recording alone would take longer.
    if eager > MIN_SPEEDUP * recording and eager > MIN_SPEEDUP * (
        recording + _calls(rows, steps, weights)[0]
    ):
        return None
    return f"{rows:,} rows and {weights:,} weights are too few to compile for"


def _calls(rows: int, steps: int, weights: int) -> tuple[float, bool]:
    """The seconds that calls of a program take, and whether machine code pays from the start."""
    from autograd_bp.compiling.backends.choosing import training_seconds

    return training_seconds(steps, rows, weights)

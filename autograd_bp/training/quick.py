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

if TYPE_CHECKING:
    from autograd_bp.training.batches import Batches

__all__ = ["quick", "require_choice"]

Rows = Sequence[tuple[Any, list[Any]]]
Performance = Callable[[Any, Any], Any]

# Orders of magnitude, in seconds, for the decision alone. What programs cost, backends say.
RECORDING, RECORDING_A_WEIGHT = 2e-2, 4e-5
EAGER_ROW, EAGER_NEURON, EAGER_WEIGHT = 8e-6, 5e-7, 2.2e-8
SLOWER = 15.0  # the interpreted core
WORTH_IT = 1.5  # how many times faster it must be expected to be


def quick(
    compiled: bool | str,
    network: Module,
    rows: Rows,
    performance: Performance,
    *,
    passes: int,
    batch: int,
    climbing: bool,
) -> tuple[Batches | None, str]:
    """What goes over rows by programs, None where that is not to be, and the reason.

    Arguments:
        compiled: True, False or "auto".
        network: whose performance is climbed.
        performance: the function of d and the outputs.
        rows: pairs (x, d).
        passes: how often the rows are gone over.
        batch: how many rows a step takes.
        climbing: whether there are steps; without, rows are only judged.

    Raises: SettingError for another `compiled`; where it is True and that cannot be, the error
        that says why.
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
        return Batches(network, rows, performance, climbing, at_once=at_once)

    if compiled is True:
        return batches(), "compiled: asked for"
    reason = _unlike_a_program(network, performance) or _too_little(
        network, len(rows) * passes, steps, climbing
    )
    if reason is None:
        try:
            return batches(), "compiled: enough rows to pay"
        except AutogradError as error:  # the loop tells it, where it matters
            reason = str(error)
    return None, f"eager: {reason}"


def require_choice(compiled: bool | str) -> None:
    """Raises SettingError for what says neither when to compile nor when not."""
    if compiled is not True and compiled is not False and compiled != "auto":
        raise SettingError(f'compiled is True, False or "auto", got {compiled!r:.40}')


def _unlike_a_program(network: Any, performance: Performance) -> str | None:
    """Why what the network does might not be what it did once; None where it surely is."""
    if performance is not functions.performance:
        return "a performance of the user's own is compiled when asked (compiled=True)"
    if type(network) is not Network:
        return f"a {type(network).__name__} is compiled when asked (compiled=True)"
    for layer in network.layers:
        if type(layer) is not Layer or any(not _is_plain(neuron) for neuron in layer.neurons):
            return "it has neurons of the user's own, which are compiled when asked (compiled=True)"
    if find_spec("numpy") is None:
        return 'NumPy is not installed (pip install "autograd_bp[arrays]")'
    return None


def _is_plain(neuron: Neuron) -> bool:
    weights = neuron.weights if neuron.bias is None else (neuron.bias, *neuron.weights)
    return (
        type(neuron) is Neuron
        and (neuron.activation is identity or isinstance(neuron.activation, Primitive))
        and all(weight.op is None for weight in weights)
    )


def _too_little(network: Any, rows: int, steps: int, climbing: bool) -> str | None:
    """Why compiling is not worth it; None where it is. By counts, not by clocks: the same call
    takes the same way in every run."""
    weights = len(network.parameters())
    neurons = sum(len(layer.neurons) for layer in network.layers)
    row = EAGER_ROW + EAGER_NEURON * neurons + EAGER_WEIGHT * weights
    eager = rows * row * (1.0 if is_native() else SLOWER)
    recording = RECORDING + RECORDING_A_WEIGHT * weights
    if not climbing:
        eager, recording = 0.4 * eager, 0.4 * recording
    # The compiler is not even loaded where recording alone would take longer.
    if eager > WORTH_IT * recording and eager > WORTH_IT * (
        recording + _calls(rows, steps, weights)[0]
    ):
        return None
    return f"{rows:,} rows and {weights:,} weights are too few to compile for"


def _calls(rows: int, steps: int, weights: int) -> tuple[float, bool]:
    """What the calls of a program will take, and whether machine code pays from the start."""
    from autograd_bp.compiling.backends.choosing import training_seconds

    return training_seconds(steps, rows, weights)

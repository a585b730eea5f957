"""prove: every γ and every Δw that people derive by hand, compared with autodiff.

The hand side is `gamma`, on plain floats; the other side is a sweep through the recorded
graph, which knows only the rules of the table of primitives.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, overload

from autograd_bp import graph
from autograd_bp.errors import SettingError
from autograd_bp.nn import gamma
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof_arguments import positive
from autograd_bp.nn.proof_options import Options, takes_options
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.nn.proof_scales import scales
from autograd_bp.nn.proof_sweep import Leaves, Recording, in_order, names, parameters, record
from autograd_bp.nn.report import Proof, Row
from autograd_bp.nn.rounding import spread
from autograd_bp.tracebacks import without_own_frames
from autograd_bp.value import Value

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from autograd_bp.nn.exact.proof import ExactProof

__all__ = ["prove"]

TOLERANCE = 4.0


class _Manner(Options, total=False):
    """How `prove` compares, and what."""

    unfold: bool
    tolerance: float


@overload
def prove(
    network: Network,
    x: Any,
    d: Any,
    rate: float = 1.0,
    *,
    exact: Literal[False] = False,
    **options: Unpack[_Manner],
) -> Proof: ...
@overload
def prove(
    network: Network, x: Any, d: Any, rate: float = 1.0, *, exact: bool, **options: Unpack[_Manner]
) -> ExactProof: ...
@without_own_frames
@takes_options
def prove(
    network: Network,
    x: Any,
    d: Any,
    rate: float = 1.0,
    *,
    unfold: bool = False,
    tolerance: float = TOLERANCE,
    exact: bool = False,
    **options: Unpack[Options],
) -> Proof | ExactProof:
    """Compare the hand-derived γ and Δw of every neuron and weight with autodiff.

    Arguments:
        network: a Network of any depth and width, with or without bias; weights may be shared.
        x: a row of inputs; a list of rows with `batch` or `recurrent`.
        d: the desired outputs; a number for a network of one output. With several rows a list of
            them, where None stands for a step in time that has none.
        rate: δ in Δw = δ y γ.
        unfold: sweep through the graph with every composite replaced by its definition, the
            sigmoid by 1 / (1 + e^-α), P by its differences and squares.
        tolerance: how many units a difference may have: units in the last place of the
            numbers compared, where both sides round alike and 0 is expected; elsewhere units
            of the rounding that their steps add up to (nn/rounding.py, nn/proof_scales.py).
        exact: prove it for all weights, inputs and desired outputs, not at these numbers: see
            `ExactProof`. The rows of x and d say only how many there are.
        slopes: dy/dα of activations, as a `Slope` or a function of y, of alpha, or of alpha and
            y, in these names: for all layers, a list with one for each layer, or a dict by the
            name of the activation. sigmoid, tanh, relu, identity, softplus, silu and leaky_relu
            with 0.01 are known.
        output: what output neurons are blamed for: "squares" for P = -½ Σ (d - z)², "softmax"
            for a softmax with its cross-entropy over a last layer of "identity", "logistic" for
            the cross-entropy of sigmoids, or an `Output`.
        performance: P as a function of the lists d and z, of Values: for an `Output` of your own.
        batch: "sum" or "mean" of Δw and P over the rows of x.
        recurrent: the layers, from 1, whose outputs are also their inputs one step later, after
            those of the layer before: the rows of x are steps in time.
        masks: for each hidden layer the factors on its outputs, as dropout draws them, or None;
            of several rows a list of factors for all of them, or one for each.
        decay: λ of a weight decay: -½ λ Σ w² is added to P.
        decay_bias: whether bias weights decay too.

    Returns: a report, with `.ok`, `.max_ulps` and `.rows`, that prints as a table; an
        `ExactProof` with exact=True. Gradients of the parameters are left as they were.

    Raises: SettingError when the formulas do not cover the network, or a setting is outside
        its range; ShapeError when x, d or a list of settings has the wrong length.

    Example:
        >>> from autograd_bp.nn import Network, prove
        >>> report = prove(Network([2, 3, 1], seed=0), [0.0, 1.0], [1.0])
        >>> report.ok, report.max_ulps
        (True, 0.0)
        >>> classifier = Network([2, 3, 3], ["tanh", "identity"], seed=0)
        >>> proof = prove(classifier, [0.5, 1.0], [0, 1, 0], output="softmax", exact=True)
        >>> proof.ok, proof.error_probability < 2.0**-60
        (True, True)
    """
    limit = positive("tolerance", tolerance)
    problem = Problem.of(network, x, d, rate, options)
    if exact:
        if unfold:
            raise SettingError("unfold=True is about rounding, which exact=True has none of")
        from autograd_bp.nn.exact.proof import prove_exactly

        return prove_exactly(problem)
    layers = problem.layers
    y, γ, Δw = by_hand(problem, layers)
    sweep = swept(problem, unfold)
    units: Iterator[float] = iter(lambda: 0.0, None)
    if problem.is_plain:
        if unfold:
            (outs,), (gammas,), (d_row,) = y, γ, problem.desired
            assert d_row is not None
            of = spread(layers, outs, gammas, d_row, problem.rate)
            units = in_order([of.y[1:]], [of.γ], of.Δw)
    elif unfold or not problem.alike or problem.has_rows or problem.shared:
        units = in_order(*scales(problem, layers, y, γ, Δw))
    rows = [
        Row(
            kind,
            n,
            j,
            i,
            hand,
            autodiff,
            difference(hand, autodiff, unit),
            t if problem.has_rows and t else None,
        )
        for (kind, n, j, i, t), hand, autodiff, unit in zip(
            names(layers, len(problem.rows)),
            in_order([row[1:] for row in y], γ, Δw),
            sweep,
            units,
            strict=False,
        )
    ]
    return Proof(tuple(rows), network.sizes, problem.rate, limit, unfold)


def by_hand(
    problem: Problem, layers: list[list[Weights]]
) -> tuple[list[list[list[Any]]], list[list[list[Any]]], list[list[Weights]]]:
    """y and γ of each row, and Δw, by the formulas of `gamma`."""
    δ, (d, *_) = problem.rate, problem.desired
    if problem.is_plain:
        assert d is not None
        y = gamma.outputs(layers, problem.rows[0])
        γ = gamma.gammas(layers, y, d)
        return [y], [γ], gamma.changes(layers, y, γ, δ)
    setting = problem.setting
    unknown = any(slope.function is None for layer in setting.slopes for slope in layer)
    rows_y = _recorded_outputs(problem) if unknown else _outputs(problem, layers)
    return (rows_y, *backward(problem, layers, rows_y, problem.desired, δ))


def backward(
    problem: Problem,
    layers: list[list[Weights]],
    y: list[list[list[Any]]],
    d: Any,
    δ: Any,
    setting: Any = None,
) -> tuple[list[list[list[Any]]], list[list[Weights]]]:
    """γ of each row, and Δw, by the formulas of `gamma`, for outputs that are known."""
    setting = setting or problem.setting
    settings = [setting.of_row(t) for t in range(len(y))]
    pasts = [y[t - 1] if setting.recurrent and t else None for t in range(len(y))]
    γ: list[list[list[Any]]] = []
    for t in range(len(y) - 1, -1, -1):
        α = gamma.stimuli(layers, y[t], settings[t], pasts[t])
        after = γ[0] if γ and setting.recurrent else None
        γ.insert(0, gamma.gammas(layers, y[t], d[t], settings[t], α, after))
    changes = [
        gamma.changes(layers, outs, gammas, δ, of_row, past)
        for outs, gammas, of_row, past in zip(y, γ, settings, pasts, strict=True)
    ]
    Δw = problem.tied(gamma.total(changes, setting.share))
    if not isinstance(setting.decay, float) or setting.decay:
        Δw = gamma.decayed(layers, Δw, δ, setting)
    return γ, Δw


def _outputs(problem: Problem, layers: list[list[Weights]]) -> list[list[list[Any]]]:
    y: list[list[list[Any]]] = []
    for t, row in enumerate(problem.rows):
        before = y[-1] if y and problem.setting.recurrent else None
        y.append(gamma.outputs(layers, row, problem.setting.of_row(t), before))
    return y


def _recorded_outputs(problem: Problem) -> list[list[list[float]]]:
    """The outputs of the graph, where nobody has stated the activation as a function."""
    outputs = record(problem, Leaves.of(problem)).outputs
    return [
        [list(row), *([y.data for y in layer] for layer in outs)]
        for row, outs in zip(problem.rows, outputs, strict=True)
    ]


def difference(by_hand: float, autodiff: float, scale: float = 0.0) -> float:
    """|by_hand - autodiff| in units in the last place: of the larger of the two, or, where a
    scale of rounding is given, of that. Infinite where one is NaN.
    """
    if by_hand == autodiff:
        return 0.0
    distance = abs(by_hand - autodiff)
    if not math.isfinite(distance):
        return math.inf
    if scale > 0.0:
        return distance / scale * 2.0**52
    return distance / math.ulp(max(abs(by_hand), abs(autodiff)))


def swept(problem: Problem, unfold: bool = False) -> list[float]:
    """The numbers of autodiff, in the order of the rows."""
    recording = record(problem, Leaves.of(problem))
    twins: dict[Value, Value] = {}
    if unfold:
        recording, twins = _unfolded(recording)
    neurons = [layer.neurons for layer in problem.network.layers]
    numbers = recording.gradients(parameters(problem))
    γ = [[[numbers[α] for α in layer] for layer in row] for row in recording.stimuli]
    δ = problem.rate
    Δw = [
        [
            Weights(
                None if n.bias is None else δ * numbers[n.bias],
                [δ * numbers[w] for w in n.weights],
            )
            for n in layer
        ]
        for layer in neurons
    ]
    outs = [
        [[twins.get(out, out).data for out in layer] for layer in row] for row in recording.outputs
    ]
    return list(in_order(outs, γ, Δw))


def _unfolded(recording: Recording) -> tuple[Recording, dict[Value, Value]]:
    """The recording of the unfolded graph, and the outputs there."""
    P, twins = graph.unfold(recording.P)
    rows = recording.rows
    if rows is recording.P:
        rows = P
    elif rows in twins:
        rows = twins[rows]
    stimuli = [[[twins.get(α, α) for α in layer] for layer in row] for row in recording.stimuli]
    return Recording(stimuli, recording.outputs, rows, P), twins

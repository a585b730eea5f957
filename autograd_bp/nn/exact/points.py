"""A recorded sweep over exact numbers.

A sweep through the graph of P is itself recorded, as a graph of the table's entries, at numbers
that are drawn. That graph then runs over exact numbers, which are drawn too. There is no second
sweep here, and no rule.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

from autograd_bp import graph
from autograd_bp.nn.exact.entries import applied
from autograd_bp.nn.exact.numbers import Exact
from autograd_bp.nn.exact.unknowns import Unknowns
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.nn.proof_sweep import Leaves, Recording, parameters, record
from autograd_bp.nn.slopes import Setting
from autograd_bp.value import Value

__all__ = ["CONSTANTS", "Point", "at_point", "run"]

CONSTANTS = ("rate", "decay", "masks")


class Point(NamedTuple):
    """Both sides run over the numbers of one point.

    Attributes:
        f: its unknowns.
        layers, y, d: weights, inputs and outputs, and desired outputs there.
        γ, Δw: what the recorded sweep gives.
        rate: δ.
        setting: the problem's, with numbers of the point.
        stimuli: α of each row, layer by layer.
    """

    f: Unknowns
    layers: list[list[Weights]]
    y: list[list[list[Any]]]
    d: list[list[Any] | None]
    γ: list[list[list[Any]]]
    Δw: list[list[Weights]]
    rate: Any
    setting: Setting
    stimuli: list[list[list[Any]]]


class Recorded(NamedTuple):
    """The recorded sweep, which may run at several points.

    Attributes:
        leaves: the inputs, desired outputs and the rest, as Values where they are unknowns.
        recording: the graph of P.
        slopes: the recorded γ of each stimulus and gradient of each weight.
        unknowns: the leaves and weights that are unknowns, with the floats that they had.
        order: all nodes, each after its parents.
    """

    leaves: Leaves
    recording: Recording
    slopes: dict[Value, Any]
    unknowns: dict[Value, float]
    order: list[Value]


def at_point(
    problem: Problem,
    f: Unknowns,
    constants: Collection[str],
    *,
    signs: list[bool] | None = None,
    opposite: bool = False,
    size: float = 0.0,
    apart: float = 0.0,
    before: Recorded | None = None,
) -> tuple[Point, Recorded]:
    """Record the sweep at numbers that are drawn, and run it over exact ones.

    Arguments:
        problem: what is derived.
        f: the unknowns of the point.
        constants: what is that of the problem and no unknown: of CONSTANTS, and "d" for the
            desired outputs.
        signs: of the stimuli; filled when empty. None where no choice depends on them.
        opposite: whether the stimuli get the other signs.
        size: about which stimuli get; 0 for any.
        apart: how far the desired outputs are from the outputs; 0 for any distance.
        before: the sweep that was recorded for an earlier point.

    Returns: the point, and the recorded sweep.
    """
    exact: dict[Value, Exact] = {}
    if before is None:
        before = _recorded(problem, f, exact, constants, signs, opposite, size, apart)
    for leaf, plain in before.unknowns.items():
        if leaf not in exact:
            exact[leaf] = f.unknown()
        exact[leaf].x = plain
    if problem.output_name == "softmax" and "d" not in constants:
        _add_up_to_1(f, exact, before.leaves.d)
    known = run(f, exact, before.order)
    rate = f.number(problem.rate) if "rate" in constants else f.unknown(problem.rate)
    leaves, recording, slopes, *_ = before
    return _point(problem, f, leaves, recording, known, slopes, rate), before


def _recorded(
    problem: Problem,
    f: Unknowns,
    exact: dict[Value, Exact],
    constants: Collection[str],
    signs: list[bool] | None,
    opposite: bool,
    size: float,
    apart: float,
) -> Recorded:
    """Record the sweep; small fractions are drawn first, since the graph is recorded at them."""
    random = Random(f.random.random())
    weights = parameters(problem)

    def drawn(leaf: Value, plain: float) -> Value:
        if f.small:
            exact[leaf] = f.unknown() * factor
            plain = float(exact[leaf].v)
        leaf.data = plain
        return leaf

    with _numbers_of(weights):
        factor = max(1, round(size))
        for w in weights:
            drawn(w, random.choice((-1, 1)) * random.uniform(0.3, 1.7))
        factor = 1
        unknowns = [*weights]

        def leaf() -> Value:
            unknowns.append(drawn(Value(0.0), random.uniform(0.2, 0.9)))
            return unknowns[-1]

        leaves = _leaves(problem, leaf, constants)
        if signs is not None and not f.small:
            _give_signs(problem, leaves, signs, opposite, size)
            _put_apart(problem, leaves, random, apart)
        recording = record(problem, leaves)
        slopes = recording.gradients(weights, exactly=True)
        floats = {v: v.data for v in unknowns}
    neurons = [*_flat(recording.stimuli), *_flat(recording.outputs)]
    roots = [root for root in (*slopes.values(), *neurons) if isinstance(root, Value)]
    order = [node for node in graph.topological_order(*roots) if node not in floats]
    return Recorded(leaves, recording, slopes, floats, order)


def _point(
    problem: Problem,
    f: Unknowns,
    leaves: Leaves,
    recording: Recording,
    known: dict[Value, Exact],
    slopes: dict[Value, Any],
    rate: Exact,
) -> Point:
    def of(v: Any) -> Exact:
        return known[v] if isinstance(v, Value) else f.number(v)

    def each(numbers: Sequence[Any]) -> list[Exact]:
        return [of(v) for v in numbers]

    setting = problem.setting._replace(
        masks=leaves.masks and [[m and each(m) for m in row] for row in leaves.masks],
        decay=of(leaves.decay) if problem.setting.decay else 0.0,
    )
    return Point(
        f,
        _weights(problem, lambda w: known[w]),
        [
            [each(row), *map(each, outs)]
            for row, outs in zip(leaves.x, recording.outputs, strict=True)
        ],
        [None if d is None else each(d) for d in leaves.d],
        [[[of(slopes[α]) for α in layer] for layer in row] for row in recording.stimuli],
        _weights(problem, lambda w: rate * of(slopes[w])),
        rate,
        setting,
        [[each(layer) for layer in row] for row in recording.stimuli],
    )


def _weights(problem: Problem, number: Callable[[Value], Any]) -> list[list[Weights]]:
    """A number for each weight of the network."""
    return [
        [
            Weights(None if n.bias is None else number(n.bias), [number(w) for w in n.weights])
            for n in layer.neurons
        ]
        for layer in problem.network.layers
    ]


def _leaves(problem: Problem, leaf: Callable[[], Value], constants: Collection[str]) -> Leaves:
    """Values for inputs and desired outputs, and for the rest that is unknown."""
    x = [[leaf() for _ in row] for row in problem.rows]
    d: Any = problem.desired
    if "d" not in constants:
        d = [None if row is None else [leaf() for _ in row] for row in problem.desired]
    masks: Any = problem.setting.masks
    decay: Any = problem.setting.decay
    if "masks" not in constants:
        masks = masks and [[m and [leaf() for _ in m] for m in row] for row in masks]
    if "decay" not in constants:
        decay = decay and leaf()
    return Leaves(x, d, masks, decay)


def _add_up_to_1(
    f: Unknowns, exact: dict[Value, Exact], d: Sequence[Sequence[Value] | None]
) -> None:
    """Let each row be probabilities: the last number is what the others leave of 1."""
    for row in d:
        if row is not None:
            others = [exact[value] for value in row[:-1]]
            exact[row[-1]] = f.number(1.0) - sum(others, f.number(0.0))


def _give_signs(
    problem: Problem, leaves: Leaves, signs: list[bool], opposite: bool, size: float
) -> None:
    """Let every stimulus of the first row have the sign that was drawn for it, or the other one:
    the weights of a neuron change theirs where it has not. With a size they are scaled to it."""
    drawn = iter([*signs])
    random = Random(len(signs) + 1)
    first = Leaves(leaves.x[:1], leaves.d[:1], leaves.masks, leaves.decay)
    if not opposite:
        signs.clear()
    for n, layer in enumerate(problem.network.layers):
        (row,) = record(problem._replace(desired=[None], performance=_nothing), first).stimuli
        for neuron, α in zip(layer.neurons, row[n], strict=True):
            if opposite:
                wanted = not next(drawn)
            else:
                wanted = random.random() < 0.5
                signs.append(wanted)
            factor = 1.0 if (α.data > 0.0) == wanted else -1.0
            if size and α.data:
                factor *= random.uniform(0.8, 1.2) * size / abs(α.data)
            if factor != 1.0:
                for w in (neuron.bias, *neuron.weights):
                    if w is not None:
                        w.data *= factor


def _put_apart(problem: Problem, leaves: Leaves, random: Random, apart: float) -> None:
    """Let every desired output be that far from its output, on either side."""
    if not apart:
        return
    outputs = record(problem._replace(performance=_nothing), leaves).outputs
    for row, d in zip(outputs, leaves.d, strict=True):
        for z, desired in zip(row[-1], d or (), strict=False):
            if isinstance(desired, Value):
                own = z.data if isinstance(z, Value) else z
                desired.data = own + random.choice((-1.0, 1.0)) * apart


def _nothing(d: Any, z: Any) -> Any:
    return Value(0.0)


_CHOOSE_NOTHING = frozenset(
    ["largest", "moves", "equal", "rest", "part", "share", "share_slope", "other_shares"]
)
_CHOOSE_NOTHING |= {"log_share", "expdiff", "surprise", "cross_entropy", "logsumexp", "nonzero"}
_CHOOSE_NOTHING |= {"pow", "power"}
"""Entries that choose nothing: of softmax, where any number may be taken for the largest."""


def run(f: Unknowns, exact: dict[Value, Exact], order: Sequence[Value]) -> dict[Value, Exact]:
    """Run a recorded graph over exact numbers: every node by its entry of the table."""
    known: dict[Value, Exact] = dict(exact)
    for node in order:
        op, parents = node.op, node.parents
        if op is None or not parents:
            known[node] = f.number(node.data)
            continue
        operands = [known[parent] for parent in parents]
        if op.name == "mul":
            known[node] = operands[0] * operands[1]
        elif op.name == "largest":
            known[node] = operands[max(range(len(parents)), key=lambda k: parents[k].data)]
        else:
            if (op.gate or op.kink is not None) and op.name not in _CHOOSE_NOTHING:
                f.asked = True
            known[node] = applied(op, operands, f)
    return known


@contextlib.contextmanager
def _numbers_of(weights: Sequence[Value]) -> Iterator[None]:
    """The numbers of the weights, as they are before."""
    before = [w.data for w in weights]
    try:
        yield
    finally:
        for w, number in zip(weights, before, strict=True):
            w.data = number


def _flat(rows: list[list[list[Value]]]) -> list[Value]:
    return [v for row in rows for layer in row for v in layer]

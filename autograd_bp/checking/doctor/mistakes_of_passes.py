"""Mistakes in the forward pass that the formulas take their numbers from: another pass than that of
these rows, or one that was computed otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from autograd_bp.checking.doctor.examples import add_up
from autograd_bp.checking.doctor.hand_formulas import Example, derive
from autograd_bp.checking.doctor.mistake import Mistake
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.slopes import SLOPES, Slope

__all__ = ["PASS_MISTAKES", "paired_with"]


def stale(
    name: str, used: str, formula: Callable[[Example], Example], why: str, fits: Any = None
) -> Mistake:
    """A mistake that takes the numbers of another forward pass; it is made everywhere."""
    return Mistake(
        "example", name, used, formula, why=why, fits=fits or (lambda e: len(e.rows) > 1)
    )


def _cache(place: Callable[[int, int], int], *, inputs: bool = True, errors: bool = True) -> Any:
    """Every row with the numbers of the row at `place`, but its own desired outputs.

    Arguments:
        place: of a row and the number of rows, whose numbers it gets.
        inputs: whether x is taken from there, too.
        errors: whether z is.
    """

    def cached(e: Example) -> Example:
        rows = []
        for t, row in enumerate(e.rows):
            other = e.rows[place(t, len(e.rows))]
            fresh = e._row(other.y, other.α, other.fed, row.d)
            if not errors:
                slopes = [*fresh.slopes[:-1], row.slopes[-1]]
                fresh = fresh._replace(errors=row.errors, z=row.z, slopes=slopes)
            if not inputs:
                fed = [fresh.fed[0], row.fed[1], *fresh.fed[2:]]
                fresh = fresh._replace(y=[row.y[0], *fresh.y[1:]], fed=fed)
            rows.append(fresh)
        return e.replaced(rows)

    return cached


def _after_step(e: Example) -> Example:
    """The outputs of the weights after the step."""
    changes: dict[tuple[int, int], dict[int, float]] = {}
    for (n, j, i, _), value in derive(e):
        if i is not None:
            changes.setdefault((n, j), {})[i] = value
    moved = [
        [
            Weights(
                None if w.bias is None else w.bias + changes[n, j][0],
                [v + changes[n, j][i] for i, v in enumerate(w.inputs, 1)],
            )
            for j, w in enumerate(layer, 1)
        ]
        for n, layer in enumerate(e.layers, 1)
    ]
    return e.with_rows([row.y[0] for row in e.rows], [row.d for row in e.rows], moved)


def _last(t: int, m: int) -> int:
    return m - 1


def _first(t: int, m: int) -> int:
    return 0


def _before(t: int, m: int) -> int:
    return t - 1 if t else m - 1


def _stale(of: str, place: Callable[[int, int], int]) -> tuple[Mistake, ...]:
    why = (
        f"the outputs that the forward pass has kept are those of {of}: run it again for each row "
        "before its backward pass"
    )
    return (
        stale(f"stale cache: that of {of}", f"y of {of}", _cache(place), why),
        stale(f"stale cache: hidden outputs of {of}", f"y of {of}, z of this one",
              _cache(place, inputs=False, errors=False), why),
        stale(f"stale cache: all outputs of {of}", f"y and z of {of}, x of this one",
              _cache(place, inputs=False), why),
        stale(f"stale cache: inputs and hidden outputs of {of}", f"x and y of {of}",
              _cache(place, errors=False), why),
    )  # fmt: skip


# -------------------------------------------------------------------------------- other passes
def _with_weights(change: Callable[[Weights], Weights]) -> Callable[[Example], Example]:
    """Outputs of other weights; γ goes back through the right ones."""

    def passed(e: Example) -> Example:
        layers = [[change(w) for w in layer] for layer in e.layers]
        return e.with_rows([row.y[0] for row in e.rows], [row.d for row in e.rows], layers)

    return passed


def _transposed_weights(e: Example) -> Example:
    layers = [
        [Weights(w.bias, [other.inputs[j] for other in layer]) for j, w in enumerate(layer)]
        if len(layer) == len(layer[0].inputs)
        else layer
        for layer in e.layers
    ]
    return e.with_rows([row.y[0] for row in e.rows], [row.d for row in e.rows], layers)


def _is_square(e: Example) -> bool:
    return any(len(layer) == len(layer[0].inputs) > 1 for layer in e.layers)


def _with_functions(
    change: Callable[[Slope], Slope | None], *, hidden: bool, last: bool
) -> Callable[[Example], Example]:
    """Outputs with other activations in the hidden layers, in the last one, or in both."""

    def passed(e: Example) -> Example:
        slopes = [list(layer) for layer in e.setting.slopes]
        for n, layer in enumerate(slopes, 1):
            if last if n == e.depth else hidden:
                slopes[n - 1] = [change(slope) or slope for slope in layer]
        other = replace(e, setting=e.setting._replace(slopes=slopes))
        rows = other.with_rows([row.y[0] for row in e.rows], [row.d for row in e.rows]).rows
        return e.replaced(rows)

    return passed


def _left_out(slope: Slope) -> Slope:
    return Slope(of_both=slope, function=lambda α: α)


def _twice(slope: Slope) -> Slope:
    f = slope.function
    assert f is not None
    return Slope(of_both=slope, function=lambda α: f(f(α)))


def _other(name: str) -> Callable[[Slope], Slope]:
    return lambda slope: SLOPES[name]


def _hidden_kinds(*kinds: str) -> Callable[[Example], bool]:
    """Whether a hidden layer has one of these activations; without kinds any but the identity."""

    def fits(e: Example) -> bool:
        own = {kind for n in range(1, e.depth) for kind in e.kinds(n)}
        return bool(own & set(kinds)) if kinds else bool(own - {"identity"})

    return fits


def _not_hidden(name: str) -> Callable[[Example], bool]:
    return lambda e: (
        {kind for n in range(1, e.depth) for kind in e.kinds(n)}
        not in (
            {name},
            set(),
        )
    )


def _last_is_curved(e: Example) -> bool:
    return e.kinds(e.depth) != {"identity"} and e.output_name != "softmax"


def _is_softmax(e: Example) -> bool:
    return e.output_name == "softmax"


def _softmax_twice(e: Example) -> Example:
    output = e.setting.output
    assert output.outputs is not None
    shares = output.outputs
    rows = []
    for row in e.rows:
        z = list(shares(shares(row.y[-1])))
        errors = row.errors if row.d is None else [d - p for d, p in zip(row.d, z, strict=True)]
        rows.append(row._replace(z=z, errors=errors))
    return e.replaced(rows)


def _softmax_over_rows(e: Example) -> Example:
    powers = [[math.exp(α) for α in row.y[-1]] for row in e.rows]
    sums = [sum(column) for column in zip(*powers, strict=True)]
    rows = []
    for row, own in zip(e.rows, powers, strict=True):
        z = [power / total for power, total in zip(own, sums, strict=True)]
        errors = row.errors if row.d is None else [d - p for d, p in zip(row.d, z, strict=True)]
        rows.append(row._replace(z=z, errors=errors))
    return e.replaced(rows)


# -------------------------------------------------------------------------------------- pairs
def paired_with(order: Sequence[int]) -> Callable[[Example], Example]:
    """Every row with the desired outputs of the row that stands at its place in `order`."""

    def paired(e: Example) -> Example:
        desired = [e.rows[place].d for place in order]
        rows = [e._row(r.y, r.α, r.fed, d) for r, d in zip(e.rows, desired, strict=True)]
        return e.replaced(rows)

    return paired


def _pairs(of: str, place: Callable[[int, int], int]) -> Mistake:
    def paired(e: Example) -> Example:
        count = len(e.rows)
        return paired_with([place(t, count) for t in range(count)])(e)

    return stale(
        f"desired outputs of {of}", f"d of {of}", paired,
        "a row and its desired outputs have the same place: what reorders one reorders both",
        lambda e: len({tuple(row.d or ()) for row in e.rows}) > 1,
    )  # fmt: skip


def _tied_by(tie: Callable[[Sequence[float]], float] | None) -> Callable[[Example], Example]:
    return lambda e: replace(e, tie=tie)


def _is_shared(e: Example) -> bool:
    return bool(e.shared)


def _with_bias(e: Example) -> bool:
    return any(w.bias for layer in e.layers for w in layer)


_OWN_PASS = (
    "the formulas are right, but take the outputs of another forward pass than the network's"
)

PASS_MISTAKES = (
    *_stale("the last row", _last),
    *_stale("the first row", _first),
    *_stale("the row before", _before),
    stale("stale cache: that of the weights after the step", "y of w + Δw", _after_step,
        "the forward pass belongs to the weights that are differentiated, before they are changed",
        lambda e: True),
    _pairs("the next row", lambda t, m: (t + 1) % m),
    _pairs("the row before", lambda t, m: t - 1 if t else m - 1),
    _pairs("the rows in reverse", lambda t, m: m - 1 - t),
    _pairs("the first row", _first),
    _pairs("the last row", _last),
    stale("bias w0 added in the forward pass", "y of α = w0 + Σ w x",
        _with_weights(lambda w: w._replace(bias=None if w.bias is None else -w.bias)),
        "the bias weight w0 sits on a constant -1: α = -w0 + Σ w x", _with_bias),
    stale("bias left out of the forward pass", "y of α = Σ w x",
        _with_weights(lambda w: w._replace(bias=None if w.bias is None else 0.0)),
        "the bias weight takes part in the stimulus, α = -w0 + Σ w x", _with_bias),
    stale("weights transposed in the forward pass", "y of α_j = Σ w_ij x_i", _transposed_weights,
        "w_ji is the weight from input i to neuron j: α_j = Σ w_ji x_i", _is_square),
    stale("activation left out of the hidden layers", "y = α in the hidden layers",
        _with_functions(_left_out, hidden=True, last=False), _OWN_PASS, _hidden_kinds()),
    stale("activation left out of the output", "z = α",
        _with_functions(_left_out, hidden=False, last=True), _OWN_PASS, _last_is_curved),
    stale("activation twice in the hidden layers", "y = f(f(α)) in the hidden layers",
        _with_functions(_twice, hidden=True, last=False), _OWN_PASS,
        _hidden_kinds("sigmoid", "tanh", "softplus", "silu", "own")),
    stale("activation twice at the output", "z = f(f(α))",
        _with_functions(_twice, hidden=False, last=True), _OWN_PASS, _last_is_curved),
    *(stale(f"{name} for the activation of the hidden layers", f"y = {name}(α) and its slope",
        _with_functions(_other(name), hidden=True, last=False),
        "the network has another activation there", _not_hidden(name))
        for name in ("sigmoid", "tanh", "relu")),
    stale("softmax twice", "softmax(softmax(α))", _softmax_twice,
        "the outputs of the network are shares already", _is_softmax),
    stale("softmax over the wrong axis", "e^α / Σ over the rows", _softmax_over_rows,
        "the shares of the outputs of one row add up to 1", _is_softmax),
    *(stale(name, used, _tied_by(tie),
        "a weight in several places adds up the changes of all of them", _is_shared)
        for name, used, tie in (
            ("shared weight: each place for itself", "δ y γ of one place", None),
            ("shared weight: last place alone", "δ y γ of the last place", lambda parts: parts[-1]),
            ("shared weight: first place alone", "δ y γ of the first place",
                lambda parts: parts[0]),
            ("shared weight: mean over its places", "Σ δ y γ / m",
                lambda parts: add_up(parts) / len(parts)))),
)  # fmt: skip

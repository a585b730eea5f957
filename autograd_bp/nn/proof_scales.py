"""How far rounding alone can move the numbers of `prove`, for any slope and any output.

A running error analysis to first order, as in rounding.py (Higham, "Accuracy and Stability of
Numerical Algorithms", 2nd ed., section 3.3). What a slope or an error passes on of the rounding
of its inputs is measured: by how much it moves when they move by a small part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.nn import gamma
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.nn.slopes import Setting

__all__ = ["scales"]

_SMALL = 2.0**-24  # the part by which inputs are moved
_JUMP = 1e5  # a function that moves by more than this many times as much has jumped there
_TINY = 2.0**-1000


def scales(
    problem: Problem,
    layers: list[list[Weights]],
    y: list[list[list[float]]],
    γ: list[list[list[float]]],
    Δw: list[list[Weights]],
) -> tuple[list[list[list[float]]], list[list[list[float]]], list[list[Weights]]]:
    """The scales of rounding of the y, γ and Δw that are given, in their shapes; y without the
    inputs."""
    setting = problem.setting
    in_time = bool(setting.recurrent)
    of_y: list[list[list[float]]] = []
    of_γ: list[list[list[float]]] = []
    of_α: list[list[list[float]]] = []
    for t, row in enumerate(y):
        setting = problem.setting.of_row(t)
        before = (y[t - 1], of_y[-1]) if in_time and t else (None, None)
        of_y.append([[0.0] * len(row[0])])
        of_α.append([])
        fed = gamma._all_fed(layers, row, setting, before[0])
        α = gamma.stimuli(layers, row, setting, before[0])
        for n, layer in enumerate(layers, 1):
            of_fed = gamma._fed(layers, of_y[-1], n, setting, before[1])
            of_α[-1].append(
                [_of_sum(w.inputs, fed[n - 1], of_fed) + abs(w.bias or 0.0) for w in layer]
            )
            of_y[-1].append(
                [
                    abs(out) + abs(s(a, out)) * of + _TINY
                    for s, a, out, of in zip(
                        setting.slopes[n - 1], α[n - 1], row[n], of_α[-1][-1], strict=True
                    )
                ]
            )
    after: tuple[Any, Any] = (None, None)
    for t in range(len(y) - 1, -1, -1):
        setting = problem.setting.of_row(t)
        α = gamma.stimuli(layers, y[t], setting, y[t - 1] if in_time and t else None)
        of_γ.insert(
            0,
            _of_gammas(setting, layers, y[t], α, of_y[t], of_α[t], γ[t], problem.desired[t], after),
        )
        after = (γ[t], of_γ[0]) if in_time else (None, None)
    return [row[1:] for row in of_y], of_γ, _of_changes(problem, layers, y, of_y, γ, of_γ)


def _of_gammas(
    setting: Setting,
    layers: list[list[Weights]],
    y: list[list[float]],
    α: list[list[float]],
    of_y: list[list[float]],
    of_α: list[list[float]],
    γ: list[list[float]],
    d: list[float] | None,
    after: tuple[Any, Any],
) -> list[list[float]]:
    of_γ: list[list[float]] = [[] for _ in layers]
    for n in range(len(layers), 0, -1):
        slopes = [
            (abs(s(a, out)), _moved(lambda v, u, s=s: s(v, u), (a, out), (of_a, of_out)))
            for s, a, out, of_a, of_out in zip(
                setting.slopes[n - 1], α[n - 1], y[n], of_α[n - 1], of_y[n], strict=True
            )
        ]
        if n == len(layers):
            of_γ[-1] = _of_outputs(setting, slopes, d, y[n], of_y[n])
        else:
            mask = gamma._mask(setting, n, len(y[n]))
            for j, (slope, of_slope) in enumerate(slopes):
                size, of = _of_blame(layers[n], γ[n], of_γ[n], j)
                m = abs(mask[j])
                of_γ[n - 1].append(m * (slope * of + of_slope * size + slope * size) + _TINY)
        if after[0] is not None and n in setting.recurrent:
            first = len(layers[n - 1][0].inputs) - len(y[n])
            for j, (slope, of_slope) in enumerate(slopes):
                size, of = _of_blame(layers[n - 1], after[0][n - 1], after[1][n - 1], first + j)
                of_γ[n - 1][j] += slope * of + of_slope * size + slope * size
    return of_γ


def _of_outputs(
    setting: Setting,
    slopes: Sequence[tuple[float, float]],
    d: list[float] | None,
    y: list[float],
    of_y: list[float],
) -> list[float]:
    if d is None:
        return [0.0] * len(y)
    output = setting.output

    def gammas(*outs: float) -> list[float]:
        z = outs if output.outputs is None else output.outputs(outs)
        if output.gamma is not None:
            return list(output.gamma(d, z))
        assert output.errors is not None
        return list(output.errors(d, z))

    errors = gammas(*y)
    moved = [
        _moved(lambda *v, k=k: gammas(*v)[k], y, of_y) + abs(errors[k]) + abs(d[k])
        for k in range(len(y))
    ]
    if output.gamma is not None:
        return moved
    return [
        slope * of + of_slope * abs(error) + slope * abs(error) + _TINY
        for (slope, of_slope), error, of in zip(slopes, errors, moved, strict=True)
    ]


def _of_changes(
    problem: Problem,
    layers: list[list[Weights]],
    y: list[list[list[float]]],
    of_y: list[list[list[float]]],
    γ: list[list[list[float]]],
    of_γ: list[list[list[float]]],
) -> list[list[Weights]]:
    setting, δ = problem.setting, problem.rate
    parts = []
    for t in range(len(y)):
        setting = problem.setting.of_row(t)
        past = (y[t - 1], of_y[t - 1]) if setting.recurrent and t else (None, None)
        fed = gamma._all_fed(layers, y[t], setting, past[0])
        of_fed = gamma._all_fed(layers, of_y[t], setting, past[1])
        parts.append(
            [
                [
                    Weights(
                        None if w.bias is None else δ * (abs(g) + of_g) + _TINY,
                        [
                            δ * (abs(out * g) + abs(out) * of_g + abs(of_out * g)) + _TINY
                            for out, of_out in zip(fed[n], of_fed[n], strict=True)
                        ],
                    )
                    for w, g, of_g in zip(layer, γ[t][n], of_γ[t][n], strict=True)
                ]
                for n, layer in enumerate(layers)
            ]
        )
    whole = problem.tied(gamma.total(parts, setting.share))
    if not setting.decay:
        return whole
    sizes = [
        [Weights(None if w.bias is None else -abs(w.bias), [-abs(v) for v in w.inputs]) for w in ws]
        for ws in layers
    ]
    return gamma.decayed(sizes, whole, δ, setting)


def _moved(function: Callable[..., float], at: Sequence[float], scales: Sequence[float]) -> float:
    """Σ |∂f/∂v| times the scale of v, and |f| itself: one rounding error of each."""
    here = function(*at)
    total = abs(here)
    for k, scale in enumerate(scales):
        h = _SMALL * (scale or abs(at[k]))
        moved = [*at]
        moved[k] += h
        slope = abs(function(*moved) - here) / h * scale if h else 0.0
        if math.isfinite(slope) and slope <= _JUMP * max(abs(here), scale, 1.0):
            total += slope
    return total


def _of_blame(
    later: Sequence[Weights], γ: Sequence[float], of_γ: Sequence[float], j: int
) -> tuple[float, float]:
    """|Σ γ_k w_kj| at most, and its scale."""
    size = sum(abs(g * w.inputs[j]) for g, w in zip(γ, later, strict=True))
    return size, size + sum(of * abs(w.inputs[j]) for of, w in zip(of_γ, later, strict=True))


def _of_sum(weights: Sequence[float], fed: Sequence[float], of_fed: Sequence[float]) -> float:
    return sum(
        abs(w) * (abs(out) + abs(of)) for w, out, of in zip(weights, fed, of_fed, strict=True)
    )

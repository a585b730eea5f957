"""Mistakes with several rows, steps in time, dropout and weight decay."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from autograd_bp.checking.doctor.hand_formulas import Example, HandNeuron
from autograd_bp.checking.doctor.mistake import Mistake, following, source

__all__ = ["ROW_MISTAKES"]


def _several(e: Example) -> bool:
    return len(e.rows) > 1


def _is_mean(e: Example) -> bool:
    return bool(e.setting.share != 1.0)


def _in_batch(e: Example) -> bool:
    return len(e.rows) > 1 and not e.setting.recurrent


def _is_sum(e: Example) -> bool:
    return _in_batch(e) and not _is_mean(e)


def _in_time(e: Example) -> bool:
    return len(e.rows) > 1 and bool(e.setting.recurrent)


def _has_masks(e: Example) -> bool:
    return any(mask is not None for row in e.setting.masks or () for mask in row)


def _decays(e: Example) -> bool:
    return bool(e.setting.decay)


def _made(step: str, fits: Callable[[Example], bool]) -> Callable[..., Mistake]:
    def mistake(name: str, used: str, formula: Callable[..., Any], why: str) -> Mistake:
        return Mistake(step, name, used, formula, why=why, fits=fits)

    return mistake


def _sum(parts: Sequence[float]) -> float:
    total = parts[0]
    for part in parts[1:]:
        total += part
    return total


of_sum, of_mean = _made("rows", _is_sum), _made("rows", _is_mean)
of_batch, of_time = _made("rows", _in_batch), _made("rows", _in_time)
mask, back, decay = _made("mask", _has_masks), _made("back", _in_time), _made("decay", _decays)


def _unmasked(n: HandNeuron, i: int) -> float:
    before = n.row.y[n.layer - 1]
    return before[i] if i < len(before) else n.inputs[i]


def _of_same_step(n: HandNeuron, i: int) -> float:
    before = len(n.row.y[n.layer - 1])
    return n.inputs[i] if i < before else n.row.y[n.layer][i - before]


def _transposed_back(n: HandNeuron) -> float:
    """Σ γ_i w_ji over its layer one step later."""
    if n.t + 1 == len(n.e.rows):
        return 0.0
    later, own = n.derived.γ[n.t + 1][n.layer], n.weights.inputs
    first = len(own) - len(n.own_layer)
    return _sum([g * w for g, w in zip(later, own[first:], strict=True)])


def _right_decay(n: HandNeuron, i: int, w: float) -> float:
    setting = n.e.setting
    return float(setting.decay * w) if i or setting.decay_bias else 0.0


def _times(c: float, n: HandNeuron, i: int, w: float) -> float:
    return c * _right_decay(n, i, w)


ROW_MISTAKES = (
    # Several rows.
    of_sum("mean for the sum of rows", "Δw / m", lambda n, parts: _sum(parts) / len(parts),
        "P is the sum over the rows, not their mean"),
    of_mean("sum for the mean of rows", "m Δw", lambda n, parts: _sum(parts),
        "P is the mean over the rows: 1/m is missing"),
    of_mean("1/m twice", "Δw / m²", lambda n, parts: _sum(parts) / len(parts) ** 2,
        "γ has 1/m already, or Δw has"),
    of_batch("last row alone", "δ y γ of the last row", lambda n, parts: parts[-1],
        "Δw of each row overwrites that of the row before, where they should be added"),
    of_batch("first row alone", "δ y γ of the first row", lambda n, parts: parts[0],
        "Δw is that of one row, where those of all rows are added"),
    of_mean("last row alone, divided by m", "δ y γ of the last row / m",
        lambda n, parts: parts[-1] / len(parts),
        "Δw of each row overwrites that of the row before, where they should be added"),
    of_batch("last row left out", "Σ of all but the last", lambda n, parts: _right_share(n)
        * _sum(parts[:-1]), "the loop over the rows ends too early"),
    of_batch("first row left out", "Σ of all but the first", lambda n, parts: _right_share(n)
        * _sum(parts[1:]), "the loop over the rows begins too late"),
    # Time.
    of_time("last step of time alone", "δ y γ of the last step", lambda n, parts: parts[-1],
        "a weight is used at every step: its Δw adds up over all of them"),
    of_time("first step of time alone", "δ y γ of the first step", lambda n, parts: parts[0],
        "a weight is used at every step: its Δw adds up over all of them"),
    of_time("mean for the sum over time", "Δw / m", lambda n, parts: _sum(parts) / len(parts),
        "the steps add up"),
    of_time("last step left out", "Σ of all but the last", lambda n, parts: _sum(parts[:-1]),
        "the loop over the steps ends too early"),
    of_time("first step left out", "Σ of all but the first", lambda n, parts: _sum(parts[1:]),
        "the loop over the steps begins too late"),
    back("next step's γ not sent back", "nothing from the next step", lambda n: 0.0,
        "an output is also an input one step later, and is blamed for that, too"),
    back("recurrent weights transposed", "Σ γ_i(t+1) w_ji", _transposed_back,
        "the weight from neuron j to neuron i is w_ij; rows and columns were exchanged"),
    back("recurrent weights missing", "Σ γ_i(t+1)", lambda n: n.back(lambda w: 1.0),
        "each γ comes back through the weight that it fed"),
    back("own γ of the next step alone", "γ_j(t+1) w_jj", lambda n: n.derived.γ[n.t + 1][n.layer][
        n.j] * n.weights.inputs[len(n.weights.inputs) - len(n.own_layer) + n.j]
        if n.t + 1 < len(n.e.rows) else 0.0,
        "an output feeds all neurons of its layer one step later"),
    back("recurrent blame without the next slope", "Σ (γ_i(t+1) without its slope) w_ij",
        lambda n: 0.0 if n.t + 1 == len(n.e.rows) else _sum([
            r * w.inputs[len(w.inputs) - len(n.own_layer) + n.j]
            for r, w in zip(n.derived.received[n.t + 1][n.layer], n.own_layer, strict=True)]),
        "what goes back is γ, which has the slope in it"),
    dataclasses.replace(source("outputs of the same step", "δ y(t) γ(t)", _of_same_step).because(
        "a recurrent weight is fed by the outputs of the step before"), fits=_in_time),
    # Dropout.
    mask("dropout mask not applied", "Σ γ_k w_kj without the mask", lambda n: 1.0,
        "what the mask switched off has no part in P"),
    mask("dropout mask applied twice", "mask² Σ γ_k w_kj", lambda n: n.mask**2,
        "the mask multiplies the output once, and so the blame once"),
    mask("dropout mask without its factor", "(1 where kept) Σ γ_k w_kj",
        lambda n: float(n.mask != 0.0),
        "what was kept was multiplied by 1/p on the way forward, and its blame has that factor"),
    mask("dropout mask of the neighbour", "mask_(j+1) Σ γ_k w_kj",
        lambda n: following(n.masks, n.j),
        "the index of the mask is one too large"),
    dataclasses.replace(source("dropout mask not applied to the output", "δ y γ without the mask",
        _unmasked, first=2).because("the weight was fed the masked output"), fits=_has_masks),
    dataclasses.replace(source("dropout mask without its factor on the output",
        "δ (y where kept) γ", lambda n, i: _unmasked(n, i) if n.inputs[i] else 0.0,
        first=2).because("the weight was fed the output times 1/p"), fits=_has_masks),
    # Weight decay.
    decay("weight decay missing", "Δw without - δ λ w", lambda n, i, w: 0.0,
        "P has - ½ λ Σ w² in it, whose derivative is -λ w"),
    decay("weight decay on the bias", "- δ λ w0 in Δw0", lambda n, i, w: n.e.setting.decay * w,
        "the bias weight does not decay"),
    decay("weight decay of the bias forgotten", "Δw0 without - δ λ w0",
        lambda n, i, w: n.e.setting.decay * w if i else 0.0, "the bias weight decays, too"),
    decay("weight decay with the wrong sign", "+ δ λ w", partial(_times, -1.0),
        "decay pulls a weight towards 0: Δw has - δ λ w"),
    decay("weight decay twice", "- 2 δ λ w", partial(_times, 2.0),
        "the ½ of ½ λ Σ w² cancels against the 2 of the derivative, and was left out"),
    decay("half the weight decay", "- ½ δ λ w", partial(_times, 0.5),
        "the ½ of ½ λ Σ w² cancels against the 2 of the derivative, and was kept"),
    decay("weight decay without the rate", "- λ w", lambda n, i, w: _right_decay(n, i, w)
        / n.e.rate, "the rate multiplies all of the gradient"),
    decay("weight decay divided by m", "- δ λ w / m", lambda n, i, w: _right_decay(n, i, w)
        / len(n.e.rows), "λ is not divided by the number of rows here"),
    decay("weight decay times m", "- m δ λ w", lambda n, i, w: _right_decay(n, i, w)
        * len(n.e.rows), "λ is not multiplied by the number of rows here"),
    decay("sign of the weight for its decay", "- δ λ sign(w)", lambda n, i, w: math.copysign(
        abs(_right_decay(n, i, 1.0)), w) if w else 0.0, "that is the derivative of λ Σ |w|"),
    decay("square of the weight for its decay", "- ½ δ λ w²",
        lambda n, i, w: 0.5 * _right_decay(n, i, w) * w,
        "the term of P was taken for its derivative"),
)  # fmt: skip


def _right_share(n: HandNeuron) -> float:
    return float(n.e.setting.share)

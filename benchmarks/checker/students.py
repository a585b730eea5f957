"""Backpropagation as people write it, in matrices of NumPy, with mistakes that can be switched on.

Nothing of the doctor is imported here, and the sums are in NumPy's order. Rows of a matrix are rows
of data; W has a row for each neuron, and b is added. The gradients are those of E = -P, as courses
have them, so everything has the opposite sign of γ and Δw.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd_bp.nn import Network

__all__ = ["MISTAKES", "STUDENTS", "Student", "changed", "gradients"]

RATE, DECAY = 0.3, 0.05


@dataclass(frozen=True)
class Student:
    """A network, its rows, and how its gradients are handed in."""

    name: str
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    output: str = "squares"
    rows: int = 1
    mean: bool = False
    bias: bool = True
    decay: bool = False
    dropout: bool = False
    time: bool = False
    only_last: bool = False
    form: str = "keys"  # "keys", "lists" of changes, a "flat" vector, or "after" the step

    def network(self, seed: int) -> Network:
        """With weights and biases that are drawn."""
        network = Network(list(self.sizes), list(self.activations), bias=self.bias, seed=seed)
        random = np.random.default_rng(seed)
        for parameter in network.parameters():
            parameter.data = float(random.uniform(-1.2, 1.2))
        return network

    def arguments(self, seed: int) -> tuple[Any, Any, dict[str, Any]]:
        """x, d and the options of check_formulas."""
        random = np.random.default_rng(1000 + seed)
        own = self.sizes[1] if self.time else 0
        x = random.uniform(-1.5, 1.5, (self.rows, self.sizes[0] - own))
        d = random.uniform(0.05, 0.95, (self.rows, self.sizes[-1]))
        if self.output == "softmax":
            d = np.eye(self.sizes[-1])[random.integers(0, self.sizes[-1], self.rows)]
        options: dict[str, Any] = {"output": self.output, "rate": RATE}
        if self.time:
            options["recurrent"] = 1
        elif self.rows > 1:
            options["batch"] = "mean" if self.mean else "sum"
        if self.decay:
            options["decay"] = DECAY
        if self.dropout:
            masks = random.integers(0, 2, (self.rows, self.sizes[1])) / 0.5
            masks[:, 0], masks[0, 1] = 2.0, 0.0
            options["masks"] = [masks, *[None] * (len(self.sizes) - 3)]
        if self.rows == 1:
            return x[0], d[0], options
        targets = [None] * (self.rows - 1) + [d[-1]] if self.only_last else list(d)
        return x, targets, options


STUDENTS = (
    Student("sigmoid", (2, 3, 2), ("sigmoid", "sigmoid"), form="lists"),
    Student("tanh, deep", (3, 4, 3, 2), ("tanh", "tanh", "identity"), form="keys"),
    Student("relu and softmax", (4, 5, 3), ("relu", "identity"), "softmax", 6, True),
    Student("relu and logistic", (2, 4, 4, 1), ("relu", "relu", "sigmoid"), "logistic", 5, True),
    Student("tanh, softmax, decay", (3, 5, 3), ("tanh", "identity"), "softmax", 4, decay=True),
    Student("no bias", (3, 4, 2), ("relu", "identity"), rows=3, bias=False, form="lists"),
    Student("recurrent", (5, 3, 2), ("tanh", "identity"), rows=4, time=True),
    Student("recurrent, last step", (6, 4, 3), ("tanh", "identity"), "softmax", 3, time=True,
        only_last=True, form="lists"),
    Student("dropout", (3, 6, 3), ("relu", "identity"), "softmax", 4, dropout=True, decay=True),
    Student("flat vector", (3, 3, 3, 2), ("sigmoid", "tanh", "identity"), rows=3, form="flat"),
)  # fmt: skip


def _activated(name: str, Z: Any) -> Any:
    if name == "sigmoid":
        return 1.0 / (1.0 + np.exp(-Z))
    if name == "tanh":
        return np.tanh(Z)
    return np.maximum(Z, 0.0) if name == "relu" else Z


def _slope(name: str, Z: Any, A: Any, mistake: str) -> Any:
    if mistake == "slope missing" and name in ("sigmoid", "tanh"):
        return np.ones_like(Z)
    if name == "sigmoid":
        if mistake == "sigmoid' of the stimulus":
            return Z * (1.0 - Z)
        if mistake == "slope of the other activation":
            return 1.0 - A**2
        return A * (1.0 - A)
    if name == "tanh":
        if mistake == "tanh' of the stimulus":
            return 1.0 - Z**2
        if mistake == "slope of the other activation":
            return A * (1.0 - A)
        return 1.0 - A**2
    if name == "relu":
        if mistake == "ReLU mask forgotten":
            return np.ones_like(Z)
        return (Z <= 0.0 if mistake == "ReLU mask inverted" else Z > 0.0).astype(float)
    return np.ones_like(Z)


@dataclass
class Pass:
    """A forward pass: what each layer was fed, its stimuli and its outputs."""

    fed: list[Any] = field(default_factory=list)
    Z: list[Any] = field(default_factory=list)
    A: list[Any] = field(default_factory=list)


def _forward(s: Student, Ws: Any, bs: Any, X: Any, masks: Any) -> Pass:
    run = Pass()
    if s.time:
        hidden, states, stimuli, fed = np.zeros(s.sizes[1]), [], [], []
        for x in X:
            fed.append(np.concatenate([x, hidden]))
            stimuli.append(Ws[0] @ fed[-1] + bs[0])
            hidden = _activated(s.activations[0], stimuli[-1])
            states.append(hidden)
        run.fed, run.Z, run.A = [np.array(fed)], [np.array(stimuli)], [np.array(states)]
        A = run.A[0]
    else:
        A = X
    for layer in range(int(s.time), len(Ws)):
        run.fed.append(A)
        run.Z.append(A @ Ws[layer].T + bs[layer])
        run.A.append(_activated(s.activations[layer], run.Z[-1]))
        A = run.A[-1]
        if masks is not None and layer < len(Ws) - 1 and masks[layer] is not None:
            A = A * masks[layer]
    return run


def _error(s: Student, run: Pass, D: Any, wanted: Any, mistake: str) -> Any:
    """∂E/∂Z of the last layer."""
    Z, A = run.Z[-1], run.A[-1]
    if s.output == "softmax":
        powers = np.exp(Z - Z.max(axis=1, keepdims=True))
        shares = powers / powers.sum(axis=1, keepdims=True)
        dZ = shares.copy() if mistake == "softmax's -1 missing" else shares - D
        if mistake == "slope once more at the output":
            dZ *= shares * (1.0 - shares)
    elif s.output == "logistic":
        dZ = A - D
        if mistake == "slope once more at the output":
            dZ *= A * (1.0 - A)
    else:
        dZ = (A - D) * _slope(s.activations[-1], Z, A, mistake)
    if mistake == "sign of the error":
        dZ = -dZ
    if mistake == "2 of the derivative kept":
        dZ = 2.0 * dZ
    if mistake == "desired output alone":
        dZ = -D * (1.0 if s.output != "squares" else _slope(s.activations[-1], Z, A, ""))
    return dZ * wanted[:, None]


def gradients(s: Student, seed: int, mistake: str = "") -> tuple[list[Any], list[Any], list[Any]]:
    """∂E/∂Z, ∂E/∂W and ∂E/∂b of each layer, with a mistake of MISTAKES or none."""
    network = s.network(seed)
    x, d, options = s.arguments(seed)
    X = np.atleast_2d(x)
    wanted = np.array([row is not None for row in d]) if s.rows > 1 else np.ones(1)
    rows = [d] if s.rows == 1 else [np.zeros(s.sizes[-1]) if row is None else row for row in d]
    D = np.array(rows, dtype=float)
    Ws = [np.array([[w.data for w in n.weights] for n in ly.neurons]) for ly in network.layers]
    bs = [
        np.array([0.0 if n.bias is None else -n.bias.data for n in ly.neurons])
        for ly in network.layers
    ]
    masks = options.get("masks")
    run = _forward(s, Ws, bs, X, masks)
    if mistake == "stale cache":
        old = X[:1] + 0.5 if s.rows == 1 else X[-1:]
        if s.time:
            kept = [
                [np.repeat(a[-1:], len(a), axis=0) for a in part] for part in vars(run).values()
            ]
            run = Pass(*kept)
        else:
            X = np.repeat(old, len(X), axis=0)
            run = _forward(s, Ws, bs, X, masks and _last_row(masks))
    return _backward(s, Ws, bs, run, D, np.asarray(wanted, dtype=float), masks, mistake)


def _last_row(masks: Any) -> Any:
    return [None if m is None else np.repeat(m[-1:], len(m), axis=0) for m in masks]


def _backward(
    s: Student, Ws: Any, bs: Any, run: Pass, D: Any, wanted: Any, masks: Any, mistake: str
) -> tuple[list[Any], list[Any], list[Any]]:
    last = len(Ws) - 1
    dZs, dWs, dbs = [None] * len(Ws), [None] * len(Ws), [None] * len(Ws)
    back: Any = None
    for layer in range(last, -1, -1):
        if layer == last:
            dZ = _error(s, run, D, wanted, mistake)
        else:
            dA = back
            if masks is not None and masks[layer] is not None and mistake != "mask not applied":
                dA = dA * masks[layer]
            slopes = _slope(s.activations[layer], run.Z[layer], run.A[layer], mistake)
            if mistake == "slope twice":
                slopes = slopes**2
            in_time = s.time and layer == 0
            dZ = _through_time(s, Ws[0], dA, slopes, mistake) if in_time else dA * slopes
        dZs[layer] = dZ
        dWs[layer], dbs[layer] = _of_weights(s, Ws, bs, run, dZ, layer, mistake)
        W = Ws[layer]
        if mistake == "weights updated too early":
            W = W - RATE * dWs[layer]
        if mistake == "weights missing":
            W = np.ones_like(W)
        if mistake == "transposed weights" and W.shape[0] == W.shape[1]:
            W = W.T
        back = dZ @ W
        if mistake == "sent back without the slope" and layer == last and s.output == "squares":
            back = (run.A[layer] - D) @ W
    return dZs, dWs, dbs


def _through_time(s: Student, W: Any, dA: Any, slopes: Any, mistake: str) -> Any:
    recurrent = W[:, -s.sizes[1] :]
    dZ = np.zeros_like(dA)
    later = np.zeros(s.sizes[1])
    for t in range(len(dA) - 1, -1, -1):
        sent = recurrent if mistake == "recurrent weights transposed" else recurrent.T
        later = np.zeros(s.sizes[1]) if mistake == "no blame through time" else sent @ later
        dZ[t] = later = slopes[t] * (dA[t] + later)
    return dZ


def _of_weights(
    s: Student, Ws: Any, bs: Any, run: Pass, dZ: Any, layer: int, mistake: str
) -> tuple[Any, Any]:
    """∂E/∂W and ∂E/∂b of a layer."""
    fed = _fed(s, run, layer, mistake)
    used = dZ
    if mistake in ("last row alone", "last step alone"):
        fed, used = fed[-1:], dZ[-1:]
    m = len(dZ) if s.mean else 1
    if mistake == "mean for the sum":
        m = len(dZ)
    if mistake == "sum for the mean":
        m = 1
    dW, db = used.T @ fed / m, used.sum(axis=0) / m
    if mistake == "bias summed over the wrong axis" and len(dZ) in (1, len(db)):
        over = dZ.sum(axis=1) / m
        db = np.full_like(db, over[0]) if len(dZ) == 1 else over
    if mistake == "bias forgotten":
        db = np.zeros_like(db)
    if mistake == "bias with the wrong sign":
        db = -db
    return _finished(s, Ws[layer], dW, db, bs[layer], mistake)


def _fed(s: Student, run: Pass, layer: int, mistake: str) -> Any:
    fed = run.fed[layer]
    if mistake == "stimulus for the output before" and layer:
        return run.Z[layer - 1]
    if mistake == "mask not applied to the output" and layer:
        return run.A[layer - 1]
    if mistake == "index of the input too large":
        return np.roll(fed, -1, axis=1)
    if mistake == "outputs of the same step" and s.time and layer == 0:
        return np.concatenate([fed[:, : -s.sizes[1]], run.A[0]], axis=1)
    return fed


def _finished(s: Student, W: Any, dW: Any, db: Any, b: Any, mistake: str) -> tuple[Any, Any]:
    """With weight decay, and with what does not belong into a gradient."""
    if s.decay and mistake != "decay missing":
        dW = dW + (-DECAY if mistake == "decay with the wrong sign" else DECAY) * W
    if s.decay and mistake == "decay on the bias":
        db = db + DECAY * b
    if mistake == "learning rate inside":
        dW, db = RATE * dW, RATE * db
    if mistake == "momentum inside":
        dW, db = (1.0 - 0.9) * dW, (1.0 - 0.9) * db
    if mistake == "matrix transposed in a flat vector":
        dW = dW.T.ravel().reshape(dW.shape)
    return dW, db


MISTAKES: dict[str, tuple[str, ...]] = {
    "softmax's -1 missing": ("softmax's -1 missing",),
    "slope once more at the output": ("slope once more at the output",),
    "ReLU mask forgotten": ("ReLU mask forgotten",),
    "ReLU mask inverted": ("ReLU mask inverted",),
    "tanh' of the stimulus": ("tanh' of the stimulus",),
    "sigmoid' of the stimulus": ("slope of the stimulus",),
    "slope missing": ("missing y (1 - y)", "missing 1 - y²"),
    "slope of the other activation": ("slope of tanh", "slope of the sigmoid"),
    "slope twice": ("slope twice",),
    "sign of the error": ("descent",),
    "2 of the derivative kept": ("missing 1/2", "a factor of 2"),
    "desired output alone": ("desired output alone",),
    "bias summed over the wrong axis": ("bias summed over the wrong axis",),
    "bias forgotten": ("bias not changed",),
    "bias with the wrong sign": ("bias input +1",),
    "matrix transposed in a flat vector": ("matrix transposed in a flat vector",),
    "transposed weights": ("transposed weights",),
    "weights missing": ("missing weights",),
    "weights updated too early": ("weights updated too early",),
    "sent back without the slope": ("error sent back without the slope",),
    "last row alone": ("last row alone",),
    "mean for the sum": ("mean for the sum",),
    "sum for the mean": ("sum for the mean",),
    "last step alone": ("last step of time alone",),
    "no blame through time": ("next step's γ not sent back",),
    "recurrent weights transposed": ("recurrent weights transposed",),
    "outputs of the same step": ("outputs of the same step",),
    "mask not applied": ("dropout mask not applied",),
    "mask not applied to the output": ("dropout mask not applied to the output",),
    "decay missing": ("weight decay missing",),
    "decay on the bias": ("weight decay on the bias",),
    "decay with the wrong sign": ("weight decay with the wrong sign",),
    "learning rate inside": ("rate squared", "learning rate inside"),
    "momentum inside": ("momentum", "a factor of 1/10"),
    "stale cache": ("stale cache",),
    "stimulus for the output before": ("stimulus for the output of the layer before",),
    "index of the input too large": ("wrong index of the output before",),
}
"""Each mistake, and what a diagnosis that names it has in its name."""


def changed(s: Student, seed: int, mistake: str) -> bool:
    """Whether a mistake shows in the numbers of a network, and can be handed in."""
    if mistake in ("last row alone", "mean for the sum") and s.time:
        return False
    if mistake == "last step alone" and not s.time:
        return False
    right, wrong = gradients(s, seed), gradients(s, seed, mistake)
    if not s.bias:
        right, wrong = right[:2], wrong[:2]
    return any(
        not np.allclose(a, b, rtol=1e-12, atol=1e-12)
        for of_right, of_wrong in zip(right, wrong, strict=True)
        for a, b in zip(of_right, of_wrong, strict=True)
    )

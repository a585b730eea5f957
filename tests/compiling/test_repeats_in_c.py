"""Steps that come again and again are one loop in C, with the bits of the reference."""

import numpy as np
import pytest
from test_c import checked, needs_compiler

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised, roll, to_c
from autograd_bp.compiling.loops.sequences import repeated
from autograd_bp.derivatives.recorded import record_gradients

W = [Value(0.31 * k - 0.7) for k in range(12)]
X = [Value(0.2 * k - 0.5) for k in range(4)]


def runge_kutta(steps):
    def slope(y):
        return [W[k] * (y[(k + 1) % 4] - y[k]) * y[k - 1] for k in range(4)]

    y = X
    for _ in range(steps):
        k1 = slope(y)
        k2 = slope([a + 0.05 * k for a, k in zip(y, k1, strict=True)])
        y = [a + 0.05 * (p + q) for a, p, q in zip(y, k1, k2, strict=True)]
    return y


def recurrence(steps):
    """Two cells, of which each step hands out one, with tables of places."""
    h, outputs = [X[0], X[1], X[2]], []
    for t in range(steps):
        left = [h[0], h[2], h[1], W[t % 3]]
        h = [bp.tanh(bp.dot(W[3 * k : 3 * k + 4], left)) for k in range(3)]
        outputs.append(bp.exp(h[0]))
    return [*outputs, h[1]]


def shared(steps):
    """Steps that all rows share."""
    y = W[0]
    for _ in range(steps):
        y = bp.sin(y * W[1]) + W[2]
    return [y * X[0], y + X[1]]


def maxima(steps):
    y = X[0]
    for t in range(steps):
        y = bp.maximum(y * 0.9, X[t % 2]) + 1.0 / (t + 1.0)
    return [y]


def backwards(steps):
    """Inputs and parameters that are read from the last to the first."""
    y = X[0]
    for t in range(steps):
        y = y * W[11 - t % 12] + bp.sum([X[3 - t % 4], W[t % 12], y])
    return [y]


def counted(steps):
    """A different parameter in each step, and its gradient."""
    y = X[0]
    for t in range(steps):
        y = bp.sigmoid(y * W[t] + X[1])
    return [y]


MODELS = [runge_kutta, recurrence, shared, maxima, backwards, counted]


def rolled(outputs):
    gradient = record_gradients([y for y in outputs if isinstance(y, Value)], [*W, *X])
    outputs = [*outputs, *gradient]
    return roll(
        optimised(
            flatten(
                outputs, parameters=W, inputs=X, summed=[k % 3 == 0 for k in range(len(outputs))]
            )
        )
    )


@needs_compiler
@pytest.mark.parametrize("lanes", [1, 16])
def test_repeated_steps_give_the_bits_of_the_reference(tmp_path, lanes):
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=12).tolist(), rng.normal(size=(5, 4)).tolist()
    programs = [rolled(model(12)) for model in MODELS]
    assert sum(any(piece.count > 2 for piece in repeated(p.loops)) for p in programs) >= 5
    texts = [to_c(p, name=f"p{k}", vectors=vectors) for k, p in enumerate(programs)]
    assert sum("for (size_t s = 0" in text for text in texts) >= 5
    flags = [f"-DP{k}_LANES={lanes}" for k in range(len(texts))]
    assert checked(tmp_path, texts, "-O1", *flags)[0] == 0


def test_a_file_is_as_long_for_many_steps_as_for_few():
    def length(model, steps):
        outputs = model(steps)
        program = optimised(flatten(outputs[-1:], parameters=W, inputs=X))
        return len(to_c(program, vectors=0).splitlines())

    for model in (runge_kutta, shared, lambda steps: [newton(steps)]):
        assert length(model, 20) == length(model, 60)


def newton(steps):
    y = X[0]
    for _ in range(steps):
        y = y - (y * y - W[0]) / (2.0 * y)
    return y


@needs_compiler
def test_a_step_too_few_would_be_seen(tmp_path):
    text = to_c(rolled(runge_kutta(12)), name="p0", vectors=3)
    begin = text.index("for (size_t s = 0; s < ")
    count = text[begin:].split("s < ")[1].split(";")[0]
    wrong = text.replace(f"s < {count};", f"s < {int(count) - 1};", 1)
    assert checked(tmp_path, [wrong], "-O1")[0] != 0

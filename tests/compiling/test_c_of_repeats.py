"""Steps that Python unrolled are one loop in C, their gradient too: the file does not grow."""

import subprocess

import numpy as np
import pytest
from c_compilers import COMPILERS

import autograd_bp as bp
from autograd_bp.compiling.backends.c.short_tables import Short, in_rows, short_of


def rk4(steps):
    def slope(w, y):
        return [w[0] * y[1], -w[1] * bp.sin(y[0])]

    def f(w, y):
        for _ in range(steps):
            k = [slope(w, y)]
            for h in (0.005, 0.005, 0.01):
                k.append(slope(w, [a + h * b for a, b in zip(y, k[-1], strict=True)]))
            y = [y[i] + (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]) / 600 for i in range(2)]
        return y[0]

    return f, ([1.0, 2.0], [0.5, 0.1])


def recurrent(steps):
    def f(w, x):
        h = c = 0.1
        for t in range(steps):
            gates = [bp.dot(w[3 * k : 3 * k + 3], [x[t], h, 1.0]) for k in range(4)]
            i, o, forget = map(bp.sigmoid, gates[:3])
            c = forget * c + i * bp.tanh(gates[3])
            h = o * bp.tanh(c)
        return h

    return f, (np.linspace(-0.5, 0.5, 12).tolist(), np.sin(np.arange(steps * 1.0)).tolist())


def largest(steps):
    def f(x):
        most = x[0]
        for y in x[1:]:
            most = bp.maximum(most, y)
        return most

    return f, (np.sin(np.arange(20.0 * steps)).tolist(),)


@pytest.mark.parametrize("program", [rk4, recurrent, largest])
def test_the_file_does_not_grow_with_the_steps(program, tmp_path):
    sizes = []
    for steps in (120, 200):
        f, args = program(steps)
        g = bp.compiled(f)
        g.value_and_grad(*args)
        text = g.to_c(tmp_path / "f.c", name="f", vectors=None if steps == 120 else 0)
        for compiler in COMPILERS if steps == 120 else ():
            command = [compiler, "-O1", "-Wall", "-Wextra", "-Werror", "-std=c99", "-DF_SELF_TEST"]
            command += ["-ffp-contract=off", "f.c", "-lm", "-o", "f"]
            subprocess.run(command, cwd=tmp_path, check=True)
            run = subprocess.run([tmp_path / "f"], capture_output=True, text=True, check=True)
            assert run.stdout.startswith("ok: ")
            text = g.to_c(name="f", vectors=0)
        sizes.append(len(text))
    assert sizes[1] < 1.03 * sizes[0]


@pytest.mark.parametrize(
    ("places", "length", "short"),
    [
        ([3, 1, 7] * 30, 90, Short(0, 3, 30, 0, 3)),
        ([7 * (k // 2) + 5 * (k % 2) for k in range(80)], 80, Short(0, 2, 40, 7, 2)),
        ([300 - 2 * k for k in range(70)], 70, Short(0, 1, 70, -2, 1)),
        ([9, 5, *range(80), 3], 83, Short(2, 1, 80, 1, 4)),
        ([9, *(3 * k for k in range(69)), 7, *(9 + 3 * k for k in range(69))], 70,
         Short(1, 1, 69, 3, 2)),
        ([k * k for k in range(64)], 64, None),
        ([3, 1, 7] * 5, 15, None),
    ],
)  # fmt: skip
def test_tables_that_come_again(places, length, short):
    rows = in_rows(places, length)
    assert short_of(rows) == short
    if short is not None:
        written = in_rows(short.written(rows), short.kept)
        for at in range(length):
            inside = min(max(at - short.head, 0) // short.period, short.times - 1)
            entries = written[:, at - short.period * inside] + short.distance * inside
            assert entries.tolist() == rows[:, at].tolist()


def test_the_first_and_last_places_of_a_table_in_short():
    """In C, as an expression of the place."""
    assert Short(0, 1, 70, -2, 1).time("t") == "t"
    assert Short(2, 1, 80, 1, 4).time("t") == "(t < 2 ? 0 : t < 82 ? (t - 2) : 79)"
    assert Short(0, 3, 30, 0, 3).time("t") == "(t / 3)"

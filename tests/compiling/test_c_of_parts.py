"""C of functions that run in parts: look-ups are loads, loops with checkpoints keep few states."""

import re
import subprocess

import numpy as np
import pytest
from c_compilers import compiler, needs_compiler
from test_look_ups import PLACES, PLACES_OF_BRANCHES, TABLE, X, in_a_branch, of_computed, of_taken
from test_loop_checkpoints import CASES
from test_parts_derivatives import require_in_parts, tangents

import autograd_bp as bp
from autograd_bp.compiling.front import tracing


def require_right(f, folder, **options):
    """The file computes the numbers of the latest call."""
    require_in_parts(f)
    f.to_c(folder / "f.c", name="f", **options)
    command = [compiler(), "-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-DF_SELF_TEST"]
    command += ["-fsanitize=undefined", "-fno-sanitize-recover", "-ffp-contract=off"]
    command += ["-DF_ULPS=2000"] if options.get("real") == "float" else []
    subprocess.run([*command, "f.c", "-lm", "-o", "f"], cwd=folder, check=True)
    run = subprocess.run([folder / "f"], capture_output=True, text=True)
    assert run.stdout.startswith("ok: "), run.stdout + run.stderr
    return int(run.stdout.split()[1])


@needs_compiler
@pytest.mark.parametrize(
    ("function", "reduce", "options"),
    [
        (of_computed, "sum", {"sums": "lanes"}),
        (of_taken, None, {}),
        (in_a_branch, "sum", {"real": "float"}),
    ],
)
def test_look_ups(monkeypatch, tmp_path, function, reduce, options):
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)
    indices = PLACES_OF_BRANCHES if function is in_a_branch else PLACES
    wrt = ("table", "x")
    f = bp.compiled(function, rows=("x", "i"), wrt=wrt, reduce=reduce)
    args = (TABLE, X, indices)
    v = tangents(args, ("table", "x", "i"), wrt)
    f.derivatives("value", "grad", "hvp")(*args, tangent=v)
    assert require_right(f, tmp_path, **options) >= 1 + 13 + 13


@needs_compiler
def test_matrices_and_several_sweeps(monkeypatch, tmp_path):
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)
    f = bp.compiled(of_computed, rows=("x", "i"), wrt=("table", "x"))
    f.derivatives("hessian", "jacobian", "value")(TABLE, X, PLACES)
    assert require_right(f, tmp_path) > 13 * 13 + 13 + 1
    g = bp.compiled(
        lambda table, i: [bp.take(table, i) * k + bp.sin(bp.take(table, i)) for k in range(3)],
        rows="i",
        reduce=None,
    )
    g.value_and_jacobian(TABLE, PLACES)
    assert require_right(g, tmp_path) == 4 * (3 + 36)


@needs_compiler
@pytest.mark.parametrize("name", ["masked", "columns"])
def test_loops_with_checkpoints(tmp_path, name):
    make, args = CASES[name]
    rows = ("x", "n") if name == "masked" else "x"
    f = bp.compiled(make(7), rows=rows, wrt="w", reduce=None if name == "masked" else "sum")
    f.value_and_grad(*args)
    require_right(f, tmp_path)


@needs_compiler
def test_a_bad_index_gives_nan_in_its_row_and_reads_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)
    f = bp.compiled(of_taken, rows=("x", "i"), wrt="x", reduce=None)
    f.grad(TABLE, X, PLACES)
    f.to_c(tmp_path / "f.c", name="f", vectors=0)
    bad = ["0", "-1", "12", "0.5", "NAN", "INFINITY", "-INFINITY", "1e300", "3"]
    main = f"""
#include <stdio.h>
#include "f.c"
int main(void) {{
    static f_work work;
    static const double table[] = {{{", ".join(map(repr, TABLE.tolist()))}}};
    static const double rows[] = {{{", ".join(f"0.5, {x}" for x in bad)}}};
    double each[{len(bad)}];
    f(table, rows, {len(bad)}, NULL, each, &work);
    for (int k = 0; k < {len(bad)}; k++) printf("%.17g\\n", each[k]);
    return 0;
}}
"""
    (tmp_path / "main.c").write_text(main)
    flags = ["-fsanitize=undefined,address", "-fno-sanitize-recover", "-Wall", "-Werror"]
    subprocess.run([compiler(), *flags, "main.c", "-lm", "-o", "m"], cwd=tmp_path, check=True)
    run = subprocess.run([tmp_path / "m"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    numbers = [float(line) for line in run.stdout.split()]
    right = f.grad(TABLE, X[[0, 0]], np.array([0.0, 3.0]))
    assert [numbers[0], numbers[-1]] == pytest.approx(right.tolist(), rel=1e-15)
    assert np.isnan(numbers[1:-1]).all()


def room(text):
    return int(re.search(r"results, ([\d,]+) bytes", text)[1].replace(",", ""))


def test_the_file_and_its_room_grow_with_the_root_of_the_rounds():
    sizes = []
    for rounds in (900, 3600):

        def f(w, rounds=rounds):
            def body(i, y):
                return [y[0] + 0.01 * bp.sin(w * y[1]), y[1] - 0.01 * y[0] * bp.cos(w * y[1])]

            return bp.fori(rounds, body, [0.5, 1.0], checkpoint=True)[0]

        g = bp.compiled(f)
        g.value_and_grad(1.5)
        text = g.to_c(name="f", vectors=0)
        sizes.append((len(text), room(text)))
        states = round(rounds**0.5)
        assert f"Of {rounds:,} rounds of a loop the states before {states} are kept" in text
    assert sizes[1][0] < 1.1 * sizes[0][0]
    assert sizes[1][1] < 2.2 * sizes[0][1]


def test_a_table_is_not_gone_through():
    """The file is as long for a large table, and its loops do not grow."""
    lengths = []
    for entries in (3_000, 6_000):
        f = bp.compiled(lambda t, i: bp.sin(bp.take(t, i)), rows="i")
        f.value_and_grad(np.linspace(0.0, 1.0, entries), np.arange(200.0))
        require_in_parts(f)
        lengths.append(len(f.to_c(name="f", vectors=0)))
    assert abs(lengths[1] - lengths[0]) < 100

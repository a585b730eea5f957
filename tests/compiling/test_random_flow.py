"""Random functions with loops, conditions and indexing: every backend against eager code and the
reference, derivatives to the second order."""

import subprocess

import numpy as np
import pytest
from c_compilers import compiler, needs_compiler

import autograd_bp as bp
from autograd_bp.compiling.backends import registry
from autograd_bp.compiling.front import by_steps, derivation, tracing
from autograd_bp.flow import growing, rounds
from tests.compiling.random_flow import KINDS, Flow

BACKENDS = [
    b.name for b in registry.backends() if b.unavailable() is None and not b.name.endswith("32")
]
POINTS = np.array([[0.3, -0.7, 0.9], [-0.4, 0.2, 0.55], [1.1, 0.6, -0.25]])
TANGENT = np.array([0.6, -1.0, 0.35])
SEEDS, LONG_SEEDS, MACHINE_SEEDS = range(24), range(100, 112), range(200, 204)
PART_SEEDS = [300, 302, *range(304, 311), 312, 313, 315]


def _compare(function, backend, derivatives=("value_and_grad", "hvp")):
    f = bp.compiled(function, rows="x", reduce=None, backend=backend)
    pairs = [bp.value_and_grad(function)(list(x)) for x in POINTS]
    for kind in derivatives:
        if kind == "value_and_grad":
            values, slopes = f.value_and_grad(POINTS)
            np.testing.assert_allclose(values, [v for v, _ in pairs], rtol=1e-11, atol=1e-13)
            np.testing.assert_allclose(slopes, [s for _, s in pairs], rtol=1e-8, atol=1e-11)
        else:
            got = f.hvp(POINTS, tangent=np.tile(TANGENT, (len(POINTS), 1)))
            expected = [bp.hvp(function, list(x), list(TANGENT)) for x in POINTS]
            np.testing.assert_allclose(got, expected, rtol=1e-7, atol=1e-9)
    one = bp.compiled(function, backend=backend)
    assert one(list(POINTS[0])) == pytest.approx(pairs[0][0], rel=1e-11, abs=1e-13)
    return f


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("backend", [b for b in ("numpy", "tape") if b in BACKENDS])
def test_every_round_is_recorded(seed, backend, monkeypatch):
    monkeypatch.setattr(growing, "FIRST_LIMIT", 2)
    _compare(Flow(seed), backend)


@pytest.mark.parametrize("seed", LONG_SEEDS)
@pytest.mark.parametrize("backend", [b for b in ("numpy", "tape", "reference") if b in BACKENDS])
def test_bodies_are_traced_once(seed, backend, monkeypatch):
    monkeypatch.setattr(growing, "FIRST_LIMIT", 4)
    monkeypatch.setattr(tracing, "MIN_ROUNDS", 4)
    monkeypatch.setattr(tracing, "MIN_OPERATIONS", 0)
    monkeypatch.setattr(derivation, "MAX_ASKED", 0)
    monkeypatch.setattr(by_steps, "MIN_TRACED", 0)
    order = ("value_and_grad", "hvp") if backend != "reference" else ("value_and_grad",)
    _compare(Flow(seed, rounds=40, depth=1), backend, order)


@pytest.mark.parametrize("seed", PART_SEEDS)
def test_states_are_computed_again_and_entries_looked_up(seed, monkeypatch):
    monkeypatch.setattr(growing, "FIRST_LIMIT", 4)
    monkeypatch.setattr(tracing, "MIN_ROUNDS", 4)
    monkeypatch.setattr(tracing, "MIN_OPERATIONS", 0)
    monkeypatch.setattr(tracing, "MIN_SELECTED", 1)
    monkeypatch.setattr(derivation, "MAX_ASKED", 0)
    monkeypatch.setattr(rounds, "kept_states", lambda count, _: min(3, count))
    backend = "tape" if "tape" in BACKENDS else "numpy"
    f = _compare(Flow(seed, rounds=40, depth=1), backend, ("value_and_grad",))
    assert f.way == "checkpoints"


@pytest.mark.parametrize("seed", MACHINE_SEEDS)
@pytest.mark.parametrize("backend", [b for b in BACKENDS if b not in ("numpy", "tape")])
def test_the_other_backends(seed, backend):
    _compare(Flow(seed, rounds=3, depth=1), backend)


@needs_compiler
@pytest.mark.parametrize(("seed", "real"), [(403, "double"), (409, "double"), (405, "float")])
def test_files_of_c_check_themselves(seed, real, tmp_path):
    f = bp.compiled(Flow(seed, rounds=4, depth=1), rows="x", reduce=None, backend="numpy")
    f.value_and_grad(POINTS)
    (tmp_path / "f.c").write_text(f.to_c(name="f", real=real))
    flags = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic", "-DF_SELF_TEST"]
    sanitizers = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    command = [compiler(), *flags, *sanitizers, "f.c", "-lm", "-o", "f"]
    subprocess.run(command, cwd=tmp_path, check=True)
    said = subprocess.run([tmp_path / "f"], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.startswith("ok: ")


def test_all_kinds_take_part():
    kinds = set()
    for seed in SEEDS:
        kinds |= Flow(seed).kinds
    assert kinds == {*KINDS}
    assert {kind for seed in LONG_SEEDS for kind in Flow(seed, rounds=40, depth=1).kinds} == {
        *KINDS
    }

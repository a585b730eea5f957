"""The difficult grid: functions that mislead differences, a few of every kind."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("numpy")
sys.path.insert(0, str(Path(__file__).parents[2]))

from autograd_bp.checking import Verdict, check_gradient
from benchmarks.checker.difficult import KINDS, NOISY_KINDS, right_cases, wrong_cases
from benchmarks.checker.difficult.solvers import SOLVERS

SLOW = {"adaptive integrators": 2, "float32": 3, "pathwise Monte Carlo": 3}
SLOW |= dict.fromkeys(SOLVERS, 1) | {"rejection by common numbers": 2}
SLOW |= {"events": 2, "large likelihoods": 3}
SCIPY = {"roots to 1e-9", "tables of a function", "splines and pictures", "special functions"}
SCIPY |= set(SOLVERS)


@pytest.mark.parametrize("kind", KINDS)
def test_right_gradients_of_difficult_functions_pass(kind):
    if kind in SCIPY:
        pytest.importorskip("scipy")
    allowed = {Verdict.OK, Verdict.KINK} | ({Verdict.NOISY} if kind in NOISY_KINDS else set())
    for case in right_cases(SLOW.get(kind, 6), (kind,)):
        report = check_gradient(case.f, case.x, case.gradient)
        assert report.verdict in allowed, f"{case.name}\n{report}"


@pytest.mark.parametrize("kind", KINDS)
def test_mistakes_in_gradients_of_difficult_functions_do_not(kind):
    if kind in SCIPY:
        pytest.importorskip("scipy")
    for case in wrong_cases(SLOW.get(kind, 9), (kind,)):
        report = check_gradient(case.f, case.x, case.gradient)
        assert report.verdict in (Verdict.WRONG, Verdict.NOISY), f"{case.name}\n{report}"

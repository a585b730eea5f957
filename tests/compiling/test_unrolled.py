"""Recurrences as people unroll them: the value and the gradient of the engine, on every way."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling.front import by_steps
from autograd_bp.compiling.program import finding_steps
from benchmarks.workloads.ready import graph_of
from benchmarks.workloads.recurrences import RECURRENCES

# So many operations that none is recorded node by node.
STEPS = {"distance": 9, "option": 12, "heat": 12, "factors": 8, "adam": 15}


@pytest.mark.parametrize("steps_come_first", [False, True])
@pytest.mark.parametrize("name", RECURRENCES)
def test_a_recurrence_has_the_value_and_the_gradient_of_the_engine(
    name, steps_come_first, monkeypatch
):
    if steps_come_first:
        monkeypatch.setattr(by_steps, "MIN_OPERATIONS", 0)
        monkeypatch.setattr(finding_steps, "MIN_INSTRUCTIONS", 100)
    function, w, x = graph_of(f"{name} {STEPS.get(name, 60)}")
    weights = [Value(number) for number in w]
    value = function(weights, [Value(number) for number in x])
    value.backward()
    f = bp.compiled(function)
    found, slopes = f.value_and_grad(np.array(w), np.array(x))
    expected = np.array([weight.grad for weight in weights])
    assert f.way != "recorded"
    assert found == pytest.approx(value.data, rel=1e-12)
    np.testing.assert_allclose(slopes, expected, rtol=1e-11, atol=1e-12 * abs(expected).max())

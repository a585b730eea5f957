"""Scripts in many styles give the numbers of their own engine, to the last bit where sums have the
same order."""

import math
import sys
from pathlib import Path

import pytest
from compat_scripts import EXACT, NEARLY, SCRIPTS
from small_gpt import train

from autograd_bp.compat import micrograd as ours

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks import closure_value as minimal
from benchmarks import microgpt_value

scripts = pytest.mark.parametrize(("function", "tolerance"), SCRIPTS.values(), ids=SCRIPTS)


def close(found, expected, tolerance):
    if tolerance == EXACT:
        return found == expected
    return all(
        math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
        for a, b in zip(found, expected, strict=True)
    )


@scripts
def test_a_script_gives_the_numbers_of_its_own_engine(function, tolerance):
    expected = function(minimal.engine())
    found = function(ours)
    assert len(found) == len(expected) > 1
    assert close(found, expected, tolerance), [*zip(found, expected, strict=True)]


def test_the_comparison_notices_a_wrong_engine():
    class Wrong(minimal.Value):
        def __mul__(self, other):
            out = super().__mul__(other)
            return type(self)(out.data * (1 + 2.0**-52), out._prev, "*")

    wrong = minimal.engine()
    wrong.Value = Wrong
    for name in ("the_expression_of_the_readme", "momentum_in_attributes"):
        function, tolerance = SCRIPTS[name]
        assert not close(function(wrong), function(minimal.engine()), tolerance)


NAMES = ["ada", "emmy", "maryam", "sofja", "hypatia", "olga", "grace", "karen"]


def test_a_gpt_has_the_losses_that_it_has_with_the_value_of_its_script():
    sizes = {"channels": 8, "heads": 2, "positions": 6}
    expected = train(microgpt_value.Value, NAMES, 4, **sizes)
    assert train(ours.Value, NAMES, 4, **sizes) == expected
    assert expected[0] > expected[-1] > 1.0


def micrograd_itself():
    pytest.importorskip("micrograd")
    import micrograd.engine
    import micrograd.nn

    class Both:
        Value = micrograd.engine.Value
        Module, Neuron = micrograd.nn.Module, micrograd.nn.Neuron
        Layer, MLP = micrograd.nn.Layer, micrograd.nn.MLP

    return Both


MICROGRADS = [
    "the_expression_of_the_readme",
    "tanh_by_a_closure_of_the_script",
    "the_four_examples_of_the_lecture",
    "a_margin_loss_with_decay",
    "a_sweep_of_the_script",
    "a_subclass_with_the_state_of_adam_on_its_nodes",
    "methods_added_to_the_class",
    "operators_written_around_those_of_the_class",
]


@pytest.mark.parametrize("name", MICROGRADS)
def test_a_script_gives_the_numbers_of_micrograd(name):
    """Its children are in sets, whose order is not known: sums may differ in the last digits."""
    function, _ = SCRIPTS[name]
    expected = function(micrograd_itself())
    assert close(function(ours), expected, max(NEARLY, 1e-9))

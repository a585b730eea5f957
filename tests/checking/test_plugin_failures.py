"""What a test prints when a gradient assertion in it fails."""

import json

from pluginsuite import suite  # noqa: F401

WRONG_RULE = """
def softsign(x):
    return x / (1 + abs(x))

rule = bp.Primitive("NAME", 1, softsign, lambda x, y: (1 / (1 + abs(x)),))

def f(x):
    return bp.exp(rule(x[0]) * x[1])
"""


def output(result):
    return result.stdout.str()


def test_right_gradients_pass_and_nothing_is_added(suite):  # noqa: F811
    result = suite.run(body="def test_it(): assert_gradient(energy, POINT, right)")
    result.assert_outcomes(passed=1)
    assert "where the gradient" not in output(result)
    assert "coverage" not in output(result)


def test_a_wrong_hand_derived_gradient_fails_with_the_table_and_the_verdict(suite):  # noqa: F811
    result = suite.run(body="def test_it(): assert_gradient(energy, POINT, without_penalty)")
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            r"E .*GradientMismatchError: WRONG in p\['w'\], 0\.5 instead of 0\.6",
            r"E +Gradient of energy at \(0\.5, 2\)",
            r"E +component +verdict +hand-derived +autodiff +numerical",
            r"E .*\['w'\] +WRONG +0\.5 +0\.6 ",
            r"E +and 1 more component: OK",
            r"E +WRONG: the gradient is not the derivative of the function",
        ]
    )


def test_the_tree_of_a_wrong_component_shows_values_and_local_derivatives(suite):  # noqa: F811
    result = suite.run(body="def test_it(): assert_gradient(energy, POINT, without_penalty)")
    result.stdout.re_match_lines(
        [
            r"-+ where the gradient comes from -+",
            r"every rule agrees with its function; from energy to .*\['w'\], the .*:",
            r"v\d+ = add\(v\d+, v\d+\) = 0\.275",
            r"├─ 1 ── v\d+ = power\(v\d+, 2\) = 0\.25",
            r"└─ 1 ── v\d+ = mul\(0\.1, v\d+\) = 0\.025",
            r"      └─ 1 ── .*\['w'\] = 0\.5",
        ]
    )


def test_a_way_that_was_left_out_is_named(suite):  # noqa: F811
    result = suite.run(body="def test_it(): assert_gradient(energy, POINT, without_penalty)")
    result.stdout.re_match_lines(
        [r"the paths add up to 0\.6.*; with v\d+ ← .* left out it would be 0\.5, which was given"]
    )


def test_a_wrong_rule_is_named_with_the_slope_of_its_function(suite):  # noqa: F811
    body = WRONG_RULE.replace("NAME", "softsign_of_failures")
    result = suite.run(body=body + "def test_it(): assert_gradient(f, [0.5, 2.0])")
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines(
        [
            r"the rule of softsign_of_failures gives .* = 0\.6666666667, but its function has the "
            r"slope 0\.4444444444:",
            r"which reaches the output by:",
            r"v\d+ = exp\(v\d+\) = 1\.94773",
        ]
    )


def test_unittest_users_call_the_assertion_and_get_the_same(suite):  # noqa: F811
    body = """
import unittest
class TestOld(unittest.TestCase):
    def test_right(self): assert_gradient(energy, POINT, right)
    def test_wrong(self): assert_gradient(energy, POINT, without_penalty)
"""
    result = suite.run("--gradient-coverage", body=body)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*where the gradient comes from*", "2 gradients: *"])


def test_the_assertion_of_the_fixture_stays_out_of_the_traceback(suite):  # noqa: F811
    body = "def test_it(gradient): gradient.assert_gradient(energy, POINT, without_penalty)"
    result = suite.run(body=body)
    result.assert_outcomes(failed=1)
    assert "fixture.py" not in output(result)
    assert "check.py" not in output(result)


def test_a_function_that_records_no_graph_fails_without_a_tree(suite):  # noqa: F811
    body = "def test_it(): assert_gradient(lambda x: math.exp(float(x)), 1.0, lambda x: 3.0)"
    result = suite.run("--gradient-coverage", body=body)
    result.assert_outcomes(failed=1)
    assert "WRONG" in output(result)
    assert "where the gradient comes from" not in output(result)
    assert "INTERNALERROR" not in output(result)


def test_formulas_fail_with_the_diagnosis(suite):  # noqa: F811
    body = """
from autograd_bp.nn import Network
network = Network([2, 2, 1], seed=1)
z = network([0.0, 1.0])[0].data
def test_right(gradient):
    gradient.assert_formulas(network, [0.0, 1.0], [1.0],
                             gamma=[[None, None], [z * (1 - z) * (1.0 - z)]])
def test_wrong(gradient):
    gradient.assert_formulas(network, [0.0, 1.0], [1.0], gamma=[[None, None], [1.0 - z]])
"""
    result = suite.run("--gradient-report=report.json", body=body)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["E *missing y (1 - y)*"])
    checks = json.loads((suite.path / "report.json").read_text())["checks"]
    assert [check["verdict"] for check in checks] == ["OK", "WRONG"]


def test_an_expected_failure_is_no_failure_of_the_test(suite):  # noqa: F811
    body = """
from autograd_bp.errors import GradientMismatchError
def test_it():
    with pytest.raises(GradientMismatchError):
        assert_gradient(energy, POINT, without_penalty)
"""
    result = suite.run(body=body)
    result.assert_outcomes(passed=1)


def test_other_failures_are_left_as_they_are(suite):  # noqa: F811
    body = """
from autograd_bp.errors import GradientMismatchError
def test_it():
    with pytest.raises(GradientMismatchError):
        assert_gradient(energy, POINT, without_penalty)
    assert False, "something else"
"""
    result = suite.run(body=body)
    result.assert_outcomes(failed=1)
    assert "where the gradient comes from" not in output(result)

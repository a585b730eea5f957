"""Suites that do not use the plugin do not notice it; it can be turned off."""

import pytest
from pluginsuite import suite  # noqa: F401

import autograd_bp_pytest

LOADS_NOTHING = """
import sys
def test_it():
    assert "autograd_bp_pytest" in sys.modules
    assert not [name for name in sys.modules if name.split(".")[0] == "autograd_bp"]
    assert "hypothesis" not in sys.modules
    assert "numpy" not in sys.modules
"""


def test_a_suite_that_does_not_use_it_imports_nothing_but_the_plugin(suite):  # noqa: F811
    suite.run_apart("-p", "no:randomly", body=LOADS_NOTHING).assert_outcomes(passed=1)


def test_a_strict_suite_is_not_disturbed(suite):  # noqa: F811
    body = """
import pytest
@pytest.mark.gradient(points=[1.0])
def test_it(gradient): assert gradient.point == 1.0
"""
    result = suite.run_apart("-W", "error", "--strict-markers", "--strict-config", body=body)
    result.assert_outcomes(passed=1)


def test_pytest_inside_pytest_leaves_the_outer_run_as_it_was(suite):  # noqa: F811
    before = len(autograd_bp_pytest._reports)
    suite.run(body="def test_it(): assert_gradient(energy, POINT, right)").assert_outcomes(passed=1)
    assert len(autograd_bp_pytest._reports) == before


def test_it_can_be_turned_off(suite):  # noqa: F811
    body = """
import sys
def test_it(): assert "autograd_bp_pytest" not in sys.modules
def test_fixture(gradient): pass
"""
    off = ("-p", "no:autograd_bp", "-p", "no:randomly")
    result = suite.run_apart(*off, body=body)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*fixture 'gradient' not found*"])
    assert suite.run_apart(*off, "--gradient-coverage").ret == pytest.ExitCode.USAGE_ERROR


def test_the_marker_and_the_options_are_in_pytest_s_help(suite):  # noqa: F811
    result = suite.run("--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.gradient(points, seeds=1, domain=None):*"])
    result = suite.run("--help")
    result.stdout.fnmatch_lines(["gradient checks (autograd_bp):", "*--gradient-report=PATH*"])

"""The marker `gradient` and the fixture of that name."""

import json

import pytest
from pluginsuite import suite  # noqa: F401

BODY = "def test_it(gradient): gradient.assert_gradient(lambda x: x * x)\n"


def test_a_test_runs_at_every_point_with_every_seed(suite):  # noqa: F811
    marker = "@pytest.mark.gradient(points=[0.5, -2.0], seeds=[3, 7])\n"
    result = suite.run("-v", body=marker + BODY)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines_random(
        [
            "*test_it?0.5-seed3? PASSED*",
            "*test_it?0.5-seed7? PASSED*",
            "*test_it?-2.0-seed3? PASSED*",
            "*test_it?-2.0-seed7? PASSED*",
        ]
    )


def test_only_the_point_where_a_gradient_is_wrong_fails(suite):  # noqa: F811
    body = """
@pytest.mark.gradient(points=[1.0, 2.0])
def test_it(gradient):
    gradient.assert_gradient(lambda x: x * x, gradient=lambda x: x + 1.0)
"""
    result = suite.run("-v", body=body)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*test_it?2.0? FAILED*"])


def test_drawn_points_lie_in_the_domain_and_depend_on_nothing_but_the_seed(suite):  # noqa: F811
    body = """
import json
@pytest.mark.gradient(points=4, seeds=2, domain={"w": (-1, 1), "x": [(2, 3), "log"]})
def test_it(gradient):
    with open("drawn.txt", "a") as file:
        print(json.dumps(gradient.point), file=file)
"""
    drawn = suite.path / "drawn.txt"
    suite.run(body=body).assert_outcomes(passed=8)
    first = drawn.read_text()
    drawn.unlink()
    suite.run(body=body).assert_outcomes(passed=8)
    assert drawn.read_text() == first
    points = [json.loads(line) for line in first.splitlines()]
    assert len({json.dumps(point) for point in points}) == 8
    assert all(-1 <= p["w"] <= 1 and 2 <= p["x"][0] <= 3 and p["x"][1] > 0 for p in points)


def test_each_run_has_a_generator_of_its_seed(suite):  # noqa: F811
    body = """
import random
@pytest.mark.gradient(points=[1.0], seeds=[5])
def test_it(gradient):
    assert gradient.seed == 5
    assert gradient.random.random() == random.Random(5).random()
"""
    suite.run(body=body).assert_outcomes(passed=1)


def test_a_point_that_a_test_changes_is_whole_again_in_the_next(suite):  # noqa: F811
    body = """
@pytest.mark.gradient(points=[[1.0, 2.0]], seeds=2)
def test_it(gradient):
    point = gradient.point
    assert point == gradient.point == [1.0, 2.0]
    point.append(3.0)
"""
    suite.run(body=body).assert_outcomes(passed=2)


def test_the_marker_of_a_class_concerns_the_tests_that_use_the_fixture(suite):  # noqa: F811
    body = """
@pytest.mark.gradient(points=[1.0, 2.0])
class TestIt:
    def test_with(self, gradient): assert gradient.point in (1.0, 2.0)
    def test_without(self): pass
"""
    suite.run(body=body).assert_outcomes(passed=3)


def test_it_goes_together_with_other_parameters(suite):  # noqa: F811
    body = """
@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.gradient(points=[1.5, 2.5])
def test_it(gradient, n): gradient.assert_gradient(lambda x: x ** n)
"""
    suite.run(body=body).assert_outcomes(passed=4)


def test_the_fixture_without_a_marker_checks_at_a_point_that_is_passed(suite):  # noqa: F811
    body = "def test_it(gradient): assert gradient.check_gradient(energy, POINT, right).ok"
    suite.run(body=body).assert_outcomes(passed=1)


def test_the_fixture_without_a_marker_has_no_point(suite):  # noqa: F811
    result = suite.run(body="def test_it(gradient): gradient.point")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*SettingError: gradient.point is given by the marker: write *"])


@pytest.mark.parametrize(
    ("marker", "complaint"),
    [
        ("", "there are no points: write points="),
        ("seeds=3", "there are no points: write points="),
        ("points=[]", "points is empty: nothing would be tested"),
        ("points='abc'", "points is a list of points, or how many to draw, got 'abc'"),
        ("points=3", "points=3 are to be drawn, but there is no domain"),
        ("points=0, domain=(0, 1)", "points must be from 1 to 10,000, got 0"),
        ("points=10**9, domain=(0, 1)", "points must be from 1 to 10,000, got 1000000000"),
        ("points=[1.0], seeds=-1", "seeds is how many, from 1 to 10,000, or a list"),
        ("points=[1.0], seeds=[0, -4]", "seeds are whole numbers from 0 up, got -4"),
        ("points=[1.0], seeds=True", "seeds is how many"),
        ("points=2, domain='logarithm'", "the domain 'logarithm' is not the name of a primitive"),
        ("points=2, domain='atan2'", "the domain 'atan2' is that of a primitive of several inputs"),
        ("points=2, domain=(3, 1)", "a domain is (low, high) with low <= high"),
        ("points=2, domain=(0, math.inf)", "a domain is (low, high) with low <= high"),
        ("points=[1.0, [1.0, 2.0]]", "points[0] is a number, points[1] is a list of 2 entries"),
        ("points=['one']", "points[0] is str 'one': a real number is needed"),
        ("points=[1.0, 9.0], domain=(0, 5)", "points[1]: point = 9.0 is outside 0 to 5"),
        ("points=[[1.0]], domain={'w': (0, 5)}", "points[0]: point must be a dict of w, got [1.0]"),
        ("point=[1.0]", "it takes points, seeds and domain, got point"),
        ("[1.0], 3", "it takes points, seeds and domain, got 2 positional arguments"),
    ],
)
def test_what_is_wrong_with_a_marker_is_said_in_one_line(suite, marker, complaint):  # noqa: F811
    result = suite.run(body=f"@pytest.mark.gradient({marker})\n{BODY}")
    result.assert_outcomes(errors=1)
    said = [line for line in result.stdout.lines if "@pytest.mark.gradient: " in line]
    assert complaint in said[0]
    assert said[0].startswith("test_inner.py::test_it: ")
    assert "Traceback" not in result.stdout.str()
    assert "INTERNALERROR" not in result.stdout.str()


def test_a_marker_on_a_test_without_the_fixture_is_refused(suite):  # noqa: F811
    result = suite.run(body="@pytest.mark.gradient(points=[1.0])\ndef test_it(): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*does not take the fixture: add the argument `gradient`"])

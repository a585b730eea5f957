"""The report: what it prints, its hints, its numbers."""

import math
import pickle

import pytest

import autograd_bp as bp
from autograd_bp.checking import Component, GradientReport, Verdict, check_gradient


def cubes(x):
    return bp.sum([v**3 for v in x])


X = [1.5, 2.0, -0.5]
RIGHT = [3.0 * v * v for v in X]


def hinted(f, x, gradient):
    report = check_gradient(f, x, gradient)
    assert report.verdict is Verdict.WRONG
    return " / ".join(report.hints)


@pytest.mark.parametrize(
    ("gradient", "hint"),
    [
        ([-g for g in RIGHT], "the sign is flipped in all of it"),
        ([-RIGHT[0], RIGHT[1], -RIGHT[2]], "the sign is flipped in x[0], x[2]"),
        ([2.0 * g for g in RIGHT], "a constant factor of 2 in all of it"),
        ([0.5 * g for g in RIGHT], "a constant factor of 1/2 in all of it"),
        ([g / 3.0 for g in RIGHT], "a constant factor of 1/3 in all of it"),
        ([math.log(2.0) * g for g in RIGHT], "a factor of ln 2 too many in all of it"),
        ([0.7312345 * g for g in RIGHT], "a constant factor of 0.7312345 in all of it"),
        ([RIGHT[1], RIGHT[0], RIGHT[2]], "x[0] and x[1] are swapped"),
        ([0.0, RIGHT[1], RIGHT[2]], "the gradient is 0 in x[0], where the function does change"),
        ([3.0 * v for v in X], "a missing factor in all of it: the component's own x"),
        ([g + 0.25 for g in RIGHT], "0.25 is added to each component"),
        ([g + 0.1 * v for g, v in zip(RIGHT, X, strict=True)], "0.1 times the component's own x"),
    ],
)
def test_common_mistakes_are_named(gradient, hint):
    assert hint in hinted(cubes, X, gradient)


def test_a_transposed_gradient_is_named():
    np = pytest.importorskip("numpy")
    v = np.array([1.0, 2.0, 3.0])
    W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    told = hinted(
        lambda W: ((W @ v) ** 2).sum(), W, lambda W: (2.0 * np.outer(W @ v, v)).T.reshape(2, 3)
    )
    assert told == "the gradient of the array of shape (2, 3) is transposed"


@pytest.mark.parametrize(
    ("f", "gradient", "hint"),
    [
        (bp.sigmoid, 1.0, "f (1 - f), the slope of a sigmoid"),
        (bp.tanh, 1.0, "1 - f², the slope of a tanh"),
        (lambda x: bp.exp(2.0 * x), 2.0, "a missing factor in all of it: the function's value f"),
    ],
)
def test_a_missing_slope_of_an_activation_is_named(f, gradient, hint):
    assert hint in hinted(f, 0.3, gradient)


def test_no_hint_is_made_up():
    assert hinted(cubes, X, [RIGHT[0] * 1.234, RIGHT[1] * 0.87, RIGHT[2]]) == ""
    assert hinted(math.sin, 1.0, math.cos(1.0) * (1.0 + 1e-8)) == ""
    assert check_gradient(cubes, X, RIGHT).hints == ()


def test_the_report_prints_as_a_table():
    text = str(check_gradient(lambda x: x[0] ** 2 * x[1], [3.0, 5.0], [30.0, 10.0]))
    head, first, second = text.splitlines()[1:4]
    assert head.split()[:5] == ["component", "verdict", "hand-derived", "autodiff", "numerical"]
    assert first.split()[:4] == ["x[1]", "WRONG", "10", "9"]
    assert "±" in first
    assert second.startswith("and 1 more component: OK")
    assert text.splitlines()[-1].startswith("WRONG: the gradient is not the derivative")


def test_a_difference_in_the_last_digits_is_printed_with_all_of_them():
    text = str(check_gradient(lambda x: x * x, 3.0, 6.0 * (1.0 + 1e-8)))
    assert repr(6.0 * (1.0 + 1e-8)) in text


def test_the_worst_of_many_components_stand_for_all():
    gradient = [1.0] * 59 + [2.0]
    report = check_gradient(lambda x: bp.sum(x), [1.0] * 60, gradient)
    text = str(report)
    assert "and 59 more components: OK" in text
    assert "x[59]" in text
    assert "x[30]" not in text
    assert "x[30]" in report.table(full=True)


def test_the_report_is_html_in_notebooks_and_escapes_what_it_shows():
    html = check_gradient(lambda x: x * x, 3.0, 5.0)._repr_html_()
    assert "<td>WRONG</td>" in html
    assert "&lt;lambda&gt;" in html
    assert "<lambda>" not in html


def test_ulps_count_units_in_the_last_place():
    (component,) = check_gradient(lambda x: x * x, 3.0, math.nextafter(6.0, 7.0)).components
    assert component.ulps == 1.0
    assert component.verdict is Verdict.OK


def test_the_report_keeps_the_recorded_graph_for_whoever_explains_it():
    report = check_gradient(lambda x: x[0] * x[1], [2.0, 3.0])
    assert report.output.data == 6.0
    assert [node.data for node in report.inputs] == [2.0, 3.0]


def test_a_report_without_components_is_vacuous():
    report = GradientReport("f", (), 0.0, ())
    assert report.verdict is Verdict.VACUOUS
    assert not report.ok
    assert "VACUOUS" in str(report)


def test_the_gravest_component_decides():
    words = (Verdict.OK, Verdict.NOISY, Verdict.KINK)
    parts = tuple(Component(each.name, each) for each in words)
    report = GradientReport("f", (1.0, 2.0, 3.0), 0.0, parts)
    assert report.verdict is Verdict.NOISY
    assert not report.ok
    assert GradientReport("f", (1.0, 2.0, 3.0), 0.0, parts, accept_noisy=True).ok
    assert report.count(Verdict.KINK) == 1


def test_a_verdict_is_pickled_by_its_name_so_that_its_sentence_can_change():
    for verdict in Verdict:
        pickled = pickle.dumps(verdict)
        assert pickle.loads(pickled) is verdict
        assert verdict.meaning.encode() not in pickled


def test_names_reach_no_terminal_with_control_characters_nor_at_any_length():
    names = ["a\x1b[31m\x00\r\n\u202eb", "x" * 5000]
    report = check_gradient(lambda x: x[0] * x[1], [1.0, 2.0], [9.0, 9.0], names=names)
    text = str(report) + report.headline()
    assert not set(text) & set("\x1b\x00\r\u202e")
    assert max(map(len, text.splitlines())) < 400

"""What a failure says: the verdict first, nothing of the library, and nothing that is not so."""

import math
import re

import pytest
from pluginsuite import ROOT, suite  # noqa: F401

import autograd_bp
import autograd_bp as bp
from autograd_bp.checking import assert_gradient, check_formulas, check_gradient
from autograd_bp.checking.gradient.hints import Hint
from autograd_bp.errors import AutogradError, GradientMismatchError, OperandError
from autograd_bp.nn import Network


def product(x):
    return x[0] ** 2 * x[1]


@pytest.mark.parametrize(
    ("f", "x", "gradient", "line"),
    [
        (product, [3.0, 5.0], [30.0, 4.5], "WRONG in x[1], factor 1/2"),
        (product, [3.0, 5.0], [-30.0, -9.0], "WRONG in x[0] and x[1], sign flipped"),
        (product, [3.0, 5.0], [9.0, 30.0], "WRONG in x[0] and x[1], swapped"),
        (product, [3.0, 5.0], [30.0, 9.1234], "WRONG in x[1], 9.1234 instead of 9"),
        (product, [3.0, 5.0], [30.0, 9.000001], "WRONG in x[1], relative error 1.1e-07"),
        (bp.relu, 0.0, 1.5, "WRONG in x, 1.5 is not between 0 and 1"),
        (bp.sigmoid, 0.3, 1.0, "WRONG in x, missing factor f (1 - f)"),
        (bp.sum, [1.0] * 5, [2.0] * 5, "WRONG in all 5 components, factor 2"),
        (bp.sum, [1.0] * 5, [1.0, 0.0, 0.0, 0.0, 1.0], "WRONG in x[1] and 2 more, it is 0"),
        (bp.log, 0.0, None, "UNDEFINED in x"),
        (lambda x: 3.0, 1.0, None, "VACUOUS: nothing was tested"),
    ],
)
def test_a_failure_begins_with_the_verdict_and_the_component(f, x, gradient, line):
    with pytest.raises(GradientMismatchError) as caught:
        assert_gradient(f, x, gradient)
    assert str(caught.value).splitlines()[0].replace("values", "x") == line
    assert str(caught.value).splitlines()[1].startswith("Gradient of ")


def test_the_line_in_pytest_s_summary_begins_with_them_too(suite):  # noqa: F811
    body = """
def test_it(): assert_gradient(lambda x: x[0] ** 2 * x[1], [3.0, 5.0], [30.0, 4.5])
def test_formulas(gradient):
    from autograd_bp.nn import Network
    gradient.assert_formulas(Network([1, 1], seed=1), [0.5], [1.0], gamma=[[3.0]])
"""
    result = suite.run(body=body)
    result.stdout.fnmatch_lines(
        [
            "FAILED test_inner.py::test_it - WRONG in x?1], factor 1/2",
            "FAILED test_inner.py::test_formulas - WRONG in γ?1,1]*",
        ]
    )


ERRORS = """
from autograd_bp.checking import check_formulas, check_gradient
from autograd_bp.nn import Network

def test_shape(): assert_gradient(lambda x: 1.0, [])
def test_operand(): check_gradient(lambda x: "a", 1.0)
def test_argument(): assert_gradient(lambda x: x, "a")
def test_gradient(): assert_gradient(lambda x: x[0], [1.0, 2.0], [1.0])
def test_setting(gradient): gradient.check_gradient(math.sin, 1.0, tolerance=7)
def test_formulas(): check_formulas(Network([2, 1]), [1.0], [1.0], gamma=[])
def test_wrong(): assert_gradient(math.sin, 1.0, 3.0)
def test_own():
    def mine(x): return {}[x]
    assert_gradient(mine, 1.0)
def test_own_gradient():
    def mine(x): raise ValueError("mine")
    assert_gradient(math.sin, 1.0, mine)
"""


@pytest.mark.parametrize("style", ["auto", "long", "short", "line", "native"])
def test_no_frame_of_the_library_is_in_a_traceback(style, suite):  # noqa: F811
    result = suite.run(f"--tb={style}", body=ERRORS)
    result.assert_outcomes(failed=9)
    text = result.stdout.str()
    assert str(ROOT / "autograd_bp") not in text
    assert "/autograd_bp/" not in text.replace("\\", "/")
    if style == "long":
        assert text.count("def mine(x)") == 4


def test_a_traceback_outside_of_pytest_ends_at_the_guard():
    import traceback

    with pytest.raises(AutogradError) as caught:
        check_formulas(Network([2, 1]), [1.0], [1.0], gamma=[])
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert names[1:] == ["checked"]
    assert caught.value.__cause__ is None


def test_an_error_inside_the_library_that_is_no_error_of_its_user_keeps_its_frames(monkeypatch):
    from autograd_bp import tracebacks
    from autograd_bp.checking.gradient import check

    def broken(*arguments):
        raise RuntimeError("a fault of the library")

    monkeypatch.setattr(check, "_valid", broken)
    monkeypatch.setattr(tracebacks, "is_own", lambda file: True)
    with pytest.raises(RuntimeError) as caught:
        check_gradient(math.sin, 1.0)
    assert [entry.name for entry in caught.traceback][-2:] == ["check_gradient", "broken"]


def test_what_hypothesis_says_after_its_explanation_stays():
    from autograd_bp.checking.plugin.tidy import _without_own_lines

    own, other = autograd_bp.__file__, "/home/me/test_mine.py:7"
    head = ["Failing test case: f(", "    x=1,", ")"]
    block = ["Explanation:", "    These lines were always and only run by failing test cases:"]
    end = ["", "You can reproduce this test case"]
    note = "\n".join([*head, *block, f"        {own}:3", f"        {other}", *end])
    kept = "\n".join([*head, *block, f"        {other}", *end])
    assert _without_own_lines(note) == kept
    note = "\n".join([*head, *block, f"        {own}:3", "        (and 2 more)", *end])
    assert _without_own_lines(note) == "\n".join([*head, *end])
    assert _without_own_lines("\n".join([*head, *end])) == "\n".join([*head, *end])


def test_the_explanation_of_hypothesis_names_no_lines_of_the_library(suite):  # noqa: F811
    pytest.importorskip("hypothesis")
    body = """
from hypothesis import given, settings, strategies
@settings(database=None, derandomize=True)
@given(strategies.floats(-2, 2))
def test_it(x): assert_gradient(lambda x: bp.relu(x), x, lambda x: float(x > -0.5))
"""
    result = suite.run(body=body)
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert "test case" in text or "alsifying example" in text
    assert "/autograd_bp/" not in text.replace("\\", "/")
    assert "always and only run by" not in text


# ------------------------------------------------------------------------------ the options
@pytest.mark.parametrize("options", [["--collect-only"], ["-k", "nothing"]])
def test_a_run_without_tests_prints_and_writes_nothing(options, suite):  # noqa: F811
    (suite.path / "r.html").write_text("an earlier one")
    result = suite.run("--gradient-coverage", "--gradient-report=r.html", *options, body=ERRORS)
    assert "gradient" not in re.sub(r"test_\w+|<.*>", "", result.stdout.str())
    assert (suite.path / "r.html").read_text() == "an earlier one"


def test_the_page_and_the_terminal_count_the_same(suite):  # noqa: F811
    body = """
from autograd_bp.errors import GradientMismatchError
def test_right(): assert_gradient(energy, POINT, right)
def test_plain(): assert_gradient(math.sin, 1.0, math.cos)
def test_wrong(): assert_gradient(energy, POINT, without_penalty)
@pytest.mark.xfail
def test_known(): assert_gradient(energy, POINT, without_penalty)
def test_expected():
    with pytest.raises(GradientMismatchError):
        assert_gradient(energy, POINT, without_penalty)
def test_later():
    assert_gradient(math.sin, 1.0, math.cos)
    with pytest.raises(GradientMismatchError):
        assert_gradient(energy, POINT, without_penalty)
    assert False
"""
    result = suite.run("--gradient-report=r.html", body=body)
    result.assert_outcomes(passed=3, failed=2, xfailed=1)
    result.stdout.fnmatch_lines(["7 gradient assertions, 1 failed"])
    page = (suite.path / "r.html").read_text(encoding="utf-8")
    assert "7 gradient assertions, 1 failed" in page
    assert '<b>1</b><span class="dim">failed' in page
    assert page.count("details class=bad open") == 1


def test_the_page_shows_the_verdict_before_the_numbers_and_remarks_whole(suite):  # noqa: F811
    body = "def test_it(): assert_gradient(lambda x: bp.relu(x), 0.0, 1.5)"
    suite.run("--gradient-report=r.html", body=body)
    page = (suite.path / "r.html").read_text(encoding="utf-8")
    row = page[page.index('<tr class="bad">') :]
    assert row.index(">WRONG<") < row.index("data-l=")
    assert "the gradient is outside of the one-sided derivatives</td>" in row


# -------------------------------------------------------------------------------- the words
LONG = "a_name_that_is_longer_than_a_column_should_be"


@pytest.mark.parametrize(
    ("f", "x", "gradient", "options"),
    [
        (product, [1 / 3, 1e-7 / 3], [1.1e-8, 1 / 9.1], {"digits": 30}),
        (product, [1e100 / 3, 1e-150 / 7], [1e50 / 3, 1e199 / 7], {}),
        (lambda p: p[LONG][LONG] ** 2, {LONG: {LONG: 1 / 3}}, {LONG: {LONG: 1 / 3}}, {}),
        (bp.sum, [1 / 3] * 500, [1.0 + 1e-7] * 500, {}),
        (product, [1 / 3, 1 / 7], [2 / 21 * (1 + 1e-8), 1 / 9], {"digits": 30}),
        (lambda x: bp.relu(x[0]) + x[1], [0.0, -1 / 3], [-1 / 3, 1 / 3], {}),
    ],
)
def test_tables_fit_80_columns(f, x, gradient, options):
    if options:
        pytest.importorskip("mpmath")
    report = check_gradient(f, x, gradient, **options)
    lines = report.table().splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("component"))
    rows = [line for line in lines[start:] if line.startswith(("component", "x[", "p[", "values["))]
    table = [line for line in rows if ": " not in line]
    assert len(table) >= 2
    assert max(map(len, table)) <= 80
    assert len(lines[0]) <= 80
    assert "WRONG" in table[1]


def test_a_difference_is_seen_in_the_digits_that_are_printed():
    for size in (1e-3, 1e-5, 1e-6, 1e-9 * 6):
        report = check_gradient(product, [1 / 3, 1 / 7], [2 / 21, 1 / 9 * (1 + size)])
        row = next(line for line in report.table().splitlines() if "WRONG" in line)
        _, _, given, right, *_ = row.split()
        assert given != right


def test_an_explanation_that_holds_at_one_point_alone_is_none():
    def loss(w):
        return w**2 + 0.4 * w

    def without_penalty(w):
        return 2.0 * w

    assert check_gradient(loss, 0.5, 1.0).hints  # of the number alone: it is 5/7
    assert check_gradient(loss, 0.5, without_penalty).hints == ()
    assert check_gradient(loss, 0.5, lambda w: w + 0.2).hints[0].brief == "factor 1/2"
    assert check_gradient(bp.log, 0.5, lambda w: -1 / w).hints[0].brief == "sign flipped"


def test_hints_are_texts_and_survive_a_copy():
    import copy
    import pickle

    hint = Hint("a constant factor of 2 in all of it", "factor 2")
    for other in (copy.copy(hint), pickle.loads(pickle.dumps(hint)), copy.deepcopy(hint)):
        assert (other, other.brief) == (hint, "factor 2")


def test_a_numpy_user_does_not_read_about_conversions():
    np = pytest.importorskip("numpy")

    def f(x):
        return float(np.linalg.norm(np.sort(x)))

    text = str(check_gradient(f, np.array([1.0, 2.0]), np.array([1.0, 2.0])))
    assert "float(" not in text
    assert "f does not run on Values: differences stand alone" in text
    alone = str(check_gradient(f, np.array([1.0, 2.0])))
    assert "float(" not in alone
    assert "f does not run on Values (" in alone
    assert "pass gradient=" in alone


def test_a_float_beside_a_tensor_is_named():
    torch = pytest.importorskip("torch")
    report = check_gradient(
        lambda p: (p["w"] ** 2).sum() * p["x"],
        {"w": torch.tensor([1.0, 2.0], dtype=torch.float64), "x": 3.0},
    )
    assert report.verdict.name == "VACUOUS"
    assert "holds float 3.0 beside tensors" in str(report)


def test_no_error_names_an_option_that_the_function_does_not_have():
    for wrong in ("a", True, None, [1.0, "b"]):
        with pytest.raises(OperandError) as caught:
            check_gradient(lambda x: x, wrong)
        assert "wrt" not in str(caught.value)
    with pytest.raises(OperandError, match="leave it out of wrt="):
        bp.grad(lambda x: x)("a")

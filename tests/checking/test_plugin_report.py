"""--gradient-report and --gradient-coverage: files, the summary, workers, pytest-html."""

import json
import re

import pytest
from pluginsuite import HEADER, suite  # noqa: F401

BODY = """
@pytest.mark.parametrize("x", [{"w": 0.5, "x": 2.0}, {"w": -1.0, "x": 0.3}])
def test_right(x): assert_gradient(energy, x, right)

def test_wrong(): assert_gradient(energy, POINT, without_penalty)

@pytest.mark.parametrize("x", [1.0, -1.0])
def test_relu(x): assert_gradient(lambda x: bp.relu(x) + x, x)
"""

HOSTILE = """
NAME = '<script>alert(1)</script>"\\'&\\u202e🦄'

rule = bp.Primitive("hostile_rule", 1, lambda x: x * x, lambda x, y: (3 * x,))

@pytest.mark.parametrize("name", [NAME])
def test_hostile(name):
    def f(x):
        return rule(x[name])
    f.__name__ = f.__qualname__ = name
    assert_gradient(f, {name: 3.0})
"""


def report(suite, *options, body=BODY, to="report.json"):  # noqa: F811
    suite.run(f"--gradient-report={to}", *options, body=body)
    return (suite.path / to).read_text(encoding="utf-8")


def test_the_json_report_has_every_assertion_with_its_components(suite):  # noqa: F811
    data = json.loads(report(suite))
    assert data["format"] == 1
    assert [check["verdict"] for check in data["checks"]].count("WRONG") == 1
    assert len(data["checks"]) == 5
    wrong = next(check for check in data["checks"] if not check["ok"])
    assert wrong["test"] == "test_inner.py::test_wrong"
    assert wrong["outcome"] == "failed"
    assert [(each["given"], each["verdict"]) for each in wrong["components"]] == [
        (0.5, "WRONG"),
        (0.125, "OK"),
    ]
    assert "left out" in wrong["subgraph"]


def test_the_json_report_is_strict_json_also_with_infinite_numbers(suite):  # noqa: F811
    def refuse(text):
        raise AssertionError(text)

    body = "def test_it(): assert_gradient(lambda x: bp.sqrt(x), 0.0, lambda x: math.inf)"
    json.loads(report(suite, body=body), parse_constant=refuse)


def test_an_error_with_another_report_of_the_library_is_kept_as_its_text(suite):  # noqa: F811
    body = """
from autograd_bp.errors import GradientMismatchError
from autograd_bp.nn import Network, prove
def test_it():
    proof = prove(Network([2, 2, 1], seed=0), [0.1, 0.2], [1.0])
    raise GradientMismatchError("not proved", proof)
"""
    (check,) = json.loads(report(suite, body=body))["checks"]
    assert check["text"].startswith("Derived by hand and by autodiff: 2-2-1 network")
    assert '<pre class="words">Derived by hand' in report(suite, body=body, to="report.html")


def test_the_coverage_in_the_report_has_both_sides_that_were_seen(suite):  # noqa: F811
    coverage = json.loads(report(suite))["coverage"]
    assert coverage["rows"]["relu"]["hits"] == {"x > 0": 1, "x < 0": 1}
    assert coverage["missing"]["relu"] == ["x = 0"]
    assert "exp" in coverage["unused"]


def test_the_html_report_loads_nothing_and_runs_nothing(suite):  # noqa: F811
    text = report(suite, to="report.html")
    assert text.startswith("<!DOCTYPE html>")
    assert "default-src 'none'" in text
    assert not re.search(r"<script|<link|@import|\ssrc=\"(?!data:)|url\(|\son\w+=", text)
    assert "test_inner.py::test_wrong" in text
    assert "left out" in text


def test_the_html_report_has_the_picture_of_a_failure(suite):  # noqa: F811
    from autograd_bp import drawing

    if not drawing.renderer():
        pytest.skip("there is no program to lay out pictures")
    assert report(suite, to="report.html").count("data:image/svg+xml;base64,") == 1


def test_hostile_names_never_become_markup(suite):  # noqa: F811
    text = report(suite, body=HOSTILE, to="report.html")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "\u202e" not in text
    assert "🦄" in text


def test_an_assertion_that_was_expected_to_fail_stands_with_what_passed(suite):  # noqa: F811
    body = """
from autograd_bp.errors import GradientMismatchError
def test_it():
    with pytest.raises(GradientMismatchError):
        assert_gradient(energy, POINT, without_penalty)
"""
    text = report(suite, body=body, to="report.html")
    assert "What failed" not in text
    assert "expected: the test passed" in text


def test_an_old_report_is_replaced_and_no_other_file_is_left(suite):  # noqa: F811
    (suite.path / "report.json").write_text("old")
    json.loads(report(suite))
    assert not [path for path in suite.path.iterdir() if path.suffix == ".part"]


def test_a_run_without_gradient_assertions_says_so(suite):  # noqa: F811
    text = report(suite, "--gradient-coverage", body="def test_it(): pass", to="report.html")
    assert "No gradient assertion ran" in text


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("missing/report.html", "there is no folder "),
        ("report.txt", "a report is .html, .htm, .json, not 'report.txt'"),
        ("report", "a report is .html, .htm, .json, not 'report'"),
        ("folder.html", "'folder.html' is a folder: name a file in it"),
    ],
)
def test_a_path_that_cannot_be_written_stops_the_run_before_it_starts(
    suite,  # noqa: F811
    path,
    complaint,
):
    (suite.path / "folder.html").mkdir()
    result = suite.run(f"--gradient-report={path}", body=BODY)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = [line for line in result.stderr.lines if line.strip()]
    assert len(said) == 1
    assert said[0].startswith(f"ERROR: --gradient-report: {complaint}")


def test_a_folder_that_vanishes_during_the_run_is_said_at_its_end(suite):  # noqa: F811
    (suite.path / "out").mkdir()
    result = suite.run(
        "--gradient-report=out/r.json", body="import os\ndef test_it(): os.rmdir('out')"
    )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["--gradient-report: cannot write *"])
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_the_summary_prints_what_was_not_exercised(suite):  # noqa: F811
    result = suite.run("--gradient-coverage", body=BODY)
    result.stdout.re_match_lines(
        [
            r"=+ gradient coverage =+",
            r"primitive +nodes +inputs +exercised +not exercised",
            r"relu +2 +-1 … 1 +x < 0, x > 0 +x = 0",
            r"never exercised: .*exp",
            r"5 gradients: \d+ of \d+ primitives, \d+ of \d+ partials and sides, 0 of \d+ kinks",
        ]
    )


def test_without_the_option_no_coverage_is_printed(suite):  # noqa: F811
    assert "gradient coverage" not in suite.run(body=BODY).stdout.str()


def test_workers_of_xdist_find_together_what_one_process_finds(suite):  # noqa: F811
    pytest.importorskip("xdist")
    own = """
rule = bp.Primitive("rule_of_workers", 1, lambda x: x * x, lambda x, y: (2 * x,))
unused = bp.Primitive("unused_of_workers", 1, lambda x: x * x, lambda x, y: (2 * x,))
def test_rule(): assert_gradient(lambda x: rule(x), 2.0)
def test_hint(): assert_gradient(math.sin, 1.0, lambda x: 2 * math.cos(x))
"""
    body = HEADER + BODY + own
    suite.run_apart("--gradient-report=one.json", body=body)
    result = suite.run_apart("--gradient-report=two.json", "--gradient-coverage", "-n2")
    result.assert_outcomes(passed=5, failed=2)
    one, two = (json.loads((suite.path / name).read_text()) for name in ("one.json", "two.json"))
    assert two["coverage"]["totals"] == one["coverage"]["totals"]
    assert two["coverage"]["rows"] == one["coverage"]["rows"]
    assert "unused_of_workers" in two["coverage"]["unused"]
    assert [check["test"] for check in two["checks"]] == [check["test"] for check in one["checks"]]
    hints = [[check["hints"] for check in report["checks"]] for report in (one, two)]
    assert hints[0] == hints[1]
    assert ["a constant factor of 2 in all of it"] in hints[1]
    result.stdout.fnmatch_lines(["*where the gradient comes from*", "rule_of_workers *∂x*"])


def test_pytest_html_shows_the_failure_with_its_tree(suite):  # noqa: F811
    pytest.importorskip("pytest_html")
    suite.run("--html=out.html", "--self-contained-html", body=BODY)
    text = (suite.path / "out.html").read_text(encoding="utf-8")
    assert "autograd-bp" in text
    assert "left out" in text

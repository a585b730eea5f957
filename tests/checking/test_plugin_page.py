"""docs/pytest-plugin.md shows what pytest really prints."""

import re

import pytest
from pluginsuite import ROOT, suite  # noqa: F401

PAGE = ROOT / "docs" / "pytest-plugin.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind):
    found = [
        match[2] for match in BLOCK.finditer(PAGE.read_text(encoding="utf-8")) if match[1] == kind
    ]
    return [block for block in found if ">>>" not in block]


def pattern(line):
    """A line of the page: numbers of rows, which grow with the table, and ... stand for any."""
    return re.sub(r" of \d+", " of *", line.replace("[", "?").replace("...", "*"))


def test_the_output_on_the_page_is_that_of_the_suite_on_the_page(suite):  # noqa: F811
    if not PAGE.exists():
        pytest.skip("the docs are not part of this installation")
    (test,) = blocks("python")
    result = suite.run_apart("-p", "no:randomly", "--gradient-coverage", body=test)
    result.assert_outcomes(passed=5, failed=2)
    title, first, second, summary, complaint, coverage = blocks("text")
    for output in (title, first, second, coverage, summary):
        result.stdout.fnmatch_lines([pattern(line) for line in output.splitlines()])
    wrong = "import pytest\n@pytest.mark.gradient()\ndef test_it(gradient): pass"
    suite.pytester.makepyfile(test_wrong=wrong)
    assert complaint.strip() in suite.run("test_wrong.py").stdout.str()

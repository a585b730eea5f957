"""Every snippet in the README, in docs/ and in the docstrings runs and prints what it says."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import autograd_bp

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(?:python|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

# Modules that do something when they are imported.
PROGRAMS = {"autograd_bp.__main__"}
MODULES = [
    found.name
    for found in pkgutil.walk_packages(autograd_bp.__path__, "autograd_bp.")
    if found.name not in PROGRAMS
]


def snippets(page: Path) -> str:
    """The python snippets of a page that show a session, as one session, line numbers kept."""
    text = page.read_text(encoding="utf-8")
    lines = [""] * (text.count("\n") + 1)
    for match in FENCE.finditer(text):
        if ">>>" in match[1]:
            first = text.count("\n", 0, match.start(1))
            block = match[1].splitlines()
            lines[first : first + len(block)] = block
    return "\n".join(lines) + "\n"


def run(test: doctest.DocTest) -> None:
    output: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(test, out=output.append)
    assert not runner.failures, "".join(output)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_snippets_of_a_page_print_what_they_show(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # snippets may write files
    run(doctest.DocTestParser().get_doctest(snippets(page), {}, page.name, str(page), 0))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_print_what_they_show(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    for test in doctest.DocTestFinder().find(module, name):
        if test.examples:
            run(test)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_other_python_snippets_of_a_page_compile(page):
    for match in FENCE.finditer(page.read_text(encoding="utf-8")):
        if ">>>" not in match[1]:
            compile(match[1], str(page), "exec")


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_links_of_a_page_to_files_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", text):
        path = target[0] or target[1]
        if "://" not in path and not path.startswith("mailto:"):
            assert (page.parent / path).exists(), path


def test_a_wrong_snippet_is_found_out(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("text\n```python\n>>> 1 + 1\n3\n```\n", encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(snippets(page), {}, "page", str(page), 0)
    with pytest.raises(AssertionError, match="Expected"):
        run(test)

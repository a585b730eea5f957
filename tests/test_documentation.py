"""Every snippet in the README, in docs/ and in the docstrings runs and prints what it says; every
link, path and command that a page names is there."""

import doctest
import importlib
import importlib.util
import pkgutil
import re
from pathlib import Path

import pytest

import autograd_bp
from autograd_bp import drawing
from autograd_bp.command.line import HELP
from autograd_bp.compiling.backends import registry
from autograd_bp.core import is_native
from autograd_bp.drawing import drawing as drawing_module

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(?:python|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

# Modules that do something when they are imported.
PROGRAMS = {"autograd_bp.__main__", "autograd_bp.checking.grading.child.__main__"}
# Grading needs the resource limits of POSIX.
NEED_POSIX = {"grading.md", "autograd_bp.checking.grading.grade"}
HAS_LIMITS = importlib.util.find_spec("resource") is not None
# The walks in C read nodes of the compiled core, and load nowhere else.
NATIVE_ONLY = set() if is_native() else {"autograd_bp.compiling.program._walks"}
MODULES = [
    found.name
    for found in pkgutil.walk_packages(autograd_bp.__path__, "autograd_bp.")
    if found.name not in PROGRAMS | NATIVE_ONLY
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
    if page.name in NEED_POSIX and not HAS_LIMITS:
        pytest.skip("this system has no resource limits")
    monkeypatch.chdir(tmp_path)  # snippets may write files
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))  # and add backends
    monkeypatch.setattr(drawing_module, "FORMATS", dict(drawing_module.FORMATS))
    run(doctest.DocTestParser().get_doctest(snippets(page), {}, page.name, str(page), 0))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_print_what_they_show(name, tmp_path, monkeypatch):
    if name in NEED_POSIX and not HAS_LIMITS:
        pytest.skip("this system has no resource limits")
    if name.startswith("autograd_bp.sklearn"):
        pytest.importorskip("sklearn")
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    # Compiled modules list their docstrings in __test__ as well: each runs once.
    tests = {test.docstring: test for test in doctest.DocTestFinder().find(module, name)}
    for test in tests.values():
        if test.examples:
            run(test)


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_the_other_python_snippets_of_a_page_compile(page):
    for match in FENCE.finditer(page.read_text(encoding="utf-8")):
        if ">>>" not in match[1]:
            compile(match[1], str(page), "exec")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(text: str) -> set[str]:
    """What `#...` may name on a page: its headings as GitHub writes them in links."""
    headings = re.findall(r"^#+ +(.+?) *$", without_code(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    broken = []
    text = page.read_text(encoding="utf-8")
    for markdown, html in re.findall(
        r"\]\(([^)\s]+)[^)]*\)|(?:src|href)=\"([^\"]+)\"", without_code(text)
    ):
        target = markdown or html
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        if not file.exists() or (
            anchor and anchor not in anchors(file.read_text(encoding="utf-8"))
        ):
            broken.append(target)
    return broken


# From the root; what follows a slash or a dot is part of another path, such as a link.
NAMED = re.compile(r"(?<![\w/.])(?:autograd_bp|tests|docs|examples|benchmarks)/[\w./-]*\w")


# The compiled core's files also go by their bare names; <stdio.h> is a file of C.
NATIVE = re.compile(r"(?<![\w/.<])\w+\.(?:h|pxd)\b")


def missing_files(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    native = {path.name for path in (ROOT / "autograd_bp").rglob("*.[hp]*")}
    return [name for name in NAMED.findall(text) if not (ROOT / name).exists()] + [
        name for name in NATIVE.findall(text) if name not in native
    ]


MACHINE = re.compile(
    r"(?<![\w./~-])/(?:home|root|Users|tmp|work|usr|opt|mnt|var|etc|srv|private)\b[^\s`)]*"
    r"|\b[A-Za-z]:\\\w[^\s`)]*|\bfile://\S+"
)


def machine_paths(page: Path) -> list[str]:
    return MACHINE.findall(page.read_text(encoding="utf-8"))


def unknown_commands(page: Path) -> list[str]:
    """`autograd-bp NAME` and `python -m NAME` that are not there."""
    text = page.read_text(encoding="utf-8")
    names = re.findall(r"\bautograd-bp ([a-z]+)\b", text)
    modules = re.findall(r"python3? -m ((?:autograd_bp|benchmarks)[\w.]*)", text)
    return [name for name in names if name not in HELP] + [
        name
        for name in modules
        if not (ROOT / name.replace(".", "/")).with_suffix(".py").exists()
        and not (ROOT / name.replace(".", "/") / "__main__.py").exists()
    ]


each_page = pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])


@each_page
def test_the_links_of_a_page_lead_somewhere(page):
    assert broken_links(page) == []


@each_page
def test_the_files_that_a_page_names_exist(page):
    assert missing_files(page) == []


@each_page
def test_no_page_names_a_path_of_some_machine(page):
    assert machine_paths(page) == []


@each_page
def test_the_commands_that_a_page_names_exist(page):
    assert unknown_commands(page) == []


def test_the_figures_of_the_pages_can_be_drawn_again(tmp_path):
    pytest.importorskip("matplotlib")
    if not drawing.renderer():
        pytest.skip("there is no program to lay out pictures")
    spec = importlib.util.spec_from_file_location("figures", ROOT / "docs" / "figures.py")
    figures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(figures)
    figures.main(tmp_path)
    for made in tmp_path.iterdir():
        assert made.read_bytes().startswith(b"\x89PNG")
        assert (ROOT / "docs" / "pictures" / made.name).exists()


@pytest.mark.parametrize(
    ("check", "text", "found"),
    [
        (broken_links, "[a](nothing.md)", ["nothing.md"]),
        (broken_links, "# Here\n[a](#here) [b](#there)", ["#there"]),
        (broken_links, '![a](nothing.png) <img src="none.svg">', ["nothing.png", "none.svg"]),
        (
            missing_files,
            "see `autograd_bp/nothing.py` and tests/engine/test_primitives.py",
            ["autograd_bp/nothing.py"],
        ),
        (missing_files, "[x](../autograd_bp/value.py) /other/tests/none.py", []),
        (missing_files, "`value.pxd`, nodes.h, <stdio.h> and gone.h", ["gone.h"]),
        (
            machine_paths,
            "in /home/someone/x, not /dev or https://a.org/home/b",
            ["/home/someone/x,"],
        ),
        (machine_paths, "C:\\Users\\me", ["C:\\Users\\me"]),
        (unknown_commands, "`autograd-bp fly` and `autograd-bp train xor`", ["fly"]),
        (
            unknown_commands,
            "python -m autograd_bp.nothing; python -m autograd_bp",
            ["autograd_bp.nothing"],
        ),
    ],
)
def test_what_a_page_names_wrongly_is_found_out(check, text, found, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert check(page) == found


def test_a_wrong_snippet_is_found_out(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("text\n```python\n>>> 1 + 1\n3\n```\n", encoding="utf-8")
    test = doctest.DocTestParser().get_doctest(snippets(page), {}, "page", str(page), 0)
    with pytest.raises(AssertionError, match="Expected"):
        run(test)

"""What type checkers find in a program of a user's: the comments of fixtures/typed_program.py."""

import importlib.util
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_bp as bp
from autograd_bp import functions

PACKAGE = Path(bp.__file__).parent
PROGRAM = Path(__file__).parents[1] / "fixtures" / "typed_program.py"
LINES = PROGRAM.read_text(encoding="utf-8").splitlines()
EXPECTED = {
    number: match[1].strip()
    for number, line in enumerate(LINES, 1)
    if (match := re.search(r"^reveal_type\(.*\)  # (.*)$", line))
}
WRONG = {number for number, line in enumerate(LINES, 1) if "  # error" in line}


def plain(text):
    """A type without the modules of its names."""
    return re.sub(r"\b\w+\.(?=\w)", "", text)


def run(command, **environment):
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        cwd=PROGRAM.parent,
    )
    assert done.stdout, done.stderr
    return done.stdout


def found_by_mypy(cache):
    """The types that mypy reveals, and the lines with errors."""
    text = run(
        [
            sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent",
            "--no-color-output", "--config-file", os.devnull,
            "--cache-dir", str(cache), str(PROGRAM),
        ],
        MYPYPATH=str(PACKAGE.parent),
    )  # fmt: skip
    types = re.findall(r'^[^:]+:(\d+): note: Revealed type is "(.*)"$', text, re.MULTILINE)
    errors = re.findall(r"^[^:]+:(\d+): error: (.*)$", text, re.MULTILINE)
    return {int(line): plain(found) for line, found in types}, {
        int(line): error for line, error in errors
    }


def found_by_pyright(module, settings):
    """The same for pyright, or for basedpyright, which brings along what it runs on."""
    settings.write_text(
        json.dumps({"extraPaths": [str(PACKAGE.parent)], "include": [str(PROGRAM)]}), "utf-8"
    )
    text = run([sys.executable, "-m", module, "--outputjson", "-p", str(settings)])
    diagnostics = json.loads(text)["generalDiagnostics"]
    types, errors = {}, {}
    for each in diagnostics:
        line = each["range"]["start"]["line"] + 1
        if match := re.match(r'Type of ".*" is "(.*)"$', each["message"], re.DOTALL):
            types[line] = plain(match[1])
        elif each["severity"] == "error":
            errors[line] = each["message"]
    return types, errors


def assert_as_expected(types, errors):
    assert len(EXPECTED) > 70
    assert {line: types.get(line) for line in EXPECTED} == EXPECTED
    assert {*errors} == WRONG, errors


def test_mypy_sees_the_types_that_the_program_says():
    pytest.importorskip("mypy")
    # The cache of the checkout, so that NumPy is not read again.
    cache = PACKAGE.parent / ".mypy_cache" / "of_typed_program"
    assert_as_expected(*found_by_mypy(cache))


def test_pyright_sees_the_types_that_the_program_says(tmp_path):
    # The package pyright fetches programs when it is first run, so it is not asked.
    if importlib.util.find_spec("basedpyright") is None:
        pytest.skip('basedpyright is not installed: pip install -e ".[types]"')
    assert_as_expected(*found_by_pyright("basedpyright", tmp_path / "pyrightconfig.json"))


# ------------------------------------------------------------------------ the files of types
STUBS = ("elementwise.pyi", "lists.pyi", "kinds.pyi", "derivatives/signatures.pyi")


def stated_functions(name):
    """The functions that a file of types states: the parameters of each form of each of them."""
    import ast

    tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
    stated = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            names = [a.arg for a in (*arguments.posonlyargs, *arguments.args)]
            if arguments.vararg:
                names.append(arguments.vararg.arg)
            stated.setdefault(node.name, []).append(
                (names, [a.arg for a in arguments.kwonlyargs], len(arguments.posonlyargs))
            )
    return stated


@pytest.mark.parametrize("stub", ["lists.pyi", "derivatives/signatures.pyi"])
def test_the_stated_parameters_are_those_of_the_functions(stub):
    for name, forms in stated_functions(stub).items():
        parameters = inspect.signature(getattr(bp, name)).parameters.values()
        positional = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
        keywords = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
        for names, stated_keywords, positional_only in forms:
            if not positional_only:
                assert names == positional, (name, names)
            assert stated_keywords == keywords, (name, stated_keywords)


def test_every_function_over_lists_has_stated_types():
    over_lists = {
        name for name in functions.__all__ if not isinstance(getattr(bp, name), bp.Primitive)
    }
    assert {*stated_functions("lists.pyi")} == over_lists


def test_the_files_of_types_are_installed():
    for stub in STUBS:
        assert (PACKAGE / stub).exists(), stub

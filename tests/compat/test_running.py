"""A script that imports micrograd runs as it is, by install() and from the command line."""

import importlib.util
import subprocess
import sys

import pytest

from autograd_bp.compat import micrograd as ours

SCRIPT = """
import sys
import micrograd
from micrograd import Value, nn
from micrograd.engine import Value as ValueOfEngine
from neighbour import NAME

x = Value(3.0)
(x * x).backward()
print(sys.argv[1:], x.grad, Value is ValueOfEngine, len(nn.MLP(2, [1]).parameters()), NAME)
print(type(x).__module__, __name__)
"""


@pytest.fixture
def script(tmp_path):
    """A script with a module beside it, and with a package micrograd of its own."""
    (tmp_path / "neighbour.py").write_text("NAME = 'beside'\n")
    (tmp_path / "micrograd").mkdir()
    (tmp_path / "micrograd" / "__init__.py").write_text("raise ImportError('not this one')\n")
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return path


def run(*words):
    command = [sys.executable, "-m", "autograd_bp.compat.micrograd", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_runs_a_script_as_it_is(script):
    done = run(script, "first", "-h")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "['first', '-h'] 6.0 True 3 beside",
        "autograd_bp.compat.engine __main__",
    ]


@pytest.mark.parametrize("words", [[], ["-h"], ["nowhere.py"]])
def test_a_script_that_is_missing_is_one_line_and_ends_with_2(words):
    done = run(*words)
    assert done.returncode == 2
    assert "usage: python -m autograd_bp.compat.micrograd script.py" in done.stderr
    assert "Traceback" not in done.stderr
    assert not words or words[0].startswith("-") or words[0] in done.stderr


def test_what_is_installed_has_a_spec_as_other_modules_have(monkeypatch):
    for name in ("micrograd", "micrograd.engine", "micrograd.nn"):  # of another test
        monkeypatch.delitem(sys.modules, name, raising=False)
    ours.install()
    try:
        assert importlib.util.find_spec("micrograd") is not None
        assert importlib.util.find_spec("micrograd.engine").name == "micrograd.engine"
    finally:
        ours.uninstall()
    assert "micrograd" not in sys.modules

"""The C compilers of this machine. Tests that compile run once with each of them."""

import shutil

import pytest

COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
COMPILERS = COMPILERS or [name for name in ("cc",) if shutil.which(name)]
_chosen = COMPILERS[:1]


def compiler():
    """The one that a test runs with."""
    return _chosen[0]


def choose(name):
    _chosen[:] = [name]


def needs_compiler(test):
    """A decorator: the test runs once with each compiler, and is skipped where there is none."""
    skipping = pytest.mark.skipif(not COMPILERS, reason="there is no C compiler")
    return pytest.mark.usefixtures("each_compiler")(skipping(test))

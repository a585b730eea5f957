"""Fixtures that tests of calls, of derivatives, and of C share."""

import pytest
from c_compilers import COMPILERS, choose

from autograd_bp.compiling.front import by_loops, derivation
from autograd_bp.compiling.front.arguments import Arguments
from autograd_bp.compiling.loops.rules import UnsupportedError


@pytest.fixture(params=COMPILERS, scope="module")
def each_compiler(request):
    """Compile with each C compiler that is here."""
    choose(request.param)
    yield request.param
    choose(COMPILERS[0])


@pytest.fixture
def packed(monkeypatch):
    """The names of the functions whose arguments were packed in Python, call by call."""
    names, pack = [], Arguments.pack

    def counted(self, *args):
        names.append(self.name)
        return pack(self, *args)

    monkeypatch.setattr(Arguments, "pack", counted)
    return names


@pytest.fixture(params=["loops", "instructions", "recorded"])
def way(request, monkeypatch):
    """How a derivative of a compiled function is made, forced upon small functions too."""
    monkeypatch.setattr(derivation, "MAX_ASKED", 0)
    monkeypatch.setattr(by_loops, "MIN_READ", 0 if request.param == "loops" else 10**9)
    monkeypatch.setattr(by_loops, "FEW_LOOPS", 10**9)
    if request.param == "recorded":

        def refuse(*_args, **_options):
            raise UnsupportedError

        monkeypatch.setattr(derivation, "differentiated", refuse)
    return request.param

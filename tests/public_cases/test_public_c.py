"""Some public cases as generated C: value, gradient and Hessian, called from Python."""

import ctypes
import shutil
import subprocess

import numpy as np
import pytest
from test_public_numbers import SECOND

from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised, to_c
from autograd_bp.derivatives.recorded import record_gradients

COMPILERS = [name for name in ("gcc", "clang") if shutil.which(name)]
pytestmark = pytest.mark.skipif(not COMPILERS, reason="there is no C compiler")
FLAGS = ["-std=c99", "-O1", "-ffp-contract=off", "-shared", "-fPIC"]
SOME = SECOND[::7]


def program_of(case):
    """A program of the value, the gradient and the rows of the Hessian."""
    leaves = [Value(x, f"x{i}") for i, x in enumerate(case.at)]
    output = case.function(*leaves)
    slopes = record_gradients([output], leaves, again=True)
    rows = [
        record_gradients([slope], leaves) if isinstance(slope, Value) else [0.0] * len(leaves)
        for slope in slopes
    ]
    numbers = [output, *slopes, *(bend for row in rows for bend in row)]
    nodes = [n if isinstance(n, Value) else Value(n) + 0.0 for n in numbers]
    return optimised(flatten(nodes, parameters=leaves, summed=[True] * len(nodes)))


@pytest.fixture(scope="module", params=COMPILERS)
def library(request, tmp_path_factory):
    """All of them in one file."""
    path = tmp_path_factory.mktemp("c") / "cases.so"
    texts = [to_c(program_of(case), name=f"case{k}") for k, case in enumerate(SOME)]
    done = subprocess.run(
        [request.param, *FLAGS, "-xc", "-", "-o", str(path), "-lm"],
        input="\n".join(texts),
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return ctypes.CDLL(str(path))


@pytest.mark.parametrize("k", range(len(SOME)), ids=[str(case) for case in SOME])
def test_in_c(library, k):
    case, width = SOME[k], len(SOME[k].at)
    numbers = np.full(1 + width + width * width, np.nan)
    parameters, nothing = np.array(case.at), np.empty(0)
    pointer = ctypes.POINTER(ctypes.c_double)
    w, x, sums, each = (
        array.ctypes.data_as(pointer) for array in (parameters, nothing, numbers, nothing)
    )
    function = getattr(library, f"case{k}")
    function.restype = None
    scratch = ctypes.create_string_buffer(1 << 20)
    function(w, x, ctypes.c_size_t(1), sums, each, scratch)
    value, *others = numbers.tolist()
    case.check("C, the value", (), value)
    for i in range(width):
        case.check("C, the gradient", (i,), others[i])
        for j in range(width):
            case.check("C, the Hessian", (i, j), others[width + i * width + j])

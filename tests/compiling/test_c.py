"""C: one file of C99 for a program, the same numbers as the reference, and it checks itself."""

import ctypes
import itertools
import re
import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from points import grid, own_row
from random_programs import NUMBERS, ROWS, functions
from test_rolling import bits, network, traced

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.compiling import flatten, optimised, to_c

GCC = shutil.which("gcc")
needs_gcc = pytest.mark.skipif(GCC is None, reason="there is no gcc")
STRICT = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O2", "-ffp-contract=off"]
# gcc rounds functions of constants correctly; the C library, which the reference calls, nearly.
SAME_LIBRARY = ["-fno-builtin"]
# These are rounded once in Python, and by the C library as it likes.
ROUNDED_OTHERWISE = {"hypot", "norm"}
EXACT_ROWS = tuple(row for row in ROWS if row.name not in ROUNDED_OTHERWISE)


def gcc(source, result, *flags):
    done = subprocess.run(
        [GCC, *STRICT, *flags, str(source), "-o", str(result), "-lm"],
        capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return result


def run(command, **options):
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=100, **options
    )


def library(folder, texts, *flags):
    """The functions of several files, by one call of the compiler."""
    source = folder / "all.c"
    source.write_text("\n".join(texts))
    return ctypes.CDLL(str(gcc(source, folder / "all.so", "-shared", "-fPIC", *flags)))


def called(function, program, parameters, rows):
    """What the function in C makes of the rows, as `Program.run` hands it out."""
    double = ctypes.POINTER(ctypes.c_double)
    count = sum(program.summed)
    sums, each = np.full(count, np.nan), np.full((len(rows), len(program.outputs) - count), np.nan)
    given = [np.array(parameters, dtype=float), np.array(rows, dtype=float), sums, each]
    w, x, s, e = (array.ctypes.data_as(double) for array in given)
    work = ctypes.create_string_buffer(1 << 20)
    function.restype = None
    function(w, x, ctypes.c_size_t(len(rows)), s, e, work)
    totals, columns = iter(sums.tolist()), iter(each.T.tolist())
    return [next(totals if summed else columns) for summed in program.summed]


def rows_of(numbers, inputs):
    return [[x + 0.25 * k for x in numbers[:inputs]] for k in range(3)]


examples = st.tuples(functions(longest=12, rows=EXACT_ROWS),
                     st.lists(NUMBERS, min_size=3, max_size=3), st.integers(0, 3))  # fmt: skip


@needs_gcc
@settings(max_examples=8)
@given(st.lists(examples, min_size=5, max_size=5), st.booleans())
def test_programs_with_derivatives_give_the_bits_of_the_reference(tmp_path_factory, many, short):
    programs = [traced(*each) for each in many]
    if short:
        programs = [optimised(program) for program in programs]
    texts = [to_c(program, name=f"p{k}") for k, program in enumerate(programs)]
    one_by_one = [f"-DP{k}_LANES=1" for k in range(len(texts))]
    made = library(tmp_path_factory.mktemp("c"), texts, *SAME_LIBRARY, *one_by_one)
    for k, (program, (_, numbers, inputs)) in enumerate(zip(programs, many, strict=True)):
        rows = rows_of(numbers, inputs)
        found = called(getattr(made, f"p{k}"), program, numbers[inputs:], rows)
        assert bits(found) == bits(program.run(numbers[inputs:], rows)), str(program)

"""Functions of generated C, called from Python: the bits that a caller gets, for kinds of programs
and names that the file's own check does not meet."""

import ctypes
import subprocess

import numpy as np
import pytest
from c_compilers import COMPILERS, compiler
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import NUMBERS, ROWS, functions
from test_rolling import bits, traced

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.compiling import flatten, optimised, to_c

pytestmark = [
    pytest.mark.usefixtures("each_compiler"),
    pytest.mark.skipif(not COMPILERS, reason="there is no C compiler"),
]
# gcc rounds functions of constants correctly; the C library, which the reference calls, nearly.
FLAGS = [
    "-std=c99",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-pedantic",
    "-O2",
    "-ffp-contract=off",
    "-fno-builtin",
    "-shared",
    "-fPIC",
]
# The C library rounds these as it likes.
EXACT = tuple(row for row in ROWS if row.name not in ("hypot", "norm"))


def library(folder, texts, *flags):
    """The functions of several files, by one call of the compiler."""
    command = [compiler(), *FLAGS, *flags, "-xc", "-", "-o", str(folder / "all.so"), "-lm"]
    done = subprocess.run(
        command, input="\n".join(texts), capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr
    return ctypes.CDLL(str(folder / "all.so"))


def called(function, program, parameters, rows):
    """What the function in C makes of the rows, as `Program.run` hands it out."""
    double, count = ctypes.POINTER(ctypes.c_double), sum(program.summed)
    sums, each = np.full(count, np.nan), np.full((len(rows), len(program.outputs) - count), np.nan)
    arrays = [np.array(parameters, dtype=float), np.array(rows, dtype=float), sums, each]
    w, x, s, e = (array.ctypes.data_as(double) for array in arrays)
    function.restype = None
    function(w, x, ctypes.c_size_t(len(rows)), s, e, ctypes.create_string_buffer(1 << 20))
    totals, columns = iter(sums.tolist()), iter(each.T.tolist())
    return [next(totals if summed else columns) for summed in program.summed]


def held(folder, program, parameters, rows):
    found = called(library(folder, [to_c(program, name="p")]).p, program, parameters, rows)
    assert bits(found) == bits(program.run(parameters, rows))


examples = st.tuples(
    functions(longest=12, rows=EXACT), st.lists(NUMBERS, min_size=3, max_size=3), st.integers(0, 3)
)


@settings(max_examples=6)
@given(st.lists(examples, min_size=5, max_size=5), st.sampled_from([1, 2, 16]))
def test_callers_get_the_bits_of_the_reference(tmp_path_factory, many, lanes):
    """With derivatives of both orders, of extreme numbers, not a number and signs of zero too."""
    programs = [traced(*each) for each in many]
    programs = [optimised(p) if k % 2 else p for k, p in enumerate(programs)]
    texts = [to_c(program, name=f"p{k}") for k, program in enumerate(programs)]
    made = library(
        tmp_path_factory.mktemp("c"), texts, *(f"-DP{k}_LANES={lanes}" for k in range(len(texts)))
    )
    for k, (program, (_, numbers, inputs)) in enumerate(zip(programs, many, strict=True)):
        rows = [[x + 0.25 * r for x in numbers[:inputs]] for r in range(3)]
        found = called(getattr(made, f"p{k}"), program, numbers[inputs:], rows)
        assert bits(found) == bits(program.run(numbers[inputs:], rows)), str(program)


@pytest.mark.parametrize("place", ["parameters", "inputs"])
@pytest.mark.parametrize("count", [0, 1, 24, 25, 60])
def test_any_number_of_names_will_do(tmp_path, place, count):
    leaves = [Value(0.1 * k, f"{chr(97 + k % 26)}_{chr(97 + k // 26)}") for k in range(count)]
    program = flatten([bp.exp(bp.sum([*leaves, 1.0])), *leaves], **{place: leaves})
    numbers = [leaf.data for leaf in leaves]
    as_parameters = place == "parameters"
    held(tmp_path, program, numbers if as_parameters else [], [[] if as_parameters else numbers])


def test_a_mean_whose_sum_overflows_is_finite(tmp_path):
    leaves = [Value(1.0, f"x{k}") for k in range(4)]
    program = flatten([bp.mean(leaves)], inputs=leaves, summed=[False])
    rows = [[1e308] * 4, [1e308, 1e308, -1e308, 1.0], [np.inf, -np.inf, 0.0, 0.0]]
    assert np.isfinite(program.run([], rows)[0][0])
    held(tmp_path, program, [], rows)


def test_no_rows_at_all_sum_up_to_zero(tmp_path):
    w, x = Value(0.5, "w"), Value(2.0, "x")
    program = flatten([bp.exp(w), w * x], parameters=[w], inputs=[x], summed=[True, True])
    made = library(tmp_path, [to_c(program, name="p")])
    assert called(made.p, program, [0.5], np.empty((0, 1))) == [0.0, 0.0]


@pytest.mark.parametrize(
    "name",
    [
        "main",
        "sums",
        "work",
        "wrong",
        "each",
        "malloc",
        "remove",
        "sinf",
        "NAN",
        "NULL",
        "EOF",
        "FILE",
    ],
)
def test_what_c_calls_otherwise_is_refused_as_a_name_and_changed_for_a_function(tmp_path, name):
    def square(x):
        return x * x

    square.__name__ = name
    function = bp.compiled(square)
    function(2.0)
    text = function.to_c()
    library(tmp_path, [text], f"-D{name.upper()}_SELF_TEST", f"-D{name.upper()}__SELF_TEST")
    with pytest.raises(errors.SettingError, match="name="):
        to_c(function.program, name=name)

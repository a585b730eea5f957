"""Files of C with floats, with sums by lanes, and of functions in which an index may be bad."""

import shutil
import subprocess

import numpy as np
import pytest
from c_compilers import needs_compiler
from test_c import WARNINGS, built, network, outcome

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.compiling import flatten, to_c
from autograd_bp.compiling.backends.c.floats import literal, rounded, with_floats
from autograd_bp.entry import TABLE
from autograd_bp.native.kernels import OWN

SANITIZERS = ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover"]


@needs_compiler
@pytest.mark.parametrize("real", ["double", "float"])
@pytest.mark.parametrize("sums", ["rows", "lanes"])
@pytest.mark.parametrize("flags", [SANITIZERS, ["-O3"], ["-O2", "-DNET_LANES=1"]], ids=str)
def test_a_network_checks_itself(tmp_path, real, sums, flags):
    text = network([3, 5, 1]).to_c(name="net", real=real, sums=sums)
    program = built(tmp_path, text, *flags, "-DNET_SELF_TEST")
    code, printed = outcome(program)
    assert (code, printed.split(":")[0]) == (0, "ok")


@needs_compiler
def test_every_primitive_computes_with_floats_alone(tmp_path):
    leaves = [Value(0.3 + 0.1 * k, f"x{k}") for k in range(4)]
    counts = [op.arity or (3 if op.operands.always else 4) for op in TABLE[:OWN]]
    outputs = [op(*leaves[:n]) for op, n in zip(TABLE[:OWN], counts, strict=True)]
    text = to_c(
        flatten(outputs, inputs=leaves, summed=[False] * len(outputs)), name="all", real="float"
    )
    strict = [*WARNINGS, "-Wdouble-promotion", "-Wfloat-conversion", "-c"]
    built(tmp_path, text, "-O1", lines=strict, name="object")
    assert outcome(built(tmp_path, text, "-O1", "-DALL_SELF_TEST"))[0] == 0


@needs_compiler
def test_a_wrong_float_is_named(tmp_path):
    text = network([3, 5, 1]).to_c(name="net", real="float")
    wrong = text.replace("= net_sigmoid(", "= 1.01f * net_sigmoid(", 1)
    assert wrong != text
    assert outcome(built(tmp_path, wrong, "-DNET_SELF_TEST"))[0] == 1


def test_numbers_of_floats():
    assert [literal(x) for x in ("0.1", "1e300", "3.0", "1e-320")] == [
        "0.100000001f",
        "INFINITY",
        "3.0f",
        "0.0f",
    ]
    assert rounded(1.0 + 2.0**-24) == 1.0
    code = 'double y = exp(0.5 * x[2]); /* exp(0.5) double */ puts("0.5 double"); p_exp(x);'
    assert with_floats(code) == (
        'float y = expf(0.5f * x[2]); /* exp(0.5) double */ puts("0.5 double"); p_exp(x);'
    )


def test_the_work_of_floats_takes_half():
    net = network([3, 5, 1])
    texts = [net.to_c(name="net", real=real) for real in ("double", "float")]
    sizes = [
        int(t.split("intermediate results, ")[1].split(" ")[0].replace(",", "")) for t in texts
    ]
    assert sizes[0] == 2 * sizes[1]
    assert "double" not in texts[1].replace("scalar code", "")


@needs_compiler
@pytest.mark.parametrize("kind", ["value", "grad"])
def test_a_bad_index_is_nan(tmp_path, kind):
    def function(table, i):
        return bp.take(table, i) * 2.0

    f = bp.compiled(function, rows="i", reduce=None)
    call = f if kind == "value" else f.grad
    call([1.0, 2.0], [0, 1])
    numbers = [1.0, 2.0], [[0.0], [5.0], [-1.0], [np.nan], [1.0]]
    text = f.to_c(name="g", vectors=numbers)
    assert outcome(built(tmp_path, text, "-DG_SELF_TEST"))[0] == 0
    expected = text.split("g_test_each[")[1].split("{")[1].split("}")[0]
    found = np.array([float(x) for x in expected.split(",")[:-1]]).reshape(5, -1)
    assert np.isnan(found[1:4]).all()
    assert not np.isnan(found[[0, 4]]).any()


def test_options_that_are_none_are_refused():
    with pytest.raises(errors.SettingError, match="real is one of double, float, got 'half'"):
        network([3, 5, 1]).to_c(real="half")
    with pytest.raises(errors.SettingError, match="sums is one of rows, lanes"):
        network([3, 5, 1]).to_c(sums="fast")


@pytest.mark.parametrize("plus", ["g++", "clang++"])
@pytest.mark.parametrize("standard", ["c++98", "c++14", "c++20"])
@pytest.mark.parametrize("real", ["double", "float"])
def test_a_file_is_also_cpp_of_every_standard(tmp_path, plus, standard, real):
    if shutil.which(plus) is None:
        pytest.skip(f"there is no {plus}")
    # Weights such as 0.1 are no short binary fractions: literals of them have to be decimals.
    text = network([2, 3, 1]).to_c(name="net", real=real)
    (tmp_path / "net.c").write_text(text)
    flags = [f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-x", "c++", "-DNET_SELF_TEST"]
    subprocess.run([plus, *flags, "net.c", "-o", "net"], cwd=tmp_path, check=True)
    assert outcome(tmp_path / "net")[0] == 0


@pytest.mark.parametrize(("plain", "plus"), [("gcc", "g++"), ("clang", "clang++")])
def test_a_file_is_a_header_of_cpp(tmp_path, plain, plus):
    if shutil.which(plain) is None or shutil.which(plus) is None:
        pytest.skip(f"there is no {plus}")
    (tmp_path / "net.c").write_text(network([2, 3, 1]).to_c(name="net"))
    main = """#define NET_DECLARATIONS_ONLY
#include "net.c"
static net_work work;
int main() { double p[NET_PARAMETERS] = {}; net(p, p, 0, p, p, &work); return 0; }
"""
    (tmp_path / "main.cc").write_text(main)
    command = f"{plain} -c net.c -o net.o && {plus} -Wall -Wextra main.cc net.o -o main && ./main"
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path).returncode == 0

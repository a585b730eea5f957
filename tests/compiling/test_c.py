"""Generated C compiles without a warning, gives the bits of the reference, and checks itself."""

import math
import os
import re
import shutil
import subprocess
from array import array
from itertools import pairwise

import numpy as np
import pytest
from c_compilers import compiler, needs_compiler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from points import grid, one
from random_programs import functions
from random_programs import run as evaluated

import autograd_bp as bp
from autograd_bp import Primitive, Value
from autograd_bp.compiling import Access, Loop, Loops, flatten, optimised, roll, to_c
from autograd_bp.compiling.backends.c.names import comment, identifier, literal
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.errors import (
    OperandError,
    OutputError,
    PrimitiveError,
    ProgramError,
    SettingError,
    ShapeError,
)
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import TABLE, div, dot, neg

WARNINGS = ["-std=c99", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-pedantic"]
# The C library's own functions, and no more than these, may round otherwise than the reference;
# and compilers compute functions of constants with more digits than the library, and make products
# of powers, which -fno-builtin forbids.
LIBRARY = ("hypot", "norm")

# Rows of the tests: one number, a list, and one that C cannot have.
softsign = Primitive(
    "softsign_in_c", 1, lambda x: x / (1.0 + abs(x)), lambda x, y: (1.0,), c="a / (1.0 + fabs(a))"
)
product = Primitive(
    "product_in_c",
    None,
    lambda *x: math.prod(x),
    lambda *x, y: (1.0,) * len(x),
    c="y = 1.0; for (i = 0; i < n; i++) y *= x[i];",
)
second = Primitive("sécond", 2, lambda a, b: b, lambda a, b, y: (0.0, 1.0), c="b")
# A look-up cannot be traced, so nothing says it in C.
without_c = Primitive("without_c", 1, lambda x: {1.0: 1.0}.get(x, x), lambda x, y: (1.0,))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("atan(x)", "names 'x': call the inputs a, b there"),
        ("a + c", "names 'c'"),
        ("a + foo(b)", "no function 'foo'"),
        ("atan2(a)", "atan2 takes 2 inputs, got 1"),
        ("atan(a", "lacks a '\\)'|ends too early"),
    ],
)
def test_text_in_c_that_means_nothing_is_refused_at_once(text, words):
    with pytest.raises(PrimitiveError, match=words):
        Primitive("meaningless_in_c", 2, lambda a, b: a, lambda a, b, y: (1.0, 0.0), c=text)


def built(folder, text, *flags, name="program", lines=WARNINGS):
    """A file of C, compiled; the path of the result."""
    source, target = folder / f"{name}.c", folder / name
    source.write_text(text, encoding="ascii")
    libraries = [] if "-c" in lines else ["-lm"]
    command = [compiler(), *lines, *flags, str(source), *libraries, "-o", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[:3000]
    return target


def outcome(program, *before):
    done = subprocess.run([*before, str(program)], capture_output=True, text=True, timeout=200)
    return done.returncode, done.stdout


def checked(folder, texts, *flags, ulps=0):
    """What a program says that runs the checks of many files, named p0, p1 ..."""
    names = [f"p{k}" for k in range(len(texts))]
    head = "".join(f"#define P{k}_CHECK\n#define P{k}_ULPS {ulps}\n" for k in range(len(texts)))
    calls = "".join(f"    wrong += {name}_check();\n" for name in names)
    main = f"int main(void)\n{{\n    int wrong = 0;\n{calls}    return wrong != 0;\n}}\n"
    return outcome(built(folder, head + "\n".join(texts) + main, *flags))


def program_of(steps, numbers, inputs, order):
    """The last numbers of a random function and their gradients, some summed, some not."""
    leaves = [Value(x, f"v{k}") for k, x in enumerate(numbers)]
    outputs = evaluated(steps, leaves)[-2:]
    if order > 0:
        outputs += record_gradients([x for x in outputs[-1:] if isinstance(x, Value)], leaves)
    if order > 1:
        ends = [x for x in outputs[2:] if isinstance(x, Value)]
        outputs += record_gradients(ends, leaves) if ends else []
    summed = [k % 2 == 0 for k in range(len(outputs))]
    return optimised(
        flatten(
            outputs, parameters=leaves[: 3 - inputs], inputs=leaves[3 - inputs :], summed=summed
        )
    )


def network(sizes, hidden=bp.sigmoid):
    """A compiled performance of a network, after a first call of value_and_grad."""

    def loss(w, x, d):
        numbers, start = list(x), 0
        for k, (width, count) in enumerate(pairwise(sizes)):
            rule = bp.sigmoid if k == len(sizes) - 2 else hidden
            lines = [w[start + i * (width + 1) :][: width + 1] for i in range(count)]
            numbers = [rule(bp.dot(line, [-1.0, *numbers])) for line in lines]
            start += count * (width + 1)
        return bp.performance(d, numbers[0])

    random = np.random.default_rng(0)
    count = sum((a + 1) * b for a, b in pairwise(sizes))
    made = bp.compiled(loss, rows=("x", "d"), backend="numpy")
    made.value_and_grad(
        random.normal(size=count), random.normal(size=(40, sizes[0])), random.normal(size=40)
    )
    return made


# ------------------------------------------------------------------------------------ numbers
@needs_compiler
def test_every_row_on_every_kind_of_number(tmp_path):
    texts = []
    for k, row in enumerate([*TABLE[:OWN], softsign, product, second]):
        X = grid(row.arity or 2)
        program = one(row, X[0])
        texts.append(to_c(program, name=f"p{k}", vectors=([], X)))
    assert checked(tmp_path, texts, "-O2", ulps=1) == (0, "")


@needs_compiler
def test_all_rows_but_those_of_the_c_library_give_the_bits_of_the_reference(tmp_path):
    texts = []
    for row in (row for row in TABLE[:OWN] if row.name not in LIBRARY):
        X = grid(row.arity or 2)
        texts.append(to_c(one(row, X[0]), name=f"p{len(texts)}", vectors=([], X)))
    assert checked(tmp_path, texts, "-O2") == (0, "")


@needs_compiler
def test_lists_of_many_terms_and_numbers_that_all_rows_share(tmp_path):
    texts = []
    for row in (row for row in TABLE[:OWN] if row.arity is None):
        shared = [Value(0.1 * k - 0.3, f"w{k}") for k in range(6)]
        own = [Value(0.2 * k, f"x{k}") for k in range(6)]
        for read in ([*shared], [*own], [*shared, *own]):
            program = flatten(
                [row(*read), row(*read) * own[0]],
                parameters=shared,
                inputs=own,
                summed=[False, True],
            )
            texts.append(to_c(program, name=f"p{len(texts)}"))
    assert checked(tmp_path, texts, "-O2", ulps=2) == (0, "")


@needs_compiler
@pytest.mark.parametrize("flags", [("-O0",), ("-O3", "-fno-builtin")], ids=lambda f: f[0])
@settings(max_examples=2, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(functions(longest=8), st.integers(0, 3), st.integers(0, 2)),
        min_size=25,
        max_size=25,
    )
)
def test_programs_over_all_rows_with_derivatives(tmp_path_factory, flags, drawn):
    texts = []
    for steps, inputs, order in drawn:
        names = {step.row.name for step in steps}
        if names & {*LIBRARY, "asinh", "atan2"} or any(row >= OWN for row in _codes(steps)):
            continue  # hypot may be an ulp off, and what reads it any number of them
        program = program_of(steps, [0.6, -0.4, 1.5], inputs, order)
        lanes = "" if len(texts) % 2 else f"#define P{len(texts)}_LANES {1 + len(texts) % 5}\n"
        texts.append(lanes + to_c(program, name=f"p{len(texts)}"))
    assert checked(tmp_path_factory.mktemp("c"), texts, *flags) == (0, "")


def _codes(steps):
    return [step.row.code for step in steps]


@needs_compiler
def test_constants_are_exact(tmp_path):
    x = Value(1.0, "x")
    numbers = [0.1, -0.0, 5e-324, -(2.0**-1030), 1e308, math.inf, -math.inf, math.nan, 1e16, 1 / 3]
    program = flatten([*(x * c for c in numbers), *(div(1.0, x * c) for c in numbers)],
                      inputs=[x])  # fmt: skip
    text = to_c(program, name="p0", vectors=([], [[1.0], [-1.0], [0.5]]))
    assert checked(tmp_path, [text]) == (0, "")


def test_numbers_are_written_so_that_they_come_back():
    for x in (0.1, -0.1, 0.5, 1e300, 5e-324, 2.0**-1074, 1e16, 123456789.123, -0.0):
        text = literal(x).strip("()")
        found = float.fromhex(text) if "x" in text else float(text)
        assert (found, math.copysign(1.0, found)) == (x, math.copysign(1.0, x))
    assert (literal(0.5), literal(-2.0)) == ("0.5", "(-2.0)")


@needs_compiler
def test_tables_where_there_are_no_strides(tmp_path):
    places, further = array("q", [3, 0, 3, 1, 0, 2]), array("q", [6, 1, 4, 2, 5, 3])
    loops = Loops(
        ("a", "b", "c", "d"),
        ("x", "y", "z", "w"),
        (0.5, 2.0, -1.0, 8.0),
        (
            Loop(
                dot,
                (3,),
                2,
                (Access("parameter", 0, (0,), 0, places), Access("constant", 0, (0,), 0, places)),
                "shared",
                0,
            ),
            Loop(None, (), 1, (Access("input", 3),), "slot", 0),
            Loop(neg, (3, 2), 1, (Access("input", 0, (0, 0), 0, places),), "slot", 1),
            Loop(neg, (6,), 1, (Access("slot", 0, (0,), 0, further),), "per_row", 0),
            Loop(None, (), 1, (Access("shared", 1),), "sum", 0),
        ),
        {"shared": 3, "slot": 7, "sum": 1, "per_row": 6},
        (
            ("per_row", 3),
            ("sum", 0),
            ("per_row", 0),
            ("per_row", 1),
            ("per_row", 5),
            ("per_row", 2),
            ("per_row", 3),
        ),
    )
    assert checked(tmp_path, [to_c(loops, name="p0")]) == (0, "")


# --------------------------------------------------------------------------- the check itself
@needs_compiler
def test_a_network_checks_itself_and_says_how_many_numbers_it_held(tmp_path):
    text = network([2, 4, 1]).to_c(tmp_path / "loss.c")
    assert (tmp_path / "loss.c").read_text(encoding="ascii") == text
    program = built(tmp_path, text, "-DLOSS_SELF_TEST", "-O2")
    assert outcome(program) == (0, "ok: 18 numbers\n")


@needs_compiler
def test_a_wrong_number_is_named(tmp_path):
    text = network([2, 4, 1]).to_c()
    wrong = re.sub(r"(test_sums\[18\] = \{\n    \S+ )\S+,", r"\g<1>0.25,", text)
    assert wrong != text
    code, said = outcome(built(tmp_path, wrong, "-DLOSS_SELF_TEST"))
    assert code == 1
    assert re.fullmatch(r"sums\[1\]: got \S+, expected 0.25, \S+ ulps off\n", said)


@needs_compiler
def test_a_wrong_number_of_a_row_and_a_nan_are_named(tmp_path):
    x = Value(1.0, "x")
    text = to_c(flatten([bp.log(x)], inputs=[x]), vectors=([], [[1.0], [-1.0]]))
    assert "0.0, NAN," in text
    code, said = outcome(
        built(tmp_path, text.replace("0.0, NAN,", "0.0, 1.0,"), "-DPROGRAM_SELF_TEST")
    )
    assert code == 1
    assert re.fullmatch(r"each\[1\]: got -?nan, expected 1, -?nan ulps off\n", said)


@needs_compiler
@pytest.mark.parametrize("lanes", [1, 3, 16])
def test_the_lanes_change_no_bit(tmp_path, lanes):
    text = network([2, 16, 3, 1], bp.relu).to_c()
    flags = ("-DLOSS_SELF_TEST", f"-DLOSS_LANES={lanes}", "-DLOSS_ULPS=0", "-O3")
    assert outcome(built(tmp_path, text, *flags))[0] == 0


@needs_compiler
def test_fused_products_stay_within_the_ulps(tmp_path):
    text = network([2, 16, 3, 1]).to_c()
    flags = ("-DLOSS_SELF_TEST", "-O3", "-march=native", "-ffp-contract=fast")
    assert outcome(built(tmp_path, text, *flags))[0] == 0


@needs_compiler
def test_sanitizers_find_nothing(tmp_path):
    probe = subprocess.run(
        [compiler(), "-fsanitize=address,undefined", "-x", "c", "-", "-o", str(tmp_path / "probe")],
        input="int main(void) { return 0; }",
        capture_output=True,
        text=True,
        timeout=60,
    )
    if probe.returncode:
        pytest.skip("the compiler has no sanitizers")
    flags = ("-DLOSS_SELF_TEST", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    assert outcome(built(tmp_path, network([2, 16, 3, 1]).to_c(), *flags))[0] == 0


@needs_compiler
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind is not installed")
def test_valgrind_finds_nothing(tmp_path):
    program = built(tmp_path, network([2, 4, 1]).to_c(), "-DLOSS_SELF_TEST", "-g")
    code, _ = outcome(program, "valgrind", "-q", "--error-exitcode=9", "--leak-check=full")
    assert code == 0


@needs_compiler
def test_the_file_is_a_header_of_its_own(tmp_path):
    text = network([2, 4, 1]).to_c(tmp_path / "loss.c", vectors=0)
    assert "CHECK" not in text
    user = tmp_path / "user.c"
    user.write_text(
        "#define LOSS_DECLARATIONS_ONLY\n"
        '#include "loss.c"\n#include "loss.c"\n#include <stdio.h>\n'
        "int main(void)\n{\n    static loss_work work;\n    double w[LOSS_PARAMETERS] = {0.0};\n"
        "    double row[LOSS_INPUTS] = {1.0, 2.0, 1.0}, sums[LOSS_SUMS];\n"
        '    loss(w, row, 1, sums, NULL, &work);\n    printf("%g\\n", sums[0]);\n'
        '    loss(w, NULL, 0, sums, NULL, &work);\n    printf("%g\\n", sums[0]);\n'
        "    return 0;\n}\n"
    )
    command = [
        compiler(),
        *WARNINGS,
        str(tmp_path / "loss.c"),
        str(user),
        "-lm",
        "-o",
        str(tmp_path / "user"),
    ]
    subprocess.run(command, check=True, timeout=100)
    assert outcome(tmp_path / "user") == (0, "-0.125\n0\n")


# --------------------------------------------------------------------------------------- names
HOSTILE = [
    "*/ int evil(void) { return 1; } /*",
    '"',
    "a\nb",
    "\n#error out\n",
    "??/",
    "x??/\n",
    "x\\",
    "x" * 10_000,
    "int",
    "while",
    "for",
    "1st",
    "9",
    "",
    " ",
    "exp",
    "NULL",
    "_Bool",
    "__x",
    "w",
    "w ",
    "w!",
    "W",
    "r",
    "i",
    "work",
    "p0",
    "p0_check",
    "p0_exp",
    "💩",
    "α",
    "é",
    "ß",
    "x[0]",
    "x[*/]",
    "x.y",
    "%s%n",
    "{0}",
    "{name}",
    "//",
    "/*",
    "'",
    "linux",
    "\0",
    "\ud800",
]


UNLIKE = [bp.exp, bp.sin, bp.cos, bp.tanh, bp.atan, bp.erf, bp.relu, bp.sigmoid, bp.cosh, bp.cbrt]


@needs_compiler
@pytest.mark.parametrize("few", [True, False])
def test_no_label_becomes_code(tmp_path, few):
    texts = []
    for k in range(0, len(HOSTILE), 10 if few else len(HOSTILE)):
        labels = HOSTILE[k : k + 10] if few else HOSTILE
        leaves = [Value(0.5, label) for label in labels]
        half = len(leaves) // 2
        # Another row for each: where all are read alike, one loop reads them, without names.
        each = [UNLIKE[k % len(UNLIKE)](x) for k, x in enumerate(leaves)]
        program = flatten(
            [bp.exp(bp.sum(leaves)), *each], parameters=leaves[:half], inputs=leaves[half:]
        )
        texts.append(to_c(program, name=f"p{len(texts)}"))
    assert all(len(text) < 60_000 for text in texts)
    assert checked(tmp_path, texts, "-O2") == (0, "")


@given(st.text(max_size=60))
def test_any_label_becomes_a_name_and_a_comment(label):
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,25}", identifier(label))
    assert re.fullmatch(r"[A-Za-z0-9_ .,:'()\[\]~]*", comment(label))


def test_names_remind_of_labels():
    assert [identifier(x) for x in ("α", "weights", "w-1", "é", "N")] == [
        "alpha",
        "weights",
        "w_1",
        "e",
        "N",
    ]
    assert "w[1 + 3 * i] * x[0][r]" in network([2, 4, 1]).to_c()


@pytest.mark.parametrize("name", ["", "1st", "a b", "int", "main", "exp", "é", None, "a" * 50])
def test_a_name_that_c_does_not_allow_is_refused(name):
    x = Value(1.0, "x")
    with pytest.raises(SettingError, match="name="):
        to_c(flatten([x + 1.0], inputs=[x]), name=name)


# -------------------------------------------------------------------------------------- errors
def test_a_row_without_c_is_named():
    x = Value(1.0, "x")
    with pytest.raises(ProgramError, match=r"'without_c' has no C expression.*c="):
        to_c(flatten([without_c(x)], inputs=[x]))


def test_what_is_no_program_is_refused():
    with pytest.raises(OperandError, match="Program or Loops, got str"):
        to_c("program")
    with pytest.raises(ProgramError, match="no outputs"):
        to_c(flatten([], inputs=[Value(1.0, "x")]))


@pytest.mark.parametrize("vectors", [-1, True, "two", 1.5, (1, 2)])
def test_vectors_that_are_none_are_refused(vectors):
    x = Value(1.0, "x")
    with pytest.raises(SettingError, match="vectors="):
        to_c(flatten([x + 1.0], inputs=[x]), vectors=vectors)


def test_vectors_of_another_size_are_refused():
    x = Value(1.0, "x")
    with pytest.raises(ShapeError, match="rows of 1 inputs"):
        to_c(flatten([x + 1.0], inputs=[x]), vectors=([], [[1.0, 2.0]]))


def test_a_path_that_cannot_be_written_is_named_and_nothing_is_left(tmp_path):
    x = Value(1.0, "x")
    program = flatten([x + 1.0], inputs=[x])
    with pytest.raises(OutputError, match="cannot write"):
        to_c(program, tmp_path / "missing" / "a.c")
    with pytest.raises(OutputError, match="cannot write"):
        to_c(program, tmp_path)
    assert os.listdir(tmp_path) == []


def test_the_program_that_is_asked_for_is_written():
    loss = network([2, 4, 1])
    assert "#define LOSS_SUMS 18" in loss.to_c()
    loss(np.zeros(17), np.zeros((2, 2)), np.zeros(2))
    assert "#define LOSS_SUMS 1\n" in loss.to_c()
    assert "#define LOSS_SUMS 18" in loss.to_c(what="value_and_grad")
    assert "sums 1 to 17: the gradient by w" in loss.to_c(what="value_and_grad")
    assert "void other(" in loss.to_c(name="other")
    with pytest.raises(SettingError, match=r"has run value_and_grad, value, .* 'hvp'"):
        loss.to_c(what="hvp")
    with pytest.raises(SettingError, match="no program yet"):
        bp.compiled(lambda x: x).to_c()


def test_the_size_of_a_file_does_not_depend_on_the_width():
    sizes = [len(network([2, width, width, 1]).to_c(vectors=0)) for width in (8, 24)]
    assert sizes[1] < sizes[0] + 4_000  # the places of the sums


def test_working_space_is_as_large_as_the_file_says(tmp_path):
    text = network([2, 4, 1]).to_c()
    said = int(re.search(r"results, ([\d,]+) bytes", text)[1].replace(",", ""))
    fields = re.findall(r"    double \w+\[(\d+)\](\[LOSS_LANES\])?;", text.split("_work;")[0])
    assert said == 8 * sum(int(size) * (16 if lanes else 1) for size, lanes in fields)


def test_rolled_loops_and_their_program_give_one_file():
    program = network([2, 4, 1]).program
    assert to_c(program, name="f") == to_c(roll(program), name="f")

"""The tape gives the numbers of the reference, on every kind of processor."""

import math
from array import array
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instructions import disagreements, everything
from points import agree, grid, one, own_row
from random_programs import NUMBERS, functions
from test_rolling import bits, program_of, traced

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import Access, Loop, Loops, flatten, optimised, roll
from autograd_bp.compiling.backends import tape
from autograd_bp.compiling.backends.tape import generate
from autograd_bp.compiling.calling.caller import PlainMachine, machine, stripe_of
from autograd_bp.compiling.program.native import walks
from autograd_bp.errors import ProgramError, SettingError
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import TABLE, Primitive

ROWS = TABLE[:OWN]
built = pytest.mark.skipif(
    tape.unavailable() is not None, reason=f"there is no tape: {tape.unavailable()}"
)
PROCESSORS = tape.processors() or [None]
every_processor = pytest.mark.parametrize("processor", PROCESSORS)


def run(program, parameters, rows, processor=None):
    """The outputs of a program in their order; `rows` is an array (rows, inputs)."""
    loops = program if isinstance(program, Loops) else roll(program)
    found = machine(loops, tape.tape_of(loops, processor)).run(
        np.array(parameters, dtype=float), np.ascontiguousarray(np.array(rows, dtype=float).T)
    )
    places = {"sum": iter(found[0].tolist()), "per_row": iter(found[1])}
    return [next(places[space]) for space, _ in loops.outputs]


def test_what_is_generated_is_up_to_date():
    for path, text in generate.files().items():
        assert path.read_text(encoding="utf-8") == text


def test_every_primitive_of_the_library_is_compiled_into_the_tape():
    assert all(row.arity is None or row.arity <= 3 for row in ROWS)


@built
@every_processor
@pytest.mark.parametrize("row", [row for row in ROWS if row.name != "dot"], ids=lambda r: r.name)
def test_every_row_on_every_kind_of_number(row, processor):
    X = grid(row.arity or 2)
    program = one(row, X[0])
    (expected,) = program.run([], X.tolist())
    found = run(program, [], X, processor)[0]
    agree(found, expected, scale=0.0, ulps=8)
    zeros = np.flatnonzero(np.array(expected) == 0.0)
    assert (np.signbit(found[zeros]) == np.signbit(np.array(expected)[zeros])).all()
    alone = [run(program, [], X[k : k + 1], processor)[0][0] for k in range(len(X))]
    agree(np.array(alone), expected, scale=0.0, ulps=8)


@built
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_on_numbers_that_all_rows_share(row):
    numbers = [-0.7, 0.4, 1.3][: row.arity or 2]
    leaves = [Value(x, f"v{k}") for k, x in enumerate(numbers)]
    x = Value(2.0, "x")
    program = flatten([row(*leaves) * x, row(*leaves)], parameters=leaves, inputs=[x])
    X = np.arange(1.0, 20.0)[:, None]
    for found, expected in zip(
        run(program, numbers, X), program.run(numbers, X.tolist()), strict=True
    ):
        agree(found, expected, ulps=8)


@built
@pytest.mark.parametrize("row", [row for row in ROWS if row.arity], ids=lambda r: r.name)
def test_every_row_on_neighbours_of_a_single_row(row):
    """They are computed side by side, and the last of them do not fill a vector."""
    X = grid(row.arity)
    numbers = X[:: max(1, len(X) // 40)].ravel().tolist()
    leaves = [Value(x, f"v{k}") for k, x in enumerate(numbers)]
    program = flatten(
        [row(*leaves[k : k + row.arity]) for k in range(0, len(leaves), row.arity)], inputs=leaves
    )
    loops, expected = roll(program), program.run([], [numbers])
    for processor in PROCESSORS:
        for found, (number,) in zip(run(loops, [], [numbers], processor), expected, strict=True):
            agree(found, number, scale=0.0, ulps=8)
            assert number != 0.0 or np.signbit(found) == np.signbit(number)


@built
@every_processor
@settings(max_examples=40)
@given(
    functions(longest=12),
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.integers(0, 3),
    st.sampled_from([1, 3, 5, 16, 37]),
)
def test_every_instruction_of_programs_with_their_gradients(
    processor, steps, numbers, inputs, count
):
    program = everything(optimised(traced(steps, numbers, inputs)))
    rows = np.array(numbers[:inputs]) + np.arange(count)[:, None] / 16 * np.ones(inputs)
    found = run(program, numbers[inputs:], rows, processor)
    assert disagreements(program, found, ulps=6) == []


@built
@every_processor
@pytest.mark.parametrize("rows", [0, 1, 2, 3, 8, 15, 16, 100, 129, 130, 300])
@pytest.mark.parametrize("sizes", [(2, 4, 1), (3, 7, 5, 1), (2, 33, 1)])
def test_a_network_and_its_gradient(sizes, rows, processor):
    program, w, X = program_of(sizes, rows)
    expected = program.run(w, X.tolist())
    scale = max([1.0, *(rows * abs(x) for x in expected)])
    agree(run(program, w, X, processor), expected, scale=scale, ulps=4)


@built
@every_processor
def test_the_hessian_times_a_vector(processor):
    f = bp.compiled(lambda w, x: bp.tanh(bp.dot(w, x)) * bp.log(2.0 + w[0] * w[0]), rows="x")
    X = np.linspace(-1.0, 1.0, 57).reshape(19, 3)
    f.hvp([0.3, -0.2, 0.9], X, tangent=[1.0, 2.0, -1.0])
    w = [0.3, -0.2, 0.9, 1.0, 2.0, -1.0]
    agree(run(f.program, w, X, processor), f.program.run(w, X.tolist()), scale=20.0, ulps=8)


@built
@every_processor
def test_padded_rows_never_enter_a_sum(processor):
    a, b = Value(1.0, "a"), Value(1.0, "b")
    outputs = [bp.log(a), a, 2.0, a * b, bp.dot([a, b], [b, a])]
    program = flatten(outputs, inputs=[a, b], summed=[True] * 5)
    assert run(program, [], np.ones((19, 2)), processor) == [0.0, 19.0, 38.0, 19.0, 38.0]


@built
@every_processor
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 7, 18])
def test_the_last_rows_do_not_spoil_the_others(bad, place, processor):
    a, b = Value(1.0, "a"), Value(1.0, "b")
    program = flatten([a * b, bp.exp(a)], inputs=[a, b], summed=[True, False])
    X = np.ones((19, 2))
    X[place, 0] = bad
    X[place, 1] = 0.0
    total, each = run(program, [], X, processor)
    assert math.isnan(total)
    assert [k for k in range(19) if not abs(each[k] - math.e) < 1e-12] == [place]


# ---------------------------------------------------------------------- loops of every build
SIZES = {"parameter": 40, "input": 40, "constant": 40, "shared": 0, "slot": 30}
KINDS = ("parameter", "input", "constant", "slot")
OTHERS = ("sum", "tanh", "where")


@st.composite
def nests(draw):
    """A loop of `dot`, `mul` or `performance` with accesses of any kind, and where it lands."""
    name = draw(st.sampled_from(["dot", "mul", "performance", "add", "logsumexp", *OTHERS]))
    row = next(row for row in ROWS if row.name == name)
    shape = tuple(draw(st.lists(st.integers(1, 6), max_size=3)))
    terms = 1 if row.arity else draw(st.integers(1, 5))
    lists = {"logsumexp": 1, "sum": 1, "dot": 2 + draw(st.booleans())}
    count = row.arity or lists.get(name, 2)
    reads = []
    for k in range(count):
        space = draw(st.sampled_from(KINDS))
        own = 1 if k == 2 or row.arity else terms
        strides = tuple(draw(st.integers(-2, 2)) for _ in shape)
        step = 0 if own == 1 else draw(st.integers(-2, 2))
        access = Access(space, 0, strides, step)
        places = access.indices(shape, own)
        table = draw(st.booleans())
        if table or max(places) - min(places) >= SIZES[space]:
            seed = draw(st.integers(0, 99))
            places = np.random.default_rng(seed).integers(0, SIZES[space], len(places)).tolist()
            access = Access(space, 0, (0,) * len(shape), 0, array("q", places))
        else:
            access = Access(space, -min(places), strides, step)
        reads.append(access)
    return row, shape, terms, tuple(reads), draw(st.sampled_from(["slot", "sum", "per_row"]))


@built
@every_processor
@settings(max_examples=60)
@given(nests(), st.sampled_from([1, 2, 4, 21, 140]))
def test_every_kind_of_nest(processor, nest, count):
    row, shape, terms, reads, space = nest
    members = math.prod(shape)
    copy = next(row for row in ROWS if row.name == "neg")
    begin = Loop(copy, (30,), 1, (Access("input", 0, (1,)),), "slot", 0)
    sizes = {"shared": 0, "slot": 30, "sum": 0, "per_row": 0}
    loop = Loop(row, shape, terms, reads, space, sizes[space])
    sizes[space] += members
    made = [begin, loop]
    if space == "slot":
        made.append(Loop(None, (members,), 1, (Access("slot", 30, (1,)),), "per_row", 0))
        sizes["per_row"], space = members, "per_row"
    names = tuple(f"v{k}" for k in range(40))
    numbers = np.random.default_rng(1).normal(size=(3, 40))
    loops = Loops(
        names,
        names,
        tuple(numbers[0].tolist()),
        tuple(made),
        sizes,
        tuple((space, k) for k in range(members)),
    )
    rows = np.random.default_rng(2).normal(size=(count, 40))
    expected = loops.run(numbers[1].tolist(), rows.tolist())
    for found, wanted in zip(run(loops, numbers[1], rows, processor), expected, strict=True):
        agree(found, wanted, scale=10.0 * count, ulps=8 + count)


# ------------------------------------------------------------------------------ the functions
FUNCTIONS = {
    "exp": np.concatenate([np.linspace(-746, 710, 2000), np.linspace(-1, 1, 2000)]),
    "expm1": np.concatenate(
        [np.linspace(-50, 710, 2000), np.linspace(-1, 1, 2000), np.geomspace(1e-300, 1, 500)]
    ),
    "log": np.concatenate([np.geomspace(5e-324, 1.7e308, 3000), np.linspace(0.5, 2, 2000)]),
    "log1p": np.concatenate([np.linspace(-0.999, 5, 2000), np.geomspace(1e-300, 1e300, 2000)]),
    "tanh": np.concatenate([np.linspace(-25, 25, 2000), np.geomspace(1e-300, 1, 500)]),
    "sigmoid": np.linspace(-745, 745, 3000),
    "softplus": np.linspace(-745, 745, 3000),
}


@built
@every_processor
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_within_the_ulps_that_are_stated(name, processor):
    mpmath = pytest.importorskip("mpmath")
    X = FUNCTIONS[name][::5]
    exact = {"sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
             "softplus": lambda x: mpmath.log1p(mpmath.exp(x))}.get(name)  # fmt: skip
    exact = exact or getattr(mpmath, name)
    row = next(row for row in ROWS if row.name == name)
    found = run(one(row, [1.0]), [], X[:, None], processor)[0]
    worst = 0.0
    with mpmath.workprec(1300):
        for x, y in zip(X.tolist(), found.tolist(), strict=True):
            wanted = exact(mpmath.mpf(x))
            if mpmath.fabs(wanted) > 1.7976931348623157e308:
                assert y == math.inf
                continue
            worst = max(worst, float(mpmath.fabs(y - wanted) / math.ulp(float(wanted))))
    assert worst <= 3.0, worst


# ----------------------------------------------------------------------- what the tape is for
@built
@pytest.mark.parametrize("rows", [1, 2, 3, 300, 1000, 5000])
def test_threads_change_no_bit(rows):
    program, w, X = program_of((2, 9, 1), rows)
    loops = roll(program)
    native = machine(loops, tape.tape_of(loops))
    first = native.run(w, np.ascontiguousarray(X.T), 1)
    for threads in (2, 3, 7):
        again = native.run(w, np.ascontiguousarray(X.T), threads)
        assert all((a == b).all() for a, b in zip(first, again, strict=True))


@built
def test_the_plain_machine_runs_it_too():
    program, w, X = program_of((2, 5, 1), 400)
    loops = roll(program)
    native = tape.tape_of(loops)
    plain = PlainMachine(
        native,
        parameters=len(w),
        inputs=X.shape[1],
        shared=loops.sizes["shared"],
        sums=loops.sizes["sum"],
        per_row=loops.sizes["per_row"],
        summed=[k for _, k in loops.outputs],
        separate=[],
        work=loops.work,
    )
    X = np.ascontiguousarray(X.T)
    assert stripe_of(400) == 256
    assert (plain.run(w, X)[0] == machine(loops, native).run(w, X)[0]).all()


@built
def test_a_primitive_without_an_expression_is_refused_by_name():
    look_up = Primitive("looked_up_on_tape", 1, lambda x: {1.0: 1.0}.get(x, x), lambda x, y: (1.0,))
    loops = roll(one(look_up, [1.0]))
    assert tape.refused(loops) == "looked_up_on_tape"
    with pytest.raises(ProgramError, match="'looked_up_on_tape' has no C expression"):
        tape.tape_of(loops)


@built
@every_processor
def test_a_primitive_of_the_user_runs_by_a_recipe(processor):
    row = own_row("softsign_on_tape", "isinf(a) ? copysign(1.0, a) : a / (1.0 + fabs(a))")
    X = np.array([[3.0], [-1.0], [math.inf]] * 7)
    assert run(one(row, [1.0]), [], X, processor)[0].tolist() == [0.75, -0.5, 1.0] * 7


@built
def test_a_processor_that_is_not_there_is_refused():
    with pytest.raises(SettingError, match="no code for 'abacus'"):
        tape.tape_of(roll(one(ROWS[0], [1.0, 2.0])), "abacus")


def test_without_the_compiled_core_there_is_no_tape(monkeypatch):
    monkeypatch.setattr(tape, "_interpreter", None)
    assert tape.processors() == []
    with pytest.raises(SettingError, match='no backend "tape"'):
        tape.tape_of(roll(one(ROWS[0], [1.0, 2.0])))


@built
def test_a_core_for_another_table_is_refused(monkeypatch):
    monkeypatch.setattr(tape._interpreter, "names", lambda count: ["add"])
    assert "another table" in tape.unavailable()


@pytest.mark.skipif(walks is None, reason="the walks in C were not built")
@given(functions(longest=14), st.lists(NUMBERS, min_size=3, max_size=3), st.integers(0, 3))
@settings(max_examples=60)
def test_the_text_of_loops_is_that_of_python(steps, numbers, inputs):
    loops = roll(traced(steps, numbers, inputs))
    text, expected = tape._Text(loops), tape._Text(replace(loops, loops=()))
    expected.written = [loop for loop, _ in loops.with_times()]
    expected.add_in_python()
    for name in ("loops", "tables", "recipes"):
        assert getattr(text, name) == getattr(expected, name)
    assert bits([list(text.constants)]) == bits([list(expected.constants)])

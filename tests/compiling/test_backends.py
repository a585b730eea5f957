"""Backends are registered under a name, say what they cost, and are chosen by that."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.compiling import flatten
from autograd_bp.compiling.backends import registry
from autograd_bp.compiling.backends.choosing import BackendChoice, training_seconds
from autograd_bp.compiling.backends.protocol import ANY_NUMBER, Backend, Costs, Source
from autograd_bp.compiling.backends.reference import ReferenceBackend
from autograd_bp.primitives import TABLE, Primitive


class Toy(Backend):
    """The reference under another name, which counts what it prepares."""

    name = "toy"

    def __init__(self):
        self.prepared = 0

    def prepare(self, source, rows):
        self.prepared += 1
        return ReferenceBackend().prepare(source, rows)


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))
    backend = Toy()
    registry.register(backend)
    return backend


@pytest.fixture
def only_toys(toy, monkeypatch):
    """One backend that begins, and one that takes a second to compile a program."""

    class Compiler(Toy):
        name = "compiler"
        costs = Costs(loop=0.0, operation=0.0, step=0.0, weight=0.0)
        compiles = True

        def seconds_to_prepare(self, work, different_loops, rows):
            return 1.0

    toy.costs = Costs(loop=0.1, operation=0.01, step=1.0, weight=0.1, call=0.2, fast_call=0.1)
    monkeypatch.setattr(registry, "_REGISTRY", {"toy": toy, "compiler": Compiler()})


def program():
    w, x = Value(2.0, "w"), Value(3.0, "x")
    return flatten([w * x], parameters=[w], inputs=[x], summed=[True])


def test_a_registered_backend_runs_compiled_functions(toy):
    f = bp.compiled(lambda w, x: bp.sin(w * x), rows="x", backend="toy")
    X = np.array([1.0, 2.0])
    value, gradient = f.value_and_grad(0.5, X)
    assert value == pytest.approx(float(np.sin(0.5 * X).sum()))
    assert gradient == pytest.approx(float((X * np.cos(0.5 * X)).sum()))
    assert (f.backend.name, f.backend.reason, toy.prepared) == ("toy", "asked for", 1)
    assert f(0.5, X) == f.bind(0.5, X, derivative="value")() == value


def test_a_name_that_is_not_registered_is_refused_with_those_that_are(toy):
    for name in ("abacus", 3, None, ["llvm"]):
        with pytest.raises(errors.SettingError, match=r"choose auto, .*numpy.*llvm, toy"):
            bp.compiled(lambda x: x, backend=name)


def test_a_backend_without_costs_runs_only_where_it_is_asked_for(toy):
    f = bp.compiled(lambda x: x * x)
    f(2.0)
    assert f.backend.name in ("tape", "numpy")
    assert toy.prepared == 0


def test_another_takes_over_when_as_much_was_spent_as_it_takes_to_prepare(only_toys):
    choice = BackendChoice(program(), "auto")
    parameters, inputs = np.array([2.0]), np.array([[1.0, 3.0]])
    seen = []
    for _ in range(6):
        sums, _ = choice.run(parameters, inputs, 1)
        assert list(sums) == [8.0]
        seen.append(choice.choice.name)
    # A call costs 0.2 + 0.1 for the loop + 2 · 0.01 for its rows: four of them, more than 1.
    assert seen == ["toy"] * 4 + ["compiler"] * 2
    assert "called often enough to pay" in choice.choice.reason


def test_nothing_asks_for_machine_code_before_any_could_pay(only_toys, monkeypatch):
    asked = []
    compiler = registry.named("compiler")
    monkeypatch.setattr(compiler, "unavailable", lambda: asked.append(1))
    choice = BackendChoice(program(), "auto")
    for _ in range(4):
        assert choice.budget(2).left == pytest.approx(1.0 - choice.place["spent"])
        choice.run(np.array([2.0]), np.array([[1.0, 3.0]]), 1)
    assert not asked
    assert choice.budget(2) is not None
    assert asked


def test_the_budget_of_fast_calls_is_counted_alike(only_toys):
    choice = BackendChoice(program(), "auto")
    budget = choice.budget(1)
    assert (budget.left, budget.call, budget.row) == pytest.approx((1.0, 0.2, 0.01))
    budget.use_up()
    choice.run(np.array([2.0]), np.array([[1.0]]), 1)
    assert choice.choice.name == "compiler"
    assert choice.budget(1) is None


def test_a_program_that_is_bound_is_compiled_at_once(only_toys):
    choice = BackendChoice(program(), "auto")
    choice.compile_now()
    assert (choice.choice.name, choice.choice.reason) == ("compiler", "1 loops, bound")


def test_a_backend_that_was_asked_for_stays(only_toys):
    choice = BackendChoice(program(), "toy")
    choice.compile_now()
    for _ in range(9):
        choice.run(np.array([2.0]), np.array([[1.0]]), 1)
    assert choice.choice.name == "toy"
    assert choice.budget(1) is None


def test_batches_of_other_sizes_share_what_is_prepared_unless_the_backend_objects(toy):
    toy.batches = lambda rows: (0, 2) if rows <= 2 else (3, ANY_NUMBER)
    choice = BackendChoice(program(), "toy")
    for rows in (1, 2, 3, 300, 1):
        choice.run(np.array([2.0]), np.ones((1, rows)), 1)
    assert toy.prepared == 2


def test_training_is_estimated_by_the_same_costs(only_toys):
    # Five steps over 10 rows and 2 weights: 5 · 1 + 20 · 0.1, or a second of compiling.
    assert training_seconds(5, 10, 2) == (1.0, True)
    assert training_seconds(0, 1, 1) == (pytest.approx(0.1), False)


def test_what_a_backend_cannot_run_it_says():
    own = next((op for op in TABLE if op.name == "own_for_backends"), None) or Primitive(
        "own_for_backends", 1, lambda x: float(hash(x)), lambda x, y: (1.0,)
    )
    source = Source(flatten([own(Value(1.0))]))
    refusals = {backend.name: backend.refusal(source) for backend in registry.backends()}
    assert refusals["reference"] is refusals["numpy"] is None
    assert "own_for_backends" in refusals["tape"]
    assert "own_for_backends" in refusals["llvm"]


def test_code_is_kept_under_the_name_of_its_backend(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTOGRAD_BP_CACHE", str(tmp_path / "cache"))
    toy, other = Toy(), Toy()
    other.name = "other"
    assert toy.kept(lambda: b"one", "text") == b"one"
    assert toy.kept(lambda: b"two", "text") == b"one"
    assert toy.kept(lambda: b"three", "other text") == b"three"
    assert other.kept(lambda: b"four", "text") == b"four"

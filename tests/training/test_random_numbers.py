"""Random numbers of rows: the same eager and compiled, in any order, and after an interruption."""

import collections
import random
import statistics
import subprocess
import sys

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import FrozenNumberError, OperandError, SettingError
from autograd_bp.nn import Layer, Module
from autograd_bp.random import philox
from autograd_bp.random.sources import Draw, table
from autograd_bp.training import Checkpoint, evaluate, train

XOR = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]


class Noisy(Module):
    """Noise on its inputs, and dropout of its hidden layer."""

    def __init__(self, seed=0):
        self.hidden, self.output = Layer(2, 5, "tanh", seed=seed), Layer(5, 1, seed=seed + 1)

    def __call__(self, x):
        x = [number + 0.1 * bp.random.normal() for number in x]
        return self.output(bp.random.dropout(self.hidden(x), 0.25))


def weights_after(data=XOR, **settings):
    network = Noisy()
    train(network, data, **{"epochs": 6, "seed": 3, "compiled": True, **settings})
    return network.state_dict()


# ------------------------------------------------------------------------------- the numbers
@pytest.mark.parametrize(
    ("seed", "epoch", "row"), [(0, 0, 0), (7, 3, 99_999), (2**64 - 1, 5, 2**40)]
)
def test_they_are_those_of_numpy_s_philox(seed, epoch, row):
    key = np.array([seed, epoch], dtype=np.uint64)
    counter = np.array([0, row, 0, 0], dtype=np.uint64)
    bits = np.random.Philox(key=key, counter=counter).random_raw(12).tolist()
    assert [x for block in range(3) for x in philox.raw((seed, epoch), row, block)] == bits
    assert philox.raw_table((seed, epoch), [row], 3)[:, 0].tolist() == bits
    shares = np.random.Generator(np.random.Philox(key=key, counter=counter)).random(9)
    with bp.random.drawing(seed, epoch=epoch, row=row):
        assert [u.data for u in bp.random.uniform(size=9)] == shares.tolist()


def test_a_table_has_the_bits_that_each_row_draws_by_itself():
    draws = [Draw("normal"), Draw("uniform"), Draw("bernoulli", 0.3)] * 3
    numbers = table(draws, 5, 2, range(40))
    for row in (0, 7, 39):
        with bp.random.drawing(5, epoch=2, row=row):
            single = []
            for _ in range(3):
                single += [bp.random.normal(), bp.random.uniform(), bp.random.bernoulli(0.3)]
        assert [x.data for x in single] == numbers[:, row].tolist()


def test_they_have_the_moments_of_their_distributions():
    numbers = table([Draw("normal"), Draw("uniform"), Draw("bernoulli", 0.3)], 0, 0, range(50_000))
    for line, mean, deviation in zip(numbers, (0, 0.5, 0.3), (1, 12**-0.5, 0.21**0.5), strict=True):
        assert line.mean() == pytest.approx(mean, abs=0.015)
        assert line.std() == pytest.approx(deviation, abs=0.015)
    assert abs(np.corrcoef(numbers)[np.triu_indices(3, 1)]).max() < 0.02
    shares = np.sort([statistics.NormalDist().cdf(x) for x in numbers[0]])
    assert abs(shares - np.linspace(0, 1, len(shares))).max() < 0.01  # Kolmogorov and Smirnov


def test_where_nothing_is_drawn_they_are_means():
    h = [Value(1.0), Value(2.0)]
    assert bp.random.dropout(h, 0.5) is h
    assert bp.random.normal(3.0, 2.0).data == 3.0
    assert bp.random.uniform(2.0, 4.0).data == 3.0
    assert [x.data for x in bp.random.bernoulli(0.2, size=2)] == [0.2, 0.2]


def test_seeds_and_sizes_may_be_large_or_of_numpy():
    with bp.random.drawing(2**70, epoch=np.int64(1)):
        large = [[x.data for x in line] for line in bp.random.normal(size=(2, np.int64(3)))]
    with bp.random.drawing(2**70 + 1, epoch=1):
        assert bp.random.normal().data != large[0][0]
    draws = [Draw("normal")] * 6
    assert np.ravel(large).tolist() == table(draws, 2**70, 1, [0])[:, 0].tolist()
    weights_after(seed=2**70)


def test_dropout_keeps_the_kind_of_what_it_gets():
    with bp.random.drawing(0):
        assert isinstance(bp.random.dropout((1.0, 2.0), 0.5), tuple)
        array = bp.random.dropout(np.ones((200, 10)), 0.25)
        assert bp.random.dropout(7.0, 0.0) == 7.0
    numbers = np.array([x.data for x in array.ravel()])
    assert array.shape == (200, 10)
    assert {*numbers} == {0.0, 1 / 0.75}
    assert numbers.mean() == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: bp.random.dropout([1.0], 1.0),
        lambda: bp.random.dropout([1.0], -0.1),
        lambda: bp.random.bernoulli(Value(0.5)),
        lambda: bp.random.bernoulli(float("nan")),
        lambda: bp.random.normal(size=-1),
        lambda: bp.random.uniform(size=True),
        lambda: bp.random.drawing(-1).__enter__(),
        lambda: bp.random.drawing(True).__enter__(),
        lambda: bp.random.normal(size=(2, -1)),
        lambda: bp.random.drawing(0, row=1.5).__enter__(),
    ],
)
def test_settings_out_of_range(wrong):
    with pytest.raises(SettingError):
        wrong()


# ---------------------------------------------------------------------------------- training
@pytest.mark.parametrize(
    ("optimiser", "batch"),
    [("ascent", 1), ("adam", 1), ("adam", 3), ("lbfgs", 4), ("levenberg-marquardt", 4),
     ("trust-region", 4)],
)  # fmt: skip
def test_eager_and_compiled_draw_the_same(optimiser, batch):
    settings = {"optimiser": optimiser, "batch": batch}
    compiled = weights_after(**settings)
    eager = weights_after(compiled=False, **settings)
    without = weights_after(seed=4, **settings)
    for name, weight in compiled.items():
        assert weight == pytest.approx(eager[name], rel=1e-9, abs=1e-12)
    assert compiled != without


def test_each_row_and_each_epoch_draws_its_own():
    seen = []

    class Looks(Module):
        def __init__(self):
            self.w = Value(0.5)

        def __call__(self, x):
            noise = bp.random.normal()
            seen.append(noise.data)
            return self.w * x[0] + noise

    train(Looks(), [([1.0], 1.0)] * 5, epochs=3, rate=1e-6, compiled=False)
    assert len({*seen}) == len(seen) == 15
    evaluate(Looks(), [([1.0], 1.0)] * 2)
    assert seen[15:] == [0.0, 0.0]


def test_rows_held_out_are_judged_without_chance():
    network = Noisy()
    history = train(network, XOR, epochs=2, held_out=XOR, compiled=True)
    assert history.epochs[-1].held_out_P == pytest.approx(evaluate(network, XOR)[0], rel=1e-12)


def test_blocks_chunks_and_lists_draw_the_same():
    X = np.random.default_rng(0).normal(size=(50, 2))
    D = (X[:, 0] > 0).astype(float)
    chunks = [(X[:13], D[:13]), (X[13:30], D[13:30]), (X[30:], D[30:])]

    class Again:
        def __iter__(self):
            return iter(chunks)

    of_array = weights_after((X, D), block=8)
    assert weights_after(Again(), block=8) == of_array
    of_list = weights_after((X, D), batch=50)
    for name, weight in of_array.items():
        assert weight == pytest.approx(of_list[name], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("settings", [{}, {"optimiser": "lbfgs"}, {"block": 3, "batch": 3}])
def test_a_training_that_goes_on_draws_on(settings, compiled, tmp_path):
    if "block" in settings and not compiled:
        pytest.skip("blocks are compiled")
    settings = {"optimiser": "adam", **settings, "compiled": compiled}
    whole = weights_after(epochs=9, **settings)
    path = tmp_path / "run.json"
    network = Noisy()
    steps = Checkpoint(path, steps=1)
    train(network, XOR, seed=3, epochs=4, checkpoint=steps, **settings)
    network = Noisy(seed=8)
    train(network, XOR, seed=3, epochs=9, checkpoint=path, resume=True, **settings)
    assert network.state_dict() == whole
    if "lbfgs" not in settings.values():
        network, tool = Noisy(), bp.training.optimisers.Adam()
        settings["optimiser"] = tool
        train(network, XOR, seed=3, epochs=4, **settings)
        train(network, XOR, seed=3, epochs=5, **settings)
        assert network.state_dict() == whole


def test_a_performance_may_draw_and_gradients_pass_the_parameters_of_a_distribution():
    class Guess(Module):
        def __init__(self):
            self.mean, self.spread = Value(0.0), Value(0.0)

        def __call__(self, x):
            return bp.random.normal(self.mean, bp.exp(self.spread))

    def noisy(d, z):
        return -0.5 * (z[0] - d[0]) ** 2 + 0.01 * bp.random.uniform()

    states = []
    for compiled in (True, False):
        guess = Guess()
        settings = {"optimiser": "adam:rate=0.05", "epochs": 20, "compiled": compiled}
        train(guess, [([0.0], 3.0)] * 50, performance=noisy, **settings)
        states.append(guess.state_dict())
    assert states[0]["mean"] == pytest.approx(3.0, abs=0.1)
    assert states[0]["spread"] < -2.0
    assert states[0] == pytest.approx(states[1], rel=1e-9)


# ------------------------------------------------------------------------- outside of a training
def test_a_compiled_module_draws_for_each_row_where_numbers_are_drawn():
    network = Noisy()
    batch, X = network.compiled(), np.random.default_rng(1).normal(size=(6, 2))
    calm = batch(X)
    with bp.random.drawing(5, epoch=2, row=10):
        drawn = batch(X)
        P, gradient = batch.performance_and_gradient(X, np.ones(6))
    single = []
    for place, x in enumerate(X.tolist()):
        with bp.random.drawing(5, epoch=2, row=10 + place):
            single.append(network(x)[0].data)
    np.testing.assert_allclose(drawn[:, 0], single, rtol=1e-13)
    assert pytest.approx(sum(-0.5 * (1 - z) ** 2 for z in single), rel=1e-12) == P
    assert gradient.shape == (len(network.parameters()),)
    np.testing.assert_array_equal(batch(X), calm)


def test_numbers_that_rows_do_not_share_are_refused_with_what_to_do():
    class Branch(Module):
        def __init__(self):
            self.w = Value(0.5)

        def __call__(self, x):
            return bp.cond(x[0] > 0, lambda: self.w * bp.random.normal(), lambda: self.w)

    class Direct(Module):
        def __init__(self):
            self.w = Value(0.5)

        def __call__(self, x):
            return self.w * x[0] * random.random()

    with pytest.raises(FrozenNumberError, match="draw before"):
        train(Branch(), [([1.0], 1)], compiled=True)
    with pytest.raises(FrozenNumberError, match=r"bp\.random"):
        train(Direct(), [([1.0], 1)], compiled=True)
    with bp.random.drawing(0), pytest.raises(FrozenNumberError, match="compile the module"):
        bp.compiled(lambda x: x + bp.random.normal(), rows="x")([1.0, 2.0])
    assert bp.compiled(lambda x: x + bp.random.normal(), rows="x", reduce=None)([1.0]) == [1.0]


def test_numbers_need_no_numpy():
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "import autograd_bp as bp\n"
        "with bp.random.drawing(7, epoch=3, row=5):\n"
        "    print([x.data for x in bp.random.normal(size=5)])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert eval(run.stdout) == table([Draw("normal")] * 5, 7, 3, [5])[:, 0].tolist()


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * (1 + bp.random.normal()),
        lambda x: bp.random.dropout([x], 0.5)[0],
        lambda x: x * bp.random.uniform(size=2)[1],
    ],
)
def test_a_compiled_function_that_took_means_is_refused_where_numbers_are_drawn(function):
    g = bp.compiled(function)
    around = bp.compiled(lambda x: x + g(2.0))
    mean, bound = g(1.0), g.bind(1.0)
    assert g(1.0) == bound() == mean == g.grad(1.0)
    around(1.0)
    for call in (g, g.grad, g.value_and_grad, around, lambda x: bound()):
        with bp.random.drawing(0), pytest.raises(FrozenNumberError, match="compiled by itself"):
            call(1.0)
    assert g(1.0) == mean

    class Warm(Module):
        def __init__(self):
            self.w = Value(0.5)

        def __call__(self, x):
            return self.w * g(1.0) + x[0]

    for compiled in (True, False):
        with pytest.raises(FrozenNumberError, match="compiled by itself"):
            train(Warm(), [([1.0], 1.0)], epochs=1, compiled=compiled)


def test_predictions_are_without_chance_inside_of_drawing_too():
    X = np.random.default_rng(0).normal(size=(150, 2))
    model = bp.training.fit(Noisy(), X, X[:, 0] + X[:, 1], epochs=1)
    calm, judged = model.predict(X), evaluate(model.network, XOR)
    with bp.random.drawing(0):
        assert model.predict(X[:20]) == pytest.approx(calm[:20], rel=1e-12)
        assert model.predict(X) == calm
        assert model.outputs(X[0].tolist()) == pytest.approx([*model.outputs(X[0].tolist())])
        assert evaluate(model.network, XOR) == judged


def test_dropout_keeps_tuples_with_names_and_arrays_of_values():
    Pair = collections.namedtuple("Pair", "a b")
    array = bp.array([1.0, 2.0])
    with bp.random.drawing(0):
        assert isinstance(bp.random.dropout(Pair(1.0, 2.0), 0.5), Pair)
        assert type(bp.random.dropout(array, 0.5)) is type(array)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: bp.random.dropout({"a": 1.0}, 0.5),
        lambda: bp.random.dropout((x for x in [1.0]), 0.5),
        lambda: bp.random.dropout("ab", 0.5),
        lambda: bp.random.dropout([1.0, "b"], 0.5),
        lambda: bp.random.dropout(None, 0.5),
        lambda: bp.random.normal(np.zeros(3), 1.0),
        lambda: bp.random.normal(0.0, [1.0, 2.0]),
        lambda: bp.random.normal("a"),
        lambda: bp.random.uniform(np.zeros(2), np.ones(2)),
        lambda: bp.random.uniform(0.0, bp.array([1.0, 2.0]), size=2),
    ],
)
def test_what_is_no_number_is_refused_with_and_without_drawing(wrong):
    with pytest.raises(OperandError):
        wrong()
    with bp.random.drawing(0), pytest.raises(OperandError):
        wrong()


def test_a_mean_may_be_any_single_number():
    with bp.random.drawing(0):
        expected = bp.random.normal(2.0).data
    for mean in (2, np.float32(2.0), np.array(2.0), Value(2.0)):
        with bp.random.drawing(0):
            assert bp.random.normal(mean).data == expected
    with pytest.raises(SettingError):
        bp.random.drawing(0, row=2**70).__enter__()


@pytest.mark.parametrize("settings", [{}, {"optimiser": "lbfgs"}])
@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("make", [bp.random.normal, lambda: [2.0 * bp.random.normal(1.0, 3.0)]])
def test_a_module_that_keeps_a_random_number_is_refused(make, compiled, settings):
    class Keeps(Module):
        def __init__(self):
            self.w, self.e = Value(0.5), None

        def __call__(self, x):
            if self.e is None:
                self.e = make()
            return self.w * x[0] + (self.e[0] if isinstance(self.e, list) else self.e)

    class Shows(Noisy):
        def __call__(self, x):
            self.last = super().__call__(x)
            return self.last

    network = Keeps()
    for _ in range(2):  # also when it is tried again
        with pytest.raises(FrozenNumberError, match="keeps a random number as 'e"):
            train(network, [([1.0], 1.0)] * 4, epochs=2, compiled=compiled, **settings)
    train(Shows(), XOR, epochs=2, compiled=compiled, **settings)

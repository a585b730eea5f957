"""Rows of different lengths: in every form that people have them in, eager and compiled."""

import dataclasses
import random

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import BadIndexError, DataError, ModelError, SettingError
from autograd_bp.nn import Layer, Module
from autograd_bp.training import Sequences, evaluate, fit, load_model, train

CHANCE = random.Random(4)
ROWS = [[CHANCE.randrange(6) for _ in range(CHANCE.randint(1, 7))] for _ in range(40)]
D = [float(sum(row) % 2) for row in ROWS]
LENGTHS = np.array([len(row) for row in ROWS])
FILLED = np.full((40, 7), 3)
for _k, _row in enumerate(ROWS):
    FILLED[_k, : len(_row)] = _row
OBJECTS = np.empty(40, dtype=object)
OBJECTS[:] = [np.array(row) for row in ROWS]
WORDS = ["".join(CHANCE.choice("abdeilmnorstu") for _ in range(CHANCE.randint(2, 6))) for _ in ROWS]
VOWELS = ["vowel" if word[-1] in "aeiou" else "other" for word in WORDS]


class Reader(Module):
    """A vector for each token, and a recurrent layer."""

    def __init__(self, tokens=6, activation="identity", seed=0):
        normal = random.Random(seed).gauss
        self.vectors = [[Value(normal(0, 0.5)) for _ in range(2)] for _ in range(tokens)]
        self.step, self.output = Layer(5, 3, "tanh", seed=seed), Layer(3, 1, activation, seed=seed)

    def __call__(self, tokens, length):
        def read(place, state):
            return self.step([*bp.take(self.vectors, tokens[place]), *state])

        return self.output(bp.fori(length, read, [0.0] * 3))


class Mean(Module):
    """Of measurements, by a loop over all places of which some count."""

    def __init__(self):
        self.scale = Value(0.1)

    def __call__(self, x, length):
        counted = [bp.where(k < length, number, 0.0) for k, number in enumerate(x)]
        return [self.scale * bp.sum(counted) / length]


def trained(data, network=None, **settings):
    network = network or Reader()
    settings = {"optimiser": "adam", "epochs": 3, "compiled": True, **settings}
    return train(network, data, **settings).P, network.state_dict()


EXPECTED = None


def expected():
    global EXPECTED
    EXPECTED = EXPECTED or trained([*zip(ROWS, D, strict=True)])
    return EXPECTED


@pytest.mark.parametrize(
    "data",
    [
        (ROWS, D),
        ([np.array(row) for row in ROWS], np.array(D)),
        (OBJECTS, np.array(D)),
        ((FILLED, LENGTHS), D),
        ((FILLED.tolist(), LENGTHS.tolist()), [[d] for d in D]),
        [((FILLED[:9], LENGTHS[:9]), D[:9]), (OBJECTS[9:], D[9:])],
        [(tuple(row), [d]) for row, d in zip(ROWS, D, strict=True)],
        ((row, d) for row, d in zip(ROWS, D, strict=True)),
    ],
    ids=["lists", "arrays", "objects", "filled", "filled lists", "chunks", "pairs", "iterator"],
)
def test_every_form_of_the_rows_gives_the_same_training(data):
    assert trained(data) == expected()


def test_frames_of_other_libraries_give_the_same_training():
    pandas = pytest.importorskip("pandas")
    polars = pytest.importorskip("polars")
    pyarrow = pytest.importorskip("pyarrow")
    for X in (pandas.Series(ROWS), polars.Series(ROWS), pyarrow.array(ROWS)):
        assert trained((X, D)) == expected()
    for table in (
        pandas.DataFrame({"word": WORDS, "end": VOWELS}),
        polars.DataFrame({"word": WORDS, "end": VOWELS}),
        {"word": WORDS, "end": VOWELS},
    ):
        size = Sequences.learned(WORDS).size
        model = fit(Reader(size, "sigmoid"), table, "end", epochs=2)
        assert model.about["rows"] == 40


def test_row_by_row_and_in_blocks_are_the_compiled_batches():
    P, state = expected()
    eager, of_eager = trained((ROWS, D), compiled=False)
    assert eager == pytest.approx(P, rel=1e-12)
    assert of_eager == pytest.approx(state, rel=1e-9)
    batch, of_batch = trained((ROWS, D), batch=40)
    block, of_block = trained((ROWS, D), block=64)
    assert block == pytest.approx(batch, rel=1e-12)
    assert of_block == pytest.approx(of_batch, rel=1e-9)


def test_gradients_are_those_of_rows_without_filling():
    network = Reader()
    network.zero_grad()
    for row, d in zip(ROWS, D, strict=True):
        bp.performance([d], network(row, len(row))).backward()
    exact = [w.grad for w in network.parameters()]
    table = np.column_stack([FILLED, LENGTHS])
    np.testing.assert_allclose(network.compiled().gradient(table, D), exact, rtol=1e-10, atol=1e-14)


def test_measurements_and_held_out_rows():
    normal = np.random.default_rng(0).normal
    rows = [normal(2.0, 0.1, size=size).tolist() for size in (3, 5, 1, 4)]
    mean = Mean()
    data = (rows, [1.0] * 4)
    history = train(mean, data, rate=0.1, epochs=60, held_out=(rows[:2], [1.0, 1.0]), compiled=True)
    assert mean.scale.data == pytest.approx(0.5, abs=0.02)
    assert evaluate(mean, data)[0] == pytest.approx(history.P[-1], abs=1e-3)
    assert history.epochs[-1].held_out_P > -0.01


def test_a_model_of_texts_predicts_scores_and_comes_back_from_its_file(tmp_path):
    size = Sequences.learned(WORDS).size
    network = Reader(size, "sigmoid")
    settings = {"optimiser": "adam:rate=0.05", "epochs": 60, "batch": 8, "compiled": True}
    model = fit(network, WORDS, VOWELS, **settings)
    assert model.score((WORDS, VOWELS)).accuracy > 0.9
    assert model.predict(["mira", "xyzzyxyzzy"])[0] == model.predict("mira")
    assert model.predict([]) == []
    assert sum(model.probabilities("mira").values()) == pytest.approx(1.0)
    assert model.predict_probabilities(WORDS[:2])[0] == [*model.probabilities(WORDS[0]).values()]
    many = WORDS * 5  # compiled
    assert model.predict(many) == model.predict(WORDS) * 5
    path = dataclasses.replace(model, factory="reader").save(tmp_path / "model.json")
    loaded = load_model(path, {"reader": lambda: Reader(size, "sigmoid")})
    assert loaded.predict(WORDS) == model.predict(WORDS)
    assert loaded.scaling == model.scaling
    assert loaded.example == (tuple(WORDS[-1]), VOWELS[-1])
    text = path.read_text("utf-8")
    for old, new in (('"kind": "text"', '"kind": "tekst"'), ('"longest": 6', '"longest": 7')):
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
        with pytest.raises(ModelError):
            load_model(path, {"reader": lambda: Reader(size, "sigmoid")})


def test_models_of_such_rows_have_no_onnx_form_but_their_modules_do():
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    model = fit(Mean(), [[1.0, 2.0], [3.0], [2.0, 2.0, 2.0]] * 4, [1.0, 2.0, 1.5] * 4, epochs=2)
    with pytest.raises(ModelError, match="module alone"):
        model.to_onnx()
    session = runtime.InferenceSession(model.network.to_onnx(inputs=4).SerializeToString())
    (z,) = session.run(None, {"x": np.array([[2.0, 4.0, 9.0, 2.0]])})
    assert z[0][0] == pytest.approx(3.0 * model.network.scale.data, rel=1e-12)


def test_lists_of_words_have_the_words_as_tokens():
    X = [["the", "cat", "sat"], ["a", "dog"], ["the", "dog", "ran", "away"], ["a", "cat"]] * 3
    y = [1.5, 2.5, 3.5, 4.5] * 3
    sequences = Sequences.learned(X)
    assert sequences.tokens == ("a", "away", "cat", "dog", "ran", "sat", "the")
    assert sequences.numbers(["the", "mouse"]) == [7.0, 0.0]
    model = fit(Reader(sequences.size), X, y, epochs=5, sample_weight=[1.0, 2.0] * 6)
    assert isinstance(model.predict([["the", "cat"], ["dog"]])[1], float)
    assert float(model.predict(["the", "cat"])) == pytest.approx(
        model.predict([["the", "cat"]])[0], rel=1e-5
    )


def test_rows_without_an_answer_are_left_out():
    answers = [None, *VOWELS[1:]]
    model = fit(Reader(Sequences.learned(WORDS).size, "sigmoid"), WORDS, answers, epochs=2)
    assert model.about["rows"] == 39
    assert model.score((WORDS, answers)).rows == 39


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        ([([1, 99], 1)], BadIndexError, "99 for a table of 6"),
        ([([1, 2.5], 1)], BadIndexError, "index 2.5"),
        ([([-1], 1)], BadIndexError, "index -1"),
        ([([1, float("nan")], 1)], DataError, "row 1: token 2 is nan"),
        ([([1], 1), (["a"], 1)], DataError, "row 2: token 1 is 'a'"),
        ([([1, None], 1)], DataError, "token 2"),
        ([([[1, 2], [3]], 1)], DataError, "token 1 is list"),
        (((FILLED, LENGTHS + 5), D), DataError, "has the length"),
        (((FILLED, LENGTHS - 0.5), D), DataError, "has the length"),
        ((ROWS, D[1:]), DataError, "one d for each"),
        (5, DataError, "pairs of tokens"),
        ([1, 2], DataError, "pairs of tokens"),
        ((5, 6), DataError, "list of lists"),
        ([], DataError, "no rows"),
        ([([1], float("inf"))], DataError, "desired output"),
    ],
)
def test_rows_that_cannot_be_used_are_named(data, error, message, compiled):
    with pytest.raises(error, match=message):
        train(Reader(), data, epochs=1, compiled=compiled)


def test_fit_names_what_is_missing():
    with pytest.raises(DataError, match="give y"):
        fit(Reader(), ROWS)
    with pytest.raises(DataError, match="no rows with tokens"):
        fit(Reader(), [[], []], [0, 1])
    with pytest.raises(DataError, match="2"):
        fit(Reader(), {"a": ROWS, "b": ROWS, "y": D}, "y")
    with pytest.raises(DataError, match="39"):
        fit(Reader(), ROWS, D[1:])


def frames_of(**columns):
    """The same table in every make."""
    yield columns
    for name, make in (("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "table")):
        yield getattr(pytest.importorskip(name), make)(columns)


def test_frames_are_read_as_the_model_learned_them():
    size = Sequences.learned(WORDS).size
    for learned in frames_of(word=WORDS, end=VOWELS):
        model = fit(Reader(size, "sigmoid"), learned, "end", optimiser="adam:rate=0.05", epochs=9)
        right, shares = model.predict(WORDS), model.predict_probabilities(WORDS)
        assert len({*map(tuple, shares)}) > 20
        for table in (*frames_of(word=WORDS, end=VOWELS), *frames_of(word=WORDS)):
            assert model.predict(table) == right
            assert model.predict_probabilities(table) == shares
            assert model.score((table, VOWELS)) == model.score((WORDS, VOWELS))
        assert model.score(learned) == model.score((WORDS, VOWELS))
    for table in ([[word] for word in WORDS], np.array(WORDS)[:, None], iter(WORDS)):
        assert model.predict(table) == right
    assert model.predict({"word": WORDS[0]}) == model.predict(WORDS[0]) == right[0]
    assert Sequences.from_json(model.scaling.to_json()) == model.scaling
    with pytest.raises(DataError, match="no column 'word'"):
        model.predict({"name": WORDS})


def test_frames_of_lists_are_read_as_the_model_learned_them():
    X = [["the", "cat"], ["a", "dog", "ran"], ["dog"], ["a", "cat"]] * 2
    for rows in (X, [[1.0, 2.0], [3.0], [4.0, 5.0, 6.0], [2.0]] * 2):
        for learned in frames_of(x=rows, y=[1.5, 2.5, 3.5, 4.5] * 2):
            model = fit(Reader(9) if rows is X else Mean(), learned, "y", epochs=3)
            for table in frames_of(x=rows):
                assert model.predict(table) == model.predict(rows)


@pytest.mark.parametrize(
    ("learned", "row"),
    [
        (["the", "cat"], [1, 2]),
        (["the", "cat"], ["the", 3]),
        (["the", "cat"], [["the", "cat"]]),
        ([["the", "cat"], ["a"]], "the cat"),
        ([["the", "cat"], ["a"]], [["the"], "cat"]),
        ([["1", "2"], ["2"]], [1.0, 2.0]),
        ([["1", "2"], ["2"]], [[1, 2]]),
        ([[1.0, 2.0], [3.0]], "12"),
        ([[1.0, 2.0], [3.0]], ["12", "3"]),
        ([[1.0, 2.0], [3.0]], [None, [1.0]]),
    ],
)
def test_rows_of_another_kind_are_refused_by_name(learned, row):
    network = Mean() if isinstance(learned[0][0], float) else Reader(9)
    model = fit(network, learned, [1.5, 2.5], epochs=1)
    with pytest.raises(DataError, match=r"the rows are|a number or a text is needed"):
        model.predict(row)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([["a", 1]], "row 1: token 2 is int 1"),
        ([["a"], [1, 2]], "row 2: token 1 is int 1"),
        ([["a", float("nan")], ["b"]], "token 2 is float nan"),
        ([[1, "a"]], "token 2 is str 'a'"),
        (["ab", ["a"]], "row 2 is list"),
        ([["a"], "ab"], "row 1 is list"),
        (["ab", None], "row 2 is NoneType"),
        ((FILLED, LENGTHS[1:]), "40 rows, and there are 39 lengths"),
        (np.array(3.0), "list of lists"),
    ],
)
def test_rows_of_mixed_kinds_and_other_things_are_refused(X, message):
    with pytest.raises(DataError, match=message):
        Sequences.learned(X)
    with pytest.raises(DataError, match=message):
        fit(Reader(), X, [1.5, 2.5][: len(X)] if isinstance(X, list) else D)


def test_a_generator_is_read_once_and_other_methods_say_what_they_take():
    model = fit(Reader(9), (word for word in ["ab", "c"]), [1.5, 2.5], epochs=1)
    with pytest.raises(DataError, match="predict"):
        model.rows((WORDS, VOWELS))
    with pytest.raises(SettingError, match="wiring of its own"):
        model.prove(["ab", "c"])


def test_lengths_that_rows_cannot_have_are_refused():
    for network in (Reader(), Mean()):
        for length in (3.0, -1.0):
            with pytest.raises(DataError, match="row 2 of 2 numbers has the length"):
                network.compiled()(np.array([[1.0, 2.0, 1.0], [1.0, 2.0, length]]))
    with pytest.raises(DataError, match="a row of 2 numbers has the length"):
        bp.nn.sequences.applied(Reader())([1.0, 2.0, 3.0])
    with pytest.raises(DataError, match="on a row without tokens"):
        evaluate(Plain(), ([[1.0], []], [1.0, 2.0]), compiled=False)
    for compiled in (True, False):
        with pytest.raises(DataError, match="row 2 has no tokens"):
            train(Mean(), ([[1.0], []], [1.0, 2.0]), epochs=1, compiled=compiled)


class Plain(Mean):
    """A quotient of plain numbers."""

    def __call__(self, x, length):
        return [self.scale * (1.0 / length)]

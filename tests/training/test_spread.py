"""Rows in blocks: the same weights to the last bit, wherever the rows lie.

The tests with a cluster start worker processes on this machine; they need dask and distributed.
"""

import os
import signal
import threading

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import DataError, SettingError, ShapeError
from autograd_bp.nn import Module, Network
from autograd_bp.training import Callback, Checkpoint, fit, train
from autograd_bp.training.spread.blocks import StreamedBlocks, blocks_of
from autograd_bp.training.spread.tables import _exact

random = np.random.default_rng(3)
X = random.normal(size=(5003, 6))
D = (X[:, :2].sum(axis=1) > 0.3).astype(float)
SETTINGS = {"rate": 2.0, "epochs": 3, "block": 512, "decay": 1e-3}


def trained(data, **settings):
    network = Network([6, 5, 1], seed=0)
    history = train(network, data, **{**SETTINGS, **settings})
    return network.weights, history


class Chunks:
    """Chunks that are read anew for each pass."""

    def __init__(self, size):
        self.size = size

    def __iter__(self):
        for start in range(0, len(X), self.size):
            yield X[start : start + self.size], D[start : start + self.size]


# ---------------------------------------------------------------------------- in this process
def test_a_block_of_all_rows_takes_the_steps_of_a_batch_of_all_rows():
    network = Network([6, 5, 1], seed=0)
    history = train(network, (X, D), rate=2.0, epochs=3, batch=len(X), decay=1e-3, compiled=True)
    weights, of_blocks = trained((X, D), block=10_000)
    assert np.allclose(
        [w for layer in weights for neuron in layer for w in neuron],
        [w for layer in network.weights for neuron in layer for w in neuron],
        rtol=1e-12,
    )
    assert pytest.approx(history.P, rel=1e-12) == of_blocks.P
    assert of_blocks.accuracy == history.accuracy


@pytest.mark.parametrize("size", [100, 512, 700, 6000])
def test_streamed_chunks_give_the_bits_of_an_array(size):
    expected, history = trained((X, D))
    weights, streamed = trained(Chunks(size))
    assert weights == expected
    assert (streamed.P, streamed.accuracy) == (history.P, history.accuracy)
    assert isinstance(blocks_of(Chunks(size), 512), StreamedBlocks)


def test_pairs_and_a_list_of_chunks_give_the_bits_of_an_array():
    expected, _ = trained((X, D))
    assert trained([*zip(X.tolist(), D.tolist(), strict=True)])[0] == expected
    assert trained([*Chunks(1000)])[0] == expected


def test_a_step_may_take_some_blocks_in_an_order_that_the_seed_decides():
    all_rows, _ = trained((X, D))
    some, _ = trained((X, D), batch=1024)
    assert some != all_rows
    assert some == trained((X, D), batch=1024)[0]
    assert some != trained((X, D), batch=1024, seed=1)[0]


def test_weights_of_rows_count_as_repeated_rows():
    weights = np.arange(40) % 3
    repeated = np.repeat(np.arange(40), weights)
    network, other = Network([6, 1], seed=0), Network([6, 1], seed=0)
    count = len(repeated) / 40
    train(network, (X[:40], D[:40]), rate=1.0, epochs=2, block=64, sample_weight=weights / count)
    train(other, (X[repeated], D[repeated]), rate=1.0, epochs=2, block=64)
    for a, b in zip(network.weights[0][0], other.weights[0][0], strict=True):
        assert a == pytest.approx(b, rel=1e-12)


def test_rows_held_out_callbacks_and_history():
    epochs = []
    _, history = trained(
        (X, D),
        epochs=5,
        held_out=(X[:50], D[:50]),
        on_epoch=lambda e: bool(epochs.append(e)) or len(epochs) == 2,
    )
    assert len(history.epochs) == 2
    assert all(epoch.held_out_accuracy is not None for epoch in epochs)
    assert "blocks of 512 rows" in history.how


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ((np.array([[1.0, np.nan]]), [1.0]), "row 1: input 2 is nan"),
        ((np.zeros((0, 2)), np.zeros(0)), "no rows"),
        ((np.array([["a", "b"]]), [1.0]), "plain numbers"),
        ((np.ones((3, 2)), [1.0, 0.0]), "different numbers of rows"),
        ((np.ones((3, 2)), np.ones((3, 4))), "4 desired outputs, and the network has 1"),
        ([], "no rows"),
    ],
)
def test_what_cannot_be_learned_is_said(data, message):
    with pytest.raises(DataError, match=message):
        train(Network([2, 1]), data, block=2)


def test_settings_out_of_range():
    with pytest.raises(SettingError, match="block is a whole number"):
        trained((X, D), block=0)
    with pytest.raises(SettingError, match="compiled=False"):
        trained((X, D), compiled=False)
    with pytest.raises(SettingError, match="ran away"):
        trained((X * 1e200, D * 1e300), rate=1e300)
    with pytest.raises(ShapeError):
        train(Network([3, 1]), (X, D), block=512)


@pytest.mark.parametrize("optimiser", ["adam", "lbfgs"])
def test_other_optimisers_take_the_steps(optimiser):
    settings = {"optimiser": optimiser, "rate": None, "epochs": 15}
    weights, history = trained((X, D), **settings)
    assert history.P[-1] > history.P[0]
    assert weights == trained(Chunks(700), **settings)[0]
    with pytest.raises(SettingError, match="needs more of each row"):
        trained((X, D), optimiser="levenberg-marquardt", rate=None)


class Own(Module):
    def __init__(self):
        self.w = [Value(0.1 * k, f"w{k}") for k in range(6)]

    def __call__(self, x):
        return [sum((w * xi for w, xi in zip(self.w, x, strict=True)), Value(0.0))]


def test_modules_of_any_wiring_and_performances_of_ones_own():
    own = Own()
    history = train(
        own, (X, D), block=512, rate=0.1, epochs=2, performance=lambda d, z: -((d[0] - z[0]) ** 2)
    )
    assert history.P[1] > history.P[0]


def test_a_sum_is_exact_before_it_is_rounded():
    values = [1e100, 1.0, -1e100, 1e-30] * 5
    parts = [_exact(values[:7]), _exact(values[7:])]
    assert _exact([x for part in parts for x in part]) == _exact(values)


# ------------------------------------------------------------------------------ on a cluster
@pytest.fixture(scope="module")
def clusters():
    """A function of the number of workers: a client of such a cluster, started once."""
    pytest.importorskip("dask.array")
    distributed = pytest.importorskip("distributed")
    import dask

    known = {}

    def client(workers):
        if workers not in known:
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",
                host="127.0.0.1",
            )
            known[workers] = (distributed.Client(cluster), cluster)
        return known[workers][0]

    with dask.config.set(
        {
            "distributed.worker.daemon": True,
            "distributed.admin.large-graph-warning-threshold": "1GB",
        }
    ):
        yield client
        for opened, cluster in known.values():
            opened.close()
            cluster.close()


def of_dask(chunks, chunks_of_answers=None):
    import dask.array as da

    return (
        da.from_array(X, chunks=(chunks, -1)),
        da.from_array(D, chunks=chunks_of_answers or chunks),
    )


pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


@pytest.mark.parametrize("batch", [1, 1024])
def test_the_weights_are_the_same_to_the_bit_for_any_number_of_workers(clusters, batch):
    expected, history = trained((X, D), batch=batch)
    for workers in (1, 2):
        with clusters(workers).as_current():
            for chunks in (300, 1700):
                weights, spread = trained(of_dask(chunks), batch=batch)
                assert weights == expected
                assert (spread.P, spread.accuracy) == (history.P, history.accuracy)


def test_chunks_may_be_cut_between_columns_and_elsewhere_in_the_answers(clusters):
    import dask.array as da

    expected, _ = trained((X, D))
    with clusters(2).as_current():
        data = da.from_array(X, chunks=(1000, 2)), da.from_array(D, chunks=800)
        assert trained(data)[0] == expected
        weights = np.linspace(0.5, 1.5, len(X))
        of_memory = trained((X, D), sample_weight=weights)[0]
        assert trained(of_dask(900), sample_weight=weights)[0] == of_memory


def test_without_a_cluster_chunks_are_computed_here():
    pytest.importorskip("dask.array")
    assert trained(of_dask(300))[0] == trained((X, D))[0]


def test_nothing_is_lost_when_a_worker_is_killed(clusters):
    expected, _ = trained((X, D), epochs=40)
    client = clusters(2)
    with client.as_current():
        victims = [*client.run(os.getpid).values()]
        killed = threading.Event()

        def kill(epoch):
            if epoch.number == 5:
                os.kill(victims[0], signal.SIGKILL)
                killed.set()

        weights, history = trained(of_dask(300), epochs=40, on_epoch=kill)
        assert killed.is_set()
        assert len(history.epochs) == 40
        assert weights == expected


def test_what_is_wrong_with_a_chunk_is_said(clusters):
    import dask.array as da

    with clusters(1).as_current():
        broken = X.copy()
        broken[4000, 3] = np.inf
        with pytest.raises(DataError, match="row 4001: input 4 is inf"):
            trained((da.from_array(broken, chunks=(1000, -1)), of_dask(1000)[1]))
        with pytest.raises(DataError, match="of Dask"):
            trained((of_dask(1000)[0], D))
        with pytest.raises(DataError, match="the other table has 9"):
            trained((of_dask(1000)[0], da.ones(9, chunks=3)))
        with pytest.raises(DataError, match="tuple"):
            train(Network([6, 1]), of_dask(1000)[0])


# ---------------------------------------------------------------------------- tables of any kind
def table(rows=700):
    generator = np.random.default_rng(5)
    size = generator.normal(10, 3, rows).round(3).tolist()
    colour = generator.choice(["red", "blue", "green"], rows).tolist()
    size[7] = size[333] = None
    colour[12] = None
    kind = [
        "large" if (s or 0) > 10 or c == "green" else "small"
        for s, c in zip(size, colour, strict=True)
    ]
    kind[650] = "rare"
    price = [2.0 * (s or 10.0) + (c == "red") for s, c in zip(size, colour, strict=True)]
    return {"size": size, "colour": colour, "kind": kind, "price": price}


def test_a_table_of_few_rows_has_the_encoder_of_fit():
    cells = table()
    model = fit([3], cells, "kind", epochs=2)
    of_blocks = fit([3], cells, "kind", epochs=2, block=100)
    assert of_blocks.scaling == model.scaling
    assert of_blocks.target == model.target
    assert of_blocks.about["rows"] == 700


@pytest.mark.parametrize("answers", ["kind", "price", ["price", "size"]])
def test_a_frame_of_dask_gives_the_model_of_a_table_in_memory(clusters, answers, monkeypatch):
    pandas = pytest.importorskip("pandas")
    frames = pytest.importorskip("dask.dataframe")
    from autograd_bp.training.spread import tables

    monkeypatch.setattr(tables, "SAMPLE", 200)  # the first "rare" is not among each fourth row
    cells = table()
    if isinstance(answers, list):
        cells["size"] = [10.0 if s is None else s for s in cells["size"]]
    options = {"epochs": 3, "block": 128, "balanced": answers == "kind", "task": "auto"}
    expected = fit([3], cells, answers, **options)
    frame = pandas.DataFrame(cells)
    with clusters(2).as_current():
        for partitions in (1, 3):
            model = fit([3], frames.from_pandas(frame, npartitions=partitions), answers, **options)
            assert model.network.weights == expected.network.weights
            assert model.scaling == expected.scaling
            assert model.target == expected.target
            assert model.predict(frame) == expected.predict(frame)
    if answers == "kind":
        assert model.target.classes == ("large", "rare", "small")


def test_weights_and_answers_of_their_own(clusters):
    pandas = pytest.importorskip("pandas")
    frames = pytest.importorskip("dask.dataframe")
    frame = pandas.DataFrame(table())
    frame["w"] = np.linspace(0.0, 2.0, len(frame))
    expected = fit([3], frame, "kind", sample_weight="w", epochs=2, block=128)
    with clusters(2).as_current():
        whole = frames.from_pandas(frame, npartitions=3)
        assert (
            fit([3], whole, "kind", sample_weight="w", epochs=2, block=128).network.weights
            == expected.network.weights
        )
        part = whole[["size", "colour"]]
        model = fit([3], part, whole["kind"], sample_weight=whole["w"], epochs=2, block=128)
        other = fit(
            [3],
            frame[["size", "colour"]],
            frame["kind"],
            sample_weight=frame["w"],
            epochs=2,
            block=128,
        )
        assert model.network.weights == other.network.weights
        with pytest.raises(SettingError, match="balanced=True and sample_weight"):
            fit([3], whole, "kind", sample_weight="w", balanced=True, block=128)
        with pytest.raises(DataError, match="there is no column 'colur'"):
            fit([3], whole, "colur", block=128)


def test_the_sample_has_a_row_for_each_column_with_missing_cells(monkeypatch):
    from autograd_bp.training.spread import tables

    monkeypatch.setattr(tables, "SAMPLE", 60)
    numbers = [float(k) for k in range(300)]
    numbers[251] = None
    words = ["a", "b"] * 150
    words[77] = ""
    model = fit([2], {"n": numbers, "w": words}, [0, 1, 1] * 100, block=64, epochs=1)
    assert model.scaling.names == ["n", "n is missing", "w is a", "w is b", "w is missing"]


# ------------------------------------------------------- callbacks, schedules, checkpoints
class Notes(Callback):
    """Has a state, and interrupts a training after so many steps."""

    def __init__(self, most=None):
        self.steps, self.most = 0, most

    def after_step(self, progress):
        self.steps += 1
        if self.steps == self.most:
            raise KeyboardInterrupt

    def state_dict(self):
        return {"steps": self.steps}

    def load_state_dict(self, state):
        self.steps = state["steps"]


@pytest.mark.parametrize("data", [(X, D), Chunks(700)], ids=["array", "chunks"])
@pytest.mark.parametrize(
    "settings",
    [
        {"batch": 1024, "optimiser": "adam", "rate": 0.01, "schedule": "warm-up:1:cosine"},
        {"batch": 1024, "optimiser": "momentum", "clip_norm": 0.01, "frozen": ["layers.0.*"]},
        {"optimiser": "lbfgs", "rate": None, "frozen": ["layers.0.neurons.0.*"], "patience": 20},
        {"optimiser": "rprop", "rate": None, "schedule": "plateau:1", "held_out": (X[:99], D[:99])},
    ],
)
def test_blocks_go_on_from_every_step_bit_for_bit(data, settings, tmp_path):
    settings = {"epochs": 6, **settings}
    expected, history = trained(data, callbacks=[Notes()], **settings)
    for most in (1, 5):
        path = tmp_path / f"{most}.json"
        notes = [Notes(most + 1)]
        trained(data, checkpoint=Checkpoint(path, steps=1), callbacks=notes, **settings)
        weights, resumed = trained(
            data, checkpoint=path, resume=True, callbacks=[Notes()], **settings
        )
        assert weights == expected
        assert resumed.epochs == history.epochs


def test_blocks_take_the_steps_of_rows_in_one_list():
    settings = {"optimiser": "adam", "rate": 0.05, "schedule": "cosine", "clip_value": 0.01}
    settings |= {"frozen": ["layers.1.*"], "epochs": 4}
    network = Network([6, 5, 1], seed=0)
    frozen = network.layers[1].neurons[0].weights[0].data
    history = train(network, (X, D), batch=len(X), compiled=True, decay=1e-3, **settings)
    weights, of_blocks = trained((X, D), block=10_000, **settings)
    assert pytest.approx(history.P, rel=1e-12) == of_blocks.P
    assert weights[1][0][1] == frozen


def test_a_checkpoint_of_other_blocks_is_refused(tmp_path):
    path = tmp_path / "run.json"
    trained((X, D), checkpoint=path)
    trained(Chunks(300), checkpoint=path, resume=True, epochs=4)  # the same rows
    changed = X.copy()
    changed[4000, 3] += 1e-9
    with pytest.raises(DataError, match="fingerprints differ"):
        trained((changed, D), checkpoint=path, resume=True)
    with pytest.raises((DataError, SettingError)):
        trained((X, D), checkpoint=path, resume=True, block=256)
    with pytest.raises(SettingError, match="clip_norm"):
        trained((X, D), checkpoint=path, resume=True, clip_norm=1.0, epochs=5)
    with pytest.raises(SettingError, match="leave clipping out"):
        trained((X, D), optimiser="lbfgs", rate=None, clip_norm=1.0)


def test_early_stopping_restores_the_best_weights_of_blocks():
    settings = {"rate": 5.0, "epochs": 40, "patience": 3}
    _, history = trained((X, D), held_out=(X[:200], 1.0 - D[:200]), **settings)
    assert history.stopped.startswith("no better for 3 epochs")
    assert len(history.epochs) == history.restored + 3
    assert history.restored == max(history.epochs, key=lambda epoch: epoch.held_out_P).number


class Dropped(Module):
    """A module that draws random numbers."""

    def __init__(self, seed=0):
        self.hidden, self.output = Network([6, 4], "tanh", seed=seed), Network([4, 1], seed=seed)

    def __call__(self, x):
        return self.output(bp.random.dropout(self.hidden(x), 0.25))


def test_a_training_on_a_cluster_goes_on_with_other_workers_and_here(clusters, tmp_path):
    settings = {"epochs": 5, "batch": 1024, "optimiser": "adam", "rate": 0.01, "block": 512}
    settings |= {"schedule": "cosine", "decay": 1e-3, "seed": 2, "clip_norm": 0.5}

    def weights(data, network, **more):
        train(network, data, callbacks=[Notes(more.pop("most", None))], **settings, **more)
        return network.state_dict()

    expected = weights((X, D), Dropped())
    path = tmp_path / "run.json"
    with clusters(2).as_current():
        weights(of_dask(300), Dropped(), checkpoint=Checkpoint(path, steps=1), most=4)
        weights(
            of_dask(300), Dropped(9), checkpoint=Checkpoint(path, steps=1), resume=True, most=13
        )
    with clusters(1).as_current():
        assert weights(of_dask(1700), Dropped(8), resume=path) == expected
    assert weights((X, D), Dropped(7), resume=path) == expected
    with pytest.raises(SettingError, match="blocks in their order is True"):
        weights(Chunks(900), Dropped(6), resume=path)

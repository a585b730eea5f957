"""The training loop: what it learns, in which order, and how it ends."""

import gc

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import DataError, SettingError
from autograd_bp.nn import Module, Network
from autograd_bp.training import GradientAscent, LossWarning, evaluate, read_csv, train, xor

OR = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 1)]


class Line(Module):
    """One weight, one output."""

    def __init__(self):
        self.w = Value(0.0)

    def __call__(self, row):
        return self.w * row[0]


@pytest.mark.parametrize("seed", range(6))
def test_xor_is_learned_from_several_seeds(seed):
    network = Network([2, 6, 1], seed=seed)
    history = train(network, xor().split(seed), rate=1.0, epochs=600, seed=seed)
    assert history.accuracy[-1] == 1.0
    assert history.P[-1] > -0.01 > history.P[0]


def test_training_climbs_what_it_is_given_and_never_descends():
    network, rows = Network([2, 6, 1], seed=0), xor().split().training
    before = evaluate(network, rows)[0]
    with pytest.warns(LossWarning, match="it looks like a loss"):
        train(network, rows, epochs=20, performance=lambda d, z: -bp.performance(d, z))
    assert evaluate(network, rows)[0] < before  # the error was climbed
    train(network, rows, epochs=600)
    assert evaluate(network, rows)[0] > before


def test_per_example_training_steps_after_each_row():
    line = Line()
    train(line, [([1.0], 2.0)] * 3, rate=0.5, epochs=1)
    assert line.w.data == 1.75  # 0 → 1 → 1.5 → 1.75


def test_a_batch_climbs_the_mean_of_its_performances():
    line = Line()
    train(line, [([1.0], 2.0), ([1.0], 6.0)], rate=0.5, epochs=1, batch=2)
    assert line.w.data == 0.5 * (2.0 + 6.0) / 2


def test_a_last_batch_that_is_smaller_takes_its_own_mean():
    line = Line()
    train(line, [([1.0], 2.0)] * 3, rate=0.5, epochs=1, batch=2)
    assert line.w.data == 1.5  # two rows: 0 → 1, then one row: 1 → 1.5


def test_gradients_left_from_before_move_nothing():
    line = Line()
    line.w.grad = 100.0
    train(line, [([0.0], 0.0)], rate=0.5, epochs=1)
    assert line.w.data == 0.0


def test_the_same_seed_gives_the_same_weights_to_the_last_bit():
    def weights(seed):
        network = Network([2, 3, 1], seed=0)
        train(network, OR, epochs=5, seed=seed)
        return network.state_dict()

    assert weights(1) == weights(1)
    assert weights(1) != weights(2)


def test_each_epoch_has_an_order_of_its_own():
    seen = []

    class Watching(Line):
        def __call__(self, row):
            seen.append(row[0])
            return super().__call__(row)

    train(Watching(), [([float(i)], 0.0) for i in range(8)], rate=0.01, epochs=2, seed=0)
    assert sorted(seen[:8]) == sorted(seen[8:]) == list(range(8))
    assert seen[:8] != seen[8:]


def test_the_order_of_rows_is_the_same_on_every_platform():
    from autograd_bp.training.dataset import order, stream

    assert order(10, stream(0, "order")) == [4, 1, 6, 2, 3, 5, 7, 0, 8, 9]
    assert order(10, stream(0, "split")) != order(10, stream(0, "order"))


def test_the_history_tells_performance_and_accuracy_of_both_kinds_of_rows():
    network = Network([2, 1], seed=0)
    history = train(network, OR, rate=1.0, epochs=50, held_out=OR[:2])
    last = history.epochs[-1]
    assert [epoch.number for epoch in history.epochs] == list(range(1, 51))
    assert (last.held_out_P, last.held_out_accuracy) == evaluate(network, OR[:2])
    assert history.accuracy[-1] == 1.0
    assert not history.interrupted


def test_accuracy_is_left_out_where_answers_are_numbers():
    history = train(Line(), [([1.0], 0.25)], rate=0.5, epochs=2)
    assert history.accuracy == [None, None]
    assert history.held_out_P == [None, None]


def test_evaluation_records_nothing_and_moves_nothing():
    network = Network([2, 2, 1], seed=3)
    before = network.state_dict()
    P, share = evaluate(network, OR)
    expected = [bp.performance([d], network(x)).data for x, d in OR]
    assert sum(expected) / 4 == P
    assert share in (0.0, 0.25, 0.5, 0.75, 1.0)
    assert network.state_dict() == before
    assert not any(w.grad for w in network.parameters())


@pytest.mark.parametrize(
    ("d", "z", "right"),
    [
        ([0.0], [0.4], True),
        ([0.0], [0.5], False),
        ([1.0], [0.5], True),
        ([0.0, 1.0, 0.0], [0.1, 0.2, 0.1], True),
        ([1.0, 0.0, 0.0], [0.1, 0.2, 0.1], False),
    ],
)
def test_an_output_is_right_when_it_says_the_class_that_is_desired(d, z, right):
    from autograd_bp.training.target import is_right

    assert is_right(d, z) is right


def interrupting(after):
    """A module that is interrupted in its n-th forward computation."""

    class Interrupted(Line):
        calls = 0

        def __call__(self, row):
            self.calls += 1
            if self.calls > after:
                raise KeyboardInterrupt
            return super().__call__(row)

    return Interrupted()


def test_ctrl_c_ends_training_with_the_work_so_far():
    line = interrupting(after=5)
    history = train(line, [([1.0], 2.0)] * 2, rate=0.5, epochs=10)
    assert history.interrupted
    assert len(history.epochs) == 2
    assert line.w.data == 2.0 - 2.0 ** (1 - 5)


def test_training_can_go_on_after_ctrl_c_without_gradients_left_behind():
    line = interrupting(after=3)
    train(line, [([1.0], 2.0)] * 2, rate=0.5, epochs=10, batch=2)  # stopped inside a batch
    assert line.w.data == 1.0
    assert line.w.grad == 0.0
    line.calls = -1000
    train(line, [([1.0], 2.0)] * 2, rate=0.5, epochs=1, batch=2)
    assert line.w.data == 1.5


def test_on_epoch_sees_each_epoch_and_can_stop_the_training():
    seen = []

    def stop_at_three(epoch):
        seen.append(epoch.number)
        return epoch.number == 3

    history = train(Line(), [([1.0], 2.0)], epochs=10, on_epoch=stop_at_three)
    assert seen == [1, 2, 3]
    assert len(history.epochs) == 3
    assert not history.interrupted


def test_errors_of_a_network_are_passed_on():
    class Broken(Line):
        def __call__(self, row):
            return next(iter([]))

    with pytest.raises(StopIteration):
        train(Broken(), [([1.0], 2.0)])


def test_weights_that_run_away_are_told_with_the_rate():
    with pytest.raises(SettingError, match=r"ran away in epoch \d+ .* smaller than 1e\+200"):
        train(Line(), [([1.0], 2.0)] * 3, rate=1e200, epochs=10)


@pytest.mark.parametrize("setting", ["epochs", "batch"])
@pytest.mark.parametrize("number", [0, -1, 1.5, True, "3", None], ids=repr)
def test_epochs_and_batches_are_whole_numbers_from_1_up(setting, number):
    with pytest.raises(SettingError, match=f"{setting} is a whole number, 1 or more"):
        train(Line(), [([1.0], 2.0)], **{setting: number})


@pytest.mark.parametrize("seed", [-1, 0.5, "a", None, True], ids=repr)
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(SettingError, match="a seed is a whole number"):
        train(Line(), [([1.0], 2.0)], seed=seed)


@pytest.mark.parametrize("data", [[], [1, 2], 7, [([1.0],)], "ab"], ids=repr)
def test_data_that_are_no_pairs_are_refused(data):
    with pytest.raises(DataError):
        train(Line(), data)


def test_memory_stays_flat_over_ten_thousand_steps():
    w = Value(0.5)
    ascent = GradientAscent([w], 0.1)

    def steps(n):
        for _ in range(n):
            bp.performance(0.75, bp.sigmoid(w * 2.0 - 1.0)).backward()
            ascent.step()
        gc.collect()
        return len(gc.get_objects())

    before = steps(10)
    assert steps(10_000) <= before + 5


@pytest.mark.parametrize("compiled", [False, True])
def test_training_leaves_no_graph_behind(compiled):
    import tracemalloc

    network = Network([2, 3, 1], seed=0)
    train(network, OR, epochs=2, compiled=compiled)  # whatever it imports is imported now
    tracemalloc.start()
    try:
        train(network, OR, epochs=20, compiled=compiled)
        few = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        train(network, OR, epochs=200, compiled=compiled)
        many = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert many - few < 200 * 1_000  # an entry of the history for each epoch, and no more


def test_numbers_of_a_file_are_learned(tmp_path):
    path = tmp_path / "line.csv"
    path.write_text("x,y\n" + "".join(f"{i / 10},{3 + 2 * i / 10}\n" for i in range(40)))
    split = read_csv(path).split(seed=0)
    network = Network([1, 4, 1], seed=0)
    history = train(network, split, rate=0.5, epochs=400)
    worst_guess = -0.5 * 0.4**2
    assert history.held_out_P[-1] > worst_guess / 20
    assert history.accuracy[-1] is None


def test_a_progress_bar_is_shown_on_a_terminal_only(capsys, monkeypatch):
    pytest.importorskip("tqdm")
    train(Line(), [([1.0], 2.0)], epochs=2, progress=True)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    train(Line(), [([1.0], 2.0)], epochs=2, progress=True)
    assert "epoch 2/2" in capsys.readouterr().err


def test_training_goes_on_where_tqdm_is_missing(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setitem(__import__("sys").modules, "tqdm", None)
    assert len(train(Line(), [([1.0], 2.0)], epochs=2, progress=True).epochs) == 2
    assert capsys.readouterr().err == ""

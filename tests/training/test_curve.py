"""The learning curve: a picture of its own, without a display and without pyplot."""

import subprocess
import sys

import pytest

from autograd_bp.errors import DataError, MissingExtraError, OutputError
from autograd_bp.training import Epoch, History
from autograd_bp.training.curve import learning_curve, save_learning_curve

pytest.importorskip("matplotlib")

BOTH = History([Epoch(i, -1.0 / i, 1 - 0.5 / i, -1.2 / i, 1 - 0.6 / i) for i in range(1, 9)])
NUMBERS = History([Epoch(i, -1.0 / i, None, None, None) for i in range(1, 100)])


def test_both_kinds_of_rows_are_drawn_as_they_are():
    left, right = learning_curve(BOTH).axes
    assert [list(line.get_ydata()) for line in left.lines] == [BOTH.P, BOTH.held_out_P]
    assert [list(line.get_ydata()) for line in right.lines] == [
        BOTH.accuracy,
        BOTH.held_out_accuracy,
    ]
    assert list(left.lines[0].get_xdata()) == list(range(1, 9))


def test_the_legend_says_the_last_numbers():
    texts = [text.get_text() for text in learning_curve(BOTH).axes[1].get_legend().get_texts()]
    assert texts == ["training rows: 93.8%", "rows held out: 92.5%"]


def test_where_right_and_wrong_mean_nothing_there_is_one_panel():
    (axes,) = learning_curve(NUMBERS).axes
    assert len(axes.lines) == 1


def test_the_picture_is_a_png_and_the_same_every_time(tmp_path):
    first = save_learning_curve(BOTH, tmp_path / "a.png", "title").read_bytes()
    assert first.startswith(b"\x89PNG")
    assert save_learning_curve(BOTH, tmp_path / "b.png", "title").read_bytes() == first


def test_one_epoch_is_enough(tmp_path):
    assert save_learning_curve(History(BOTH.epochs[:1]), tmp_path / "a.png").exists()


def test_no_epoch_is_told():
    with pytest.raises(DataError, match="no epoch was finished"):
        learning_curve(History())


def test_a_picture_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(OutputError, match="cannot write"):
        save_learning_curve(BOTH, tmp_path / "nowhere" / "a.png")


def test_a_missing_matplotlib_is_told_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r'pip install "autograd_bp\[plots\]"'):
        learning_curve(BOTH)


def test_pyplot_is_left_alone():
    code = (
        "import sys\n"
        "from autograd_bp.training import Epoch, History\n"
        "from autograd_bp.training.curve import learning_curve\n"
        "assert 'matplotlib' not in sys.modules\n"
        "learning_curve(History([Epoch(1, -1.0, None, None, None)]))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

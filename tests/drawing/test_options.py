"""Every option of pictures and pages refuses what it cannot be, by name; nothing raw comes out."""

import inspect
import math
import re

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import derivation, diff, draw, draw_network, draw_neuron, renderer
from autograd_bp.errors import AutogradError, OperandError, SettingError
from autograd_bp.nn import Network
from autograd_bp.stepping import live, step_through


class Odd:
    def __repr__(self):
        return "<odd>"


WRONG = {
    "a number": 3,
    "a negative number": -1,
    "a fraction": 2.5,
    "NaN": math.nan,
    "infinity": math.inf,
    "a number too large for a float": 10**400,
    "text": "text",
    "no text": "",
    "bytes": b"bytes",
    "None": None,
    "True": True,
    "an empty list": [],
    "a list of numbers": [3],
    "a list of texts": ["a"],
    "a mapping": {"a": 1},
    "a mapping of numbers": {1: 2},
    "an object": Odd(),
    "a class": object,
    "a Value": Value(1.0, "q"),
    "a list of Values": [Value(1.0, "q")],
    "a function": lambda: 1,
    "a zero character": "\0",
    "a range": range(3),
    "a complex number": 1j,
    "an array": np.zeros((2, 2)),
}


def swept():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    P = bp.performance(1.0, bp.sigmoid(w * x - 1))
    P.backward()
    return P


def network():
    return Network([2, 1], seed=0)


def page():
    return step_through(swept())


CALLS = {
    "draw": (draw, lambda **k: draw(swept(), **k).dot, ("value", "x", "d")),
    "draw of a network": (draw, lambda **k: draw(network(), **{"x": [1, 2], **k}).dot, ("value",)),
    "diff": (diff, lambda **k: diff(swept(), swept(), **k).dot, ("before", "after")),
    "draw_neuron": (draw_neuron, lambda **k: draw_neuron(swept(), **k).dot, ("output",)),
    "draw_network": (draw_network, lambda **k: draw_network(network(), **k).dot, ("network",)),
    "derivation": (derivation, lambda **k: str(derivation(swept(), **k)), ("output",)),
    "live": (live, live, ()),
}
if renderer():
    CALLS |= {
        "step_through": (step_through, lambda **k: step_through(swept(), **k), ("output",)),
        "step_through of a network": (
            step_through,
            lambda **k: step_through(network(), **{"x": [1, 2], "d": 1, **k}),
            ("output",),
        ),
        "save_step": (
            step_through(swept()).save_step,
            lambda **k: page().save_step(**{"path": "a.svg", "step": 1, **k}),
            (),
        ),
        "save_animation": (
            step_through(swept()).save_animation,
            lambda **k: page().save_animation(**{"path": "a.jpg", **k}),
            (),
        ),
        "save of a page": (step_through(swept()).save, lambda **k: page().save(**k), ()),
    }
OPTIONS = [
    (call, option)
    for call, (function, _, others) in CALLS.items()
    for option in inspect.signature(function).parameters
    if option not in others
]


def error_of(function, option, wrong):
    """What a call with a wrong option says; None where it takes the option."""
    try:
        function(**{option: wrong})
    except AutogradError as error:
        return str(error)
    return None


@pytest.mark.parametrize(("call", "option"), OPTIONS)
def test_no_option_gives_a_raw_error(call, option, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    _, function, _ = CALLS[call]
    errors = [error_of(function, option, wrong) for wrong in WRONG.values()]
    assert any(errors)
    assert all(error is None or re.search(r"\w{4}", error) for error in errors)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: draw(swept(), title=3), SettingError, "title is a text.*got 3"),
        (lambda: draw(swept(), names=[1]), SettingError, r"names is a mapping.*got \[1\]"),
        (lambda: draw(swept(), fold="no"), SettingError, "fold is True or False, got 'no'"),
        (lambda: draw(swept(), highlight=3), OperandError, r"highlight=.*got 3"),
        (lambda: draw(swept(), stop_at=["w"]), OperandError, r"stop_at=.*got str 'w'"),
        (lambda: draw(swept(), inputs=3), OperandError, r"inputs=.*got 3"),
        (lambda: draw(swept(), unfold=3), SettingError, "unfold is True, False, or names.*got 3"),
        (lambda: draw(swept(), rows=True), SettingError, "rows must be a whole number.*got True"),
        (lambda: draw(swept()).save(3), SettingError, "path is a text or a pathlib.Path, got 3"),
        (lambda: draw(network(), [1, 2], 10**400), OperandError, "about 400 digits"),
        (lambda: draw_network(network(), inputs=3), SettingError, "inputs is a list.*got 3"),
        (lambda: derivation(swept(), 3), OperandError, r"wrt=.*got 3"),
        (lambda: live(rows=3), SettingError, "rows is a list.*got 3"),
        (lambda: live(3), SettingError, "path is a text"),
        (lambda: step_through(swept(), 3), SettingError, "path is a text"),
        (lambda: step_through(swept(), title=None), SettingError, "title is a text.*got None"),
        (lambda: step_through(network(), x=3), SettingError, "x is a list.*got 3"),
        (lambda: step_through(network(), x=[1, 2], history=[3]), SettingError, "a stage is a list"),
    ],
)
def test_the_error_names_the_option_and_what_it_takes(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_flags_of_numpy_and_whole_numbers_are_flags():
    assert draw(swept(), fold=np.True_, variables=0).dot == draw(swept(), variables=False).dot


def test_nothing_is_computed_for_a_page_that_has_no_place(tmp_path):
    with pytest.raises(SettingError, match="path"):
        step_through(network(), x=[1, 2], animation=3, path=tmp_path / "page.html")
    assert not list(tmp_path.iterdir())

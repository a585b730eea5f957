"""What neurons, layers and networks of other libraries have, and what to write here.

These are attributes of the classes that raise an error when somebody asks for them: `__getattr__`
would make every attribute of a neuron slow.
"""

from __future__ import annotations

from typing import Any, NoReturn

from autograd_bp.errors import UnknownNameError

_OF_NEURONS = {
    "weights; the bias is bias, and w0": "w coef_ kernel weight",
    "bias, and w0": "b intercept_",
}
_OF_NETWORKS = {
    "weights": "coefs_",
    "layers[0].neurons": "neurons",
    "training.train(network, examples)": "fit",
    "backward() of an output, z, = network(row), or of a performance": "backward",
    "an optimiser of training, such as GradientAscent(network.parameters(), rate=0.1)": "step",
    "save_weights(path), or state_dict()": "save",
    "load_weights(path), or load_state_dict(state)": "load",
}
_OF_ALL = {
    "a call, as in network(row)": "forward predict activate",
    "nothing, since it computes the same in training": "train eval",
}
OF_NEURONS = {**_OF_NEURONS, **_OF_ALL}
OF_NETWORKS = {**_OF_NETWORKS, **_OF_ALL}


class MissingName:
    """A name that other libraries have: asking for it raises UnknownNameError. An instance or a
    class of the user's may have an attribute of that name."""

    def __init__(self, name: str, ours: str) -> None:
        self.name, self.ours = name, ours

    def __repr__(self) -> str:
        return f"<not here: {self.ours}>"

    def __get__(self, module: Any, owner: type) -> NoReturn:
        raise UnknownNameError(f"a {owner.__name__} has no {self.name!r}: here it is {self.ours}")


def explain_missing(cls: type, answers: dict[str, str]) -> None:
    """Give a class the names that it does not have."""
    for ours, names in answers.items():
        for name in names.split():
            setattr(cls, name, MissingName(name, ours))


def _is_reached(owner: type, name: str, what: MissingName) -> bool:
    """Whether this is what a class has under the name: one in between may have its own."""
    return next(vars(cls)[name] for cls in owner.__mro__ if name in vars(cls)) is what


def without_missing(owner: type, names: Any) -> list[str]:
    """The names of `dir` without those."""
    hidden = {
        name
        for cls in owner.__mro__
        for name, what in vars(cls).items()
        if isinstance(what, MissingName) and _is_reached(owner, name, what)
    }
    return [name for name in names if name not in hidden]

"""The order of rows goes on where the last call of `train` left it."""

from __future__ import annotations

from array import array
from hashlib import sha256
from random import Random
from typing import Any
from weakref import WeakKeyDictionary

from autograd_bp.nn.module import Module
from autograd_bp.training.dataset import stream
from autograd_bp.training.history import History

__all__ = ["epochs_before", "orders", "remember_order"]


class _Left:
    """The results of a training of a network: its random numbers, and the weights after it."""

    def __init__(self, seed: int, rows: int) -> None:
        self.seed, self.rows = seed, rows
        self.random = stream(seed, "order")
        self.weights, self.epochs = b"", 0


_left: WeakKeyDictionary[Any, _Left] = WeakKeyDictionary()


def orders(network: Module, seed: int, rows: int) -> Random:
    """The random numbers for the order of so many rows: those of the seed, or what follows those
    that the network was trained with, if its weights are as that training left them."""
    try:
        left = _left.get(network)
        if (
            left is None
            or (left.seed, left.rows) != (seed, rows)
            or left.weights != _weights(network)
        ):
            left = _left[network] = _Left(seed, rows)
    except TypeError:  # a class of the user's without hash or weak references
        return stream(seed, "order")
    stream(seed, "order")  # checks the seed: 1 and True are equal
    return left.random


def epochs_before(network: Module) -> int:
    """The epochs of the trainings that this one goes on with: random numbers of rows go on too."""
    try:
        left = _left.get(network)
    except TypeError:
        return 0
    return 0 if left is None else left.epochs


def remember_order(network: Module, history: History, epochs: int = 0) -> None:
    """Note the weights after a training, which had that many epochs before it."""
    try:
        left = _left.get(network)
    except TypeError:
        return
    if left is not None:
        # After an epoch that was cut short there is no place in the order to go on from.
        left.weights = b"" if history.interrupted or not history.epochs else _weights(network)
        left.epochs = epochs + len(history.epochs)


def _weights(network: Module) -> bytes:
    """A fingerprint of the weights."""
    return sha256(array("d", (w.data for w in network.parameters()))).digest()

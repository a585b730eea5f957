"""Neural networks on top of the engine: neurons, layers, any wiring, and the proof of them.

A module computes with plain Python and knows nothing of training. `gamma` states the formulas of
backpropagation by hand and imports nothing of the engine, so that `prove` can compare the two.

>>> from autograd_bp.nn import Network, prove
>>> net = Network([2, 2, 1], seed=0)
>>> net.named_parameters()[0][0]
'layers.0.neurons.0.bias'
>>> prove(net, [0.0, 1.0], 1.0).ok
True
"""

from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from autograd_bp.nn.layer import Layer
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network, Trace
from autograd_bp.nn.neuron import Neuron, activation_name, identity
from autograd_bp.nn.proof import prove
from autograd_bp.nn.report import Proof
from autograd_bp.nn.slopes import Output, Slope

__all__ = [
    "Layer",
    "Module",
    "Network",
    "Neuron",
    "Output",
    "Proof",
    "Slope",
    "Trace",
    "activation_name",
    "identity",
    "prove",
]

if not _TYPE_CHECKING:  # a type checker would take any name for a public one

    def __getattr__(name: str) -> _Any:
        from autograd_bp.words import NoSuchName

        raise NoSuchName(__name__, name, __all__)

"""Neural networks on top of the engine: neurons, layers, any wiring, and the proof of them.

    >>> from autograd_bp.nn import Network
    >>> net = Network([2, 2, 1], seed=0)
    >>> net.named_parameters()[0][0]
    'layers.0.neurons.0.bias'
"""

from autograd_bp.nn.layer import Layer
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network, Trace
from autograd_bp.nn.neuron import Neuron, activation_name, identity

__all__ = ["Layer", "Module", "Network", "Neuron", "Trace", "activation_name", "identity"]

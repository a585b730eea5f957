"""Scripts that were written for another engine: its words, and this library's numbers.

    compat.micrograd    Value, Neuron, Layer, MLP and Module of micrograd, microgpt and the lectures
    compat.autograd     grad, jacobian and so on of HIPS autograd, and its numpy
    compat.minitorch    Scalar

docs/migrating.md says word for word what corresponds to what, and what differs on purpose.
"""

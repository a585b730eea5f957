"""Networks and weights in the formats of other programs.

`weights` writes and reads .npz and .safetensors files and PyTorch's state dicts; `onnx` writes
networks that ONNX Runtime and others run without this library.

Elsewhere a neuron adds its bias, σ(Σ w_i x_i + b), where the post subtracts w0: in all of these
formats stands b = -w0.
"""

from autograd_bp.exchange.torch_states import (
    from_torch,
    load_torch_state,
    to_torch_sequential,
    torch_state,
)
from autograd_bp.exchange.weights import load_weights, save_weights

__all__ = [
    "from_torch",
    "load_torch_state",
    "load_weights",
    "save_weights",
    "to_torch_sequential",
    "torch_state",
]

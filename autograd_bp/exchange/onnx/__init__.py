"""Networks as ONNX: graphs that ONNX Runtime and other programs run without this library.

`graph` collects nodes, `functions` says what each primitive of the table is there, `networks`
writes a Network or any other module; training/onnx_model.py puts an encoder before it.
"""

from autograd_bp.exchange.onnx.networks import to_onnx

__all__ = ["to_onnx"]

"""Weights in files: .npz of NumPy and .safetensors."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

from autograd_bp.errors import MissingExtraError, ModelError, SettingError
from autograd_bp.exchange.tensors import set_tensors, tensors_of
from autograd_bp.files import write_atomically
from autograd_bp.nn.module import Module

__all__ = ["load_weights", "save_weights"]

NAMES = "names"
ENDINGS = (".npz", ".safetensors")
DTYPES = ("float64", "float32")
_UNREADABLE = (OSError, ValueError, EOFError, AttributeError, KeyError, zipfile.BadZipFile)


def save_weights(module: Module, path: str | os.PathLike[str], *, dtype: str = "float64") -> Path:
    """Write the weights of a module to a file, whole or not at all.

    Arguments:
        module: a Network, whose layers become arrays that other libraries can read; or another
            module, whose parameters become one array beside their names.
        path: the file; its ending, .npz or .safetensors, decides the format.
        dtype: "float64", which keeps every bit, or "float32".

    Raises: SettingError for another ending or dtype; ModelError for weights that are not finite;
        MissingExtraError without NumPy, or safetensors where it is needed.

    Example:
        >>> from autograd_bp.nn import Network
        >>> network, other = Network([2, 3, 1], seed=1), Network([2, 3, 1], seed=2)
        >>> path = network.save_weights("weights.npz")
        >>> other.load_weights(path)
        >>> other.weights == network.weights
        True
    """
    ending = _ending(path)
    if dtype not in DTYPES:
        raise SettingError(f"dtype is 'float64' or 'float32', got {dtype!r:.40}")
    numpy = _numpy()
    tensors, names = tensors_of(module)
    with numpy.errstate(over="ignore"):  # said below
        arrays = {name: array.astype(dtype) for name, array in tensors.items()}
    if not all(numpy.isfinite(array).all() for array in arrays.values()):
        raise ModelError("a weight is too large for float32: save as float64")
    if ending == ".safetensors":
        metadata = {"format": "np"} | ({} if names is None else {NAMES: json.dumps(names)})
        return write_atomically(path, _safetensors().save(arrays, metadata))
    if names is not None:
        arrays[NAMES] = numpy.array(names)
    stream = io.BytesIO()
    numpy.savez(stream, **arrays)
    return write_atomically(path, stream.getvalue())


def load_weights(module: Module, path: str | os.PathLike[str]) -> None:
    """Give a module the weights of a file that `save_weights` wrote, or another library with names
    such as `0.weight` and `0.bias` for the layers. Nothing in the file is executed.

    Raises: ModelError when the file cannot be read, or its weights do not fit; SettingError for an
        ending that is neither .npz nor .safetensors; MissingExtraError as `save_weights`.
    """
    ending = _ending(path)
    numpy = _numpy()
    names: list[str] | None = None
    tensors: dict[str, Any]
    if ending == ".safetensors":
        tensors, names = _from_safetensors(path)
    else:
        try:
            with open(path, "rb") as stream:  # NumPy leaves a damaged file open
                file = numpy.load(stream, allow_pickle=False)
                tensors = {name: file[name] for name in file.files}
        except _UNREADABLE as error:
            raise ModelError(f"cannot read {os.fspath(path)}: {error}") from None
        if NAMES in tensors:
            names = [str(name) for name in tensors.pop(NAMES).ravel().tolist()]
    try:
        set_tensors(module, tensors, names)
    except ModelError as error:
        raise ModelError(f"{os.fspath(path)}: {error}") from None


def _from_safetensors(path: str | os.PathLike[str]) -> tuple[dict[str, Any], list[str] | None]:
    library = _safetensors()
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(os.fspath(path), framework="np") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, TypeError, ValueError) as error:
        raise ModelError(f"cannot read {os.fspath(path)}: {error}") from None
    del library
    if NAMES not in metadata:
        return tensors, None
    try:
        return tensors, [str(name) for name in json.loads(metadata[NAMES])]
    except (ValueError, TypeError):
        raise ModelError(f"cannot read {os.fspath(path)}: its list of names is damaged") from None


def _ending(path: str | os.PathLike[str]) -> str:
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise SettingError(
            f"weights are files that end in {' or '.join(ENDINGS)}, got {os.fspath(path)!r:.80}"
        )
    return ending


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        raise MissingExtraError(
            'files of weights need NumPy: pip install "autograd_bp[arrays]"'
        ) from None
    return numpy


def _safetensors() -> Any:
    try:
        import safetensors.numpy
    except ImportError:
        raise MissingExtraError(
            'a .safetensors file needs safetensors: pip install "autograd_bp[safetensors]", or '
            "use .npz"
        ) from None
    return safetensors.numpy

"""Other libraries' numbers: NumPy, torch and JAX arrays among the arguments and the results.

A check works on floats. Arrays are taken apart here, and put together again with the kind and the
precision that they had, so that a function of float32 tensors is called with float32 tensors.
No library is imported: an argument that holds a tensor shows that torch is loaded.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from autograd_bp.derivatives.trees import Tree, _taken_apart
from autograd_bp.errors import OperandError

__all__ = [
    "DOUBLE",
    "aligned",
    "assemble",
    "blocks",
    "has_arrays",
    "is_foreign",
    "plain",
    "refuse_complex",
    "refuse_odd_arrays",
    "rounding_of",
]

DOUBLE = 2.0**-52
Back = Callable[[Any], Any]  # from a float or a NumPy array of floats to the original kind


def is_foreign(thing: Any) -> str:
    """The library that an array belongs to, "torch" or "jax"; an empty string for all else."""
    torch, jax = sys.modules.get("torch"), sys.modules.get("jax")
    if torch is not None and isinstance(thing, torch.Tensor):
        return "torch"
    if jax is not None and isinstance(thing, jax.Array):
        return "jax"
    return ""


def rounding_of(thing: Any, what: str = "the argument") -> float:
    """The distance from 1 to the next number of this kind: 2^-52 for Python's floats.

    Raises: OperandError for arrays that hold no real floating-point numbers.
    """
    if is_foreign(thing) == "torch":
        torch = sys.modules["torch"]
        if not thing.dtype.is_floating_point:
            raise OperandError(
                f"{what} is a torch tensor of {thing.dtype}: derivatives need real floating-point "
                "numbers, convert it with .double()"
            )
        return float(torch.finfo(thing.dtype).eps)
    dtype = getattr(thing, "dtype", None)
    if dtype is None:
        return DOUBLE
    if is_foreign(thing) == "jax":
        numbers = sys.modules["jax"].numpy
        if not numbers.issubdtype(dtype, numbers.floating):
            raise OperandError(
                f"{what} is a JAX array of {dtype}: derivatives need real floating-point "
                "numbers, convert it with .astype(float)"
            )
        return float(numbers.finfo(dtype).eps)
    if getattr(dtype, "kind", "") != "f":
        return DOUBLE
    return max(DOUBLE, float(sys.modules["numpy"].finfo(dtype).eps))


def plain(tree: Any) -> tuple[Any, list[Back | None]]:
    """The same tree with NumPy arrays for tensors, and for each of its numbers and arrays the
    function that turns it back; None where it is a float already."""
    backs: list[Back | None] = []
    return _plain(tree, backs, 0), backs


def _plain(tree: Any, backs: list[Back | None], depth: int) -> Any:
    kind = is_foreign(tree)
    if kind == "torch":
        if tree.numel():
            backs.append(_torch_maker(tree))
        array = tree.detach().cpu().double().numpy()
        return array if array.ndim else float(array)
    if kind == "jax":
        import numpy as np

        if tree.size:
            backs.append(_jax_maker(tree))
        array = np.asarray(tree, dtype=float)
        return array if array.ndim else float(array)
    if _is_of_pandas(tree):
        if tree.size:
            backs.append(_pandas_maker(tree))
        return _numbers_of_pandas(tree)
    parts, _, make, _ = _taken_apart(tree)
    if parts is not None and depth <= 100:
        return make([_plain(part, backs, depth + 1) for part in parts])
    if getattr(tree, "size", 1):
        backs.append(_numpy_maker(tree))
    return tree


def _is_of_pandas(thing: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(thing, (pandas.Series, pandas.DataFrame))


def _numbers_of_pandas(thing: Any) -> Any:
    """The numbers of a Series or a DataFrame, as an array.

    Raises: OperandError for columns that hold no numbers.
    """
    try:
        return thing.to_numpy(dtype=float)
    except (TypeError, ValueError):
        kind = type(thing).__name__
        raise OperandError(
            f"a {kind} of pandas holds what is no real number: pass the columns that are numbers, "
            "such as frame.select_dtypes('number')"
        ) from None


def aligned(gradient: Any, argument: Any) -> Any:
    """A gradient of pandas with its labels in the order of the argument's."""
    if isinstance(gradient, dict) and isinstance(argument, dict) and set(gradient) == set(argument):
        return {name: aligned(gradient[name], part) for name, part in argument.items()}
    if not _is_of_pandas(argument) or type(gradient) is not type(argument):
        return gradient
    for place, labels in enumerate(argument.axes):
        own = gradient.axes[place]
        if labels.is_unique and own.is_unique and set(own) == set(labels):
            gradient = gradient.reindex(labels, axis=place)
    return gradient


def _pandas_maker(like: Any) -> Back:
    """Another Series or DataFrame with the same labels."""
    labels = {"index": like.index}
    if hasattr(like, "columns"):
        labels["columns"] = like.columns
    else:
        labels["name"] = like.name
    return lambda array: type(like)(array, **labels)


def _torch_maker(like: Any) -> Back:
    torch = sys.modules["torch"]

    def back(array: Any) -> Any:
        tensor = torch.as_tensor(array, dtype=torch.float64).to(like.dtype).to(like.device)
        return tensor.reshape(like.shape).requires_grad_(like.requires_grad)

    return back


def _jax_maker(like: Any) -> Back:
    numbers = sys.modules["jax"].numpy

    def back(array: Any) -> Any:
        return numbers.asarray(array, dtype=like.dtype).reshape(like.shape)

    return back


def _numpy_maker(like: Any) -> Back | None:
    """For arrays and scalars of another precision than double."""
    dtype = getattr(like, "dtype", None)
    if dtype is None or getattr(dtype, "kind", "") != "f" or dtype.itemsize == 8:
        return None
    if getattr(like, "ndim", 0):
        return lambda array: array.astype(dtype)
    return lambda x: dtype.type(x)


def assemble(tree: Tree, leaves: Any, backs: list[Back | None]) -> Any:
    """The argument for these numbers: like `tree.build`, with the kinds that were taken apart.

    Arrays of numbers are cut into those of the argument, each a copy.
    """
    if isinstance(leaves, (list, tuple)):
        if not any(backs):
            return tree.build(leaves)
        return _assemble(tree, iter(leaves), iter(backs))
    if not tree.children and tree.is_array and not any(backs):
        return leaves.reshape(tree.shape).copy()
    return _cut(tree, leaves, 0, iter(backs))[0]


def _assemble(tree: Tree, leaves: Iterator[float], backs: Iterator[Back | None]) -> Any:
    if tree.children:
        return tree._make([_assemble(child, leaves, backs) for child in tree.children])
    block = tree._make([next(leaves) for _ in range(tree.size)])
    back = next(backs) if tree.size else None
    return block if back is None else back(block)


def _cut(tree: Tree, leaves: Any, start: int, backs: Iterator[Back | None]) -> tuple[Any, int]:
    """A tree of the numbers from a place of an array, and the place after them."""
    if tree.children:
        parts = []
        for child in tree.children:
            part, start = _cut(child, leaves, start, backs)
            parts.append(part)
        return tree._make(parts), start
    end = start + tree.size
    if not tree.size:
        return tree._make([]), end
    block = leaves[start:end].reshape(tree.shape).copy() if tree.is_array else float(leaves[start])
    back = next(backs)
    return (block if back is None else back(block)), end


def has_arrays(tree: Tree) -> bool:
    """Whether there is an array among the blocks of a tree."""
    return any(block.is_array for block in tree.blocks())


def refuse_complex(tree: Any, what: str) -> None:
    """Raises: OperandError for complex numbers and arrays of them."""
    for block in blocks(tree):
        dtype = getattr(block, "dtype", None)
        if isinstance(block, complex) or "complex" in str(dtype):
            raise OperandError(
                f"{what} complex numbers ({dtype or type(block).__name__}): a check compares real "
                "derivatives, so pass real and imaginary parts as separate numbers, and return "
                "them or a real number made of them"
            )


def refuse_odd_arrays(block: Any, what: str) -> None:
    """Raises: OperandError for NumPy's masked arrays and matrices, which are no arrays of numbers
    of one shape."""
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return
    if isinstance(block, numpy.ma.MaskedArray):
        raise OperandError(
            f"{what} a masked array: where an entry is masked there is no number to differentiate "
            "by; pass .filled(0.0), or .compressed() for the other entries"
        )
    if isinstance(block, numpy.matrix):
        raise OperandError(
            f"{what} a numpy.matrix, whose rows cannot be taken apart: pass numpy.asarray of it"
        )


def blocks(tree: Any) -> Iterator[Any]:
    """The numbers and arrays of a tree, from first to last."""
    parts = None if is_foreign(tree) else _taken_apart(tree)[0]
    if parts is None:
        yield tree
    else:
        for part in parts:
            yield from blocks(part)

"""Results of students' functions, taken apart and compared in structure with what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograd_bp.errors import ShapeError

__all__ = ["data_of", "matched", "names_of", "plain"]

MAX_ARRAY = 200_000


def data_of(message: Any) -> Any:
    """The result that a process sent, see `child.numbers`, as lists, dictionaries, arrays, floats.

    Raises: ShapeError for what is no number or no such structure.
    """
    if message is None:
        return None
    if isinstance(message, str):
        try:
            return float.fromhex(message)
        except (ValueError, OverflowError):
            raise ShapeError("it sent text in the place of a number") from None
    if isinstance(message, list):
        return [data_of(part) for part in message]
    if isinstance(message, dict) and len(message) == 1:
        ((kind, content),) = message.items()
        if kind == "bad":
            raise ShapeError(f"it contains {str(content)[:100]}, which is no number")
        if kind == "d" and isinstance(content, list):
            return {str(key)[:80]: data_of(part) for key, part in content}
        if kind == "a":
            return _array(data_of(content))
    raise ShapeError("it sent something that is no result")


def _array(nested: Any) -> Any:
    """A NumPy array where the lists are one, and NumPy is here."""
    try:
        import numpy as np
    except ImportError:
        return nested
    try:
        array = np.array(nested, dtype=float)
    except (ValueError, TypeError):
        return nested
    return array if array.size <= MAX_ARRAY else nested


def plain(data: Any) -> Any:
    """Lists for arrays and tuples, floats for numbers."""
    if hasattr(data, "tolist"):
        data = data.tolist()
    if isinstance(data, (list, tuple)):
        return [plain(part) for part in data]
    if isinstance(data, Mapping):
        return {str(key): plain(part) for key, part in data.items()}
    return data if data is None else float(data)


def names_of(shape: Any, name: str) -> Iterator[str]:
    """The names of the numbers of a structure: x[0], x['w'][1]; of one number the name itself."""
    if isinstance(shape, list):
        for k, part in enumerate(shape):
            yield from names_of(part, f"{name}[{k}]")
    elif isinstance(shape, dict):
        for key, part in shape.items():
            yield from names_of(part, f"{name}[{key!r}]")
    else:
        yield name


def matched(data: Any, shape: Any, what: str) -> list[float | None]:
    """The numbers of a result, in the order of the structure that is expected.

    A column or a row of an array counts as a list, and a list of one number as that number.

    Arguments:
        data: the result.
        shape: lists, dictionaries and numbers; see `plain`.
        what: the name of the result in errors.

    Raises: ShapeError naming the place where the structure is another; for a dictionary, the keys
        that are missing and those that are too many.
    """
    if hasattr(data, "reshape"):
        data = plain(_squeezed(data, shape))
    if isinstance(shape, dict):
        return _matched_keys(data, shape, what)
    if isinstance(shape, list):
        if not isinstance(data, list):
            raise ShapeError(f"{what} is {_kind(data)}; a list of {len(shape)} is expected")
        if len(data) != len(shape):
            raise ShapeError(f"{what} has {len(data)} entries; {len(shape)} are expected")
        pairs = enumerate(zip(data, shape, strict=True))
        return [x for k, (part, inner) in pairs for x in matched(part, inner, f"{what}[{k}]")]
    if isinstance(data, list) and len(data) == 1:
        return matched(data[0], shape, what)
    if data is None or isinstance(data, float):
        return [data]
    raise ShapeError(f"{what} is {_kind(data)}; a number is expected")


def _matched_keys(data: Any, shape: dict[str, Any], what: str) -> list[float | None]:
    if not isinstance(data, dict):
        raise ShapeError(f"{what} is {_kind(data)}; a dictionary of {_listed(shape)} is expected")
    missing = [key for key in shape if key not in data]
    surplus = [key for key in data if key not in shape]
    if missing or surplus:
        parts = [f"lacks {_listed(missing)}"] if missing else []
        parts += [f"has {_listed(surplus)} too many"] if surplus else []
        raise ShapeError(f"{what} {' and '.join(parts)}; the keys are {_listed(shape)}")
    return [x for key in shape for x in matched(data[key], shape[key], f"{what}[{key!r}]")]


def _squeezed(array: Any, shape: Any) -> Any:
    """A column or a row as a list, where a list of numbers is expected."""
    is_flat = isinstance(shape, list) and not any(isinstance(x, (list, dict)) for x in shape)
    if is_flat and array.ndim == 2 and 1 in array.shape:
        return array.reshape(-1)
    return array


def _kind(data: Any) -> str:
    if data is None:
        return "None"
    if isinstance(data, list):
        return f"a list of {len(data)}"
    return "a dictionary" if isinstance(data, dict) else "a number"


def _listed(names: Any) -> str:
    shown = [repr(name) for name in list(names)[:8]]
    return ", ".join(shown) + (" …" if len(names) > 8 else "")

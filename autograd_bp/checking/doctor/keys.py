"""The names that courses, books and libraries give to the arrays of a network, and where they
belong.

"dW1", "W1_grad", "grad_W1", "dL_dW1", "delta_w1", "∂E/∂W1" and "fc1.weight" are all the matrix of
a layer. Layers count from 1, or from 0 where one has the number 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from typing import Any, NamedTuple

from autograd_bp.checking.doctor.structure import Structure, length, matrix_of
from autograd_bp.errors import ShapeError

__all__ = ["has_gammas", "of_arrays", "of_keys", "spelled"]

_KINDS = {
    "w": "w|weights?|kernel|coefs?|grads?",
    "b": "b|bias|biases|intercepts?",
    "z": "z|deltas?|δ|gammas?|γ",
    "t": "thetas?|θ",  # the matrix with the bias for its first column
}
_MARKS = "d(?:e|j|l|c|p|loss|cost|error)?d|d|g|grad|gradients?|nabla|delta|δ"
_KEY = re.compile(
    "(?:new|layers?|fc|linear|dense|net|model)?"
    f"(?P<mark>{_MARKS})?(?:of)?"
    f"(?:{'|'.join(f'(?P<{kind}>{names})' for kind, names in _KINDS.items())})"
    "(?P<part>xh|hh|hy|x|h|y|ax|aa|ya|a)?"
    "(?P<after>grad|gradients?)?(?:new|after)?"
)
_SYMBOLS = {"∂": "d", "∇": "nabla"}
_PARTS = dict.fromkeys(("xh", "x", "ax"), "x") | dict.fromkeys(("hh", "h", "aa", "a"), "h")
_PARTS |= dict.fromkeys(("hy", "y", "ya"), "y")


class _Key(NamedTuple):
    """A key as it was understood.

    Attributes:
        kind: "w", "b", "z" or "t".
        layer: its number; None for a key without one.
        part: of a network in time "x", "h" or "y": what is fed by the inputs, by the step before,
            and what belongs to the outputs; "" for all.
        is_marked: whether it says that it is a derivative or a change.
        is_spelled: whether it has the words of torch, "weight" and "bias".
    """

    kind: str
    layer: int | None
    part: str
    is_marked: bool
    is_spelled: bool


def _read(key: Any) -> _Key | None:
    if not isinstance(key, str):
        return None
    text = unicodedata.normalize("NFKC", key).lower()
    for symbol, word in _SYMBOLS.items():
        text = text.replace(symbol, word)
    numbers = re.findall(r"\d+", text)
    match = _KEY.fullmatch(re.sub(r"[\d\W_]+", "", text))
    if match is None or len(numbers) > 1:
        return None
    kind = next(kind for kind in _KINDS if match[kind])
    word = match[kind]
    says_so = word.startswith("grad") or (kind == "z" and word != "z")
    return _Key(
        kind,
        int(numbers[0]) if numbers else None,
        _PARTS.get(match["part"] or "", ""),
        says_so or bool(match["mark"] or match["after"]),
        word in ("weight", "bias"),
    )


def has_gammas(given: Mapping[Any, Any]) -> bool:
    """Whether a dict of changes has γ, too."""
    keys = map(_read, given)
    return any(key.kind == "z" and key.is_marked for key in keys if key is not None)


def of_keys(
    what: str, given: Mapping[Any, Any], kinds: Sequence[str], s: Structure
) -> dict[tuple[str, int], Any]:
    """The entries by their kind and layer.

    Arguments:
        what: the argument, for errors; under "gradients" a bare "W1" is a gradient.
        given: the user's dict.
        kinds: of "dw", "db", "dz", or "w" and "b" for the weights after the step.
        s: the structure of the network.

    Raises: ShapeError with the missing and the surplus keys.
    """
    needed = {
        (kind, n)
        for kind in kinds
        for n in range(1, s.depth + 1)
        if "b" not in kind or s.has_bias(n)
    }
    keys = {key: _read(key) for key in given}
    known = [key for key in keys.values() if key is not None]
    reader = _Reader(what, s, needed, "" if "w" in kinds else "d", _numbering(known, s.depth))
    surplus = [
        str(key)
        for key, value in given.items()
        if (read := keys[key]) is None or not reader.takes(read, value)
    ]
    reader.join_parts()
    _refuse_other_keys(what, needed, set(reader.entries), surplus)
    return reader.entries


def _numbering(keys: Sequence[_Key], depth: int) -> dict[int, int]:
    """The layer of each number that keys have."""
    numbers = sorted({key.layer for key in keys if key.layer is not None})
    if numbers and numbers[0] == 0 and numbers[-1] < depth:
        return {number: number + 1 for number in numbers}
    if len(numbers) == depth and all(key.is_spelled for key in keys):
        return {number: n for n, number in enumerate(numbers, 1)}  # of modules in between, too
    return {number: number for number in numbers}


class _Reader:
    """Puts entries where they belong.

    Attributes:
        entries: by kind and layer.
    """

    def __init__(
        self,
        what: str,
        s: Structure,
        needed: Set[tuple[str, int]],
        d: str,
        layer_of: Mapping[int, int],
    ) -> None:
        self._what, self._s, self._needed, self._d = what, s, needed, d
        self._layer_of = layer_of
        self._parts: dict[tuple[int, str], Any] = {}  # of the matrix of a recurrent layer
        self.entries: dict[tuple[str, int], Any] = {}

    def takes(self, key: _Key, value: Any) -> bool:
        """Whether the key belongs somewhere; then its entry is kept."""
        if not self._is_right_kind(key):
            return False
        if key.part:
            return self._takes_part(key, value)
        placed = self._placed(key, value)
        if not placed or not placed.keys() <= self._needed or placed.keys() & self.entries.keys():
            return False
        self.entries |= placed
        return True

    def _is_right_kind(self, key: _Key) -> bool:
        """Whether it is a derivative, or a weight, as is asked for."""
        if not self._d:
            return not key.is_marked
        return key.is_marked or (self._what == "gradients" and key.kind != "z")

    def _placed(self, key: _Key, value: Any) -> dict[tuple[str, int], Any]:
        """By kind and layer; of a list without a number its entries, of Θ the bias and the rest."""
        depth = self._s.depth
        if key.layer is not None or depth == 1:
            n = 1 if key.layer is None else self._layer_of[key.layer]
            if key.kind == "t" and 1 <= n <= depth:
                return self._of_theta(value, n)
            return {(self._d + key.kind, n): value}
        if key.kind == "t" or not isinstance(value, (list, tuple)) or len(value) != depth:
            return {}
        places = ((self._d + key.kind, n) for n in range(1, depth + 1))
        by_layer = dict(zip(places, value, strict=True))
        return {place: entry for place, entry in by_layer.items() if place in self._needed}

    def _of_theta(self, value: Any, n: int) -> dict[tuple[str, int], Any]:
        weights, bias = (self._d + "w", n), (self._d + "b", n)
        if value is None or not self._s.has_bias(n):
            return {weights: value}
        matrix = matrix_of(f"Theta{n}", value)
        if len(matrix[0]) != len(self._s.layers[n - 1][0].inputs) + 1:
            return {weights: value}
        return {bias: [row[0] for row in matrix], weights: [row[1:] for row in matrix]}

    def _takes_part(self, key: _Key, value: Any) -> bool:
        """Keep a part of a network in time: "dWxh", "dWhh", "dbh" of its recurrent layer, and
        "dWhy", "dby" of the layer after it."""
        if len(self._s.recurrent) != 1 or key.layer is not None or key.kind not in ("w", "b"):
            return False
        n = min(self._s.recurrent) + (key.part == "y")
        if key.kind == "w" and key.part != "y":
            if (n, key.part) in self._parts:
                return False
            self._parts[n, key.part] = value
            return True
        place = (self._d + key.kind, n)
        if place in self.entries or place not in self._needed:
            return False
        self.entries[place] = value
        return True

    def join_parts(self) -> None:
        """Put the two parts of a recurrent layer's matrix side by side."""
        for n in self._s.recurrent:
            parts = self._parts.get((n, "x")), self._parts.get((n, "h"))
            if parts[0] is None or parts[1] is None:
                continue
            left, right = (matrix_of(f"{self._what}: a part of W{n}", part) for part in parts)
            if len(left) != len(right):
                raise ShapeError(
                    f"{self._what}: Wx of layer {n} has {len(left)} rows and Wh has {len(right)}: "
                    "both have a row for each neuron"
                )
            pairs = zip(left, right, strict=True)
            self.entries[self._d + "w", n] = [[*a, *b] for a, b in pairs]


# ------------------------------------------------------------------------------------- errors
def _refuse_other_keys(
    what: str, needed: set[tuple[str, int]], has: set[tuple[str, int]], surplus: list[str]
) -> None:
    missing = [f"{spelled(letters)}{n}" for letters, n in sorted(needed - has, key=_in_order)]
    if missing or surplus:
        parts = [f"missing: {', '.join(missing)}"] if missing else []
        parts += [f"surplus: {', '.join(surplus)}"] if surplus else []
        all_keys = ", ".join(f"{spelled(a)}{n}" for a, n in sorted(needed, key=_in_order))
        raise ShapeError(
            f"{what} has other keys than the network: {'; '.join(parts)}. It needs {all_keys}"
        )


def _in_order(place: tuple[str, int]) -> tuple[int, str]:
    letters, n = place
    return n, letters.replace("w", "a")


def spelled(letters: str) -> str:
    """A kind as it is written: "dW"."""
    return {"dw": "dW", "w": "W", "dz": "dZ"}.get(letters, letters)


# ------------------------------------------------------------------------ arrays without keys
def of_arrays(derived: Any, d: str, s: Structure) -> dict[str, Any] | None:
    """Arrays in the orders of libraries and books, by their keys; None for layers of neurons.

    [W1, b1, W2, b2], [(W1, b1), (W2, b2)], [W1, W2, b1, b2] and ([b1, b2], [W1, W2]) are taken,
    each also with biases first. d is the letter before W in the keys.
    """
    if not isinstance(derived, (list, tuple)) or not all(map(s.has_bias, range(1, s.depth + 1))):
        return None
    entries = list(derived)
    if len(entries) == s.depth and all(_is_layer(e, n, s) for n, e in enumerate(entries, 1)):
        return None
    inner = _inner(entries, s.depth)
    found = None if inner is None else _in_some_order(inner, d, s)
    return found or (_in_some_order(entries, d, s) if len(entries) == 2 * s.depth else None)


def _inner(entries: Sequence[Any], depth: int) -> list[Any] | None:
    """The arrays of pairs, or of two lists."""
    if len(entries) not in (2, depth) or not all(isinstance(e, (list, tuple)) for e in entries):
        return None
    inner = [array for entry in entries for array in entry]
    return inner if len(inner) == 2 * depth else None


def _in_some_order(arrays: Sequence[Any], d: str, s: Structure) -> dict[str, Any] | None:
    layers = range(1, s.depth + 1)
    orders = (
        [(kind, n) for n in layers for kind in "Wb"],
        [(kind, n) for n in layers for kind in "bW"],
        [(kind, n) for kind in "Wb" for n in layers],
        [(kind, n) for kind in "bW" for n in layers],
    )
    shapes = [_shape(array) for array in arrays]
    for order in orders:
        if all(_fits(shape, *place, s) for shape, place in zip(shapes, order, strict=True)):
            return {f"{d}{kind}{n}": a for (kind, n), a in zip(order, arrays, strict=True)}
    return None


def _fits(shape: tuple[int, ...] | None, kind: str, n: int, s: Structure) -> bool:
    size, inputs = s.size(n), len(s.layers[n - 1][0].inputs)
    if kind == "W":
        return shape == (size, inputs)
    return shape in ((size,), (size, 1), (1, size))


def _is_layer(entry: Any, n: int, s: Structure) -> bool:
    return entry is None or _shape(entry) == (s.size(n), len(s.layers[n - 1][0].inputs) + 1)


def _shape(entry: Any) -> tuple[int, ...] | None:
    """The shape of an array or of nested lists; None where they are not of one length."""
    shape = getattr(entry, "shape", None)
    if shape is not None:
        return tuple(shape)
    if not isinstance(entry, (list, tuple)):
        return ()
    inner = {_shape(part) for part in entry}
    (only,) = inner if len(inner) == 1 else (None,)
    return None if only is None else (length(entry), *only)

"""Trees of numbers: what a function takes and returns, taken apart into a flat list and put
together again in the same shape.

A tree is a number, a NumPy array of numbers, or a list, tuple, named tuple, dict or dataclass
of trees. Text, truth values and complex numbers are no numbers and are refused by name: a silent
1.0 for True hides mistakes.

Three things in a container are static, which means that they stay as they are and have no
derivatives: None; what is no number in a field of a dataclass or of a named tuple, such as a name
or a function; and fields of a dataclass that are declared with metadata={"static": True}, such
as a number of layers.
"""

from __future__ import annotations

import copy
import functools
import itertools
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from autograd_bp.derivatives.indices import Indices
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.primitives import number
from autograd_bp.value import Value
from autograd_bp.words import tree_advice

MAX_DEPTH = 100
LARGEST_INTEGER = 2**53  # above it, floats skip integers

ENTRY, FIELD, STATIC = "entry", "field", "static"  # what may stand in a place of a container

Leaf = Any  # a float or a Value
Maker = Callable[[list[Any]], Any]  # makes a container of its parts


class Tree:
    """The shape of a tree: `build` makes a tree of that shape from a flat list of leaves.

    Attributes:
        size: how many numbers it has.
        children: the shapes of its parts; empty for a number and for an array.
        steps: how each part is reached: "[0]", "['w']", ".rate".
        shape: the shape of an array, () for a number.
    """

    def __init__(
        self,
        make: Maker,
        children: Sequence[Tree],
        key: object,
        size: int,
        steps: Sequence[str] = (),
        shape: tuple[int, ...] = (),
    ) -> None:
        self._make = make
        self.children = children
        self.key = key
        self.size = size
        self.steps = steps
        self.shape = shape

    @functools.cached_property
    def names(self) -> list[str]:
        """How each number is reached: "", "[0]", "['w'][1]", ".rate"."""
        if self.is_array:
            if len(self.shape) == 1:
                return [f"[{i}]" for i in range(self.shape[0])]
            return [_index_text(index) for index in itertools.product(*map(range, self.shape))]
        if not self.children:
            return [""] * self.size
        if self.is_flat:
            return list(self.steps)
        parts = zip(self.steps, self.children, strict=True)
        return [step + name for step, child in parts for name in child.names]

    @property
    def is_array(self) -> bool:
        return isinstance(self.key, tuple) and self.key[0] == "array"

    @functools.cached_property
    def is_flat(self) -> bool:
        """Whether it is a container whose parts all are numbers."""
        # Counting compares by identity first, which is quick for a long list.
        return bool(self.children) and self.children.count(_NUMBER) == len(self.children)

    @property
    def keys(self) -> tuple[Any, ...] | None:
        """The keys of a plain dict."""
        return getattr(self._make, "keys", None)

    @property
    def make_result(self) -> Maker:
        """Makes a container of this shape of new parts, to hand back."""
        return _result_maker(self._make)

    def build(self, leaves: Iterable[Any]) -> Any:
        """A tree like the one taken apart, with these numbers, in the order of `flatten`."""
        return self._build(iter(leaves), lambda make: make)

    def result(self, leaves: Iterable[Any]) -> Any:
        """A tree of this shape to hand back, of derivatives for example."""
        return self._build(iter(leaves), _result_maker)

    def of_values(self, values: list[Any]) -> Any:
        """A tree like the one taken apart, of Values alone."""
        return array_of_values(values, self.shape) if self.is_array else self.build(values)

    def _build(self, leaves: Iterator[Any], how: Callable[[Maker], Maker]) -> Any:
        if not self.children:
            return self._make(list(itertools.islice(leaves, self.size)))
        if self.is_flat:
            return how(self._make)(list(itertools.islice(leaves, self.size)))
        return how(self._make)([child._build(leaves, how) for child in self.children])

    def blocks(self) -> Iterator[Tree]:
        """Its numbers and arrays, from first to last."""
        if not self.children and self.size:
            yield self
        for child in self.children:
            yield from child.blocks()

    @functools.cached_property
    def has_only_numbers(self) -> bool:
        """Whether no block is an array."""
        return all(block.key == "number" for block in self.blocks())

    def map_blocks(self, parts: Iterator[Any]) -> Any:
        """The tree with one part in the place of each of its numbers and arrays."""
        if not self.children:
            return next(parts) if self.size else self._make([])
        return _result_maker(self._make)([child.map_blocks(parts) for child in self.children])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tree) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        return _described(self.key)


def flatten(tree: Any, what: str = "the argument") -> tuple[list[Leaf], Tree]:
    """The numbers of a tree in a flat list, as floats or Values, and the tree's shape.

    Raises: OperandError, naming the place, for what is not a number; ShapeError for a tree
        that is nested too deeply or holds itself.
    """
    leaves: list[Leaf] = []
    shape = _flatten(tree, what, "", leaves, 0, "")
    return leaves, shape


def flatten_static(tree: Any, what: str = "the argument") -> tuple[list[Leaf], Tree]:
    """As `flatten`; what is no tree of numbers, None or text say, is static as a whole."""
    leaves: list[Leaf] = []
    shape = _flatten(tree, what, "", leaves, 0, FIELD)
    return leaves, shape


def _flatten(tree: Any, what: str, place: str, leaves: list[Leaf], depth: int, role: str) -> Tree:
    if role == STATIC or (tree is None and role):
        return _static(tree)
    if isinstance(tree, (Value, float)):
        leaves.append(tree if isinstance(tree, Value) else float(tree))
        return _NUMBER
    if depth > MAX_DEPTH:
        raise ShapeError(
            f"{what} is nested more than {MAX_DEPTH} levels deep, or holds itself: flatten it"
        )
    parts, keys, make, key = _taken_apart(tree)
    if parts is None:
        if role == FIELD and not _is_number(tree):
            return _static(tree)
        if _is_array(tree):
            return _flatten_array(tree, what, place, leaves)
        leaves.append(_plain(tree, what + place))
        return _NUMBER
    if isinstance(tree, (list, tuple)) and {float, Value}.issuperset(map(type, tree)):
        leaves.extend(tree)  # long lists of numbers are frequent
        count = len(tree)
        return Tree(make, [_NUMBER] * count, (key, keys, _KEYS * count), count, keys)
    start = len(leaves)
    children = [
        _flatten(part, what, place + name, leaves, depth + 1, inner)
        for part, name, inner in zip(parts, keys, _roles(tree, len(keys)), strict=True)
    ]
    full = (key, keys, tuple([child.key for child in children]))
    return Tree(make, children, full, len(leaves) - start, keys)


def _only(leaves: list[Any]) -> Any:
    return leaves[0]


_NUMBER = Tree(_only, (), "number", 1)
_KEYS = ("number",)


def _static(value: Any) -> Tree:
    return Tree(lambda leaves: value, (), ("static", Static(value)), 0)


class Static:
    """Stands for a static part in a key: two are equal where the parts are."""

    def __init__(self, value: Any) -> None:
        self._type = type(value)
        try:
            self._hash = hash(value)
            self._value = value
        except TypeError:  # it may change, and a key may not
            self._hash = hash(self._type)
            self._value = copy.deepcopy(value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Static) or self._type is not other._type:
            return False
        if self._value is other._value:
            return True
        try:
            return bool(self._value == other._value)
        except Exception:  # arrays, and whatever else has no single answer
            return False

    def __hash__(self) -> int:
        return self._hash


def _is_number(tree: Any) -> bool:
    if _is_array(tree):
        return tree.dtype.kind in "fiuO"
    if isinstance(tree, (int, float)):
        return not isinstance(tree, bool) and not hasattr(type(tree), "__members__")  # no enum
    try:
        number(tree)
    except OperandError:
        return False
    except OverflowError:
        return True
    return type(tree).__name__ not in ("bool_", "bool")


def _roles(tree: Any, count: int) -> list[str]:
    """For each part of a container, what may stand there."""
    fields = getattr(type(tree), "__dataclass_fields__", None)
    if fields is not None and not isinstance(tree, (dict, list, tuple)):
        return [
            STATIC if field.metadata.get("static") else FIELD
            for field in fields.values()
            if field.init
        ]
    return [FIELD if hasattr(tree, "_fields") else ENTRY] * count


def _result_maker(make: Maker) -> Maker:
    return getattr(make, "result", make)


def parts_of_tree(tree: Any) -> tuple[list[Any] | None, Maker]:
    """The parts of a container, and what makes a container like it of others; None of a leaf."""
    parts, _, make, _ = _taken_apart(tree)
    return None if parts is None else list(parts), make


def _taken_apart(tree: Any) -> tuple[Any, Sequence[str], Maker, object]:
    """The parts of a container, their names, and how to make a container like it of new parts."""
    kind = getattr(type(tree), "kind_of_tree", type(tree))  # outputs of networks are plain lists
    if isinstance(tree, dict):
        keys = list(tree)
        return tree.values(), tuple([f"[{k!r}]" for k in keys]), _DictMaker(tree, keys), kind
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return tree, tuple([f".{name}" for name in tree._fields]), kind._make, kind
    if isinstance(tree, (list, tuple)):
        return tree, Indices(len(tree)), kind, kind
    if hasattr(kind, "__dataclass_fields__") and not isinstance(tree, type):
        names = [field.name for field in kind.__dataclass_fields__.values() if field.init]
        parts = [getattr(tree, name) for name in names]
        return parts, tuple([f".{name}" for name in names]), _DataclassMaker(tree, names), kind
    return None, (), _only, kind


class _DictMaker:
    """Makes a dict like another one, with other entries."""

    def __init__(self, like: dict[Any, Any], keys: list[Any]) -> None:
        self._like = {} if type(like) is dict else like
        self.keys = tuple(keys)

    def __call__(self, parts: list[Any]) -> Any:
        like = copy.copy(self._like)
        like.update(zip(self.keys, parts, strict=True))
        return like


class _DataclassMaker:
    """Makes a dataclass like another one, as an argument of a function or as a result."""

    def __init__(self, like: Any, names: list[str]) -> None:
        self._like, self._names = like, names

    def __call__(self, parts: list[Any]) -> Any:
        import dataclasses

        # Fields that __post_init__ derives from others are derived again, from Values.
        return dataclasses.replace(self._like, **dict(zip(self._names, parts, strict=True)))

    def result(self, parts: list[Any]) -> Any:
        """Derivatives in the places of the numbers: __post_init__ would not understand them."""
        like = copy.copy(self._like)
        for name, part in zip(self._names, parts, strict=True):
            object.__setattr__(like, name, part)  # also where the class is frozen
        for field in type(like).__dataclass_fields__.values():
            if not field.init and hasattr(like, field.name):
                object.__setattr__(like, field.name, None)  # nothing is differentiated by it
        return like


def _is_array(tree: Any) -> bool:
    numpy = sys.modules.get("numpy")  # who has an array has loaded NumPy
    return numpy is not None and isinstance(tree, numpy.ndarray)


def _flatten_array(array: Any, what: str, place: str, leaves: list[Leaf]) -> Tree:
    kind = type(array).__name__
    if kind in ("MaskedArray", "matrix"):
        raise OperandError(
            f"{what}{place} is a {kind}, whose operations are others than those of arrays: convert "
            f"it{', with .filled(0.0)' if kind == 'MaskedArray' else ', with np.asarray'}"
        )
    if array.dtype.kind not in "fiuO":
        raise OperandError(
            f"{what}{place} is an array of dtype {array.dtype}: real numbers are needed, "
            "convert it with .astype(float)"
        )
    shape = array.shape
    flat = array.ravel().tolist()
    if array.dtype.kind in "iuO":
        indices = itertools.product(*map(range, shape))
        flat = [
            entry if type(entry) is float else _plain(entry, what + place + _index_text(index))
            for entry, index in zip(flat, indices, strict=True)
        ]
    leaves.extend(flat)
    return tree_of_array(shape)


def tree_of_array(shape: tuple[int, ...]) -> Tree:
    """The tree of an array of that shape."""

    def make(entries: list[Any]) -> Any:
        return as_array(entries, shape)

    return Tree(make, (), ("array", shape), math.prod(shape), (), shape)


def _index_text(index: tuple[int, ...]) -> str:
    return "".join([f"[{i}]" for i in index])


def as_array(entries: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """An array of floats, or of objects where a Value is among the entries."""
    import numpy as np

    kinds = {*map(type, entries)}
    if kinds != {float} and any(issubclass(kind, Value) for kind in kinds):
        return array_of_values(entries, shape)
    return np.array(entries, dtype=float).reshape(shape)


def array_of_values(entries: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """An array of objects."""
    import numpy as np

    from autograd_bp.arrays import as_values

    # An assignment would look for arrays among the entries.
    return as_values(np.fromiter(entries, dtype=object, count=len(entries)).reshape(shape))


def _plain(leaf: Any, where: str) -> Leaf:
    if isinstance(leaf, Value):
        return leaf
    if isinstance(leaf, bool) or type(leaf).__name__ in ("bool_", "bool"):
        raise OperandError(
            f"{where} is the truth value {leaf!r}: derivatives are with respect to real "
            "numbers; write 1.0 and 0.0"
        )
    try:
        exact = number(leaf)
    except OperandError:
        shown = " ".join(repr(leaf).split())[:60]  # tables are shown over several lines
        raise OperandError(
            f"{where} is {type(leaf).__name__} {shown}: a real number is needed; convert it"
            f"{tree_advice(leaf)}"
        ) from None
    except OverflowError:
        exact = float("inf")
    if isinstance(leaf, int) and abs(leaf) > LARGEST_INTEGER and exact != leaf:
        raise OperandError(
            f"{where} is the integer {leaf!r:.60}, which no float holds exactly: write "
            "float(n) if the nearest one will do"
        )
    return exact


def _described(key: object) -> str:
    """A shape in words, for errors: `list of 3`, `array of shape (2, 2)`."""
    if key == "number":
        return "a number"
    if isinstance(key, tuple) and key[0] == "array":
        return f"an array of shape {key[1]}"
    if isinstance(key, tuple) and key[0] == "static":
        return "a static value"
    if isinstance(key, tuple):
        kind, names, _ = key
        entries = "entry" if len(names) == 1 else "entries"
        return f"a {kind.__name__} of {len(names)} {entries}"
    return str(key)


def strip(tree: Any) -> Any:
    """The same tree with a float for each Value; what is no tree of numbers stays as it is."""
    if isinstance(tree, Value):
        return tree.data
    if _is_array(tree) and tree.dtype == object:
        return as_array([strip(entry) for entry in tree.ravel()], tree.shape)
    parts, _, make, _ = _taken_apart(tree)
    return tree if parts is None else make([strip(part) for part in parts])

"""The arguments of one call: arrays of numbers, and leaves that a function is traced with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd_bp.compiling.program.names import Names
from autograd_bp.derivatives.trees import Tree
from autograd_bp.flow.rounds import TracedLoop
from autograd_bp.value import Value

MAX_LABELLED = 256  # leaves that carry their names: nobody reads more, and labels cost time
Directions = dict[str, Any]  # a tangent; a cotangent and whether it has rows; by these names
DEFAULT = "its default"  # what a signature says of an argument that a call does not pass


@dataclass(frozen=True)
class Nodes:
    """The arguments as a function is traced with them: Values in the place of numbers.

    Attributes:
        args, kwargs: what to call the function with.
        parameters: the leaves that all rows share, those of a tangent last.
        inputs: the leaves of one row.
        wrt: the leaves to differentiate by.
        tree: their shape; a tuple where several arguments were selected.
        varies: whether they are those of a row; of several arguments, all of them.
        groups: the shape of each selected argument, and whether it is of a row.
        faults: what may go wrong when the function runs, each 1 where it does.
        loops: those that were traced once.
        tangent: the leaves of the tangent; empty without one.
        cotangent: the leaves of the cotangent; empty without one.
        shape_of_cotangent: its shape; that of a row where it has rows.
        names_of_wrt: of each selected argument.
        starts: where its leaves begin among the parameters, or among the inputs; empty where that
            has to be looked for.
        names: of the parameters and of the inputs, where their leaves have no labels.
        tables: the arguments that are rows of tables.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    parameters: list[Value]
    inputs: list[Value]
    wrt: list[Value]
    tree: Tree
    varies: bool
    tangent: list[Value]
    groups: tuple[tuple[Tree, bool], ...] = ()
    faults: tuple[Value, ...] = ()
    loops: tuple[TracedLoop, ...] = ()
    names: tuple[Sequence[str], Sequence[str]] = ((), ())
    cotangent: tuple[Value, ...] = ()
    shape_of_cotangent: Tree | None = None
    names_of_wrt: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    tables: frozenset[str] = frozenset()

    @property
    def by(self) -> str:
        """The names of the selected arguments."""
        return ", ".join(self.names_of_wrt)


def _of_static(key: Any) -> str:
    if key == DEFAULT:
        return str(key)
    text = repr(key[1] if isinstance(key, tuple) else key)
    return f"static {text:.60}"


def labelled_leaves(numbers: Iterator[float], name: str, tree: Tree) -> list[Value]:
    """A leaf for each number of an argument; where numbers are missing it has 1."""
    leaves = list(map(Value, itertools.islice(numbers, tree.size)))
    leaves += [Value(1.0) for _ in range(tree.size - len(leaves))]
    if len(leaves) <= MAX_LABELLED:
        for leaf, place in zip(leaves, tree.names, strict=True):
            leaf.label = name + place
    return leaves


def names_of_leaves(arguments: Sequence[tuple[str, Tree]]) -> Names:
    """The names of the numbers of these arguments."""
    count = sum([tree.size for _, tree in arguments])
    return Names(count, lambda: [name + place for name, tree in arguments for place in tree.names])


def joined(lists: Sequence[list[Value]]) -> list[Value]:
    """All of them in one list: a list that is alone itself, as there may be a million Values."""
    some = [values for values in lists if values]
    return some[0] if len(some) == 1 else [*itertools.chain.from_iterable(some)]


@dataclass(frozen=True)
class Packed:
    """The numbers of one call.

    Attributes:
        parameters: an array of the numbers that all rows share.
        inputs: an array (inputs of a row, rows).
        batched: whether any argument has rows; without, there is one row of nothing.
        signature: what a trace depends on.
        arguments: for each argument that is not static its name, its shape, and whether it has
            rows; those of tangents are the last.
        nodes: makes the nodes to trace with.
        static: the static arguments.
        tables: those that are rows of tables, by name; of tangents too.
        sources: for a tangent of these the argument whose index it has.
        passed: the arguments that are passed, in the order of the parameters.
        in_order: how many parameters come before the first that keeps its default; None where none
            does.
    """

    parameters: Any
    inputs: Any
    batched: bool
    signature: Any
    arguments: tuple[Any, ...]
    nodes: Callable[[], Nodes]
    static: tuple[Any, ...] = ()
    tables: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    passed: Mapping[str, Any] = field(default_factory=dict)
    in_order: int | None = None

    @property
    def description(self) -> str:
        return ", ".join(f"{name}: {key}" for name, key in self.signature if name)[:300]

    @property
    def shapes(self) -> dict[str, str]:
        """Describe the arguments in words."""
        trees = {
            name: f"rows of {tree}" if varies else str(tree)
            for name, tree, varies in self.arguments
        }
        return {
            name: trees[name] if name in trees else _of_static(key) for name, key in self.signature
        }

"""The arguments of a compiled function: numbers to pack, shapes to trace for."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

from autograd_bp.compiling.front.directions import Directing
from autograd_bp.compiling.front.packed import (
    DEFAULT,
    MAX_LABELLED,
    Directions,
    Nodes,
    Packed,
    joined,
    labelled_leaves,
    names_of_leaves,
)
from autograd_bp.compiling.front.static import key_of_static, settled
from autograd_bp.compiling.front.tables import RowsOf, not_real, require_no_mask
from autograd_bp.derivatives.calls import name_of
from autograd_bp.derivatives.indices import Indices
from autograd_bp.derivatives.trees import Tree, flatten, flatten_static, tree_of_array
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.value import Value


class Arguments(Directing):
    """Which arguments of a function have rows, which are static, and how a call is packed."""

    def __init__(
        self,
        function: Callable[..., Any],
        rows: Sequence[str],
        static: Sequence[str],
        wrt: int | str | Sequence[int | str],
    ) -> None:
        self.name = name_of(function)
        self._signature = _signature_of(function, self.name)
        self.text = f"{self.name}{self._signature}"
        names = list(self._signature.parameters)
        kinds = {parameter.kind for parameter in self._signature.parameters.values()}
        in_order = kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD}
        # The names, if a call may give all arguments by their places alone.
        self._in_order = names if in_order and names else [""] * (len(names) + 1)
        self.is_flexible = in_order  # each by its place or by its name
        _require_parameters(self.name, names, rows, static)
        self.rows, self.static = frozenset(rows), frozenset(static)
        self.is_single = isinstance(wrt, (int, str, bytes)) or not isinstance(wrt, Iterable)
        if isinstance(wrt, (Set, Mapping)):
            raise SettingError(
                f"wrt={wrt!r:.60} has no order, in which gradients could be returned: write a tuple"
            )
        choices = [wrt] if self.is_single else [*wrt]  # type: ignore[misc]
        if not names and wrt == 0:
            choices = []  # a function without parameters, which has a value
        self.wrt = tuple([self._selected(choice, names) for choice in choices])
        if len(set(self.wrt)) < len(self.wrt) or not (self.wrt or self.is_single):
            raise SettingError(f"wrt={wrt!r} must select arguments of {self.name}, each once")

    def _selected(self, choice: Any, names: Sequence[str]) -> str:
        """The parameter of a position or a name."""
        if type(choice).__module__ == "numpy" and hasattr(choice, "__index__"):
            choice = int(choice)
        if isinstance(choice, int) and not isinstance(choice, bool) and 0 <= choice < len(names):
            choice = names[choice]
        if choice not in names or choice in self.static:
            others = ", ".join(name for name in names if name not in self.static)
            raise SettingError(
                f"wrt={choice!r} selects no number of {self.name}: give the position or the name "
                f"of one of {others or 'its parameters'}"
            )
        return str(choice)

    def by_name(self, args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        """All arguments of a call by the names of the parameters, defaults among them."""
        return dict(self._bound(args, kwargs)[0].arguments)

    def has_any(self, names: Iterable[str]) -> bool:
        """Whether the function has a parameter of one of these names."""
        return not self._signature.parameters.keys().isdisjoint(names)

    def passed(self, args: Sequence[Any], kwargs: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a call by name, without those that keep their defaults."""
        bound, defaults = self._bound(args, kwargs)
        return {name: x for name, x in bound.arguments.items() if name not in defaults}

    def require_wrt(self) -> None:
        """Raises SettingError where there is no argument to differentiate by."""
        if not self.wrt:
            raise SettingError(f"{self.name} has no parameters to differentiate by")

    def _wrt_tree(self, trees: dict[str, Tree]) -> Tree:
        """The shape of what derivatives are taken by."""
        parts = [trees[name] for name in self.wrt]
        return parts[0] if self.is_single and parts else tuple_of(parts)

    def pack(
        self, args: Sequence[Any], kwargs: dict[str, Any], directions: Directions | None = None
    ) -> Packed:
        """The numbers of a call.

        Arguments:
            args: of the call.
            kwargs: those that are given by name.
            directions: a tangent or a cotangent, by these names.

        Raises: ShapeError where rows do not match or a tangent has another shape than what it
            belongs to; OperandError for what is no number; TypeError for missing arguments.
        """
        import numpy as np

        bound, defaults = self._bound(args, kwargs)
        shared: list[Any] = []
        columns: list[Any] = []
        trees: dict[str, Tree] = {}
        signature: list[tuple[str, Any]] = []
        count: tuple[str, int] | None = None
        with_rows = {*self.rows}
        tables = _tables(bound.arguments)
        for name, argument in bound.arguments.items():
            if name in self.static:
                signature.append((name, key_of_static(name, argument)))
                bound.arguments[name] = settled(argument)
            elif name in defaults:
                signature.append((name, DEFAULT))
            elif name in self.rows:
                table, trees[name] = self._table(name, argument)
                self._require_rows(name, len(table), count)
                count = (name, len(table))
                columns.append(table.reshape(len(table), trees[name].size).T)
                signature.append((name, _key_of_rows(argument, trees[name])))
            else:
                leaves, trees[name] = self._numbers(name, argument)
                shared.append(leaves)
                signature.append((name, trees[name].key))
        sources: dict[str, str] = {}
        parts = self._directions(directions or {}, trees, tables, sources)
        for name, (numbers, tree, varies) in parts.items():
            trees[name] = tree
            signature.append((name, (tree.key, varies)))
            if varies:
                with_rows.add(name)
                self._require_rows(f"the {name}", len(numbers), count)
                columns.append(numbers.reshape(len(numbers), tree.size).T)
            else:
                shared.append(numbers)
        inputs = np.concatenate(columns) if columns else np.empty((0, 1))
        arguments = tuple((name, tree, name in with_rows) for name, tree in trees.items())
        parameters = np.concatenate([np.array(leaves, dtype=float) for leaves in shared or [[]]])
        return Packed(
            parameters,
            np.ascontiguousarray(inputs),
            bool(self.rows),
            tuple(signature),
            arguments,
            lambda: self._nodes(bound, trees, with_rows, parameters, inputs, frozenset(tables)),
            tuple([bound.arguments[name] for name in bound.arguments if name in self.static]),
            tables,
            sources,
            *_passed(bound.arguments, defaults, parts),
        )

    def _require_rows(self, name: str, rows: int, other: tuple[str, int] | None) -> None:
        if other is not None and rows != other[1]:
            raise ShapeError(
                f"{self.name}: {name} has {rows} rows and {other[0]} has {other[1]}: one row of "
                "each belongs together"
            )

    def _bound(
        self, args: Sequence[Any], kwargs: dict[str, Any]
    ) -> tuple[inspect.BoundArguments, frozenset[str]]:
        """The arguments of a call, and the names of those that keep their defaults: these stay
        what they are, save for what derivatives are taken by and what has rows."""
        if not kwargs and len(args) == len(self._in_order):  # which inspect takes long to see
            named = dict(zip(self._in_order, args, strict=True))
            return inspect.BoundArguments(self._signature, named), frozenset()
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.text}: {error}") from None
        passed = set(bound.arguments)
        bound.apply_defaults()
        numbers = {name for name in self.rows if bound.arguments.get(name) is not None}
        return bound, frozenset(bound.arguments) - passed - numbers - {*self.wrt}

    def _nodes(
        self,
        bound: inspect.BoundArguments,
        trees: dict[str, Tree],
        with_rows: set[str],
        shared: Any,
        inputs: Any,
        tables: frozenset[str],
    ) -> Nodes:
        numbers = iter(shared.tolist())
        first = iter(inputs[:, 0].tolist() if inputs.shape[1] else [])
        leaves: dict[str, list[Value]] = {}
        spaces: dict[bool, list[list[Value]]] = {False: [], True: []}
        named: dict[bool, list[tuple[str, Tree]]] = {False: [], True: []}
        starts: dict[str, int] = {}
        filled = {False: 0, True: 0}
        arguments = dict(bound.arguments)
        for name, tree in trees.items():
            varies = name in with_rows
            leaves[name] = labelled_leaves(first if varies else numbers, name, tree)
            spaces[varies].append(leaves[name])
            named[varies].append((name, tree))
            starts[name] = filled[varies]
            filled[varies] += tree.size
            if name in arguments:
                arguments[name] = tree.of_values(leaves[name])
        called = inspect.BoundArguments(self._signature, arguments)
        is_unlabelled = any(tree.size > MAX_LABELLED for tree in trees.values())
        return Nodes(
            called.args,
            called.kwargs,
            joined(spaces[False]),
            joined(spaces[True]),
            joined([leaves[name] for name in self.wrt]),
            self._wrt_tree(trees),
            self.rows.issuperset(self.wrt),
            self._tangent_leaves(leaves),
            tuple([(trees[name], name in self.rows) for name in self.wrt]),
            # Labels say it where all leaves have one: a function may have given them others.
            names=(names_of_leaves(named[False]), names_of_leaves(named[True]))
            if is_unlabelled
            else ((), ()),
            cotangent=tuple(leaves.get(self._free("cotangent"), ())),
            shape_of_cotangent=trees.get(self._free("cotangent")),
            names_of_wrt=self.wrt,
            starts=tuple([starts[name] for name in self.wrt]),
            tables=tables,
        )

    def _table(self, name: str, argument: Any) -> tuple[Any, Tree]:
        """The rows as an array with the rows first, and the shape of one."""
        import numpy as np

        if isinstance(argument, RowsOf):
            table = argument.checked(self.name, name).joined(lambda table: table)
            return table, _tree_of_array(table.shape[1:])
        if _has_trees(argument):
            from autograd_bp.compiling.front import rows

            records = rows.table_of(self.name, name, argument)
            rows.require_numbers(self.name, name, records, argument)
            return records.numbers.astype(float, copy=False), records.tree
        require_no_mask(argument, f"{self.name}: {name}")
        try:
            table = np.asarray(argument)
        except (ValueError, TypeError) as error:
            raise ShapeError(
                f"{self.name}: {name} has rows, which are not of one shape: {error}"
            ) from None
        if table.dtype.kind not in "fiu":
            raise OperandError(not_real(self.name, name, argument, table.dtype))
        if table.ndim == 0:
            raise ShapeError(
                f"{self.name}: {name} has rows, got the single number {argument!r:.60}"
            )
        return table.astype(float, copy=False), _tree_of_array(table.shape[1:])

    def _numbers(self, name: str, argument: Any) -> tuple[Any, Tree]:
        import numpy as np

        if type(argument) is np.ndarray and argument.dtype == np.float64 and argument.ndim:
            return argument.ravel(), _tree_of_array(argument.shape)
        if isinstance(argument, RowsOf):
            raise OperandError(
                f"{self.name}: {name} is rows of a table, and it is none of the arguments that "
                "have rows: name it in rows="
            )
        if isinstance(argument, (str, bytes, bool)):
            raise OperandError(
                f"{self.name}: {name} is {argument!r:.60}, and a compiled function computes with "
                f"numbers: if it is a setting, declare it with static={name!r}"
            )
        if getattr(argument, "ndim", 0) and str(getattr(argument, "dtype", "")) == "bool":
            raise OperandError(
                f"{self.name}: {name} is an array of truth values, and a compiled function "
                f"computes with numbers: pass {name}.astype(float), which np.where takes as "
                f"conditions; or declare it with static={name!r} if it picks entries, as in x[mask]"
            )
        take_apart = flatten if argument is not None else flatten_static
        leaves, tree = take_apart(argument, f"argument {name!r} of {self.name}")
        if not {*map(type, leaves)} <= {float}:  # which is quicker than a look at each
            for leaf, place in zip(leaves, tree.names, strict=True):
                if not isinstance(leaf, Value):
                    continue
                raise OperandError(
                    f"{self.name}: {name}{place} is a Value, and a compiled function runs on plain "
                    "numbers: pass .data, or call the function itself to record it"
                )
        return leaves, tree


def _require_parameters(
    function: str, names: Sequence[str], rows: Sequence[str], static: Sequence[str]
) -> None:
    """Raises SettingError where an option names what is no parameter, or one is in both."""
    for option, chosen in (("rows", rows), ("static", static)):
        for name in chosen:
            if name not in names:
                raise SettingError(
                    f"{option} names {name!r}, but the parameters of {function} are "
                    f"{', '.join(names) or 'none'}"
                )
    both = sorted(set(rows) & set(static))
    if both:
        raise SettingError(f"{both[0]!r} cannot both be static and have rows: choose one")


def _has_trees(argument: Any) -> bool:
    """Whether rows are in a tree: dicts of arrays, or a list of dicts."""
    if type(argument).__name__ == "ndarray":
        return False
    if isinstance(argument, list):
        argument = argument[0] if argument else 0.0
    from autograd_bp.compiling.front.rows import is_container

    return is_container(argument)


def _signature_of(function: Callable[..., Any], name: str) -> inspect.Signature:
    if type(function).__name__ == "ufunc":  # whose other parameters are no numbers
        count = getattr(function, "nin", 1)
        return signature_of_names(["x"] if count == 1 else [f"x{k + 1}" for k in range(count)])
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        raise SettingError(f"the parameters of {name} are not known: wrap it in a def") from None
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise SettingError(
                f"{name} takes {parameter}: give it named parameters, one for each argument"
            )
    return signature


def tuple_of(trees: Sequence[Tree]) -> Tree:
    """The shape of a tuple of trees."""
    places = Indices(len(trees))
    key = (tuple, places, tuple([tree.key for tree in trees]))
    return Tree(tuple, trees, key, sum([tree.size for tree in trees]), places)


def signature_of_names(names: Iterable[str]) -> inspect.Signature:
    """The signature of a function with these parameters."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Signature([inspect.Parameter(name, kind) for name in names])


@functools.lru_cache(maxsize=128)  # naming thousands of places takes milliseconds
def _tree_of_array(shape: tuple[int, ...]) -> Tree:
    return tree_of_array(shape) if shape else flatten(1.0)[1]


def _passed(
    arguments: dict[str, Any], defaults: frozenset[str], directions: Iterable[str]
) -> tuple[dict[str, Any], int | None]:
    """The arguments of a call by name, tangents and cotangents the last, and how many come before
    the first that keeps its default; None where there is none."""
    passed = {name: x for name, x in arguments.items() if name not in defaults}
    first = next((k for k, name in enumerate(arguments) if name in defaults), None)
    return {**passed, **dict.fromkeys(directions)}, first


def _tables(arguments: dict[str, Any]) -> dict[str, RowsOf]:
    return {name: rows for name, rows in arguments.items() if isinstance(rows, RowsOf)}


def _key_of_rows(argument: Any, tree: Tree) -> Any:
    """What a trace depends on, of an argument that has rows."""
    return (tree.key, argument.layout) if isinstance(argument, RowsOf) else tree.key


def names_of(option: str, choice: str | Iterable[str]) -> tuple[str, ...]:
    """The names in an option that takes one or several."""
    is_one = isinstance(choice, (str, bytes)) or not isinstance(choice, Iterable)
    names: tuple[Any, ...] = (choice,) if is_one else tuple(choice)
    for name in names:
        if not isinstance(name, str):
            raise SettingError(f"{option} takes names of parameters, got {name!r:.60}")
    return names

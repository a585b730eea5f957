"""One call of a user's function on nodes, in place of the numbers to differentiate by.

A number becomes a new leaf. A Value becomes a new node that depends on it (x · 1), so that this
differentiation and an outer one never take each other's variables for their own. Nesting needs
nothing else: each call has nodes of its own, and two nodes are never taken for one another.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd_bp.contexts import is_recording, recording
from autograd_bp.derivatives.graphs import Region, depends_on_others, retire
from autograd_bp.derivatives.linear import Linear
from autograd_bp.derivatives.recorded import Recorded
from autograd_bp.derivatives.trees import Tree, flatten, flatten_static, strip
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, constant, number_of

Function = Callable[..., Any]
Which = int | str | Sequence[int | str]


class Call:
    """A function's result on nodes, ready to be differentiated.

    Attributes:
        inputs: the nodes to differentiate by, of all selected arguments.
        trees: the shape of each selected argument.
        outputs: the output's numbers as nodes.
        output_tree: the output's shape.
        aux: the second thing that the function returned, with `has_aux`.
        closed: True where the output depends on no Values but those that stand for plain numbers
            of the arguments.
        records: True where derivatives are Values: when an argument is one, or when the output
            depends on Values that are not arguments, so that no dependency is dropped silently.
    """

    def __init__(
        self,
        function: Function,
        args: Sequence[Any],
        kwargs: dict[str, Any],
        wrt: Which,
        *,
        has_aux: bool = False,
        record: bool | None = None,
    ) -> None:
        self.name = name_of(function)
        if not callable(function):
            raise OperandError(f"a function is needed, got {self.name}: pass f itself, not f(x)")
        places = select(function, args, kwargs, wrt)
        self.inputs: list[Value] = []
        self.trees: list[Tree] = []
        paused = not is_recording.get()
        with recording():
            new_args, new_kwargs, holds_values = self._with_nodes(places, args, kwargs)
            result = function(*new_args, **new_kwargs)
        self.aux: Any = None
        if has_aux:
            result, self.aux = self._pair(result)
        self.outputs, self.output_tree = self._nodes(result)
        self.closed = not holds_values and not depends_on_others(self.outputs, self.inputs)
        self._record = False if paused else record  # None: decided by what is differentiated
        self.records = not self.closed if self._record is None else self._record
        self._linear: Linear | None = None
        if not self.closed or self.records:
            self._retire_leaves()
        self.single = isinstance(wrt, (int, str)) or _is_numpy_integer(wrt)
        if not self.records:
            self.aux = strip(self.aux)

    def _with_nodes(
        self,
        places: Sequence[tuple[int | str, Any]],
        args: Sequence[Any],
        kwargs: dict[str, Any],
    ) -> tuple[list[Any], dict[str, Any], bool]:
        """The arguments with nodes for the numbers of those that are selected, and whether a
        Value is among these numbers. Sets `inputs` and `trees`.

        Raises: ShapeError where there are no numbers.
        """
        new_args, new_kwargs = list(args), dict(kwargs)
        holds_values = False
        for place, point in places:
            try:
                leaves, tree = flatten(point, f"argument {place!r} of {self.name}")
            except OperandError as error:
                raise OperandError(f"{error}, or leave it out of wrt=") from None
            nodes = [_fresh(leaf) for leaf in leaves]
            holds_values = holds_values or any(isinstance(leaf, Value) for leaf in leaves)
            self.inputs += nodes
            self.trees.append(tree)
            if isinstance(place, int):
                new_args[place] = tree.build(nodes)
            else:
                new_kwargs[place] = tree.build(nodes)
        if not self.inputs:
            raise ShapeError(
                f"{self.name} was given no numbers to differentiate by: argument "
                f"{places[0][0]!r} is empty"
            )
        return new_args, new_kwargs, holds_values

    def _retire_leaves(self) -> None:
        """Make constants, for every other differentiation, of the leaves that this call made."""
        retire(node for node in self.inputs if node.op is None)

    def _pair(self, result: Any) -> tuple[Any, Any]:
        if not isinstance(result, tuple) or len(result) != 2:
            raise ShapeError(
                f"{self.name} must return (output, aux) with has_aux=True, got "
                f"{type(result).__name__}: return a tuple of two"
            )
        return result

    def _nodes(self, result: Any) -> tuple[list[Value], Tree]:
        if result is None:
            raise OperandError(f"{self.name} returned None: give it a return statement")
        leaves, tree = flatten(result, f"the output of {self.name}")
        if not leaves:
            raise ShapeError(f"{self.name} returned no numbers: there is nothing to differentiate")
        return [leaf if isinstance(leaf, Value) else constant(leaf) for leaf in leaves], tree

    def scalar(self) -> Value:
        """The output, where it is one number.

        Raises: ShapeError where it is not.
        """
        # An array of shape () is one number too.
        if self.output_tree.children or self.output_tree.shape:
            raise ShapeError(
                f"grad needs one number from {self.name}, got {self.output_tree}: return a sum, "
                "or use jacobian"
            )
        return self.outputs[0]

    def meets(self, numbers: Sequence[Any]) -> None:
        """Record what follows if a Value is among these tangents or cotangents."""
        if self._record is None and any(isinstance(number, Value) for number in numbers):
            self.records = True
            self._retire_leaves()

    def linear(self) -> Linear:
        """The derivative of the outputs by the inputs, as a linear map."""
        if self._linear is None or self._linear.records != self.records:
            self._linear = Linear(
                self.outputs, self.inputs, closed=self.closed, records=self.records
            )
        return self._linear

    def slopes(self) -> Linear:
        """The derivative of the gradient by the inputs, where the output is one number."""
        with recording():
            gradient = Recorded(Region([self.scalar()], self.inputs, stop=True)).reverse([1.0])
        nodes = [slope if isinstance(slope, Value) else constant(slope) for slope in gradient]
        return Linear(nodes, self.inputs, closed=self.closed, records=self.records)

    def value(self) -> Any:
        """The output as the caller gets it: floats, or Values when recorded."""
        return self.output_tree.result(self.numbers(self.outputs))

    def numbers(self, nodes: Sequence[Any]) -> list[Any]:
        """Floats, or Values when recorded."""
        if self.records:
            return [node if isinstance(node, Value) else constant(node) for node in nodes]
        return [number_of(node) if isinstance(node, Value) else node for node in nodes]

    def reverse(self, seeds: Sequence[Any]) -> Any:
        """Σ_j seed_j · ∂output_j/∂input, shaped like the selected arguments."""
        return self.shaped(self.linear().reverse(seeds))

    def forward(self, tangents: Sequence[Any]) -> Any:
        """Σ_i ∂output/∂input_i · tangent_i, shaped like the output."""
        return self.output_tree.result(self.numbers(self.linear().forward(tangents)))

    def shaped(self, gradients: Sequence[Any]) -> Any:
        """Numbers for the inputs in the shape of the selected argument, or of each of them."""
        return self.split(self.numbers(gradients), lambda tree, part: tree.result(part))

    def split(self, flat: Sequence[Any], use: Callable[[Tree, Sequence[Any]], Any]) -> Any:
        """Cut a list along the selected arguments; a tuple where several were selected."""
        results, start = [], 0
        for tree in self.trees:
            results.append(use(tree, flat[start : start + tree.size]))
            start += tree.size
        return results[0] if self.single else tuple(results)


def _fresh(leaf: Any) -> Value:
    # A product with 1 is exact for every float, NaN, infinities and -0.0 among them.
    return leaf * 1.0 if isinstance(leaf, Value) else Value(leaf)


def name_of(function: Any) -> str:
    """The name of a function in messages."""
    name = getattr(function, "__name__", None)
    return str(name) if name is not None else f"{type(function).__name__} {function!r:.60}"


def named_like(function: Function, updated: Sequence[str] = ()) -> Callable[[Function], Function]:
    """A decorator that names a function like another one. The documentation of a primitive is not
    copied: it is written when it is asked for, and calls the primitive."""
    assigned: Sequence[str] = functools.WRAPPER_ASSIGNMENTS
    if isinstance(function, Primitive):
        assigned = ("__module__", "__name__", "__qualname__")
    return functools.wraps(function, assigned=assigned, updated=updated)


class Derived:
    """A function that was made of another one, as `grad` makes them. It can be pickled, copied and
    sent to other processes where that one can.

    Arguments:
        make: what made it, to make it again.
        function: the other function.
        options: the other arguments of `make`.
        call: what it computes, as an ordinary function.
    """

    def __init__(
        self,
        make: Callable[..., Any],
        function: Function,
        options: dict[str, Any],
        call: Callable[..., Any],
    ) -> None:
        check_made_of(make, function, options["wrt"])
        self._made_of = make, function, options
        self.call = call
        named_like(function)(self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.call(*args, **kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """In the body of a class it is a method, as a function is."""
        import types

        return self if instance is None else types.MethodType(self, instance)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        make, function, options = self._made_of
        return _made_again, (make, function, options)

    def __repr__(self) -> str:
        make, function, _ = self._made_of
        return f"<{make.__name__} of {name_of(function)}>"


def _made_again(make: Callable[..., Any], function: Function, options: dict[str, Any]) -> Any:
    return make(function, **options)


def check_made_of(make: Callable[..., Any], function: Any, wrt: Any) -> None:
    """Raise OperandError for what is no function, and SettingError where `wrt` cannot name an
    argument, as in grad(f, 2.0)."""
    name = make.__name__
    if not callable(function):
        raise OperandError(
            f"{name} takes a function, got {type(function).__name__} {function!r:.60}: pass f "
            "itself, not f(x)"
        )
    several = isinstance(wrt, Iterable) and not isinstance(wrt, str)
    for selector in list(wrt) if several else [wrt]:
        if isinstance(selector, bool) or not (
            isinstance(selector, (int, str)) or _is_numpy_integer(selector)
        ):
            called = name_of(function)
            raise SettingError(
                f"the second argument of {name}, wrt, takes positions and names of arguments, got "
                f"{type(selector).__name__} {selector!r:.60}; for the numbers at which to "
                f"differentiate write {name}({called})({wrt!r:.60})"
            )


def _is_numpy_integer(selector: Any) -> bool:
    return type(selector).__module__ == "numpy" and hasattr(selector, "__index__")


def select(
    function: Function, args: Sequence[Any], kwargs: dict[str, Any], wrt: Which
) -> list[tuple[int | str, Any]]:
    """The selected arguments: the position or the name of each, and its value.

    Raises: SettingError for a position or a name that the call does not have.
    """
    several = isinstance(wrt, Iterable) and not isinstance(wrt, str)
    selectors: list[Any] = list(wrt) if several else [wrt]  # type: ignore[arg-type]
    selectors = [int(x) if _is_numpy_integer(x) else x for x in selectors]
    if not selectors:
        raise SettingError("wrt selects no argument: give a position, a name, or several of them")
    places = [_place(function, args, kwargs, selector) for selector in selectors]
    if len({place for place, _ in places}) < len(places):
        raise SettingError(f"wrt={wrt!r} selects an argument twice: name each once")
    return places


def _place(
    function: Function, args: Sequence[Any], kwargs: dict[str, Any], selector: int | str
) -> tuple[int | str, Any]:
    """The place of one selected argument, and its value."""
    if isinstance(selector, bool) or not isinstance(selector, (int, str)):
        raise SettingError(f"wrt takes positions and names of arguments, got {selector!r:.60}")
    if isinstance(selector, int) and selector < 0:
        selector = _from_the_last(function, args, kwargs, selector)
    if isinstance(selector, int) and 0 <= selector < len(args):
        return selector, args[selector]
    names, defaults = _parameters(function)
    if isinstance(selector, int) and 0 <= selector < len(names):
        selector = names[selector]
    if selector in kwargs:
        return selector, kwargs[str(selector)]
    if isinstance(selector, str) and selector in names:
        position = names.index(selector)
        if position < len(args):
            return position, args[position]
        if selector in defaults:
            return selector, defaults[selector]
        raise SettingError(f"{name_of(function)} was called without its argument {selector!r}")
    raise _no_such_argument(function, args, names, selector)


def _no_such_argument(
    function: Function, args: Sequence[Any], names: Sequence[str], selector: int | str
) -> SettingError:
    has = f"it has {', '.join(names)}" if names else "it has no named ones"
    kind = "parameter" if isinstance(selector, str) else "argument at position"
    return SettingError(
        f"{name_of(function)} has no {kind} {selector!r}, {has} and was called with "
        f"{len(args)} by position: check wrt="
    )


def _from_the_last(
    function: Function, args: Sequence[Any], kwargs: dict[str, Any], position: int
) -> int | str:
    """What a negative position selects of the arguments that are passed, as in a list."""
    if not kwargs:
        return position + len(args) if -position <= len(args) else position
    names, _ = _parameters(function)
    passed = [*names[: len(args)], *(name for name in names if name in kwargs)]
    if len(passed) == len(args) + len(kwargs) and -position <= len(passed):
        return passed[position]
    return position


def _parameters(function: Function) -> tuple[list[str], dict[str, Any]]:
    """The names of the parameters in order, and the defaults of those that have one."""
    import inspect

    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some built-in functions have no signature
        return [], {}
    named = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return (
        [p.name for p in named],
        {p.name: p.default for p in named if p.default is not p.empty},
    )


def as_arguments(primals: Any) -> tuple[tuple[Any, ...], bool]:
    """The arguments of a function, and whether there is only one: a tuple has an entry for each,
    anything else is the only one."""
    return (primals, False) if type(primals) is tuple else ((primals,), True)


def like(tangents: Any, trees: Sequence[Tree], what: str, owner: str) -> list[Any]:
    """The numbers of tangents (or cotangents), which must have the shapes of `trees`.

    Raises: ShapeError where they do not.
    """
    if len(tangents) != len(trees):
        raise ShapeError(
            f"{len(trees)} {what}s are needed, one for each {owner}, got {len(tangents)}"
        )
    flat: list[Any] = []
    for tangent, tree in zip(tangents, trees, strict=True):
        take_apart = flatten if tree.size else flatten_static  # None for what is static
        leaves, shape = take_apart(tangent, f"the {what}")
        if shape == tree:
            flat += leaves
            continue
        # Compared by place: a list may stand for an array or a tuple, and dicts have no order.
        at = dict(zip(shape.names, leaves, strict=True))
        if at.keys() != set(tree.names):
            odd = sorted(at.keys() ^ set(tree.names))[0] or "the number itself"
            raise ShapeError(
                f"the {what} must have the shape of the {owner}: {tree} is needed, got {shape}; "
                f"they differ at {odd}"
            )
        flat += [at[name] for name in tree.names]
    return flat

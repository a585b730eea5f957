"""compile: a graph that is recorded already, as a program that runs over rows of data.

The graph is flattened once. From then on `Compiled` runs a function that plays
that program on other Values, so a recorded graph has the derivatives, options and backends of
every compiled function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from autograd_bp.compiling.front.arguments import signature_of_names
from autograd_bp.compiling.front.compiled import Compiled
from autograd_bp.compiling.front.function import compiled
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import dead_code
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.calls import name_of
from autograd_bp.derivatives.graphs import is_fixed
from autograd_bp.derivatives.trees import Tree
from autograd_bp.derivatives.trees import flatten as take_apart
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.flow.checks import note
from autograd_bp.graph import topological_order
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["compile"]

PARAMETERS = "parameters"  # the name of the argument that all rows share


class GraphArgument:
    """One argument of a recorded graph: the nodes that its numbers take the place of.

    Arguments:
        name: what the argument is called.
        tree: a Value or a tree of Values.

    Attributes:
        nodes: the Values of the tree, from first to last.
        tree: its shape.
    """

    def __init__(self, name: str, tree: Any) -> None:
        self.name = name
        leaves, self.tree = take_apart(tree, name)
        for leaf, place in zip(leaves, self.tree.names, strict=True):
            if not isinstance(leaf, Value):
                raise OperandError(
                    f"{name}{place} is the number {leaf!r:.40}: what numbers take the place of "
                    "must be Values of the graph"
                )
        self.nodes: list[Value] = leaves
        self.labels = [node.label for node in leaves]

    def in_order(self, argument: Any) -> list[Any]:
        """The numbers of a call in the order of the nodes. The call has them in a tree of the same
        places, or one after the other.

        Raises: ShapeError when they are too many or too few, or stand elsewhere.
        """
        leaves, tree = take_apart(argument, self.name)
        if tree.names != self.tree.names:
            by_place = dict(zip(tree.names, leaves, strict=True))
            if set(self.tree.names) == set(by_place):
                leaves = [by_place[place] for place in self.tree.names]
            elif len(leaves) != len(self.nodes) or not _is_flat(tree):
                raise ShapeError(
                    f"{self.name} of the graph are {self.tree} ({len(self.nodes)} numbers), got "
                    f"{tree} ({len(leaves)}): give them in that shape, or one after the other"
                )
        for leaf, label in zip(leaves, self.labels, strict=True):
            if label:
                leaf.label = label  # for the printed program
        return leaves


def _is_flat(tree: Tree) -> bool:
    return tree.size == 1 or tree.names == [f"[{i}]" for i in range(tree.size)]


@explains_keywords
def compile(
    outputs: Any,
    *,
    inputs: Any = None,
    parameters: Any = None,
    frozen: Iterable[Value] = (),
    wrt: str | None = None,
    reduce: str | None = "sum",
    **options: Any,
) -> Compiled:
    """A graph that is recorded already, as a program that runs over rows of data.

    Arguments:
        outputs: a Value, or a tree of Values: lists, tuples, dicts ... Gradients that were
            recorded (`gradients(..., record=True)`) may be among them.
        inputs: the nodes of which each row of data has its own. A Value or a list of Values is
            one argument of the call, `inputs`; a dict is an argument for each of its entries.
        parameters: the nodes that all rows share: a Value or a tree of Values, the first
            argument of the call, `parameters`. When left out, all other leaves, as a dict by
            their labels.
        frozen: leaves that keep the number that they have now.
        wrt: the argument that derivatives are taken by: `parameters` when left out, or the
            first of the inputs where there are none.
        reduce: "sum" adds up the rows; None hands out a result for each.
        **options: other options of `compiled`, such as `backend`.

    Inputs and parameters may be nodes in the middle of the graph: what is before them does not
    count. Constants, that is plain numbers that took part in an operation, stay what they are.

    Returns: a `Compiled`. Call it with numbers for the parameters, in their shape or one after
        the other, and for each input an array with a row for each row of data.

    Raises: OperandError when a leaf is neither parameter nor input nor frozen, or is two of
        these, or has no label of its own that it could be called by.

    Example:
        >>> import autograd_bp as bp
        >>> w, x = [bp.Value(0.5, "w1"), bp.Value(-1.0, "w2")], [bp.Value(1.0), bp.Value(2.0)]
        >>> d = bp.Value(1.0, "d")
        >>> P = bp.performance(d, bp.sigmoid(bp.dot(w, x)))
        >>> f = bp.compile(P, parameters=w, inputs={"x": x, "d": d})
        >>> f.value_and_grad([0.0, 0.0], [[1.0, 2.0], [3.0, -1.0]], [1.0, 0.0])
        (-0.25, [-0.25, 0.375])
    """
    if callable(outputs) and not isinstance(outputs, Value):
        raise OperandError(
            f"compile takes Values of a graph that is recorded already, got {name_of(outputs)}: "
            "a function is compiled by autograd_bp.compiled(function)"
        )
    return compile_checked(
        outputs,
        (),
        inputs=inputs,
        parameters=parameters,
        frozen=frozen,
        wrt=wrt,
        reduce=reduce,
        **options,
    )


def compile_checked(
    outputs: Any,
    faults: Sequence[Value],
    *,
    inputs: Any = None,
    parameters: Any = None,
    frozen: Iterable[Value] = (),
    wrt: str | None = None,
    reduce: str | None = "sum",
    **options: Any,
) -> Compiled:
    """`compile`, with what may go wrong in the graph: nodes that are 1 where it does."""
    nodes, tree = take_apart(outputs, "the outputs")
    ends = [node for node in nodes if isinstance(node, Value)]
    if not ends:
        raise OperandError(f"outputs are Values of a graph, got {tree} without any")
    arguments = _arguments(ends, inputs, parameters, _frozen(frozen))
    program = dead_code(flatten([*nodes, *faults], inputs=_nodes(arguments)))
    as_program: Callable[..., Compiled] = compiled(
        rows=[argument.name for argument in arguments if argument.name != PARAMETERS],
        wrt=wrt or arguments[0].name,
        reduce=reduce,
        **options,
    )
    return as_program(_player(program, arguments, tree, ends[0].label))


def _player(
    program: Program, arguments: list[GraphArgument], tree: Tree, label: str
) -> Callable[..., Any]:
    """A function of the arguments that computes what the program does, on any numbers."""

    def play(*trees: Any) -> Any:
        registers: list[Any] = []
        for argument, numbers in zip(arguments, trees, strict=True):
            registers += argument.in_order(numbers)
        registers += program.constants
        for _, op, operands in program.instructions():
            registers.append(op(*[registers[k] for k in operands]))
        results = [registers[k] for k in program.outputs]
        for fault in results[tree.size :]:
            note(fault)
        return tree.build(results[: tree.size])

    play.__name__ = play.__qualname__ = label or "graph"
    play.__doc__ = "A recorded graph, compiled."
    play.__signature__ = signature_of_names(argument.name for argument in arguments)  # type: ignore[attr-defined]
    return play


# ------------------------------------------------------------------------- naming the leaves
def _arguments(
    outputs: list[Value], inputs: Any, parameters: Any, frozen: list[Value]
) -> list[GraphArgument]:
    """The arguments of a graph: its parameters, if it has any, and its inputs.

    Raises: as `compile`.
    """
    rows = _rows(inputs)
    known = [*frozen, *_nodes(rows)]
    if parameters is None:
        parameters = _labelled(_left_over(outputs, known))
    shared = GraphArgument(PARAMETERS, parameters)
    arguments = [shared, *rows] if shared.nodes else rows
    require_all_named(outputs, known + shared.nodes)
    _require_once(_nodes(arguments), frozen)
    if not arguments:
        raise OperandError("the graph has no parameters and no inputs: there is nothing to compute")
    return arguments


def _nodes(arguments: Iterable[GraphArgument]) -> list[Value]:
    return [node for argument in arguments for node in argument.nodes]


def _rows(inputs: Any) -> list[GraphArgument]:
    if inputs is None:
        return []
    if not isinstance(inputs, Mapping):
        if not isinstance(inputs, (Value, Iterable)):
            raise OperandError(
                f"inputs takes Values, got {type(inputs).__name__} {inputs!r:.40}: pass the nodes "
                "of the graph"
            )
        inputs = {"inputs": inputs if isinstance(inputs, Value) else list(inputs)}
    for name in inputs:
        if not isinstance(name, str) or not name.isidentifier() or name == PARAMETERS:
            raise SettingError(
                f"inputs names the argument {name!r:.60}: use names such as 'x' and 'd' (and not "
                "'parameters', which is the name of the first)"
            )
    arguments = [GraphArgument(name, tree) for name, tree in inputs.items()]
    return [argument for argument in arguments if argument.nodes]


def _frozen(frozen: Any) -> list[Value]:
    nodes = list(frozen) if isinstance(frozen, Iterable) else [frozen]
    for node in nodes:
        if not isinstance(node, Value):
            raise OperandError(f"frozen takes Values, got {type(node).__name__} {node!r:.40}")
    return nodes


def _left_over(outputs: list[Value], known: list[Value]) -> list[Value]:
    """The leaves that the outputs depend on and that are neither known nor constants."""
    named = {id(node) for node in known}
    return [
        node
        for node in topological_order(*outputs, stop=known)
        if not node.parents and id(node) not in named and not is_fixed(node)
    ]


def _labelled(leaves: list[Value]) -> dict[str, Value]:
    by_label: dict[str, Value] = {}
    for leaf in leaves:
        if not leaf.label or leaf.label in by_label:
            problem = (
                f"two leaves are labelled {leaf.label!r}"
                if leaf.label
                else (f"a leaf with the number {leaf.data:g} has no label")
            )
            raise OperandError(
                f"{problem}: it cannot be told what the parameters are; list them in parameters=, "
                "those that have a value for each row in inputs=, and fixed ones in frozen="
            )
        by_label[leaf.label] = leaf
    return by_label


def require_all_named(outputs: list[Value], known: list[Value]) -> None:
    """Raises OperandError when the outputs depend on leaves that are not known nor constants."""
    leaves = _left_over(outputs, known)
    if leaves:
        names = ", ".join(map(_name, leaves[:5]))
        raise OperandError(
            f"leaves of the graph are neither parameters nor inputs ({names:.200}): "
            "name them in parameters= or inputs=, or in frozen= if they keep their numbers"
        )


def _require_once(nodes: list[Value], frozen: list[Value]) -> None:
    seen: set[int] = set()
    for node in [*nodes, *dict.fromkeys(frozen)]:
        if id(node) in seen:
            raise OperandError(
                f"{_name(node)} is named twice: a node is a parameter, an input or frozen, once"
            )
        seen.add(id(node))


def _name(node: Value) -> str:
    return repr(node.label) if node.label else f"a leaf with the number {node.data:g}"

"""From a recorded graph to a program."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.compiling.program.builder import Builder
from autograd_bp.compiling.program.collector import no_collections
from autograd_bp.compiling.program.names import Names, as_names
from autograd_bp.compiling.program.native import walks
from autograd_bp.compiling.program.program import Program
from autograd_bp.errors import OperandError
from autograd_bp.graph import topological_order
from autograd_bp.value import Value


def flatten(
    outputs: Sequence[Value | float],
    *,
    parameters: Sequence[Value] = (),
    inputs: Sequence[Value] = (),
    summed: Sequence[bool] | None = None,
    names: tuple[Sequence[str], Sequence[str]] = ((), ()),
) -> Program:
    """The program that computes these nodes of a graph.

    Arguments:
        outputs: the nodes to compute; a plain number is an output that is always that.
        parameters: nodes that all rows of data share.
        inputs: nodes of which each row of data has its own.
        summed: for each output, whether it is summed over the rows; none when left out.
        names: of the first parameters and of the first inputs; the others have the names of
            their labels, or of their places.

    Parameters and inputs may be nodes in the middle of the graph: what they depend on is left
    out. Other leaves are constants with the numbers that they have now.

    Raises: OperandError when a node is named twice, or one of them is no Value.
    """
    names = names_of(parameters, "p", names[0]), names_of(inputs, "x", names[1])
    marks = tuple(summed or [False] * len(outputs))
    with no_collections():
        if walks is not None:
            lists = [x if type(x) is list else list(x) for x in (outputs, parameters, inputs)]
            program = walks.flatten(*lists, names, marks, Program)
            if program is not None:
                return program  # type: ignore[no-any-return]
        return flatten_in_python(outputs, parameters, inputs, names, marks)


def flatten_in_python(
    outputs: Sequence[Value | float],
    parameters: Sequence[Value],
    inputs: Sequence[Value],
    names: tuple[Sequence[str], Sequence[str]],
    summed: Sequence[bool],
) -> Program:
    """Do what `flatten` does, for the interpreted core and for the tests of the walk in C."""
    registers = _numbered([*parameters, *inputs])
    builder = Builder(*names)
    nodes = [node for node in outputs if isinstance(node, Value)]
    for node in topological_order(*nodes, stop=[*parameters, *inputs]):
        if id(node) in registers:
            continue
        if node.op is None:
            registers[id(node)] = builder.constant(node.data)
        else:
            operands = [registers[id(parent)] for parent in node.parents]
            registers[id(node)] = builder.emit(node.op, operands)
    results = [
        registers[id(node)] if isinstance(node, Value) else builder.constant(float(node))
        for node in outputs
    ]
    return builder.finish(results, summed)


def _numbered(nodes: Sequence[Value]) -> dict[int, int]:
    """The registers of parameters and inputs, by the identity of the node."""
    for node in nodes:
        if not isinstance(node, Value):
            raise OperandError(
                f"parameters and inputs must be Values, got {type(node).__name__} {node!r:.60}"
            )
    registers = {id(node): k for k, node in enumerate(nodes)}
    if len(registers) < len(nodes):
        raise OperandError("a node stands twice among the parameters and inputs: name each once")
    return registers


def names_of(nodes: Sequence[Value], letter: str, known: Sequence[str]) -> Sequence[str]:
    """The names of leaves: those that are known, then labels, or places after a letter."""
    known = as_names(known)
    if len(known) == len(nodes):
        return known
    others = list(nodes[len(known) :])
    names = _names_of(others, letter, len(known))
    return Names(len(nodes), lambda: (*known, *names)) if len(known) else names


def _names_of(nodes: list[Value], letter: str, first: int) -> tuple[str, ...]:
    if walks is not None:
        return walks.names(nodes, letter, first)  # type: ignore[no-any-return]
    labels = [getattr(node, "label", "") for node in nodes]
    return tuple([x or f"{letter}{k}" for k, x in enumerate(labels, first)])

"""Graphs that are traced on their own nodes, as a module is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd_bp.compiling.front.arguments import signature_of_names
from autograd_bp.compiling.front.compiled import Compiled
from autograd_bp.compiling.front.guarded import Guard
from autograd_bp.compiling.front.packed import Nodes, Packed
from autograd_bp.derivatives.trees import Tree
from autograd_bp.derivatives.trees import flatten as take_apart
from autograd_bp.flow.rounds import TracedLoop, looks_up
from autograd_bp.value import Value


class GraphInPlace:
    """A graph as a function of arrays that take the places of some of its leaves.

    Arguments:
        name: what the function is called.
        outputs: a Value or a tree of Values.
        arguments: for each argument its leaves, in the order of the numbers of the array.
        faults: what may go wrong when it runs, each 1 where it does.
        again: a function of the arguments that computes the same on plain numbers, and raises what
            goes wrong.
        loops: the look-ups of entries of tables in it.
        selecting: makes the same function, in which they are selected.
    """

    def __init__(
        self,
        name: str,
        outputs: Any,
        arguments: Mapping[str, Sequence[Value]],
        faults: Sequence[Value] = (),
        again: Callable[..., Any] | None = None,
        loops: Sequence[TracedLoop] = (),
        selecting: Callable[[], GraphInPlace] | None = None,
    ) -> None:
        self.__name__ = self.__qualname__ = name
        self.__signature__ = signature_of_names(arguments)
        self.outputs, self.tree = take_apart(outputs, "the outputs")
        self._arguments = arguments
        self._faults, self.again = tuple(faults), again or self.__call__
        self.loops, self.selecting = tuple(loops), selecting

    def __call__(self) -> Any:
        return self.tree.build(self.outputs)

    def nodes(self, packed: Packed, wrt: tuple[str, ...]) -> Nodes:
        """The leaves, in the places of the numbers of a call."""
        trees = {name: (tree, varies) for name, tree, varies in packed.arguments}
        leaves: dict[bool, list[Value]] = {False: [], True: []}
        for name, (_, varies) in trees.items():
            leaves[varies] += self._arguments[name]
        name = wrt[0]  # there is one: a module has a single argument to differentiate by
        tree, varies = trees[name]
        return Nodes(
            args=(),
            kwargs={},
            parameters=leaves[False],
            inputs=leaves[True],
            wrt=[*self._arguments[name]],
            tree=tree,
            varies=varies,
            tangent=[],
            groups=((tree, varies),),
            faults=self._faults,
            loops=self.loops,
            names_of_wrt=(name,),
        )


class CompiledInPlace(Compiled):
    """A graph that is traced on its own nodes. Where `compile` copies it, this relies on it to
    stay as it is."""

    _function: GraphInPlace

    def _record(self, packed: Packed) -> tuple[Nodes, list[Value | float], Tree]:
        graph = self._function
        if graph.loops and graph.selecting is not None and not looks_up():
            graph = graph.selecting()
        return graph.nodes(packed, self._arguments.wrt), graph.outputs, graph.tree

    def _guard(self, nodes: Nodes, outside: list[Value]) -> Guard:
        backend = str(self._options["backend"])
        return Guard(self._function.again, self._arguments.name, nodes, outside, backend)

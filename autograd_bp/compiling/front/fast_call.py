"""Fast calls: arguments of one kind are packed in native code, with no Python in between.

The first call of a kind goes through `Arguments.pack`, which can handle everything. After it, the
method that was called is aimed at that kind: see `FastCall` in calling/_caller.pyx.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd_bp.compiling.calling.caller import CallKind, FastCall, Machine
from autograd_bp.derivatives.trees import Tree

if TYPE_CHECKING:
    from autograd_bp.compiling.backends.choosing import BackendChoice
    from autograd_bp.compiling.front.packed import Packed
    from autograd_bp.compiling.front.parts import Result

NUMBER = 0  # the layout of a single number


def aim(
    call: FastCall,
    packed: Packed,
    result: Result,
    choice: BackendChoice,
    *,
    threads: int,
    latest: list[Any],
    program: Any,
    is_open: bool,
    guard: BackendChoice | None,
) -> None:
    """Aims a call at the kind of these arguments, if native code can pack them.

    Arguments:
        call: what later calls go through.
        packed: the arguments of one call: its shapes are what counts.
        result: what is handed out.
        choice: what runs the program.
        threads: how many may share the work.
        latest: a list; after each fast call its first entry is `program`.
        program: see there.
        is_open: whether results with a NaN are left to the other way of a call.
        guard: computes for each row whether something goes wrong, which is left to that way too.
    """
    rows = packed.inputs.shape[1]
    places = {name: k for k, (name, _, _) in enumerate(packed.arguments)}
    arguments = _arguments(packed, places)
    spaces = [space for part in result.parts for space in part.spaces]
    results = [(_layout_of_space(space), summed) for space, summed in spaces]
    if arguments is None or any(layout is None for layout, _ in results):
        return
    guarding = None
    if guard is not None:
        guarding = _kind(
            guard,
            rows,
            arguments=arguments,
            results=[(NUMBER, False)],
            threads=threads,
            latest=[None],
            program=None,
            is_open=False,
        )
        if guarding is None:
            return
    kind = _kind(
        choice,
        rows,
        arguments=arguments,
        results=results,
        threads=threads,
        latest=latest,
        program=program,
        is_open=is_open,
        finish=None if result.is_plain else _finish(result, packed, places),
        guard=guarding,
    )
    if kind is not None:
        call.aim(kind)


def _kind(choice: BackendChoice, rows: int, **options: Any) -> CallKind | None:
    """Calls of so many rows; None where no native code runs them."""
    machine = choice.runner(rows)
    if not isinstance(machine, Machine):
        return None
    return CallKind(machine, batches=choice.batches(rows), budget=choice.budget, **options)


def _arguments(packed: Packed, places: dict[str, int]) -> list[tuple[Any, bool]] | None:
    """For each argument its layout and whether it has rows; None where native code does not know
    one."""
    if not packed.is_of_numbers:
        return None  # static arguments, a tangent, or a default before what is passed
    arguments = [
        (_rows_of(packed, name, places) if name in packed.tables else layout_of(tree), varies)
        for name, tree, varies in packed.arguments
    ]
    for layout, varies in arguments:
        if layout is None or (varies and not _is_table(layout)):
            return None
    return arguments


def _finish(
    result: Result, packed: Packed, places: dict[str, int]
) -> Callable[[list[Any], tuple[Any, ...]], Any]:
    """What makes the caller's result of what native code made, and of the arguments."""
    tables = {name: places[name] for name in packed.tables if name not in packed.sources}

    def finish(spaces: list[Any], args: tuple[Any, ...]) -> Any:
        return result.of_spaces(spaces, {name: args[place] for name, place in tables.items()})

    return finish


def _rows_of(packed: Packed, name: str, places: dict[str, int]) -> Any:
    """The layout of rows of tables."""
    parts = tuple([(shape, width) for shape, width, _ in packed.tables[name].layout])
    return ("rows_of", parts, places[packed.sources.get(name, name)])


def _is_table(layout: Any) -> bool:
    """Whether an argument that has rows is an array or rows of tables."""
    return bool(layout == NUMBER or layout[0] in ("array", "rows_of"))


def _layout_of_space(space: Tree | int) -> Any:
    return ("array", (space,), space) if isinstance(space, int) else layout_of(space)


def layout_of(tree: Tree) -> Any:
    """The layout of a tree as native code reads it; None for one that it does not know."""
    if tree.key == "number":
        return NUMBER
    kind = tree.key[0] if isinstance(tree.key, tuple) else None
    if kind == "array":
        return ("array", tree.shape, tree.size)
    if kind not in (list, tuple, dict):
        return None
    if tree.is_flat and kind is not dict:
        return ("list" if kind is list else "tuple", tree.size)
    children = tuple(map(layout_of, tree.children))
    if None in children:
        return None
    if kind is dict:
        return ("dict", tree.keys, children)
    return ("list" if kind is list else "tuple", children or 0)

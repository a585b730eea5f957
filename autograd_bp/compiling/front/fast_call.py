"""Fast calls: arguments of one kind are packed in native code, with no Python in between.

The first call of a kind goes through `Arguments.pack`, which can handle everything. After it, the
method that was called is aimed at that kind: see `FastCall` in calling/_caller.pyx.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograd_bp.compiling.calling.caller import CallKind, FastCall, Machine
from autograd_bp.compiling.front.static import is_plain_array
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
    given: tuple[Sequence[Any], Mapping[str, Any]],
    is_flexible: bool,
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
        given: the arguments by place and by name.
        is_flexible: whether the function takes each argument by its place and by its name.
        threads: how many may share the work.
        latest: a list; after each fast call its first entry is `program`.
        program: see there.
        is_open: whether results with a NaN are left to the other way of a call.
        guard: computes for each row whether something goes wrong, which is left to that way too.
    """
    by_place = _by_place(packed, *given, is_flexible=is_flexible)
    if by_place is None:
        return
    names = tuple(packed.passed)
    places = {name: k for k, name in enumerate(names)}
    arguments = _layouts(packed, places)
    spaces = [space for part in result.parts for space in part.spaces]
    results = [(_layout_of_space(space), summed) for space, summed in spaces]
    if arguments is None or any(layout is None for layout, _ in results):
        return
    rows = packed.inputs.shape[1]
    guards = None if guard is None else _guarding(guard, rows, arguments, threads)
    kind = _kind(
        choice,
        rows,
        program.look_up_from,
        arguments=arguments,
        results=results,
        threads=threads,
        latest=latest,
        program=program,
        is_open=is_open,
        finish=None if result.is_plain else _finish(result, packed, places),
        guard=guards,
        names=names,
        by_place=by_place,
    )
    if kind is not None and (guard is None or guards is not None):
        call.aim(kind)


def _by_place(
    packed: Packed, args: Sequence[Any], kwargs: Mapping[str, Any], *, is_flexible: bool
) -> tuple[int, int] | None:
    """The fewest and the most arguments that such calls give by place; None for a tangent in
    several parts."""
    names, count = [*packed.passed], len(args)
    if len(names) != count + len(kwargs) or {*names[count:]} != {*kwargs}:
        return None
    if not is_flexible:
        return count, count
    return 0, len(names) if packed.in_order is None else max(packed.in_order, count)


def _guarding(
    guard: BackendChoice, rows: int, arguments: list[tuple[Any, bool]], threads: int
) -> CallKind | None:
    """Calls of the program that says for each row whether something goes wrong."""
    return _kind(
        guard,
        rows,
        arguments=arguments,
        results=[(NUMBER, False)],
        threads=threads,
        latest=[None],
        program=None,
        is_open=False,
    )


def _kind(choice: BackendChoice, rows: int, end: int = 0, **options: Any) -> CallKind | None:
    """Calls of about so many rows, and of fewer than `end` where that is not 0; None where no
    native code runs them."""
    machine = choice.runner(rows)
    if not isinstance(machine, Machine):
        return None
    fewest, most = choice.batches(rows)
    batches = (fewest, min(most, end - 1) if end else most)
    return CallKind(machine, batches=batches, budget=choice.budget(rows), **options)


def _layouts(packed: Packed, places: dict[str, int]) -> list[tuple[Any, bool]] | None:
    """The layout of each argument that is passed, and whether it has rows; None where native code
    does not know one."""
    numbers = {name: (tree, varies) for name, tree, varies in packed.arguments}
    layouts: list[tuple[Any, bool]] = []
    for name in places:
        if name not in numbers:
            value = packed.passed[name]
            layouts.append((("static", value) if _is_plain(value) else None, False))
            continue
        tree, varies = numbers[name]
        in_table = name in packed.tables
        layouts.append((_rows_of(packed, name, places) if in_table else layout_of(tree), varies))
    for layout, varies in layouts:
        if layout is None or (varies and not _is_table(layout, not packed.tables)):
            return None
    return layouts


def _is_plain(value: Any) -> bool:
    """Whether a static argument is the same whenever it is equal, and never changes."""
    if isinstance(value, tuple):
        return type(value) is tuple and all(map(_is_plain, value))
    if is_plain_array(value):
        return True  # it is a copy, which is compared number by number
    known = (int, float, str, bytes, bool, type(None))
    is_one = getattr(type(value), "__eq__", None) is getattr(object, "__eq__", None)
    return type(value) in known or is_one


def _finish(
    result: Result, packed: Packed, places: dict[str, int]
) -> Callable[[list[Any], tuple[Any, ...]], Any]:
    """What makes the caller's result of what native code made, and of the arguments."""
    tables = {name: places[name] for name in packed.tables if name not in packed.sources}
    parts = result.parts
    if result.form in (None, (None,) * len(parts)) and all(part.is_added for part in parts):
        sources = [tables[part.added_to] for part in parts]

        def add(spaces: list[Any], args: tuple[Any, ...]) -> Any:
            gradients = [
                args[place].added(space, is_transposed=False)
                for place, space in zip(sources, spaces, strict=True)
            ]
            return gradients[0] if result.form is None else tuple(gradients)

        return add

    def finish(spaces: list[Any], args: tuple[Any, ...]) -> Any:
        return result.of_spaces(spaces, {name: args[place] for name, place in tables.items()})

    return finish


def _rows_of(packed: Packed, name: str, places: dict[str, int]) -> Any:
    """The layout of rows of tables."""
    parts = tuple([(shape, width) for shape, width, _ in packed.tables[name].layout])
    return ("rows_of", parts, places[packed.sources.get(name, name)])


def _is_table(layout: Any, or_dict: bool) -> bool:
    """Whether an argument that has rows is an array, rows of tables, or a dict, a named tuple or a
    dataclass of arrays."""
    if layout == NUMBER or layout[0] in ("array", "rows_of"):
        return True
    if not or_dict or layout[0] not in ("dict", "record"):
        return False
    children = layout[2] if layout[0] == "dict" else layout[3]
    return all(_is_table(child, True) or child[0] == "static" for child in children)


def _layout_of_space(space: Tree | int) -> Any:
    return ("array", (space,), space) if isinstance(space, int) else layout_of(space)


def layout_of(tree: Tree) -> Any:
    """The layout of a tree as native code reads it; None for one that it does not know."""
    if tree.key == "number":
        return NUMBER
    kind: Any = tree.key[0] if isinstance(tree.key, tuple) else None
    if kind == "array":
        return ("array", tree.shape, tree.size)
    if kind == "static":
        value = tree.result([])
        return ("static", value) if _is_plain(value) else None
    if kind not in (list, tuple, dict):
        return _layout_of_record(tree, kind)
    if tree.is_flat and kind is not dict:
        return ("list" if kind is list else "tuple", tree.size)
    children = tuple(map(layout_of, tree.children))
    if None in children:
        return None
    if kind is dict:
        return ("dict", tree.keys, children)
    return ("list" if kind is list else "tuple", children or 0)


def _layout_of_record(tree: Tree, kind: Any) -> Any:
    """The layout of a named tuple or a dataclass; None for another container."""
    if hasattr(kind, "__dataclass_fields__"):
        names = tuple([step.removeprefix(".") for step in tree.steps])
    elif isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields"):
        names = None
    else:
        return None
    children = tuple(map(layout_of, tree.children))
    return None if None in children else ("record", kind, names, children, tree.make_result)

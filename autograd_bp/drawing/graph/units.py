"""Units side by side: which of them is drawn, and in what they differ."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence

from autograd_bp.drawing.graph.formulas import typeset
from autograd_bp.drawing.graph.layers import AlikeLayer
from autograd_bp.drawing.graph.scene import View
from autograd_bp.drawing.graph.shifts import stem
from autograd_bp.notation import maths, operations
from autograd_bp.notation.maths import Maths
from autograd_bp.notation.names import identifier
from autograd_bp.notation.numbers import rounded
from autograd_bp.value import Value

MAX_SPLITS = 60  # of families whose drawn members do not belong together
MAX_MEMBERS = 20_000  # of all families; larger graphs stay as they are
MAX_SIZE = 16  # names and numbers of a formula
MAX_RANGES = 4  # constants that have a name each

Family = tuple[Value, ...]


def consistent(families: Sequence[Family], number: Callable[[Value], float]) -> list[Family]:
    """The same families, the drawn member of each first: one that reads the drawn members of other
    families, or numbers that are equal. Where there is none, what it reads is split, so that no
    drawn number was computed from other numbers than those beside it.

    Arguments:
        families: operations that are alike, in topological order.
        number: gives the numbers of nodes.
    """
    found = list(families)
    if sum(map(len, found)) > MAX_MEMBERS:
        return found
    for _ in range(MAX_SPLITS):
        split = _first_first(found, number)
        if split is None:
            break
        k, readers = split
        read = {parent for node in readers for parent in node.parents}
        found[k : k + 1] = _parts(found[k], read, number)
    return [family for family in found if len(family) > 1]


def _first_first(
    found: list[Family], number: Callable[[Value], float]
) -> tuple[int, Family] | None:
    """Put the member to draw first in each family. Returns: where that cannot be, the family that
    is read, and the one that reads it.
    """
    place = {node: k for k, family in enumerate(found) for node in family}
    for k, family in enumerate(found):
        mixed = [_mixed(node, place, found, number) for node in family]
        best = min(range(len(family)), key=lambda i: (len(mixed[i]), i))
        found[k] = (family[best], *family[:best], *family[best + 1 :])
        if mixed[best]:
            return mixed[best][0], family
    return None


def _parts(
    family: Family, read: Container[Value], number: Callable[[Value], float]
) -> list[Family]:
    """A family in two: the members that are read and the others or, where all are read, those that
    are equal to the first and the others.
    """
    here = [node in read for node in family]
    if all(here):
        here = [number(node) == number(family[0]) for node in family]
    parts = [
        tuple(node for node, inside in zip(family, here, strict=True) if inside is side)
        for side in (True, False)
    ]
    return [part for part in parts if part]


def _mixed(
    node: Value,
    place: Mapping[Value, int],
    families: Sequence[Family],
    number: Callable[[Value], float],
) -> list[int]:
    """The families of which a node reads members, but not the drawn one, or an equal number."""
    parents: dict[int, list[Value]] = {}
    for parent in node.parents:
        if parent in place:
            parents.setdefault(place[parent], []).append(parent)
    return [
        k
        for k, members in parents.items()
        if families[k][0] not in members
        and number(families[k][0]) not in [number(member) for member in members]
    ]


def of_unit(layer: AlikeLayer, view: View) -> tuple[str, ...]:
    """The formula of a unit and the ranges of the constants in which the units differ; empty where
    they differ in none.
    """
    names: dict[tuple[int, int], Maths] = {}
    columns: dict[tuple[float, ...], str] = {}
    for k, family in enumerate(layer.families):
        for j, numbers in enumerate(_constants(family, view)):
            if all(x == numbers[0] for x in numbers):
                continue
            if numbers not in columns:
                columns[numbers] = f"c{len(columns) + 1}" if columns else "c"
            names[k, j] = identifier(columns[numbers])
    if not columns:
        return ()
    if len(columns) > MAX_RANGES:
        every = [x for numbers in columns for x in numbers]
        return (f"{len(columns):,} constants: {_range(every)}",)
    ranges = [f"{typeset(name)}: {_range(numbers)}" for numbers, name in columns.items()]
    last = [view.number(node) for node in layer.families[-1]]
    formula = _formula(layer, view, names)
    head = (f"{formula}: {_range(last)}",) if formula else (f"results: {_range(last)}",)
    return (*head, *ranges)


def _range(numbers: Sequence[float]) -> str:
    finite = [x for x in numbers if x == x]
    words = f"{rounded(min(finite))} … {rounded(max(finite))}" if finite else "NaN"
    return words if len(finite) == len(numbers) else f"{words}, and NaN"


def _constants(family: Family, view: View) -> Iterator[tuple[float, ...]]:
    """The numbers of the constants without a name that operations read, in their order, a column
    for each.
    """
    rows = [
        [view.number(p) for p in node.parents if p.is_constant and not view.label(p)]
        for node in family
    ]
    yield from zip(*rows, strict=False)


def _formula(layer: AlikeLayer, view: View, names: Mapping[tuple[int, int], Maths]) -> str:
    """What the first unit computes, with the names of constants that differ; empty where it is
    long.
    """
    written: dict[Value, Maths] = {}
    body: Maths | None = None
    for k, family in enumerate(layer.families):
        node, count = family[0], 0
        parts = []
        for i, parent in enumerate(node.parents):
            if parent.is_constant and not view.label(parent):
                plain = maths.number(float(rounded(view.number(parent)).replace("−", "-")))
                parts.append(names.get((k, count), plain))
                count += 1
            elif parent in written:
                parts.append(written[parent])
            else:
                parts.append(_outside(family, i, parent, view))
        assert node.op is not None
        body = written[node] = operations.apply(node.op, parts)
        if body.size > MAX_SIZE:
            return ""
    return typeset(body.text) if body is not None else ""


def _outside(family: Family, i: int, parent: Value, view: View) -> Maths:
    """What a unit reads: its name, without a number where the units read several."""
    label = view.label(parent)
    others = {node.parents[i] for node in family if len(node.parents) > i}
    if label and len(others) > 1:
        return identifier(f"{stem(label) or label}ᵢ")
    return identifier(label or "u")

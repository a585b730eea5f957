"""Which parts a result has, for each kind of result."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from autograd_bp.compiling.front.matrices import matrix_part
from autograd_bp.compiling.front.packed import Nodes
from autograd_bp.compiling.front.parts import Part, Result
from autograd_bp.derivatives.tree_differences import difference
from autograd_bp.derivatives.trees import Tree, flatten
from autograd_bp.errors import SettingError, ShapeError

__all__ = ["DERIVATIVES", "KINDS", "Part", "Result", "kind_of", "names_of_kind", "result"]

DERIVATIVES = ("grad", "jacobian", "hessian", "jvp", "vjp", "hvp")
KINDS = ("value", *DERIVATIVES)
OF_ONE_NUMBER = ("grad", "hessian", "hvp")
MATRICES = ("jacobian", "hessian")
DIRECTIONS = {"jvp": "tangent", "hvp": "tangent", "vjp": "cotangent"}
"""What a call gives besides the arguments of the function."""


def names_of_kind(kind: str) -> list[str]:
    """The names that "value_and_grad" and the like are made of."""
    return kind.split("_and_")


_NUMBER = flatten(0.0)[1]


@functools.cache
def directions_of(kind: str) -> tuple[str, ...]:
    """The tangent and the cotangent, where a kind of result needs them."""
    needed = {DIRECTIONS[name] for name in names_of_kind(kind) if name in DIRECTIONS}
    return tuple(sorted(needed, reverse=True))


def kind_of(names: Sequence[Any]) -> str:
    """The kind of result that has these, in this order.

    Raises: SettingError for what is none of KINDS, or there twice.
    """
    unknown = [name for name in names if name not in KINDS]
    if unknown or not names or len({*names}) < len(names):
        raise SettingError(
            f"derivatives are some of {', '.join(KINDS)}, each once, got "
            f"{', '.join(map(repr, names)) or 'nothing'}"
        )
    return "_and_".join(names)


def checked_kind(kind: Any) -> str:
    """A kind of result, if it is one.

    Raises: SettingError where it is none.
    """
    try:
        return kind_of(names_of_kind(kind))
    except (SettingError, AttributeError):
        raise SettingError(
            f'derivative is "value", "grad" or "value_and_grad", "jacobian", "hessian", "jvp", '
            f'"vjp", "hvp", or several of them joined by "_and_", got {kind!r:.60}'
        ) from None


class OtherShapeError(ShapeError):
    """A cotangent has another shape than what it belongs to; `tree` is the shape of that."""

    def __init__(self, message: str, tree: Tree) -> None:
        super().__init__(message)
        self.tree = tree


def require_like(cotangent: Tree | None, output: Tree, sums: bool) -> None:
    """Raises OtherShapeError where a cotangent has another shape than what it belongs to."""
    if cotangent is not None and cotangent != output:
        raise OtherShapeError(
            f"the cotangent must have the shape of the value"
            f"{'' if sums else ', with the rows first'}: {difference(cotangent, output)}",
            output,
        )


def result(
    kind: str, count: int, tree: Tree, nodes: Nodes, sums: bool, sparse: bool = False
) -> Result:
    """How one kind of result is handed out.

    Arguments:
        kind: "value", "grad", "value_and_grad", "hvp", "jacobian" ...
        count: how many numbers the function returned.
        tree: their shape.
        nodes: its arguments.
        sums: whether results are summed over the rows.
        sparse: whether others take the places of matrices, once their entries are known.

    Raises: ShapeError where one number is needed and the function returned more.
    """
    names = names_of_kind(kind)
    for name in names:
        if name in OF_ONE_NUMBER and (count != 1 or tree.children or tree.shape):
            raise ShapeError(
                f"{name if len(names) == 1 else kind} needs a function that returns one number, "
                f"got {tree}: return a sum, or use jacobian"
            )
    pairs = [
        ([Part(_NUMBER, sums, f"the {name} by {nodes.by}")], None)
        if sparse and name in MATRICES
        else parts_of(name, tree, nodes, sums)
        for name in names
    ]
    parts = tuple([part for some, _ in pairs for part in some])
    forms = [form for _, form in pairs]
    return Result(parts, forms[0] if len(forms) == 1 else tuple(forms))


def parts_of(name: str, tree: Tree, nodes: Nodes, sums: bool) -> tuple[list[Part], Any]:
    """The parts of the value or of one derivative, and how they stand together."""
    by = nodes.by
    if name == "value":
        return [Part(tree, sums)], None
    if name == "jvp":
        return [Part(tree, sums, f"the derivative by {by} in a direction")], None
    if name in ("grad", "hvp", "vjp"):
        titles = {
            "grad": "the gradient by {}",
            "hvp": "the Hessian times the tangent, by {}",
            "vjp": "the cotangent times the derivatives by {}",
        }
        parts = _by_wrt(nodes, sums, titles[name])
        is_whole = len(parts) == 1 and not (parts[0].added_to and is_several(nodes))
        return parts, None if is_whole else (None,) * len(parts)
    if name == "jacobian":
        return _jacobian(tree, nodes, sums)
    return _hessian(nodes, sums)


def _by_wrt(nodes: Nodes, sums: bool, title: str) -> list[Part]:
    """Hand out a gradient as one part, or as one for each selected argument where some of them have
    rows and others have none."""
    are_added = sums and not nodes.tables.isdisjoint(nodes.names_of_wrt)
    if len({varies for _, varies in nodes.groups}) < 2 and not are_added:
        return [Part(nodes.tree, sums and not nodes.varies, title.format(nodes.by))]
    groups = zip(nodes.groups, nodes.names_of_wrt, strict=True)
    return [
        Part(
            tree,
            sums and not varies,
            title.format(name),
            added_to=name if sums and name in nodes.tables else "",
        )
        for (tree, varies), name in groups
    ]


def is_several(nodes: Nodes) -> bool:
    """Whether derivatives are taken by a tuple of arguments, and not by one that is a tuple."""
    return nodes.tree is not nodes.groups[0][0]


def _jacobian(tree: Tree, nodes: Nodes, sums: bool) -> tuple[list[Part], Any]:
    parts = [
        matrix_part(tree, argument, sums and not varies, f"each output's derivatives by {name}")
        for (argument, varies), name in zip(nodes.groups, nodes.names_of_wrt, strict=True)
    ]
    return parts, (None,) * len(parts) if is_several(nodes) else None


def _hessian(nodes: Nodes, sums: bool) -> tuple[list[Part], Any]:
    groups = [*zip(nodes.groups, nodes.names_of_wrt, strict=True)]
    parts = [
        matrix_part(
            one, other, sums and not varies and not also, f"the Hessian by {name} and {second}"
        )
        for (one, varies), name in groups
        for (other, also), second in groups
    ]
    form = ((None,) * len(groups),) * len(groups)
    return parts, form if is_several(nodes) else None

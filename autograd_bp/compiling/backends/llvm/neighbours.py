"""How members that follow each other read, and terms: by which stride, and whether in turn."""

from __future__ import annotations

from autograd_bp.compiling.backends.llvm.places import Counters
from autograd_bp.compiling.backends.llvm.values import FEW_TERMS_OF_MEMBERS, is_tiled
from autograd_bp.compiling.loops.loops import Access, Loop


def stride_of(loop: Loop, k: int, lanes: int) -> int | None:
    """By how much the places differ that neighbours in one vector read by access k; None where it
    is now this and now that."""
    access = loop.reads[k]
    if access.affine:
        return access.strides[-1] if access.strides else 0
    if loop.shape[-1:] in ((), (1,)):
        return 0
    import numpy as np

    table = np.array(access.table).reshape(-1, loop.shape[-1], loop.terms_of(k))
    between = np.diff(table, axis=1)
    inside = np.delete(between, np.s_[lanes - 1 :: lanes], axis=1)
    first = int(inside.flat[0])
    return first if (inside == first).all() else None


def is_added_up(loop: Loop) -> bool:
    """Whether a loop adds up the terms of each member."""
    return is_tiled(loop) and loop.terms > FEW_TERMS_OF_MEMBERS


def ends_by(loop: Loop, k: int, lanes: int, stride: int) -> bool:
    """Whether the last members, as many as there are lanes, read neighbours that differ by a
    stride, each time that they are reached."""
    access = loop.reads[k]
    if access.affine:
        return True
    import numpy as np

    table = np.array(access.table).reshape(-1, loop.shape[-1], loop.terms_of(k))
    return bool((np.diff(table[:, -lanes:], axis=1) == stride).all())


def reads_in_turn(loop: Loop, least: int) -> bool:
    """Whether the terms of both lists stand side by side, or are one number."""
    lists = loop.reads[:2]
    if loop.terms < least or len(lists) < 2 or (loop.has_initial and len(loop.reads) < 3):
        return False
    return all(map(is_in_turn, lists))


def stand_side_by_side(loop: Loop) -> bool:
    """The same of the terms of any list, of which one moves."""
    return all(map(is_in_turn, loop.reads)) and any(access.step for access in loop.reads)


def is_in_turn(access: Access) -> bool:
    return access.affine and (access.step == 0 or (access.step == 1 and access.space != "input"))


def used(member: Counters, access: Access) -> list[str]:
    """The counters that say what an access reads."""
    return [c if s else "" for c, s in zip(member, access.strides, strict=True)]

"""fori, scan, while_loop: loops that carry a tree of numbers from round to round."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.derivatives.trees import Tree
from autograd_bp.errors import BranchError, LoopLimitError, SettingError, ShapeError
from autograd_bp.flow.checks import checked, where_taken
from autograd_bp.flow.common import (
    Function,
    chosen,
    is_open,
    leaves_like,
    numbers_like,
    numbers_of,
    require_function,
    truth,
    whole,
)
from autograd_bp.flow.growing import counter_of, limit_for
from autograd_bp.flow.items import gives_arrays, items_of, stacked
from autograd_bp.flow.rounds import may_trace, rows_of, trace
from autograd_bp.operands import unboxed
from autograd_bp.value import Value


def fori(
    n: Any,
    body: Function,
    init: Any,
    *,
    limit: int | None = None,
    checkpoint: bool | int | None = None,
) -> Any:
    """The carry after n rounds of `carry = body(i, carry)`, i from 0 to n - 1.

    Arguments:
        n: how many rounds: a whole number, or a Value with one; none where it is negative. No
            derivative is taken by it.
        body: a function of the number of the round, a plain int, and the carry. It returns the
            next carry.
        init: the first carry: any tree of numbers.
        limit: the most rounds that there may be. Inside compiled functions where n is a Value, as
            many rounds are computed as a row of data needed so far, and those from n on leave the
            carry as it is.
        checkpoint: True, or how many states are kept, where a compiled function computes the others
            again for its gradient; see docs/compiling.md.

    Returns: the last carry.

    Raises: OperandError where n is no whole number; ShapeError where the body returns another shape
        than it takes; LoopLimitError where n is above the limit, also when a compiled function
        runs; LoopMemoryError there where n is too large.

    Example:
        >>> import autograd_bp as bp
        >>> def power(x, n):
        ...     return bp.fori(n, lambda i, y: x * y, 1.0, limit=10)
        >>> power(2.0, 3), bp.grad(power)(2.0, 3)
        (8.0, 12.0)
        >>> bp.compiled(power, rows=("x", "n"), reduce=None)([2.0, 3.0], [3, 2])
        array([8., 9.])
    """
    require_function("body", body)
    most, checkpoint = _limit(limit), _checkpoint(checkpoint)
    n = unboxed(n)
    leaves, tree, init = numbers_of(init, "the carry of fori")
    if not is_open(n):
        count = whole(n, "the number of rounds of fori")
        if most is not None and count > most:
            raise _too_many("fori", most, f"n = {count}")
        note = counter_of(body, len(leaves), checkpoint, most)
        if note is not None:
            note(count)
        if may_trace(count):
            return tree.build(_traced_rounds(count, tree, leaves, body, checkpoint))
        carry = init
        for i in range(count):
            what = "the carry that the body of fori returned"
            _, _, carry = numbers_like(tree, body(i, carry), what)
        return carry
    most = limit_for(body, most)
    if most is None:
        raise _needs_limit("fori", "its number of rounds is a Value")
    is_right = ops.logical_and(ops.less_equal(n, float(most)), ops.equal(ops.floor(n), n))

    def masked(i: Any, carry: Any) -> Any:
        """A round that counts where i is below n."""
        some, _ = leaves_like(tree, carry, "the carry of fori")
        return tree.build(_masked_round(ops.greater(n, i), tree, some, partial(body, i)))

    if may_trace(most):
        leaves = _traced_rounds(most, tree, leaves, masked, checkpoint)
    else:
        for i in range(most):
            leaves = _masked_round(ops.greater(n, float(i)), tree, leaves, partial(body, i))
    return tree.build(checked(is_right, leaves))


def while_loop(
    condition: Function,
    body: Function,
    init: Any,
    *,
    limit: int | None = None,
    checkpoint: bool | int | None = None,
) -> Any:
    """The first carry of `carry = body(carry)` for which the condition does not hold.

    Arguments:
        condition: a function of the carry that returns a truth value or a number; all but 0 is
            true.
        body: a function of the carry that returns the next carry.
        init: the first carry: any tree of numbers.
        limit: the most rounds that there may be. Inside compiled functions, where the condition is
            a Value, as many rounds are computed for each row of data as one needed so far, and
            those after its last one leave the carry as it is.
        checkpoint: True, or how many states are kept, where a compiled function computes the others
            again for its gradient; see docs/compiling.md.

    Returns: the last carry. Derivatives of any order, in reverse mode too, are those of the rounds
        that were made.

    Raises: ShapeError where the body returns another shape than it takes; LoopLimitError where the
        condition still holds after `limit` rounds, also when a compiled function runs;
        LoopMemoryError there where it holds for too long.

    Example:
        >>> import autograd_bp as bp
        >>> def halved(x):
        ...     return bp.while_loop(lambda x: x > 1.0, lambda x: 0.5 * x, x, limit=20)
        >>> halved(12.0), bp.grad(halved)(12.0)
        (0.75, 0.0625)
        >>> bp.compiled(halved, rows="x", reduce=None).grad([12.0, 3.0, 0.5])
        array([0.0625, 0.25  , 1.    ])
    """
    require_function("condition", condition)
    require_function("body", body)
    most, checkpoint = _limit(limit), _checkpoint(checkpoint)
    leaves, tree, init = numbers_of(init, "the carry of while_loop")
    carry, rounds, note = init, 0, counter_of(body, len(leaves), checkpoint, most)
    while True:
        holds = unboxed(condition(carry))
        if is_open(holds):
            break
        if not truth(holds, "what the condition of while_loop returned"):
            return carry
        if rounds == most:
            raise _too_many("while_loop", most, "its condition still holds")
        what = "the carry that the body of while_loop returned"
        leaves, _, carry = numbers_like(tree, body(carry), what)
        rounds += 1
        if note is not None:
            note(rounds)
    most = limit_for(body, most)
    if most is None:
        raise _needs_limit("while_loop", "its condition is a Value")
    most = max(most, rounds + 1)
    if may_trace(most - rounds):

        def masked(carry: list[Any], _: list[Any]) -> tuple[list[Any], list[Any]]:
            after = _masked_round(carry[0], tree, carry[1:], body)
            return [condition(tree.build(after)), *after], []

        (holds, *leaves), _ = trace(most - rounds, masked, [holds, *leaves], [], checkpoint)
        return tree.build(checked(ops.logical_not(holds), leaves))
    for _ in range(rounds, most):
        # Once it does not hold, the carry stays as it is, and so it does not hold again.
        leaves = _masked_round(holds, tree, leaves, body)
        holds = condition(tree.build(leaves))
    return tree.build(checked(ops.logical_not(holds), leaves))


def scan(
    body: Function,
    init: Any,
    xs: Any,
    *,
    length: int | None = None,
    reverse: bool = False,
    checkpoint: bool | int | None = None,
) -> tuple[Any, Any]:
    """The last carry, and all y, of `carry, y = body(carry, x)` for each x.

    Arguments:
        body: a function of the carry and one x. It returns the next carry and a y.
        init: the first carry: any tree of numbers.
        xs: a list, whose entries may be trees; an array, whose first dimension is gone through; or
            a tuple, dict, named tuple or dataclass of such, which are gone through side by side.
            None gives None to each round, `length` of them.
        length: how many x there are; they tell it themselves where they are given.
        reverse: whether to go from the last x to the first; each y stays beside its x.
        checkpoint: True, or how many states are kept, where a compiled function computes the others
            again for its gradient; see docs/compiling.md.

    Returns: the last carry, and a tree of the shape of y with all of its numbers, one for each x:
        a list in the place of each number where xs are lists, an array where they are arrays or
        None; and an array with one more dimension, the first, in the place of each array.

    Raises: ShapeError where the body does not return a pair, or a carry or a y of another shape
        than before, and where parts of xs differ in length; SettingError where there are not
        `length` of them.

    Example:
        >>> import autograd_bp as bp
        >>> bp.scan(lambda total, x: (total + x, total), 0.0, [1.0, 2.0, 3.0])
        (6.0, [0.0, 1.0, 3.0])
    """
    require_function("body", body)
    checkpoint = _checkpoint(checkpoint)
    items = items_of(xs, length)
    leaves, tree, init = numbers_of(init, "the carry of scan")
    if may_trace(len(items)):
        return _traced_scan(
            body, leaves, tree, items, checkpoint, reverse=reverse, in_arrays=gives_arrays(xs)
        )
    carry, shape = init, None
    lines: list[list[Any]] = []
    for x in reversed(items) if reverse else items:
        carry, y = _pair(body(carry, x))
        _, _, carry = numbers_like(tree, carry, "the carry that the body of scan returned")
        line, shape = leaves_like(shape, y, "the y that the body of scan returned")
        lines.append(line)
    return carry, stacked(lines[::-1] if reverse else lines, shape, gives_arrays(xs))


def _pair(returned: Any) -> tuple[Any, Any]:
    if not isinstance(returned, tuple) or len(returned) != 2:
        raise ShapeError(
            f"the body of scan returns a pair (carry, y), got {type(returned).__name__} "
            f"{returned!r:.60}: write return carry, y"
        )
    return returned


def _traced_rounds(
    count: int,
    tree: Tree,
    leaves: list[Any],
    body: Function,
    checkpoint: bool | int | None,
) -> list[Any]:
    """The carry after rounds whose body is traced once, the number of the round among it."""

    def step(carry: list[Any], _: list[Any]) -> tuple[list[Any], list[Any]]:
        after = body(carry[0], tree.build(carry[1:]))
        ends = leaves_like(tree, after, "the carry that the body of fori returned")[0]
        return [carry[0] + 1.0, *ends], []

    return trace(count, step, [0.0, *leaves], [], checkpoint)[0][1:]


def _traced_scan(
    body: Function,
    leaves: list[Any],
    tree: Tree,
    items: Sequence[Any],
    checkpoint: bool | int | None,
    *,
    reverse: bool,
    in_arrays: bool,
) -> tuple[Any, Any]:
    rows, x_tree = rows_of(items)
    columns = [list(column) for column in zip(*(reversed(rows) if reverse else rows), strict=True)]
    shape: list[Tree] = []

    def step(carry: list[Any], x: list[Any]) -> tuple[list[Any], list[Any]]:
        after, y = _pair(body(tree.build(carry), x_tree.build(x)))
        ends, _ = leaves_like(tree, after, "the carry that the body of scan returned")
        ys, y_tree, _ = numbers_of(y, "the y that the body of scan returned")
        shape[:] = [y_tree]
        return ends, ys

    last, lines = trace(len(items), step, leaves, columns, checkpoint)
    return tree.build(last), stacked(lines[::-1] if reverse else lines, shape[0], in_arrays)


def _masked_round(taken: Any, tree: Tree, leaves: list[Any], body: Function) -> list[Any]:
    """The carry after a round that counts only where a condition holds."""
    if not isinstance(taken, Value) and not truth(taken, "the condition of a loop"):
        return leaves
    with where_taken(taken):
        after, _ = leaves_like(tree, body(tree.build(leaves)), "the carry that the body returned")
    return chosen(taken, after, leaves) if isinstance(taken, Value) else after


def _limit(limit: Any) -> int | None:
    if limit is None:
        return None
    if isinstance(limit, (bool, Value)) or whole(limit, "limit") < 0:
        raise SettingError(f"limit is a number of rounds, got {limit!r:.60}")
    return whole(limit, "limit")


def _checkpoint(checkpoint: Any) -> bool | int | None:
    if checkpoint is None or isinstance(checkpoint, bool):
        return checkpoint
    if isinstance(checkpoint, Value) or whole(checkpoint, "checkpoint") < 1:
        raise SettingError(
            f"checkpoint is True, or how many states of a loop are kept, got {checkpoint!r:.60}"
        )
    return whole(checkpoint, "checkpoint")


def _too_many(name: str, limit: int | None, reason: str) -> LoopLimitError:
    return LoopLimitError(
        f"{name} needs more than its limit of {limit} rounds: {reason}; raise limit=, or look why "
        "it does not end"
    )


def _needs_limit(name: str, reason: str) -> BranchError:
    return BranchError(
        f"{name} goes around as often as numbers say ({reason}) in code "
        "that is recorded once: give it limit=, the most rounds that there may be; so many are "
        "then computed. A number of rounds that is an int needs no limit"
    )

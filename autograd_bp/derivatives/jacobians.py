"""jacobian, hessian, hvp: first and second derivatives as matrices, and products with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd_bp.derivatives.calls import Call, Derived, Function, Which, as_arguments, like
from autograd_bp.derivatives.trees import Tree, as_array
from autograd_bp.words import explains_keywords


@explains_keywords
def jacobian(
    function: Function,
    wrt: Which = 0,
    *,
    mode: str | None = None,
    has_aux: bool = False,
    record: bool | None = None,
) -> Callable[..., Any]:
    """All derivatives of a function's outputs by its inputs.

    Arguments:
        function: as in `grad`; the output may be a tree of numbers.
        wrt: as in `grad`.
        mode: "forward" or "reverse" sweeps; the cheaper ones when left out. One forward sweep
            serves all inputs of which no output depends on two, one reverse sweep all outputs
            that share no input.
        has_aux: as in `grad`.
        record: as in `grad`.

    Returns: a function of the same arguments. What it returns is shaped like the output, and
        in the place of each number is a tree shaped like the argument: a list of m numbers by
        a list of n gives m lists of n; arrays of shapes S and T give one array of shape S + T.
        For several arguments, a tuple of such; with `has_aux`, (jacobian, aux).

    Raises: as `grad`.

    Example:
        >>> import autograd_bp as bp
        >>> bp.jacobian(lambda x: [x[0] * x[1], x[1] ** 2])([2.0, 3.0])
        [[3.0, 2.0], [0.0, 6.0]]
    """

    def matrix(*args: Any, **kwargs: Any) -> Any:
        call = Call(function, args, kwargs, wrt, has_aux=has_aux, record=record)
        J = [call.numbers(line) for line in call.linear().matrix(mode)]
        columns = list(zip(*J, strict=True))
        shaped = call.split(columns, lambda tree, some: arrange(some, call.output_tree, tree))
        return (shaped, call.aux) if has_aux else shaped

    options = {"wrt": wrt, "mode": mode, "has_aux": has_aux, "record": record}
    return Derived(jacobian, function, options, matrix)


@explains_keywords
def hessian(
    function: Function, wrt: Which = 0, *, record: bool | None = None
) -> Callable[..., Any]:
    """All second derivatives of a function that returns one number.

    Arguments: as in `grad`.

    Returns: a function of the same arguments. What it returns is shaped like the argument,
        with a tree shaped like the argument in the place of each number: n lists of n for a
        list of n. For several arguments, a tuple of tuples of such.

    Raises: as `grad`.

    Example:
        >>> import autograd_bp as bp
        >>> bp.hessian(lambda x: x[0] ** 2 * x[1])([2.0, 3.0])
        [[6.0, 4.0], [4.0, 0.0]]
    """

    def matrix(*args: Any, **kwargs: Any) -> Any:
        call = Call(function, args, kwargs, wrt, record=record)
        H = [call.numbers(line) for line in call.slopes().matrix()]
        return call.split(
            H,
            lambda tree, lines: call.split(
                list(zip(*lines, strict=True)), lambda other, columns: arrange(columns, tree, other)
            ),
        )

    return Derived(hessian, function, {"wrt": wrt, "record": record}, matrix)


@explains_keywords
def hvp(function: Function, primals: Any, tangents: Any, *, record: bool | None = None) -> Any:
    """The Hessian times a vector, at the cost of a few gradients: the Hessian is never formed.

    Arguments:
        function: returns one number.
        primals: the arguments, as a tuple with one entry for each; anything but a tuple is
            the only argument.
        tangents: the vector, shaped like `primals`.
        record: as in `grad`.

    Returns: H·v, shaped like `primals`.

    Raises: as `grad`, and ShapeError when the shapes differ.

    Example:
        >>> import autograd_bp as bp
        >>> bp.hvp(lambda x: x[0] ** 2 * x[1], [2.0, 3.0], [1.0, 0.0])
        [6.0, 4.0]
    """
    args, alone = as_arguments(primals)
    directions = (tangents,) if alone else tangents
    call = Call(function, args, {}, 0 if alone else range(len(args)), record=record)
    flat = like(directions, call.trees, "tangent", "argument")
    call.meets(flat)
    # H is symmetric, so vᵀH, a reverse sweep through the gradient's graph, is H·v.
    return call.shaped(call.slopes().reverse(flat))


def arrange(columns: Sequence[Sequence[Any]], output: Tree, argument: Tree) -> Any:
    """A matrix, given by its columns, in the shape of the output by the shape of the argument."""
    if output.has_only_numbers and argument.has_only_numbers:
        lines = zip(*columns, strict=True)
        return output.map_blocks(argument.map_blocks(iter(line)) for line in lines)

    def parts(lines: slice, block: Tree) -> Iterator[Any]:
        start = 0
        for inner in argument.blocks():
            some = [column[lines] for column in columns[start : start + inner.size]]
            start += inner.size
            if block.key == inner.key == "number":
                yield some[0][0]
            else:
                entries = [entry for line in zip(*some, strict=True) for entry in line]
                yield as_array(entries, block.shape + inner.shape)

    def blocks() -> Iterator[Any]:
        start = 0
        for block in output.blocks():
            lines = slice(start, start + block.size)
            start += block.size
            yield argument.map_blocks(parts(lines, block))

    return output.map_blocks(blocks())

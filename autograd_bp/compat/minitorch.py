"""The scalars of minitorch, and functions of one's own in its manner: change `import minitorch` to
`from autograd_bp.compat import minitorch` where a script uses scalars only.

    >>> from autograd_bp.compat.minitorch import Scalar
    >>> x = Scalar(3.0, name="x")
    >>> (x * x).backward()
    >>> x.derivative
    6.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from autograd_bp.compat.closures import with_derivatives
from autograd_bp.compat.engine import Value
from autograd_bp.errors import GradientMismatchError, ShapeError
from autograd_bp.value import adopt

__all__ = [
    "Context",
    "Scalar",
    "ScalarFunction",
    "ScalarHistory",
    "central_difference",
    "derivative_check",
]


class ScalarHistory(NamedTuple):
    """How a Scalar was computed: the operation, its context, its inputs; of a leaf nothing."""

    last_fn: Any = None
    ctx: Any = None
    inputs: tuple[Any, ...] = ()


LEAF = ScalarHistory()


class Answer(int):
    """Yes or no, with or without a call: our own Value has a property where minitorch has a
    method."""

    def __call__(self) -> bool:
        return bool(self)


class Scalar(Value):
    """A number that records what it is used for.

    Arguments:
        v: the number.
        back: None for a constant, which no derivative reaches.
        name: a label.

    Raises: OperandError where v is no real number.

    Comparisons are True or False, and `derivative` is 0.0 before a sweep, where minitorch has
    Scalars and None.

    Example:
        >>> from autograd_bp.compat.minitorch import Scalar
        >>> x, y = Scalar(2.0), Scalar(4.0)
        >>> z = x * y + x.log()
        >>> z.backward()
        >>> x.derivative, y.derivative, z.is_leaf()
        (4.5, 2.0, False)
    """

    __slots__ = ()

    def __init__(self, v: Any = 0.0, back: ScalarHistory | None = LEAF, name: str = "") -> None:
        super().__init__(v, label=name or "", requires_grad=back is not None)

    @property
    def derivative(self) -> float:
        """The sum of the gradients of all sweeps so far."""
        return float(self.grad or 0.0)  # optimizers set it to None

    @derivative.setter
    def derivative(self, number: Any) -> None:
        self.grad = 0.0 if number is None else number

    @property
    def name(self) -> str:
        """The label."""
        return self.label

    @name.setter
    def name(self, name: str) -> None:
        self.label = name

    @property
    def unique_id(self) -> int:
        """A number that no other Scalar has at the same time."""
        return id(self)

    @property
    def history(self) -> ScalarHistory | None:
        """How it was computed; None for a constant."""
        if not self.requires_grad:
            return None
        return ScalarHistory(self._op or None, None, self._children) if self._children else LEAF

    def requires_grad_(self, flag: bool = True) -> None:
        """Let derivatives reach this Scalar, or not."""
        self.requires_grad = flag

    def is_leaf(self) -> bool:
        """Whether nothing has computed it."""
        return not self._children

    @property
    def is_constant(self) -> Answer:  # type: ignore[override]
        """Whether no derivative reaches it: an answer that may be called, as minitorch does."""
        return Answer(super().is_constant or not self.requires_grad)

    def accumulate_derivative(self, number: Any) -> None:
        """Add to the derivative of a leaf."""
        self.grad += float(number)

    def zero_derivative_(self) -> None:
        """Set the derivative to 0."""
        self.grad = 0.0

    def backward(self, d_output: Any = None, **words: Any) -> None:  # type: ignore[override]
        """Fill `.derivative` of every Scalar that this one depends on.

        Arguments:
            d_output: what the sweep starts with here, 1 when left out.
            words: those of `Value.backward`.
        """
        super().backward(1.0 if d_output is None else d_output, **words)

    def __repr__(self) -> str:
        return f"Scalar({self.data})"


adopt(Scalar)


class Context:
    """Numbers from `forward` for `backward`: `ctx.save_for_backward(a, b)`, `ctx.saved_values`."""

    def __init__(self, no_grad: bool = False) -> None:
        self.no_grad = no_grad
        self.saved_values: tuple[Any, ...] = ()

    def save_for_backward(self, *values: Any) -> None:
        """Keep these values."""
        if not self.no_grad:
            self.saved_values = values

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The same under their name in torch."""
        return self.saved_values


class ScalarFunction:
    """A function of one's own: derive a class with `forward(ctx, a, ...)` and `backward(ctx, d)`,
    both of floats, and call `apply`.

    Example:
        >>> from autograd_bp.compat.minitorch import Scalar, ScalarFunction
        >>> class Cube(ScalarFunction):
        ...     @staticmethod
        ...     def forward(ctx, a):
        ...         ctx.save_for_backward(a)
        ...         return a**3
        ...     @staticmethod
        ...     def backward(ctx, d):
        ...         (a,) = ctx.saved_values
        ...         return 3 * a**2 * d
        >>> x = Scalar(2.0)
        >>> Cube.apply(x).backward()
        >>> x.derivative
        12.0
    """

    @staticmethod
    def forward(ctx: Any, *numbers: float) -> float:
        """The number that the function gives."""
        raise NotImplementedError("write forward(ctx, ...) in the derived class")

    @staticmethod
    def backward(ctx: Any, d: float) -> Any:
        """d times the local derivatives, one for each input."""
        raise NotImplementedError("write backward(ctx, d) in the derived class")

    @classmethod
    def apply(cls, *inputs: Any) -> Scalar:
        """The result as a Scalar.

        Raises: ShapeError where `backward` does not give one number for each input.
        """
        nodes = [x if isinstance(x, Value) else Scalar(x, back=None) for x in inputs]
        ctx = Context()
        number = cls.forward(ctx, *(node.data for node in nodes))
        slopes = cls.backward(ctx, 1.0)  # it is linear in d
        slopes = tuple(slopes) if isinstance(slopes, Iterable) else (slopes,)
        if len(slopes) != len(nodes):
            raise ShapeError(
                f"{cls.__name__}.backward must give one number for each of the {len(nodes)} "
                f"inputs, got {len(slopes)}"
            )
        result = Scalar(number)
        with_derivatives(result, nodes, slopes)
        result._op = cls.__name__
        return result


def central_difference(
    f: Callable[..., Any], *vals: float, arg: int = 0, epsilon: float = 1e-6
) -> float:
    """(f(x + ε) - f(x - ε)) / 2ε in one of the arguments."""
    up, down = list(vals), list(vals)
    up[arg], down[arg] = up[arg] + epsilon, down[arg] - epsilon
    return float((f(*up) - f(*down)) / (2.0 * epsilon))


def derivative_check(f: Callable[..., Any], *scalars: Scalar) -> None:
    """Compare the derivatives of a sweep with differences, as `bp.check_gradient` does.

    Raises: GradientMismatchError (an AssertionError) where they do not agree.
    """
    from autograd_bp.checking import check_gradient

    point = tuple(x.data for x in scalars)
    for x in scalars:
        x.requires_grad_(True)
    leaves = [type(x)(x.data) for x in scalars]
    f(*leaves).backward()

    def on_floats(*numbers: float) -> float:
        return float(f(*map(Scalar, numbers)).data)

    report = check_gradient(on_floats, point, tuple(leaf.grad for leaf in leaves))
    if not report.ok:
        raise GradientMismatchError(f"{report.headline()}\n{report}", report)
    for x, leaf in zip(scalars, leaves, strict=True):
        x.accumulate_derivative(leaf.grad)

# cython: infer_types=False
"""A primitive: one entry of the table, and how it is applied to floats and Values.

The entries are in the folder table/. This file knows none of them.
"""

from __future__ import annotations

import functools
import math
import weakref
from collections.abc import Callable, Sequence
from types import NoneType
from typing import Any

from autograd_bp.errors import PrimitiveError
from autograd_bp.expressions import Expression, as_number, inputs, letters
from autograd_bp.folds import LIST, Fold, Operands, parameters
from autograd_bp.native import floats
from autograd_bp.self_description import (
    Parameters,
    Told,
    told_documentation,
    told_name,
    told_signature,
)

INF = math.inf

TABLE: list[Primitive] = []
"""The entries that have names: the library's, each at the index `op.code`, then those of users."""
_NAMED: dict[str, Primitive] = {}
FAMILIES: dict[str, Callable[[int], Primitive]] = {}
"""Primitives that differ by an order, by the beginning of their names; made when first needed."""

# Codes are given once. The library's primitives come first; of all others the table knows weak
# references only: what keeps them is their name, a graph with a node of theirs, or a program.
_own = 0
_next_code = 0
_later: dict[int, weakref.ref[Primitive]] = {}
_temporary: weakref.WeakValueDictionary[str, Primitive] = weakref.WeakValueDictionary()
_UNKNOWN = object()  # the expression of a Python function that has not been traced yet

# Set by value.py: its types of nodes, the function that records a primitive of one input, and the
# one that keeps a primitive of a user's.
# Most calls are of this kind, so __call__ tries it before the general case.
_nodes: tuple[type, ...] = ()
_record: Callable[[int, Any], Any] | None = None
_keep: Any = None


def set_recorder(
    nodes: tuple[type, ...],
    record: Callable[[int, Any], Any],
    keep: Callable[[Any, Primitive], Any],
) -> None:
    global _nodes, _record, _keep
    _nodes = nodes
    _record = record
    _keep = keep


def _forgetter(code: int) -> Callable[[Any], None]:
    table = _later  # the name may be gone when Python ends

    def forget(reference: Any) -> None:
        table.pop(code, None)

    return forget


def by_code(code: int) -> Primitive:
    """The primitive with this code.

    Raises: PrimitiveError where no primitive has it, or the one that had it is gone.
    """
    if 0 <= code < _own:
        return TABLE[code]
    reference = _later.get(code)
    op = None if reference is None else reference()
    if op is None:
        raise PrimitiveError(f"no primitive has the code {code}")
    return op


def has_code(code: int) -> bool:
    """Whether a primitive has this code."""
    return 0 <= code < _own or code in _later


def is_registered(op: Primitive) -> bool:
    """Whether the table has the primitive under its name: it was neither replaced nor temporary."""
    return _NAMED.get(op.name) is op


class Kink:
    """Where a function has a kink, and what lies on its sides.

    Arguments:
        gap: how far the inputs are from the kink, with a sign that tells the side; 0 on it.
        below, above, at: the sides in words; the empty string for a side that does not exist.
        jumps: whether the function jumps there, so that no difference may step over it.
    """

    def __init__(
        self,
        gap: Callable[..., float],
        below: str = "",
        above: str = "",
        at: str = "",
        jumps: bool = False,
    ) -> None:
        self.gap, self.below, self.above, self.at, self.jumps = gap, below, above, at, jumps


class Primitive:
    """One entry of the table. Call it on floats, Values or arrays: `exp(x)`.

    Arguments:
        name: what it is called, unique in the table.
        arity: the number of inputs; None for any number.
        forward: floats to a float. It never raises: outside its domain the result is NaN, at a
            pole infinite. None where `expression` says it.
        partials: the rule: the inputs and, as the keyword `y`, the output; it returns one
            partial derivative for each input. None where there is none; then `refusal` says why.
        expression: what is computed, as a function of expressions (see expressions.py), or as a
            Fold for any number of inputs. From it every target has its form. Without it
            `forward` is traced when a target first asks; a function that cannot be traced is
            called as it is.
        refusal: why a gradient cannot pass this operation.
        gate: True where an exact zero partial means that the input was not used (relu,
            maximum, where): nothing passes back through it, not even an infinite adjoint.
        finite: True where the result is finite for finite inputs, overflow of + - * apart.
        fixed: the places of inputs that are never differentiated.
        labels: what reports call the inputs; for any number of them each of their lists, then
            the initial value. Without it they are a, b, c and so on, or x.
        definition: the same function composed from simpler entries, or None.
        symbol: how it is drawn; the name when left out.
        latex: how it is printed in LaTeX, a format string over the printed inputs; what
            `notation` says when left out.
        notation: how it is written in formulas: a function of the module notation/maths.py and
            of the inputs (for any number of them each of the lists of `operands`, then the
            initial value if there is one), or the name of a function. Without it formulas are
            `symbol(a, b)` where the symbol is a word, else `name(a, b)`.
        numpy: the name of the NumPy function that computes the same on arrays, or None.
        c: the expression as text in C, in a, b and c, in place of `expression`. For any number
            of inputs the body of a C function of x[0..n) that sets y, for the export to C alone.
        domain: the open interval of each input that it is made for. Outside of it the result is
            NaN, or what the formula gives where that holds for all numbers.
        points: inputs at which to test it: special values, kinks, large and small.
        kinks: what the partials are where the function has no derivative, in one sentence.
        kink: where that is, and the names of its sides.
        rounding: what is known about rounding, for comparisons with exact numbers: "saturated" for
            a slope in terms of an output near 1, "length" for second derivatives that are right to
            a part of the largest, "terms" for a result to a part of what is added, "magnified"
            where the rounding of an input shows, "zeros" where it also shows in the value, beside
            zeros at which terms cancel, "shares" for what serves softmax alone.
        summary: what it computes, in one sentence for `help`; the docstring of `forward` when left
            out. The formula, the derivatives and all else that `help` says is read from the others.
        public: True where a library entry is a function of the package, `bp.name`, and a method
            of Value where it has one input; False where it has an operator, or serves rules only.
        trusted: True for the library's own entries, which its tests check: their expressions are
            read when a target first asks. What is wrong with any other entry is reported here.
        temporary: True for a primitive that is freed when nothing refers to it any more, as
            `custom` makes them. Its name does not keep it, and TABLE does not have it.

    Raises: PrimitiveError when a name is taken or is no identifier, when `latex` or `notation`
        does not fit the inputs, and when neither `forward` nor `expression` is there.

    A name is taken when an entry of the library or of another module has it. An entry of the same
    module replaces the earlier one, as a cell of a notebook does that runs again; graphs and
    programs with the earlier one keep it.

    `code` is a number that no other primitive has; `latex_format` is the argument `latex`; `others`
    is what more inputs than `arity` are applied to, as those of maximum are, or None. `help(exp)`
    says all about an entry, of a user's too; the text is written from these columns.

    Example:
        >>> import autograd_bp as bp
        >>> def rule(x, y):
        ...     return (3.0 * x * x,)
        >>> cube = bp.Primitive("cube", 1, lambda x: x * x * x, rule)
        >>> x = bp.Value(2.0)
        >>> cube(x).backward()
        >>> cube(2.0), x.grad
        (8.0, 12.0)
    """

    # Of an entry, not of the class: help(bp.exp), inspect.signature(bp.exp).
    __doc__ = Told(told_documentation, __doc__)
    __name__ = Told(told_name, "Primitive")
    __signature__ = Parameters(told_signature)

    def __init__(
        self,
        name: str,
        arity: int | None,
        forward: Callable[..., float] | None,
        partials: Callable[..., Sequence[Any]] | None,
        *,
        expression: Callable[..., Any] | Expression | Fold | None = None,
        refusal: str = "",
        gate: bool = False,
        finite: bool = False,
        fixed: Sequence[int] = (),
        labels: Sequence[str] = (),
        definition: Callable[..., Any] | None = None,
        symbol: str = "",
        latex: str = "",
        notation: Callable[..., Any] | str | None = None,
        c: str | None = None,
        numpy: str | None = None,
        domain: tuple[tuple[float, float], ...] = (),
        points: Sequence[float | tuple[float, ...]] = (-2.5, -1.0, -0.3, 0.0, 0.7, 1.0, 3.0),
        kinks: str = "",
        kink: Kink | None = None,
        rounding: str = "",
        summary: str = "",
        public: bool = True,
        trusted: bool = False,
        temporary: bool = False,
    ) -> None:
        if not name.isidentifier():
            raise PrimitiveError(f"a primitive's name must be an identifier, not {name!r}")
        self.module = _module_of(partials, expression, definition, forward)
        if not temporary:
            _check_name(name, self.module)
        self.name = name
        self.arity = arity
        self.partials = partials
        self.refusal = refusal
        self._forward = forward
        self._define(expression, c)
        self.gate = gate
        self.finite = finite
        self.fixed = tuple(fixed)
        self.labels = tuple(labels)
        self.definition = definition
        self.symbol = symbol or name
        self.latex_format = latex
        self.notation = notation
        self.numpy = numpy
        self.domain = domain or ((-INF, INF),) * (arity or 1)
        self.points = tuple(p if isinstance(p, tuple) else (p,) for p in points)
        self.kinks = kinks
        self.kink = kink
        self.summary = summary
        self.rounding = rounding
        self._documentation: str | None = None
        self.public = public
        self.others: Callable[..., Any] | None = None
        if not trusted:
            self._check()
        if not (trusted or temporary or self.module.startswith("autograd_bp.")):
            from autograd_bp.entry_checks import check_rule

            check_rule(self)
        self._register(trusted, temporary)

    def _define(self, expression: Any, c: str | None) -> None:
        """Keep what is computed, as far as it is known.

        Raises: PrimitiveError where that, or the reason for having no rule, is missing.
        """
        if self.partials is None and not self.refusal:
            raise PrimitiveError(
                f"{self.name}: without partials, refusal= must say why there are none"
            )
        self._c_body = c if self.arity is None else None
        self._expression: Any = _UNKNOWN if expression is None else expression
        if c is not None and self.arity is not None:
            from autograd_bp.printers.c_parser import expression_of_inputs

            self._expression = expression_of_inputs(self.name, c, self.arity)
        if self._forward is None and self._expression is _UNKNOWN:
            raise PrimitiveError(
                f"{self.name}: neither forward nor expression= says what it computes"
            )

    def _register(self, trusted: bool, temporary: bool) -> None:
        """Give it a code, and put it into the table."""
        global _next_code, _own
        self.code = code = _next_code
        _next_code += 1
        if trusted and code == _own:
            _own += 1
        else:
            _later[code] = weakref.ref(self, _forgetter(code))
        if temporary:
            _temporary[self.name] = self
            return
        earlier = _NAMED.get(self.name)
        if earlier is None:
            TABLE.append(self)
        else:
            TABLE[TABLE.index(earlier)] = self
        _NAMED[self.name] = self

    @property
    def forward(self) -> Callable[..., float]:
        """Floats to a float: the function that was given, or the expression printed as one."""
        if self._forward is None:
            from autograd_bp.printers import python

            expression = self.expression
            assert expression is not None
            self._forward = python.function(self.name, self.arity, expression)
        return self._forward

    @forward.setter
    def forward(self, function: Callable[..., float]) -> None:
        self._forward = function

    @property
    def expression(self) -> Expression | Fold | None:
        """What is computed, as an expression or a fold; None for a function that cannot be
        traced."""
        if self._expression is _UNKNOWN:
            from autograd_bp.entry_checks import traced_expression

            self._expression = traced_expression(self)
        elif not isinstance(self._expression, (Expression, Fold, NoneType)):
            names = letters(self.arity or 0)
            self._expression = as_number(self._expression(*inputs(*names)))
        known: Expression | Fold | None = self._expression
        return known

    @property
    def latex(self) -> str:
        """How it is printed in LaTeX: a format string over the printed inputs."""
        if self.latex_format:
            return self.latex_format
        from autograd_bp.notation.operations import format_string

        return format_string(self)

    def _check(self) -> None:
        """Raise PrimitiveError where `latex` or `notation` does not fit the inputs, or the
        expression does not take them or cannot be read."""
        if self.latex_format:
            from autograd_bp.entry_checks import check_latex

            check_latex(self.name, self.latex_format, self.arity or 1)
        if self.notation is not None:
            from autograd_bp.notation.operations import check

            check(self)
        expression = self._expression
        if expression is _UNKNOWN:
            return
        if not isinstance(expression, (Expression, Fold)):
            count = len(parameters(expression))
            if count != (self.arity or 0):
                raise PrimitiveError(
                    f"{self.name} takes {self.arity} inputs, its expression {count}"
                )
        from autograd_bp.printers import python

        read = self.expression
        assert read is not None
        printed = python.function(self.name, self.arity, read)
        if self._forward is None:
            self._forward = printed

    @property
    def operands(self) -> Operands:
        """How the inputs of a primitive of any number of inputs are arranged."""
        return self._expression.operands if isinstance(self._expression, Fold) else LIST

    @property
    def c(self) -> str | None:
        """The expression as C in a, b and c; the text given for any number of inputs; or None."""
        if self._c_body is not None:
            return self._c_body
        if not isinstance(self.expression, Expression):
            return None
        from autograd_bp.printers import c

        return c.expression(self.expression)

    @classmethod
    def named(cls, name: str) -> Primitive:
        """The entry of that name. Raises PrimitiveError when there is none."""
        op = _NAMED.get(name) or _temporary.get(name)
        if op is None:
            start, _, order = name.rpartition("_")
            if start in FAMILIES and order.isdecimal():
                return FAMILIES[start](int(order))
            raise PrimitiveError(f"there is no primitive named {name!r}")
        return op

    def __call__(self, *operands: Any) -> Any:
        """Apply to floats (a float), to anything with a Value in it (a Value), or elementwise
        to NumPy arrays."""
        if len(operands) != self.arity:
            if self.others is not None and len(operands) > (self.arity or 0):
                return self.others(*operands)
            self._check_count(len(operands))
        if self.arity == 1:
            kind = type(operands[0])
            if kind in _nodes:
                assert _record is not None
                node = _record(self.code, operands[0])
                if self.code >= _own:
                    _keep(node, self)
                return node
            if kind is float:
                return floats.output(self.code, self, operands[0])
        for operand in operands:
            if type(operand) is not float:
                # As with __array_ufunc__: a type that is not a number says how it is applied.
                apply = getattr(type(operand), "__apply_primitive__", None)
                if apply is not None:
                    return apply(operand, self, operands)
        for operand in operands:
            if type(operand) is not float and not isinstance(operand, (float, int)):
                from autograd_bp.entry_arrays import applied

                return applied(self, operands)
        return self.forward(*map(float, operands))

    def _check_count(self, count: int) -> None:
        if self.arity is not None:
            raise PrimitiveError(
                f"{self.name} takes {self.arity} inputs, got {count}: give each of them as an "
                "argument, a list as *numbers"
            )
        if not self.operands.fit(count):
            raise PrimitiveError(
                f"{self.name} takes its inputs as {self.operands.name}, got {count} inputs"
            )

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __copy__(self) -> Primitive:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Primitive:
        return self

    def __reduce__(self) -> tuple[Callable[..., Primitive], tuple[Any, ...]]:
        if is_registered(self):
            return Primitive.named, (self.name,)
        return _living, (self.name, _process(), self.code)


def _module_of(*functions: Any) -> str:
    """The module in which a primitive is written: that of the first of its functions."""
    written = [function for function in functions if hasattr(function, "__code__")]
    return next((str(function.__module__) for function in written), "")


def _check_name(name: str, module: str) -> None:
    """Raise PrimitiveError where the name belongs to an entry that may not be replaced."""
    earlier = _NAMED.get(name)
    if earlier is None or (earlier.code >= _own and earlier.module == module):
        return
    owner = "the library" if earlier.code < _own else f"the module {earlier.module!r}"
    raise PrimitiveError(
        f"a primitive named {name!r} exists already, in {owner}: choose another name"
    )


@functools.cache
def _process() -> str:
    """A name for this process, which its pickles have."""
    import uuid

    return uuid.uuid4().hex


def _living(name: str, process: str, code: int) -> Primitive:
    """A primitive that its name does not find, from a pickle.

    Raises: PrimitiveError in any other process, and when the primitive is gone.
    """
    if process == _process() and code in _later:
        return by_code(code)
    raise PrimitiveError(
        f"the primitive {name!r} of this pickle was made while a program ran, or was replaced by "
        "another one of its name, and it is gone: record the graph again"
    )

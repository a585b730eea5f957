"""Blocks of code inside which operations are not recorded, or in which Values may not be compared.

A block concerns the thread, or the task, that runs it and no other: the open blocks are a list in
a context variable. Asking for it takes time, so value.py also counts the open blocks of all
threads, and asks only while there are any.

Python leaves the context variables of a generator to its caller. So a block that a generator
opened knows the frame of the generator, and counts only while that frame runs. The blocks of a
generator that serves as a context manager or as a fixture of pytest concern the code that uses it.
"""

from __future__ import annotations

import functools
import opcode
import sys
from _thread import _count as other_threads
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from types import FrameType, TracebackType
from typing import Any, TypeVar, overload

from autograd_bp.errors import (
    BranchError,
    ConversionError,
    NodeComparisonError,
    OperandError,
)

F = TypeVar("F", bound=Callable[..., Any])

COROUTINE, GENERATOR, ASYNC_GENERATOR = 0x80, 0x20, 0x200  # flags of code, as in `inspect`
ENTERING = frozenset({"__enter__", "__aenter__", "enter_context", "enter_async_context"})
FIXTURES = frozenset({"_pytest", "pluggy", "pytest_asyncio", "anyio"})  # packages


class Flag:
    """A yes or no that blocks of code set: yes where no block is open."""

    def __init__(self, name: str) -> None:
        self.innermost: ContextVar[Block | None] = ContextVar(name, default=None)
        self.count: Callable[[int], None] = _nothing

    def get(self) -> bool:
        """Return the setting of the innermost block that concerns the code that asks."""
        block = self.innermost.get()
        return True if block is None else block.says()


class Block:
    """A block of code: `with block:`, or a decorator of a function, a generator or a coroutine.

    Attributes:
        verdict: what it says to every code that can see it; None where that depends on the code.
    """

    __slots__ = (
        "_flag",
        "_frame",
        "_inner",
        "_is_open",
        "_outer",
        "_value",
        "_when_run",
        "verdict",
    )

    def __init__(self, flag: Flag, value: bool) -> None:
        self._flag, self._value = flag, value
        self._is_open = False
        self._inner: list[Block] = []
        self.verdict: bool | None = None

    def __enter__(self) -> None:
        if self._is_open:  # the same object again, inside itself
            again = Block(self._flag, self._value)
            self._inner.append(again)
            again._open(sys._getframe(1))
        else:
            self._open(sys._getframe(1))

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        if self._inner:
            self._inner.pop()._close()
        else:
            self._close()

    def _open(self, frame: FrameType) -> None:
        outer = self._flag.innermost.get()
        owner, self._when_run = _owner_of(frame)
        self._outer = outer
        self._is_open = True
        if not self._when_run and (outer is None or outer.verdict is not None):
            self._frame: FrameType | None = None
            self.verdict = self._value
        else:
            self._frame = owner
            self.verdict = None
        self._flag.innermost.set(self)
        if not self._value:
            self._flag.count(1)

    def _close(self) -> None:
        if not self._value:
            self._flag.count(-1)
        self._is_open, self.verdict, self._frame = False, None, None
        block = self._flag.innermost.get()
        if block is self:
            # Blocks below may have been closed before, by generators.
            while block is not None and not block._is_open:
                block = block._outer
            self._flag.innermost.set(block)
        elif block is not None:
            block._open_blocks()

    def says(self) -> bool:
        """Return the setting of this block and those around it for the code that asks."""
        if self.verdict is not None:
            return self.verdict
        blocks = self._open_blocks()
        running = [block for block in blocks if block._may_concern()]
        values = {block._value for block in running}
        if not values:
            return True
        if len(values) == 1 and (not other_threads() or not any(b._when_run for b in running)):
            return values.pop()
        return _innermost(running)

    def _open_blocks(self) -> list[Block]:
        """The blocks that are open, from this one outwards; drops those that are closed."""
        blocks: list[Block] = []
        last, block = self, self._outer
        if self._is_open:
            blocks.append(self)
        while block is not None:
            if block._is_open:
                blocks.append(block)
                last = block
            else:
                last._outer = block._outer  # a closed block concerns nobody any more
            block = block._outer
        return blocks

    def _may_concern(self) -> bool:
        """False where the block belongs to a generator that is suspended."""
        return not self._when_run or (self._frame is not None and self._frame.f_back is not None)

    def __call__(self, function: F) -> F:
        """The function with its body in such a block."""
        flag, value = self._flag, self._value
        code = getattr(function, "__code__", None)
        flags = code.co_flags if code is not None else 0
        wrapper: Any
        if flags & GENERATOR:

            def wrapper(*args: Any, **kwargs: Any) -> Any:
                with Block(flag, value):
                    return (yield from function(*args, **kwargs))

        elif flags & COROUTINE:

            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                with Block(flag, value):
                    return await function(*args, **kwargs)

        elif flags & ASYNC_GENERATOR:

            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                from contextlib import aclosing

                with Block(flag, value):
                    async with aclosing(function(*args, **kwargs)) as items:
                        async for item in items:
                            yield item

        else:

            def wrapper(*args: Any, **kwargs: Any) -> Any:
                with Block(flag, value):
                    return function(*args, **kwargs)

        functools.update_wrapper(wrapper, function)
        decorated: F = wrapper
        return decorated


def _owner_of(frame: FrameType) -> tuple[FrameType | None, bool]:
    """The frame that a block belongs to, and whether it is that of a generator.

    Arguments:
        frame: where the block was entered.
    """
    owner: FrameType | None = frame
    while owner is not None:
        code = owner.f_code
        if code.co_name in ENTERING:
            owner = owner.f_back  # a context manager was entered there, which entered this one
        elif not code.co_flags & (GENERATOR | ASYNC_GENERATOR):
            break
        else:
            caller = owner.f_back
            if caller is None or caller.f_code.co_name not in ENTERING:
                return owner, not _is_of_fixtures(caller)
            owner = caller  # the generator is a context manager, as contextlib makes them
    return owner, False


def _is_of_fixtures(frame: FrameType | None) -> bool:
    """Whether the code is that of a package that uses generators for what holds around a test."""
    name = "" if frame is None else str(frame.f_globals.get("__name__"))
    return name.partition(".")[0] in FIXTURES


def _innermost(blocks: list[Block]) -> bool:
    """The value of the block that surrounds the code that asks most closely."""
    frames: dict[FrameType, bool] = {}
    for block in blocks:
        if block._frame is not None:
            frames.setdefault(block._frame, block._value)
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame in frames:
            return frames[frame]
        frame = frame.f_back
    return next((block._value for block in blocks if not block._when_run), True)


def _nothing(change: int) -> None: ...


is_recording = Flag("is_recording")
may_branch = Flag("may_branch")
may_compare_nodes = Flag("may_compare_nodes")


def set_counters(paused: Callable[[int], None], guards: Callable[[int], None]) -> None:
    """Say what counts the open blocks of each kind: functions that are called with 1 and -1."""
    is_recording.count = paused
    may_branch.count = may_compare_nodes.count = guards


@overload
def no_recording() -> Block: ...
@overload
def no_recording(function: F, /) -> F: ...
def no_recording(function: Any = None, /) -> Any:
    """Inside this block operations compute numbers and record nothing: for inference.

    `with no_recording():`, or `@no_recording` before a function, a generator or a coroutine, with
    or without brackets.

    The block concerns the thread, or the task, that runs it, tasks that it starts while it is
    open, and no other. While a generator that opened it is suspended, it does not concern the
    code that uses the generator; a generator that serves as a context manager, by way of
    `contextlib.contextmanager`, or as a fixture of pytest, opens it for its user.

    Example:
        >>> import autograd_bp as bp
        >>> w = bp.Value(2.0)
        >>> def predictions(xs):
        ...     with bp.no_recording():
        ...         for x in xs:
        ...             yield w * x
        >>> [(y.op, (y * w).op.name) for y in predictions([1.0, 2.0])]
        [(None, 'mul'), (None, 'mul')]
    """
    block = Block(is_recording, False)
    if function is None:
        return block
    if not callable(function):
        raise OperandError(
            f"no_recording takes a function, as a decorator, got {type(function).__name__} "
            f"{function!r:.60}: write `with no_recording():` around the code"
        )
    return block(function)


def recording() -> Block:
    """Inside this block operations are recorded, also inside a no_recording() block."""
    return Block(is_recording, True)


def no_branching() -> Block:
    """Inside this block comparing a Value raises BranchError: what is recorded then serves all
    numbers. The block concerns the thread, or the task, that runs it and no other."""
    return Block(may_branch, False)


def no_comparing_of_nodes() -> Block:
    """Inside this block == and != of two Values raise NodeComparisonError: code that was written
    for floats asks for equal numbers, and would be told whether they are the same node. The block
    concerns the thread, or the task, that runs it and no other."""
    return Block(may_compare_nodes, False)


def on_plain_numbers() -> AbstractContextManager[None]:
    """Around a function of the user's that is run on plain numbers, and again whenever a program
    runs: inside a no_branching() block too, it may compare Values and ask for their numbers."""
    return nullcontext() if may_branch.get() else Block(may_branch, True)


def refuse_equality(sign: str, is_with_value: bool) -> None:
    """Raise BranchError inside a no_branching() block, and NodeComparisonError for two Values in
    a no_comparing_of_nodes() block; `sign` is == or !=."""
    if is_with_value and not may_compare_nodes.get():
        raise NodeComparisonError(
            f"two Values were compared by {sign}, which asks whether they are the same node: "
            f"compare their numbers, a.data {sign} b.data"
        )
    if not may_branch.get():
        function = "equal" if sign == "==" else "not_equal"
        raise BranchError(
            f"a Value was compared ({sign}) in a function that is compiled: it is recorded once "
            f"and then runs on other numbers; use autograd_bp.{function}(a, b), which is 1 or 0 "
            "and serves as a condition of where, `is` to ask whether two Values are the same "
            "node, or declare the argument static"
        )


def is_traced() -> bool:
    """Whether the code that runs is inside a no_branching() block: recorded for other numbers."""
    return not may_branch.get()


def refuse_branch() -> None:
    """Raise BranchError inside a no_branching() block, where a truth value is asked for."""
    if not may_branch.get():
        raise BranchError(
            "a Value was asked for its truth (by if, while, and, or, not, max, min, sorted, "
            "0 < x < 1 ...) in a function that is compiled: it is recorded once and then runs on "
            "other numbers, so it cannot branch on one; use where(condition, a, b) or "
            "cond, maximum, minimum, abs or relu, join conditions with & | ~ or logical_and, as in "
            "(0 < x) & (x < 1), or declare the argument static"
        )


def refuse_number(what: str) -> None:
    """Raise ConversionError inside a no_branching() block; `what` names the plain number."""
    if not may_branch.get():
        raise ConversionError(
            f"{what} was asked for in a function that is compiled: it is recorded once and then "
            "runs on other numbers, so this one would stay as it is; "
            f"{_INSTEAD.get(what, _COMPUTE)}, or declare the argument static"
        )


def refuse_entry() -> None:
    """Raise ConversionError where a Value is put into an array of plain numbers, `y[i] = value`."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") == "autograd_bp.value":
        frame = frame.f_back  # a method of Value has a frame of its own where it is not compiled
    if frame is None or frame.f_lasti < 0:
        return
    if frame.f_code.co_code[frame.f_lasti] == _STORE_SUBSCR:
        raise ConversionError(
            "a Value was put into an array of plain numbers, as in y = np.zeros(n); y[i] = value: "
            "write y = autograd_bp.array(np.zeros(n)), which takes Values, or collect them in a "
            "list and write autograd_bp.array(values)"
        )


_STORE_SUBSCR = opcode.opmap["STORE_SUBSCR"]
_COMPUTE = "compute with the Value itself and functions of autograd_bp, return it to see it"
_STOP = (
    "compute with the Value itself, with stop_gradient(value) where no derivative may pass, and "
    "with where(condition, a, b) instead of a branch"
)
_PLACES = (
    "use autograd_bp.take(table, i) for table[i], fori(n, body, init) for range(n), floor for "
    "whole numbers"
)
_INSTEAD = {
    "a Value as an index or a count": _PLACES,
    "value.data": _STOP,
    "value.detach()": _STOP,
    "a copy of a Value": _STOP,
    "an operation without recording": _STOP,
    "a new number for value.data": "compute a new Value and return it",
    "value.grad": "use autograd_bp.grad or gradients(..., record=True), which are recorded",
    "value.partials": "use autograd_bp.grad or gradients(..., record=True), which are recorded",
    "value.backward()": "use autograd_bp.grad or gradients(..., record=True), which are recorded",
    "gradients(...) as plain numbers": "use gradients(..., record=True)",
}

"""How the backend "llvm" is chosen and called."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import NamedTuple

from autograd_bp.compiling.backends.llvm.jit import (
    CODE_GENERATION,
    QUICK_GENERATION,
    Code,
    assemble,
    attributes,
    processor,
    version,
)
from autograd_bp.compiling.backends.llvm.library import IN_LIBMVEC
from autograd_bp.compiling.backends.llvm.nests import module, scratch_of, shared_of
from autograd_bp.compiling.backends.llvm.together import lanes_for
from autograd_bp.compiling.backends.llvm.writer import BYTES, DOUBLE, FLOAT
from autograd_bp.compiling.backends.protocol import (
    ANY_NUMBER,
    Backend,
    Costs,
    Runner,
    Source,
    Work,
)
from autograd_bp.compiling.calling.caller import VECTOR, machine
from autograd_bp.compiling.calling.code import NativeCode
from autograd_bp.compiling.loops.fused_steps import fused_steps
from autograd_bp.compiling.loops.fusing import fused
from autograd_bp.compiling.loops.loops import Loops, LoopsInNumbers
from autograd_bp.compiling.loops.ordering import may_repeat, ordered
from autograd_bp.compiling.loops.sequences import count_different
from autograd_bp.compiling.loops.siblings import Calls, beside
from autograd_bp.compiling.loops.states import with_one_state
from autograd_bp.errors import ProgramError
from autograd_bp.primitives import Primitive
from autograd_bp.printers.overrides import form

FEW_ROWS = 2  # so many are faster one by one than side by side
MAX_LOOPS = 20_000  # of a program with more, machine code would take several seconds to make
MOST_LOOPS = 1_000_000  # more are no program that anybody waits for: minutes, and gigabytes
LONG = 500  # different loops: so many have no pattern, and LLVM is not to try hard


class Seconds(NamedTuple):
    """What making machine code takes.

    Attributes:
        once: for every program.
        sums, others, small: for each loop that adds up products, for each other one, and for those
            of few operations, which are written out.
    """

    once: float
    sums: float
    others: float
    small: float


FOR_FEW_ROWS = Seconds(once=6.5e-3, sums=1e-3, others=3.5e-4, small=2.2e-4)
FOR_MANY_ROWS = Seconds(once=8.5e-3, sums=1.2e-3, others=9.5e-4, small=2.7e-4)
QUICKER = 0.6  # the share of that where LLVM does not try hard


class LlvmBackend(Backend):
    """The fastest, once its code is made."""

    name = "llvm"
    costs = Costs(loop=2e-8, operation=1e-10, step=3e-6, weight=1e-9)
    compiles = True
    real = DOUBLE

    def unavailable(self) -> str | None:
        if find_spec("llvmlite") is None:
            return 'llvmlite is not installed (pip install "autograd_bp[compile]")'
        return None

    def refusal(self, source: Source) -> str | None:
        name = refused(source.loops)
        if name is not None:
            return f"the primitive {name!r} has no C expression"
        if source.different_loops > MAX_LOOPS:
            return (
                f"{source.different_loops:,} different loops are too many to make machine code of"
            )
        if (count := _loops_in(source.loops)) > MOST_LOOPS:
            return f"{count:,} loops are too many to make machine code of"
        return None

    def batches(self, rows: int) -> tuple[int, int]:
        # Few rows are computed one by one, many side by side: not the same code.
        return (0, FEW_ROWS) if rows <= FEW_ROWS else (FEW_ROWS + 1, ANY_NUMBER)

    def seconds_to_prepare(self, work: Work, different_loops: int, rows: int) -> float:
        seconds = FOR_FEW_ROWS if rows <= FEW_ROWS else FOR_MANY_ROWS
        others = work.loops - work.sums - work.small
        of_all = seconds.sums * work.sums + seconds.small * work.small + seconds.others * others
        share = different_loops / max(work.loops, 1)
        return seconds.once + of_all * (share if different_loops <= LONG else share * QUICKER)

    def prepare(self, source: Source, rows: int) -> Runner:
        runner: Runner = machine(source.loops, self.native_code(source.loops, rows))
        return runner

    def native_code(self, loops: Loops, rows: int) -> NativeCode:
        """The loops compiled for batches of about so many rows; it takes any number.

        Raises: ProgramError naming a primitive that has no expression, or where there are too many
            loops; MissingExtraError without llvmlite.
        """
        name = refused(loops)
        if name is not None:
            raise ProgramError(
                f'the primitive {name!r} has no C expression, so the backend "llvm" cannot run '
                'it: give it one (c="...", or a Fold for any number of inputs) or choose '
                'backend="numpy"'
            )
        if (count := _loops_in(loops)) > MOST_LOOPS:
            raise ProgramError(
                f"the program has {count:,} loops, and LLVM makes machine code of at most "
                f'{MOST_LOOPS:,}: choose backend="tape", which is ready at once, or "auto"'
            )
        target = processor()
        printed = partial(form, "llvm")
        if isinstance(loops.loops, LoopsInNumbers):
            loops = loops.written_out()
        in_order = ordered(loops) if _repeats(loops) or may_repeat(loops) else loops
        if _repeats(in_order):
            loops = with_one_state(fused_steps(in_order, printed))
        else:
            loops, apart = beside(loops, Calls(printed, IN_LIBMVEC))
            loops = fused(loops, printed, apart)
        wider = BYTES[DOUBLE] // BYTES[self.real]
        lanes = 1 if rows <= FEW_ROWS else min(wider * lanes_for(loops, target.lanes), VECTOR)
        width = wider * target.lanes // 2
        text = module(loops, lanes, target.vectors, width, self.real) + "\n" + attributes(target)
        effort = QUICK_GENERATION if count_different(loops) > LONG else CODE_GENERATION
        binary = self.kept(
            lambda: assemble(text, target, effort),
            text,
            str(effort),
            target.name,
            target.features,
            version(),
        )
        code = Code(binary, target)
        scratch = -(-scratch_of(loops, lanes, self.real) // wider)
        numbers = shared_of(loops, lanes, self.real)
        return NativeCode(
            code.address("rows"), code.address("shared"), 0, scratch, code, lanes, numbers
        )


class LlvmFloat32Backend(LlvmBackend):
    """The same with floats of 32 bits: half the memory, twice the numbers in a vector register."""

    name = "llvm-float32"
    real = FLOAT


def _repeats(loops: Loops) -> bool:
    """Whether most loops are repeated. A few that repeat by chance are not worth comparing each
    loop with all others."""
    return 2 * count_different(loops) <= len(loops.loops)


def _loops_in(loops: Loops) -> int:
    return sum(1 for _ in loops.with_times())


def refused(loops: Loops) -> str | None:
    """The name of a primitive that cannot be written for LLVM; None if there is none."""
    for loop, _ in loops.with_times():
        if loop.op is not None and not understands(loop.op):
            return loop.op.name
    return None


def understands(op: Primitive) -> bool:
    """Whether the primitive can be written for LLVM."""
    return form("llvm", op) is not None


def compiled_loops(loops: Loops, rows: int) -> NativeCode:
    """See `LlvmBackend.native_code`."""
    return LlvmBackend().native_code(loops, rows)

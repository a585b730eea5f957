from array import array
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.compiling.program.program import Program

FORMAT: int

def names(nodes: list[Any], letter: str, first: int) -> tuple[str, ...]: ...
def flatten(
    outputs: list[Any],
    parameters: list[Any],
    inputs: list[Any],
    names: tuple[Sequence[str], Sequence[str]],
    summed: Sequence[bool],
    Program: type[Program],
) -> Program | None: ...
def dead_code(program: Program, codes: tuple[int, int, int]) -> Program | None: ...
def simplify(
    program: Program,
    codes: tuple[int, int, int],
    rules: tuple[array[int], array[int], array[float]] | None,
    by_code: Callable[[int], Any] | None,
    once: bool,
) -> Program | None: ...
def fuse_products(program: Program, codes: tuple[int, int, int]) -> Program | None: ...
def split_products(program: Program, codes: tuple[int, int, int], most: int) -> Program | None: ...
def arrange(lists: list[Any]) -> tuple[Any, tuple[int, ...], list[Any]]: ...
def roll(
    program: Program,
    codes: tuple[int, int, int],
    kinds: array[int],
    later: array[int],
    products: array[float],
    most_runs: int,
    classes: tuple[type, type, type],
    by_code: Callable[[int], Any],
    only_copies: Callable[[Any], bool],
    outputs_of: Callable[[Sequence[bool], array[int]], Any],
    barriers: array[int],
    streams: bytes,
    many: int,
    table_of: Callable[..., Any],
    suits: Callable[[int, int], bool] | None,
) -> Any: ...
def loops_of(
    numbers: array[int],
    starts: array[int],
    tables: array[int],
    classes: tuple[type, type],
    ops: dict[int, Any],
    spaces: tuple[str, ...],
) -> Any: ...
def tape_text_of(
    numbers: array[int],
    starts: array[int],
    tables: array[int],
    ops: dict[int, Any],
    about: Callable[[Any, int], tuple[int, bool, bool, bool, tuple[str, ...]]],
    shared: int,
) -> tuple[array[int], array[int]] | None: ...
def positions(program: Program, preparation: int) -> Any: ...
def tape_text(
    loops: tuple[Any, ...],
    spaces: dict[str, int],
    about: Callable[[Any, int], tuple[int, bool, bool, bool, tuple[str, ...]]],
    recipe: Callable[[Any, Any], int],
) -> tuple[array[int], array[int]]: ...
def steps(kinds: Any, bases: Any, longest: int, least: int) -> tuple[Any, Any]: ...
def in_order_of(
    positions: Any, program: Program, codes: tuple[int, int, int], most: int
) -> tuple[array[int], array[int], array[int], tuple[int, ...]] | None: ...
def kinds_and_bases(loops: Sequence[Any]) -> tuple[Any, Any]: ...
def program_gradients(
    program: Program,
    codes: tuple[int, int, int],
    sum_code: int,
    by: Sequence[int],
    groups: Sequence[Sequence[int]],
    keep: Sequence[int],
    marks: tuple[bool, ...],
    finite: Any,
    by_code: Callable[[int], Any],
    make_step: Callable[..., tuple[Any, Any, Any, Any]],
) -> Program | None: ...

from collections.abc import Callable
from typing import Any

class Machine:
    lanes: int
    def __init__(self, native: Any, **sizes: Any) -> None: ...
    def run(self, parameters: Any, inputs: Any, threads: int = 1) -> tuple[Any, Any]: ...

class CallKind:
    def __init__(
        self,
        machine: Machine,
        *,
        arguments: Any,
        results: Any,
        threads: int,
        batches: tuple[int, int],
        latest: list[Any],
        program: Any,
        budget: Any,
        is_open: bool,
        finish: Callable[[list[Any], tuple[Any, ...]], Any] | None = None,
        guard: CallKind | None = None,
        names: tuple[str, ...] = (),
        by_place: tuple[int, int] = ...,
    ) -> None: ...

class FastCall:
    def __init__(self, fallback: Callable[[tuple[Any, ...], dict[str, Any]], Any]) -> None: ...
    def aim(self, kind: CallKind) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class Bound:
    def __init__(
        self, machine: Machine, rows: int, threads: int, value: bool, is_open: bool = False
    ) -> None: ...
    def _buffers(self) -> tuple[Any, Any, Any]: ...
    def _lines(self) -> list[int]: ...
    def __call__(self) -> float | None: ...

def added(numbers: Any, index: Any, table: Any) -> None: ...
def stripe_of(rows: int) -> int: ...

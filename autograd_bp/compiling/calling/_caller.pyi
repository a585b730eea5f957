from typing import Any

class Machine:
    lanes: int
    def __init__(self, native: Any, **sizes: Any) -> None: ...
    def run(self, parameters: Any, inputs: Any, threads: int = 1) -> tuple[Any, Any]: ...

class Call:
    def __init__(
        self,
        machine: Machine,
        arguments: Any,
        results: Any,
        threads: int,
        fewest: int,
        most: int,
        otherwise: Any,
        note: list[Any],
        trace: Any,
        budget: Any,
    ) -> None: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

class Bound:
    def __init__(self, machine: Machine, rows: int, threads: int, value: bool) -> None: ...
    def _buffers(self) -> tuple[Any, Any, Any]: ...
    def _lines(self) -> list[int]: ...
    def __call__(self) -> float | None: ...

def stripe_of(rows: int) -> int: ...

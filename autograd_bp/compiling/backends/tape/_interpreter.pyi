from typing import Any

class Interpreter:
    def __init__(
        self,
        text: Any,
        tables: Any,
        recipes: Any,
        constants: Any,
        pieces: Any,
        shifts: Any,
        **sizes: int,
    ) -> None: ...
    @property
    def self(self) -> int: ...
    @property
    def rows(self) -> int: ...
    @property
    def shared(self) -> int: ...
    @property
    def scratch(self) -> int: ...

def processors() -> list[str]: ...
def names(count: int) -> list[str]: ...

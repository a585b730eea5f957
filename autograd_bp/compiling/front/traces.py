"""Remembers when and why a compiled function was recorded."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

MAX_TRACES = 100  # that are remembered


@dataclass(frozen=True)
class Trace:
    """One recording of a compiled function.

    Attributes:
        kind: what the call asked for: "value", "grad", "value_and_grad", "hvp" or "jacobian".
        arguments: for each argument its shape; the value of a static one.
        reason: why the function was recorded.
        rounds: why the rounds of its loops were recorded one by one, where that was to be avoided.
    """

    kind: str
    arguments: dict[str, str]
    reason: str
    rounds: str = ""

    def __str__(self) -> str:
        arguments = ", ".join(f"{name}: {text}" for name, text in self.arguments.items())
        rounds = f"; loops were recorded round by round: {self.rounds}" if self.rounds else ""
        return f"{self.kind} of {arguments or 'no arguments'}: {self.reason}{rounds}"


class Traces:
    """The recordings of a compiled function, the latest last: a sequence that prints as lines.

    Attributes:
        count: how many there were; the last hundred are remembered.
    """

    def __init__(self) -> None:
        self.count = 0
        self._traces: deque[Trace] = deque(maxlen=MAX_TRACES)

    def add(
        self,
        kind: str,
        arguments: dict[str, str],
        *,
        replaced: bool,
        rounds: str = "",
        grown: bool = False,
    ) -> None:
        """Remember a recording.

        Arguments:
            kind: see `Trace`.
            arguments: see `Trace`.
            replaced: whether there was a program for such arguments, which other Values outside
                made useless.
            rounds: see `Trace`.
            grown: whether a loop needed more rounds than there were.
        """
        self.count += 1
        reason = self._reason(kind, arguments, replaced)
        if grown:
            reason = "a loop needs more rounds than were recorded"
        self._traces.append(Trace(kind, arguments, reason, rounds))

    def _reason(self, kind: str, arguments: dict[str, str], replaced: bool) -> str:
        if not self._traces:
            return "the first call"
        if replaced:
            return "other Values stand outside than before"
        same = [trace for trace in self._traces if trace.kind == kind]
        if not same:
            return f"the first call of {kind}"
        earlier = same[-1].arguments
        changes = [
            f"{name} is {text} and was {earlier.get(name, 'left out')}"
            for name, text in arguments.items()
            if earlier.get(name) != text
        ]
        return "; ".join(changes) or "dicts with other keys, or arguments of other classes"

    def __len__(self) -> int:
        return len(self._traces)

    def __getitem__(self, index: int) -> Trace:
        return self._traces[index]

    def __iter__(self) -> Iterator[Trace]:
        return iter(self._traces)

    def __repr__(self) -> str:
        return "\n".join(map(str, self._traces)) or "not recorded yet"

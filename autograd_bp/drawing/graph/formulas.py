"""The formula of a step that repeats: s′ = tanh(w·s + u·c), one line for each state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container

from autograd_bp.drawing.graph.repeats import Repetition
from autograd_bp.drawing.graph.scene import View
from autograd_bp.drawing.graph.shifts import stem
from autograd_bp.notation import maths, operations
from autograd_bp.notation.maths import Maths
from autograd_bp.notation.names import identifier
from autograd_bp.notation.numbers import rounded
from autograd_bp.value import Value

MAX_SIZE = 16  # names and numbers in a part of a formula that has no line of its own
MAX_LINES = 8
LETTERS = ("s", "r", "q", "p")  # for states without a name


def of_step(repetition: Repetition, view: View, has_card: Container[Value]) -> tuple[str, ...]:
    """The formulas of a step, from its states before (s) to those after it (s′), and the ranges of
    the leaves that differ from step to step and stand in no card.
    """
    writer = _Writer(repetition, view)
    ranges = [
        f"{typeset(name.text)}: {rounded(min(numbers))} … {rounded(max(numbers))}"
        for leaf, numbers in repetition.series(view.number)
        if leaf not in has_card and (name := writer.leaves.get(leaf)) is not None
    ]
    return (*writer.lines(), *list(dict.fromkeys(ranges))[:MAX_LINES])


class _Writer:
    def __init__(self, repetition: Repetition, view: View) -> None:
        """Arguments:
        repetition: the step.
        view: gives the names.
        """
        self.repetition, self.view = repetition, view
        parents = {p for node in repetition.copies[0] for p in node.parents if not p.parents}
        self.taken = {view.label(p) for p in parents - {*repetition.leaves}}
        self.states = {node: self._state(node) for node in repetition.states}
        self.leaves = self._leaves()
        self.outside = self._outside()

    def lines(self) -> tuple[str, ...]:
        repetition = self.repetition
        last = repetition.copies[0]
        uses: dict[Value, int] = {}
        for node in last:
            for parent in node.parents:
                uses[parent] = uses.get(parent, 0) + 1
        written: dict[Value, Maths] = {}
        lines = []
        for node in last:
            parts = [
                self._earlier(*repetition.reads[node, i])
                if (node, i) in repetition.reads
                else written[p]
                if p in written
                else self._leaf(p)
                for i, p in enumerate(node.parents)
            ]
            assert node.op is not None
            body = operations.apply(node.op, parts)
            state = self.states.get(node)
            shared = uses.get(node, 0) > 1 and body.size > 2
            if state or shared or body.size > MAX_SIZE or self.view.label(node):
                name = f"{state}′" if state else self._free(self._name(node))
                written[node] = identifier(name)
                lines.append(typeset(f"{name} = {body.text}"))
            else:
                written[node] = body
        if len(lines) > MAX_LINES:
            lines = [*lines[: MAX_LINES - 2], "…", lines[-1]]
        return tuple(lines)

    def _earlier(self, state: Value, delay: int) -> Maths:
        """A state before the step: s, or s[−1] where it is that of the step before this one."""
        name = self.states[state]
        return identifier(name if delay == 1 else f"{name}[−{delay - 1}]")

    def _state(self, node: Value) -> str:
        own = stem(self.view.label(node)) or self._of_start(node)
        return self._free(own or next((x for x in LETTERS if x not in self.taken), "s"))

    def _of_start(self, node: Value) -> str:
        """The name of the value that a state starts from."""
        for place, (state, _) in self.repetition.reads.items():
            start = self.repetition.before[place]
            if state is node and self.view.label(start):
                return stem(self.view.label(start))
        return ""

    def _leaves(self) -> dict[Value, Maths]:
        leaves: dict[Value, Maths] = {}
        constants: dict[tuple[float, ...], Maths] = {}  # equal in all steps: one name for all
        for leaf, column in self.repetition.leaves.items():
            if leaf.is_constant and len({*map(self.view.number, column)}) == 1:
                continue
            name = stem(self.view.label(leaf))
            numbers = tuple(map(self.view.number, column))
            if name:
                leaves[leaf] = identifier(f"{self._free(name)}ₖ")
                continue
            if numbers not in constants:
                letter = f"c{len(constants) + 1}" if constants else "c"
                constants[numbers] = identifier(f"{self._free(letter)}ₖ")
            leaves[leaf] = constants[numbers]
        return leaves

    def _outside(self) -> dict[Value, Maths]:
        """The operations that a step reads and that are in no step: tanh, or tanh1, tanh2 ..."""
        last = {*self.repetition.copies[0]}
        nodes = dict.fromkeys(
            parent
            for node in self.repetition.copies[0]
            for i, parent in enumerate(node.parents)
            if parent.op is not None
            and parent not in last
            and (node, i) not in self.repetition.reads
            and not self.view.label(parent)
        )
        symbols = {node: node.op.symbol for node in nodes if node.op is not None}
        counts = Counter(symbols.values())
        names: dict[Value, Maths] = {}
        number: Counter[str] = Counter()
        for node, symbol in symbols.items():
            number[symbol] += 1
            word = symbol if symbol.isalpha() else "y"
            index = number[symbol] if counts[symbol] > 1 else ""
            names[node] = identifier(self._free(f"{word}{index}"))
        return names

    def _leaf(self, node: Value) -> Maths:
        if node in self.leaves:
            return self.leaves[node]
        label = self.view.label(node)
        if label:
            return identifier(label)
        if node in self.outside:
            return self.outside[node]
        number = self.view.number(node)
        return maths.number(float(rounded(number).replace("−", "-")) if number else 0.0)

    def _name(self, node: Value) -> str:
        return self.view.label(node) or "t"

    def _free(self, name: str) -> str:
        """The name, with a number where it is taken."""
        shown, k = name, 1
        while shown in self.taken:
            k += 1
            shown = f"{name}{k}"
        self.taken.add(shown)
        return shown


# A few letters with an index, also before ₖ and before the number of an earlier step.
_INDEX = re.compile(r"(?<![\w.])(?!(?:atan2|expm1)\b)([^\W\d_]{1,4})(\d{1,7})(?=ₖ|\[−|(?![\w.[]))")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(formula: str) -> str:
    """Plain text with a true minus, and with small whole exponents raised."""
    raised = re.sub(r"\^(\d{1,2})(?![\d.^])", lambda m: m[1].translate(_RAISED), formula)
    indexed = _INDEX.sub(lambda m: m[1] + m[2].translate(_LOWERED), raised)
    return indexed.replace("-", "−")

"""Steps that a computation does again and again: what one step consists of, and how often.

`shifts` compares the graph with itself one step earlier. Here the nodes that are shifted into each
other become the copies of a step, which may have several states (the c and h of an LSTM cell), may
read a state more than once (an ODE step), and may have leaves of its own: constants that differ
from step to step, inputs named x0, x1 and so on.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from autograd_bp.drawing.graph.shifts import Shifts, alike
from autograd_bp.value import Value

MIN_REPETITIONS = 4  # that are worth a frame
MAX_STEP = 600  # operations of a step
MAX_OWN_LEAVES = 24  # of a step that is one of a loop; a layer has weights of its own
MAX_ROUNDS = 12  # in which operations that differ from step to step are left out
MAX_FAILURES = 12  # nodes that begin no repetition although they look like it
PATIENCE = 200_000  # work without a repetition

Orbit = list[Value]
"""A node of the last step, its counterpart in the step before, and so on."""


@dataclass(frozen=True)
class Repetition:
    """A step that stands `times` times in a row.

    Attributes:
        copies: the operations of each step, the last step first; counterparts have one index.
        shown: the operations of the last step, with the leaves that only they use, in order.
        leaves: for each leaf of the last step that differs from step to step, the leaves of all
            steps, the last first.
        before: for a node of the last step and the index of a parent in an earlier step, the value
            from which the first step starts.
        states: the nodes that the next step reads.
        reads: for the same places as `before`, the state that is read there, and of how many steps
            ago.
    """

    copies: tuple[tuple[Value, ...], ...]
    shown: tuple[Value, ...]
    leaves: Mapping[Value, tuple[Value, ...]]
    before: Mapping[tuple[Value, int], Value]
    states: tuple[Value, ...] = ()
    reads: Mapping[tuple[Value, int], tuple[Value, int]] = field(default_factory=dict)

    @property
    def times(self) -> int:
        return len(self.copies)

    def own_leaves(self, number: Callable[[Value], float]) -> int:
        """How many leaves differ from step to step."""
        return sum(len({*map(number, column)}) > 1 for column in self.leaves.values())

    def series(self, number: Callable[[Value], float]) -> Iterator[tuple[Value, tuple[float, ...]]]:
        """The numbers of all steps, the first step first, of the states and of the leaves that
        differ.
        """
        for leaf, column in self.leaves.items():
            numbers = tuple(number(other) for other in reversed(column))
            if len(set(numbers)) > 1:
                yield leaf, numbers
        for k, node in enumerate(self.copies[0]):
            if node in self.states:
                yield node, tuple(number(copy[k]) for copy in reversed(self.copies))


def find(
    order: Sequence[Value],
    uses: Mapping[Value, int],
    never: Collection[Value],
    number: Callable[[Value], float] = attrgetter("data"),
) -> list[Repetition]:
    """The repetitions in a graph, those nearest to its output first.

    Arguments:
        order: the nodes, in topological order.
        uses: how often each node is used.
        never: nodes that are drawn themselves.
        number: gives the numbers of nodes.
    """
    covered: set[Value] = set(never)
    shifts = Shifts(order, covered)
    readers: dict[Value, list[Value]] = {}
    for node in order:
        for parent in node.parents:
            readers.setdefault(parent, []).append(node)
    place = shifts.place
    repetitions = []
    failures = 0
    least = shifts.work - PATIENCE  # at which no further loop is looked for
    for node in reversed(order):
        if failures > MAX_FAILURES or shifts.work <= max(least, 0):
            break
        if not node.parents or node in covered:
            continue
        shift = shifts.largest(node)
        if len(shift) < MIN_REPETITIONS - 1:
            continue
        repetition = _repetition(node, shift, place, uses, readers)
        if repetition is None or repetition.own_leaves(number) > MAX_OWN_LEAVES:
            failures += 1
            shifts.work -= 8 * len(shift)
        else:
            repetitions.append(repetition)
            least = shifts.work - PATIENCE
            covered.update(member for copy in repetition.copies for member in copy)
    return repetitions


def _repetition(
    root: Value,
    shift: Mapping[Value, Value],
    place: Mapping[Value, int],
    uses: Mapping[Value, int],
    readers: Mapping[Value, Sequence[Value]],
) -> Repetition | None:
    """The steps that a shift consists of; None where it has no four complete steps."""
    orbits = _orbits(shift, place)
    main = next((orbit for orbit in orbits if root in orbit[:2]), None)
    if main is None:
        return None
    orbits = [orbit for orbit in orbits if len(orbit) > len(main) // 2]
    for _ in range(MAX_ROUNDS):
        if main not in orbits or len(orbits) > MAX_STEP:
            return None
        steps = _Steps(orbits)
        broken = steps.broken()
        if not broken:
            return steps.repetition(uses) if steps.divide(readers) else None
        orbits = [orbit for k, orbit in enumerate(orbits) if k not in broken]
    return None


def _orbits(shift: Mapping[Value, Value], place: Mapping[Value, int]) -> list[Orbit]:
    """The nodes that are shifted into each other, in topological order of the last step."""
    images = set(shift.values())
    orbits = []
    for node in shift:
        if node in images:
            continue
        orbit = [node]
        while (earlier := shift.get(orbit[-1])) is not None:
            orbit.append(earlier)
        if len(orbit) >= MIN_REPETITIONS:
            orbits.append(orbit)
    return sorted(orbits, key=lambda orbit: place[orbit[0]])


class _Steps:
    """Orbits, put together to steps."""

    def __init__(self, orbits: Sequence[Orbit]) -> None:
        """Arguments:
        orbits: the nodes that are shifted into each other, in topological order.
        """
        self.orbits = orbits
        self.index = {
            node: (k, i) for k, orbit in enumerate(orbits) for i, node in enumerate(orbit)
        }
        self.offsets = self._aligned()
        self.first = max(self.offsets)
        ends = [offset + len(o) for offset, o in zip(self.offsets, orbits, strict=True)]
        self.end = min(ends)

    def _aligned(self) -> list[int]:
        """The step in which each orbit begins: the last one, or earlier where its users' last
        nodes read nothing later.
        """
        offsets = [0] * len(self.orbits)
        links = [
            (k, *self.index[parent], min(1, len(orbit) - 1))
            for k, orbit in enumerate(self.orbits)
            for parent in orbit[min(1, len(orbit) - 1)].parents
            if parent in self.index
        ]
        for _ in range(len(self.orbits)):
            changed = False
            for user, parent, at, i in links:
                delay = offsets[parent] + at - i - offsets[user]
                if delay < 0 and parent != user:
                    offsets[parent] -= delay
                    changed = True
            if not changed:
                break
        return offsets

    def member(self, k: int, step: int) -> Value:
        """The node of an orbit in a step; step 0 is the last."""
        return self.orbits[k][step - self.offsets[k]]

    def broken(self) -> set[int]:
        """The orbits whose nodes are not the same in all steps, so that they belong to none."""
        if self.end - self.first < MIN_REPETITIONS:
            shortest = min(map(len, self.orbits))
            return {k for k, orbit in enumerate(self.orbits) if len(orbit) == shortest}
        broken = set()
        for k in range(len(self.orbits)):
            arity = len(self.member(k, self.first).parents)
            if not all(self._is_regular(k, index) for index in range(arity)):
                broken.add(k)
        return broken

    def divide(self, readers: Mapping[Value, Sequence[Value]]) -> bool:
        """Keep the longest run of steps of which none but the last is read from outside, unless
        all are. False where no run is long enough.
        """
        steps = range(self.first + 1, self.end)
        ends: set[int] = set()
        for k in range(len(self.orbits)):
            outside = {
                step
                for step in steps
                if any(user not in self.index for user in readers.get(self.member(k, step), ()))
            }
            if len(outside) < len(steps) // 2:
                ends |= outside
        starts = [self.first, *sorted(ends), self.end]
        self.first, self.end = max(
            itertools.pairwise(starts), key=lambda run: (run[1] - run[0], -run[0])
        )
        return self.end - self.first >= MIN_REPETITIONS

    def _delay(self, k: int, index: int, step: int) -> int | None:
        """From how many steps earlier a parent comes; None from outside."""
        parent = self.member(k, step).parents[index]
        place = self.index.get(parent)
        if place is None:
            return None
        return self.offsets[place[0]] + place[1] - step

    def _is_regular(self, k: int, index: int) -> bool:
        parents = [self.member(k, step).parents[index] for step in range(self.first, self.end)]
        if all(parent is parents[0] for parent in parents):
            return True
        if all(not parent.parents for parent in parents):
            return all(alike(parent, parents[0]) for parent in parents)
        delays = [self._delay(k, index, step) for step in range(self.first, self.end)]
        delay = delays[0]
        if delay is None or delay < 0:
            return False
        inside = len(parents) - delay  # what the first steps read may come from anywhere
        orbit = self.index[parents[0]][0]
        return all(
            other == delay and self.index[parent][0] == orbit
            for other, parent in zip(delays[:inside], parents[:inside], strict=True)
        )

    def repetition(self, uses: Mapping[Value, int]) -> Repetition:
        steps = range(self.first, self.end)
        copies = tuple(
            tuple(self.member(k, step) for k in range(len(self.orbits))) for step in steps
        )
        leaves: dict[Value, tuple[Value, ...]] = {}
        before: dict[tuple[Value, int], Value] = {}
        states: dict[Value, None] = {}
        reads: dict[tuple[Value, int], tuple[Value, int]] = {}
        for k, node in enumerate(copies[0]):
            for index, parent in enumerate(node.parents):
                columns = [copy[k].parents[index] for copy in copies]
                if not parent.parents:
                    if any(leaf is not parent for leaf in columns):
                        leaves[parent] = tuple(columns)
                elif delay := self._delay(k, index, self.first):
                    before[node, index] = columns[-1]
                    orbit, _ = self.index[parent]
                    reads[node, index] = copies[0][orbit], delay
                    states[copies[0][orbit]] = None
        shown = _shown(copies[0], leaves, uses)
        return Repetition(copies, shown, leaves, before, tuple(states), reads)


def _shown(
    step: Sequence[Value], leaves: Collection[Value], uses: Mapping[Value, int]
) -> tuple[Value, ...]:
    """The operations of a step, each after the leaves that it alone reads."""
    own = {
        parent
        for node in step
        for parent in node.parents
        if not parent.parents and (parent in leaves or uses.get(parent) == 1)
    }
    readers = Counter(parent for node in step for parent in node.parents)
    shown: dict[Value, None] = {}
    for node in step:
        shown |= dict.fromkeys(p for p in node.parents if p in own and uses.get(p) == readers[p])
        shown[node] = None
    return tuple(shown)

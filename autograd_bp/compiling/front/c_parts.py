"""Functions that run in parts, as plans that are written in C: look-ups are loads and additions at
a place, and loops with checkpoints compute the rounds between two states again.

The steps are those of part_runs.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.c.plan import (
    NUMBERS,
    SEEDS,
    SLOPES,
    Call,
    Copy,
    Emitted,
    LookUp,
    Numbers,
    Plan,
    Repeated,
    Step,
)
from autograd_bp.compiling.front.checkpoints import Checkpointed
from autograd_bp.compiling.front.guarded import Guard
from autograd_bp.compiling.front.part_runs import LookUpRun, LoopRun, PlainRun, cuts_of
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.program.parts import LookUp as LookUpPart
from autograd_bp.compiling.program.parts import Part, Rounds
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.segments import Segment

__all__ = ["plan_of"]

Steps = list[Step]


def plan_of(backend: Checkpointed, guard: Guard | None) -> Plan:
    """The plan of a function that runs in parts.

    Arguments:
        backend: what runs it.
        guard: what may go wrong in it.
    """
    plan = _Planned(backend).plan
    if guard is None:
        return plan
    wrong: Plan | Loops
    if isinstance(guard.backend, Checkpointed):
        wrong = plan_of(guard.backend, None)
    else:
        wrong = _rolled(guard.backend.content)
    return replace(plan, guard=wrong)


def _rolled(content: Program | Loops) -> Loops:
    return content if isinstance(content, Loops) else roll(content)


class _Planned:
    """Makes the plan of a function in parts.

    Arguments:
        backend: what runs it.
    """

    def __init__(self, backend: Checkpointed) -> None:
        self._backend, self._runs = backend, backend.runs_for_export()
        parts = self._parts = backend.parts
        shared = parts.shared
        self._places = np.where(shared, -np.cumsum(shared), np.cumsum(~shared) - 1)
        self._sizes = [int(shared.sum()), int((~shared).sum())]
        self._states: dict[int, Any] = {}
        self._sweeps = len(backend.wanted.seeds)
        self._kept: list[tuple[int, int]] = []
        common, own = ([part for part in parts.parts if part.is_shared == x] for x in (True, False))
        forward, backward = (
            tuple([step for part in some for step in make(part)] for some in lists)
            for make, lists in (
                (self._forward, (common, own[:-1])),
                (self._backward, (common[::-1], own[::-1])),
            )
        )
        self.plan = self._plan(forward, backward)

    def _plan(self, forward: Any, backward: Any) -> Plan:
        parts, backend = self._parts, self._backend
        template, wanted = parts.template, backend.wanted
        emitted, outputs = self._emitted()
        width = len(wanted.directions[0])
        parameters, inputs = parts.leaves
        count = parameters - width
        first = template.first
        constants = np.arange(first - len(template.constants), first)
        last = parts.parts[-1]
        assert isinstance(last, Part)
        return Plan(
            tuple(template.parameters[:count]),
            tuple(template.inputs[:inputs]),
            outputs,
            (self._places[:count], self._places[parameters : parameters + inputs]),
            self._places[count : count + width],
            (self._places[constants], template.constants),
            (self._sizes[0], self._sizes[1]),
            self._sweeps,
            forward,
            backward,
            Call(_rolled(backend.outputs.content), *self._read(last)),
            emitted,
            lambda parameters, rows: backend.run(parameters, rows, 1),
            remarks=self._remarks(),
        )

    def _remarks(self) -> list[str]:
        lines = ["Entries of tables are read at their places; no other entry is looked at."]
        if not any(isinstance(part, LookUpPart) for part in self._parts.parts):
            lines = []
        return lines + [
            f"Of {count:,} rounds of a loop the states before {kept:,} are kept, and the rounds "
            "between them are computed again."
            for count, kept in self._kept
        ]

    # ------------------------------------------------------------------------------- the places
    def _numbers(self, array: str, registers: Any, *, adds: bool = False) -> Numbers:
        places = self._places[np.asarray(registers, np.int64)]
        return Numbers(array, places[None, :] if places.ndim == 1 else places, adds)

    def _taken(self, count: int, *, is_shared: bool) -> Any:
        """New places."""
        space = 0 if is_shared else 1
        start = self._sizes[space]
        self._sizes[space] += count
        places = np.arange(start, start + count)
        return -1 - places if is_shared else places

    def _read(self, part: Part) -> tuple[list[Numbers], list[Numbers]]:
        """What a plain part reads."""
        shared, own = part.reads[: part.shares], part.reads[part.shares :]
        return [self._numbers(NUMBERS, shared)], [self._numbers(NUMBERS, own)]

    # -------------------------------------------------------------------------------- the steps
    def _forward(self, part: Part | Rounds | LookUpPart) -> Steps:
        run = self._runs[id(part)]
        if isinstance(part, Part):
            if not len(part.writes):
                return []
            written = self._numbers(NUMBERS, part.writes)
            assert isinstance(run, PlainRun)
            return [Call(_rolled(run.value.content), *self._read(part), None, [written])]
        if isinstance(part, LookUpPart):
            return [self._look_up(part, is_slope=False)]
        assert isinstance(run, LoopRun)
        return self._rounds(part, run)

    def _backward(self, part: Part | Rounds | LookUpPart) -> Steps:
        run = self._runs[id(part)]
        if not self._sweeps:
            return []
        if isinstance(part, Part):
            assert isinstance(run, PlainRun)
            return self._plain_back(part, run)
        assert isinstance(run, (LookUpRun, LoopRun))
        if not run.is_active:
            return []
        if isinstance(part, LookUpPart):
            return [self._look_up(part, is_slope=True)]
        assert isinstance(run, LoopRun)
        return self._rounds_back(part, run)

    def _plain_back(self, part: Part, run: PlainRun) -> Steps:
        if not len(run.targets) or not sum(map(len, run.moving)):
            return []
        parameters, inputs = self._read(part)
        if part is self._parts.parts[-1]:
            seeds = Numbers(SEEDS, np.arange(len(run.targets))[None, :])
        else:
            seeds = self._numbers(SLOPES, run.targets)
        (parameters if part.is_shared else inputs).append(seeds)
        shared, own = run.moving
        return [
            Call(
                _rolled(run.slopes.content),
                parameters,
                inputs,
                self._numbers(SLOPES, part.reads[shared], adds=True),
                [self._numbers(SLOPES, part.reads[part.shares + own], adds=True)],
            )
        ]

    def _look_up(self, part: LookUpPart, *, is_slope: bool) -> LookUp:
        places = self._places
        return LookUp(places[part.table], places[part.indices], places[part.results], is_slope)

    def _rounds(self, loop: Rounds, run: LoopRun) -> Steps:
        body, is_shared = loop.body, loop.is_shared
        count, cuts = len(loop.carried), cuts_of(loop)
        carry = self._taken(count, is_shared=is_shared)
        keeps = self._sweeps > 0 and run.is_active
        many = len(cuts) if keeps else 0
        states = self._taken(count * many, is_shared=is_shared).reshape(many, count)
        self._states[id(loop)] = carry, states
        if loop.kept and keeps:
            self._kept.append((body.count, len(cuts)))
        steps: Steps = [
            Copy(self._numbers(NUMBERS, body.init[loop.carried]), Numbers(NUMBERS, carry[None, :]))
        ]
        done = 0
        for length, starts in _groups(cuts):
            segment, choice = run.segment(length)
            every = np.repeat(carry[None, :], len(starts), axis=0)
            lines = np.stack([body.lines[s : s + length, loop.handed].ravel() for s in starts])
            parameters, inputs = self._sources(segment, starts, carry)
            inner: list[Call | Copy | LookUp] = []
            if keeps:
                mine = states[done : done + len(starts)]
                inner.append(Copy(Numbers(NUMBERS, every), Numbers(NUMBERS, mine)))
            each = [Numbers(NUMBERS, every), self._numbers(NUMBERS, lines)]
            inner.append(Call(_rolled(choice.content), parameters, inputs, None, each))
            steps.append(Repeated(len(starts), inner, False))
            done += len(starts)
        results = self._numbers(NUMBERS, body.results[loop.carried])
        return [*steps, Copy(Numbers(NUMBERS, carry[None, :]), results)]

    def _rounds_back(self, loop: Rounds, run: LoopRun) -> Steps:
        body = loop.body
        carry, states = self._states[id(loop)]
        moving = Numbers(SLOPES, carry[None, :])
        steps: Steps = [Copy(self._numbers(SLOPES, body.results[loop.carried]), moving)]
        done = len(states)
        for length, starts in reversed(_groups(cuts_of(loop))):
            segment, choice = run.slope_of(length)
            done -= len(starts)
            every = np.repeat(carry[None, :], len(starts), axis=0)
            parameters, inputs = self._sources(segment, starts, carry)
            lines = np.stack([body.lines[s : s + length][:, loop.handed].T.ravel() for s in starts])
            seeds = [Numbers(SLOPES, every), self._numbers(SLOPES, lines)]
            (parameters if loop.is_shared else inputs).extend(seeds)
            sums, each = (
                Numbers(SLOPES, some[0].places[:, where], True)
                for some, where in zip((parameters, inputs), segment.moving, strict=True)
            )
            inner: list[Call | Copy | LookUp] = [
                Copy(Numbers(NUMBERS, states[done : done + len(starts)]), Numbers(NUMBERS, every)),
                Call(
                    _rolled(choice.content),
                    parameters,
                    inputs,
                    sums,
                    [each],
                    Numbers(SLOPES, every),
                ),
            ]
            steps.append(Repeated(len(starts), inner, True))
        into = self._numbers(SLOPES, body.init[loop.carried], adds=True)
        return [*steps, Copy(moving, into)]

    def _sources(
        self, segment: Segment, starts: Sequence[int], carry: Any
    ) -> tuple[list[Numbers], list[Numbers]]:
        """What segments read: a line of places for each."""
        pairs = [segment.sources(start) for start in starts]
        tables = []
        for some in zip(*pairs, strict=True):
            table = np.stack(some)
            places = self._places[np.maximum(table, 0)]
            if len(carry):
                places = np.where(table < 0, carry[np.clip(-1 - table, 0, len(carry) - 1)], places)
            tables.append(Numbers(NUMBERS, places))
        return [tables[0]], [tables[1]]

    # ------------------------------------------------------------------------------ the results
    def _emitted(self) -> tuple[list[Emitted], tuple[int, int]]:
        """What is handed out, found by handing out the names of numbers in their places."""
        wanted = self._backend.wanted
        known: list[tuple[str, int, int, int]] = [("", 0, 0, 0)]

        def named(kind: str, direction: int, sweep: int, sources: Any) -> Any:
            start = len(known)
            known.extend((kind, direction, sweep, k) for k in sources)
            return np.arange(start, len(known), dtype=float)

        runs = []
        first = self._parts.leaves[0]
        for d in range(len(wanted.directions)):
            value = named("value", d, 0, range(len(self._parts.outputs)))
            slopes = []
            for sweep in range(self._sweeps):
                groups = [
                    places + (first if space == "input" else 0) for space, places in wanted.leaves
                ]
                slopes.append([
                    named("slopes", d, sweep, self._places[group].tolist())[:, None]
                    for group in groups
                ])  # fmt: skip
            none = np.zeros(0)
            sums, lines = (value, none) if wanted.sums else (none, value)
            runs.append(([sums], [lines[:, None]], slopes))
        results = wanted.numbers(runs, 1)
        emitted = []
        for numbers, is_sum in zip((results[0], results[1][:, 0]), (True, False), strict=True):
            entries = [(*known[int(x)], k) for k, x in enumerate(numbers.tolist())]
            for key, some in groupby(sorted(entries, key=lambda e: e[:3]), lambda e: e[:3]):
                pairs = np.array([entry[3:] for entry in some], np.int64)
                kind, direction, sweep = key
                pairs_of = (pairs[:, 0], is_sum, pairs[:, 1])
                emitted.append(Emitted(kind, direction, sweep, *pairs_of))
        return emitted, (len(results[0]), len(results[1]))


def _groups(cuts: Sequence[tuple[int, int]]) -> list[tuple[int, list[int]]]:
    """Segments of one length, and where they begin."""
    return [(n, [s for s, _ in some]) for n, some in groupby(cuts, lambda cut: cut[1])]

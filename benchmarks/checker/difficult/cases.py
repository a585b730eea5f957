"""The cases: right gradients of every kind, and the mistakes that are planted into them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.checker.difficult.kinds import KINDS
from benchmarks.checker.difficult.sample import Sample
from benchmarks.checker.model import Case

__all__ = ["right_cases", "wrong_cases"]

VISIBLE = 1e-3  # of the right component: a mistake must change a component by as much as this
Numbers = Any
Mistake = Callable[[Numbers, np.random.Generator], Numbers]


def _scaled(factor: float) -> Mistake:
    return lambda g, rng: factor * g


def _one_off(g: Numbers, rng: np.random.Generator) -> Numbers:
    wrong = g.copy()
    wrong[_largest(g, rng)] *= 1.02
    return wrong


def _one_flipped(g: Numbers, rng: np.random.Generator) -> Numbers:
    wrong = g.copy()
    wrong[_largest(g, rng)] *= -1.0
    return wrong


def _one_missing(g: Numbers, rng: np.random.Generator) -> Numbers:
    wrong = g.copy()
    wrong[_largest(g, rng)] = 0.0
    return wrong


def _swapped(g: Numbers, rng: np.random.Generator) -> Numbers:
    wrong = g.copy()
    i, j = rng.permutation(len(g))[:2] if len(g) > 1 else (0, 0)
    wrong[i], wrong[j] = g[j], g[i]
    return wrong


def _term(g: Numbers, rng: np.random.Generator) -> Numbers:
    """A term that was left out: every component loses some of it."""
    return g * (1.0 - rng.uniform(0.05, 0.5, len(g))).astype(g.dtype)


def _largest(g: Numbers, rng: np.random.Generator) -> int:
    """One of the components that matter."""
    there = np.flatnonzero(np.abs(g) >= 1e-3 * np.abs(g).max())
    return int(rng.choice(there))


MISTAKES: dict[str, Mistake] = {
    "sign": _scaled(-1.0),
    "factor 2": _scaled(2.0),
    "2 % too large": _scaled(1.02),
    "zero": _scaled(0.0),
    "one component 2 % off": _one_off,
    "one component flipped": _one_flipped,
    "one component missing": _one_missing,
    "two components swapped": _swapped,
    "a term left out": _term,
}


def samples(kind: str, count: int) -> Iterator[tuple[int, Sample]]:
    """The samples of a kind; the same in every run."""
    for seed in range(count):
        yield seed, KINDS[kind](np.random.default_rng([zlib.crc32(kind.encode()), seed]))


def right_cases(count: int, kinds: tuple[str, ...] = ()) -> Iterator[Case]:
    """Right gradients, so many of every kind."""
    for kind in kinds or tuple(KINDS):
        for seed, s in samples(kind, count):
            name = f"{kind}, {s.member}, {seed}"
            yield Case(name, kind, s.f, s.gradient, s.gradient, s.x)


def wrong_cases(count: int, kinds: tuple[str, ...] = ()) -> Iterator[Case]:
    """The same with one mistake each, where it changes a component that matters."""
    for kind in kinds or tuple(KINDS):
        for seed, s in samples(kind, count):
            right = np.asarray(s.gradient(s.x))
            names = list(MISTAKES)
            for turn in range(len(names)):
                name = names[(seed + turn) % len(names)]
                wrong = _planted(s, MISTAKES[name], seed)
                if _shows(right, wrong(s.x)):
                    break
            title = f"{kind}, {s.member}, {seed}, {name}"
            yield Case(title, f"{kind}|{name}", s.f, wrong, wrong, s.x, "", title)


def _planted(s: Sample, mistake: Mistake, seed: int) -> Callable[[Numbers], Numbers]:
    return lambda x: mistake(np.asarray(s.gradient(x)), np.random.default_rng(seed))


def _shows(right: np.ndarray, wrong: np.ndarray) -> bool:
    gap = np.abs(wrong - right)
    return bool(np.any(gap > np.maximum(VISIBLE * np.abs(right), 1e-3 * np.abs(right).max())))

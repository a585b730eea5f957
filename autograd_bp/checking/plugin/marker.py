"""The marker `gradient`: a run of the test for every point and every seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import pytest

from autograd_bp.checking.plugin.fixture import Case
from autograd_bp.checking.points.domains import Box, box, draw_point, outside
from autograd_bp.derivatives.trees import flatten
from autograd_bp.errors import AutogradError, SettingError

__all__ = ["cases", "parametrize"]

SETTINGS = ("points", "seeds", "domain")
MAX_POINTS = 10_000  # and seeds: points=10**9 is refused before memory runs out


def parametrize(metafunc: pytest.Metafunc, marker: pytest.Mark) -> None:
    """Turn the marker into runs of the test; a wrong marker fails it with a message of one line."""
    if "gradient" not in metafunc.fixturenames:
        if marker in metafunc.definition.own_markers:
            _refuse(metafunc, "the test does not take the fixture: add the argument `gradient`")
        return  # a marker of a class or a module concerns the tests that use the fixture
    try:
        runs = cases(*marker.args, **marker.kwargs)
    except AutogradError as error:
        _refuse(metafunc, str(error))
    metafunc.parametrize(
        "gradient", [case for _, case in runs], indirect=True, ids=[name for name, _ in runs]
    )


def cases(points: Any = None, *more: Any, **settings: Any) -> list[tuple[str, Case]]:
    """Every run that a marker asks for, with its name.

    Arguments:
        points: a list of points of one shape, or how many to draw from the domain, for each
            seed; one when there is a domain and no points.
        more: nothing; further positional arguments are refused.
        settings: seeds: how many, or a list of integers from 0 up; domain: see
            `domains.box`, listed points must lie in it.

    Raises: SettingError naming the mistake.
    """
    unknown = [name for name in settings if name not in SETTINGS]
    if unknown or more:
        what = ", ".join(unknown) or f"{1 + len(more)} positional arguments"
        raise SettingError(f"it takes points, seeds and domain, got {what}")
    seeds = _seeds(settings.get("seeds", 1))
    domain = settings.get("domain")
    inside = None if domain is None else box(domain)
    if points is None:
        if inside is None:
            raise SettingError("there are no points: write points=[...], or domain=(low, high)")
        points = 1
    if isinstance(points, int) and not isinstance(points, bool):
        return _drawn(points, seeds, inside)
    listed = _listed(points, inside)
    return [
        (_joined(name, seed, seeds), Case(point, seed)) for name, point in listed for seed in seeds
    ]


def _seeds(seeds: Any) -> list[int]:
    if isinstance(seeds, int) and not isinstance(seeds, bool) and 1 <= seeds <= MAX_POINTS:
        return [*range(seeds)]
    if isinstance(seeds, (list, tuple, range)) and 0 < len(seeds) <= MAX_POINTS:
        wrong = [s for s in seeds if not isinstance(s, int) or isinstance(s, bool) or s < 0]
        if not wrong:
            return [*dict.fromkeys(seeds)]
        raise SettingError(f"seeds are whole numbers from 0 up, got {wrong[0]!r:.40}")
    raise SettingError(
        f"seeds is how many, from 1 to {MAX_POINTS:,}, or a list of whole numbers from 0 up, "
        f"got {seeds!r:.60}"
    )


def _drawn(count: int, seeds: Sequence[int], inside: Box | None) -> list[tuple[str, Case]]:
    if inside is None:
        raise SettingError(
            f"points={count} are to be drawn, but there is no domain: add domain=(low, high)"
        )
    if not 1 <= count <= MAX_POINTS:
        raise SettingError(f"points must be from 1 to {MAX_POINTS:,}, got {count}")
    runs = []
    for seed in seeds:
        source = random.Random(seed)
        runs += [
            (_joined(f"drawn{i}", seed, seeds), Case(draw_point(inside, source), seed))
            for i in range(count)
        ]
    return runs


def _listed(points: Any, inside: Box | None) -> list[tuple[str, Any]]:
    if isinstance(points, (str, bytes, dict)) or not isinstance(points, Iterable):
        raise SettingError(f"points is a list of points, or how many to draw, got {points!r:.60}")
    listed = list(points)
    if not listed:
        raise SettingError("points is empty: nothing would be tested")
    first = flatten(listed[0], "points[0]")[1]
    for i, point in enumerate(listed):
        shape = flatten(point, f"points[{i}]")[1]
        if shape != first:
            raise SettingError(
                f"points must be of one shape: points[0] is {first}, points[{i}] is {shape}"
            )
        if inside is not None and (complaint := outside(point, inside)):
            raise SettingError(f"points[{i}]: {complaint}")
    return [
        (repr(point) if isinstance(point, (int, float)) else f"point{i}", point)
        for i, point in enumerate(listed)
    ]


def _joined(name: str, seed: int, seeds: Sequence[int]) -> str:
    return f"{name}-seed{seed}" if len(seeds) > 1 else name


def _refuse(metafunc: pytest.Metafunc, complaint: str) -> NoReturn:
    text = f"{metafunc.definition.nodeid}: @pytest.mark.gradient: {complaint}"
    pytest.fail(" ".join(text.split()), pytrace=False)

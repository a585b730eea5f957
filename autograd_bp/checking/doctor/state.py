"""Functions that give other numbers at each call: what they keep, and the mistakes beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace, derive
from autograd_bp.checking.doctor.report import Diagnosis
from autograd_bp.checking.doctor.search import Search
from autograd_bp.checking.doctor.words import formulas_in_words
from autograd_bp.checking.numeric.kept import CALLS, Kept, kept
from autograd_bp.notation.numbers import number

__all__ = ["diagnoses_of_state"]

Numbers = Mapping[TermPlace, float]


def diagnoses_of_state(
    example: Example,
    results: Sequence[dict[TermPlace, float]],
    again: Callable[[], dict[TermPlace, float]],
    tolerances: Numbers,
    epsilon: float,
) -> tuple[Diagnosis, ...]:
    """Why the user's numbers change from call to call; empty where nothing known explains it.

    Arguments:
        example: what the numbers were derived for.
        results: of the first calls.
        again: the next call.
        tolerances: how far a right number may be off.
        epsilon: one unit of rounding of the numbers.
    """
    try:
        results = [*results, *(again() for _ in range(CALLS - len(results)))]
    except Exception:  # whatever the user's function raises later
        return ()
    places = list(results[0])
    if any(result.keys() != results[0].keys() for result in results):
        return ()
    if all(result == results[1] for result in results[2:]):
        return (_stale(example, *results[:2]),)
    state = kept([[result[place] for place in places] for result in results], epsilon)
    if state is None:
        return ()
    added = {
        # What never moves is not kept, as γ beside a velocity of changes.
        place: increment if results[0][place] != results[1][place] else results[0][place]
        for place, increment in zip(places, state.added, strict=True)
    }
    return _named(example, results, state, added, tolerances, epsilon)


def _stale(
    example: Example, first: dict[TermPlace, float], second: dict[TermPlace, float]
) -> Diagnosis:
    place = next(p for p in first if first[p] != second[p])
    return Diagnosis(
        "stale cache",
        "at the first call",
        "the first call gives other numbers than all later ones: it uses what an earlier call, for "
        "other numbers, has left",
        formulas_in_words(example, place, [], second[place])[0],
        f"{place.name} = {number(first[place], 10)} at the first call",
    )


def _named(
    example: Example,
    results: Sequence[dict[TermPlace, float]],
    state: Kept,
    added: Numbers,
    tolerances: Numbers,
    epsilon: float,
) -> tuple[Diagnosis, ...]:
    right = {term.place: term.value for term in derive(example)}
    # A difference of results has the rounding of the larger ones.
    sizes = {place: max(abs(result[place]) for result in results) for place in added}
    slack = {place: tolerances[place] + 64.0 * epsilon * sizes[place] for place in added}
    # A running mean takes 1 - β of each gradient.
    share = 1.0 - state.factor
    for scale in (1.0, share) if share else (1.0,):
        if all(abs(added[place] - scale * right[place]) <= slack[place] for place in added):
            return (_diagnosis(example, results, state, added, None),)
    wrong = next(p for p in added if not abs(added[p] - right[p]) <= slack[p])
    beside = Search(example, added, slack, epsilon).diagnoses(wrong)
    others: list[Diagnosis | None] = [*beside] or [None]
    return tuple([_diagnosis(example, results, state, added, other) for other in others])


def _diagnosis(
    example: Example,
    results: Sequence[dict[TermPlace, float]],
    state: Kept,
    added: Numbers,
    other: Diagnosis | None,
) -> Diagnosis:
    first, second = results[:2]
    place = next(p for p in first if first[p] != second[p])
    before = number(first[place], 10)
    kept_part = before if state.factor == 1.0 else f"{state.factor:.6g} · {before}"
    used = (
        f"{place.name} = {kept_part} + {number(added[place], 10)} = {number(second[place], 10)} "
        "at the second call"
    )
    right = formulas_in_words(example, place, [], second[place])[0]
    if other is None:
        return Diagnosis(state.name, "between calls", state.explanation, right, used)
    return Diagnosis(
        f"{state.name} and {other.name}",
        f"between calls and {other.where}",
        f"{state.explanation}; {other.explanation}",
        other.right,
        f"{used}; in what is added {other.used}",
    )

"""The grids: what is run on which checker, and how it is counted. Another grid is another entry
in GRIDS.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from benchmarks.checker import right, wrong
from benchmarks.checker.checkers import SCIPY_LIMIT, Answer, checkers
from benchmarks.checker.difficult_grid import blind_spots, cost, difficult
from benchmarks.checker.doctor_grid import doctor
from benchmarks.checker.formula_grid import formulas
from benchmarks.checker.model import Case, Grid, Table, share

OURS = "autograd_bp"


def answers(cases: Iterable[Case]) -> dict[str, list[tuple[Case, Answer]]]:
    listed = list(cases)
    found = {}
    for name, check in checkers().items():
        known: dict[str, Answer] = {}
        for case in listed:
            if case.name not in known:
                # To others it is the same whether a hand-derived gradient or a rule is wrong.
                twin = case.name.replace(", rule,", ", hand-derived,")
                given = None if name == OURS else known.get(twin)
                known[case.name] = given or check(case)
        found[name] = [(case, known[case.name]) for case in listed]
    return found


def planted_mistakes() -> Table:
    """Caught: at one point at least of those at which the mistake shows; and at how many."""
    found = answers(wrong.cases())
    groups = list(dict.fromkeys(case.group for case, _ in found[OURS]))
    rows, data = [], {}
    for group in [*groups, "all"]:
        kind, _, place = group.partition("|")
        counts = {name: _caught(each, group) for name, each in found.items()}
        named = _named(found[OURS], group)
        rows.append(
            [
                kind,
                place,
                share(*counts[OURS][:2]),
                share(*counts[OURS][2:]),
                share(*named) if named[1] else "–",
                *(share(*counts[name][:2]) for name in counts if name != OURS),
            ]
        )
        data[group] = {
            "named": named,
            "caught": {name: each[:2] for name, each in counts.items()},
            "caught_points": {name: each[2:] for name, each in counts.items()},
        }
    peers = [name for name in found if name != OURS]
    missed = [case.name for case, answer in found[OURS] if answer.passed]
    tiny = sum("1e-8" in name for name in missed)
    notes = [
        "caught: a mistake in one rule, found at one point at least of those where it shows; "
        "points: of all mistakes at all points. Named: where it is caught, the hint says which "
        "mistake it is.",
        f"missed by autograd_bp at single points: {len(missed)}, of which {tiny} are factors of "
        "1 ± 1e-8.",
        *_missed(found[OURS]),
    ]
    data["missed"] = missed
    head = ["mistake", "planted in", "caught", "caught, points", "named", *peers]
    return Table(head, rows, notes, data)


def _of(answered: Sequence[tuple[Case, Answer]], group: str) -> list[tuple[Case, Answer]]:
    return [each for each in answered if group in ("all", each[0].group)]


def _caught(answered: Sequence[tuple[Case, Answer]], group: str) -> tuple[int, int, int, int]:
    plants: dict[str, bool] = defaultdict(bool)
    points = 0
    chosen = _of(answered, group)
    for case, answer in chosen:
        plants[case.plant] |= not answer.passed
        points += not answer.passed
    return sum(plants.values()), len(plants), points, len(chosen)


def _named(answered: Sequence[tuple[Case, Answer]], group: str) -> tuple[int, int]:
    plants: dict[str, bool] = defaultdict(bool)
    for case, answer in _of(answered, group):
        if case.hint and not answer.passed:
            plants[case.plant] |= case.hint in answer.hints
    return sum(plants.values()), len(plants)


def _missed(answered: Sequence[tuple[Case, Answer]]) -> list[str]:
    plants: dict[str, bool] = defaultdict(bool)
    for case, answer in answered:
        plants[case.plant] |= not answer.passed
    names = [name for name, caught in plants.items() if not caught]
    return [f"never caught by autograd_bp: {'; '.join(names)}"] if names else []


def right_gradients() -> Table:
    """Passed: the checker accepts the gradient. Ours says more than that: its verdicts."""
    found = answers(right.cases())
    groups = list(dict.fromkeys(case.group for case, _ in found[OURS]))
    rows, data = [], {}
    for group in [*groups, "all"]:
        mine = _of(found[OURS], group)
        words = Counter(answer.word for _, answer in mine)
        wrongly = words["WRONG"]
        rows.append(
            [
                group,
                str(len(mine)),
                str(wrongly),
                ", ".join(f"{count} {word}" for word, count in words.most_common()),
                *(
                    str(sum(not answer.passed for _, answer in _of(each, group)))
                    for name, each in found.items()
                    if name != OURS
                ),
            ]
        )
        data[group] = {
            "cases": len(mine),
            "verdicts": dict(words),
            "failed": {
                name: sum(not a.passed for _, a in _of(each, group)) for name, each in found.items()
            },
        }
    unsure = [f"{case.name}: {answer.word}" for case, answer in found[OURS] if not answer.passed]
    data["not ok"] = unsure
    peers = [f"failed by {name}" for name in found if name != OURS]
    notes = [
        "WRONG: right gradients that autograd_bp calls wrong. A verdict that is neither OK nor "
        "KINK does not pass an assertion, and says why.",
        "neither OK nor KINK: " + ("; ".join(unsure) or "none"),
    ]
    return Table(["right gradients", "cases", "WRONG", "verdicts", *peers], rows, notes, data)


GRIDS = [
    Grid("mistakes", "Planted mistakes in every row of the table", planted_mistakes),
    Grid("doctor", "Planted mistakes in hand-derived γ and Δw", doctor),
    Grid("formulas", "Mistakes of other people's code", formulas),
    Grid("right", "Right gradients where checkers stumble", right_gradients),
    Grid("difficult", "Functions that mislead differences", difficult),
    Grid("cost", "What a check costs", cost),
    Grid("directions", "What random directions do not see", blind_spots),
]

SETTINGS = [
    "Everybody runs with the defaults: torch.autograd.gradcheck with eps 1e-6, atol 1e-5, rtol "
    "1e-3; jax.test_util.check_grads with order 1, mode rev, x64; scipy.optimize.check_grad "
    f"returns a norm, which counts as failed above {SCIPY_LIMIT:g} (1 + |gradient|).",
    "Others see the function as one opaque operation with the claimed gradient, so for them it "
    "makes no difference where a mistake is planted.",
]

"""Random programs compared with 50 digits, and that this finds what is wrong."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from mpmath import mp, mpf

import autograd_bp as bp
from autograd_bp import Primitive, primitives
from autograd_bp.compiling.backends import registry
from autograd_bp.compiling.backends.reference import ReferenceBackend, ReferenceRunner
from autograd_bp.primitives import TABLE
from benchmarks import command
from benchmarks.fuzz import jets
from benchmarks.fuzz.command import backends_of, judged, record, section, with_section
from benchmarks.fuzz.exact import Edge, Partials, Undefined
from benchmarks.fuzz.judge import EXPLANATIONS, complaints, verdict
from benchmarks.fuzz.modes import all_modes
from benchmarks.fuzz.operations import OPERATORS, Operation, operations
from benchmarks.fuzz.programs import Program, Step, drawn
from benchmarks.fuzz.shrink import shrunk

KINKS = Path(__file__).parents[1] / "docs" / "kinks.md"
PAGES = Path(__file__).parents[1] / "benchmarks"
ALL = operations()
BY_NAME = {operation.name: operation for operation in ALL}


@pytest.mark.parametrize("start", range(0, 240, 40))
def test_random_programs_agree_with_fifty_digits_in_every_mode(start):
    outcomes, modes, failing = judged(range(start, start + 40))
    assert failing == [], "\n".join(str(drawn(number, ALL)) for number in failing)
    assert outcomes["agrees"] >= 20
    assert {"reverse", "recorded", "forward", "forward over reverse", "hvp", "taylor"} <= {*modes}
    assert any(name.startswith("compiled") for name in modes)


def test_programs_are_drawn_from_every_public_primitive():
    library = [op for op in vars(primitives).values() if isinstance(op, Primitive) and op.partials]
    expected = {op.name for op in library if op.public or op.name in OPERATORS}
    drawn_from = {operation.name for operation in ALL}
    lists = {name[:-1] for name in drawn_from if name[-1].isdigit()}
    assert expected - drawn_from - lists == set()
    assert {"exp", "pow", "where", "dot"} <= expected


def test_every_backend_takes_part():
    seen = {name for number in range(200) for name in backends_of(number)}
    assert {"reference", "numpy"} <= seen
    assert seen <= {backend.name for backend in registry.backends()}


def test_a_program_is_drawn_from_its_number():
    assert drawn(7, ALL) == drawn(7, ALL)
    assert str(drawn(7, ALL)) != str(drawn(8, ALL))


def test_every_explanation_stands_in_the_page_of_kinks():
    page = KINKS.read_text(encoding="utf-8")
    assert [name for name in EXPLANATIONS if f"*{name}*" not in page] == []


# ------------------------------------------------------------------------ what must be found
def planted(name, forward, rule, exact):
    """An operation of a rule that is wrong."""
    known = next((op for op in TABLE if op.name == name), None)
    return Operation(name, 1, known or Primitive(name, 1, forward, rule), exact)


WRONG = {
    "by a billionth": planted(
        "sin_by_a_billionth_of_a_user",
        math.sin,
        lambda x, y: (bp.cos(x) * (1.0 + 1e-9),),
        mp.sin,
    ),
    "behind a gate that cuts what it depends on": planted(
        "square_behind_a_gate_of_a_user",
        lambda x: x * x,
        lambda x, y: (bp.where(x, 2.0 * x, 0.0),),
        lambda x: x * x,
    ),
    "with a second derivative of 0": planted(
        "cos_without_a_second_derivative_of_a_user",
        math.cos,
        lambda x, y: (-math.sin(getattr(x, "data", x)),),
        mp.cos,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_is_found_and_the_program_made_small(name):
    some = [WRONG[name], *(BY_NAME[each] for each in ("mul", "add", "exp", "atan", "div"))]
    fails = lambda program: verdict(program).outcome == "fails"  # noqa: E731
    number = next(number for number in range(400) if fails(drawn(number, some)))
    small = shrunk(drawn(number, some), fails)
    assert fails(small)
    assert [step.operation for step in small.steps] == [WRONG[name]]
    assert WRONG[name].name in str(small)


def test_a_backend_that_is_off_by_a_trillionth_is_found(monkeypatch):
    class Off(ReferenceBackend):
        name = "off"

        def prepare(self, source, rows):
            runner = ReferenceRunner(source.program)
            run = runner.run
            runner.run = lambda *numbers: tuple(part * (1 + 1e-12) for part in run(*numbers))
            return runner

    monkeypatch.setattr(registry, "_REGISTRY", dict(registry._REGISTRY))
    registry.register(Off())
    program = Program((0.7,), (Step(BY_NAME["exp"], (0,)),))
    assert verdict(program, ["reference"]).outcome == "agrees"
    found = verdict(program, ["off"])
    assert found.outcome == "fails"
    assert all(text.startswith("compiled, off: ") for text in found.complaints)


def test_a_value_that_is_wrong_is_found():
    naive = Operation("log1p", 1, lambda x: bp.log(1.0 + x), mp.log1p)
    assert verdict(Program((1e-9,), (Step(naive, (0,)),))).outcome == "fails"


@pytest.mark.parametrize(
    ("outcome", "name", "at"),
    [
        ("kink", "relu", (0.0,)),
        ("kink", "maximum", (1.0, 1.0)),
        ("edge of a domain", "acosh", (1.0,)),
        ("kink", "sqrt", (0.0,)),
        ("undefined", "log", (-1.0,)),
        ("numbers at the edge", "exp", (300.0,)),
        ("saturation", "sigmoid", (38.0,)),
        ("agrees", "sigmoid", (2.0,)),
        ("agrees", "pow", (2.0, 0.0)),
    ],
)
def test_what_explains_a_program_is_named(outcome, name, at):
    program = Program(at, (Step(BY_NAME[name], tuple(range(len(at)))),))
    assert verdict(program).outcome == outcome


def test_a_sum_that_cancels_is_uncertain():
    x = Program(
        (0.1,),
        (
            Step(BY_NAME["sin"], (0,)),
            Step(BY_NAME["sub"], (1, math.sin(0.1))),
            Step(BY_NAME["log"], (2,)),
        ),
    )
    assert verdict(x).outcome == "ill-conditioned"


# --------------------------------------------------------------------------- the exact side
def test_partials_from_differences_are_exact():
    partials = Partials(lambda a, b: a**3 * mp.exp(2 * b), [mpf(2), mpf(0)], [0, 1], 4)
    for places, right in {
        (): 8,
        (0,): 12,
        (1,): 16,
        (0, 1): 24,
        (0, 0, 1): 24,
        (0, 0, 0, 1): 12,
    }.items():
        assert abs(partials[places] - right) < mpf(10) ** -30
    assert abs(partials[1, 1, 1, 1] - 128) < mpf(10) ** -30
    assert partials[0, 0, 0, 0] == 0


def test_there_are_no_partials_where_nothing_is_defined():
    with pytest.raises(Undefined):
        Partials(mp.log, [mpf(0)], [0], 1)
    with pytest.raises(Edge):
        Partials(mp.sqrt, [mpf(0)], [0], 1)


def test_the_benchmarks_run_it(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("benchmarks.fuzz.command.FEW", 20)
    assert command.main(["--only", "fuzz", "--quick", "--out", str(tmp_path)]) == 0
    assert "## Random programs" in capsys.readouterr().out
    assert (tmp_path / "FUZZ.json").is_file()


def test_a_run_is_recorded_at_the_end_of_the_page_of_results(tmp_path):
    page = tmp_path / "RESULTS.md"
    page.write_text("# Results\n\nnumbers\n")
    for count in (1000, 2000):
        data = {"programs": count, "operations": 9, "outcomes": {"agrees": count}}
        record({**data, "modes": {"reverse": count}, "failures": []}, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Results\n\nnumbers\n\n## Random programs\n")
    assert text.count("## Random programs") == 1
    assert "2,000 random programs" in text


def test_a_run_with_programs_that_fail_ends_with_status_1(capsys, monkeypatch):
    data = {"programs": 1, "operations": 1, "outcomes": {"fails": 1}, "modes": {}}
    data["failures"] = [{"number": 3, "text": "x0 = 1.0"}]
    monkeypatch.setattr("benchmarks.fuzz.command.run", lambda *_: data)
    assert command.main(["--only", "fuzz", "--quick"]) == 1
    assert "program 3 fails:\nx0 = 1.0" in capsys.readouterr().out
    assert "| **fails** | 1 | |" in section(data)


@pytest.mark.parametrize(
    ("name", "start", "operands", "outcome"),
    [
        ("cross_entropy3", 100.0, (1.5, 0, 0.5), "agrees"),
        ("cross_entropy3", 458.0, (1.5, 0, 0.5), "numbers at the edge"),
        ("cross_entropy3", 37.0, (2.440384986301485, 0, 2.440384986301485), "agrees"),
        ("lgamma", -2.5, (0,), "agrees"),
        ("lgamma", -2.771, (0,), "agrees"),
        ("log_beta", 3.0, (0.5, 0), "agrees"),
    ],
)
def test_what_cancels_is_judged_with_the_digits_and_units_that_it_needs(
    name, start, operands, outcome
):
    program = Program((start,), (Step(BY_NAME[name], operands),))
    assert verdict(program).outcome == outcome


@pytest.mark.parametrize(
    ("name", "operands"),
    [
        ("bessel_j(0)", (0,)),
        ("bessel_k(3)", (0,)),
        ("gammainc", (1.25, 0)),
        ("gammaincc", (0, 2.5)),
        ("betainc", (1.5, 2.5, 0)),
    ],
)
def test_functions_of_a_family_are_drawn_and_a_wrong_one_is_complained_of(name, operands):
    right = BY_NAME[name]
    wrong = replace(right, apply=lambda *x: right.apply(*x) * (1.0 + 1e-13))
    truth = jets.judged(Program((0.7,), (Step(right, operands),)))
    for operation, is_right in ((right, True), (wrong, False)):
        answers = all_modes(Program((0.7,), (Step(operation, operands),)), ())
        assert (not list(complaints(truth, answers))) is is_right


def test_the_page_has_the_latest_run():
    page = (PAGES / "RESULTS.md").read_text(encoding="utf-8")
    assert with_section(page, PAGES) == page

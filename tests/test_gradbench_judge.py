"""The judge connects evals with tools, reads timings and verdicts, and writes a page."""

import io
import json
import sys
from pathlib import Path

import pytest

from benchmarks.gradbench import judge, programs
from benchmarks.gradbench.page import duration, page, rows, verdicts
from benchmarks.gradbench.session import Command, run

ROOT = Path(__file__).parents[1]
OURS = [sys.executable, "-m", "benchmarks.gradbench"]
EVAL = """
import json, sys

def send(id, **message):
    print(json.dumps({"id": id, **message}), flush=True)
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    return json.loads(line)

send(0, kind="start", eval="hello")
if send(1, kind="define", module=sys.argv[1])["success"]:
    for k, (function, expected) in enumerate([("square", 9.0), ("double", 6.0)]):
        answer = send(2 + 2 * k, kind="evaluate", module="hello", function=function, input=3.0)
        if answer["success"]:
            right = answer["output"] == expected
            send(3 + 2 * k, kind="analysis", of=2 + 2 * k, valid=right, error="" if right else "no")
"""
TOOL = """
import json, sys, time

for line in sys.stdin:
    message = json.loads(line)
    response = {"id": message["id"], "success": True}
    if message["kind"] == "evaluate":
        if sys.argv[1] == "dies":
            sys.exit("it had enough")
        if sys.argv[1] == "sleeps":
            time.sleep(60.0)
        if sys.argv[1] == "fails":
            response = {"id": message["id"], "success": False, "error": "a line\\nthe last line"}
        else:
            timings = [{"name": "prepare", "nanoseconds": 1}]
            timings += [{"name": "evaluate", "nanoseconds": n * 10**6} for n in (9, 4, 3, 2)]
            response |= {"output": 9.0, "timings": timings}
    print(json.dumps(response), flush=True)
"""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "eval.py").write_text(EVAL)
    (folder / "tool.py").write_text(TOOL)
    return folder


def session(scripts, tool, module="hello", limit=30.0):
    command = Command([sys.executable, str(scripts / "eval.py"), module], scripts)
    words = OURS if tool == "ours" else [sys.executable, str(scripts / "tool.py"), tool]
    return run(command, Command(words, ROOT, {"PYTHONPATH": str(ROOT)}), limit)


def test_our_adapter_is_judged(scripts):
    measured = session(scripts, "ours")
    assert not measured.failure
    assert [e.function for e in measured.evaluations] == ["square", "double"]
    assert all(e.valid and len(e.seconds) == 1 and e.seconds[0] > 0 for e in measured.evaluations)


def test_timings_and_verdicts_are_read(scripts):
    square, double = judge.measured(session(scripts, "answers"))
    assert square == {
        "function": "square",
        "first": pytest.approx(0.009),
        "steady": pytest.approx(0.0025),
        "runs": 4,
        "valid": True,
        "error": "",
    }
    assert (double["valid"], double["error"]) == (False, "no")


@pytest.mark.parametrize(
    ("tool", "limit", "failure"),
    [
        ("dies", 30.0, "the tool ended with status 1: it had enough"),
        ("sleeps", 1.0, "took more than 1 s"),
    ],
)
def test_a_tool_that_fails_ends_the_session(scripts, tool, limit, failure):
    assert session(scripts, tool, limit=limit).failure == failure


def test_what_a_tool_cannot_do_is_no_end(scripts):
    measured = session(scripts, "fails")
    assert not measured.failure
    assert [row["error"] for row in judge.measured(measured)] == ["the last line"] * 2
    assert session(scripts, "ours", "nonsense").failure == "has no such eval"


def test_compiled_programs_are_a_tool(tmp_path, monkeypatch, capsys):
    program = tmp_path / "hello"
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\nx = json.load(open(sys.argv[1]))\n"
        "sys.argv[2] == 'square' or sys.exit('unknown')\n"
        'print(x * x)\nprint(\'{"name": "evaluate", "nanoseconds": 5}\')\n'
    )
    program.chmod(0o755)
    messages = [
        {"id": 0, "kind": "start"},
        {"id": 1, "kind": "define", "module": "hello"},
        {"id": 2, "kind": "define", "module": "nonsense"},
        {"id": 3, "kind": "evaluate", "module": "hello", "function": "square", "input": 3.0},
        {"id": 4, "kind": "evaluate", "module": "hello", "function": "cube", "input": 3.0},
    ]
    monkeypatch.setattr(sys, "argv", ["programs", str(tmp_path)])
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(map(json.dumps, messages))))
    programs.main()
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer.get("success") for answer in answers] == [None, True, False, True, False]
    assert answers[3]["output"] == 9.0
    assert answers[4]["error"] == "unknown"


def entry(tool, number, first, steady, failure="", valid=True):
    times = {"first": first, "steady": steady, "runs": 5, "valid": valid, "error": ""}
    rows = [] if first is None else [{"function": "primal", **times}]
    names = {"round": number, "eval": "lse", "size": "small", "tool": tool}
    return {**names, "rows": rows, "failure": failure}


def test_ratios_are_those_within_a_round():
    sessions = [
        *(entry("autograd_bp", k, 0.010, seconds) for k, seconds in enumerate((1e-5, 2e-5, 4e-5))),
        *(entry("JAX", k, 0.100, seconds) for k, seconds in enumerate((2e-5, 4e-5, 2e-5))),
        entry("PyTorch", 0, None, None, "took more than 60 s"),
        entry("C++", 0, 0.001, 5e-6, valid=False),
    ]
    (row,) = rows(sessions)
    assert row.seconds == {"first": 0.010, "steady": 2e-5}
    assert row.ratios["steady", "JAX"] == pytest.approx(2.0)
    assert row.ratios["first", "JAX"] == pytest.approx(10.0)
    assert row.ratios["first", "PyTorch"] == "too long"
    assert row.ratios["steady", "C++"] == pytest.approx(0.5)
    assert verdicts(sessions) == (3, 3, "; invalid ones came from C++")
    machine = dict.fromkeys(["CPU", "Python", "jax", "torch", "C compiler"], "some")
    data = {"machine": machine, "sessions": sessions, "sizes": judge.SIZES, "rounds": 3}
    text = page({**data, "seconds": 1.0, "limit": 60.0, "load": "nothing else ran"})
    assert "| lse | primal | 10 ms | 20 µs | 10 | 2.00 | too long | too long |" in text
    assert "compiled in this call. (lse primal small, first, C++ 0.10)" in text
    assert "is a part. (lse primal small, then, C++ 0.50)" in text
    assert "- ahead of JAX, first: 1 of 1" in text
    assert "within 2x of the hand-written C++, then: 1 of 1" in text


def test_durations():
    assert [duration(x) for x in (2.5, 0.0125, 3.14159e-6, 4e-9)] == [
        "2.5 s",
        "12.5 ms",
        "3.14 µs",
        "4 ns",
    ]


def test_there_are_sizes_for_every_eval():
    from benchmarks.gradbench.protocol import EVALS

    assert sorted(judge.SIZES) == EVALS


def test_bad_options_end_with_2(tmp_path, capsys):
    (tmp_path / "python/gradbench/gradbench/evals").mkdir(parents=True)
    for arguments, words in (
        (["--checkout", str(tmp_path / "nowhere")], "--checkout is a checkout of GradBench"),
        (["--checkout", str(tmp_path)], "GradBench's Makefiles in cpp"),
        (["--checkout", str(tmp_path), "--rounds", "0"], "invalid positive value: '0'"),
        (["--checkout", str(tmp_path), "--tool", "abacus"], "invalid choice: 'abacus'"),
    ):
        with pytest.raises(SystemExit) as ended:
            judge.main(arguments)
        assert ended.value.code == 2
        assert words in capsys.readouterr().err

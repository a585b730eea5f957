"""The benchmarks work: outputs are well-formed, mistakes are caught. Never how long they take."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import (  # noqa: E402
    checkpoints,
    command,
    compat_targets,
    compiler_targets,
    files,
    networks,
    phases,
    ready_targets,
    reasons,
    report,
    results,
    targets,
    trees,
)
from benchmarks.agreement import DisagreementError, first_difference  # noqa: E402
from benchmarks.model import Contestant, Job, find  # noqa: E402
from benchmarks.pages import PAGES  # noqa: E402
from benchmarks.rounds import QUICK, Case, Entry, Table, measure  # noqa: E402
from benchmarks.summary import ratios, schedule, spread  # noqa: E402
from benchmarks.workloads import MODULES, batches  # noqa: E402

WORKLOAD_FILE = """
import os, sys
from benchmarks.model import Contestant, Job, Workload

def honest(size):
    return Job(lambda: 1 + 1, lambda: {"y": 2.0, "dy/dx": 3.0})

def wrong(size):
    return Job(lambda: 1 + 1, lambda: {"y": 2.0, "dy/dx": 3.001})

def crash():
    print("last words", file=sys.stderr, flush=True)
    os._exit(3)

def crashing(size):
    return Job(crash, crash)

def recursive(size):
    def deeper():
        return deeper()
    return Job(deeper, deeper)

def chatty(size):
    print("a library that prints")
    return honest(size)

def value_alone(size):
    return Job(lambda: 1 + 1, lambda: {"y": 2.0})

WORKLOAD = Workload(
    name="planted", title="Planted", about="For a test.", sizes=(1,), quick=(1,), unit="sum",
    contestants=[%s],
)
"""


@pytest.fixture(autouse=True)
def _own_list_of_names(monkeypatch):
    """--names sets this variable for the workers; here it goes back after each test."""
    monkeypatch.setenv("BENCHMARKS_NAMES", "")


@pytest.fixture
def planted(tmp_path, monkeypatch):
    """A function that measures a workload of planted contestants."""
    monkeypatch.syspath_prepend(str(tmp_path))
    paths = [str(tmp_path), str(ROOT)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))

    def run(*contestants):
        name = f"planted_{abs(hash(contestants))}"
        listed = ", ".join(f"Contestant({each})" for each in contestants)
        (tmp_path / f"{name}.py").write_text(WORKLOAD_FILE % listed)
        table = measure(name, QUICK, lambda text: None)
        return {entry.contestant.name: entry for entry in table.cases[0].entries}

    return run


def benchmarks(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


# ------------------------------------------------------------------------ the command itself
def test_a_quick_run_writes_tables_and_data(tmp_path):
    done = benchmarks("--quick", "--only", "products", "--out", str(tmp_path / "new" / "folder"))
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "new" / "folder"
    data = json.loads((folder / "RESULTS.json").read_text())
    assert data["format"] == results.FORMAT
    assert data["quick"] is True
    assert data["machine"]["threads"].startswith("1 ")
    assert {"CPU", "cores", "Python", "collector", "micrograd", "torch"} <= set(data["machine"])
    lines = data["workloads"][0]["cases"][0]["contestants"]
    interpreted = next(line for line in lines if line["name"] == "autograd_bp interpreted")
    assert interpreted["ns"]["low"] <= interpreted["ns"]["median"] <= interpreted["ns"]["high"]
    assert interpreted["ns"]["median"] > 0.0
    page = (folder / "RESULTS.md").read_text()
    assert "python -m benchmarks --only products" in page
    assert "A quick run" in page
    assert "| autograd_bp interpreted | on |" in page
    for picture in (folder / "plots").glob("*.png"):
        assert picture.read_bytes().startswith(b"\x89PNG")
    assert not list(folder.glob(".*")), "a temporary file was left behind"


def test_a_partial_run_without_a_folder_only_prints():
    before = results_files()
    done = benchmarks("--quick", "--only", "neurons")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# Results")
    assert results_files() == before


def results_files():
    return {path: path.stat().st_mtime_ns for path in (ROOT / "benchmarks").glob("RESULTS*")}


def test_the_list_names_workloads_and_contestants():
    done = benchmarks("--list")
    assert done.returncode == 0
    for name in ("expressions", "moons", "chains", "products", "gpt", "digits"):
        assert f"\n{name}: " in "\n" + done.stdout
    assert "micrograd, collector off" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--only", "nothing"], "there is no workload 'nothing'"),
        (["--rounds", "0"], "--rounds is 1 or more"),
        (["--rounds", "many"], "invalid int value"),
        (["--budget", "0"], "--budget is a number of seconds above 0, got 0"),
        (["--budget", "nan"], "--budget is a number of seconds above 0, got nan"),
        (["--fast"], "unrecognized arguments: --fast"),
        (["--out", str(Path(__file__))], "is no folder"),
        (["--names", "no-such-file.txt"], "--names no-such-file.txt cannot be read"),
        (["--names", str(ROOT / "LICENSE.missing")], "cannot be read"),
    ],
)
def test_bad_options_end_with_one_line_and_status_2(arguments, told, capsys):
    try:
        status = command.main([*arguments, "--quick"])
    except SystemExit as stop:
        status = stop.code
    out, err = capsys.readouterr()
    assert status == 2
    assert told in err
    assert err.count("\n") == 1
    assert out == ""


@pytest.mark.parametrize("name", MODULES)
def test_every_contestant_of_a_workload_has_a_name_of_its_own(name):
    workload = find(MODULES[name])
    keys = [each.key for each in workload.contestants]
    assert workload.name == name
    assert len(set(keys)) == len(keys) > 1
    assert workload.sizes
    assert workload.quick


def test_a_list_of_names_without_a_fitting_one_is_refused(tmp_path, capsys):
    path = tmp_path / "names.txt"
    path.write_text("al\nmaximilian\n")
    assert command.main(["--names", str(path)]) == 2
    assert "has no name of 6 letters" in capsys.readouterr().err


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "RESULTS.md"
    files.write(path, "old")
    monkeypatch.setattr(files.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        files.write(path, "new")
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["RESULTS.md"]


# --------------------------------------------------------------------- contestants and rules
def test_a_planted_wrong_gradient_stops_everything(planted):
    told = r"wrong: dy/dx is 3\.001 instead of 3\.0, as honest has it \(relative tolerance 1e-09\)"
    with pytest.raises(DisagreementError, match=told):
        planted("'honest', honest", "'wrong', wrong")


def test_a_disagreement_is_reported_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    def disagree(*_):
        raise DisagreementError("chains, operations 10, peer: y is 1.0 instead of 2.0")

    monkeypatch.setattr(command, "measure", disagree)
    assert command.main(["--quick", "--only", "chains", "--out", str(tmp_path)]) == 1
    assert "peer: y is 1.0 instead of 2.0" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_peer_that_is_not_installed_is_skipped_by_name(planted):
    entries = planted("'honest', honest", "'peer', honest, packages=('no-such-package',)")
    assert entries["honest"].status == "measured"
    assert entries["peer"].status == "skipped"
    assert entries["peer"].reason == "no-such-package is not installed"


def test_a_peer_that_crashes_is_reported_and_the_others_go_on(planted):
    entries = planted("'crash', crashing", "'deep', recursive", "'honest', honest")
    assert entries["crash"].status == "failed"
    assert entries["crash"].reason == "the process ended with status 3: last words"
    assert entries["deep"].status == "failed"
    assert entries["deep"].reason.startswith("RecursionError: maximum recursion depth")
    assert len(entries["honest"].times) >= 1


def test_a_size_beyond_a_contestants_limit_is_left_out_with_the_reason(planted):
    limited = "'slow', honest, at_most=0, why_at_most='would take a week'"
    entries = planted("'honest', honest", limited)
    assert (entries["slow"].status, entries["slow"].reason) == ("left out", "would take a week")


def test_what_a_library_prints_does_not_disturb_the_worker(planted):
    assert planted("'chatty', chatty")["chatty"].status == "measured"


def test_a_contestant_without_gradients_is_compared_by_its_value(planted):
    entries = planted("'value', value_alone, only=('y',)", "'honest', honest")
    assert entries["value"].status == "measured"


def test_differences_are_relative_and_name_the_number():
    expected = {"a": 1.0, "b": 1e-12, "c": 1e6}
    assert first_difference({"a": 1.0 + 1e-12, "b": 2e-12, "c": 1e6}, expected, 1e-9) == ""
    assert first_difference({"a": 1.0, "c": 1e6}, expected, 1e-9) == "b is missing"
    assert "a is nan" in first_difference({**expected, "a": float("nan")}, expected, 1e-9)
    assert "z is not among" in first_difference({**expected, "z": 0.0}, expected, 1e-9)
    assert first_difference({}, {}, 1e-9) == "there is nothing to compare"


# ----------------------------------------------------------------------- rounds and arithmetic
def test_every_round_has_each_contestant_once_and_turns_the_order():
    assert schedule([3, 3, 3]) == [[0, 1, 2], [1, 2, 0], [2, 0, 1]]


def test_a_contestant_of_fewer_rounds_takes_part_in_the_first():
    assert schedule([2, 1, 3]) == [[0, 1, 2], [2, 0], [2]]
    assert schedule([]) == []


def test_medians_and_quartiles():
    assert spread([5.0, 1.0, 2.0, 4.0, 3.0]) == (3.0, 2.0, 4.0, 5)
    assert spread([1.0, 2.0, 3.0, 4.0]) == (2.5, 1.75, 3.25, 4)
    assert spread([7.0, 1.0, 3.0]) == (3.0, 1.0, 7.0, 3)
    with pytest.raises(ValueError, match="nothing"):
        spread([])


def test_ratios_are_taken_round_by_round():
    # The machine slows down threefold in round 1: times jump, ratios do not.
    slow, fast = {0: 10.0, 1: 30.0, 2: 10.0}, {0: 5.0, 1: 15.0, 2: 5.0, 3: 5.0}
    assert ratios(slow, fast) == [2.0, 2.0, 2.0]
    assert ratios({3: 1.0}, {0: 1.0}) == []


def entry(name, collector, *nanoseconds, phase="all"):
    contestant = Contestant(name, lambda size: Job(int, dict), collector=collector)
    return Entry(contestant, times={i: {phase: ns} for i, ns in enumerate(nanoseconds)})


def test_a_ratio_has_the_same_collector_setting_on_both_sides():
    case = Case(
        1,
        [
            entry("ours", "on", 2.0),
            entry("ours", "off", 1.0),
            entry("peer", "on", 8.0),
            entry("peer", "off", 3.0),
        ],
    )
    found = [results.contestant(case, each)["ratio"]["median"] for each in case.entries]
    assert found == [1.0, 1.0, 4.0, 3.0]


def test_there_is_no_ratio_at_a_size_without_the_reference():
    slow, peer = entry("ours", "on"), entry("peer", "on", 8.0)
    slow.stop("left out", "would take too long")
    assert "ratio" not in results.contestant(Case(1, [slow, peer]), peer)


def test_who_is_skipped_is_no_reference():
    absent, ours, peer = entry("built", "on"), entry("ours", "on", 2.0), entry("peer", "on", 8.0)
    absent.stop("skipped", "is not installed")
    ratio = results.contestant(Case(1, [absent, ours, peer]), peer)["ratio"]
    assert (ratio["to"], ratio["median"]) == ("ours", 4.0)


def data_of(name, size, entries, bytes_per_node=None):
    case = Case(size, entries)
    for each in entries:
        each.bytes = bytes_per_node
    lines = [results.contestant(case, each) for each in entries]
    return {"name": name, "cases": [{"size": size, "contestants": lines}]}


def chain_entry(name, record, sweep):
    contestant = Contestant(name, lambda size: Job(int, dict))
    return Entry(contestant, times={0: {"record": record, "sweep": sweep, "free": 1.0}})


def chains_of(*sizes):
    all_sizes = [
        data_of("chains", n, [chain_entry("autograd_bp", 30.0, 29.0)], 80.5) for n in sizes
    ]
    return {"name": "chains", "cases": [case for each in all_sizes for case in each["cases"]]}


def verdict(data, words):
    return next(v for v in targets.verdicts(data) if words in v.target)


def test_targets_are_met_or_not_by_the_numbers():
    chains = chains_of(10**3, 10**4, 10**5, 10**6, 10**7)
    demo = data_of(
        "moons",
        16,
        [
            entry("autograd_bp", "on", 1.0),
            entry("micrograd", "on", 61.0),
            entry("autograd_bp", "off", 1.0),
            entry("micrograd", "off", 14.0),
        ],
    )
    data = {"workloads": [chains, demo]}
    assert verdict(data, "60 ns").met is True
    assert verdict(data, "80 bytes").met is False
    assert verdict(data, "60x as fast as micrograd").met is True
    assert verdict(data, "15x as fast as micrograd").met is False
    assert verdict(data, "20x as fast as microgpt").met is None
    assert verdict(data, "within 1.5x").met is None


def test_a_target_for_all_sizes_is_not_claimed_for_some():
    data = {"workloads": [chains_of(10**3, 10**4)]}
    assert verdict(data, "60 ns").met is None
    assert verdict(data, "flat from").met is None


def test_targets_are_not_claimed_for_the_interpreted_core():
    data = {"workloads": [data_of("chains", 1000, [chain_entry("autograd_bp interpreted", 1, 1)])]}
    assert all(v.met is None for v in targets.verdicts(data))


def test_targets_of_scripts_for_other_engines():
    entries = [
        entry(name, collector, time)
        for collector, own, theirs in (("on", 0.85, 19.0), ("off", 0.75, 13.0))
        for name, time in (
            ("compat.micrograd", 1.0),
            ("autograd_bp", own),
            ("microgpt-style Value", theirs),
        )
    ]
    data = {"workloads": [data_of("compat", "demo network", entries)]}
    data["workloads"][0]["cases"] += data_of("compat", "GPT", entries)["cases"]
    met = {v.target: v.met for v in compat_targets.verdicts(data)}
    assert [*met.values()] == [None, None, True, False, False, True]
    assert "GPT: at least 20x as fast as microgpt-style Value (collector on for both)" in met


# ------------------------------------------------------------------------- compiled programs
def compiled_verdict(data, words):
    return next(v for v in compiler_targets.verdicts(data) if words in v.target)


def batch_of(*entries):
    cases = [case for n in range(6) for case in data_of("relu-100", f"2-{n}-1", entries)["cases"]]
    return {"workloads": [{"name": "relu-100", "cases": cases}]}


def test_one_framework_that_is_faster_misses_the_target_and_is_named():
    ours, c = entry("autograd_bp llvm, bound", "on", 2.0), entry("C, by hand", "on", 1.0)
    slow, fast = entry("torch, eager", "on", 8.0), entry("jax, jit", "on", 1.0)
    data = batch_of(ours, slow, c)
    assert compiled_verdict(data, "relu-100: faster").met is True
    assert compiled_verdict(data, "relu-100: at most 1.5x").met is False
    found = compiled_verdict(batch_of(ours, slow, fast, c), "relu-100: faster")
    assert found.met is False
    assert found.found.startswith("jax, jit at 2-0-1: 0.5x")


def test_targets_of_compiled_programs_are_not_claimed_without_all_sizes():
    data = batch_of(entry("autograd_bp llvm, bound", "on", 1.0), entry("jax, jit", "on", 2.0))
    del data["workloads"][0]["cases"][3:]
    assert compiled_verdict(data, "relu-100: faster").met is None
    assert all(v.met is None for v in compiler_targets.verdicts({"workloads": []}))


def test_an_operation_of_a_large_program_may_not_cost_more_than_twice_as_much():
    def compiled(last):
        lines = {1000: 1e6, 10_000: 1e7, 100_000: 1e8, 1_000_000: last}
        tables = [
            data_of("compile-networks", n, [entry("autograd_bp llvm", "on", ns)])
            for n, ns in lines.items()
        ]
        cases = [case for table in tables for case in table["cases"]]
        return {"workloads": [{"name": "compile-networks", "cases": cases}]}

    assert compiled_verdict(compiled(1.9e9), "compile-networks: time linear").met is True
    assert compiled_verdict(compiled(2.1e9), "compile-networks: time linear").met is False
    assert compiled_verdict(compiled(1e9), "compile-networks: at most 100 ms").met is True


def test_a_first_gradient_may_take_so_many_eager_ones_and_three_milliseconds():
    def found(size, first):
        lines = [
            entry("autograd_bp eager", "on", 1e5),
            entry("autograd_bp compiled, tape", "on", first),
        ]
        name = "ready" if size[0] in "nR" else "unrolled"
        data = {"workloads": [data_of(name, size, lines)]}
        (verdict,) = ready_targets.verdicts(data)
        return verdict.met

    assert found("network 1,000", 3.9e6) is True
    assert found("network 1,000", 4.1e6) is False
    assert found("RK4 100", 5.9e6) is True
    assert found("RK4 100", 6.1e6) is False
    assert found("horner 1,000", 5.9e6) is True
    assert found("horner 1,000", 6.1e6) is False


def test_phases_add_up_to_the_time_and_leave_the_compiler_as_it_was():
    import autograd_bp as bp
    from autograd_bp.compiling.loops import rolling

    before = rolling.roll
    with phases.measured() as measured:
        assert rolling.roll is not before
        bp.compiled(lambda w: w[0] * w[1], backend="numpy").value_and_grad([1.0, 2.0])
    assert rolling.roll is before
    assert all(ns > 0 for ns in measured.ns.values()), measured.ns


def run_of(*names, **settings):
    workloads = [{"name": name, "cases": [], "from": settings.get("command")} for name in names]
    return {
        "format": 1,
        "command": "c",
        "machine": {"CPU": "x"},
        "quick": False,
        "rounds": 5,
        **settings,
        "workloads": workloads,
    }


def test_runs_are_joined_and_the_later_one_counts():
    data = results.join([run_of("calls", "relu-100", command="a"), run_of("calls", command="b")])
    assert [(each["name"], each["from"]) for each in data["workloads"]] == [
        ("calls", "b"),
        ("relu-100", "a"),
    ]
    assert data["command"] == "a; b"


def test_runs_on_different_machines_are_not_joined():
    with pytest.raises(ValueError, match="differ in machine"):
        results.join([run_of("calls"), run_of("relu-100", machine={"CPU": "y"})])


def test_a_file_without_results_is_not_joined(tmp_path, capsys):
    path = tmp_path / "COMPILER.json"
    path.write_text("[1]")
    assert command.main(["--join", str(path)]) == 2
    assert "holds no results" in capsys.readouterr().err


def test_joined_runs_become_a_page_without_measuring(tmp_path):
    calls = data_of("calls", "tiny", [entry("autograd_bp compiled, bound", "on", 1.0)])
    calls |= {"title": "Calls", "about": "", "unit": "call", "size_name": "expression"}
    path = tmp_path / "one.json"
    path.write_text(json.dumps({**run_of(), "workloads": [calls]}))
    assert command.main(["--join", str(path), "--out", str(tmp_path)]) == 0
    page = (tmp_path / "COMPILER.md").read_text()
    assert page.startswith("# Compiled programs")
    assert "| autograd_bp compiled, bound | on |" in page
    assert not (tmp_path / "RESULTS.md").exists()


def test_each_workload_stands_on_one_page():
    named = [name for page in PAGES for name in (*page.workloads, *page.details)]
    assert sorted(named) == sorted(MODULES)


def test_the_memory_of_a_run_is_the_most_that_it_held():
    # In a process of its own: what other tests have freed may come and go meanwhile.
    program = (
        "from benchmarks.model import Contestant, Job; from benchmarks.worker import Worker\n"
        "job = Job(lambda: bytearray(2**26) and None, dict)\n"
        "work = Worker(Contestant('hungry', lambda size: job)); work.setup(1)\n"
        "print(work.peak()['bytes'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    if done.stdout == "None\n":
        pytest.skip("the system does not say what a process holds")
    assert 0.9 * 2**26 < int(done.stdout) < 1.5 * 2**26


def test_what_a_contestant_cannot_do_is_left_out_with_the_reason(planted):
    cannot = "'slow', honest, cannot=lambda size: 'compiles for a week'"
    entries = planted("'honest', honest", cannot)
    assert (entries["slow"].status, entries["slow"].reason) == ("left out", "compiles for a week")


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="needs NumPy")
@pytest.mark.parametrize("kind", ["relu", "sigmoid"])
def test_scalar_code_arrays_and_derivatives_by_hand_are_the_same_network(kind):
    import autograd_bp as bp

    sizes = networks.sizes_of("2-3-2")
    w, (X, D) = networks.start(sizes), networks.data(sizes, 5)
    parameters = list(map(bp.Value, w))
    loss = networks.scalar_loss(sizes, kind, bp.dot, bp.relu, bp.sigmoid)
    total = bp.sum([loss(parameters, x.tolist(), d.tolist()) for x, d in zip(X, D, strict=True)])
    total.backward()
    numpy = batches.numpy(kind, 5, "2-3-2").answer()
    told = networks.named(total.data, [p.grad for p in parameters])
    assert first_difference(numpy, told, 1e-12) == ""


def test_numbers_are_printed_with_three_digits():
    shown = [report.digits(x) for x in (1234.5, 123.4, 12.34, 1.234, 0.1234, 0.0000612)]
    assert shown == ["1,234", "123", "12.3", "1.23", "0.123", "6e-05"]
    assert report.table(["a|b"], [["c"]]) == "| a\\|b |\n| --- |\n| c |"


def test_the_interval_of_paired_ratios_leaves_out_what_a_sign_test_allows():
    assert trees.interval([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]) == (1.0, 7.0)
    assert trees.interval([float(k) for k in range(1, 10)]) == (2.0, 8.0)
    assert trees.interval([1.0]) == (1.0, 1.0)


def test_two_trees_are_compared():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.trees", ".", ".", *["--pairs", "1", "--only", "chain"]],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("chain") == 2
    assert "us ->" in done.stdout


def test_what_is_no_checkout_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.trees", "."], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "two checkouts" in done.stderr


# ------------------------------------------------------------------- the page of compiled programs
def problems_of(*entries, name="compiled-steady", size="chain 1,000"):
    workload = data_of(name, size, entries)
    about = {"title": "T", "about": "A.", "unit": "call", "size_name": "problem"}
    return {"workloads": [{**workload, **about, "transposed": True}], "quick": False}


def test_a_peer_that_is_ahead_has_its_reason_on_the_page_or_the_page_says_there_is_none():
    ours, tape = entry("autograd_bp llvm", "on", 2.0), entry("autograd_bp tape", "on", 1.5)
    known = problems_of(ours, tape, entry("C, by hand", "on", 1.0))
    text = reasons.section(known)
    assert "| compiled-steady | chain 1,000 | C, by hand | 1.5x |" in text
    assert reasons.NO_REASON not in text
    assert compiler_targets.verdicts(known)[0].met is True
    unknown = problems_of(ours, tape, entry("faster", "on", 1.0))
    assert reasons.NO_REASON in reasons.section(unknown)
    (verdict,) = compiler_targets.verdicts(unknown)
    assert verdict.met is False
    assert "compiled-steady, chain 1,000: faster is 1.5x ahead" in verdict.found


def test_a_peer_within_a_tenth_or_beside_a_faster_row_of_ours_needs_no_reason():
    ours, tape = entry("autograd_bp llvm", "on", 2.0), entry("autograd_bp tape", "on", 1.0)
    data = problems_of(ours, tape, entry("near", "on", 0.95), entry("slow", "on", 1.5))
    assert reasons.ahead(data) == []
    assert "Nowhere by more than 1.1x" in reasons.section(data)


def test_every_reason_is_about_a_table_and_a_contestant_that_exist():
    for table, size, name, sentence in reasons.REASONS:
        workload = find(MODULES[table])
        assert any(reasons.fnmatchcase(each, size) for each in workload.sizes), size
        assert name in [each.name for each in workload.contestants]
        assert sentence.endswith(".")


def test_a_table_of_problems_has_a_line_for_each():
    data = problems_of(entry("autograd_bp llvm", "on", 2.0), entry("jax, jit", "on", 3000.0))
    text = report.markdown({**data, "command": "c", "rounds": 3, "machine": {}}, [])
    assert "| problem | autograd_bp llvm | jax, jit |" in text
    assert "| chain 1,000 | 2 ns (1x) | 3 µs (1,500x) |" in text


def test_a_contestant_that_fails_in_a_quick_run_fails_the_run(monkeypatch, tmp_path, capsys):
    def failed(module, plan, say):
        ours, peer, deep = entry("ours", "on", 1.0), entry("peer", "on"), entry("deep", "on")
        peer.stop("failed", "ValueError: nothing")
        deep.stop("failed", "RecursionError: maximum recursion depth exceeded")
        return Table(module, find(MODULES["calls"]), [Case("tiny", [ours, peer, deep])])

    monkeypatch.setattr(command, "measure", failed)
    arguments = ["--only", "calls", "--out", str(tmp_path)]
    assert command.main(["--quick", *arguments]) == 1
    told = capsys.readouterr().err
    assert "calls, tiny: peer failed: ValueError: nothing" in told
    assert "deep" not in told
    assert command.main(arguments) == 0


def test_a_repetition_that_takes_the_whole_budget_is_measured_once(planted):
    sleep = "__import__('time').sleep(0.2)"
    slow = f"'slow', lambda size: Job(lambda: {sleep}, honest(size).answer)"
    entries = planted("'honest', honest", slow)
    assert [*entries["slow"].times] == [0]
    assert entries["slow"].times[0]["all"] > 1.9e8


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="needs NumPy")
@pytest.mark.parametrize("size", ["n-body 4", "softmax 7", "k-means 60"])
def test_derivatives_by_hand_are_those_of_the_scalar_code(size, monkeypatch):
    from benchmarks.problems import runners

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    ours, by_hand = runners.ours("numpy", size).answer(), runners.numpy(size).answer()
    assert first_difference(by_hand, ours, 1e-12) == ""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_checkpoints_are_measured(monkeypatch):
    monkeypatch.setattr(checkpoints, "STATES", 2)
    line = checkpoints.measure(40, True).split("|")
    assert [cell.strip() for cell in line[1:3]] == ["40", "yes"]
    assert all(float(cell.replace(",", "")) >= 0 for cell in line[3:6])

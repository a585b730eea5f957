"""Students' files are graded, each for itself."""

import csv
import io
import json
import os
import re
import sys

import pytest

pytest.importorskip("resource")  # the limits of POSIX

from gradingzoo import REFERENCE, RIGHT, ZOO, begins, replaced

from autograd_bp.checking import grading
from autograd_bp.checking.grading.messages import Messages
from autograd_bp.command import main
from autograd_bp.command.line import HELP
from autograd_bp.errors import GradingError, OutputError, SettingError
from autograd_bp.nn import Network

SMALL = "tasks = [__import__('autograd_bp.checking.grading').checking.grading."


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    """The results of all files, by name."""
    folder = tmp_path_factory.mktemp("zoo")
    reference = folder / "reference.py"
    reference.write_text(REFERENCE)
    (folder / "solutions").mkdir()
    for name, (code, _, _) in ZOO.items():
        path = folder / "solutions" / f"{name}.py"
        path.write_text(code.replace("REFERENCE", str(reference)))
    grades = grading.grade([folder / "solutions"], reference)
    return {result.name: result for result in grades.results}, grades


@pytest.mark.parametrize("name", ZOO)
def test_what_a_file_does_is_the_result_of_its_student_alone(name, zoo):
    result = zoo[0][name]
    _, points, words = ZOO[name]
    assert words in "; ".join([result.summary, *result.problems])
    if points is not None:
        assert result.points == points, result
    assert 0.0 <= result.points <= result.out_of == 13.0
    assert result.ok == (name == "right")


def test_the_judge_tells_of_the_first_wrong_number_the_formula_and_the_mistake(zoo):
    first = zoo[0]["slope"].first_wrong
    assert (first.mark.term, first.mark.place) == ("γ[2,1]", "example 1")
    assert first.formula.startswith("γ[2,1] = y (1 - y) (d - z) = ")
    assert first.used.startswith("γ[2,1] = (d - z) = ")
    assert first.mark.given != first.mark.right
    decay = zoo[0]["decay"].first_wrong
    assert "0.2·p['w']" in decay.formula
    assert zoo[0]["decay"].explanations == (decay,)
    assert not decay.mistake  # a factor of 5/6 explains one point and not the other


def test_nothing_of_the_grader_is_in_what_a_student_sees(zoo):
    where = zoo[0]["recursion"].where
    assert all(line.startswith(("line ", "… ")) for line in where)
    assert zoo[0]["raises"].where == (
        "line 13, in gamma: raise ValueError('<script>alert(1)</script>')",
    )


HOSTILE = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
path = b"REFERENCE"
done = [libc.open(path, 0), libc.fork(), libc.socket(2, 1, 0), libc.kill(libc.getppid(), 0),
        libc.kill(1, 0), libc.chmod(path, 0), libc.truncate(path, 0), libc.unlink(path),
        libc.open(b"/proc/self/mem", 0), libc.prctl(4, 1, 0, 0, 0) and 0]
print(done, sorted(os.listdir(".")))
"""


def test_what_a_student_prints_shows_no_folder_of_the_library(tmp_path):
    path = tmp_path / "one.py"
    path.write_text("async def abs(x): return x\n")  # Python warns, with a line of the caller
    (result,) = grading.grade(path, grading.Reference((grading.Function(abs, at=[2.0]),))).results
    assert "never awaited" in result.printed
    assert os.path.dirname(grading.__file__) not in result.printed


def test_the_system_closes_files_and_processes_also_to_machine_code(tmp_path):
    reference, file = tmp_path / "reference.py", tmp_path / "a.py"
    reference.write_text(REFERENCE)
    file.write_text(RIGHT + HOSTILE.replace("REFERENCE", str(reference)))
    result = grading.grade([file], reference).results[0]
    if set(result.confined) != {"Landlock", "seccomp"}:
        pytest.skip("this system has no Landlock or no seccomp")
    assert result.printed.split("]")[0] == "[-1, -1, -1, -1, -1, -1, -1, -1, -1, 0"
    assert result.printed.strip().endswith("[]")
    assert result.ok
    assert reference.read_text() == REFERENCE


GUARDED = """
import sys
sys.path.insert(0, sys.argv[1])
from child.guards import guard
import ctypes, os, socket, subprocess
guard([], [], is_confined=False)
for attempt in (
    lambda: open(sys.argv[2]),
    lambda: os.open(sys.argv[2], os.O_RDONLY),
    lambda: os.listdir("/"),
    lambda: ctypes.CDLL(None),
    lambda: ctypes.pythonapi.Py_IsInitialized,
    lambda: subprocess.run(["true"]),
    lambda: os.system("true"),
    lambda: socket.socket(),
    lambda: os.kill(os.getppid(), 0),
    lambda: os.mkdir("x"),
):
    try:
        attempt()
        print("done")
    except PermissionError as error:
        print(error)
"""


def test_python_s_own_guard_refuses_the_same_where_the_system_has_no_means(tmp_path):
    import subprocess

    file, reference = tmp_path / "a.py", tmp_path / "reference.py"
    file.write_text(GUARDED)
    reference.write_text(REFERENCE)
    folder = os.path.dirname(grading.__file__)
    done = subprocess.run(
        [sys.executable, "-sS", str(file), folder, str(reference)],
        capture_output=True, text=True, cwd=tmp_path, check=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert len(lines) == 10
    assert all(line.startswith("a graded solution may not ") for line in lines), lines


def test_root_does_not_grade_where_the_system_confines_nothing(monkeypatch):
    from autograd_bp.checking.grading import sandbox
    from autograd_bp.checking.grading.child import confinement

    monkeypatch.setattr(confinement, "is_available", lambda: False)
    monkeypatch.setattr(sandbox.os, "geteuid", lambda: 0)
    with pytest.raises(GradingError, match="you are root: grade as another user"):
        sandbox.Sandbox([], (), grading.Limits())


def test_a_process_holds_neither_the_library_nor_the_answers(tmp_path):
    reference, file = tmp_path / "reference.py", tmp_path / "a.py"
    reference.write_text(REFERENCE)
    file.write_text(
        "import sys, os\n"
        "print([name for name in sys.modules if 'autograd' in name or 'reference' in name])\n"
        "print(sorted(os.environ))\n" + RIGHT
    )
    printed = grading.grade([file], reference).results[0].printed
    modules, environment = printed.splitlines()
    assert modules == "[]"
    assert "PATH'" not in environment.replace("PYTHONPATH", "")


def test_arguments_that_are_changed_are_remarked_on_and_harm_nobody(tmp_path):
    reference, file = tmp_path / "reference.py", tmp_path / "a.py"
    reference.write_text(REFERENCE)
    file.write_text(
        replaced("    return g\n", "    x[0] = 9.0\n    weights.clear()\n    return g\n")
    )
    result = grading.grade([file], reference).results[0]
    assert result.points == 8.0 or result.ok
    assert any("gamma() changes its arguments (weights, x)" in text for text in result.remarks)


def test_the_same_files_give_the_same_bytes(tmp_path):
    reference = tmp_path / "reference.py"
    reference.write_text(REFERENCE)
    codes = {"a": RIGHT, "b": ZOO["slope"][0], "c": ZOO["raises"][0], "d": ZOO["counts"][0]}
    codes["g"] = ZOO["output"][0]
    codes["e"] = "import os\nprint(os.getcwd(), object())\nimport random\nprint(random.random())\n"
    big = "big = lambda: int.from_bytes(os.urandom(6), 'big')"
    codes["f"] = begins(f"import os\n{big}\nreturn [[big() for _ in n] for n in weights]")
    for name, code in codes.items():
        (tmp_path / f"{name}.py").write_text(code)
    contents = []
    for folder, workers in (("one", 1), ("two", 3)):
        grading.grade([tmp_path], reference, workers=workers).save(tmp_path / folder)
        paths = sorted((tmp_path / folder).rglob("*.*"))
        assert len(paths) == 9
        contents.append([path.read_bytes() for path in paths])
    assert contents[0] == contents[1]


def test_the_table_has_a_line_for_each_student(zoo, tmp_path):
    grades = zoo[1]
    _, *_ = grades.save(tmp_path)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "grades.csv").read_text())))
    assert [row["name"] for row in rows] == sorted(ZOO)
    by_name = {row["name"]: row for row in rows}
    assert by_name["right"]["points"] == by_name["right"]["out of"] == "13"
    slope = by_name["slope"]
    assert (slope["first wrong"], slope["at"]) == ("γ[2,1]", "example 1")
    assert float(slope["given"]) == zoo[0]["slope"].first_wrong.mark.given
    assert slope["points for γ[2]"] == "0"
    assert slope["mistake"] == "missing y (1 - y) (in the output layer)"


def test_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(tmp_path):
    reference, file = tmp_path / "reference.py", tmp_path / "=1+1.py"
    reference.write_text(REFERENCE)
    file.write_text("raise ValueError")
    wide = tmp_path / "＝1.py"
    wide.write_text("import warnings; warnings.warn('own')\nraise ValueError")
    grades = grading.grade([file, wide], reference)
    grades.save(tmp_path / "out")
    lines = (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert [line[:4] for line in lines[1:]] == ["'=1+", "'＝1,"]
    assert (tmp_path / "out" / "students" / "1_1.html").exists()


def test_a_page_runs_nothing_loads_nothing_and_shows_one_student(zoo, tmp_path):
    zoo[1].save(tmp_path)
    for path in tmp_path.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "default-src 'none'" in text
        assert "prefers-color-scheme: dark" in text
        assert not re.search(r"(?:src|href)=\"(?:https?:|//)", text)
    page = (tmp_path / "students" / "slope.html").read_text(encoding="utf-8")
    for words in ("3 <small>of 13 points", "The first wrong number", "γ[2,1] = y (1 - y) (d - z)"):
        assert words in page
    assert "loop_at_import" not in page
    assert "&lt;script&gt;alert(1)" in (tmp_path / "students" / "raises.html").read_text()
    overview = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(f'href="students/{name}.html"' in overview for name in ZOO)


def test_files_that_are_there_stay_unless_they_may_be_replaced(zoo, tmp_path):
    grades = zoo[1]
    (tmp_path / "students").mkdir()
    kept = tmp_path / "students" / "right.html"
    kept.write_text("mine")
    with pytest.raises(OutputError, match=r"right\.html' exists already"):
        grades.save(tmp_path)
    assert kept.read_text() == "mine"
    assert not (tmp_path / "grades.csv").exists()
    grades.save(tmp_path, force=True)
    assert kept.read_text() != "mine"


# ------------------------------------------------------------------------------ references
BAD_REFERENCES = {
    "": "does not define tasks",
    "tasks = []": "tasks is a list",
    "tasks = [1]": "task 1 is int 1",
    "def": r"ends in SyntaxError in line 1",
    "1 / 0": r"ends in ZeroDivisionError in line 1",
    "import sys; sys.exit(3)": "ends in SystemExit",
    SMALL + "Formulas(3)]": "network is a Network, got int",
    SMALL + "Formulas(N, examples=0)]": "examples is from 1 to 100",
    SMALL + "Formulas(N, examples=[([1.0], [1.0])])]": "Formulas, example 1",
    SMALL + "Formulas(N, points={'beta': 1})]": "points names 'beta'",
    SMALL + "Formulas(N, points={'gamma[7]': 1})]": r"names 'γ\[7\]', which the network 2-3-1 does",
    SMALL + "Formulas(N, points={'gamma': -1})]": r"points\['gamma'\] is -1: it must be positive",
    SMALL + "Formulas(N, points=[1])]": "points is a dictionary",
    SMALL + "Formulas(N), " + SMALL[9:] + "Formulas(N)]": "both ask for the function gamma",
    SMALL + "Gradient(abs, at=[])]": "there are no points",
    SMALL + "Gradient(abs, at=3)]": "at is a list of points",
    SMALL + "Gradient(lambda x: x, at=[1.0])]": "no name that a student can write",
    SMALL + "Gradient(abs, at=[2.0], points={'q': 1})]": r"points names \"\['q'\]\"",
    SMALL + "Gradient(f, at=[3.0], gradient=f)]": "the reference itself is wrong",
    SMALL + "Gradient(g, at=[2.0])]": "cannot differentiate g",
    SMALL + "Function(h, at=[2.0])]": "point 1 raises KeyError",
    SMALL + "Function(abs, at=['a'])]": "cannot be handed to another process",
    SMALL + "Function(abs, at=[2.0])]\nlibraries = ['nothing_here']": "is not installed here",
    SMALL + "Function(abs, at=[2.0])]\nlibraries = 3": "libraries is a list of names",
    SMALL + "Function(abs, at=[2.0])]\nlimits = 3": "limits is Limits",
    SMALL + "Function(abs, at=[2.0])]\ntitle = 3": "title is a text",
}
HEADER = """
import math
from autograd_bp.nn import Network
N = Network([2, 3, 1], seed=1)
def f(x): return x * x
def g(x): return math.sin(x)
def h(x): return {}[x]
"""


@pytest.mark.parametrize("code", BAD_REFERENCES)
def test_a_reference_that_cannot_be_right_is_refused_by_name(code, tmp_path):
    path, file = tmp_path / "reference.py", tmp_path / "a.py"
    path.write_text((HEADER if "grading" in code else "") + code)
    file.write_text("")
    with pytest.raises(GradingError, match=BAD_REFERENCES[code]):
        grading.grade([file], path)


def test_a_reference_that_is_not_there_is_refused(tmp_path):
    (tmp_path / "a.py").write_text("")
    with pytest.raises(GradingError, match="cannot be read: No such file"):
        grading.grade([tmp_path], tmp_path / "reference.py")


def test_an_example_that_hides_every_mistake_is_refused():
    network = Network([1, 1], seed=0)
    network.set_weights([[(0.0, 1000.0)]])
    with pytest.raises(GradingError, match="every right number is 0"):
        grading.Reference((grading.Formulas(network, [([1.0], [1.0])]),))


def test_the_teacher_reads_which_mistakes_the_examples_hide():
    network = Network([2, 1, 1], seed=0)
    (task,) = grading.Reference((grading.Formulas(network, examples=1, rate=1.0),)).tasks
    assert "rate forgotten" in task.notes[0]


@pytest.mark.parametrize(
    "limit", [{"seconds": 0}, {"seconds": 1.5}, {"wait": -1}, {"memory": True}]
)
def test_limits_are_positive_numbers(limit):
    with pytest.raises(SettingError, match=f"the limit {next(iter(limit))} is"):
        grading.Limits(**limit)


def test_a_system_without_limits_is_refused(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    with pytest.raises(GradingError, match="needs the resource limits of POSIX"):
        grading.grade([tmp_path], tmp_path / "reference.py")


# --------------------------------------------------------------------- gradients, functions
def result_of(tmp_path, task, code, **settings):
    file = tmp_path / "a.py"
    file.write_text(code)
    return grading.grade(file, grading.Reference((task,), **settings)).results[0]


def loss(x):
    return sum(x) ** 2


@pytest.mark.parametrize(
    ("code", "points", "words"),
    [
        ("def gradient_of_loss(x): return [2 * sum(x)] * 2", 1.0, "everything"),
        ("def gradient_of_loss(x): return [sum(x)] * 2", 0.0, "a constant factor of 1/2"),
        ("def gradient_of_loss(x): return [2 * sum(x), None]", 0.5, "nothing was answered"),
        ("def gradient_of_loss(x): return [2 * sum(x)]", 0.0, "has 1 entries; 2 are expected"),
        ("def gradient_of_loss(x): return {}", 0.0, "is a dictionary; a list of 2"),
        ("def gradient_of_loss(x): return 2j", 0.0, "complex 2j, which is no number"),
        ("def gradient_of_loss(): return 1", 0.0, "takes 0 positional arguments"),
        ("def gradient_of_loss(x): return [True, 10**400]", 0.0, "bool True"),
        ("def gradient_of_loss(x): return [[2 * sum(x)], [2 * sum(x)]]", 1.0, "everything"),
    ],
)
def test_a_gradient_is_compared_entry_by_entry(code, points, words, tmp_path):
    result = result_of(tmp_path, grading.Gradient(loss, at=[[1.0, 2.0], [0.5, -3.0]]), code)
    assert result.points == points
    assert words in "; ".join([result.summary, *result.problems])


def test_arrays_may_be_columns_and_keys_are_named(tmp_path):
    numpy = pytest.importorskip("numpy")

    def changes(a):
        return {"dW1": a @ a, "db1": a[:, 0]}

    point = numpy.array([[1.0, 2.0], [3.0, 4.0]])
    task = grading.Function(changes, at=[point], points={"dW1": 3, "db1": 1})
    right = "import numpy as np\ndef changes(a): return {'dW1': a @ a, 'db1': a[:, :1]}"
    assert result_of(tmp_path, task, right, libraries=("numpy",)).ok
    wrong = right.replace("a @ a", "(a @ a).T")
    result = result_of(tmp_path, task, wrong, libraries=("numpy",))
    assert result.points == 2.5
    assert result.first_wrong.mark.term == "changes['dW1'][0][1]"
    keys = result_of(tmp_path, task, right.replace("dW1", "dw1"), libraries=("numpy",))
    assert "lacks 'dW1' and has 'dw1' too many" in keys.problems[0]


def test_numbers_that_follow_from_a_wrong_one_keep_their_points_on_request(tmp_path):
    network = Network([2, 3, 2], seed=4)
    points = {"gamma[2]": 2, "gamma[1]": 3, "dw": 5}
    code = ZOO["slope"][0]
    strict = result_of(tmp_path, grading.Formulas(network, points=points), code)
    kind = result_of(tmp_path, grading.Formulas(network, points=points, follow_on=True), code)
    assert (strict.points, kind.points) == (0.0, 8.0)
    nothing = "def gamma(weights, x, d): return [[0.0] * len(layer) for layer in weights]"
    zero = result_of(tmp_path, grading.Formulas(network, points=points, follow_on=True), nothing)
    assert zero.points == 0.0


CLASSIFIER = """
import numpy as np
def forward(weights, x):
    W = [np.array([n[1:] for n in layer]) for layer in weights]
    b = [-np.array([[n[0]] for n in layer]) for layer in weights]
    a0 = np.array(x).reshape(-1, 1)
    a1 = np.tanh(W[0] @ a0 + b[0])
    e = np.exp(W[1] @ a1 + b[1])
    return W, a0, a1, e / e.sum()
def gamma(weights, x, d):
    W, a0, a1, p = forward(weights, x)
    g2 = np.array(d).reshape(-1, 1) - p
    return [(1 - a1**2) * (W[1].T @ g2), g2]
def weight_changes(weights, x, d, rate):
    W, a0, a1, p = forward(weights, x)
    g1, g2 = gamma(weights, x, d)
    return {"dW1": rate * g1 @ a0.T, "db1": rate * g1, "dW2": rate * g2 @ a1.T, "db2": rate * g2}
"""


def test_other_networks_are_graded_with_the_settings_of_the_proof(tmp_path):
    pytest.importorskip("numpy")
    network = Network([2, 3, 3], ["tanh", "identity"], seed=1)

    def graded(code):
        task = grading.Formulas(network, output="softmax", examples=2)
        return result_of(tmp_path, task, code, libraries=("numpy",))

    assert graded(CLASSIFIER).ok
    slope = graded(CLASSIFIER.replace("(1 - a1**2) * ", ""))
    assert slope.first_wrong.mark.term == "γ[1,1]"
    assert slope.first_wrong.mistake == "missing 1 - y² (in the hidden layer)"
    keys = graded(CLASSIFIER.replace('"db1": rate * g1, ', ""))
    assert keys.points == 1.0
    assert "missing: db1" in keys.problems[0]


def test_zeros_are_called_zeros_and_not_a_mistake_that_would_give_them(tmp_path):
    code = "def gamma(weights, x, d): return [[0.0] * len(layer) for layer in weights]"
    task = grading.Formulas(Network([2, 2, 1], seed=1), points={"gamma": 1})
    assert result_of(tmp_path, task, code).first_wrong.mistake == "every wrong number is 0"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"outputs": 3}, "has no option 'outputs'"),
        ({"batch": "sum"}, "give examples as a list"),
        ({"follow_on": True, "decay": 0.1}, "leave out decay"),
        ({"output": "nothing"}, "output is one of"),
    ],
)
def test_settings_of_another_kind_are_refused(options, words):
    with pytest.raises(GradingError, match=words):
        grading.Reference((grading.Formulas(Network([2, 1]), **options),))


# ------------------------------------------------------------------------------------ files
def test_students_are_called_by_their_files_or_their_folders(tmp_path):
    for name in ("ana", "ben"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "solution.py").write_text("x = 1")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "old.py").write_text("")
    task = grading.Function(abs, at=[2.0])
    names = [result.name for result in grading.grade(tmp_path, grading.Reference((task,))).results]
    assert names == ["ana", "ben"]


def test_links_folders_and_other_files_are_not_read(tmp_path):
    reference, folder = tmp_path / "reference.py", tmp_path / "solutions"
    reference.write_text(SMALL + "Function(abs, at=[2.0])]")
    folder.mkdir()
    (folder / "link.py").symlink_to(reference)
    os.mkfifo(folder / "pipe.py")
    (folder / "wide.py").write_bytes("x = 1".encode("utf-16"))
    (folder / "huge.py").write_bytes(b"#" * 1_000_001)
    (folder / "round.py").symlink_to(folder / "round.py")
    (folder / "stated.py").write_bytes("# coding: latin-1\nabs = ord  # é".encode("latin-1"))
    (folder / "codec.py").write_bytes("# coding: rot13\n# é".encode("latin-1"))
    results = {one.name: one.summary for one in grading.grade(folder, reference).results}
    assert "symbolic link" in results["link"]
    assert "no regular file" in results["pipe"]
    assert "symbolic link" in results["round"]
    assert "UTF-8" in results["wide"]
    assert "UTF-8" in results["codec"]
    assert "UTF-8" not in results["stated"]
    assert "raised TypeError" in results["stated"]
    assert "larger than" in results["huge"]
    for wrong, words in ((tmp_path / "none.py", "there is no file"), (tmp_path / "x", "no file")):
        with pytest.raises(GradingError, match=words):
            grading.grade([wrong], reference)
    with pytest.raises(GradingError, match="there are no solutions"):
        grading.grade([reference], reference)


@pytest.mark.parametrize(
    "line",
    [
        "[]", "1", "x", '{"begins": 7}', '{"ended": 0}', '{"done": true}', "[" * 100_000,
        '{"ended": 0, "turn": 0, "result": 5, "changed": "x"}', '{"begins": ' + "9" * 5000 + "}",
        '{"ended": "file", "functions": [1]}', '{"ended": 3, "turn": 0, "missing": true}',
    ],
)  # fmt: skip
def test_what_is_no_message_is_not_believed(line):
    assert not Messages(["f"], 2).take(line.encode() + b"\n", 10**6)


def test_the_messages_of_a_whole_run_are_read_in_any_pieces():
    lines = [
        {"confined": []},
        {"begins": "file"},
        {"ended": "file", "functions": ["f"]},
        *(
            message
            for turn in (0, 1)
            for message in (
                {"begins": 0, "turn": turn},
                {"ended": 0, "turn": turn, "result": "0x1p+0", "changed": []},
            )
        ),
        {"done": True},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines).encode()
    messages = Messages(["f"], 2)
    assert all(messages.take(text[k : k + 3], 10**6) for k in range(0, len(text), 3))
    assert messages.done
    assert messages.answers[0, 1].result == "0x1p+0"


# ---------------------------------------------------------------------------------- command
@pytest.fixture
def exercise(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    example = HELP["grade"][1].split("$ cat reference.py\n")[1].split("  $ ")[0]
    (tmp_path / "reference.py").write_text("\n".join(line[2:] for line in example.splitlines()))
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "ana.py").write_text(RIGHT)
    (tmp_path / "solutions" / "ben.py").write_text(ZOO["slope"][0])


def test_the_worked_example_of_grade_is_true(exercise, capsys):
    shown = HELP["grade"][1].split("  $ autograd-bp ")[1]
    command, _, output = shown.partition("\n")
    assert main(command.split()) == 0
    printed = capsys.readouterr().out
    assert printed == "".join(f"{line[2:]}\n" for line in output.splitlines())
    assert max(map(len, printed.splitlines())) <= 80
    assert main(command.split()) == 2  # the files are there
    complaint = capsys.readouterr().err
    assert "exists already" in complaint
    assert complaint.count("\n") == 1
    assert main([*command.split(), "--force"]) == 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("grade solutions", "--reference"),
        ("grade nothing.py --reference reference.py", "there is no file"),
        ("grade solutions --reference none.py", "cannot be read"),
        ("grade solutions --reference reference.py --workers 0", "workers is from 1 to 64"),
    ],
)
def test_a_wrong_command_ends_in_one_line(line, words, exercise, capsys):
    assert main(line.split()) == 2
    complaint = capsys.readouterr().err
    assert words in complaint
    assert complaint.count("\n") == 1

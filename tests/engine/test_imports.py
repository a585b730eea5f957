"""What importing loads, what is public, and which way the arrows of the design point."""

import ast
import functools
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_bp

PACKAGE = Path(autograd_bp.__file__).parent

ENGINE = {
    "errors",
    "expressions",
    "float_arrays",
    "folds",
    "self_description",
    "entry_checks",
    "rounding",
    "special",
    "incomplete",
    "orders",
    "extremes",
    "ieee754",
    "printers",
    "entry",
    "entry_arrays",
    "entry_decorator",
    "listwise",
    "operands",
    "table",
    "primitives",
    "native",
    "contexts",
    "value",
    "graph",
    "backprop",
    "functions",
    "caching",
    "words",
    "arrays",
    "interpreted",
    "built",
    "core",
    "version",
    "files",
    "interrupts",
    "tracebacks",
    "_starting",
}
UPPER = {"sklearn", "training", "drawing", "checking", "compiling", "command", "compat"}

# What a module may import of the package; a package stands for all that is in it.
ARROWS = {
    "errors": set(),
    "float_arrays": {"errors"},
    "version": set(),
    "files": {"errors"},
    "interrupts": set(),
    "tracebacks": {"errors"},
    "_starting": set(),
    "expressions": {"errors", "printers"},  # printers: late, to trace a user's function
    "folds": {"expressions", "ieee754", "printers", "errors"},
    "ieee754": set(),
    "caching": set(),
    "words": {"errors"},
    "printers": {"caching", "errors", "expressions", "folds", "ieee754", "printers"},
    "self_description": {"entry", "describe"},  # late, for help()
    "entry_checks": {"entry", "errors", "expressions", "printers"},
    # notation: late, for LaTeX; entry_checks: late, for primitives of users
    # entry_arrays: late, for arrays and other types
    "entry": {
        *("errors", "native", "expressions", "folds", "printers", "notation"),
        *("self_description", "entry_checks", "entry_arrays"),
    },
    "entry_decorator": {"entry", "errors"},
    # value and arrays: late, for what holds Values
    "entry_arrays": {"entry", "errors", "operands", "printers", "value", "arrays"},
    "operands": {"errors", "words"},  # words: late, for what is no number
    "describe": ENGINE | {"notation", "derivatives", "describe"},
    "rounding": {"expressions"},
    "special": {"errors", "expressions", "special"},
    "incomplete": {"entry", "operands", "primitives", "value"},
    "orders": {"entry", "operands", "errors", "primitives", "value"},
    "table": {"entry", "expressions", "folds", "rounding", "table"},
    "primitives": {"entry", "entry_decorator", "operands", "table"},
    "native": {"errors", "entry", "primitives", "words"},
    "generate": ENGINE | {"describe", "generate"},
    "interpreted": {
        "backprop",
        "built",
        "core",
        "entry",
        "entry_arrays",
        "entry_decorator",
        "listwise",
        "operands",
        "ieee754",
        "interpreted",
        "native",
        "value",
    },
    "built": set(),
    "core": {"built", "interpreted", "value", "version"},
    "contexts": {"errors"},
    # graph, arrays, entry_arrays, drawing: late, for copies and pickles, NumPy, the method draw
    "value": {
        *("contexts", "errors", "entry", "operands", "ieee754", "native", "words", "entry_arrays"),
        *("self_description", "graph", "arrays", "drawing"),
    },
    "arrays": {
        *("contexts", "operands", "entry", "errors", "extremes", "functions", "primitives"),
        *("value", "incomplete", "orders", "arrays", "words"),
        "flow",  # late, for Values as indices
        "linalg",  # late, for numpy.linalg and numpy.polyfit
    },
    "backprop": {"errors", "entry", "operands", "primitives", "native", "value"},
    "graph": {"core", "errors", "entry", "primitives", "value", "backprop"},
    "functions": {"errors", "primitives", "value", "extremes", "listwise"},
    "listwise": {"errors", "listwise", "primitives", "value"},
    "extremes": {
        "entry",
        "operands",
        "primitives",
        "value",
        "arrays",
    },  # arrays: late, for arrays of Values
    "notation": {"errors", "primitives", "notation"},
    "derivatives": (ENGINE - {"core"}) | {"notation", "derivatives"},
    "flow": (ENGINE - {"core"}) | {"derivatives", "flow"},
    "linalg": (ENGINE - {"core"}) | {"linalg"},
    "random": {"errors", "flow", "random", "value"},
    # compiling: late, in Module.compiled; exchange: late, in to_onnx and save_weights
    "nn": ENGINE | {"derivatives", "nn", "compiling", "exchange"},
    "exchange": ENGINE | {"nn", "compiling", "exchange"},
    "drawing": ENGINE
    | {"notation", "derivatives", "nn", "drawing", "stepping"},  # stepping: late, for .html
    "stepping": ENGINE | {"notation", "derivatives", "nn", "drawing", "stepping"},
    "checking": ENGINE | {"notation", "derivatives", "nn", "checking"},
    # flow, compiling: for the words of JAX
    "compat": ENGINE | {"compat", "compiling", "derivatives", "drawing", "checking", "flow"},
    "plugin": ENGINE
    | {"notation", "derivatives", "nn", "checking", "drawing", "training"},  # of pytest
    "compiling": ENGINE | {"derivatives", "flow", "nn", "random", "compiling"},
    "training": ENGINE
    | {"derivatives", "nn", "random", "training", "drawing", "compiling", "exchange"},
}


@functools.cache
def sources():
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def part(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@functools.cache
def parts():
    return {part(path) for path in sources()}


@functools.cache
def imported(path):
    """The parts of the package that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                here = ["autograd_bp", *path.relative_to(PACKAGE).parts]
                base = ".".join([*here[: len(here) - node.level], *filter(None, [node.module])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {
            name.split(".")[1]
            for name in names
            if name.split(".")[0] == "autograd_bp" and len(name.split(".")) > 1
        }
    return {name if name in parts() else "__init__" for name in found}


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_the_arrows_of_the_design_point_down(path):
    name = part(path)
    if path.name == "generate.py":
        name = "generate"  # a tool that reads the engine, not a part of it
    if path.parent.name == "plugin":
        name = "plugin"  # it stands above checking, and draws and writes files
    if name in ARROWS:
        assert imported(path) <= ARROWS[name]


def test_the_hand_derived_formulas_import_nothing_of_the_engine():
    path = PACKAGE / "nn" / "gamma.py"
    if not path.exists():
        pytest.skip("nn/gamma.py is not part of this installation")
    assert imported(path) <= {"errors"}


def test_nothing_below_the_command_line_imports_it():
    for path in sources():
        if part(path) not in ("command", "__main__"):
            assert "command" not in imported(path), path


def run(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


HEAVY = [
    "numpy",
    "matplotlib",
    "graphviz",
    "graphviz_pure",
    "tqdm",
    "hypothesis",
    "mpmath",
    "sympy",
]


def test_importing_the_library_loads_nothing_heavy():
    loaded = run("import autograd_bp, sys; print(*sys.modules)")
    assert not {name.split(".")[0] for name in loaded} & {*HEAVY}
    # The expressions of the table are printed when a function is first called.
    assert not [name for name in loaded if name.startswith("autograd_bp.printers")]


def test_recording_sweeping_and_nn_load_nothing_heavy_either():
    loaded = run(
        "import sys, autograd_bp as bp\n"
        "x = bp.Value(1.0); y = bp.performance([1.0], [bp.sigmoid(x * 2)]); y.backward()\n"
        "import pickle, copy; pickle.dumps(y); copy.deepcopy(y); repr(y)\n"
        "print(*sys.modules)"
    )
    assert not {name.split(".")[0] for name in loaded} & {*HEAVY}


def test_all_is_exactly_the_public_names():
    public = run(
        "import autograd_bp, types\n"
        "print(*(name for name in dir(autograd_bp) if not name.startswith('_')"
        " and not isinstance(getattr(autograd_bp, name), types.ModuleType)), '__version__')"
    )
    assert sorted(autograd_bp.__all__) == sorted(public)


def test_derivatives_are_loaded_when_one_is_used_first():
    before, after = run(
        "import sys, autograd_bp\n"
        "print('autograd_bp.derivatives' in sys.modules)\n"
        "autograd_bp.grad\n"
        "print('autograd_bp.derivatives' in sys.modules)\n"
    )
    assert (before, after) == ("False", "True")
    from autograd_bp import derivatives

    assert {*derivatives.__all__} == {*autograd_bp._LATER["derivatives"]}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = autograd_bp.nothing


@pytest.mark.parametrize("part", autograd_bp._PARTS)
def test_a_bare_import_reaches_every_part(part):
    name, *loaded = run(f"import sys, autograd_bp as bp; print(bp.{part}.__name__, *sys.modules)")
    assert name == f"autograd_bp.{part}"
    assert not {each.split(".")[0] for each in loaded} & {*HEAVY} - {"numpy"}


def test_what_is_loaded_later_is_what_its_part_calls_by_that_name():
    for part, names in autograd_bp._LATER.items():
        for name in names:
            assert getattr(autograd_bp, name) is getattr(getattr(autograd_bp, part), name)
    assert autograd_bp.no_grad is autograd_bp.no_recording


def test_dir_lists_the_public_names_and_nothing_else():
    before, after = (
        run(f"import autograd_bp as bp; {program}; print(*dir(bp))")
        for program in ("pass", "bp.draw, bp.grad, bp.training, bp.check_gradient, bp.compiled")
    )
    assert before == after == sorted({*autograd_bp.__all__, *autograd_bp._PARTS})
    assert not [name for name in before if name.startswith("_") and name != "__version__"]


def test_the_written_list_of_names_has_every_function_of_the_table():
    from autograd_bp import functions

    assert {*functions.__all__} <= {*autograd_bp.__all__}
    assert len({*autograd_bp.__all__}) == len(autograd_bp.__all__)


def test_a_part_that_needs_numpy_says_so_without_it():
    program = """
import sys
sys.modules["numpy"] = None
import autograd_bp as bp
for name in ("compiled", "compile", "compiling"):
    try:
        getattr(bp, name)
    except bp.errors.MissingExtraError as error:
        print(error)
bp.nn, bp.drawing, bp.training, bp.checking, bp.stepping, bp.derivatives
"""
    assert " ".join(run(program)).count('pip install "autograd_bp[arrays]"') == 3


def test_every_public_name_exists_and_can_be_starred():
    namespace = {}
    exec("from autograd_bp import *", namespace)
    assert {*autograd_bp.__all__} <= {*namespace}


@pytest.mark.parametrize("module", ["errors", "primitives", "graph", "functions"])
def test_all_of_a_module_names_things_that_exist(module):
    loaded = __import__(f"autograd_bp.{module}", fromlist=["*"])
    assert all(hasattr(loaded, name) for name in getattr(loaded, "__all__", []))


def test_every_error_is_caught_by_one_name_and_documented_in_the_tree():
    from autograd_bp import errors

    classes = [
        thing
        for thing in vars(errors).values()
        if isinstance(thing, type) and issubclass(thing, Exception)
    ]
    assert all(issubclass(each, errors.AutogradError) for each in classes)
    assert all(each.__name__ in errors.__doc__ and each.__doc__ for each in classes)


def test_the_pure_core_can_be_asked_for():
    import os

    done = subprocess.run(
        [sys.executable, "-c", "import autograd_bp; print(autograd_bp.info()['core'])"],
        env={**os.environ, "AUTOGRAD_BP_PURE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "pure Python\n", done.stderr


def test_info_says_what_is_installed():
    info = autograd_bp.info()
    assert info["autograd_bp"] == autograd_bp.__version__
    assert info["core"] in ("native", "pure Python")
    assert {"python", "platform", "numpy", "matplotlib", "graphviz", "tqdm"} <= {*info}


TABLE_FILES = sorted((PACKAGE / "table").glob("[a-z]*.py"))


@pytest.mark.parametrize("path", TABLE_FILES, ids=lambda path: path.stem)
def test_a_file_of_the_table_says_which_entries_of_other_files_its_rules_use(path):
    """Its rules find them anyway; but a reader and a type checker would take `pow` for Python's."""
    from autograd_bp.entry import Primitive

    entries = {
        name for name, op in vars(autograd_bp.primitives).items() if isinstance(op, Primitive)
    }
    assert "pow" in entries
    tree = ast.parse(path.read_text(encoding="utf-8"))
    stored = {
        *(
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and type(node.ctx) is ast.Store
        ),
        *(
            a.asname or a.name
            for n in ast.walk(tree)
            if isinstance(n, ast.ImportFrom)
            for a in n.names
        ),
        *(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)),
    }
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert read & entries <= stored


def test_the_files_of_the_table_are_those_that_the_core_loads():
    from autograd_bp import core

    assert {path.stem for path in TABLE_FILES} - {"gaps", "making"} == {*core.TABLE_FILES}

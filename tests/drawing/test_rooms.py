"""The rooms of drawing/: what may import what."""

import ast
from pathlib import Path

import pytest

from autograd_bp import drawing

ROOT = Path(drawing.__file__).parent
FILES = {
    ".".join(["autograd_bp.drawing", *path.relative_to(ROOT).with_suffix("").parts]): path
    for path in sorted(ROOT.rglob("*.py"))
    if path.name != "__init__.py"
}

# The rooms that the files of a room may import, beside their own; "" are files outside the rooms.
ARROWS = {
    "graph": set(),
    "output": {"graph"},
    "fitting": {"graph", "output"},
    "network": {"output", ""},
    "figures": {"output"},
}


def imports(path):
    """The files of drawing/ that a file imports, late imports included."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names & {*FILES}


def room(module):
    return module.split(".")[2] if module.count(".") > 2 else ""


@pytest.mark.parametrize("name", ARROWS)
def test_a_room_imports_only_the_rooms_below_it(name):
    modules = [module for module in FILES if room(module) == name]
    assert modules
    rooms = {room(other) for module in modules for other in imports(FILES[module])}
    assert rooms - {name} <= ARROWS[name]


def test_no_files_import_each_other_in_a_circle():
    remaining = {module: imports(path) for module, path in FILES.items()}
    while free := [module for module, others in remaining.items() if not others & {*remaining}]:
        for module in free:
            del remaining[module]
    assert not remaining

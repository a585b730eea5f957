"""The rooms of the compiler import each other in one direction, and no files in circles."""

import ast
from pathlib import Path

import autograd_bp

PACKAGE = Path(autograd_bp.__file__).parent / "compiling"
# What the files of a room import, besides their own room.
ROOMS = {
    "program": set(),
    "loops": {"program"},
    "calling": {"loops"},
    "backends": {"program", "loops", "calling"},
    "front": {"program", "loops", "calling", "backends"},
}


def name(path):
    parts = ("autograd_bp", "compiling", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name(path): path for path in PACKAGE.rglob("*.py")}


def imports(path):
    """The files of the compiler that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in FILES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


ARROWS = {
    file: {other for other in imports(path) if other in FILES and other != file}
    for file, path in FILES.items()
}


def room(file):
    return (*file.split("."), "", "")[2]


def test_every_room_imports_only_those_behind_it():
    for file, others in ARROWS.items():
        if room(file) in ROOMS:
            assert {room(other) for other in others} - {room(file)} <= ROOMS[room(file)], file


def test_no_backend_imports_another():
    folders = {"reference", "numpy", "tape", "llvm", "c"}
    for file, others in ARROWS.items():
        parts = file.split(".")
        if room(file) == "backends" and len(parts) > 3 and parts[3] in folders:
            imported = {other.split(".")[3] for other in others if room(other) == "backends"}
            assert (imported & folders) <= {parts[3]}, file


def test_no_files_import_each_other_in_a_circle():
    left = dict(ARROWS)
    while left:
        free = {file for file, others in left.items() if not others & left.keys()}
        assert free, f"a circle among {sorted(left)}"
        left = {file: others for file, others in left.items() if file not in free}


def test_the_rooms_are_all_there_is():
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert folders == ROOMS.keys()

"""Copies of this tree, for tools that change it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {
    *(".git", ".venv", "build", "dist", "__pycache__"),
    *(".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
}


def copy_tree(folder: Path) -> None:
    """Copy every file that git has, or would add; nothing that was built."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        names = [Path(name) for name in done.stdout.split("\0") if name]
    else:  # an unpacked archive
        names = []
        for place, folders, files in os.walk(ROOT):  # others may write and remove files meanwhile
            folders[:] = [name for name in folders if name not in SKIPPED]
            names += [Path(place, name).relative_to(ROOT) for name in files]
    for name in names:
        if name.suffix not in (".so", ".pyd") and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)


def imports_from(folder: Path) -> dict[str, str]:
    """The environment of a process that imports the package from this folder, where its byte code
    stays for the next one."""
    own = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": ""}
    return {**os.environ, **own}

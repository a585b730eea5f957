"""show: a picture before the eyes of who asks for it, in a notebook or in the browser."""

from __future__ import annotations

import importlib
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Any


def show(drawing: Any) -> None:
    """Show what has a page: below the cell of a notebook, else in the browser."""
    if _in_notebook():
        importlib.import_module("IPython.display").display(drawing)
        return
    folder = Path(tempfile.mkdtemp(prefix="autograd_bp-"))
    path = drawing.save(folder / "picture.svg")
    if not webbrowser.open(path.as_uri()):
        print(f"no browser was found: the picture is in {path}")


def _in_notebook() -> bool:
    """Whether a cell of a notebook is running."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")

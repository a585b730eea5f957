"""`python -m autograd_bp.compat.micrograd script.py`: runs a script as it is, with our Value."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

USAGE = "usage: python -m autograd_bp.compat.micrograd script.py [what the script takes]"


def main(words: Sequence[str]) -> None:
    """Run the script that the first word names, as `python script.py` would; all words are its
    `sys.argv`. `import micrograd` finds `compat.micrograd` in it, also where a folder micrograd
    lies beside the script.

    Raises: SystemExit with 2 where there is no such file.
    """
    if not words or words[0].startswith("-"):
        _end(USAGE)
    script = Path(words[0])
    if not script.is_file():
        _end(f"there is no file {words[0]}\n{USAGE}")
    from autograd_bp.compat import micrograd

    micrograd.install()
    sys.argv[:] = words
    sys.path[0] = str(script.resolve().parent)
    runpy.run_path(words[0], run_name="__main__")


def _end(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(2)

"""Write every file that is generated from the table of primitives.

    python tools/generate.py            writes them
    python tools/generate.py --check    writes nothing; exit code 1 where one is out of date

A generator is a module of the package that is called generate.py, or a script in docs/ whose name
ends in _table.py. It has a function `files()`, which returns the text of each file that it writes.
The interpreted core is used, because a compiled core of an older table refuses to load; and plain,
without the functions that are generated.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def generators() -> Iterator[ModuleType]:
    """Every module that writes files from the table, in the order of their paths."""
    for path in sorted((ROOT / "autograd_bp").rglob("generate.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield importlib.import_module(name)
    for path in sorted((ROOT / "docs").glob("*_table.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module


def texts() -> dict[Path, str]:
    """The files of all generators, with the text that each should have."""
    return {path: text for module in generators() for path, text in module.files().items()}


def outdated() -> dict[Path, str]:
    """Those whose text is another one, or that are missing."""
    return {
        path: text
        for path, text in texts().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if out of date")
    options = parser.parse_args(arguments)
    stale = outdated()
    for path, text in stale.items():
        print(f"{'out of date' if options.check else 'wrote'}: {path.relative_to(ROOT)}")
        if not options.check:
            path.write_text(text, encoding="utf-8")
    if options.check and stale:
        print("run: python tools/generate.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.environ["AUTOGRAD_BP_PURE"] = "plain"
    sys.path.insert(0, str(ROOT))
    sys.exit(main())

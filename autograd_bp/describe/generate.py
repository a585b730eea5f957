"""Write what the docstrings of files say of entries.

- accuracy.py, the measured errors of docs/accuracy.json, where the package finds them;
- the lines from `Formula:` to the next empty one in the docstrings of the functions over lists, in
  listwise/, and of those that functions.py writes out. The docstrings of Value's methods are
  written by the generator of that file.

    python tools/generate.py            writes them, and every other generated file
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from autograd_bp.describe import entry
from autograd_bp.errors import PrimitiveError
from autograd_bp.primitives import Primitive

PACKAGE = Path(__file__).parents[1]
FUNCTIONS = tuple(
    PACKAGE / name for name in ("functions.py", "listwise/folds.py", "listwise/shares.py")
)
FACTS = re.compile(r"^    Formula:.*\n(?:    .*\S.*\n)*", re.MULTILINE)
FILE = Path(__file__).with_name("accuracy.py")
MEASURED = Path(__file__).parents[2] / "docs" / "accuracy.json"

HEAD = '''\
"""The largest error of each entry: the quantity, its error in units in the last place, and the
reason where it is large. Written by generate.py from docs/accuracy.json: do not edit.
"""

# fmt: off
MEASURED: dict[str, tuple[tuple[str, float, str], ...]] = {
'''


def text() -> str:
    """The text of accuracy.py."""
    results = json.loads(MEASURED.read_text(encoding="utf-8"))["results"]
    rows: dict[str, list[str]] = {}
    for result in results:
        ulps = float("inf") if result["ulps"] is None else result["ulps"]
        line = f"        ({json.dumps(result['of'], ensure_ascii=False)}, {_number(ulps)},"
        reason = json.dumps(result["reason"], ensure_ascii=False)
        rows.setdefault(result["row"], []).append(f"{line} {reason}),\n")
    body = [f'    "{name}": (\n{"".join(lines)}    ),\n' for name, lines in rows.items()]
    return HEAD + "".join(body) + "}\n"


def _number(ulps: float) -> str:
    return 'float("inf")' if ulps == float("inf") else f"{ulps:.3g}"


def documented(file: Path) -> str:
    """The text of a file of functions, with what the entries say in its docstrings."""
    before, *rest = re.split(r"^(?=def )", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return before + "".join(map(_with_facts, rest))


def _with_facts(function: str) -> str:
    name = function.partition("(")[0].removeprefix("def ")
    try:
        op = Primitive.named(name)
    except PrimitiveError:
        return function  # it is made of entries, and says itself what it computes
    assert name.startswith("_") or FACTS.search(function), (
        f"the docstring of {name} lacks the line `Formula:`, which is written here"
    )
    facts = "".join(f"    {line}\n" for line in entry.short_facts(op))
    return FACTS.sub(lambda _: facts, function, count=1)


def files() -> dict[Path, str]:
    """The files that this module writes, and their texts."""
    return {FILE: text(), **{file: documented(file) for file in FUNCTIONS}}

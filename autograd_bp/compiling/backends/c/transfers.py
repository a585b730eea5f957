"""Numbers that are moved between places, in C: functions that the file carries, and the tables of
places that they take.

A table has seven integers for each run of numbers: where it is read, how far apart its numbers are,
and how far all of them move from one time to the next; the same of where it is written; and how
many there are. What all rows share is at -1 - k, and number k of a row at k.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["HELPERS", "is_steady", "runs_of", "used_helpers"]

_HEAD = "static void {name}_{what}(const int *t, int n, int time, {more})\n{{"
_LOOP = """
    for (; n > 0; n--, t += 7)
        for (int j = 0; j < t[6]; j++) {
            const int from = t[0] + j * t[1] + time * t[2], to = t[3] + j * t[4] + time * t[5];
"""
_SUM = """
                double sum = common[-1 - to];
                for (size_t r = 0; r < rows; r++)
                    sum += %s;
                common[-1 - to] = sum;
"""
_READ = "const double *common, double (*own)[{NAME}_LANES]"
_WRITE = "double *common, double (*own)[{NAME}_LANES]"
_ROWS = "double (*{which})[{NAME}_LANES]"

# For each function what it takes besides its table, and what it does with each number.
HELPERS = {
    "read": (
        "const double *common, double *target",
        "            target[to] = common[-1 - from];\n",
    ),
    "load": (
        f"{_READ}, {_ROWS.replace('{which}', 'target')}",
        "            for (size_t r = 0; r < {NAME}_LANES; r++)\n"
        "                target[to][r] = from < 0 ? common[-1 - from] : own[from][r];\n",
    ),
    "store": (
        f"{_WRITE}, {_ROWS.replace('{which}', 'source')}",
        "            if (to < 0)\n"
        "                common[-1 - to] = source[from][0];\n"
        "            else\n"
        "                for (size_t r = 0; r < {NAME}_LANES; r++)\n"
        "                    own[to][r] = source[from][r];\n",
    ),
    "add": (
        f"{_WRITE}, {_ROWS.replace('{which}', 'source')}, size_t rows",
        f"            if (to < 0) {{{_SUM % 'source[from][r]'}            }} else\n"
        "                for (size_t r = 0; r < {NAME}_LANES; r++)\n"
        "                    own[to][r] += source[from][r];\n",
    ),
    "add_sums": (
        "double *common, const double *source",
        "            common[-1 - to] += source[from];\n",
    ),
    "copy": (
        _WRITE,
        "            if (to < 0)\n"
        "                common[-1 - to] = common[-1 - from];\n"
        "            else\n"
        "                for (size_t r = 0; r < {NAME}_LANES; r++)\n"
        "                    own[to][r] = from < 0 ? common[-1 - from] : own[from][r];\n",
    ),
    "copy_add": (
        f"{_WRITE}, size_t rows",
        "            if (to < 0 && from < 0) {\n"
        "                common[-1 - to] += common[-1 - from];\n"
        f"            }} else if (to < 0) {{{_SUM % 'own[from][r]'}            }} else\n"
        "                for (size_t r = 0; r < {NAME}_LANES; r++)\n"
        "                    own[to][r] += from < 0 ? common[-1 - from] : own[from][r];\n",
    ),
    "clear": (
        _WRITE,
        "            (void)from;\n"
        "            if (to < 0)\n"
        "                common[-1 - to] = 0.0;\n"
        "            else\n"
        "                for (size_t r = 0; r < {NAME}_LANES; r++)\n"
        "                    own[to][r] = 0.0;\n",
    ),
    "give_sums": (
        "const double *source, double *target",
        "            target[to] += source[from];\n",
    ),
    "give_common": (
        "const double *common, double *target",
        "            target[to] += common[-1 - from];\n",
    ),
    "give_added": (
        f"{_ROWS.replace('{which}', 'source')}, size_t rows, double *target",
        "            for (size_t r = 0; r < rows; r++)\n"
        "                target[to] += source[from][r];\n",
    ),
    "give_rows": (
        f"{_ROWS.replace('{which}', 'source')}, size_t rows, double *target",
        "            for (size_t r = 0; r < rows; r++)\n"
        "                target[{NAME}_EACH * r + (size_t)to] = source[from][r];\n",
    ),
}


def used_helpers(text: str, name: str, family: str) -> str:
    """The definitions of those functions that a text calls.

    Arguments:
        text: the text.
        name: what their names start with.
        family: what macros start with.
    """
    parts = []
    for what, (more, line) in HELPERS.items():
        if f"{name}_{what}(" in text:
            head = _HEAD.format(name=name, what=what, more=more)
            each = name.upper()
            body = (head + _LOOP + line).replace("{NAME}_EACH", f"{each}_EACH")
            parts.append("\n" + body.replace("{NAME}", family.upper()) + "        }\n}")
    return "\n".join(parts)


def is_steady(places: Any) -> bool:
    """Whether places move as far each time."""
    steps = np.diff(places, axis=0)
    return bool((steps[1:] == steps[:-1]).all())


def runs_of(sources: Any, targets: Any) -> list[int]:
    """The table of places that move as far each time.

    Arguments:
        sources: where numbers are read, (times, numbers), or (1, numbers) where that is the same
            each time.
        targets: where they are written, the same.
    """
    ends = [some[0].astype(np.int64) for some in (sources, targets)]
    moves = [
        some[1] - some[0] if len(some) > 1 else np.zeros_like(end)
        for some, end in zip((sources, targets), ends, strict=True)
    ]
    n = len(ends[0])
    if not n:
        return []
    steps = [np.diff(end) for end in ends]
    keeps = (np.diff(moves[0]) == 0) & (np.diff(moves[1]) == 0)
    for end in ends:  # a run does not go from what rows share to what they do not
        keeps &= (end[1:] < 0) == (end[:-1] < 0)
    goes_on = keeps[1:] & keeps[:-1]
    for some in steps:
        goes_on &= some[1:] == some[:-1]
    breaks = np.append(np.flatnonzero(~goes_on), max(n - 2, 0)).tolist()
    table: list[int] = []
    k = at = 0
    while k < n:
        while breaks[at] < k and at + 1 < len(breaks):
            at += 1
        is_run = k + 1 < n and bool(keeps[k])
        count = breaks[at] - k + 2 if is_run else 1
        for end, some, move in zip(ends, steps, moves, strict=True):
            table += [int(end[k]), int(some[k]) if is_run else 0, int(move[k])]
        table.append(count)
        k += count
    return table

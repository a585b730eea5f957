"""Loops in C: each a nest over its members, and inside it one over a block of rows of data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd_bp import primitives
from autograd_bp.compiling.c import rows
from autograd_bp.compiling.c.names import Group, literal
from autograd_bp.compiling.loops import Access, Loop, Loops
from autograd_bp.primitives import Primitive

COUNTERS = ("i", "j", "k", "l")
MOST_WRITTEN_OUT = 4  # terms; more of them are a loop
SPACES = {"parameter": "parameters", "input": "inputs", "constant": "constants", "shared": "u",
          "slot": "s", "each": "each", "sum": "sums"}  # fmt: skip
_IN_ROWS = ("input", "slot", "each", "sum")


class Nests:
    """Writes the loops of a program.

    Arguments:
        loops: the program.
        prefix: what the names of functions and macros start with.
        named: for "parameter" and "input" the groups that have a name.

    Attributes:
        functions: the rows that the file has to carry functions for.
        tables: definitions of tables of places.
        used: the names of arrays that were used since `forget`.
        spaces: the spaces that were used since then.
        longest: how many terms the longest list has that is gathered for a call.
        constants: whether constants are read from their array.
    """

    def __init__(self, loops: Loops, prefix: str, named: dict[str, list[Group]]) -> None:
        self._loops, self._prefix, self._named = loops, prefix, named
        self.lanes = f"{prefix.upper()}_LANES"
        self.functions: dict[str, Primitive] = {}
        self.tables: list[str] = []
        self.used: set[str] = set()
        self.spaces: set[str] = set()
        self.longest = 0
        self.constants = False
        self._tabled: dict[tuple[int, ...], str] = {}

    def shared(self) -> list[str]:
        """The statements that compute what all rows share."""
        return [line for loop in self._loops.loops if loop.space == "shared"
                for line in self._nest(loop)]  # fmt: skip

    def rows(self) -> list[str]:
        """The statements that compute a block of rows."""
        return [line for loop in self._loops.loops if loop.space != "shared"
                for line in self._nest(loop)]  # fmt: skip

    def forget(self) -> None:
        """Before another function is written."""
        self.used.clear()
        self.spaces.clear()

    # ----------------------------------------------------------------------------------- nests
    def _nest(self, loop: Loop) -> list[str]:
        counters = _counters(len(loop.shape))
        body = self._member(loop, affine(loop.base, counters, _strides(loop.shape)))
        for counter, count in zip(reversed(counters), reversed(loop.shape), strict=True):
            head = f"for (size_t {counter} = 0; {counter} < {count}; {counter}++)"
            body = [head, *_indented(body)] if _single(body) else _braced(f"{head} {{", body)
        return _braced("{", body) if body[0].startswith("double ") else body

    def _member(self, loop: Loop, target: str) -> list[str]:
        lanes = loop.space != "shared"
        self._use(loop.space, SPACES[loop.space])
        if loop.space == "sum":
            made = self._computed(loop, "y[r]", True)
            return [f"double y[{self.lanes}];", *made,
                    f"sums[{target}] += {self._prefix}_total(y, rows);"]  # fmt: skip
        place = f"{SPACES[loop.space]}[{target}]" + ("[r]" if lanes else "")
        return self._computed(loop, place, lanes)

    def _computed(self, loop: Loop, place: str, lanes: bool) -> list[str]:
        row = loop.row
        if row is None:
            return self._each_lane(lanes, f"{place} = {self._read(loop, 0)};")
        if row.arity is not None:
            operands = [self._read(loop, k) for k in range(len(loop.reads))]
            text, calls = rows.expression(row, operands, self._prefix)
            if calls:
                self.functions[row.name] = row
            return self._each_lane(lanes, f"{place} = {text};")
        if rows.takes_list(row):
            return self._called(loop, row, place, lanes)
        return self._added(loop, place, lanes)

    def _added(self, loop: Loop, place: str, lanes: bool) -> list[str]:
        """A dot, a sum or a performance."""
        head, total = self._read(loop, 2) if loop.has_head else "0.0", "sum"
        if loop.row is primitives.performance:
            total = "-0.5 * sum"
        if loop.terms <= MOST_WRITTEN_OUT:
            terms = " + ".join(self._term(loop, str(j)) for j in range(loop.terms))
            # Squares need no 0.0 before them: they are never -0.0.
            text = f"-0.5 * ({terms})" if total != "sum" else f"{head} + {terms}"
            return self._each_lane(lanes, f"{place} = {text};")
        over_terms = f"for (size_t t = 0; t < {loop.terms}; t++)"
        if not lanes:
            return [f"double sum = {head};", over_terms, f"    sum += {self._term(loop, 't')};",
                    f"{place} = {total};"]  # fmt: skip
        return [
            f"double sum[{self.lanes}];",
            *self._each_lane(True, f"sum[r] = {head};"),
            over_terms,
            *_indented(self._each_lane(True, f"sum[r] += {self._term(loop, 't')};")),
            *self._each_lane(True, f"{place} = {total}[r];"),
        ]

    def _term(self, loop: Loop, j: str) -> str:
        if loop.row is primitives.sum_:
            return self._read(loop, 0, j)
        left, right = self._read(loop, 0, j), self._read(loop, 1, j)
        if loop.row is primitives.performance:
            return f"({left} - {right}) * ({left} - {right})"
        return f"{left} * {right}"

    def _called(self, loop: Loop, row: Primitive, place: str, lanes: bool) -> list[str]:
        self.functions[row.name] = row
        count = sum(loop.terms_of(k) for k in range(len(loop.reads)))
        self.longest = max(self.longest, count)
        body = [line for k in range(len(loop.reads)) for line in self._gathered(loop, k)]
        name = rows.function_name(row, self._prefix)
        body.append(f"{place} = {name}(work->list, {count});")
        if not lanes:
            return body
        return _braced(f"for (size_t r = 0; r < {self.lanes}; r++) {{", body)

    def _gathered(self, loop: Loop, k: int) -> list[str]:
        start = k * loop.terms
        if loop.terms <= MOST_WRITTEN_OUT:
            return [f"work->list[{start + j}] = {self._read(loop, k, str(j))};"
                    for j in range(loop.terms)]  # fmt: skip
        return [f"for (size_t t = 0; t < {loop.terms}; t++)",
                f"    work->list[{affine(start, ['t'], [1])}] = {self._read(loop, k, 't')};"]

    def _each_lane(self, lanes: bool, statement: str) -> list[str]:
        if not lanes:
            return [statement]
        return [f"for (size_t r = 0; r < {self.lanes}; r++)", f"    {statement}"]

    # ------------------------------------------------------------------------------------ reads
    def _read(self, loop: Loop, k: int, term: str = "0") -> str:
        """What the members of a loop read as term `term` (a number, or the counter t)."""
        access, terms = loop.reads[k], loop.terms_of(k)
        counters = _counters(len(loop.shape))
        if access.affine:
            first, last = _ends(access, loop.shape, terms)
            base, counting, steps = access.base, counters, access.strides
            if term == "t":
                counting, steps = [*counting, "t"], (*steps, access.step)
            else:
                base += int(term) * access.step
            if access.space == "constant" and not any(steps):
                return literal(self._loops.constants[base])
            name, start = self._name(access.space, first, last)
            place = affine(base - start, counting, steps)
        else:
            name, _ = self._name(access.space, -1, -1)
            strides = [stride * terms for stride in _strides(loop.shape)]
            at = affine(0, counters, strides)
            within = "" if term == "0" else f" + {term}"
            place = f"{self._table(access)}[{at}{within}]"
        return f"{name}[{place}]" + ("[r]" if access.space in _IN_ROWS else "")

    def _name(self, space: str, first: int, last: int) -> tuple[str, int]:
        """The array that holds the numbers from `first` to `last`, and where it starts."""
        self.constants = self.constants or space == "constant"
        for group in self._named.get(space, ()):
            if group.start <= first and last < group.stop:
                self._use(space, group.name)
                return group.name, group.start
        name = f"{self._prefix}_constants" if space == "constant" else SPACES[space]
        self._use(space, name)
        return name, 0

    def _use(self, space: str, name: str) -> None:
        self.spaces.add(space)
        self.used.add(name)

    def _table(self, access: Access) -> str:
        numbers = tuple(access.table)
        name = self._tabled.get(numbers)
        if name is None:
            name = self._tabled[numbers] = f"{self._prefix}_places_{len(self.tables)}"
            self.tables.append(table(name, numbers))
        return name


def array(declaration: str, numbers: Iterable[str]) -> str:
    """The definition of an array."""
    lines, line = [], "   "
    items = [item.strip("()") for item in numbers]
    for item in items:
        if len(line) + len(item) > 92:
            lines.append(line)
            line = "   "
        line += f" {item},"
    body = "\n".join([*lines, line])
    return f"{declaration}[{len(items)}] = {{\n{body}\n}};"


def table(name: str, places: Sequence[int]) -> str:
    """The definition of a table of places."""
    largest = max(places)
    short = "short" if largest < 1 << 16 else "long"
    kind = "char" if largest < 1 << 8 else short
    return array(f"static const unsigned {kind} {name}", map(str, places))


def _counters(count: int) -> list[str]:
    return [COUNTERS[k] if k < len(COUNTERS) else f"i{k}" for k in range(count)]


def _strides(shape: Sequence[int]) -> list[int]:
    """How far apart in the list of members the steps of each counter are."""
    strides = [1] * len(shape)
    for k in range(len(shape) - 2, -1, -1):
        strides[k] = strides[k + 1] * shape[k + 1]
    return strides


def _ends(access: Access, shape: Sequence[int], terms: int) -> tuple[int, int]:
    """The smallest and the largest place that is read."""
    reach = [stride * (count - 1) for stride, count in zip(access.strides, shape, strict=True)]
    reach.append(access.step * (terms - 1))
    return access.base + sum(min(x, 0) for x in reach), access.base + sum(max(x, 0) for x in reach)


def affine(base: int, counters: Sequence[str], strides: Sequence[int]) -> str:
    """base + stride * counter + ..., without what is 0."""
    text = str(base) if base else ""
    for counter, stride in zip(counters, strides, strict=True):
        if stride:
            factor = counter if abs(stride) == 1 else f"{abs(stride)} * {counter}"
            sign = "-" if stride < 0 else "+"
            text = f"{text} {sign} {factor}" if text else factor if stride > 0 else f"0 - {factor}"
    return text or "0"


def _single(body: list[str]) -> bool:
    """Whether it is one statement."""
    return all(line.startswith((" ", "for")) for line in body) and (
        sum(not line.startswith(" ") for line in body) == 1
    )


def _braced(head: str, body: Sequence[str]) -> list[str]:
    return [head, *_indented(body), "}"]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]

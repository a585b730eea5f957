"""Rows of different lengths: tokens of a text, letters of a name, measurements.

They are filled up with zeros to the length of the longest, and the last number of a row is its own
length; `nn.sequences` takes them apart again for the module.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograd_bp.errors import DataError, ModelError
from autograd_bp.training.rows import Pair, refuse_unknown_numbers
from autograd_bp.training.sequence_forms import chosen, held, named_columns, single_column
from autograd_bp.training.typed import number_text

__all__ = ["TOKENS", "Sequences", "pairs_of_sequences", "rows_of_sequences"]

KINDS = "text", "tokens", "numbers"
ROWS = {
    "text": "texts, such as 'mona'",
    "tokens": "lists of texts, such as ['the', 'cat']",
    "numbers": "lists of numbers, such as [4, 0, 7]",
}
MAX_TOKENS = 10_000
TOKENS = "tokens"  # the name of the column


@dataclass(frozen=True)
class Sequences:
    """Makes numbers of rows of tokens: the scaling of a model for such rows.

    Attributes:
        kind: "text" where a row is a text and its characters are the tokens; "tokens" where it is a
            list of texts; "numbers" where it is a list of numbers, which stay as they are.
        tokens: the texts, of which the first is number 1; 0 stands for all others.
        longest: the length of the longest row that they were learned from.
        column: the name of the column in which the rows stood; "" where they were no column.
    """

    kind: str
    tokens: tuple[str, ...] = ()
    longest: int = 1
    column: str = ""

    @classmethod
    def learned(cls, X: Any, column: str = "") -> Sequences:
        """The tokens of some rows, in their order.

        Arguments:
            X: the rows, as for `rows_of_sequences`.
            column: the name of the column in which they stand in tables.

        Raises: DataError for what are no such rows, and for rows of several kinds.
        """
        X = single_column(held(X))
        kind = _kind(X)
        for n, row in enumerate(_listed(X) if kind == "text" else [], 1):
            if not isinstance(row, str):
                raise DataError(f"row {n} is {type(row).__name__} {row!r:.40}, beside texts")
        rows = cls(kind).rows(X)
        longest = max(map(len, rows), default=0)
        if not longest:
            raise DataError("there are no rows with tokens to learn from")
        if kind == "numbers":
            return cls(kind, (), longest, column)
        tokens = sorted({token for row in rows for token in row})
        if len(tokens) > MAX_TOKENS:
            raise DataError(
                f"the rows have {len(tokens):,} different tokens, more than {MAX_TOKENS:,}: make "
                "numbers of the most frequent ones, and give these"
            )
        return cls(kind, tuple(tokens), longest, column)

    @property
    def size(self) -> int:
        """How many numbers of tokens there are, 0 among them: the length of a table of vectors."""
        return len(self.tokens) + 1

    @property
    def width(self) -> int:
        """How many inputs a row is at least: its numbers and its length."""
        return self.longest + 1

    def numbers(self, row: Any) -> list[float]:
        """The numbers of the tokens of one row.

        Raises: DataError for what is no such row.
        """
        tokens = self._own(self._cell(row), "the row")
        if self.kind == "numbers":
            return _as_numbers(tokens, "the row")
        return [self._places.get(token, 0.0) for token in tokens]

    def rows(self, X: Any) -> list[list[Any]]:
        """The tokens of each row, read as those that were learned from.

        Arguments:
            X: as for `rows_of_sequences`; or a table with names, of which the column is taken that
                was learned from, or the only one.

        Raises: DataError for anything else, and naming the first row of another kind.
        """
        if _is_filled(X):
            rows: list[Any] = rows_of_sequences(X)
        else:
            columns = named_columns(X)
            rows = _listed(X if columns is None else chosen(columns, self.column))
        return [self._own(row, f"row {n}") for n, row in enumerate(rows, 1)]

    def _own(self, row: Any, where: str) -> list[Any]:
        """The tokens of a row of the kind that was learned from."""
        is_text = isinstance(row, str)
        if is_text and self.kind != "text":
            raise DataError(f"{where} is the text {row!r:.40}, and the rows are {ROWS[self.kind]}")
        if not isinstance(row, Iterable):
            raise DataError(
                f"{where} is {type(row).__name__} {row!r:.40}, and the rows are {ROWS[self.kind]}"
            )
        tokens = _tokens(row, where)
        if self.kind == "text" and len(tokens) == 1 and isinstance(tokens[0], str):
            return [*tokens[0]]  # a table of one column, without its name
        for place, token in enumerate(tokens, 1):
            is_right = isinstance(token, str) is (self.kind != "numbers")
            if not is_right or (self.kind == "text" and len(token) != 1):
                raise DataError(
                    f"{where}: token {place} is {type(token).__name__} {token!r:.40}, and the rows "
                    f"are {ROWS[self.kind]}"
                )
        return tokens

    def _cell(self, row: Any) -> Any:
        """Of a row that has names, a dict or one of pandas, the cell with the tokens."""
        if isinstance(row, Mapping):
            return chosen([(str(name), cell) for name, cell in row.items()], self.column)
        if self.column and hasattr(row, "to_dict") and self.column in getattr(row, "index", ()):
            return row[self.column]
        return row

    @cached_property
    def _places(self) -> dict[str, float]:
        return {token: float(k) for k, token in enumerate(self.tokens, 1)}

    def apply(self, row: Any) -> list[float]:
        """A row as the network wants it."""
        return _filled([self.numbers(row)], self.longest)[0]

    def table(self, rows: Sequence[Any]) -> list[list[float]]:
        """The inputs for some rows, a row for each."""
        return _filled([self.numbers(row) for row in rows], self.longest)

    def is_row(self, X: Any) -> bool:
        """Whether X is a single row, and no table of them."""
        X = self._cell(X)
        if isinstance(X, str):
            return True
        if not isinstance(X, (list, tuple)) and len(getattr(X, "shape", ())) != 1:
            return False
        items = [*X]
        if any(isinstance(item, str) for item in items):
            return self.kind != "text"
        return bool(items) and not any(hasattr(item, "__len__") for item in items)

    def report(self) -> list[tuple[str, str]]:
        """Describe the treatment of the rows, for readers."""
        if self.kind == "numbers":
            return [("tokens", f"numbers as they are, up to {self.longest} in a row")]
        shown = " ".join(self.tokens[:40]) + (" ..." if len(self.tokens) > 40 else "")
        note = f"{len(self.tokens)} tokens, 0 stands for others: {shown}"
        return [("tokens", f"{note}; up to {self.longest} in a row")]

    def to_json(self) -> dict[str, Any]:
        """As it stands in a model file."""
        content = {"kind": self.kind, "tokens": list(self.tokens), "longest": self.longest}
        return {**content, "column": self.column} if self.column else content

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Sequences:
        """Of a model file. Raises ModelError where it is not sound."""
        kind, tokens, longest = (content.get(name) for name in ("kind", "tokens", "longest"))
        if kind not in KINDS or not isinstance(tokens, list):
            raise ModelError("sequences has no kind or no tokens")
        if not all(isinstance(token, str) for token in tokens) or len({*tokens}) < len(tokens):
            raise ModelError("the tokens of sequences are texts, each once")
        if not isinstance(longest, int) or isinstance(longest, bool) or longest < 1:
            raise ModelError(f"the longest row of sequences is {longest!r:.40}")
        column = content.get("column", "")
        if not isinstance(column, str):
            raise ModelError(f"the column of sequences is {column!r:.40}")
        return cls(kind, tuple(tokens), longest, column)


def rows_of_sequences(X: Any) -> list[list[Any]]:
    """The tokens of each row.

    Arguments:
        X: a list, an array or a column of rows, each a list, an array or a text; or a tuple of a
            table that is filled up and the lengths of its rows; or a table with the one column.

    Raises: DataError for anything else.
    """
    if _is_filled(X):
        table, lengths = (_listed(part) for part in X)
        if len(table) != len(lengths):
            raise DataError(
                f"the table has {len(table)} rows, and there are {len(lengths)} lengths: give one "
                "for each row"
            )
        return [
            _tokens(row, f"row {n}")[: _length(length, len(row), n)]
            for n, (row, length) in enumerate(zip(table, lengths, strict=True), 1)
        ]
    rows = _listed(single_column(X))
    return [_tokens(row, f"row {n}") for n, row in enumerate(rows, 1)]


def pairs_of_sequences(data: Any, what: str = "training data") -> list[Pair]:
    """The rows of `train`, filled up, with their lengths last, each with its desired outputs.

    Arguments:
        data: pairs (tokens, d); or a tuple (X, D) where X is as for `rows_of_sequences`; or an
            iterable of such tuples, chunk after chunk.
        what: the name of the data in errors.

    Raises: DataError for anything else, for tokens that are no numbers, and for numbers that are
        not finite.
    """
    rows: list[list[Any]] = []
    desired: list[Any] = []
    if isinstance(data, tuple) and len(data) == 2:
        data = [data]
        chunks = [True]
    else:
        try:
            data = [*data]
        except TypeError:
            data = [data]
        chunks = [_is_chunk(item) for item in data]
    for item, is_chunk in zip(data, chunks, strict=True):
        if not isinstance(item, (tuple, list)) or len(item) != 2:
            raise DataError(
                f"{what} of a module that takes lengths are pairs of tokens and desired outputs, "
                f"such as ([4, 0, 7], [1]), or a tuple (X, D), got {item!r:.60}"
            )
        x, d = item
        some, of_some = (
            (rows_of_sequences(x), _listed(d)) if is_chunk else ([_tokens(x, what)], [d])
        )
        if len(some) != len(of_some):
            raise DataError(
                f"X has {len(some)} rows and D has {len(of_some)}: give one d for each x"
            )
        rows += some
        desired += of_some
    numbers = [_as_numbers(row, f"row {n}") for n, row in enumerate(rows, 1)]
    pairs = [
        (x, list(d) if isinstance(d, Iterable) and not isinstance(d, str) else [d])
        for x, d in zip(_filled(numbers), desired, strict=True)
    ]
    refuse_unknown_numbers(pairs)
    return pairs


def _filled(rows: Sequence[list[float]], least: int = 0) -> list[list[float]]:
    """Rows of one length, at least the given one: zeros after their numbers, their lengths last."""
    longest = max(least, *map(len, rows)) if rows else least
    return [[*row, *[0.0] * (longest - len(row)), float(len(row))] for row in rows]


def _kind(X: Any) -> str:
    """The kind of the tokens of rows: the first one says it."""
    rows = _listed(X[0] if _is_filled(X) else X)
    if any(isinstance(row, str) for row in rows):
        return "text"
    for row in rows:
        for token in _tokens(row, "a row"):
            return "tokens" if isinstance(token, str) else "numbers"
    return "numbers"


def _is_filled(X: Any) -> bool:
    """Whether X is a table that is filled up, and the lengths of its rows."""
    if not isinstance(X, tuple) or len(X) != 2:
        return False
    table, lengths = X
    shape = getattr(table, "shape", None)
    if isinstance(shape, tuple):
        return len(shape) == 2
    try:
        return len({len(row) for row in table}) == 1 and all(
            not hasattr(length, "__len__") for length in lengths
        )
    except TypeError:
        return False


def _is_chunk(item: Any) -> bool:
    """Whether an item is a tuple of tables, and no pair of one row."""
    if not isinstance(item, tuple) or len(item) != 2:
        return False
    x, d = item
    if isinstance(x, str) or not hasattr(d, "__len__"):
        return False
    try:
        first = 0.0 if _is_filled(x) else next(iter(_listed(x)), 0.0)
    except DataError:
        return False
    return _is_filled(x) or (hasattr(first, "__len__") and not isinstance(first, str))


def _listed(X: Any) -> list[Any]:
    """The entries of a list, an array, a series or a column."""
    for method in ("to_pylist", "to_list", "to_numpy", "tolist"):
        if hasattr(X, method):
            entries = getattr(X, method)()
            if isinstance(entries, Iterable):
                return list(entries)
            X = entries  # an array without dimensions
    if isinstance(X, (str, bytes, Mapping)) or not isinstance(X, Iterable):
        raise DataError(
            "rows of different lengths are a list of lists, an array of them, or a tuple (table, "
            f"lengths), got {type(X).__name__} {X!r:.60}"
        )
    return list(X)


def _tokens(row: Any, where: str) -> list[Any]:
    """The tokens of a row. Raises DataError for one that is no list of numbers or texts."""
    if isinstance(row, str):
        return [*row]
    tokens = _listed(row)
    for place, token in enumerate(tokens, 1):
        if isinstance(token, (str, int, float)):
            continue
        if hasattr(token, "__len__") or not hasattr(token, "__float__"):
            raise DataError(
                f"{where}: token {place} is {type(token).__name__} {token!r:.40}, where a number "
                "or a text is needed; a table that is filled up comes as (X, lengths)"
            )
    return tokens


def _as_numbers(row: Sequence[Any], where: str) -> list[float]:
    numbers = []
    for place, token in enumerate(row, 1):
        try:
            number = math.nan if isinstance(token, str) else float(token)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            hint = (
                "`fit` makes numbers of texts"
                if isinstance(token, str)
                else "a table that is filled up comes with its lengths, (X, lengths)"
            )
            raise DataError(f"{where}: token {place} is {token!r:.40}, no finite number; {hint}")
        numbers.append(number)
    return numbers


def _length(length: Any, most: int, n: int) -> int:
    try:
        whole = int(length)
        is_right = whole == length and 0 <= whole <= most
    except (TypeError, ValueError, OverflowError):
        is_right = False
    if not is_right:
        raise DataError(
            f"row {n} has the length {length!r:.40}: a length is a whole number from 0 to {most}, "
            "the numbers of a row"
        )
    return whole


def text_of_row(row: Sequence[Any]) -> str:
    """The tokens of a row in one text, for fingerprints."""
    return "\x1f".join(
        token if isinstance(token, str) else number_text(float(token)) for token in row
    )

"""Cells of text: which say nothing, and which numbers, truths and dates they hold.

A column is read as a whole. "1,5" is a number where a comma is the decimal sign in all of its
column, and "1,234" is one where a comma separates thousands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

__all__ = ["STYLES", "is_missing", "moments", "numbers", "plain_number", "truths"]

MISSING = frozenset(
    {
        *("", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan", "nat", "null", "none", "nil"),
        *("missing", "unknown", "?", "-", "--", "–", "—", ".", "..", "...", "n.a.", "n.a", r"\n"),
        *("#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!"),
        *(f".{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),  # of Stata
    }
)
"""What people write in a cell that has no value, in small letters."""


def is_missing(cell: str) -> bool:
    """Whether a cell of text says nothing."""
    return cell.strip().lower() in MISSING


def plain_number(cell: str) -> float | None:
    """The number in a cell as Python writes it; None where it holds none."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


class Style(NamedTuple):
    """A way to write numbers.

    Attributes:
        name: what it is called in reports; "" for the plain one.
        pattern: of a cell.
        clean: what makes it a plain number.
    """

    name: str
    pattern: re.Pattern[str]
    clean: Callable[[str], str]


_SIGN = r"[+\-−]?"
_THOUSANDS = {
    "'": re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(?:['’]\d{{3}})+(?:\.\d*)?"),
    " ": re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(?:[ \u00a0\u202f]\d{{3}})+(?:[.,]\d*)?"),
    ",": re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d*)?"),
    ".": re.compile(rf"{_SIGN}[1-9]\d{{0,2}}(?:\.\d{{3}})+(?:,\d*)?"),
}
_COMMA = re.compile(rf"{_SIGN}\d*,\d+(?:[eE]{_SIGN}\d+)?")

STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style("decimal comma", _COMMA, lambda cell: cell.replace(",", ".")),
        Style("thousands by commas", _THOUSANDS[","], lambda cell: cell.replace(",", "")),
        Style(
            "thousands by points",
            _THOUSANDS["."],
            lambda cell: cell.replace(".", "").replace(",", "."),
        ),
        Style("thousands by apostrophes", _THOUSANDS["'"], lambda cell: re.sub("['’]", "", cell)),
        Style(
            "thousands by spaces",
            _THOUSANDS[" "],
            lambda cell: re.sub("[ \u00a0\u202f]", "", cell).replace(",", "."),
        ),
    )
}
_CURRENCY = "US$", "R$", "C$", "A$", "HK$", "$", "€", "£", "¥", "₹", "₽", "₩", "zł"
_CODES = (
    "USD|EUR|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|AUD|CAD|NZD|SGD|HKD|Fr|Rs|kr"
)
_WITH_UNIT = re.compile(rf"(?:({_CODES})\.?\s*)?{_SIGN}\d[\d.,' ]*?\s*([A-Za-zµ°/²³]{{1,12}})?")
_LIMITS = "<>≤≥~≈"
MIN_NUMBERS = 5  # different ones, beside which <0.5 is a limit


class Numbers(NamedTuple):
    """A column read as numbers.

    Attributes:
        values: NaN where a cell says nothing.
        style: how they are written, a key of STYLES, or "" for plainly.
        unit: "%" or a currency that stood beside each of them, or "".
        strange: the cells that hold no number.
        limits: the cells that say of a number that it is a limit, as "<0.5" and ">10" do.
    """

    values: list[float]
    style: str
    unit: str
    strange: list[str]
    limits: Sequence[str] = ()


def numbers(
    cells: Sequence[str], style: str | None = None, unit: str = "", *, comma: bool = False
) -> Numbers:
    """The numbers of a column of text.

    Arguments:
        cells: the cells.
        style: how the numbers are written, if that is known from other rows; else the way in which
            most cells can be read is chosen.
        unit: the unit that is known with the style.
        comma: whether a comma is rather a decimal sign than a separator of thousands.
    """
    if style in (None, "") and not unit:
        plain = _all_plain(cells)
        if plain is not None:
            return Numbers(_finite(plain), "", "", [])
    texts = [cell.strip() for cell in cells]
    present = [text for text in texts if not is_missing(text)]
    is_learned = style is None
    if style is None:
        style, unit = _style_of(present, comma)
    known = _known(present, style, unit, is_learned=is_learned)
    values = [_or_nan(known.get(text)) for text in texts]
    strange = [text for text in present if known[text] is None]
    limits = [text for text in present if text[0] in _LIMITS and known[text] is not None]
    return Numbers(_finite(values), style, unit, strange, limits)


def _known(
    present: list[str], style: str, unit: str, *, is_learned: bool
) -> dict[str, float | None]:
    """The number of each text. While the style is learned, cells such as <0.5 are numbers where
    they are limits among numbers, and not names of groups."""
    known = {text: _number(text, style, unit) for text in set(present)}
    marked = {text for text in known if text[0] in _LIMITS}
    plain = {number for text, number in known.items() if text not in marked} - {None}
    are_limits = 2 * sum(text in marked for text in present) <= len(present)
    if is_learned and not (are_limits and len(plain) >= MIN_NUMBERS):
        known |= dict.fromkeys(marked)
    return known


def _all_plain(cells: Sequence[str]) -> list[float] | None:
    """The numbers of most columns; None where a cell is no plain number."""
    try:
        values = [float(cell) for cell in cells]
    except ValueError:
        return None
    return None if any("_" in cell for cell in cells) else values


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _finite(values: list[float]) -> list[float]:
    return [value if math.isfinite(value) else math.nan for value in values]


def _number(text: str, style: str, unit: str) -> float | None:
    text = _bare(_without(text, unit) if unit else text)
    number = plain_number(text)
    known = STYLES.get(style)
    if known is not None and known.pattern.fullmatch(text):
        number = plain_number(known.clean(text))
    elif number is None and style.startswith("thousands by points"):
        number = plain_number(text.replace(",", "."))
    return number


def _bare(text: str) -> str:
    """A number as it stands between other signs: -5 for (5) and 5-, as accounts are written, and
    for −5; 5 for <5 and >5."""
    text = text.replace("−", "-")
    if text[:1] in _LIMITS:
        text = text.lstrip(_LIMITS + "=").strip()
    if text.startswith("(") and text.endswith(")"):
        return "-" + text[1:-1].strip()
    if text.endswith("-") and text[:1].isdigit():
        return "-" + text[:-1].strip()
    return text


def _without(text: str, unit: str) -> str:
    if any(not character.isalpha() for character in unit) and "/" not in unit:
        return text.replace(unit, "").strip()
    sign = next((mark for mark in (*_LIMITS, "(") if text.startswith(mark)), "")
    if text.removeprefix(sign).startswith(unit):
        return sign + text.removeprefix(sign).removeprefix(unit).removeprefix(".").strip()
    return text.removesuffix(unit).strip()


def _unit_of(texts: list[str]) -> str:
    """The unit that stands beside the numbers of nearly all cells: %, a currency, km/h."""
    for unit in ("%", *_CURRENCY):
        if 2 * sum(unit in text for text in texts) > len(texts):
            return unit
    matches = [_WITH_UNIT.fullmatch(_bare(text).removeprefix("-")) for text in texts]
    units = {match[1] or match[2] for match in matches if match is not None}
    return units.pop() or "" if len(units) == 1 and None not in matches else ""


def _style_of(texts: list[str], comma: bool) -> tuple[str, str]:
    """The style that reads most cells that are no plain numbers, and the unit."""
    unit = _unit_of(texts[:1000])
    texts = [_bare(_without(text, unit) if unit else text) for text in texts]
    unread = [text for text in texts if plain_number(text) is None]
    best, count = "", 0
    for style in STYLES.values():
        reads = sum(style.pattern.fullmatch(text) is not None for text in unread)
        if reads > count:
            best, count = style.name, reads
    by_commas = STYLES["thousands by commas"].pattern
    if best == "decimal comma" and not comma and all(map(by_commas.fullmatch, unread)):
        best = "thousands by commas"  # only "1,234" and the like
    return best, unit


# ------------------------------------------------------------------------- truths and dates
_TRUTHS = (
    ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("on", "off"), ("ja", "nein"),
    ("oui", "non"), ("si", "no"), ("sí", "no"), ("wahr", "falsch"), ("vrai", "faux"),
)  # fmt: skip


def truths(values: Iterable[str]) -> tuple[str, str] | None:
    """(what says yes, what says no), in small letters, where the values are two such words."""
    distinct = {value.strip().lower() for value in values}
    return next((pair for pair in _TRUTHS if distinct == set(pair)), None)


FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y",
    "%m/%d/%y", "%d/%m/%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y",
    "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S",
    "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%y %I:%M %p", "%m/%d/%y %H:%M",
    "%d-%b-%Y", "%d-%b-%y", "%d-%b-%Y %H:%M:%S", "%d %b %Y %H:%M", "%b %d %Y %I:%M %p", "%I:%M %p",
    "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m", "%H:%M", "%H:%M:%S",
)  # fmt: skip
_MAY_BE_DATE = re.compile(r"[\w.,:/+ \-]{4,35}")


def moments(cells: Sequence[str], format: str | None = None) -> tuple[list[float], str] | None:
    """The days since 1970 of a column of dates, NaN where a cell says nothing, and their format;
    None unless all cells are dates of one format.

    Arguments:
        cells: the cells.
        format: the format that is known from other rows; another cell is then missing.
    """
    texts = [None if is_missing(cell) else cell.strip() for cell in cells]
    if format is not None:
        return [_day(text, format) for text in texts], format
    known = [text for text in texts if text is not None]
    if not known or not all(map(_MAY_BE_DATE.fullmatch, known[:50])):
        return None
    for candidate in ("iso", *FORMATS):
        days = _days(known, candidate)
        if days is not None:
            return [math.nan if text is None else days[text] for text in texts], candidate
    return None


def _days(texts: list[str], format: str) -> dict[str, float] | None:
    """The day of each different text; None unless all are dates of that format."""
    if math.isnan(_day(texts[0], format)) or math.isnan(_day(texts[-1], format)):
        return None
    days = {text: _day(text, format) for text in set(texts)}
    return None if any(map(math.isnan, days.values())) else days


def _day(text: str | None, format: str) -> float:
    if text is None:
        return math.nan
    try:
        if format == "iso":
            moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        else:
            moment = datetime.strptime(text, format)
    except ValueError:
        return math.nan
    return day_of(moment)


def day_of(moment: Any) -> float:
    """Days since 1970, in the time of the moment's own zone."""
    if isinstance(moment, datetime):
        moment = moment.replace(tzinfo=None)
        return float((moment - datetime(1970, 1, 1)).total_seconds()) / 86400.0
    if isinstance(moment, date):
        return float(moment.toordinal() - date(1970, 1, 1).toordinal())
    return math.nan

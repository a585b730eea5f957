"""Text of users in one line: without harmful characters, and not too long."""

from __future__ import annotations

import re

LABEL_LENGTH = 28

# What XML forbids, lone surrogates, and the controls that turn the direction of text around.
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def clean(text: str) -> str:
    """The text in one line, without characters that XML forbids or that reorder others."""
    if not _FORBIDDEN.search(text):
        return text
    return _FORBIDDEN.sub(_replacement, text)


def _replacement(match: re.Match[str]) -> str:
    character = match.group()
    if character in "\t\n\r\x0b\x0c\x85\u2028\u2029":
        return " "
    return "" if "\u202a" <= character <= "\u2069" else "\ufffd"


def short(text: str, limit: int = LABEL_LENGTH) -> str:
    """At most `limit` characters; a longer text loses its middle."""
    if len(text) <= limit:
        return text
    tail = limit // 3
    return f"{text[: limit - tail - 1]}…{text[-tail:]}"


def count(n: int, noun: str) -> str:
    """`1 value`, `12,000 values`."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"

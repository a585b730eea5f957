"""Names and numbers in C: a label becomes neither code nor the end of a comment."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd_bp.errors import SettingError

LONGEST = 24
MOST_GROUPS = 24  # with more of them, names would be no help

_KEYWORDS = """
    auto break case char const continue default do double else enum extern float for goto if inline
    int long register restrict return short signed sizeof static struct switch typedef union
    unsigned void volatile while alignas alignof asm bool constexpr false true nullptr
    static_assert thread_local typeof catch class delete friend mutable namespace new operator
    private protected public template this throw try typename using virtual and or not xor
    and_eq or_eq not_eq xor_eq bitand bitor compl export explicit near far interrupt
"""
_LIBRARY = """
    acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs
    fdim floor fma fmax fmin fmod fpclassify frexp hypot ilogb isfinite isgreater isinf isless
    isnan isnormal isunordered j0 j1 jn ldexp lgamma llrint llround log log10 log1p log2 logb
    lrint lround modf nan nearbyint nextafter nexttoward pow remainder remquo rint round scalbln
    scalbn signbit signgam sin sinh sqrt tan tanh tgamma trunc y0 y1 yn gamma drem significand
    exp10 pow10 sincos abs labs exit abort main printf putchar puts errno stdin stdout stderr
    size_t ptrdiff_t wchar_t offsetof linux unix i386 sun vax mips arm avr I F B D
"""
# What the function that computes a block of rows calls things.
_OWN = """
    parameters inputs rows sums each work columns constants list sum i j k l r s t u y
"""
# Names that compilers know without a header, that <stdio.h> declares, and that the check uses.
_ELSEWHERE = """
    calloc malloc realloc free atexit llabs getenv atof atoi atol strtod strtol rand srand qsort
    isalnum isalpha isblank iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit
    tolower toupper memchr memcmp memcpy memmove memset strcat strchr strcmp strcpy strcspn strlen
    strncat strncmp strncpy strpbrk strrchr strspn strstr fprintf sprintf snprintf vprintf vfprintf
    vsprintf vsnprintf scanf fscanf sscanf vscanf vfscanf vsscanf fopen freopen fclose fflush fread
    fwrite fgetc fgets fputc fputs getc getchar gets putc ungetc fseek ftell fgetpos fsetpos rewind
    clearerr feof ferror perror remove rename setbuf setvbuf tmpfile tmpnam fpos_t cabs cacos cacosh
    carg casin casinh catan catanh ccos ccosh cexp cimag clog conj cpow cproj creal csin csinh csqrt
    ctan ctanh float_t double_t va_list sums each work wrong
"""
_SINGLE = {f"{word}{kind}" for word in _LIBRARY.split() for kind in "fl"}  # sinf, sinl
RESERVED = frozenset(f"{_KEYWORDS} {_LIBRARY} {_ELSEWHERE}".split()) | _SINGLE


def identifier(label: str) -> str:
    """A name in C that reminds of the label: ASCII letters, digits and single underscores."""
    text = "".join(map(_spelled, label[: 4 * LONGEST]))
    text = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:LONGEST].rstrip("_")
    if not text:
        return "v"
    if text[0].isdigit():
        text = f"v{text}"
    if len(text) > 1 and text.isupper():  # macros are written so
        text = text.lower()
    return f"{text}_" if text in RESERVED else text


def checked_choice(option: str, choice: Any, choices: Sequence[str]) -> None:
    """Raises SettingError for what is none of the choices of an option."""
    if choice not in choices:
        raise SettingError(f"{option} is one of {', '.join(choices)}, got {choice!r:.60}")


def checked_name(name: object) -> str:
    """The name itself, if a function in C can be called so.

    Raises: SettingError.
    """
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,40}", name):
        raise SettingError(
            f"name={name!r:.60} is no name of a function in C: use letters, digits and underscores"
        )
    if name in RESERVED or (len(name) > 1 and name.isupper()):  # macros are written so
        raise SettingError(f"name={name!r} may mean something else in C: choose another")
    return name


def comment(label: str) -> str:
    """A label as text inside a comment."""
    text = "".join(map(_spelled, label[:60]))
    text = re.sub(r"[^A-Za-z0-9_ .,:'()\[\]]", "~", text)
    return text if len(label) <= 60 else f"{text}..."


def _spelled(letter: str) -> str:
    if letter.isascii():
        return letter
    name = unicodedata.name(letter, "")
    if "LETTER " in name:
        word = name.split("LETTER ")[-1].split()[0].lower()
        return word if len(word) > 1 else unicodedata.normalize("NFKD", letter)[0]
    return f"_{ord(letter):x}_"


def literal(x: float) -> str:
    """The shortest decimals of which the number is the nearest one, which compilers read exactly.

    C++ before C++17 has no hexadecimal ones, and clang warns about them there.
    """
    if math.isnan(x):
        return "NAN"
    if math.isinf(x):
        return "INFINITY" if x > 0.0 else "(-INFINITY)"
    text = repr(x)
    return text if math.copysign(1.0, x) > 0.0 else f"({text})"


@dataclass(frozen=True)
class Group:
    """Numbers that lie side by side and belong together: `w[0]` to `w[12]`, `b1` to `b3`.

    Attributes:
        name: what they are called in C.
        start, stop: where they are.
        labels: the first and the last as their owner calls them.
    """

    name: str
    start: int
    stop: int
    labels: tuple[str, str]


def groups(labels: Sequence[str], taken: set[str], array: str) -> list[Group]:
    """Labels in groups with unique names; one group of all where there would be too many.

    Arguments:
        labels: in order.
        taken: names that are not free; those that are given are added.
        array: what a group of all is called.
    """
    if not labels:
        return []
    starts = [k for k in range(len(labels)) if k == 0 or _root(labels[k]) != _root(labels[k - 1])]
    if len(starts) > MOST_GROUPS:
        return [Group(array, 0, len(labels), (labels[0], labels[-1]))]
    made = []
    for start, stop in zip(starts, [*starts[1:], len(labels)], strict=True):
        name = _unique(identifier(_root(labels[start]) or array), taken)
        made.append(Group(name, start, stop, (labels[start], labels[stop - 1])))
    return made


def _root(label: str) -> str:
    """The label up to its first index, or without the digits at its end."""
    head = re.split(r"[\[.]", label[: 4 * LONGEST], maxsplit=1)[0]
    return head.rstrip("0123456789_") or head


def _unique(name: str, taken: set[str]) -> str:
    found, k = name, 2
    while found in taken:
        found, k = f"{name}_{k}", k + 1
    taken.add(found)
    return found


def own_names() -> set[str]:
    """Names that are not free for what users name."""
    return set(_OWN.split())


def name_for(label: str) -> str:
    """The name in C for a function of that name."""
    found = identifier(label)
    return found if found != "v" else "program"

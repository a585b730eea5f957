"""The keywords that `prove`, `check_formulas` and the grading of formulas share: stated once, for
readers, for type checkers and for Python.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast

from autograd_bp.words import refuse_keywords

if TYPE_CHECKING:
    from autograd_bp.nn.proof_activations import Performance

__all__ = ["DEFAULTS", "Options", "settled", "takes_options"]

F = TypeVar("F", bound=Callable[..., Any])


class Options(TypedDict, total=False):
    """How the formulas differ from those of the post; `prove` says what each of them means."""

    slopes: Any
    output: Any
    performance: Performance | None
    batch: str | None
    recurrent: Any
    masks: Any
    decay: Any
    decay_bias: bool


DEFAULTS = Options(
    slopes=None,
    output=None,
    performance=None,
    batch=None,
    recurrent=(),
    masks=None,
    decay=0.0,
    decay_bias=False,
)


def settled(options: Options) -> Options:
    """All of the options, with the defaults of those that are not given."""
    return {**DEFAULTS, **options}


def takes_options(function: F) -> F:
    """A decorator for a function of **options: `help` lists them, and any other keyword raises
    KeywordError.
    """
    own = inspect.signature(function)
    parameters = [p for p in own.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
        for name, default in DEFAULTS.items()
    ]
    known = frozenset(parameter.name for parameter in parameters)

    @functools.wraps(function)
    def checked(*args: Any, **keywords: Any) -> Any:
        if not keywords.keys() <= known:
            refuse_keywords(function.__name__, keywords, [p.name for p in parameters])
        return function(*args, **keywords)

    described: Any = checked
    described.__signature__ = own.replace(parameters=parameters)
    return cast(F, described)

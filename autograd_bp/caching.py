"""Results that are kept as long as the object that they belong to."""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def cached_for_life(function: F) -> F:
    """A decorator: a result is kept for the same arguments, as long as the last of them lives.

    `functools.cache` would keep the argument alive, for example each primitive that a user makes.
    """
    known: weakref.WeakKeyDictionary[Any, dict[Any, Any]] = weakref.WeakKeyDictionary()

    def cached(*arguments: Any) -> Any:
        results = known.setdefault(arguments[-1], {})
        if arguments[:-1] not in results:
            results[arguments[:-1]] = function(*arguments)
        return results[arguments[:-1]]

    functools.update_wrapper(cached, function)
    decorated: Any = cached
    return decorated  # type: ignore[no-any-return]

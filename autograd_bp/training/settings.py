"""Settings, checked: the errors name the setting and what was received."""

from __future__ import annotations

import math
from typing import Any

from autograd_bp.errors import OperandError, SettingError
from autograd_bp.primitives import number

__all__ = ["not_negative", "positive", "share", "whole"]


def positive(what: str, setting: Any) -> float:
    """The setting as a finite number above 0. Raises SettingError, naming `what`, if it is not."""
    try:
        plain = math.nan if isinstance(setting, bool) else number(setting)
    except (OperandError, OverflowError):
        plain = math.nan
    if not 0.0 < plain < math.inf:
        raise SettingError(f"{what} is a number above 0, got {setting!r:.60}")
    return plain


def not_negative(what: str, setting: Any) -> float:
    """The setting as a finite number, 0 or more. Raises SettingError if it is not."""
    if not isinstance(setting, (bool, str)) and setting == 0:
        return 0.0
    try:
        return positive(what, setting)
    except SettingError:
        raise SettingError(f"{what} is a number, 0 or more, got {setting!r:.60}") from None


def share(what: str, setting: Any) -> float:
    """The setting as a number from 0 up and below 1. Raises SettingError if it is not."""
    try:
        plain = not_negative(what, setting)
    except SettingError:
        plain = 1.0
    if plain >= 1.0:
        raise SettingError(f"{what} is a number, 0 or more and below 1, got {setting!r:.60}")
    return plain


def whole(what: str, setting: Any, least: int = 1) -> int:
    """The setting as a whole number from `least` up. Raises SettingError if it is not."""
    if isinstance(setting, bool) or not hasattr(type(setting), "__index__") or setting < least:
        raise SettingError(f"{what} is a whole number, {least} or more, got {setting!r:.60}")
    return int(setting)

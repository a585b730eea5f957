"""Encoders and targets as parts of a model file, checked when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from autograd_bp.errors import ModelError
from autograd_bp.training.cells import STYLES
from autograd_bp.training.checked import floats_of, list_of, mapping_of, text_of
from autograd_bp.training.coding import KINDS, Coding
from autograd_bp.training.encoder import Encoder
from autograd_bp.training.meaning import LinearNumbers, Shares
from autograd_bp.training.target import Classes, Numbers, Target

__all__ = ["encoder_from_json", "target_from_json", "target_to_json"]

_TEXTS = {"name", "note", "style", "unit", "yes", "no", "format"}


def encoder_from_json(thing: Any) -> Encoder:
    """The encoder. Raises ModelError for what is none."""
    entries = [mapping_of("encoder", entry) for entry in list_of("encoder", thing)]
    encoder = Encoder(tuple(map(_coding, entries)))
    names = [coding.name for coding in encoder.codings]
    if len(set(names)) < len(names):
        raise ModelError("two columns have one name")
    return encoder


def _coding(entry: Mapping[str, Any]) -> Coding:
    kind = entry.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ModelError(f"the encoder has the kind {kind!r:.40}, not one of {', '.join(KINDS)}")
    cls = KINDS[kind]
    needed = {field.name for field in fields(cls)}
    if set(entry) - {"kind"} != needed:
        raise ModelError(f"a {kind} of the encoder needs the entries {', '.join(sorted(needed))}")
    coding = cls(**{name: _field(name, entry[name]) for name in needed})
    if getattr(coding, "style", "") not in ("", *STYLES):
        raise ModelError(f"the encoder has the style {entry['style']!r:.40}")
    return coding


def _field(name: str, value: Any) -> Any:
    what = f"{name} of the encoder"
    if name in _TEXTS:
        return text_of(what, value)
    if name == "values":
        return _different(what, value)
    if name == "cycles":
        cycles = floats_of(what, value, len(list_of(what, value)))
        if not all(cycle > 0.0 for cycle in cycles) or len(cycles) > 3:
            raise ModelError("the cycles of the encoder are not above 0")
        return cycles
    if name in ("has_others", "has_missing"):
        if not isinstance(value, bool):
            raise ModelError(f"{what} is {value!r:.40}, not true or false")
        return value
    (number,) = floats_of(what, [value], 1)
    if name == "scale" and not number > 0.0:
        raise ModelError(f"{what} is not above 0")
    return number


def _different(what: str, value: Any) -> tuple[str, ...]:
    values = tuple(text_of(what, entry) for entry in list_of(what, value))
    if len(set(values)) < len(values):
        raise ModelError(f"two of the {what} are the same")
    return values


# --------------------------------------------------------------------------------- targets
def target_to_json(target: Target) -> dict[str, Any]:
    """The target as an object of a model file."""
    if isinstance(target, Classes):
        kind = {"output": "shares"} if isinstance(target, Shares) else {}
        return {"name": target.name, **kind, "classes": list(target.classes)}
    if isinstance(target, LinearNumbers):
        return {
            "name": target.name,
            "output": "linear",
            "names": list(target.names),
            "means": list(target.means),
            "scales": list(target.scales),
        }
    assert isinstance(target, Numbers)
    return {"name": target.name, "low": target.low, "width": target.width}


def target_from_json(thing: Any, n_outputs: int) -> Target:
    """The target of a network with so many outputs. Raises ModelError for what is none."""
    content = mapping_of("target", thing)
    name = text_of("the name of target", content.get("name"))
    meaning: Target
    if "classes" in content:
        meaning = _classes(name, content)
    elif content.get("output") == "linear":
        meaning = _linear(content)
    else:
        meaning = _numbers(name, content)
    if meaning.n_outputs != n_outputs:
        raise ModelError(
            f"target needs {meaning.n_outputs} outputs, and the network has {n_outputs}"
        )
    return meaning


def _classes(name: str, content: Mapping[str, Any]) -> Classes:
    names = [text_of("classes", entry) for entry in list_of("classes", content["classes"])]
    if len(set(names)) < len(names) or len(names) < 2:
        raise ModelError("classes must be two different names or more")
    output = content.get("output", "sigmoid")
    if output not in ("sigmoid", "shares"):
        raise ModelError(f"target has the output {output!r:.40}, which classes do not have")
    return (Shares if output == "shares" else Classes)(name, tuple(names))


def _linear(content: Mapping[str, Any]) -> LinearNumbers:
    names = _different("names of target", content.get("names"))
    means = floats_of("means of target", content.get("means"), len(names))
    scales = floats_of("scales of target", content.get("scales"), len(names))
    if not names or not all(scale > 0.0 for scale in scales):
        raise ModelError("a scale of target is not above 0")
    return LinearNumbers(names, means, scales)


def _numbers(name: str, content: Mapping[str, Any]) -> Numbers:
    range_ = [content.get("low"), content.get("width")]
    low, width = floats_of("low and width of target", range_, 2)
    if width <= 0.0:
        raise ModelError("the width of target is not above 0")
    return Numbers(name, low, width)

"""Modules that have moved, under the names that pickles and programs of earlier versions use.

A pickle names the module of each class in it. Where Python finds no module of that name, it asks
the finder of this file last, which answers with the module that took its place: the same module,
under a second name. So imports of today's names neither meet this file nor take longer.

A class that has another name today keeps the old one as an alias in its module.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = ["MODULES", "Finder"]

MODULES = {
    "array_counts": "arrays.counts",
    "array_functions": "arrays.functions",
    "array_linalg": "arrays.linalg",
    "array_numbers": "arrays.numbers",
    "array_orders": "arrays.orders",
    "array_quantiles": "arrays.quantiles",
    "array_reductions": "arrays.reductions",
    "array_refusals": "arrays.refusals",
    "array_scipy": "arrays.scipy",
    "array_slices": "arrays.slices",
    "array_statistics": "arrays.statistics",
    "checking.branches": "checking.points.kinks",
    "checking.check": "checking.gradient.check",
    "checking.differences": "checking.numeric.differences",
    "checking.doctor_report": "checking.doctor.report",
    "checking.domains": "checking.points.domains",
    "checking.judge": "checking.gradient.judge",
    "checking.mistakes": "checking.doctor.mistakes",
    "checking.report": "checking.gradient.report",
    "checking.subject": "checking.gradient.subject",
    "checking.verdicts": "checking.gradient.verdicts",
    "checking.wave": "checking.doctor.hand_formulas",
    "command_line": "command.line",
    "command_train": "command.train",
    "command_train_options": "command.train_options",
    "compiling.arguments": "compiling.front.arguments",
    "compiling.builder": "compiling.program.builder",
    "compiling.cache": "compiling.calling.cache",
    "compiling.choosing": "compiling.backends.choosing",
    "compiling.flattening": "compiling.program.flatten",
    "compiling.modules": "compiling.front.module",
    "compiling.passes": "compiling.program.passes",
    "compiling.programfile": "compiling.program.program_file",
    "compiling.recorded": "compiling.front.graph",
    "compiling.results": "compiling.front.results",
    "compiling.rolling": "compiling.loops.rolling",
    "drawing.diffs": "drawing.graph.compare",
    "drawing.maths": "notation.earlier",
    "drawing.parts": "drawing.graph.neuron",
    "drawing.plan": "drawing.network.placement",
    "drawing.repeats": "drawing.graph.repeats",
    "drawing.runs": "drawing.network.run",
    "drawing.scene": "drawing.graph.scene",
    "drawing.theme": "drawing.output.theme",
    "drawing.tiles": "drawing.network.weights",
    "drawing.wiring": "drawing.network.wiring",
    "special_bessel": "special.bessel",
    "special_coefficients": "special.coefficients",
    "special_doubled": "special.doubled",
    "special_incomplete": "special.incomplete",
    "special_incomplete_beta": "special.incomplete_beta",
    "special_normal": "special.normal",
    "ufuncs": "arrays.ufuncs",
}
"""Old name -> new name, both below `autograd_bp`."""

_PACKAGE = __name__.rpartition(".")[0]


class Finder:
    """The importer of the old names; `install` puts it behind all others."""

    @classmethod
    def install(cls) -> None:
        if cls not in sys.meta_path:
            sys.meta_path.append(cls)

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        package, _, old = name.partition(".")
        if package != _PACKAGE or old not in MODULES:
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(name, Finder)  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: ModuleSpec) -> None:
        """An empty module will do: `exec_module` puts the new one in its place."""

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        from importlib import import_module

        old = module.__name__
        sys.modules[old] = import_module(f"{_PACKAGE}.{MODULES[old.partition('.')[2]]}")

"""Checks of gradients: each compares a gradient with others, and says what is wrong with it.

`gradient` checks any function, `doctor` the formulas of backpropagation. `numeric` measures slopes,
`points` chooses the points and knows the kinks. `plugin` is for pytest and `grading` for teachers:
they stand above the others.
"""

from autograd_bp.checking.doctor.check import check_formulas
from autograd_bp.checking.doctor.report import Diagnosis, FormulaReport, FormulaTerm
from autograd_bp.checking.gradient.check import assert_gradient, check_gradient
from autograd_bp.checking.gradient.report import Component, GradientReport
from autograd_bp.checking.gradient.verdicts import Verdict

__all__ = [
    "Component",
    "Diagnosis",
    "FormulaReport",
    "FormulaTerm",
    "GradientReport",
    "Verdict",
    "assert_gradient",
    "check_formulas",
    "check_gradient",
]

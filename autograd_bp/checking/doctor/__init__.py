"""check_formulas: hand-derived γ and Δw compared with autodiff, term by term.

`hand_formulas` derives the terms in the order of the post, `mistakes` makes known mistakes on
purpose, `check` compares and searches, and `report` and `words` say what was found.
"""

from autograd_bp.checking.doctor.check import check_formulas

__all__ = ["check_formulas"]

"""check_formulas: hand-derived γ and Δw compared with autodiff, term by term.

`input` reads the user's numbers and `check` compares them with autodiff. `hand_formulas` derives
terms with steps that can be replaced, `mistakes` is the table of known mistakes, and `search` finds
those that explain the numbers. `report` and `words` print the result. A new mistake needs an entry
in `mistakes` and nothing else.
"""

from autograd_bp.checking.doctor.check import check_formulas

__all__ = ["check_formulas"]

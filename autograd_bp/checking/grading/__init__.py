"""Grading: two hundred students' files, each run by itself and compared with a reference.

`reference` reads the teacher's file, whose tasks are `formulas`, `functions` and `gradients`.
`solutions` finds the students' files. `sandbox` starts each in a process of its own, where the
package `child` runs it, and reads what it sends with `messages`. `grade` judges. `page`, `overview`
and `table` write the results, in the frame of `style`.

The judge never runs a student's code, and the process that does holds nothing of the reference.
"""

from autograd_bp.checking.grading.formulas import Formulas
from autograd_bp.checking.grading.functions import Function
from autograd_bp.checking.grading.grade import grade
from autograd_bp.checking.grading.grades import Grades
from autograd_bp.checking.grading.gradients import Gradient
from autograd_bp.checking.grading.limits import Limits
from autograd_bp.checking.grading.reference import Reference, load_reference
from autograd_bp.checking.grading.results import Explanation, Group, Mark, Result

__all__ = [
    "Explanation",
    "Formulas",
    "Function",
    "Grades",
    "Gradient",
    "Group",
    "Limits",
    "Mark",
    "Reference",
    "Result",
    "grade",
    "load_reference",
]

"""Arrays of Values, and what NumPy's functions do with them and with Values.

value_array.py has the class, ufuncs.py what NumPy's calls arrive at. The other files have the
functions that NumPy's own code would not record as they are meant, by kind: conditions and counts,
orders (gates.py where a function is compiled), quantiles, reductions, statistics, slices, linear
algebra, SciPy's ufuncs, and what is refused. axes.py has softmax along an axis, updates.py
array.at[i].set(x).
"""

from autograd_bp.arrays.value_array import ValueArray, array, as_values, boxed, elementwise

__all__ = ["ValueArray", "array", "as_values", "boxed", "elementwise"]

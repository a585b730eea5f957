"""check_gradient: a gradient compared with differences, autodiff and high precision.

`check` is what users call, `subject` holds the function under test, `judge` turns the evidence
into a verdict, and `report` and `hints` say what it means. How slopes are measured is the task of
the `numeric` package.
"""

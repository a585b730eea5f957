"""check_gradient: a gradient compared with differences, autodiff and high precision.

`check` is what users call and `run` goes through the steps of one check. `subject` holds the
function under test, `judge` turns the evidence into a verdict, and `report` and `hints` say what it
means. Slopes are measured in `numeric`.
Nothing here imports the doctor or the pytest plugin, which are built on it; `listeners` hands
reports to the plugin.
"""

"""The surface for users: compiled functions, graphs and modules.

The files turn arguments into arrays of numbers, record a program, and give results back in the
form that users expect. How a program is run is the task of the backends. A new way to call a
program belongs here.
"""

"""The interpreted core, quick: what Python runs where there is no compiled core.

value.py and backprop.py say what the engine does, function by function, and are what to read. They
call a function for every step, which Python pays for at every node. Here the same steps are
written out: operators.py, which generate.py prints from the table and from value.py, has one
function for each operator and each primitive, and sweep.py has the two loops of a sweep.
install.py puts them in the place of the plain ones. Both give the same bits.

`AUTOGRAD_BP_PURE=plain` in the environment leaves them out: to step through value.py in a
debugger, say. They are left out as well where a source that they were made from has been edited.
"""

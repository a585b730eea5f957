"""Writes the help of a primitive from its entry when somebody asks.

`entry` puts the text together, `formulas` writes formulas and derivatives, `example` finds numbers
for an example that runs, and `accuracy` has the measured errors. `bp.sigmoid.__doc__` comes from
here, so a new entry, one of a user's too, explains itself without more work. The docstrings of
methods and of functions over lists have the same text, which generate.py writes into the files.
"""

"""Formulas as text, LaTeX and MathML, and how numbers and names are written in them.

`maths` puts formulas together, `primitives` says how each operation is written, `numbers` and
`text` write numbers and the names that users choose. This package imports the table of
primitives, and nothing else of the library.
"""

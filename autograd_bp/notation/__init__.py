"""Formulas as text, LaTeX and MathML, and how numbers and names are written in them.

A formula is a tree (`maths`), which `plain`, `latex` and `mathml` print. The one table of
precedence stands in `maths`; `language` puts the brackets. `operations` says how each operation
of the table is written, and `templates` gives formulas with places in them as plain data, for
pages. To change how a primitive is written change its entry; to add a language add a printer
beside the three. This package imports the table of primitives, and nothing else of the library.
"""

"""Formulas proved for all numbers: `prove(exact=True)`.

`numbers` has exact numbers, `unknowns` what is drawn at a point, `entries` the entries of the table
over them. `points` runs a recorded sweep at a point, `proof` compares it with the formulas, and
`counterexamples` looks for small numbers where they differ.

Where two formulas are not the same, they differ at nearly every point of a large field: a quotient
of polynomials of degree D is 0 at no more than a part D/p of the points of a field of p numbers
(J. T. Schwartz, "Fast probabilistic algorithms for verification of polynomial identities", Journal
of the ACM 27 (1980); R. Zippel, "Probabilistic algorithms for sparse polynomials", EUROSAM 1979).
"""

"""The special functions as expressions: what the entries of the table for them compute.

gamma.py has the gamma function and its kin, normal.py the error function and the normal law,
bessel.py Bessel functions, incomplete.py and incomplete_beta.py the incomplete gamma and beta
functions, doubled.py numbers of twice the precision. coefficients.py, which tools/fit_special.py
writes, has the rational approximations.
"""

"""Printers: what a primitive computes, in the language of each target.

An entry of the table holds one expression (see expressions.py). Each module here writes such
expressions for one target; functions.py says what a function is called there, and overrides.py
holds the few forms that a target needs in place of the table's. Nothing here knows the name of a
primitive, overrides.py apart: a new entry runs everywhere without a change in this folder.
repeats.py finds steps that an expression repeats, for targets that compile slowly; uses.py gives
variables to what printers of statements use more than once.
"""

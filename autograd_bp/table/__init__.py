"""The table of primitives, one file for each kind; primitives.py puts them together."""

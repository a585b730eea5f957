"""Slopes from function values alone: differences, their noise, and high precision.

These files know numbers and functions. They know nothing of reports or verdicts.
"""

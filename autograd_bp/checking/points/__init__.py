"""Where to check a gradient: domains, strategies for Hypothesis, kinks, and coverage.

Hypothesis is imported when a strategy is made, not before.
"""

"""The command line. It is thin: each command is a function call, which its help names.

actions.py runs the commands, train.py the one that learns; line.py and train_options.py have their
words and options.
"""

from autograd_bp.command.actions import main

__all__ = ["main"]

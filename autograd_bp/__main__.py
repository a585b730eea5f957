"""`python -m autograd_bp`: the same as the command `autograd-bp`."""

import sys

from autograd_bp.command import main

sys.exit(main())

"""What the pytest plugin does once a test or an option uses it; `autograd_bp_pytest` is the part
that pytest always loads."""

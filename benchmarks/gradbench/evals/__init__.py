"""The evals of GradBench, each as a user of autograd_bp would write it."""

"""What run.py needs before anything is installed: the standard library only, one job per module."""

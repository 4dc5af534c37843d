"""Attacks on Masume that take longer than the tests: ``python3 run.py drill [NAME …] [--small]``."""

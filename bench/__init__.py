"""Measurements with their baselines: each is a ratio between two things that ran in the same call, interleaved.

`python -m bench` prints a table and writes bench/results.json; `python -m bench NAME` runs one module.
"""

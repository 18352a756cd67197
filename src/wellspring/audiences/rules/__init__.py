"""The audience language: the tree, its two written forms, its limits, and the meaning that every evaluator is held against.

Pure: no I/O, no clock, no randomness. `tree` holds the nodes, `read`/`write` the JSON, `text_read`/`text_write` the
text, `values` and `windows` the comparisons, `meaning` the reference evaluator.
"""

"""Files that a brand already has, brought in: mapping, dry run, progress, rejects with reasons, undo of a whole import.

Stands near the top because it calls nearly every domain's front door; it holds no facts of its own beyond its runs.
"""

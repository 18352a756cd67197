"""What brings people in: channel codes, welcomes, printed cards and codes on packages, and what became of whom they brought.

Owns codes, their schedules and their funnels. Promises that a welcome is answered within its window and that a prize's
budget is never exceeded.
"""

"""A small town of customers of a fictitious brand, drawn from a seed and told day by day over HTTP.

It promises that the same seed and opening date give the same actions, byte for byte, however the days are asked
for. What is true of its customers stays here: estimates made from what was sent can be held against it.
"""

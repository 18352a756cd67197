"""The brand's own structure: headquarters, regions, dealers, stores, and the staff placed in them.

Moves carry the day they take effect, so that last month's numbers stay with last month's region.
It does not know customers: who serves whom is told elsewhere.
"""
